/* SPDX-License-Identifier: ISC */
/*
 * The elements of HTML by number, so that rules are table look-ups.  Sorted by
 * name; the first column is also the parser's own name for it, from which tree.c derives its
 * translation.
 */
#ifndef HTML_TAGS_H
#define HTML_TAGS_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define HTML_TAGS(X) \
	X(A, "a") X(ABBR, "abbr") X(ACRONYM, "acronym") X(ADDRESS, "address") \
	X(ANNOTATION_XML, "annotation-xml") X(APPLET, "applet") X(AREA, "area") \
	X(ARTICLE, "article") X(ASIDE, "aside") X(AUDIO, "audio") X(B, "b") \
	X(BASE, "base") X(BASEFONT, "basefont") X(BDI, "bdi") X(BDO, "bdo") \
	X(BGSOUND, "bgsound") X(BIG, "big") X(BLINK, "blink") \
	X(BLOCKQUOTE, "blockquote") X(BODY, "body") X(BR, "br") X(BUTTON, "button") \
	X(CANVAS, "canvas") X(CAPTION, "caption") X(CENTER, "center") X(CITE, "cite") \
	X(CODE, "code") X(COL, "col") X(COLGROUP, "colgroup") X(DATA, "data") \
	X(DATALIST, "datalist") X(DD, "dd") X(DEL, "del") X(DESC, "desc") \
	X(DETAILS, "details") X(DFN, "dfn") X(DIR, "dir") X(DIV, "div") X(DL, "dl") \
	X(DT, "dt") X(EM, "em") X(EMBED, "embed") X(FIELDSET, "fieldset") \
	X(FIGCAPTION, "figcaption") X(FIGURE, "figure") X(FONT, "font") \
	X(FOOTER, "footer") X(FOREIGNOBJECT, "foreignobject") X(FORM, "form") \
	X(FRAME, "frame") X(FRAMESET, "frameset") X(H1, "h1") X(H2, "h2") X(H3, "h3") \
	X(H4, "h4") X(H5, "h5") X(H6, "h6") X(HEAD, "head") X(HEADER, "header") \
	X(HGROUP, "hgroup") X(HR, "hr") X(HTML, "html") X(I, "i") X(IFRAME, "iframe") \
	X(IMAGE, "image") X(IMG, "img") X(INPUT, "input") X(INS, "ins") \
	X(ISINDEX, "isindex") X(KBD, "kbd") X(KEYGEN, "keygen") X(LABEL, "label") \
	X(LEGEND, "legend") X(LI, "li") X(LINK, "link") X(LISTING, "listing") \
	X(MAIN, "main") X(MALIGNMARK, "malignmark") X(MAP, "map") X(MARK, "mark") \
	X(MARQUEE, "marquee") X(MATH, "math") X(MENU, "menu") X(MENUITEM, "menuitem") \
	X(META, "meta") X(METER, "meter") X(MGLYPH, "mglyph") X(MI, "mi") X(MN, "mn") \
	X(MO, "mo") X(MS, "ms") X(MTEXT, "mtext") X(MULTICOL, "multicol") \
	X(NAV, "nav") X(NEXTID, "nextid") X(NOBR, "nobr") X(NOEMBED, "noembed") \
	X(NOFRAMES, "noframes") X(NOSCRIPT, "noscript") X(OBJECT, "object") \
	X(OL, "ol") X(OPTGROUP, "optgroup") X(OPTION, "option") X(OUTPUT, "output") \
	X(P, "p") X(PARAM, "param") X(PLAINTEXT, "plaintext") X(PRE, "pre") \
	X(PROGRESS, "progress") X(Q, "q") X(RB, "rb") X(RP, "rp") X(RT, "rt") \
	X(RTC, "rtc") X(RUBY, "ruby") X(S, "s") X(SAMP, "samp") X(SCRIPT, "script") \
	X(SECTION, "section") X(SELECT, "select") X(SMALL, "small") \
	X(SOURCE, "source") X(SPACER, "spacer") X(SPAN, "span") X(STRIKE, "strike") \
	X(STRONG, "strong") X(STYLE, "style") X(SUB, "sub") X(SUMMARY, "summary") \
	X(SUP, "sup") X(SVG, "svg") X(TABLE, "table") X(TBODY, "tbody") X(TD, "td") \
	X(TEMPLATE, "template") X(TEXTAREA, "textarea") X(TFOOT, "tfoot") X(TH, "th") \
	X(THEAD, "thead") X(TIME, "time") X(TITLE, "title") X(TR, "tr") \
	X(TRACK, "track") X(TT, "tt") X(U, "u") X(UL, "ul") X(VAR, "var") \
	X(VIDEO, "video") X(WBR, "wbr") X(XMP, "xmp")
/* clang-format on */

#define HTML_TAG_NUMBER(id, name) TAG_##id,
enum html_tag {
	TAG_UNKNOWN, /* an element that HTML does not know */
	TAG_TEXT,    /* not an element */
	HTML_TAGS(HTML_TAG_NUMBER) TAG_COUNT
};
#undef HTML_TAG_NUMBER

/* "p" of TAG_P; "" of TAG_UNKNOWN and TAG_TEXT.  Static. */
const char *tag_name(enum html_tag tag);
/* The number of a lower-case name; TAG_UNKNOWN when there is none. */
enum html_tag tag_find(const char *name, size_t len);

/* What the HTML5 parsing rules and a reader's eye make of an element. */
enum tag_trait {
	TAG_IS_BLOCK = 1,    /* closes an open paragraph and stands on lines of its own */
	TAG_IS_VOID = 2,     /* has no content and no end tag */
	TAG_IS_RAW = 4,      /* its content is text for the tokenizer */
	TAG_CLOSES_SELF = 8, /* an open one is closed by the next of its kind */
	TAG_IS_HEADING = 16,
	TAG_IS_FORMAT = 32, /* nesting in itself adds nothing */
	TAG_IS_GRID = 64,   /* only parts of a table may stand in it */
	TAG_IS_CELL = 128   /* what text a table has stands in it */
};
bool tag_is(enum html_tag tag, enum tag_trait trait);

#endif
