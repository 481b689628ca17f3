/* SPDX-License-Identifier: ISC */
/*
 * Superscripts in plain text.  "10<sup>6</sup>" must not become 106, but "1st" and "Mme" are
 * words that a mark would only disturb.
 */
#include "html/to_text_private.h"

#include <string.h>

#include "base/text.h"

enum { RAISED_MAX = 40 }; /* bytes; more is small print and no exponent */

struct parts {
	size_t digits;
	size_t letters;
	size_t signs;
};

/* Latin and Greek: what formulas are written with. */
static bool
is_letter(uint32_t c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= 0x391 && c <= 0x3C9);
}

/* Plus, minus and its look-alikes, plus-minus, times, the middle dot. */
static bool
is_sign(uint32_t c)
{
	return c == '+' || c == '-' || c == '/' || c == '=' || c == 0x2212 ||
	    c == 0x2013 || c == 0xB1 || c == 0xD7 || c == 0xB7;
}

/* False for what no formula is made of: two letters in a row make a word, as in "1st". */
static bool
count_parts(const char *text, size_t len, struct parts *out)
{
	size_t run = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c;

		i += text_decode(text + i, len - i, &c);
		run = is_letter(c) ? run + 1 : 0;
		if (run > 1)
			return false;
		out->digits += ascii_is_digit((int)c);
		out->letters += is_letter(c);
		out->signs += is_sign(c);
		if (run == 0 && !ascii_is_digit((int)c) && !is_sign(c) &&
		    (c >= 0x80 || !strchr(" ,.()", (int)c)))
			return false;
	}
	return true;
}

/* "XIXe", "1a", "No": a single letter that ends an abbreviation or ordinal. */
static bool
is_ordinal(char letter, char before)
{
	bool is_upper = before >= 'A' && before <= 'Z';

	if (letter == 'o' && before == 'n')
		return true;
	return strchr("adehors", letter) && (is_upper || ascii_is_digit(before));
}

static bool
is_exponent(const char *text, size_t len, char before)
{
	struct parts p = { 0 };

	if (!count_parts(text, len, &p))
		return false;
	/* A note's number stands alone where the note itself begins. */
	if (before == '\0' || before == ' ' || before == '\n')
		return p.digits == len;
	if (p.digits + p.signs == 0)
		return p.letters == 1 && !is_ordinal(*text, before);
	return true;
}

/* A number with a sign on one side at most, or one character. */
static bool
stands_alone(const char *text, size_t len)
{
	struct parts p = { 0 };

	if (!count_parts(text, len, &p))
		return false;
	if (p.digits + p.letters + p.signs == 1)
		return true;
	if (p.letters > 0 || p.signs > 1 || strpbrk(text, " ,.()"))
		return false;
	/* Bytes of a sign beyond ASCII are no digits either. */
	return p.signs == 0 || !ascii_is_digit(*text) || !ascii_is_digit(text[len - 1]);
}

/* "[1]" of a note would be taken for one of our own references. */
static void
strip_brackets(const char **text, size_t *len)
{
	struct parts p = { 0 };

	if (*len < 3 || **text != '[' || (*text)[*len - 1] != ']' ||
	    !count_parts(*text + 1, *len - 2, &p))
		return;
	*text += 1;
	*len -= 2;
}

void
raised_write(struct buf *b, const char *text, size_t len, const char *next)
{
	char before = b->len > 0 ? b->data[b->len - 1] : '\0';
	bool is_fraction = *next == '/' || strncmp(next, "\xE2\x81\x84", 3) == 0;
	char kept[RAISED_MAX + 1] = "";
	bool is_wrapped;

	if (len > RAISED_MAX) {
		buf_add(b, text, len);
		return;
	}
	strip_brackets(&text, &len);
	memcpy(kept, text, len);
	if (is_fraction || !is_exponent(kept, len, before)) {
		/* "1 1/2" is not 11 halves. */
		if (is_fraction && ascii_is_digit(before))
			buf_addc(b, ' ');
		buf_add(b, kept, len);
		return;
	}
	is_wrapped = !stands_alone(kept, len) && !(*kept == '(' && kept[len - 1] == ')');
	buf_adds(b, is_wrapped ? "^(" : "^");
	buf_add(b, kept, len);
	buf_adds(b, is_wrapped ? ")" : "");
}
