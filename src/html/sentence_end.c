/* SPDX-License-Identifier: ISC */
#include "html/sentence_end.h"

#include <string.h>

#include "base/text.h"

bool
sentence_ends_with(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 ||
	    c == 0xFF01 || c == 0xFF1F || c == 0xFF0E || c == 0xFF61 || c == 0x061F ||
	    c == 0x06D4 || c == 0x0964;
}

/* Quotes and brackets that belong to the sentence they close. */
bool
sentence_closes_with(uint32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == 0xBB ||
	    c == 0xAB || (c >= 0x2018 && c <= 0x201F) || c == 0x203A || c == 0x300D ||
	    c == 0x300F || c == 0x3011 || c == 0x3009 || c == 0x300B || c == 0xFF09 ||
	    c == 0xFF3D || c == 0xFF63;
}

bool
char_is_wide(uint32_t c)
{
	return width_of_char(c) == 2;
}

bool
char_is_small(uint32_t c)
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
bool
word_is_abbreviation(const char *word, size_t len)
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
	if (text_decode(word, len, &c) == len && !char_is_wide(c) && c != 'I')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(abbreviations); i++) {
		if (strlen(abbreviations[i]) == len &&
		    strncmp(abbreviations[i], word, len) == 0)
			return true;
	}
	return false;
}

/* Length of the character or reference at text; *c is what a reader sees. */
size_t
html_next_char(const char *text, size_t len, uint32_t *c)
{
	enum { REFERENCE_MAX = sizeof("&quot;") };
	size_t reach = len < REFERENCE_MAX ? len : REFERENCE_MAX;
	const char *semicolon = *text == '&' ? memchr(text, ';', reach) : NULL;

	if (!semicolon)
		return text_decode(text, len, c);
	*c = text[1] == 'l' ? '<' : text[1] == 'g' ? '>' : text[1] == 'q' ? '"' : '&';
	return (size_t)(semicolon - text) + 1;
}
