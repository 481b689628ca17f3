/* SPDX-License-Identifier: ISC */
#include "feed/encoding.h"

#include <stdint.h>
#include <string.h>

#include "base/charset.h"
#include "base/text.h"
#include "feed/encoding_guess.h"
#include "feed/windows_1252.h"

enum { DECLARATION_MAX = 1024, LABEL_MAX = 64 };

/* What one look at the bytes as UTF-8 tells. */
struct survey {
	size_t sequences; /* well-formed characters beyond ASCII */
	size_t bad;       /* bytes in none */
	size_t nul;
	size_t c1;    /* characters U+0080 to U+009F */
	bool doubled; /* all of them look like UTF-8 read as windows-1252 */
};

static bool
is_ascii8(const unsigned char *p)
{
	uint64_t eight = 0;

	memcpy(&eight, p, sizeof(eight));
	return (eight & UINT64_C(0x8080808080808080)) == 0;
}

/*
 * Follows characters that would be bytes of UTF-8: *wanted is how many continuations are
 * still to come.  False at the first that does not fit.
 */
static bool
follows_doubling(uint32_t c, unsigned *wanted)
{
	unsigned char b = 0;

	if (*wanted == 0) {
		if (c < 0xC2 || c > 0xF4)
			return false;
		*wanted = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
		return true;
	}
	b = windows_1252_byte(c);
	--*wanted;
	return b >= 0x80 && b <= 0xBF;
}

static void
survey_utf8(const unsigned char *p, size_t len, struct survey *s)
{
	const unsigned char *end = p + len;
	unsigned wanted = 0;

	memset(s, 0, sizeof(*s));
	s->nul = memchr(p, 0, len) != NULL;
	s->doubled = true;
	while (p < end) {
		uint32_t c = 0;
		size_t n = 0;

		if (*p < 0x80) {
			while (end - p >= 8 && is_ascii8(p))
				p += 8;
			while (p < end && *p < 0x80)
				p++;
			s->doubled &= wanted == 0;
			continue;
		}
		n = text_decode((const char *)p, (size_t)(end - p), &c);
		if (n == 1) {
			s->bad++;
		} else {
			s->sequences++;
			s->c1 += c < 0xA0;
			s->doubled = s->doubled && follows_doubling(c, &wanted);
		}
		p += n;
	}
}

/* ---- what is claimed ---- */

/* The value of `key=` in text as a charset label, or NULL. */
static char *
label_after(struct arena *a, const char *text, const char *key)
{
	const char *at = ascii_find_nocase(text, key);
	size_t len = 0;

	if (!at)
		return NULL;
	at = ascii_skip_space(at + strlen(key), NULL);
	if (*at != '=')
		return label_after(a, at, key);
	at++;
	while (ascii_is_space((unsigned char)*at) || *at == '"' || *at == '\'')
		at++;
	while (at[len] && len < LABEL_MAX && !ascii_is_space((unsigned char)at[len]) &&
	    !strchr("\"';?>", at[len]))
		len++;
	return len ? arena_strndup(a, at, len) : NULL;
}

/* The encoding of the XML declaration, read as ASCII. */
static char *
declared_label(struct arena *a, const char *bytes, size_t len)
{
	size_t room = len < DECLARATION_MAX ? len : DECLARATION_MAX;
	char *head = arena_strndup(a, bytes, room);
	char *start = strstr(head, "<?xml");
	char *end = start ? strchr(start, '>') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	return label_after(a, start, "encoding");
}

/* What the first bytes say (XML 1.0 appendix F); *skip is the BOM's length. */
static const char *
sniff_unicode(const unsigned char *b, size_t len, size_t *skip)
{
	static const struct {
		unsigned char bytes[4];
		unsigned char len;
		unsigned char skip;
		const char *name;
	} marks[] = {
		{ { 0x00, 0x00, 0xFE, 0xFF }, 4, 4, "UTF-32BE" },
		{ { 0xFF, 0xFE, 0x00, 0x00 }, 4, 4, "UTF-32LE" },
		{ { 0xEF, 0xBB, 0xBF }, 3, 3, "UTF-8" },
		{ { 0xFE, 0xFF }, 2, 2, "UTF-16BE" },
		{ { 0xFF, 0xFE }, 2, 2, "UTF-16LE" },
		{ { 0, 0, 0, '<' }, 4, 0, "UTF-32BE" },
		{ { '<', 0, 0, 0 }, 4, 0, "UTF-32LE" },
		{ { 0, '<', 0, '?' }, 4, 0, "UTF-16BE" },
		{ { '<', 0, '?', 0 }, 4, 0, "UTF-16LE" },
		{ { 0, '<', 0, 'r' }, 4, 0, "UTF-16BE" },
		{ { '<', 0, 'r', 0 }, 4, 0, "UTF-16LE" },
		{ { 0, '<', 0, 'f' }, 4, 0, "UTF-16BE" },
		{ { '<', 0, 'f', 0 }, 4, 0, "UTF-16LE" },
		{ { 0, '{', 0 }, 3, 0, "UTF-16BE" },
		{ { '{', 0 }, 2, 0, "UTF-16LE" },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (len >= marks[i].len && memcmp(b, marks[i].bytes, marks[i].len) == 0) {
			*skip = marks[i].skip;
			return marks[i].name;
		}
	*skip = 0;
	return NULL;
}

/* ---- what works ---- */

/* UTF-8 whose ill-formed bytes are windows-1252: two programs wrote into one file. */
static void
decode_mixed(struct buf *out, const char *bytes, size_t len)
{
	const char *from = bytes;
	const char *end = bytes + len;

	for (const char *p = bytes; p < end;) {
		uint32_t c = 0;
		size_t n = 1;

		if ((unsigned char)*p < 0x80) {
			p++;
			continue;
		}
		n = text_decode(p, (size_t)(end - p), &c);
		if (n > 1) {
			p += n;
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
		text_encode(out, windows_1252_char((unsigned char)*p));
		from = ++p;
	}
	buf_add(out, from, (size_t)(end - from));
}

static bool
try_charset(struct buf *out, const char *label, const char *bytes, size_t len,
    struct encoding *result)
{
	if (!charset_to_utf8(out, label, bytes, len, &result->bad))
		return false;
	result->name = charset_name(label);
	return true;
}

/*
 * Text beyond ASCII that is well-formed UTF-8 is UTF-8, whatever is declared: text in another
 * encoding passes for it only by accident, and not twice; in windows-1252, which is also what
 * ISO-8859-1 and US-ASCII stand for, "Ã©" is nothing that people write even once.
 */
static bool
is_utf8_for_sure(const struct survey *s, const char *declared)
{
	const size_t least = ascii_eq_nocase(declared, "windows-1252") ? 1 : 2;

	return s->bad == 0 && s->nul == 0 && s->sequences >= least;
}

static void
as_it_is(struct encoding *result, const char *bytes, size_t len)
{
	result->name = "UTF-8";
	result->text = bytes;
	result->len = len;
}

static void
decode_undeclared(struct buf *out, const char *bytes, size_t len, const struct survey *s,
    struct encoding *result)
{
	if (s->bad == 0) {
		as_it_is(result, bytes, len);
		return;
	}
	result->mixed = s->sequences > s->bad;
	result->guessed = !result->mixed;
	if (result->guessed) {
		const char *name = encoding_guess(bytes, len);

		if (strcmp(name, "windows-1252") != 0 &&
		    try_charset(out, name, bytes, len, result))
			return;
	}
	result->name = result->mixed ? "UTF-8" : "windows-1252";
	decode_mixed(out, bytes, len);
}

static void
decode_by_label(struct arena *a, struct buf *out, const char *bytes, size_t len,
    const char *content_type, struct survey *s, struct encoding *result)
{
	char *http = content_type ? label_after(a, content_type, "charset") : NULL;
	char *declared = declared_label(a, bytes, len);
	const char *labels[2] = { http, declared };

	survey_utf8((const unsigned char *)bytes, len, s);
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const char *name = labels[i] ? charset_name(labels[i]) : NULL;
		bool is_utf8 = name && ascii_eq_nocase(name, "UTF-8");

		/* ASCII that claims to be UTF-16 is not; the claim could not be read if it were. */
		if (!name || (strncmp(name, "UTF-16", 6) == 0 && !s->nul))
			continue;
		if (is_utf8 ? s->bad > 0 : is_utf8_for_sure(s, name)) {
			result->declared = labels[i];
			continue;
		}
		if (is_utf8) {
			as_it_is(result, bytes, len);
			return;
		}
		if (try_charset(out, labels[i], bytes, len, result)) {
			if (result->bad == 0)
				return;
			/* Most of it fits: kept, unless nothing else was claimed and UTF-8 fits. */
			if (s->bad > 0 && result->bad * 20 < s->bad + s->sequences * 2)
				return;
			buf_reset(out);
			result->declared = labels[i];
		}
	}
	decode_undeclared(out, bytes, len, s, result);
}

/* ---- second looks at text that is UTF-8 by now ---- */

/*
 * UTF-8 read as windows-1252 and encoded again ("Ã©"): recognised when all characters beyond
 * ASCII are of windows-1252 and their bytes are well-formed UTF-8 throughout.
 */
static bool
undo_doubled(const char *text, size_t len, struct buf *out)
{
	struct survey s;

	if (!buf_reserve(out, len))
		return false;
	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(text + i, len - i, &c);
		buf_addc(out, c < 0x80 ? (char)c : (char)windows_1252_byte(c));
	}
	survey_utf8((const unsigned char *)buf_text(out), out->len, &s);
	return s.bad == 0 && s.nul == 0 && s.sequences >= 3;
}

/* Appends without NUL, with C1 controls as what they mean. */
static void
add_repaired(const char *text, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = i + 1 < len ? (unsigned char)text[i + 1] : 0;

		if ((unsigned char)text[i] == 0xC2 && c >= 0x80 && c <= 0x9F) {
			text_encode(out, windows_1252_char(c));
			i++;
		} else if (text[i]) {
			buf_addc(out, text[i]);
		}
	}
}

static void
use_repaired(struct encoding *result, struct buf *out, struct buf *repaired)
{
	buf_clear(out);
	*out = *repaired;
	result->text = buf_text(out);
	result->len = out->len;
}

static void
look_again(struct buf *out, const struct survey *s, struct encoding *result)
{
	struct buf repaired = BUF_INIT(out->max);

	if (s->doubled && s->sequences >= 6) {
		result->doubled = undo_doubled(result->text, result->len, &repaired);
		if (result->doubled) {
			use_repaired(result, out, &repaired);
			return;
		}
		buf_reset(&repaired);
	}
	if (s->nul || s->c1) {
		add_repaired(result->text, result->len, &repaired);
		result->c1 = s->c1 > 0;
		use_repaired(result, out, &repaired);
		return;
	}
	buf_clear(&repaired);
}

void
encoding_decode(struct arena *a, const void *bytes, size_t len, const char *content_type,
    struct buf *out, struct encoding *result)
{
	size_t skip = 0;
	const char *name = sniff_unicode(bytes, len, &skip);
	const char *start = (const char *)bytes + skip;
	struct survey s;

	memset(result, 0, sizeof(*result));
	len -= skip;
	if (name && strcmp(name, "UTF-8") == 0) {
		survey_utf8((const unsigned char *)start, len, &s);
		decode_undeclared(out, start, len, &s, result);
	} else if (!name || !try_charset(out, name, start, len, result)) {
		decode_by_label(a, out, start, len, content_type, &s, result);
	}
	if (!result->text) {
		result->text = buf_text(out);
		result->len = out->len;
		survey_utf8((const unsigned char *)result->text, result->len, &s);
	}
	look_again(out, &s, result);
}
