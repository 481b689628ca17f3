/* SPDX-License-Identifier: ISC */
#include "feed/encoding_guess.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <uchardet/uchardet.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/charset.h"
#include "base/text.h"
#include "feed/windows_1252.h"

enum {
	LETTERS_MIN = 3, /* beyond ASCII: fewer may be those of a name, or "£" */
	ENOUGH = 200,    /* bytes beyond ASCII for libuchardet to be sure */
	HEAD_MAX = 4096, /* where a feed names its language */
	LANGUAGE_MAX = 16
};
static const char western[] = "windows-1252";

/* How often each byte stands, and how many beyond ASCII stand in a row of three or more. */
struct byte_counts {
	size_t of[256];
	size_t high;
	size_t in_rows;
};

static void
count_bytes(const char *bytes, size_t len, struct byte_counts *out)
{
	size_t row = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x80) {
			row = 0;
			continue;
		}
		out->of[c]++;
		out->high++;
		row++;
		out->in_rows += row == 3 ? 3 : row > 3;
	}
}

static bool
is_share(size_t part, size_t percent, size_t whole)
{
	return part * 100 >= percent * whole;
}

/* ---- encodings and the languages that are written in them ---- */

enum group {
	GROUP_NONE,
	GROUP_CENTRAL, /* Central Europe and Romania */
	GROUP_BALTIC,
	GROUP_TURKISH,
	GROUP_VIETNAMESE,
	GROUP_LATIN = GROUP_VIETNAMESE, /* up to here */
	GROUP_CYRILLIC,
	GROUP_GREEK,
	GROUP_HEBREW,
	GROUP_ARABIC,
	GROUP_THAI,
	GROUP_JAPANESE,
	GROUP_CHINESE,
	GROUP_KOREAN
};

/*
 * What text is read as by what it looks like: of two encodings with the same letters the one
 * that feeds are written in.  Others that libuchardet knows (of DOS, of Macintosh, of
 * Esperanto) no feed uses: where it names them, the text was too short for it.
 */
static const struct candidate {
	const char *found; /* as charset_name() says it */
	const char *name;
	enum group group;
} candidates[] = {
	/* clang-format off */
	{ "windows-1250", "windows-1250", GROUP_CENTRAL },
	{ "ISO-8859-2", "ISO-8859-2", GROUP_CENTRAL },
	{ "ISO-8859-16", "ISO-8859-2", GROUP_CENTRAL },
	{ "windows-1257", "windows-1257", GROUP_BALTIC },
	{ "ISO-8859-13", "windows-1257", GROUP_BALTIC },
	{ "windows-1254", "windows-1254", GROUP_TURKISH },
	{ "windows-1258", "windows-1258", GROUP_VIETNAMESE },
	{ "windows-1251", "windows-1251", GROUP_CYRILLIC },
	{ "x-mac-cyrillic", "windows-1251", GROUP_CYRILLIC },
	{ "KOI8-R", "KOI8-R", GROUP_CYRILLIC },
	{ "KOI8-U", "KOI8-U", GROUP_CYRILLIC },
	{ "ISO-8859-5", "ISO-8859-5", GROUP_CYRILLIC },
	{ "windows-1253", "windows-1253", GROUP_GREEK },
	{ "ISO-8859-7", "windows-1253", GROUP_GREEK },
	{ "windows-1255", "windows-1255", GROUP_HEBREW },
	{ "ISO-8859-8", "windows-1255", GROUP_HEBREW },
	{ "windows-1256", "windows-1256", GROUP_ARABIC },
	{ "ISO-8859-6", "ISO-8859-6", GROUP_ARABIC },
	{ "windows-874", "windows-874", GROUP_THAI },
	{ "Shift_JIS", "Shift_JIS", GROUP_JAPANESE },
	{ "EUC-JP", "EUC-JP", GROUP_JAPANESE },
	{ "gb18030", "gb18030", GROUP_CHINESE },
	{ "GBK", "gb18030", GROUP_CHINESE },
	{ "Big5", "Big5", GROUP_CHINESE },
	{ "EUC-KR", "EUC-KR", GROUP_KOREAN },
};

/* The HTML standard's suggestions (13.2.3.2). */
static const struct {
	const char *language;
	const char *name;
} suggested[] = {
	{ "ar", "windows-1256" }, { "az", "windows-1254" }, { "be", "windows-1251" },
	{ "bg", "windows-1251" }, { "cs", "windows-1250" }, { "el", "windows-1253" },
	{ "et", "windows-1257" }, { "fa", "windows-1256" }, { "he", "windows-1255" },
	{ "hr", "windows-1250" }, { "hu", "ISO-8859-2" }, { "iw", "windows-1255" },
	{ "ja", "Shift_JIS" }, { "ko", "EUC-KR" }, { "ku", "windows-1254" },
	{ "lt", "windows-1257" }, { "lv", "windows-1257" }, { "mk", "windows-1251" },
	{ "pl", "ISO-8859-2" }, { "ro", "ISO-8859-2" }, { "ru", "windows-1251" },
	{ "sk", "windows-1250" }, { "sl", "ISO-8859-2" }, { "sr", "windows-1251" },
	{ "th", "windows-874" }, { "tr", "windows-1254" }, { "uk", "windows-1251" },
	{ "vi", "windows-1258" }, { "zh-hk", "Big5" }, { "zh-tw", "Big5" },
	{ "zh", "gb18030" },
};

/* Languages of windows-1252 with the letters they use beyond ASCII. */
static const struct {
	const char *language;
	const char *letters;
} western_languages[] = {
	{ "de", "äöüÄÖÜßéèàáô" }, { "fr", "àâæçéèêëîïôœùûüÿÀÂÇÉÈÊÎÔŒ" },
	{ "es", "áéíóúüñÁÉÍÓÚÑ¿¡ªº" }, { "ca", "àéèíïóòúüçÀÉÈÍÓÒÚÇ" },
	{ "pt", "áâãàçéêíóôúüÁÂÃÀÇÉÊÍÓÔÚªº" }, { "it", "àèéìíîòóùúÀÈÉÌÒÙ" },
	{ "nl", "áéèêëíïóöúü" }, { "sv", "åäöéÅÄÖÉ" }, { "fi", "åäöéšžÅÄÖ" },
	{ "da", "æøåéóòôÆØÅ" }, { "is", "áéíóúýþæöðÁÉÍÓÚÝÞÆÖÐ" }, { "et", "äöüõšžÄÖÜÕ" },
};
/* clang-format on */

static const struct candidate *
candidate_find(const char *found)
{
	for (size_t i = 0; found && i < ARRAY_LEN(candidates); i++)
		if (strcmp(candidates[i].found, found) == 0)
			return &candidates[i];
	return NULL;
}

/* What stands behind the key at the beginning of the feed, in lower case: "pt-br". */
static bool
language_after(const char *head, const char *key, char out[LANGUAGE_MAX])
{
	const char *at = ascii_find_nocase(head, key);
	size_t n = 0;

	if (!at)
		return false;
	at += strlen(key);
	while (ascii_is_space((unsigned char)*at) || *at == '"' || *at == '\'')
		at++;
	for (; n + 1 < LANGUAGE_MAX; n++) {
		int c = ascii_lower((unsigned char)at[n]);

		if ((c < 'a' || c > 'z') && c != '-')
			break;
		out[n] = (char)c;
	}
	out[n] = '\0';
	return n > 0;
}

/* True when the feed's language is the one named, or a variety of it. */
static bool
is_variety(const char *language, const char *named)
{
	size_t n = strlen(named);

	return strncmp(language, named, n) == 0 &&
	    (language[n] == '\0' || language[n] == '-');
}

/* What the language that the feed names stands for; NULL when that says nothing. */
static const char *
encoding_of_language(const char *bytes, size_t len)
{
	static const char *const keys[] = { "<language>", "<dc:language>", "xml:lang=" };
	char head[HEAD_MAX + 1];
	char language[LANGUAGE_MAX];

	if (len > HEAD_MAX)
		len = HEAD_MAX;
	memcpy(head, bytes, len);
	head[len] = '\0';
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		if (!language_after(head, keys[k], language))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(suggested); i++)
			if (is_variety(language, suggested[i].language))
				return suggested[i].name;
		for (size_t i = 0; i < ARRAY_LEN(western_languages); i++)
			if (is_variety(language, western_languages[i].language))
				return western;
	}
	return NULL;
}

/* ---- what the content looks like ---- */

/* The texts between tags that have bytes beyond ASCII; false when it wants no more. */
static bool
give_texts(uchardet_t detector, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	const char *at = bytes;

	while (at < end) {
		const char *tag = memchr(at, '<', (size_t)(end - at));
		const char *stop = tag ? tag : end;
		const char *high = at;

		while (high < stop && (unsigned char)*high < 0x80)
			high++;
		if (high < stop &&
		    uchardet_handle_data(detector, at, (size_t)(stop - at)) != 0)
			return false;
		at = tag ? memchr(tag, '>', (size_t)(end - tag)) : NULL;
		at = at ? at : end;
	}
	return true;
}

/* A short text is given again and again: libuchardet says nothing before it has seen enough. */
static const char *
ask_detector(const char *bytes, size_t len, size_t high)
{
	uchardet_t detector = uchardet_new();
	const char *answer = NULL;
	size_t given = 0;

	while (given < ENOUGH && give_texts(detector, bytes, len))
		given += high + 1;
	uchardet_data_end(detector);
	answer = charset_name(uchardet_get_charset(detector));
	uchardet_delete(detector);
	return answer;
}

/*
 * libuchardet says UTF-8, which it is not, when the first two letters pass for a character of
 * it: then it is asked about what stands behind them.
 */
static const struct candidate *
detect(const char *bytes, size_t len, size_t high)
{
	const char *answer = ask_detector(bytes, len, high);
	size_t skip = 0;

	if (answer && high > 2 && strcmp(answer, "UTF-8") == 0) {
		while ((unsigned char)bytes[skip] < 0x80)
			skip++;
		answer = ask_detector(bytes + skip + 2, len - skip - 2, high - 2);
	}
	return candidate_find(answer);
}

/* Punctuation of windows-1252 that every encoding of Windows has in the same places. */
static bool
is_common_sign(unsigned c)
{
	return (c >= 0x82 && c <= 0x87) || (c >= 0x91 && c <= 0x97) || c == 0x80 ||
	    c == 0x8B || c == 0x9B || c == 0xA0 || c == 0xA7 || c == 0xA9 || c == 0xAB ||
	    c == 0xAE || c == 0xB0 || c == 0xB7 || c == 0xBB;
}

static bool
has_letter(const char *letters, uint32_t code)
{
	size_t len = strlen(letters);

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(letters + i, len - i, &c);
		if (c == code)
			return true;
	}
	return false;
}

/*
 * Read as windows-1252 the text has, but for a few names, the letters of one of its languages.
 * libuchardet is often wrong about the shorter of such texts.
 */
static bool
looks_western(const struct byte_counts *counts)
{
	size_t signs = 0;

	for (unsigned c = 0x80; c <= 0xFF; c++)
		signs += is_common_sign(c) ? counts->of[c] : 0;
	if (counts->high - signs < LETTERS_MIN)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(western_languages); i++) {
		size_t own = 0;

		for (unsigned c = 0x80; c <= 0xFF; c++)
			if (counts->of[c] > 0 && !is_common_sign(c) &&
			    has_letter(western_languages[i].letters,
				windows_1252_char(c)))
				own += counts->of[c];
		if (is_share(own, 95, counts->high - signs))
			return true;
	}
	return false;
}

/*
 * Of encodings that are near relatives some bytes tell more than libuchardet.  Where ISO-8859-2
 * has controls, Windows has letters (Š, ť, Ž); where it has ą, ś and ź, Windows has signs and a
 * letter that hardly occurs.  KOI8-U has Ukrainian letters where KOI8-R draws boxes.  Each of
 * the Greek encodings has a sign where the other has its first letter with an accent.  Yeh, the
 * most frequent Arabic letter, is not in the same place.
 */
static const char *
name_by_bytes(const struct byte_counts *counts, const struct candidate *chosen)
{
	const size_t *of = counts->of;
	size_t controls = 0;

	for (unsigned c = 0x80; c < 0xA0; c++)
		controls += of[c];
	if (chosen->group == GROUP_CENTRAL && controls > 0)
		return "windows-1250";
	if (chosen->group == GROUP_CENTRAL && of[0xB1] + of[0xB6] + of[0xBC] > 0)
		return "ISO-8859-2";
	if (chosen->group == GROUP_GREEK && controls == 0 && of[0xB6] > of[0xA2])
		return "ISO-8859-7";
	if (strcmp(chosen->name, "KOI8-R") == 0 &&
	    of[0xA4] + of[0xA6] + of[0xA7] + of[0xAD] > 0)
		return "KOI8-U";
	if (strcmp(chosen->name, "ISO-8859-6") == 0 && of[0xED] > of[0xEA])
		return "windows-1256";
	return chosen->name;
}

/* suggestion: what the feed's language speaks for, or NULL. */
static const struct candidate *
choose(const char *bytes, size_t len, const struct byte_counts *counts,
    const char *suggestion)
{
	const struct candidate *wanted = candidate_find(suggestion);
	const struct candidate *found = detect(bytes, len, counts->high);

	if (wanted)
		return found && found->group == wanted->group ? found : wanted;
	if (!found)
		return NULL;
	if (found->group <= GROUP_LATIN)
		return suggestion || looks_western(counts) ? NULL : found;
	/* Accents stand alone among ASCII letters; the words of other scripts have none. */
	return is_share(counts->in_rows, 40, counts->high) ? found : NULL;
}

const char *
encoding_guess(const char *bytes, size_t len)
{
	struct byte_counts counts;
	const struct candidate *chosen = NULL;

	if (len > LIMIT_GUESS)
		len = LIMIT_GUESS;
	count_bytes(bytes, len, &counts);
	chosen = choose(bytes, len, &counts, encoding_of_language(bytes, len));
	return chosen ? name_by_bytes(&counts, chosen) : western;
}
