/* SPDX-License-Identifier: ISC */
/*
 * Beginnings of clean HTML.  One pass finds where to stop, a second writes that far.
 */
#include "html/cut.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/rewrite.h"
#include "html/sentence_end.h"

/* A place where the text may end. */
struct stop {
	const char *at; /* NULL = none */
	size_t chars;   /* visible ones before it */
};

struct cutter {
	const char *html;
	size_t limit; /* of visible characters */
	size_t bytes; /* of html, tags among them */
	size_t chars; /* visible so far */
	bool was_space;
	bool over;
	struct stop word;
	bool is_block;        /* that stop is a block's end */
	struct stop sentence; /* of a sentence or a block */
	struct stop pending;  /* a sentence's end if what comes next begins one */
	const char *word_start;
	bool has_ended; /* a sentence did, but for quotes and brackets */
	uint32_t last;  /* the last visible character */
	size_t words;   /* twice the number, since the last stop */
};

enum { STUB_WORDS = 5 }; /* with fewer a sentence is no end: "Hmm." */

static void
set_word(struct cutter *k, const char *at, bool is_block)
{
	k->word = (struct stop){ at, k->chars };
	k->is_block = is_block;
}

/* A stub is no end, unless nothing else is. */
static void
set_sentence(struct cutter *k, struct stop stop)
{
	if (k->sentence.at && k->words < 2 * STUB_WORDS)
		return;
	k->sentence = stop;
	k->words = 0;
}

static void
count_space(struct cutter *k, const char *at)
{
	if (k->was_space || k->chars == 0)
		return;
	set_word(k, at, false);
	if (k->has_ended)
		k->pending = k->word;
	k->has_ended = false;
	k->words += 2;
	k->chars++;
}

/* Whether a sentence ends with this character, and where scripts without blanks do. */
static void
end_sentence(struct cutter *k, uint32_t c, const char *at, const char *end)
{
	const bool goes_on = k->has_ended && sentence_closes_with(c);

	if (sentence_ends_with(c)) {
		k->has_ended = c != '.' ||
		    !word_is_abbreviation(k->word_start, (size_t)(at - k->word_start));
		if (char_is_wide(c))
			set_sentence(k, (struct stop){ end, k->chars });
	} else if (goes_on && k->sentence.at == at) {
		k->sentence = (struct stop){ end, k->chars };
	}
	k->has_ended = k->has_ended && (goes_on || sentence_ends_with(c));
}

/* Counts one visible character; notes where words and sentences end. */
static void
count_char(struct cutter *k, uint32_t c, const char *at, const char *end)
{
	if (c < 0x80 && ascii_is_space((int)c)) {
		count_space(k, at);
		k->was_space = true;
		return;
	}
	if (k->pending.at && !char_is_small(c))
		set_sentence(k, k->pending);
	k->pending.at = NULL;
	if (char_is_wide(c) && k->chars > 0 && k->chars <= k->limit &&
	    !sentence_closes_with(c) && !sentence_ends_with(c))
		set_word(k, at, false);
	if (k->was_space)
		k->word_start = at;
	k->was_space = false;
	k->words += char_is_wide(c);
	if (++k->chars > k->limit || (size_t)(end - k->html) > k->bytes) {
		k->over = true;
		return;
	}
	end_sentence(k, c, at, end);
	k->last = c;
}

static void
count_text(struct cutter *k, const struct html_token *t)
{
	for (size_t i = 0; i < t->len && !k->over;) {
		uint32_t c;
		size_t size = html_next_char(t->text + i, t->len - i, &c);

		count_char(k, c, t->text + i, t->text + i + size);
		i += size;
	}
}

/* Counts a table or preformatted block; false when it does not fit. */
static bool
count_whole(struct cutter *k, struct html_scan *s, enum html_tag tag)
{
	struct html_scan inner = *s;
	struct cutter inside = *k;
	struct html_token t;

	scan_skip_element(s, tag);
	inner.end = s->at;
	while (!inside.over && scan_next(&inner, &t))
		if (t.kind == SCAN_TEXT)
			count_text(&inside, &t);
	if (inside.over || (size_t)(s->at - k->html) > k->bytes)
		return false;
	k->chars = inside.chars;
	k->was_space = true;
	k->has_ended = false;
	k->pending.at = NULL;
	set_word(k, s->at, true);
	/* A text that ends with code waits for what is said of it. */
	if (tag == TAG_TABLE)
		set_sentence(k, k->word);
	return true;
}

/* A block may be the end unless it announces what follows: a heading, "as here:". */
static void
end_block(struct cutter *k, const struct html_scan *s, const struct html_token *t)
{
	const bool is_heading = t->kind == SCAN_END && tag_is(t->tag, TAG_IS_HEADING);
	const bool announces = is_heading || k->last == ':';

	k->pending.at = NULL;
	if (k->was_space || k->chars == 0)
		return;
	k->words += 2;
	set_word(k, t->kind == SCAN_END ? s->at : t->text, true);
	if (!announces)
		set_sentence(k, k->word);
	k->has_ended = false;
	k->was_space = true;
	k->chars++;
}

/*
 * Where to stop.  A sentence's end is near when at most two fifths of the room are lost by
 * it; *ellipsis tells that it is a word's end instead.  NULL: everything fits.
 */
static const char *
find_stop(struct cutter *k, bool *ellipsis)
{
	struct html_scan s;
	struct html_token t;

	*ellipsis = false;
	scan_init(&s, k->html, strlen(k->html));
	while (!k->over && scan_next(&s, &t)) {
		if (token_begins_whole(&t))
			k->over = !count_whole(k, &s, t.tag) && k->chars > 0;
		else if (t.kind == SCAN_TEXT)
			count_text(k, &t);
		else if (tag_is(t.tag, TAG_IS_BLOCK) || t.tag == TAG_BR)
			end_block(k, &s, &t);
		else if (t.tag == TAG_IMG)
			k->over = k->chars > 0 && (size_t)(s.at - k->html) > k->bytes;
	}
	if (!k->over)
		return NULL;
	if (k->sentence.at && k->sentence.chars * 5 >= k->word.chars * 3)
		return k->sentence.at;
	*ellipsis = !k->is_block;
	return k->word.at ? k->word.at : k->html;
}

static struct cutter
cutter_of(const char *html, size_t chars, size_t bytes)
{
	return (struct cutter){ .html = html,
		.limit = chars,
		.bytes = bytes,
		.word_start = html,
		.was_space = true };
}

/* True when the table or preformatted block at the scan is too long by itself. */
static bool
is_left_out(const struct html_scan *s, enum html_tag tag, size_t chars, size_t bytes)
{
	struct cutter k = cutter_of(s->at, chars, bytes);
	struct html_scan copy = *s;

	return !count_whole(&k, &copy, tag);
}

char *
html_cut(struct arena *a, const char *html, size_t chars, size_t bytes, bool *cut)
{
	struct cutter k = cutter_of(html, chars, bytes);
	bool ellipsis;
	const char *stop = find_stop(&k, &ellipsis);
	struct html_rewrite *r = rewrite_new();
	struct html_scan s;
	struct html_token t;

	*cut = stop != NULL;
	scan_init(&s, html, stop ? (size_t)(stop - html) : strlen(html));
	while (scan_next(&s, &t)) {
		if (token_begins_whole(&t) && is_left_out(&s, t.tag, chars, bytes)) {
			scan_skip_element(&s, t.tag);
			*cut = true;
		} else {
			rewrite_token(r, &t);
		}
	}
	if (ellipsis)
		writer_words(&r->w, "\xE2\x80\xA6");
	return rewrite_finish(r, a);
}

char *
html_excerpt(struct arena *a, const char *html, size_t chars, bool *cut)
{
	const char *beginning = html_cut(a, html, chars, SIZE_MAX, cut);
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	struct html_scan s;
	struct html_token t;
	char *text;

	scan_init(&s, beginning, strlen(beginning));
	while (scan_next(&s, &t)) {
		if (token_begins_whole(&t))
			scan_skip_element(&s, t.tag);
		else if (t.kind == SCAN_TEXT)
			scan_decode(&b, t.text, t.len);
		else if (tag_is(t.tag, TAG_IS_BLOCK) || t.tag == TAG_BR)
			buf_addc(&b, ' ');
	}
	text = text_one_line(a, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}
