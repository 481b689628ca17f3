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

static bool
ends_sentence(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 ||
	    c == 0xFF01 || c == 0xFF1F || c == 0xFF0E || c == 0xFF61 || c == 0x061F ||
	    c == 0x06D4 || c == 0x0964;
}

/* Quotes and brackets that belong to the sentence they close. */
static bool
is_closer(uint32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == 0xBB ||
	    c == 0xAB || (c >= 0x2018 && c <= 0x201F) || c == 0x203A || c == 0x300D ||
	    c == 0x300F || c == 0x3011 || c == 0x3009 || c == 0x300B || c == 0xFF09 ||
	    c == 0xFF3D || c == 0xFF63;
}

static bool
is_wide(uint32_t c)
{
	return width_of_char(c) == 2;
}

static bool
is_small(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) ||
	    (c >= 0x430 && c <= 0x45F) || (c >= 0x3AC && c <= 0x3CE);
}

/* Words whose stop ends no sentence, in several languages; without the stop. */
static const char *const abbreviations[] = { "Dr", "Prof", "Mr", "Mrs", "Ms", "Mx", "St",
	"Sr", "Jr", "Nr", "No", "Vol", "Fig", "vs", "cf", "ca", "approx", "e.g", "i.e",
	"eg", "ie", "al", "ed", "eds", "pp", "Inc", "Ltd", "Co", "Corp", "bzw", "z.B",
	"d.h", "u.a", "usw", "evtl", "inkl", "Abs", "Hr", "Fr", "M", "Mme", "Mlle", "art",
	"env", "Sra", "Ing", "Rev", "Gen", "Col", "Sgt", "Capt", "Jan", "Feb", "Mar",
	"Apr", "Aug", "Sept", "Sep", "Oct", "Okt", "Nov", "Dec", "Dez" };

/* The word in front of a stop; initials and numbers of days are abbreviations too. */
static bool
is_abbreviation(const char *word, size_t len)
{
	uint32_t c = 0;

	while (len > 0 && strchr("(\"'[", *word)) {
		word++;
		len--;
	}
	if (len == 0)
		return false;
	if (len <= 2 && strspn(word, "0123456789") >= len)
		return true;
	if (text_decode(word, len, &c) == len && !is_wide(c) && !ascii_is_digit((int)c) &&
	    c != 'I')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(abbreviations); i++) {
		if (strlen(abbreviations[i]) == len &&
		    strncmp(abbreviations[i], word, len) == 0)
			return true;
	}
	return false;
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
	const bool goes_on = k->has_ended && is_closer(c);

	if (ends_sentence(c)) {
		k->has_ended = c != '.' ||
		    !is_abbreviation(k->word_start, (size_t)(at - k->word_start));
		if (is_wide(c))
			set_sentence(k, (struct stop){ end, k->chars });
	} else if (goes_on && k->sentence.at == at) {
		k->sentence = (struct stop){ end, k->chars };
	}
	k->has_ended = k->has_ended && (goes_on || ends_sentence(c));
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
	if (k->pending.at && !is_small(c))
		set_sentence(k, k->pending);
	k->pending.at = NULL;
	if (is_wide(c) && k->chars > 0 && k->chars <= k->limit && !is_closer(c) &&
	    !ends_sentence(c))
		set_word(k, at, false);
	if (k->was_space)
		k->word_start = at;
	k->was_space = false;
	k->words += is_wide(c);
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
		size_t size = next_char(t->text + i, t->len - i, &c);

		count_char(k, c, t->text + i, t->text + i + size);
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
	set_word(k, t->kind == SCAN_END || t->tag == TAG_BR ? s->at : t->text, true);
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
		if (is_whole(&t))
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
	static const char dots[] = "\xE2\x80\xA6";
	struct cutter k = cutter_of(html, chars, bytes);
	bool ellipsis;
	const char *stop = find_stop(&k, &ellipsis);
	struct html_rewrite *r = rewrite_new();
	struct html_scan s;
	struct html_token t;

	*cut = stop != NULL;
	scan_init(&s, html, stop ? (size_t)(stop - html) : strlen(html));
	while (scan_next(&s, &t)) {
		if (is_whole(&t) && is_left_out(&s, t.tag, chars, bytes)) {
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
	const char *beginning = html_cut(a, html, chars, SIZE_MAX, cut);
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
