/* SPDX-License-Identifier: ISC */
/*
 * Beginnings of clean HTML.  One pass finds where to stop, a second writes that far.
 */
#include "html/cut.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/rewrite.h"

/* A place where the text may end. */
struct stop {
	const char *at; /* NULL = none */
	size_t chars;   /* visible ones before it */
};

struct cutter {
	size_t limit;
	size_t chars; /* visible so far */
	bool was_space;
	struct stop word;
	struct stop sentence; /* of a sentence or a block */
	bool over;
};

static bool
ends_sentence(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 ||
	    c == 0xFF01 || c == 0xFF1F || c == 0x061F || c == 0x06D4;
}

static bool
is_wide(uint32_t c)
{
	return width_of_char(c) == 2;
}

/* Length of the character or reference at text; *c is what a reader sees. */
static size_t
next_char(const char *text, size_t len, uint32_t *c)
{
	enum { REFERENCE_MAX = sizeof("&quot;") };
	size_t reach = len < REFERENCE_MAX ? len : REFERENCE_MAX;
	const char *semicolon = *text == '&' ? memchr(text, ';', reach) : NULL;

	if (!semicolon)
		return text_decode(text, len, c);
	*c = text[1] == 'l' ? '<' : text[1] == 'g' ? '>' : text[1] == 'q' ? '"' : '&';
	return (size_t)(semicolon - text) + 1;
}

/* Counts one visible character; notes where words and sentences end. */
static void
count_char(struct cutter *k, uint32_t c, uint32_t before, const char *at, const char *end)
{
	bool is_space = c < 0x80 && ascii_is_space((int)c);

	if (is_space) {
		if (!k->was_space && k->chars > 0) {
			k->word = (struct stop){ at, k->chars };
			if (ends_sentence(before))
				k->sentence = k->word;
			k->chars++;
		}
		k->was_space = true;
		return;
	}
	if (is_wide(c) && k->chars > 0 && k->chars <= k->limit)
		k->word = (struct stop){ at, k->chars };
	k->was_space = false;
	if (++k->chars > k->limit) {
		k->over = true;
		return;
	}
	if (is_wide(c) && ends_sentence(c))
		k->sentence = (struct stop){ end, k->chars };
}

static void
count_text(struct cutter *k, const struct html_token *t)
{
	uint32_t before = 0;

	for (size_t i = 0; i < t->len && !k->over;) {
		uint32_t c;
		size_t size = next_char(t->text + i, t->len - i, &c);

		count_char(k, c, before, t->text + i, t->text + i + size);
		before = c;
		i += size;
	}
}

/* Moves s behind the end tag of the element that t starts. */
static void
skip_element(struct html_scan *s, enum html_tag tag)
{
	struct html_token t;
	size_t depth = 1;

	while (depth > 0 && scan_next(s, &t)) {
		if (t.tag != tag)
			continue;
		if (t.kind == SCAN_START)
			depth++;
		else if (t.kind == SCAN_END)
			depth--;
	}
}

static bool
is_whole(const struct html_token *t)
{
	return t->kind == SCAN_START && (t->tag == TAG_TABLE || t->tag == TAG_PRE);
}

/* Counts a table or preformatted block; false when it does not fit. */
static bool
count_whole(struct cutter *k, struct html_scan *s, enum html_tag tag)
{
	struct html_scan inner = *s;
	struct cutter inside = *k;
	struct html_token t;

	skip_element(s, tag);
	inner.end = s->at;
	while (!inside.over && scan_next(&inner, &t))
		if (t.kind == SCAN_TEXT)
			count_text(&inside, &t);
	if (inside.over)
		return false;
	k->chars = inside.chars;
	k->was_space = true;
	k->sentence = (struct stop){ s->at, k->chars };
	k->word = k->sentence;
	return true;
}

static void
end_block(struct cutter *k, const struct html_scan *s)
{
	if (!k->was_space && k->chars > 0) {
		k->sentence = (struct stop){ s->at, k->chars };
		k->word = k->sentence;
		k->was_space = true;
		k->chars++;
	}
}

/*
 * Where to stop.  A sentence's end is near when at most two fifths of the room are lost by
 * it; *ellipsis tells that it is a word's end instead.  NULL: everything fits.
 */
static const char *
find_stop(const char *html, size_t limit, bool *ellipsis)
{
	struct cutter k = { .limit = limit, .was_space = true };
	struct html_scan s;
	struct html_token t;

	*ellipsis = false;
	scan_init(&s, html, strlen(html));
	while (!k.over && scan_next(&s, &t)) {
		if (is_whole(&t))
			k.over = !count_whole(&k, &s, t.tag) && k.chars > 0;
		else if (t.kind == SCAN_TEXT)
			count_text(&k, &t);
		else if (tag_is(t.tag, TAG_IS_BLOCK) || t.tag == TAG_BR)
			end_block(&k, &s);
	}
	if (!k.over)
		return NULL;
	if (k.sentence.at && k.sentence.chars * 5 >= k.word.chars * 3)
		return k.sentence.at;
	*ellipsis = true;
	return k.word.at ? k.word.at : html;
}

/* True when the table or preformatted block at the scan is too long by itself. */
static bool
is_left_out(const struct html_scan *s, enum html_tag tag, size_t limit)
{
	struct cutter k = { .limit = limit, .was_space = true };
	struct html_scan copy = *s;

	return !count_whole(&k, &copy, tag);
}

char *
html_cut(struct arena *a, const char *html, size_t chars, bool *cut)
{
	static const char dots[] = "\xE2\x80\xA6";
	bool ellipsis;
	const char *stop = find_stop(html, chars, &ellipsis);
	struct html_rewrite *r = rewrite_new();
	struct html_scan s;
	struct html_token t;

	*cut = stop != NULL;
	scan_init(&s, html, stop ? (size_t)(stop - html) : strlen(html));
	while (scan_next(&s, &t)) {
		if (is_whole(&t) && is_left_out(&s, t.tag, chars)) {
			skip_element(&s, t.tag);
			*cut = true;
		} else {
			rewrite_token(r, &t);
		}
	}
	if (ellipsis)
		writer_text(&r->w, dots, sizeof(dots) - 1);
	return rewrite_finish(r, a);
}

char *
html_excerpt(struct arena *a, const char *html, size_t chars, bool *cut)
{
	const char *beginning = html_cut(a, html, chars, cut);
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	struct html_scan s;
	struct html_token t;
	char *text;

	scan_init(&s, beginning, strlen(beginning));
	while (scan_next(&s, &t)) {
		if (is_whole(&t))
			skip_element(&s, t.tag);
		else if (t.kind == SCAN_TEXT)
			scan_decode(&b, t.text, t.len);
		else if (tag_is(t.tag, TAG_IS_BLOCK) || t.tag == TAG_BR)
			buf_addc(&b, ' ');
	}
	text = text_one_line(a, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}
