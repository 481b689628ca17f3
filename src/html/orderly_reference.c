/* SPDX-License-Identifier: ISC */
#include "html/orderly_reference.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"

enum { DIGITS_MOST = 7 };

struct named {
	const char *name;
	const char *text;
};

/* Those of other characters that blogs write.  The parser knows 2,231. */
static const struct named common[] = {
	{ "amp", "&" },
	{ "lt", "<" },
	{ "gt", ">" },
	{ "quot", "\"" },
	{ "apos", "'" },
	{ "bull", "\xE2\x80\xA2" },
	{ "hellip", "\xE2\x80\xA6" },
	{ "larr", "\xE2\x86\x90" },
	{ "ldquo", "\xE2\x80\x9C" },
	{ "lsaquo", "\xE2\x80\xB9" },
	{ "lsquo", "\xE2\x80\x98" },
	{ "mdash", "\xE2\x80\x94" },
	{ "minus", "\xE2\x88\x92" },
	{ "ndash", "\xE2\x80\x93" },
	{ "prime", "\xE2\x80\xB2" },
	{ "rarr", "\xE2\x86\x92" },
	{ "rdquo", "\xE2\x80\x9D" },
	{ "rsaquo", "\xE2\x80\xBA" },
	{ "rsquo", "\xE2\x80\x99" },
	{ "sbquo", "\xE2\x80\x9A" },
	{ "bdquo", "\xE2\x80\x9E" },
	{ "thinsp", "\xE2\x80\x89" },
	{ "ensp", "\xE2\x80\x82" },
	{ "emsp", "\xE2\x80\x83" },
	{ "euro", "\xE2\x82\xAC" },
	{ "trade", "\xE2\x84\xA2" },
	{ "zwnj", "\xE2\x80\x8C" },
	{ "zwj", "\xE2\x80\x8D" },
};

/* Of the characters from U+00A0, a name each: HTML5 knows them without ";", too (13.5). */
static const char latin_1[] =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy "
    "reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm "
    "raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring "
    "AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde "
    "Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml "
    "Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil "
    "egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute "
    "ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml ";
static const char without_semicolon[] = "amp lt gt quot AMP LT GT QUOT COPY REG ";

/*
 * The number of the word in list, which is as long as name is or begins it; -1 when there is
 * none.  list: words with a blank behind each.
 */
static int
find_word(const char *list, const char *name, size_t len, bool is_whole)
{
	int number = 0;

	for (const char *at = list; *at; number++) {
		const size_t size = strcspn(at, " ");

		if ((is_whole ? size == len : size <= len) && memcmp(at, name, size) == 0)
			return number;
		at += size + 1;
	}
	return -1;
}

static size_t
decode_name(const char *name, size_t len, struct buf *out)
{
	int number = -1;

	for (size_t i = 0; i < ARRAY_LEN(common); i++) {
		if (strlen(common[i].name) != len ||
		    memcmp(common[i].name, name, len) != 0)
			continue;
		buf_adds(out, common[i].text);
		return len + 2;
	}
	number = find_word(latin_1, name, len, true);
	if (number < 0)
		return 0;
	text_encode(out, 0xA0 + (uint32_t)number);
	return len + 2;
}

static bool
needs_no_semicolon(const char *name, size_t len, bool is_whole)
{
	return find_word(latin_1, name, len, is_whole) >= 0 ||
	    find_word(without_semicolon, name, len, is_whole) >= 0;
}

/* Characters that HTML5 leaves as they are numbered.  White space but a blank is the parser's. */
static bool
is_plain(uint32_t c)
{
	return (c > 0 && c < '\t') || (c > '\r' && c <= 0x7F) ||
	    (c >= 0xA0 && c < 0xD800) || (c >= 0xE000 && c < 0xFDD0) ||
	    (c >= 0xFDF0 && c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE);
}

/* "&#8217;", "&#x2019;". */
static size_t
decode_number(const char *text, size_t len, struct buf *out)
{
	const bool is_hex = len > 2 && ascii_lower((unsigned char)text[2]) == 'x';
	const size_t from = is_hex ? 3 : 2;
	size_t i = from;
	uint32_t c = 0;

	for (; i < len && i < from + DIGITS_MOST; i++) {
		const int digit = ascii_hex_value(text[i]);

		if (digit < 0 || (!is_hex && digit > 9))
			break;
		c = c * (is_hex ? 16 : 10) + (uint32_t)digit;
	}
	if (i == from || i == len || text[i] != ';' || !is_plain(c))
		return 0;
	text_encode(out, c);
	return i + 1;
}

size_t
orderly_reference(const char *text, size_t len, bool in_attribute, struct buf *out)
{
	size_t name = 0;
	char next = '\0';

	if (len > 1 && text[1] == '#')
		return decode_number(text, len, out);
	while (name + 1 < len && ascii_is_alphanumeric(text[name + 1]))
		name++;
	next = name + 1 < len ? text[name + 1] : '\0';
	if (name > 0 && next == ';')
		return decode_name(text + 1, name, out);
	/* In an attribute a name is mostly one of a query. */
	if (!(in_attribute && next == '=') &&
	    needs_no_semicolon(text + 1, name, in_attribute))
		return 0;
	buf_addc(out, '&');
	return 1;
}
