/* SPDX-License-Identifier: ISC */
#include "base/wrap.h"

#include <string.h>

#include "base/text.h"

/*
 * Kinsoku (JIS X 4051), the simple half: what must not begin a line and what must not end one.
 * ASCII counts too, for a comma behind a Han character.
 */
static const char no_start[] =
    "!),.:;?]}\"'%"
    "\u00BB\u2019\u201D\u2026\u3001\u3002\u3005\u3009\u300B\u300D\u300F\u3011\u3015\u3017"
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30A1\u30A3\u30A5\u30A7\u30A9"
    "\u30C3\u30E3\u30E5\u30E7\u30FB\u30FC\uFF01\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF3D"
    "\uFF5D\uFF60\uFF61\uFF63";
static const char no_end[] =
    "([{\u00AB\u2018\u201C\u3008\u300A\u300C\u300E\u3010\u3014\u3016"
    "\uFF08\uFF3B\uFF5B\uFF5F\uFF62";

static bool
is_one_of(const char *text, size_t len, const char *set)
{
	char one[5] = "";

	if (len >= sizeof(one))
		return false;
	memcpy(one, text, len);
	return strstr(set, one) != NULL;
}

/* A piece that stays on one line, and the text behind it. */
struct piece {
	const char *text;
	size_t len;
	size_t width;
	bool gap; /* a blank stood before it */
};

/* True when a line may end between the character before and the one at p. */
static bool
may_break(uint32_t before, const char *before_at, size_t before_len, uint32_t c,
    const char *p, size_t len)
{
	if (width_of_char(c) == 0 || before == 0x200D || (c >= 0x1F3FB && c <= 0x1F3FF))
		return false;
	if (width_of_char(before) != 2 && width_of_char(c) != 2)
		return false;
	return !is_one_of(p, len, no_start) && !is_one_of(before_at, before_len, no_end);
}

static bool
is_graphic(char c)
{
	return c > ' ' && c < 0x7F;
}

/*
 * Length of " [12]" at p, else 0: the number of a link stays on the line of the word that it
 * belongs to.
 */
static size_t
reference_length(const char *p)
{
	const char *at = p;

	if (*at++ != ' ' || *at++ != '[' || !ascii_is_digit(*at))
		return 0;
	while (ascii_is_digit(*at))
		at++;
	return *at == ']' ? (size_t)(at + 1 - p) : 0;
}

/* Takes the next piece off *text; false at the end. */
static bool
next_piece(const char **text, const char *end, struct piece *out)
{
	const char *p = *text;
	const char *before_at = NULL;
	uint32_t before = 0;
	size_t before_len = 0;
	bool has_reference = false;

	while (p < end && ascii_is_space((unsigned char)*p))
		p++;
	*out = (struct piece){ .text = p, .gap = p > *text };
	while (p < end) {
		uint32_t c = 0;
		size_t n;

		if (ascii_is_space((unsigned char)*p)) {
			size_t reference = has_reference ? 0 : reference_length(p);

			if (reference == 0)
				break;
			/* One at most: a row of them is no word. */
			has_reference = true;
			p += reference;
			before = ']';
			before_at = p - 1;
			before_len = 1;
			continue;
		}
		/* Most text is ASCII, and inside a run of it no line may end. */
		if (width_of_char(before) != 2 && is_graphic(*p)) {
			while (p + 1 < end && is_graphic(p[1]))
				p++;
			before = (unsigned char)*p;
			before_at = p++;
			before_len = 1;
			continue;
		}
		n = text_decode(p, (size_t)(end - p), &c);

		if (before_at && may_break(before, before_at, before_len, c, p, n))
			break;
		/* A combining mark belongs to the character before it. */
		if (width_of_char(c) > 0 || c == 0x200D) {
			before = c;
			before_at = p;
			before_len = n;
		}
		p += n;
	}
	out->len = (size_t)(p - out->text);
	out->width = width_of_text(out->text, out->len);
	*text = p;
	return out->len > 0;
}

void
wrap_text(struct buf *b, const char *text, size_t columns, const char *first,
    const char *indent)
{
	const char *end = text + strlen(text);
	size_t indent_width = width_of_text(indent, strlen(indent));
	size_t used = 0;
	bool begun = false; /* something stands on this line */
	struct piece piece;

	while (next_piece(&text, end, &piece)) {
		if (begun && used + piece.gap + piece.width > columns) {
			buf_addc(b, '\n');
			buf_adds(b, indent);
			used = indent_width;
		} else if (!begun) {
			buf_adds(b, first);
			used = width_of_text(first, strlen(first));
			begun = true;
		} else if (piece.gap) {
			buf_addc(b, ' ');
			used++;
		}
		buf_add(b, piece.text, piece.len);
		used += piece.width;
	}
	if (begun)
		buf_addc(b, '\n');
}

/* ---- words ---- */

enum char_class { CLASS_OTHER, CLASS_LETTER, CLASS_CJK, CLASS_INNER };

/* Blocks beyond ASCII that hold no letters: signs, arrows, drawings, emoji. */
static bool
is_sign(uint32_t c)
{
	return (c >= 0x80 && c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) ||
	    c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x206F) ||
	    (c >= 0x20A0 && c <= 0x20CF) || (c >= 0x2190 && c <= 0x2BFF) ||
	    (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) || c == 0x3030 ||
	    c == 0x30FB || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE10 && c <= 0xFE6F) ||
	    (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
	    (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65) || c >= 0xFFE0;
}

static enum char_class
class_of(uint32_t c)
{
	if (c < 0x80) {
		if (c == '\'')
			return CLASS_INNER;
		return ascii_is_alphanumeric((int)c) ? CLASS_LETTER : CLASS_OTHER;
	}
	if (c == 0x2019)
		return CLASS_INNER;
	if ((c >= 0x3040 && c <= 0x30FF && c != 0x30FB) || (c >= 0x3400 && c <= 0x9FFF) ||
	    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9D) ||
	    (c >= 0x20000 && c <= 0x3FFFF))
		return CLASS_CJK;
	/* Letters above the first plane's end: ancient and rare scripts, mathematics. */
	if (c >= 0x10000 && c < 0x1F000)
		return CLASS_LETTER;
	return is_sign(c) ? CLASS_OTHER : CLASS_LETTER;
}

size_t
wrap_count_words(const char *text, size_t len)
{
	size_t words = 0;
	size_t cjk = 0;
	bool inside = false;

	for (size_t i = 0; i < len;) {
		uint32_t c = (unsigned char)text[i];
		enum char_class class = CLASS_OTHER;

		if (c < 0x80)
			i++;
		else
			i += text_decode(text + i, len - i, &c);
		class = class_of(c);
		if (class == CLASS_INNER)
			continue; /* "don't" is one word; a quote begins and ends none */
		if (class == CLASS_LETTER && !inside)
			words++;
		cjk += class == CLASS_CJK;
		inside = class == CLASS_LETTER;
	}
	return words + (cjk + 1) / 2;
}
