/* SPDX-License-Identifier: ISC */
#include "feed/encoding_guess.h"

#include <stdbool.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"

enum {
	ENOUGH = 8,      /* bytes beyond ASCII: fewer say nothing */
	HEAD_MAX = 4096, /* where a feed names its language */
	LANGUAGE_MAX = 16
};

/* ---- two bytes a character ---- */

/* What the text looks like, read as one of the encodings with lead and trail bytes. */
struct pairs {
	size_t count;   /* characters of two bytes */
	size_t common;  /* of them kana, or characters of the encoding's most used rows */
	size_t late;    /* of them in the later half of these rows */
	size_t low;     /* of them with a trail byte of ASCII */
	size_t chained; /* of them right behind another */
	size_t broken;  /* bytes that are part of no character */
};

struct shape {
	const char *name;
	bool (*is_lead)(unsigned char c);
	bool (*is_trail)(unsigned char c);
	bool (*is_single)(unsigned char c); /* a character of one byte beyond ASCII */
	unsigned char common_from, common_to, late_from;
};

static bool
is_high(unsigned char c)
{
	return c >= 0xA1 && c <= 0xFE;
}

static bool
is_sjis_lead(unsigned char c)
{
	return (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
}

static bool
is_wide_trail(unsigned char c)
{
	return c >= 0x40 && c != 0x7F && c <= 0xFE;
}

static bool
is_sjis_trail(unsigned char c)
{
	return is_wide_trail(c) && c <= 0xFC;
}

static bool
is_big5_trail(unsigned char c)
{
	return (c >= 0x40 && c <= 0x7E) || is_high(c);
}

static bool
is_gbk_lead(unsigned char c)
{
	return c >= 0x81 && c <= 0xFE;
}

static bool
is_half_kana(unsigned char c)
{
	return c >= 0xA1 && c <= 0xDF;
}

static bool
is_none(unsigned char c)
{
	(void)c;
	return false;
}

enum { SJIS, EUC_JP, EUC_KR, BIG5, GBK, SHAPES };
/* Common are hiragana and katakana, hangul, and the more frequent half of the hanzi. */
static const struct shape shapes[SHAPES] = {
	[SJIS] = { "Shift_JIS", is_sjis_lead, is_sjis_trail, is_half_kana, 0x82, 0x83,
	    0x83 },
	[EUC_JP] = { "EUC-JP", is_high, is_high, is_none, 0xA4, 0xA5, 0xA5 },
	[EUC_KR] = { "EUC-KR", is_high, is_high, is_none, 0xB0, 0xC8, 0xC9 },
	[BIG5] = { "Big5", is_high, is_big5_trail, is_none, 0xA4, 0xC6, 0xB6 },
	[GBK] = { "gb18030", is_gbk_lead, is_wide_trail, is_none, 0xB0, 0xD7, 0xC9 },
};

static void
count_pairs(const struct shape *shape, const unsigned char *p, size_t len,
    struct pairs *out)
{
	bool follows = false;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < len; i++) {
		if (p[i] < 0x80 || shape->is_single(p[i])) {
			follows = follows && p[i] >= 0x80;
			continue;
		}
		if (!shape->is_lead(p[i]) || i + 1 >= len || !shape->is_trail(p[i + 1])) {
			out->broken++;
			continue;
		}
		out->count++;
		out->common += p[i] >= shape->common_from && p[i] <= shape->common_to;
		out->late += p[i] >= shape->late_from && p[i] <= shape->common_to;
		out->low += p[i + 1] < 0x80;
		out->chained += follows;
		follows = true;
		i++;
	}
}

static bool
is_share(size_t part, size_t percent, size_t whole)
{
	return part * 100 >= percent * whole;
}

/*
 * Words of several characters, and hardly a byte that is part of none: one may be damage, the
 * last may be cut in half.  Accented letters among ASCII pass for characters too, but alone.
 */
static bool
is_built_so(const struct pairs *p)
{
	return p->count >= ENOUGH / 2 && p->broken <= 1 + p->count / 500 &&
	    is_share(p->chained, 40, p->count);
}

/* No Japanese sentence is without kana. */
static const char *
guess_japanese(const unsigned char *p, size_t len)
{
	for (size_t i = SJIS; i <= EUC_JP; i++) {
		struct pairs as;

		count_pairs(&shapes[i], p, len, &as);
		if (is_built_so(&as) && is_share(as.common, 15, as.count))
			return shapes[i].name;
	}
	return NULL;
}

static const char *
guess_pairs(const unsigned char *p, size_t len)
{
	struct pairs korean;
	struct pairs big5;
	struct pairs gbk;

	count_pairs(&shapes[EUC_KR], p, len, &korean);
	count_pairs(&shapes[BIG5], p, len, &big5);
	count_pairs(&shapes[GBK], p, len, &gbk);
	/* Hangul ends where the hanzi of the letters Q to Z begin. */
	if (is_built_so(&korean) && is_share(korean.common, 60, korean.count) &&
	    !is_share(gbk.late, 12, gbk.count))
		return shapes[EUC_KR].name;
	/* GBK accepts what is Big5, but hardly uses trail bytes of ASCII. */
	if (is_built_so(&big5) && is_share(big5.low, 15, big5.count) &&
	    is_share(big5.common, 60, big5.count))
		return shapes[BIG5].name;
	if (is_built_so(&gbk) && !is_share(gbk.low, 15, gbk.count) &&
	    is_share(gbk.common, 55, gbk.count))
		return shapes[GBK].name;
	return NULL;
}

/* ---- one byte a letter, in scripts that are not Latin ---- */

/* Each with its most frequent letters; of two that fit alike the first counts. */
static const struct {
	const char *name;
	const char *letters;
} scripts[] = {
	/* clang-format off */
	{ "windows-1251", "\xEE\xE5\xE0\xE8\xED\xF2\xF1\xF0\xE2\xEB\xEA\xEC\xE4\xEF\xF3\xB3" },
	{ "KOI8-R", "\xCF\xC5\xC1\xC9\xCE\xD4\xD3\xD2\xD7\xCC\xCB\xCD\xC4\xD0\xD5" },
	{ "KOI8-U", "\xCF\xC5\xC1\xC9\xCE\xD4\xD3\xD2\xD7\xCC\xCB\xCD\xC4\xD0\xD5\xA6" },
	{ "ISO-8859-5", "\xDE\xD5\xD0\xD8\xDD\xE2\xE1\xE0\xD2\xDB\xDA\xDC\xD4\xDF\xE3\xF6" },
	{ "windows-1253", "\xE1\xEF\xE9\xE5\xF4\xF3\xED\xE7\xF5\xF1\xF0\xEA\xEB\xEC\xF2\xDF" },
	{ "windows-1255", "\xE9\xE5\xE4\xEC\xE0\xF8\xFA\xE1\xEE\xF9\xF0\xED\xF7\xE3" },
	{ "windows-1256", "\xC7\xE1\xED\xE3\xE6\xE4\xD1\xCA\xC8\xC9\xDA\xCF\xD3\xDD" },
	{ "windows-874", "\xD2\xB9\xC3\xCD\xA1\xE0\xA7\xC1\xC2\xD1\xE9\xE8\xD5\xC7\xD4\xC5"
	    "\xCA\xB7\xB5\xE4\xB4\xE3\xE1\xBA\xA2\xBE\xD7\xD8\xBB\xA4" },
};
/* clang-format on */

/* How often each byte stands, and how many beyond ASCII stand in a row of three or more. */
struct letters {
	size_t of[256];
	size_t high;
	size_t in_rows;
};

static void
count_letters(const unsigned char *p, size_t len, struct letters *out)
{
	size_t row = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < len; i++) {
		if (p[i] < 0x80) {
			row = 0;
			continue;
		}
		out->of[p[i]]++;
		out->high++;
		row++;
		out->in_rows += row == 3 ? 3 : row > 3;
	}
}

/* ---- what the language speaks for ---- */

static const struct {
	const char *language;
	const char *name;
} suggested[] = {
	/* clang-format off */
	{ "ar", "windows-1256" }, { "az", "windows-1254" }, { "be", "windows-1251" },
	{ "bg", "windows-1251" }, { "cs", "windows-1250" }, { "el", "windows-1253" },
	{ "et", "windows-1257" }, { "fa", "windows-1256" }, { "he", "windows-1255" },
	{ "hr", "windows-1250" }, { "hu", "ISO-8859-2" }, { "iw", "windows-1255" },
	{ "ku", "windows-1254" }, { "lt", "windows-1257" }, { "lv", "windows-1257" },
	{ "mk", "windows-1251" }, { "pl", "ISO-8859-2" }, { "ro", "ISO-8859-2" },
	{ "ru", "windows-1251" }, { "sk", "windows-1250" }, { "sl", "ISO-8859-2" },
	{ "sr", "windows-1251" }, { "th", "windows-874" }, { "tr", "windows-1254" },
	{ "uk", "windows-1251" }, { "vi", "windows-1258" },
};
/* clang-format on */

/* What stands behind the key at the beginning of the feed, in lower case, as far as "-". */
static bool
language_after(const char *head, const char *key, char out[LANGUAGE_MAX])
{
	const char *at = text_find_nocase(head, key);
	size_t n = 0;

	if (!at)
		return false;
	at += strlen(key);
	while (text_is_space((unsigned char)*at) || *at == '"' || *at == '\'')
		at++;
	for (; n + 1 < LANGUAGE_MAX && text_lower((unsigned char)at[n]) >= 'a' &&
	     text_lower((unsigned char)at[n]) <= 'z';
	     n++)
		out[n] = (char)text_lower((unsigned char)at[n]);
	out[n] = '\0';
	return n > 0;
}

static const char *
guess_language(const char *bytes, size_t len, const struct letters *letters)
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
		for (size_t i = 0; i < ARRAY_LEN(suggested); i++) {
			const char *name = suggested[i].name;

			if (strcmp(language, suggested[i].language) != 0)
				continue;
			/* Where ISO has controls, Windows has letters: Š, ť, Ž. */
			for (size_t c = 0x80; strcmp(name, "ISO-8859-2") == 0 && c < 0xA0;
			     c++)
				if (letters->of[c] > 0)
					return "windows-1250";
			return name;
		}
	}
	return NULL;
}

/*
 * Accents stand alone among ASCII letters; the words of other scripts have none of these.
 * suggestion: what the feed's language speaks for, or NULL; it tips the scales.
 */
static const char *
guess_script(const struct letters *letters, const char *suggestion)
{
	const char *best = NULL;
	size_t most = 0;

	if (!is_share(letters->in_rows, 60, letters->high))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		bool is_suggested =
		    suggestion && strcmp(suggestion, scripts[i].name) == 0;
		size_t sum = is_suggested ? letters->high / 8 : 0;

		for (const char *at = scripts[i].letters; *at; at++)
			sum += letters->of[(unsigned char)*at];
		if (sum > most) {
			most = sum;
			best = scripts[i].name;
		}
	}
	return is_share(most, 60, letters->high) ? best : NULL;
}

const char *
encoding_guess(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	struct letters letters;
	const char *suggestion = NULL;
	const char *name = NULL;

	if (len > LIMIT_GUESS)
		len = LIMIT_GUESS;
	count_letters(p, len, &letters);
	suggestion = guess_language(bytes, len, &letters);
	if (letters.high >= ENOUGH) {
		name = suggestion ? NULL : guess_japanese(p, len);
		if (!name)
			name = guess_script(&letters, suggestion);
		if (!name && !suggestion)
			name = guess_pairs(p, len);
	}
	if (!name)
		name = suggestion;
	return name ? name : "windows-1252";
}
