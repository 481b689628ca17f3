/* SPDX-License-Identifier: ISC */
/*
 * The allow-list.  One table says what becomes of each element; whatever is not in it gives
 * its content only.  Attributes are never copied: the few that may stay are read by name,
 * checked and written anew.
 */
#include "html/clean.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/json.h"
#include "html/clean_private.h"
#include "html/css.h"
#include "html/from_text.h"
#include "html/to_text.h"

enum { CLEANINGS_MAX = 5, TEXT_COLUMNS = 72 };

enum action {
	ACT_UNWRAP, /* the content stays; also what happens to unknown elements */
	ACT_LINES,  /* the content stays, on lines of its own */
	ACT_KEEP,
	ACT_DROP,
	ACT_SPECIAL
};

struct rule {
	enum action action;
	enum html_tag as;
	/* False when nothing of the element itself is written: its content is cleaned. */
	bool (*special)(struct cleaner *c, const struct html_node *n);
};

static void clean_children(struct cleaner *c, const struct html_node *n);

/* ---- attributes ---- */

static void
add_language(struct cleaner *c, const struct html_node *n)
{
	const char *lang = node_attr(n, "lang");
	size_t len;

	if (!lang)
		lang = node_attr(n, "xml:lang");
	if (!lang || !*lang)
		return;
	len = strspn(lang,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
	if (len <= 35 && lang[len] == '\0')
		writer_attr(&c->w, "lang", lang);
}

static void
add_direction(struct cleaner *c, const struct html_node *n)
{
	static const char *const known[] = { "ltr", "rtl", "auto" };
	const char *dir = node_attr(n, "dir");

	for (size_t i = 0; dir && i < ARRAY_LEN(known); i++)
		if (ascii_eq_nocase(dir, known[i]))
			writer_attr(&c->w, "dir", known[i]);
}

static void
add_style(struct cleaner *c, const struct html_node *n)
{
	const char *style = node_attr(n, "style");
	const char *align = node_attr(n, "align");
	const char *valign = node_attr(n, "valign");

	buf_reset(&c->style);
	if (n->tag == TAG_CENTER)
		css_add(&c->style, "text-align", "center");
	if (align && tag_is(n->tag, TAG_IS_BLOCK) && n->tag != TAG_TABLE)
		css_add(&c->style, "text-align", align);
	if (valign && (n->tag == TAG_TD || n->tag == TAG_TH))
		css_add(&c->style, "vertical-align", valign);
	if (style)
		css_clean(&c->style, style);
	if (c->style.len > 0)
		writer_attr(&c->w, "style", buf_text(&c->style));
}

/* Adds dir, lang and the harmless part of style and align to the element to be opened. */
static void
add_common_attrs(struct cleaner *c, const struct html_node *n)
{
	if (n->attr_count == 0 && n->tag != TAG_CENTER)
		return;
	add_direction(c, n);
	add_language(c, n);
	add_style(c, n);
}

static void
add_title(struct cleaner *c, const struct html_node *n)
{
	const char *title = node_attr(n, "title");

	if (title && *title)
		writer_attr(&c->w, "title",
		    text_one_line(c->scratch, title, strlen(title)));
}

/* A whole number between the bounds; anything else is left out. */
static void
add_number(struct cleaner *c, const struct html_node *n, const char *name, long least,
    long most)
{
	const char *value = node_attr(n, name);
	char *end;
	long number;

	if (!value)
		return;
	number = strtol(value, &end, 10);
	if (end != value && number >= least && number <= most)
		writer_number(&c->w, name, number);
}

/* A list that counts backwards ends with one, where it does not say (HTML 4.4.5). */
static void
add_start(struct cleaner *c, const struct html_node *n)
{
	long items = 0;

	if (node_attr(n, "start") || !node_attr(n, "reversed")) {
		add_number(c, n, "start", -99999, 99999);
		return;
	}
	for (const struct html_node *k = n->first; k; k = k->next)
		items += k->tag == TAG_LI;
	writer_number(&c->w, "start", items);
}

/* Over how many a cell reaches; more than the most is the most (HTML 4.9.11). */
static void
add_span(struct cleaner *c, const struct html_node *n, const char *name, long most)
{
	const char *value = node_attr(n, name);
	long number = value ? strtol(value, NULL, 10) : 1;

	if (number >= 2)
		writer_number(&c->w, name, number < most ? number : most);
}

static void
add_word(struct cleaner *c, const struct html_node *n, const char *name,
    const char *words)
{
	const char *value = node_attr(n, name);
	const char *found = value && *value ? strstr(words, value) : NULL;
	size_t len = value ? strlen(value) : 0;

	/* words is " a b c ": a whole word of it, and nothing else. */
	if (found && !strchr(value, ' ') && found[-1] == ' ' && found[len] == ' ')
		writer_attr(&c->w, name, value);
}

static void
add_own_attrs(struct cleaner *c, const struct html_node *n, enum html_tag as)
{
	if (n->attr_count == 0)
		return;
	switch ((int)as) {
	case TAG_ABBR:
	case TAG_DFN:
		add_title(c, n);
		break;
	case TAG_OL:
		add_start(c, n);
		add_word(c, n, "type", " 1 a A i I ");
		if (node_attr(n, "reversed"))
			writer_attr(&c->w, "reversed", "");
		break;
	case TAG_LI:
		add_number(c, n, "value", -99999, 99999);
		break;
	case TAG_TD:
	case TAG_TH:
		add_span(c, n, "colspan", 100);
		add_span(c, n, "rowspan", 1000);
		add_word(c, n, "scope", " col row colgroup rowgroup ");
		break;
	}
}

/* ---- elements ---- */

/* The element with what attributes may stay, and its content. */
static void
clean_keep(struct cleaner *c, const struct html_node *n, enum html_tag as)
{
	uint32_t handle = 0;

	add_common_attrs(c, n);
	add_own_attrs(c, n, as);
	if (as != TAG_SPAN || c->w.attrs.len > 0)
		handle = writer_open(&c->w, as);
	clean_children(c, n);
	writer_close(&c->w, handle);
	/* Where the writer left the block out, what follows is still on a new line. */
	if (tag_is(as, TAG_IS_BLOCK))
		writer_split(&c->w);
}

/* The signs that lead from a heading to itself: on a page useful, in a letter only odd. */
static bool
is_heading_anchor(struct cleaner *c, const struct html_node *n)
{
	static const char *const signs[] = { "", "#", "\xC2\xB6", "\xC2\xA7",
		"\xF0\x9F\x94\x97", "[link]", "Permalink", "\xE2\x9A\x93" };
	enum { NODES_MAX = 32 }; /* they can stand in each other: none is walked far */
	const char *href = node_attr(n, "href");
	const struct html_node *up = n->parent;
	const char *text;
	size_t nodes = 0;

	if (up && !tag_is(up->tag, TAG_IS_HEADING))
		up = up->parent;
	if (!href || !strchr(href, '#') || !up || !tag_is(up->tag, TAG_IS_HEADING))
		return false;
	for (const struct html_node *k = n->first; k; k = node_next(k, n))
		if (++nodes > NODES_MAX ||
		    (k->tag == TAG_IMG && node_attr(k, "alt") && *node_attr(k, "alt")))
			return false;
	text = node_text(c->scratch, n, 16);
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strcmp(text, signs[i]) == 0)
			return true;
	return false;
}

static bool
clean_anchor(struct cleaner *c, const struct html_node *n)
{
	const char *href = node_attr(n, "href");
	const char *address = href ? clean_link(c, href) : NULL;
	uint32_t handle;

	if (is_heading_anchor(c, n))
		return true;
	if (address && is_junk_address(address))
		return !is_in_prose(n);
	if (!address)
		return false;
	writer_attr(&c->w, "href", address);
	add_title(c, n);
	add_common_attrs(c, n);
	handle = writer_open(&c->w, TAG_A);
	clean_children(c, n);
	writer_close(&c->w, handle);
	return true;
}

static bool
clean_void(struct cleaner *c, const struct html_node *n)
{
	writer_void(&c->w, n->tag);
	return true;
}

static bool
clean_heading(struct cleaner *c, const struct html_node *n)
{
	int level = (int)n->tag - TAG_H1 + 1 + c->heading_shift;

	if (level > 6)
		level = 6;
	clean_keep(c, n, (enum html_tag)(TAG_H1 + level - 1));
	return true;
}

/* The boxes of a list of tasks say what is done. */
static bool
clean_input(struct cleaner *c, const struct html_node *n)
{
	const char *type = node_attr(n, "type");

	if (type && ascii_eq_nocase(type, "checkbox"))
		writer_words(&c->w,
		    node_attr(n, "checked") ? "\xE2\x98\x91 " : "\xE2\x98\x90 ");
	return true;
}

/*
 * Its content mostly repeats what a script would show: a picture that is already there is not
 * written again.
 */
static bool
clean_noscript(struct cleaner *c, const struct html_node *n)
{
	const struct html_node *before = n->prev;

	(void)c;
	while (before && node_is_blank(before))
		before = before->prev;
	return before &&
	    (before->tag == TAG_IMG || before->tag == TAG_IFRAME ||
		before->tag == TAG_VIDEO);
}

static bool
clean_summary(struct cleaner *c, const struct html_node *n)
{
	uint32_t paragraph = writer_open(&c->w, TAG_P);
	uint32_t strong = writer_open(&c->w, TAG_STRONG);

	clean_children(c, n);
	writer_close(&c->w, strong);
	writer_close(&c->w, paragraph);
	return true;
}

/* Substack writes "@Ann" as an empty element with her name in its data. */
static void
write_mention(struct cleaner *c, const struct html_node *n)
{
	const char *data = node_attr(n, "data-attrs");
	struct err ignored = ERR_INIT; /* without a name there is nothing to write */
	struct json *doc = data ? json_parse(data, strlen(data), &ignored) : NULL;
	const char *name = doc ? json_text(json_get(json_root(doc), "name")) : NULL;

	if (name)
		writer_words(&c->w, name);
	json_free(doc);
}

static bool
clean_span(struct cleaner *c, const struct html_node *n)
{
	static const char *const eyes_only[] = { "katex-html" };
	static const char *const mention[] = { "mention-wrap" };

	/* KaTeX writes a formula twice: for the eyes, and as MathML, which is kept. */
	if (node_has_word(n, "class", eyes_only, 1))
		return true;
	if (!n->first && node_has_word(n, "class", mention, 1))
		write_mention(c, n);
	else
		clean_keep(c, n, TAG_SPAN);
	return true;
}

/* A script never runs.  Two kinds of it stand for something a reader misses. */
static bool
clean_script(struct cleaner *c, const struct html_node *n)
{
	static const char gist[] = "https://gist.github.com/";
	const char *type = node_attr(n, "type");
	const char *src = node_attr(n, "src");
	const char *address = src ? clean_link(c, src) : NULL;
	size_t len;

	/* Jekyll and others leave a formula's TeX to a script of the page. */
	if (type && ascii_starts_nocase(type, "math/tex")) {
		writer_element(&c->w, TAG_CODE, node_text(c->scratch, n, LIMIT_FIELD));
		return true;
	}
	if (address && ascii_starts_nocase(address, "http://"))
		address = arena_printf(c->scratch, "https%s", address + 4);
	if (!address || !ascii_starts_nocase(address, gist))
		return true;
	len = strcspn(address, "?#");
	if (len > 3 && strncmp(address + len - 3, ".js", 3) == 0)
		len -= 3;
	writer_attr(&c->w, "href", arena_strndup(c->scratch, address, len));
	writer_element(&c->w, TAG_A, "Gist (github.com)");
	return true;
}

/* ---- the table ---- */

#define KEEP(id) [TAG_##id] = { ACT_KEEP, TAG_##id, NULL }
#define AS(id, other) [TAG_##id] = { ACT_KEEP, TAG_##other, NULL }
#define DROP(id) [TAG_##id] = { ACT_DROP, TAG_UNKNOWN, NULL }
#define LINES(id) [TAG_##id] = { ACT_LINES, TAG_UNKNOWN, NULL }
#define SPECIAL(id, how) [TAG_##id] = { ACT_SPECIAL, TAG_##id, how }

/* clang-format off */
static const struct rule rules[TAG_COUNT] = {
	KEEP(ABBR), KEEP(ADDRESS), KEEP(B), KEEP(BDI), KEEP(BDO), KEEP(BLOCKQUOTE),
	KEEP(CAPTION), KEEP(CITE), KEEP(CODE), KEEP(DD), KEEP(DEL), KEEP(DFN), KEEP(DIV),
	KEEP(DL), KEEP(DT), KEEP(EM), KEEP(FIGCAPTION), KEEP(FIGURE), KEEP(I), KEEP(INS),
	KEEP(KBD), KEEP(LI), KEEP(MARK), KEEP(OL), KEEP(P), KEEP(PRE), KEEP(Q), KEEP(RP),
	KEEP(RT), KEEP(RUBY), KEEP(S), KEEP(SAMP), KEEP(SMALL), KEEP(STRONG),
	KEEP(SUB), KEEP(SUP), KEEP(TABLE), KEEP(TBODY), KEEP(TD), KEEP(TFOOT), KEEP(TH),
	KEEP(THEAD), KEEP(TR), KEEP(U), KEEP(UL), KEEP(VAR),
	AS(ACRONYM, ABBR), AS(ARTICLE, DIV), AS(ASIDE, DIV), AS(CENTER, DIV),
	AS(DETAILS, DIV), AS(DIR, UL),
	AS(FIELDSET, DIV), AS(FOOTER, DIV), AS(FORM, DIV), AS(HEADER, DIV), AS(HGROUP, DIV),
	AS(LEGEND, DIV), AS(LISTING, PRE), AS(MAIN, DIV), AS(MENU, UL), AS(NAV, DIV),
	AS(PLAINTEXT, PRE), AS(SECTION, DIV), AS(STRIKE, S), AS(TT, CODE), AS(XMP, PRE),
	SPECIAL(A, clean_anchor), SPECIAL(AUDIO, clean_player), SPECIAL(BR, clean_void),
	SPECIAL(EMBED, clean_object),
	SPECIAL(H1, clean_heading), SPECIAL(H2, clean_heading), SPECIAL(H3, clean_heading),
	SPECIAL(H4, clean_heading), SPECIAL(H5, clean_heading), SPECIAL(H6, clean_heading),
	SPECIAL(HR, clean_void), SPECIAL(IFRAME, clean_frame), SPECIAL(IMAGE, clean_image),
	SPECIAL(IMG, clean_image), SPECIAL(INPUT, clean_input), SPECIAL(MATH, clean_math),
	SPECIAL(NOSCRIPT, clean_noscript), SPECIAL(OBJECT, clean_object),
	SPECIAL(SCRIPT, clean_script), SPECIAL(SPAN, clean_span),
	SPECIAL(SUMMARY, clean_summary), SPECIAL(SVG, clean_svg),
	SPECIAL(VIDEO, clean_player),
	SPECIAL(WBR, clean_void),
	LINES(BODY), LINES(HTML),
	DROP(AREA), DROP(BASE), DROP(BASEFONT), DROP(BGSOUND), DROP(BUTTON), DROP(COL),
	DROP(COLGROUP), DROP(DATALIST), DROP(FRAME), DROP(FRAMESET), DROP(HEAD),
	DROP(ISINDEX), DROP(KEYGEN), DROP(LINK), DROP(MENUITEM), DROP(META), DROP(NEXTID),
	DROP(NOEMBED), DROP(NOFRAMES), DROP(OPTGROUP), DROP(OPTION), DROP(PARAM),
	DROP(SELECT), DROP(SOURCE), DROP(SPACER), DROP(STYLE),
	DROP(TEMPLATE), DROP(TEXTAREA), DROP(TITLE), DROP(TRACK),
};
/* clang-format on */

static bool
is_hidden(const struct html_node *n)
{
	const char *style;

	if (n->attr_count == 0 || n->tag == TAG_IMG)
		return false;
	style = node_attr(n, "style");
	return (style && css_is_hidden(style)) || node_attr(n, "hidden");
}

static void
clean_node(struct cleaner *c, const struct html_node *n)
{
	const struct rule *rule = &rules[n->tag];

	if (n->dropped)
		return;
	if (n->tag == TAG_TEXT) {
		writer_text(&c->w, n->text, n->len);
		return;
	}
	if (rule->action == ACT_DROP || is_hidden(n) || is_junk(n))
		return;
	switch (rule->action) {
	case ACT_UNWRAP:
	case ACT_DROP:
		clean_children(c, n);
		break;
	case ACT_LINES:
		writer_split(&c->w);
		clean_children(c, n);
		writer_split(&c->w);
		break;
	case ACT_KEEP:
		clean_keep(c, n, rule->as);
		break;
	case ACT_SPECIAL:
		if (!rule->special(c, n))
			clean_children(c, n);
		break;
	}
}

static void
clean_children(struct cleaner *c, const struct html_node *n)
{
	for (const struct html_node *k = n->first; k && !c->w.is_cut; k = k->next) {
		arena_reset(c->addresses);
		clean_node(c, k);
	}
}

/* ---- the whole ---- */

/* Headings sink together, so that their order among themselves stays. */
static int
heading_shift(const struct html_node *root, int base)
{
	int highest = 7;

	for (const struct html_node *n = root; n; n = node_next(n, root))
		if (tag_is(n->tag, TAG_IS_HEADING) && !n->dropped) {
			int level = (int)n->tag - TAG_H1 + 1;

			highest = level < highest ? level : highest;
		}
	return base > 0 && highest <= base ? base + 1 - highest : 0;
}

static bool
has_picture(const struct html_node *root)
{
	for (const struct html_node *n = root; n; n = node_next(n, root))
		if (n->tag == TAG_IMG)
			return true;
	return false;
}

/* Feeds that put the title into the content show it twice.  A picture is no title. */
static void
drop_repeated_title(struct cleaner *c, struct html_node *root)
{
	size_t len = c->opts->title ? strlen(c->opts->title) : 0;
	const char *title;

	if (len == 0 || len > LIMIT_FIELD)
		return;
	title = text_one_line(c->scratch, c->opts->title, len);
	for (struct html_node *n = root; n;) {
		const char *text;

		if (!tag_is(n->tag, TAG_IS_HEADING)) {
			n = node_next(n, root);
			continue;
		}
		text = node_text(c->scratch, n, LIMIT_FIELD);
		if ((!ascii_eq_nocase(text, title) && *text) || has_picture(n))
			return;
		n->dropped = true;
		n = node_skip(n, root);
	}
}

static void
add_warning(struct arena *a, struct html_clean *out, const char *text)
{
	const char **list =
	    arena_grow_list(a, out->warnings, out->warning_count, sizeof(*list));

	list[out->warning_count++] = text;
	out->warnings = list;
}

static void
clean_tree(struct cleaner *c, struct html_node *root)
{
	junk_mark_words(root);
	strip_apply(c->scratch, c->opts->strip, root);
	junk_drop_boilerplate(c->scratch, root);
	drop_repeated_title(c, root);
	c->heading_shift = heading_shift(root, c->opts->heading_base);
	clean_children(c, root);
}

/* One cleaning of html into b.  weight: of what the source sent, in bytes. */
static void
clean_once(struct cleaner *c, const char *html, size_t len, size_t weight, struct buf *b,
    struct html_clean *out)
{
	const char *article = c->is_begun ? NULL : c->opts->article;
	struct html_tree tree = tree_parse(c->scratch, html, len, weight,
	    article ? TREE_PAGE : TREE_FRAGMENT);
	struct html_node *root = tree.root;

	c->is_begun = true;
	if (article)
		root = article_find(c->scratch, article, tree.root);

	if (tree.cut)
		add_warning(c->a, out,
		    arena_printf(c->a, "%s: the rest was left out", tree.cut));
	buf_reset(b);
	writer_init(&c->w, b);
	if (root)
		clean_tree(c, root);
	writer_finish(&c->w);
	if (c->w.is_cut)
		add_warning(c->a, out,
		    "clean content is too long: the rest was left out");
}

/*
 * Cleans b until it stays as it is, so that nobody who cleans it again finds something else.
 * One cleaning is mostly enough, but what it unwraps or leaves out can bring together a note of
 * origin or show that the whole was escaped once too often.  Content that a limit has cut is
 * left at that: each cleaning might cut it shorter.
 */
static void
clean_again(struct cleaner *c, struct buf *b, struct html_clean *out)
{
	for (size_t i = 0; i < CLEANINGS_MAX && out->warning_count == 0; i++) {
		const char *html;
		size_t len;

		arena_reset(c->scratch);
		html = c->opts->is_text ? NULL
					: unescape_find(c->scratch, buf_text(b), b->len);
		if (!html && !memchr(buf_text(b), '<', b->len))
			return; /* bare text */
		if (!html)
			html = arena_strndup(c->scratch, buf_text(b), b->len);
		len = strlen(html);
		clean_once(c, html, len, len, b, out);
		if (b->len == len && memcmp(buf_text(b), html, len) == 0)
			return;
	}
}

void
html_clean(struct arena *a, const char *html, size_t len, const struct html_options *opts,
    struct html_clean *out)
{
	struct buf b = BUF_INIT(2 * LIMIT_HTML_CLEAN);
	struct cleaner c = { .a = a,
		.scratch = arena_new(),
		.addresses = arena_new(),
		.opts = opts };
	size_t weight;

	memset(out, 0, sizeof(*out));
	buf_init(&c.style, LIMIT_FIELD);
	if (len > LIMIT_ENTRY_TEXT) {
		len = LIMIT_ENTRY_TEXT;
		add_warning(a, out, "content is too long: the rest was left out");
	}
	weight = len;
	if (opts->is_text) {
		html = html_from_text(c.scratch, html, len);
		len = strlen(html);
	}
	clean_once(&c, html, len, weight, &b, out);
	clean_again(&c, &b, out);
	arena_reset(c.scratch);
	out->html = arena_strndup(a, buf_text(&b), b.len);
	out->text = html_to_text_count(a, out->html, TEXT_COLUMNS, &out->words);
	out->image = c.image;
	buf_clear(&b);
	buf_clear(&c.style);
	arena_free(c.addresses);
	arena_free(c.scratch);
}
