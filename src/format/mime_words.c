/* SPDX-License-Identifier: ISC */
#include "format/mime_words.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/charset.h"
#include "base/text.h"
#include "format/mime_encoding.h"

static const char word_start[] = "=?UTF-8?";
static const char word_end[] = "?=";

enum {
	LINE = 76,                    /* RFC 2047 2: of lines that hold an encoded word */
	WORD = 75,                    /* RFC 2047 2: of one encoded word */
	WORD_FRAME = 12,              /* "=?UTF-8?Q?" and "?=" */
	WORD_LEAST = WORD_FRAME + 12, /* with the longest character as Q writes it */
	PLAIN_WORD = 900, /* longer ones cannot be folded below RFC 5322's 998 octets */
	ROOM = 4 * LIMIT_HEADER_VALUE
};

/* ---- what may stand as it is ---- */

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

/* value in one line: controls and runs of blanks are one blank, none at the ends. */
static void
flatten(struct buf *line, const char *value)
{
	size_t len = strlen(value);
	bool gap = false;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(value + i, len - i, &c);
		if (c == ' ' || is_control(c)) {
			gap = line->len > 0;
			continue;
		}
		if (gap)
			buf_addc(line, ' ');
		gap = false;
		text_encode(line, c);
	}
}

/* True when a word must be encoded: not ASCII, or what a reader would take for encoded. */
static bool
needs_encoding(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)word[i] >= 0x80)
			return true;
		if (word[i] == '=' && i + 1 < len && word[i + 1] == '?')
			return true;
	}
	return len > PLAIN_WORD;
}

static bool
is_atom_char(char c)
{
	return ascii_is_alphanumeric(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* ---- folding ---- */

struct fold {
	struct buf *out;
	size_t column;
};

static void
fold_line(struct fold *f)
{
	buf_add(f->out, "\r\n ", 3);
	f->column = 1;
}

/* The blank before `next` more columns, or a fold in its place where they have no room. */
static void
part_words(struct fold *f, size_t next)
{
	if (f->column + 1 + next > LINE) {
		fold_line(f);
	} else {
		buf_addc(f->out, ' ');
		f->column++;
	}
}

/* Appends words of text that are plain, folded between them; not before the first. */
static void
add_plain(struct fold *f, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *blank = memchr(text, ' ', (size_t)(end - text));
		size_t n = (size_t)((blank ? blank : end) - text);

		buf_add(f->out, text, n);
		f->column += n;
		text += n;
		if (!blank)
			return;
		text++;
		blank = memchr(text, ' ', (size_t)(end - text));
		part_words(f, (size_t)((blank ? blank : end) - text));
	}
}

/* ---- encoded words ---- */

/* RFC 2047 5 (3): the letters that are safe in a phrase are taken everywhere. */
static bool
is_q_plain(unsigned char c)
{
	return ascii_is_alphanumeric(c) || (c != '\0' && strchr("!*+-/", c) != NULL);
}

static size_t
q_length(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += is_q_plain((unsigned char)text[i]) || text[i] == ' ' ? 1 : 3;
	return n;
}

static size_t
b_length(size_t len)
{
	return (len + 2) / 3 * 4;
}

static void
add_q(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == ' ')
			buf_addc(b, '_');
		else if (is_q_plain(c))
			buf_addc(b, text[i]);
		else
			buf_addf(b, "=%02X", (unsigned)c);
	}
}

/* Bytes of whole characters that an encoded word of `room` columns can hold. */
static size_t
word_fit(const char *text, size_t len, size_t room, bool base64)
{
	size_t n = 0;

	while (n < len) {
		uint32_t c = 0;
		size_t next = n + text_decode(text + n, len - n, &c);

		if ((base64 ? b_length(next) : q_length(text, next)) + WORD_FRAME > room)
			break;
		n = next;
	}
	return n;
}

static void
add_encoded(struct fold *f, const char *text, size_t len)
{
	bool base64 = b_length(len) < q_length(text, len);

	while (len > 0) {
		size_t start = f->out->len;
		size_t room = f->column < LINE ? LINE - f->column : 0;
		size_t n = 0;

		if (room < WORD_LEAST) {
			fold_line(f);
			continue;
		}
		n = word_fit(text, len, room < WORD ? room : WORD, base64);
		buf_adds(f->out, word_start);
		buf_adds(f->out, base64 ? "B?" : "Q?");
		if (base64)
			mime_base64(f->out, text, n, false);
		else
			add_q(f->out, text, n);
		buf_adds(f->out, word_end);
		f->column += f->out->len - start;
		text += n;
		len -= n;
		if (len > 0)
			fold_line(f);
		if (buf_is_full(f->out))
			return;
	}
}

/* Finds the words from the first to the last that must be encoded; false when none must. */
static bool
find_encoded(const char *text, size_t len, size_t *start, size_t *end)
{
	bool found = false;

	for (size_t i = 0; i < len;) {
		const char *blank = memchr(text + i, ' ', len - i);
		size_t n = blank ? (size_t)(blank - text) - i : len - i;

		if (needs_encoding(text + i, n)) {
			if (!found)
				*start = i;
			*end = i + n;
			found = true;
		}
		i += n + 1;
	}
	return found;
}

/* Plain words, then the encoded middle, then plain words. */
static void
add_unstructured(struct fold *f, const char *text, size_t len)
{
	size_t start = 0;
	size_t end = 0;

	if (!find_encoded(text, len, &start, &end)) {
		add_plain(f, text, len);
		return;
	}
	if (start > 0) {
		add_plain(f, text, start - 1);
		part_words(f, WORD_LEAST);
	}
	add_encoded(f, text + start, end - start);
	if (end < len) {
		part_words(f, strcspn(text + end + 1, " "));
		add_plain(f, text + end + 1, len - end - 1);
	}
}

void
mime_header(struct buf *b, const char *name, const char *value)
{
	struct buf line = BUF_INIT(ROOM);
	struct fold f = { .out = b, .column = strlen(name) + 2 };

	flatten(&line, value);
	buf_adds(b, name);
	buf_adds(b, line.len > 0 ? ": " : ":");
	add_unstructured(&f, buf_text(&line), line.len);
	buf_adds(b, "\r\n");
	/* What was too long is missing: the caller's buf must tell. */
	b->full = b->full || buf_is_full(&line);
	buf_clear(&line);
}

/* Appends text as a quoted string, folded at blanks. */
static void
add_quoted_string(struct fold *f, const char *text, size_t len)
{
	struct buf quoted = BUF_INIT(ROOM);

	buf_addc(&quoted, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			buf_addc(&quoted, '\\');
		buf_addc(&quoted, text[i]);
	}
	buf_addc(&quoted, '"');
	add_plain(f, buf_text(&quoted), quoted.len);
	f->out->full = f->out->full || buf_is_full(&quoted);
	buf_clear(&quoted);
}

void
mime_phrase(struct buf *b, const char *text, size_t column)
{
	struct buf line = BUF_INIT(ROOM);
	struct fold f = { .out = b, .column = column };
	bool atoms = true;
	size_t start = 0;
	size_t end = 0;

	flatten(&line, text);
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] != ' ' && !is_atom_char(line.data[i]))
			atoms = false;
	}
	if (find_encoded(buf_text(&line), line.len, &start, &end))
		add_encoded(&f, buf_text(&line), line.len);
	else if (atoms && line.len > 0)
		add_plain(&f, buf_text(&line), line.len);
	else
		add_quoted_string(&f, buf_text(&line), line.len);
	b->full = b->full || buf_is_full(&line);
	buf_clear(&line);
}

/* ---- reading ---- */

struct word {
	char charset[64];
	const char *payload;
	size_t payload_len;
	bool base64;
	size_t len; /* of the whole */
};

/* Reads "=?charset*language?Q?payload?=" at p. */
static bool
read_word(const char *p, const char *end, struct word *w)
{
	const char *charset = p + 2;
	const char *mark = NULL;
	const char *close = NULL;
	size_t n = 0;

	if (!ascii_starts(p, (size_t)(end - p), "=?"))
		return false;
	mark = memchr(charset, '?', (size_t)(end - charset));
	if (!mark || end - mark < 5 || mark[2] != '?')
		return false;
	n = (size_t)(mark - charset);
	if (n >= sizeof(w->charset))
		return false;
	memcpy(w->charset, charset, n);
	w->charset[n] = '\0';
	w->charset[strcspn(w->charset, "*")] =
	    '\0'; /* RFC 2231 5: the language is not needed */
	if (ascii_lower((unsigned char)mark[1]) != 'q' &&
	    ascii_lower((unsigned char)mark[1]) != 'b')
		return false;
	w->base64 = ascii_lower((unsigned char)mark[1]) == 'b';
	w->payload = mark + 3;
	for (close = w->payload; end - close >= 2; close++) {
		if (*close == '\n')
			return false;
		if (close[0] == '?' && close[1] == '=')
			break;
	}
	if (end - close < 2)
		return false;
	w->payload_len = (size_t)(close - w->payload);
	w->len = (size_t)(close + 2 - p);
	return charset_name(w->charset) != NULL;
}

static bool
decode_payload(struct buf *raw, const struct word *w)
{
	struct buf q = BUF_INIT(w->payload_len + 1);
	bool ok = false;

	if (w->base64)
		return mime_base64_decode(raw, w->payload, w->payload_len);
	buf_add(&q, w->payload, w->payload_len);
	for (size_t i = 0; i < q.len; i++)
		q.data[i] = (char)(q.data[i] == '_' ? ' ' : q.data[i]);
	/* A blank at the end is meant: the "=" behind it keeps the decoder off. */
	buf_addc(&q, '=');
	ok = mime_quoted_printable_decode(raw, buf_text(&q), q.len);
	buf_clear(&q);
	return ok;
}

/* Appends bytes of a charset as clean text in one line: unfolded, other line ends are blanks. */
static void
add_line(struct buf *b, const char *charset, const char *bytes, size_t len)
{
	struct buf text = BUF_INIT(4 * len + 4);
	struct buf clean = BUF_INIT(12 * len + 12);
	size_t n = 0;

	if (charset_to_utf8(&text, charset, bytes, len, NULL))
		text_add_clean(&clean, buf_text(&text), text.len);
	for (size_t i = 0; i < clean.len; i++) {
		char next = clean.data[i + 1];

		if (clean.data[i] == '\n' && (next == ' ' || next == '\t'))
			continue;
		clean.data[n++] =
		    (char)((unsigned char)clean.data[i] < ' ' ? ' ' : clean.data[i]);
	}
	buf_add(b, buf_text(&clean), n);
	buf_clear(&clean);
	buf_clear(&text);
}

/* Text outside of encoded words: UTF-8 if it is (RFC 6532), else what mail most often holds. */
static void
add_outside(struct buf *b, const char *p, size_t len)
{
	if (len > 0)
		add_line(b, text_is_utf8(p, len) ? "utf-8" : "windows-1252", p, len);
}

/*
 * Encoded words of one charset that are neighbours.  Their bytes are put together before they
 * are converted: many programs cut between bytes, not between characters.
 */
struct run {
	char charset[64]; /* empty: no run is open */
	struct buf raw;
};

static void
end_run(struct buf *b, struct run *run)
{
	if (run->charset[0] != '\0')
		add_line(b, run->charset, buf_text(&run->raw), run->raw.len);
	run->charset[0] = '\0';
	buf_reset(&run->raw);
}

void
mime_words_decode(struct buf *b, const char *text, size_t len)
{
	const char *p = text;
	const char *end = text + len;
	const char *outside = text; /* begin of what is not written yet */
	struct run run = { .raw = BUF_INIT(len) };
	struct word w = { .charset = "" };

	while (p < end) {
		struct buf bytes = BUF_INIT(len);

		if (*p != '=' || !read_word(p, end, &w) || !decode_payload(&bytes, &w)) {
			buf_clear(&bytes);
			p++;
			continue;
		}
		/* Blanks between two encoded words do not count, all others do. */
		if (run.charset[0] == '\0' ||
		    !ascii_is_only_space(outside, (size_t)(p - outside))) {
			end_run(b, &run);
			add_outside(b, outside, (size_t)(p - outside));
		} else if (!ascii_eq_nocase(run.charset, w.charset)) {
			end_run(b, &run);
		}
		memcpy(run.charset, w.charset, sizeof(run.charset));
		buf_add(&run.raw, buf_text(&bytes), bytes.len);
		buf_clear(&bytes);
		p += w.len;
		outside = p;
	}
	end_run(b, &run);
	add_outside(b, outside, (size_t)(end - outside));
	buf_clear(&run.raw);
}
