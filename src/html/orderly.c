/* SPDX-License-Identifier: ISC */
/*
 * One walk over the bytes with a stack of open elements.  What is not surely in good order ends
 * the walk; nothing is repaired here but end tags that HTML5 lets writers leave out: those of
 * paragraphs and list items that the next one, or the end of what is around them, closes.
 */
#include "html/orderly.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/orderly_reference.h"

/* What the rules of HTML5 make of a start tag inside a body; 0 is left to the parser. */
enum kind {
	KIND_OTHER,
	KIND_BLOCK,   /* closes an open paragraph */
	KIND_HEADING, /* the same, and an open heading */
	KIND_RULE,    /* the same, and has no content */
	KIND_ITEM,    /* li, dt, dd: the same, and the item before it */
	KIND_INLINE,
	KIND_FORMAT, /* opened again by the parser where it was closed out of order */
	KIND_VOID,
	KIND_RAW, /* its content is text up to its end tag */
	KIND_TABLE,
	KIND_CAPTION,
	KIND_SECTION,
	KIND_ROW,
	KIND_CELL
};

#define IS(id, what) [TAG_##id] = KIND_##what
/* clang-format off */
static const unsigned char kinds[TAG_COUNT] = {
	IS(ADDRESS, BLOCK), IS(ARTICLE, BLOCK), IS(ASIDE, BLOCK), IS(BLOCKQUOTE, BLOCK),
	IS(CENTER, BLOCK), IS(DETAILS, BLOCK), IS(DIR, BLOCK), IS(DIV, BLOCK), IS(DL, BLOCK),
	IS(FIELDSET, BLOCK), IS(FIGCAPTION, BLOCK), IS(FIGURE, BLOCK), IS(FOOTER, BLOCK),
	IS(FORM, BLOCK),
	IS(HEADER, BLOCK), IS(HGROUP, BLOCK), IS(MAIN, BLOCK), IS(MENU, BLOCK), IS(NAV, BLOCK),
	IS(OL, BLOCK), IS(P, BLOCK), IS(PRE, BLOCK), IS(SECTION, BLOCK), IS(SUMMARY, BLOCK),
	IS(UL, BLOCK),
	IS(H1, HEADING), IS(H2, HEADING), IS(H3, HEADING), IS(H4, HEADING), IS(H5, HEADING),
	IS(H6, HEADING), IS(HR, RULE), IS(LI, ITEM), IS(DT, ITEM), IS(DD, ITEM),
	IS(ABBR, INLINE), IS(ACRONYM, INLINE), IS(AUDIO, INLINE), IS(BDI, INLINE),
	IS(BDO, INLINE), IS(BUTTON, INLINE), IS(CITE, INLINE), IS(DATA, INLINE),
	IS(DEL, INLINE), IS(DFN, INLINE),
	IS(INS, INLINE), IS(KBD, INLINE), IS(LABEL, INLINE), IS(MARK, INLINE),
	IS(NOSCRIPT, INLINE), IS(Q, INLINE), IS(SAMP, INLINE), IS(SPAN, INLINE),
	IS(SUB, INLINE), IS(SUP, INLINE), IS(TIME, INLINE), IS(VAR, INLINE), IS(VIDEO, INLINE),
	IS(A, FORMAT), IS(B, FORMAT), IS(BIG, FORMAT), IS(CODE, FORMAT), IS(EM, FORMAT),
	IS(FONT, FORMAT), IS(I, FORMAT), IS(S, FORMAT), IS(SMALL, FORMAT), IS(STRIKE, FORMAT),
	IS(STRONG, FORMAT), IS(TT, FORMAT), IS(U, FORMAT),
	IS(BR, VOID), IS(EMBED, VOID), IS(IMG, VOID), IS(INPUT, VOID), IS(SOURCE, VOID),
	IS(TRACK, VOID), IS(WBR, VOID),
	IS(IFRAME, RAW), IS(SCRIPT, RAW), IS(STYLE, RAW),
	IS(TABLE, TABLE), IS(CAPTION, CAPTION), IS(THEAD, SECTION), IS(TBODY, SECTION),
	IS(TFOOT, SECTION), IS(TR, ROW), IS(TD, CELL), IS(TH, CELL),
};
/* clang-format on */
#undef IS

enum {
	ATTRIBUTES_MOST = 32,
	NAME_MOST = 32, /* of an element or attribute, in bytes */
	/* Formatting elements of one kind in each other: HTML5 counts them from three on. */
	ALIKE_MOST = 2,
	/* What the parser takes for an element or a text, and for an attribute. */
	PARSER_NODE = 320,
	PARSER_ATTRIBUTE = 128
};

struct reader {
	struct arena *a;
	const char *at;
	const char *end;
	struct buf text;
	struct html_node *open[LIMIT_HTML_DEPTH + 1]; /* open[0] is the root */
	size_t depth;                                 /* the innermost is open[depth] */
	unsigned char counts[TAG_COUNT];              /* of each that are open */
	size_t memory, memory_max;                    /* of the parser, reckoned high */
};

/* name: of an element without a number; those here mean nothing to the parser, either. */
static enum kind
kind_of(enum html_tag tag, const char *name)
{
	const bool is_plain =
	    tag == TAG_UNKNOWN && (strcmp(name, "picture") == 0 || strchr(name, ':'));

	return is_plain ? KIND_INLINE : (enum kind)kinds[tag];
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
}

static enum html_tag
innermost(const struct reader *r)
{
	return r->open[r->depth]->tag;
}

static enum kind
innermost_kind(const struct reader *r)
{
	return r->depth == 0 ? KIND_OTHER : (enum kind)kinds[innermost(r)];
}

/* Where only parts of a table, blanks and comments may stand. */
static bool
is_between_cells(const struct reader *r)
{
	const enum kind k = innermost_kind(r);

	return k == KIND_TABLE || k == KIND_SECTION || k == KIND_ROW;
}

static struct html_node *
append(struct reader *r, enum html_tag tag)
{
	struct html_node *parent = r->open[r->depth];
	struct html_node *n = arena_alloc(r->a, sizeof(*n));

	n->tag = tag;
	n->parent = parent;
	n->prev = parent->last;
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	r->memory += PARSER_NODE;
	return n;
}

static bool
push(struct reader *r, struct html_node *n)
{
	if (r->depth >= LIMIT_HTML_DEPTH)
		return false;
	r->open[++r->depth] = n;
	r->counts[n->tag]++;
	return true;
}

static void
pop(struct reader *r)
{
	r->counts[innermost(r)]--;
	r->depth--;
}

/* ---- text and attributes ---- */

/* For control characters and what is no character the parser writes another (HTML 13.2.3.5). */
static bool
is_replaced(const unsigned char *at)
{
	if (at[0] < 0x7F)
		return at[0] < ' ' && !is_blank((char)at[0]);
	if (at[0] == 0xC2)
		return at[1] < 0xA0;
	if (at[0] == 0xEF)
		return (at[1] == 0xB7 && at[2] >= 0x90 && at[2] < 0xB0) ||
		    (at[1] == 0xBF && at[2] >= 0xBE);
	return at[0] == 0x7F || (at[0] >= 0xF0 && at[2] == 0xBF && at[3] >= 0xBE);
}

static bool
has_replaced(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (is_replaced((const unsigned char *)text + i))
			return true;
	return false;
}

/* A copy with its references decoded, or NULL when one of them is the parser's. */
static const char *
decoded(struct reader *r, const char *text, size_t len, bool in_attribute,
    size_t *out_len)
{
	const char *end = text + len;

	buf_reset(&r->text);
	for (;;) {
		const char *amp = memchr(text, '&', (size_t)(end - text));
		const char *stop = amp ? amp : end;
		size_t taken = 0;

		buf_add(&r->text, text, (size_t)(stop - text));
		if (!amp)
			break;
		taken =
		    orderly_reference(amp, (size_t)(end - amp), in_attribute, &r->text);
		if (taken == 0)
			return NULL;
		text = amp + taken;
	}
	*out_len = r->text.len;
	return arena_strndup(r->a, buf_text(&r->text), r->text.len);
}

static bool
add_text(struct reader *r, const char *text, size_t len, bool is_raw)
{
	struct html_node *n = NULL;

	if (has_replaced(text, len))
		return false;
	n = append(r, TAG_TEXT);
	n->len = len;
	n->text = is_raw || !memchr(text, '&', len)
	    ? arena_strndup(r->a, text, len)
	    : decoded(r, text, len, false, &n->len);
	return n->text != NULL;
}

static bool
read_text(struct reader *r)
{
	const char *from = r->at;
	const char *stop = memchr(from, '<', (size_t)(r->end - from));

	r->at = stop ? stop : r->end;
	/* Elsewhere in a table the parser moves it out. */
	for (const char *at = from; is_between_cells(r) && at < r->at; at++)
		if (!is_blank(*at))
			return false;
	return add_text(r, from, (size_t)(r->at - from), false);
}

static bool
is_name(char c)
{
	return ascii_is_alphanumeric(c) || c == '-' || c == '_' || c == ':';
}

/* Behind anything but a letter "<" and "</" are no tags. */
static bool
begins_name(const struct reader *r)
{
	return r->at < r->end && ascii_is_letter(*r->at);
}

/* A name in lower case, in name; its length, 0 when it is empty or longer than any known. */
static size_t
read_name(struct reader *r, char name[NAME_MOST + 1])
{
	size_t len = 0;

	name[0] = '\0';
	for (; r->at < r->end && is_name(*r->at); r->at++) {
		if (len == NAME_MOST)
			return 0;
		name[len++] = (char)ascii_lower((unsigned char)*r->at);
		name[len] = '\0';
	}
	return len;
}

/* The value behind "=", at r->at. */
static const char *
read_value(struct reader *r)
{
	const char quote = r->at < r->end ? *r->at : '\0';
	const char *from = r->at + 1;
	const char *stop = NULL;
	size_t len = 0;

	if (quote != '"' && quote != '\'') {
		from = r->at;
		while (r->at < r->end && is_name(*r->at))
			r->at++;
		len = (size_t)(r->at - from);
		return len > 0 ? arena_strndup(r->a, from, len) : NULL;
	}
	stop = memchr(from, quote, (size_t)(r->end - from));
	if (!stop)
		return NULL;
	r->at = stop + 1;
	len = (size_t)(stop - from);
	if (has_replaced(from, len))
		return NULL;
	if (!memchr(from, '&', len))
		return arena_strndup(r->a, from, len);
	return decoded(r, from, len, true, &len);
}

static bool
read_attribute(struct reader *r, struct html_attr *attrs, unsigned *count)
{
	char name[NAME_MOST + 1];
	const size_t len = read_name(r, name);
	const bool has_value = r->at < r->end && *r->at == '=';
	const char *value = "";

	if (len == 0 || *count == ATTRIBUTES_MOST)
		return false;
	if (has_value) {
		r->at++;
		value = read_value(r);
	}
	if (!value)
		return false;
	/* The first counts.  For a later one without a value gumbo drops the next value. */
	for (unsigned i = 0; i < *count; i++)
		if (strcmp(attrs[i].name, name) == 0)
			return has_value;
	attrs[(*count)++] = (struct html_attr){ arena_strndup(r->a, name, len), value };
	r->memory += PARSER_ATTRIBUTE;
	return true;
}

/* What stands behind the name of a start tag, up to its end; n is not in the tree yet. */
static bool
read_attributes(struct reader *r, struct html_node *n, bool *closes_itself)
{
	struct html_attr attrs[ATTRIBUTES_MOST];
	unsigned count = 0;

	*closes_itself = false;
	for (;;) {
		const char *before = r->at;

		skip_blanks(r);
		if (r->at == r->end)
			return false;
		if (*r->at == '>')
			break;
		if (*r->at == '/' && r->end - r->at > 1 && r->at[1] == '>') {
			*closes_itself = true;
			r->at++;
			break;
		}
		if (r->at == before || !read_attribute(r, attrs, &count))
			return false;
	}
	r->at++;
	n->attr_count = count;
	n->attrs = count > 0 ? arena_copy(r->a, attrs, count, sizeof(*attrs)) : NULL;
	return true;
}

/* ---- where an element may begin ---- */

/*
 * Ends the paragraph that a block ends; false when others would have to be ended with it.  No
 * table begins in a paragraph, so that none is around a cell.
 */
static bool
end_paragraph(struct reader *r)
{
	if (innermost(r) == TAG_P)
		pop(r);
	return r->counts[TAG_P] == 0;
}

/* Ends the item before this one; false when it has elements open. */
static bool
end_item(struct reader *r, enum html_tag tag)
{
	for (size_t i = r->depth; i > 0; i--) {
		const enum html_tag at = r->open[i]->tag;

		if (at == TAG_UL || at == TAG_OL || at == TAG_DL ||
		    kinds[at] == KIND_CELL)
			return true;
		if (kinds[at] == KIND_ITEM && (at == TAG_LI) == (tag == TAG_LI)) {
			if (i != r->depth)
				return false;
			pop(r);
			return true;
		}
	}
	return true;
}

/* Opens a part that its writer left out. */
static bool
open_part(struct reader *r, enum html_tag tag)
{
	return push(r, append(r, tag));
}

/* Makes the innermost element the one that a part of a table may stand in. */
static bool
find_table_place(struct reader *r, enum kind kind)
{
	enum kind in = innermost_kind(r);

	if (!is_between_cells(r) || (kind == KIND_CAPTION && in != KIND_TABLE))
		return false;
	if (in == KIND_ROW && kind != KIND_CELL) {
		pop(r);
		in = KIND_SECTION;
	}
	if (in == KIND_SECTION && kind == KIND_SECTION) {
		pop(r);
		in = KIND_TABLE;
	}
	if (in == KIND_TABLE && (kind == KIND_ROW || kind == KIND_CELL)) {
		if (!open_part(r, TAG_TBODY))
			return false;
		in = KIND_SECTION;
	}
	return in != KIND_SECTION || kind != KIND_CELL || open_part(r, TAG_TR);
}

static bool
make_place(struct reader *r, enum html_tag tag, enum kind kind)
{
	if (kind >= KIND_CAPTION)
		return find_table_place(r, kind);
	if (is_between_cells(r) ||
	    ((tag == TAG_FORM || tag == TAG_BUTTON) && r->counts[tag] > 0))
		return false;
	switch (kind) {
	case KIND_HEADING:
		return end_paragraph(r) && innermost_kind(r) != KIND_HEADING;
	case KIND_ITEM:
		return end_item(r, tag) && end_paragraph(r);
	case KIND_BLOCK:
	case KIND_RULE:
	case KIND_TABLE:
		return end_paragraph(r);
	case KIND_FORMAT:
		return r->counts[tag] < (tag == TAG_A ? 1 : ALIKE_MOST);
	case KIND_INLINE:
	case KIND_VOID:
	case KIND_RAW:
		return true;
	case KIND_OTHER:
	case KIND_CAPTION:
	case KIND_SECTION:
	case KIND_ROW:
	case KIND_CELL:
		break;
	}
	return false;
}

/* The content of an element that is text for the parser, and its end tag. */
static bool
read_raw(struct reader *r, struct html_node *n)
{
	const char *name = tag_name(n->tag);
	const size_t len = strlen(name);
	const char *from = r->at;
	const char *stop = memchr(from, '<', (size_t)(r->end - from));

	/* In a script a comment may hide its end. */
	while (stop && r->end - stop > 1 && stop[1] != '/' &&
	    !(n->tag == TAG_SCRIPT && stop[1] == '!'))
		stop = memchr(stop + 1, '<', (size_t)(r->end - stop - 1));
	if (!stop || (size_t)(r->end - stop) < len + 3 || stop[1] != '/' ||
	    memcmp(stop + 2, name, len) != 0 || stop[2 + len] != '>' || !push(r, n) ||
	    (stop > from && !add_text(r, from, (size_t)(stop - from), true)))
		return false;
	pop(r);
	r->at = stop + len + 3;
	return true;
}

static bool
read_start(struct reader *r)
{
	char name[NAME_MOST + 1];
	const size_t len = read_name(r, name);
	const enum html_tag tag = tag_find(name, len);
	const enum kind kind = kind_of(tag, name);
	struct html_node *n = NULL;
	bool closes_itself = false;

	if (kind == KIND_OTHER || r->depth >= LIMIT_HTML_DEPTH ||
	    !make_place(r, tag, kind))
		return false;
	n = append(r, tag);
	if (tag == TAG_UNKNOWN) {
		n->text = arena_strndup(r->a, name, len);
		n->len = len;
	}
	if (!read_attributes(r, n, &closes_itself))
		return false;
	if (kind == KIND_VOID || kind == KIND_RULE)
		return true;
	if (closes_itself)
		return false; /* it stays open, whatever its writer meant */
	if (kind == KIND_RAW)
		return read_raw(r, n);
	if (tag == TAG_PRE && r->at < r->end && *r->at == '\n')
		r->at++;
	return push(r, n);
}

/* ---- where it ends ---- */

/* Ends what needs no end tag inside the element that ends. */
static void
end_implied(struct reader *r, enum html_tag tag)
{
	while (r->depth > 0 && innermost(r) != tag &&
	    (innermost(r) == TAG_P || innermost_kind(r) == KIND_ITEM))
		pop(r);
}

/* The end tag of an element without content, right behind it: the parser overlooks it. */
static bool
is_ended_already(const struct reader *r, enum html_tag tag)
{
	const struct html_node *last = r->open[r->depth]->last;

	return tag != TAG_BR && last && last->tag == tag && !is_between_cells(r);
}

/* The parser lets a form end in front of text that was the last in it. */
static bool
ends_in_text(const struct reader *r)
{
	const struct html_node *last = r->open[r->depth]->last;

	return last && last->tag == TAG_TEXT;
}

static bool
is_innermost(const struct reader *r, enum html_tag tag, const char *name)
{
	return r->depth > 0 && innermost(r) == tag &&
	    (tag != TAG_UNKNOWN || strcmp(r->open[r->depth]->text, name) == 0);
}

static bool
read_end(struct reader *r)
{
	char name[NAME_MOST + 1];
	const size_t len = read_name(r, name);
	const enum html_tag tag = tag_find(name, len);
	const enum kind kind = kind_of(tag, name);

	skip_blanks(r);
	if (kind == KIND_OTHER || r->at == r->end || *r->at++ != '>')
		return false;
	if (kind == KIND_VOID)
		return is_ended_already(r, tag);
	if (kind == KIND_TABLE && innermost_kind(r) == KIND_ROW)
		pop(r);
	if (kind == KIND_TABLE && innermost_kind(r) == KIND_SECTION)
		pop(r);
	if (tag != TAG_P && kind != KIND_INLINE && kind != KIND_FORMAT)
		end_implied(r, tag);
	if (!is_innermost(r, tag, name) || (tag == TAG_FORM && ends_in_text(r)))
		return false;
	pop(r);
	return true;
}

/* A comment without a doubtful end; r->at stands behind "<!". */
static bool
read_comment(struct reader *r)
{
	const char *at = r->at;

	if (r->end - at < 5 || at[0] != '-' || at[1] != '-' || at[2] == '>' ||
	    (at[2] == '-' && at[3] != '-'))
		return false;
	for (at += 2; r->end - at >= 3; at++) {
		if (at[0] != '-' || at[1] != '-')
			continue;
		r->at = at + 3;
		return at[2] == '>';
	}
	return false;
}

static bool
read_markup(struct reader *r)
{
	const char next = r->end - r->at > 1 ? r->at[1] : '\0';

	if (next == '/' || next == '!') {
		r->at += 2;
		return next == '!' ? read_comment(r) : begins_name(r) && read_end(r);
	}
	r->at++;
	return begins_name(r) && read_start(r);
}

bool
orderly_read(struct arena *a, const char *html, size_t len, size_t memory_max,
    struct html_node *root)
{
	struct reader r = { .a = a,
		.at = html,
		.end = html + len,
		.memory_max = memory_max };
	const struct arena_mark before = arena_mark(a);
	bool ok = text_is_utf8(html, len);

	buf_init(&r.text, 4 * (size_t)LIMIT_ENTRY_TEXT);
	r.open[0] = root;
	while (ok && r.at < r.end) {
		ok = *r.at == '<' ? read_markup(&r) : read_text(&r);
		ok = ok && r.memory <= r.memory_max;
	}
	buf_clear(&r.text);
	if (!ok) {
		root->first = root->last = NULL;
		arena_rewind(a, before);
	}
	return ok;
}
