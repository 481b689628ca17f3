/* SPDX-License-Identifier: ISC */
/* How the language that a feed names speaks for an encoding; the content says next to nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "feed/encoding_guess.h"
#include "unit/guarded.h"

static const char *
guessed(const char *text)
{
	return encoding_guess(guarded(text, strlen(text)), strlen(text));
}

#define WORD "<title>caf\xE9</title>"

/* The HTML standard's table (13.2.3.2), and where the language may stand. */
static void
a_language_stands_for_its_encoding(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "<language>ar</language>" WORD, "windows-1256" },
		{ "<language>be</language>" WORD, "windows-1251" },
		{ "<language>bg</language>" WORD, "windows-1251" },
		{ "<language>el</language>" WORD, "windows-1253" },
		{ "<language>fa</language>" WORD, "windows-1256" },
		{ "<language>he</language>" WORD, "windows-1255" },
		{ "<language>iw</language>" WORD, "windows-1255" },
		{ "<language>ja</language>" WORD, "Shift_JIS" },
		{ "<language>ko</language>" WORD, "EUC-KR" },
		{ "<language>ru</language>" WORD, "windows-1251" },
		{ "<language>th</language>" WORD, "windows-874" },
		{ "<language>zh</language>" WORD, "gb18030" },
		{ "<language>zh-cn</language>" WORD, "gb18030" },
		{ "<language>zh-tw</language>" WORD, "Big5" },
		{ "<language>zh-HK</language>" WORD, "Big5" },
		{ "<language>zh-twx</language>" WORD, "gb18030" },
		{ "<language>de</language>" WORD, "windows-1252" },
		{ "<language>fr-FR</language>" WORD, "windows-1252" },
		{ WORD, "windows-1252" },
		/* However it is written, and wherever. */
		{ "<LANGUAGE> \n RU-ru </LANGUAGE>" WORD, "windows-1251" },
		{ "<dc:language>ru</dc:language>" WORD, "windows-1251" },
		{ "<rss xml:lang=\"ru\">" WORD, "windows-1251" },
		{ "<rss xml:lang= 'ru'>" WORD, "windows-1251" },
		{ "<language>ru-abcdefghijklmnopqrst</language>" WORD, "windows-1251" },
		{ "<language>rus</language>" WORD, "windows-1252" },
		{ "<language>r</language>" WORD, "windows-1252" },
		{ "<language>ru_RU</language>" WORD, "windows-1251" },
		{ "<language></language>" WORD, "windows-1252" },
		/* What says nothing leaves the word to the next. */
		{ "<language>xx</language><rss xml:lang='ru'>" WORD, "windows-1251" },
		{ "<language></language><rss xml:lang='ru'>" WORD, "windows-1251" },
		{ "<rss xml:lang='ko'><language>ru</language>" WORD, "windows-1251" },
		{ "<dc:language>ko</dc:language><language>de</language>" WORD,
		    "windows-1252" },
		{ WORD "<language>ru", "windows-1251" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = guessed(cases[i].text);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
			    cases[i].want);
	}
}

/* It is looked for in the first 4096 bytes. */
static void
a_language_stands_at_the_beginning(void **state)
{
	(void)state;
	for (size_t end = 4096; end <= 4097; end++) {
		struct buf b = BUF_INIT(8192);

		while (b.len < end - strlen("<language>ru"))
			buf_addc(&b, ' ');
		buf_adds(&b, "<language>ru</language>" WORD);
		assert_string_equal(guessed(buf_text(&b)),
		    end == 4096 ? "windows-1251" : "windows-1252");
		buf_clear(&b);
	}
}

/* ---- what the content says ---- */

/* Hungarian without its double accents, so that German and Dutch have all of its letters. */
#define HUNGARIAN "Holnap k\xF6z\xE9pid\xF6, d\xE9lben f\xFCty\xFCl, \xE9jjel \xE1ll"

/* Signs that stand where they stand in every encoding of Windows, and the letters of two languages
   that have those of the sentence: with any other byte it is not their text. */
static void
one_foreign_letter_of_nine_is_too_many(void **state)
{
	static const char signs[] =
	    "\x80\x82\x83\x84\x85\x86\x87\x8B\x91\x92\x93\x94\x95\x96\x97\x9B"
	    "\xA0\xA7\xA9\xAB\xAE\xB0\xB7\xBB";
	static const char german[] = "\xE4\xF6\xFC\xC4\xD6\xDC\xDF\xE9\xE8\xE0\xE1\xF4";
	static const char dutch[] = "\xE1\xE9\xE8\xEA\xEB\xED\xEF\xF3\xF6\xFA\xFC";

	(void)state;
	for (int c = 0x80; c <= 0xFF; c++) {
		const bool is_western = strchr(signs, (char)c) ||
		    strchr(german, (char)c) || strchr(dutch, (char)c);
		char whole[200];
		const char *got = NULL;

		(void)snprintf(whole, sizeof(whole), "%s %c", HUNGARIAN, c);
		got = guessed(whole);
		if ((strcmp(got, "windows-1252") == 0) != is_western)
			fail_msg("%02X: got %s", (unsigned)c, got);
		/* Where ISO-8859-2 has controls it is not meant. */
		if (!is_western && c < 0xA0)
			assert_string_equal(got, "windows-1250");
	}
}

#define MORE(text) HUNGARIAN " " text
#define GREEK \
	"\xC1\xFD\xF1\xE9\xEF \xF3\xF4\xE7\xED \xC1\xE8\xDE\xED\xE1 \xEF " \
	"\xEA\xE1\xE9\xF1\xFC\xF2 \xE8\xE1 \xE5\xDF\xED\xE1\xE9 " \
	"\xE1\xDF\xE8\xF1\xE9\xEF\xF2."
#define RUSSIAN \
	"\xFA\xC1\xD7\xD4\xD2\xC1 \xD7 \xED\xCF\xD3\xCB\xD7\xC5 " \
	"\xCF\xD6\xC9\xC4\xC1\xC5\xD4\xD3\xD1 \xD0\xC5\xD2\xC5\xCD\xC5\xCE\xCE\xC1\xD1 " \
	"\xCF\xC2\xCC\xC1\xDE\xCE\xCF\xD3\xD4\xD8."
#define SHORT_WORDS \
	"\xFD\xF2\xEE \xEA\xE0\xEA \xF2\xE0\xEA \xF7\xF2\xEE " \
	"\xEE\xED \xEC\xFB \xED\xE5 \xED\xE0 \xE4\xEE \xEF\xEE \xE7\xE0 \xE8\xE7 \xEE\xF2"
#define ARABIC \
	"\xEA\xE3\xE8\xE6 \xC7\xE4\xD7\xE2\xD3 \xDA\xCF\xC7 \xE1\xEA " \
	"\xC7\xE4\xE2\xC7\xE7\xD1\xC9 \xE5\xD9\xCA\xCF\xE4\xC7 " \
	"\xE8\xC7\xE4\xD3\xE5\xC7\xC1 \xD5\xC7\xE1\xEA\xC9"

static const struct {
	const char *name, *text, *want;
} contents[] = {
	/* Nineteen letters of twenty are the language's own, eighteen of nineteen are fewer than
	   95 in a hundred. */
	{ "19 of 20",
	    MORE(
		"k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 \xFF"),
	    "windows-1252" },
	{ "18 of 19",
	    MORE("k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 k\xF6 \xFF"),
	    "ISO-8859-2" },
	/* Two letters may be those of a name, three are not. */
	{ "two letters", "Budapesten holnap er\xF5s \xE9szaki szel", "windows-1252" },
	{ "two and quotes", "Budapesten \x93holnap\x94 er\xF5s \x93\xE9szaki szel\x94",
	    "windows-1252" },
	{ "three letters", "Budapesten holnap er\xF5s \xE9szaki sz\xE9l", "ISO-8859-2" },
	/* The letters of Poland tell which of two it is, and controls tell it first. */
	{ "neither", MORE("\xA1"), "windows-1250" },
	{ "a with a tail", MORE("\xA1 \xB1"), "ISO-8859-2" },
	{ "s with an accent", MORE("\xA1 \xB6"), "ISO-8859-2" },
	{ "z with an accent", MORE("\xA1 \xBC"), "ISO-8859-2" },
	{ "a control", MORE("\x9C \xB1"), "windows-1250" },
	{ "the first control", MORE("\xFF \x80"), "windows-1250" },
	{ "no control", MORE("\xFF \xA0"), "ISO-8859-2" },
	{ "Greek", GREEK, "windows-1253" },
	{ "Greek, an accent as ISO has it", GREEK " \xB6", "ISO-8859-7" },
	{ "as often as the other", GREEK " \xB6 \xA2", "windows-1253" },
	{ "beside a quote of Windows", GREEK " \xB6 \x93", "windows-1253" },
	{ "Russian", RUSSIAN, "KOI8-R" },
	{ "Ukrainian ie", RUSSIAN " \xA4", "KOI8-U" },
	{ "Ukrainian i", RUSSIAN " \xA6", "KOI8-U" },
	{ "Ukrainian yi", RUSSIAN " \xA7", "KOI8-U" },
	{ "Ukrainian ghe", RUSSIAN " \xAD", "KOI8-U" },
	{ "a box", RUSSIAN " \xA5", "KOI8-R" },
	{ "Arabic", ARABIC, "ISO-8859-6" },
	/* Four letters of ten in words of three or more: fewer are accents among ASCII. */
	{ "twelve of thirty", SHORT_WORDS, "windows-1251" },
	{ "twelve of thirty-two", SHORT_WORDS " \xF1\xEE", "windows-1252" },
};

static void
some_bytes_tell_relatives_apart(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		const char *got = guessed(contents[i].text);

		if (strcmp(got, contents[i].want) != 0) {
			print_error("%s: got %s, want %s\n", contents[i].name, got,
			    contents[i].want);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_language_stands_for_its_encoding),
		cmocka_unit_test(a_language_stands_at_the_beginning),
		cmocka_unit_test(one_foreign_letter_of_nine_is_too_many),
		cmocka_unit_test(some_bytes_tell_relatives_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
