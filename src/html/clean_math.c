/* SPDX-License-Identifier: ISC */
/*
 * Formulas: as their author's text where there is one, else in a line of characters as people
 * write them in mail: a/b, x^2, x_i.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/width.h"

enum { PARTS_MAX = 3 };

static void add_math(struct buf *b, const struct html_node *n);

static void
add_children(struct buf *b, const struct html_node *n)
{
	for (const struct html_node *k = n->first; k; k = k->next)
		add_math(b, k);
}

static bool
is_part(const struct html_node *n, const char *name)
{
	return n->tag == TAG_UNKNOWN && strcmp(n->text, name) == 0;
}

/* In parentheses when it is more than one sign or number. */
static void
add_group(struct buf *b, const struct html_node *n)
{
	bool is_one = !n->first || (n->first == n->last && n->first->tag == TAG_TEXT);

	if (!is_one)
		buf_addc(b, '(');
	add_math(b, n);
	if (!is_one)
		buf_addc(b, ')');
}

/* The elements of which a fraction or a power is made. */
static size_t
parts_of(const struct html_node *n, const struct html_node *parts[PARTS_MAX])
{
	size_t count = 0;

	for (const struct html_node *k = n->first; k && count < PARTS_MAX; k = k->next)
		if (k->tag != TAG_TEXT)
			parts[count++] = k;
	return count;
}

/* A sign over one letter is joined to it: x and a bar are one character to a reader. */
static const char *
accent_of(const struct html_node *n)
{
	static const struct {
		const char *sign;
		const char *joined;
	} accents[] = {
		{ "\xC2\xAF", "\xCC\x84" },         /* a bar, U+0304 */
		{ "\xE2\x80\xBE", "\xCC\x84" },     /* an overline */
		{ "^", "\xCC\x82" },                /* a hat, U+0302 */
		{ "~", "\xCC\x83" },                /* a tilde, U+0303 */
		{ "\xCB\x99", "\xCC\x87" },         /* a dot, U+0307 */
		{ "\xC2\xA8", "\xCC\x88" },         /* two dots, U+0308 */
		{ "\xE2\x86\x92", "\xE2\x83\x97" }, /* a vector's arrow, U+20D7 */
	};
	const struct html_node *text = n ? n->first : NULL;

	for (size_t i = 0; text && text == n->last && i < ARRAY_LEN(accents); i++)
		if (text->tag == TAG_TEXT && text->len == strlen(accents[i].sign) &&
		    memcmp(text->text, accents[i].sign, text->len) == 0)
			return accents[i].joined;
	return NULL;
}

/* True: it was a letter with a sign over it. */
static bool
add_accented(struct buf *b, const struct html_node *const parts[PARTS_MAX])
{
	const struct html_node *letter = parts[0] ? parts[0]->first : NULL;
	const char *accent = accent_of(parts[1]);

	if (!accent || !letter || letter != parts[0]->last || letter->tag != TAG_TEXT ||
	    width_of_text(letter->text, letter->len) != 1)
		return false;
	add_math(b, parts[0]);
	buf_adds(b, accent);
	return true;
}

/* A root is written as the power it is, since a number before the sign would be a factor. */
static void
add_root(struct buf *b, const struct html_node *const parts[PARTS_MAX])
{
	add_group(b, parts[0]);
	buf_adds(b, "^(1/");
	add_group(b, parts[1]);
	buf_addc(b, ')');
}

static void
add_math(struct buf *b, const struct html_node *n)
{
	static const struct {
		const char *name;
		const char *signs[PARTS_MAX]; /* in front of each part */
	} forms[] = {
		{ "mfrac", { "", "/", "" } },
		{ "msup", { "", "^", "" } },
		{ "msub", { "", "_", "" } },
		{ "msubsup", { "", "_", "^" } },
		{ "mover", { "", "^", "" } },
		{ "munder", { "", "_", "" } },
		{ "munderover", { "", "_", "^" } },
	};
	const struct html_node *parts[PARTS_MAX] = { NULL };
	size_t count;

	if (n->tag == TAG_TEXT) {
		const char *text = n->text;
		size_t len = n->len;

		ascii_trim(&text, &len);
		buf_add(b, text, len);
		return;
	}
	if (is_part(n, "annotation") || is_part(n, "annotation-xml"))
		return;
	if (is_part(n, "msqrt"))
		buf_adds(b, "\xE2\x88\x9A(");
	count = parts_of(n, parts);
	if (is_part(n, "mroot") && count == 2) {
		add_root(b, parts);
		return;
	}
	if (is_part(n, "mover") && count == 2 && add_accented(b, parts))
		return;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!is_part(n, forms[i].name))
			continue;
		for (size_t k = 0; k < count; k++) {
			buf_adds(b, forms[i].signs[k]);
			add_group(b, parts[k]);
		}
		return;
	}
	add_children(b, n);
	if (is_part(n, "msqrt"))
		buf_addc(b, ')');
}

bool
clean_math(struct cleaner *c, const struct html_node *n)
{
	const char *text = node_attr(n, "alttext");
	struct buf b = BUF_INIT(LIMIT_FIELD);

	for (const struct html_node *k = n; k && !text; k = node_next(k, n)) {
		const char *encoding = node_attr(k, "encoding");

		if (encoding && ascii_find_nocase(encoding, "tex"))
			text = node_text(c->scratch, k, LIMIT_FIELD);
	}
	if (text) {
		writer_element(&c->w, TAG_CODE, text);
		return true;
	}
	add_children(&b, n);
	writer_text(&c->w, buf_text(&b), b.len);
	buf_clear(&b);
	return true;
}
