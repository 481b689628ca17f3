/* SPDX-License-Identifier: ISC */
/* Which characters end, close and begin sentences, and which words end none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "html/sentence_end.h"
#include "unit/guarded.h"

static void
check(bool (*is)(uint32_t c), const uint32_t *list, size_t count, bool want)
{
	for (size_t i = 0; i < count; i++)
		if (is(list[i]) != want)
			fail_msg("U+%04X: want %d", (unsigned)list[i], want);
}

static void
sentences_end_with_stops_of_many_scripts(void **state)
{
	static const uint32_t ends[] = { '.', '!', '?', 0x2026, 0x3002, 0xFF01, 0xFF1F,
		0xFF0E, 0xFF61, 0x061F, 0x06D4, 0x0964 };
	static const uint32_t others[] = { 0, ' ', ',', '-', '/', ';', ':', '"', '@', 'a',
		0x2025, 0x2027, 0x3001, 0xFF00, 0xFF0D, 0xFF0F, 0xFF1E, 0xFF20, 0xFF60 };

	(void)state;
	check(sentence_ends_with, ends, ARRAY_LEN(ends), true);
	check(sentence_ends_with, others, ARRAY_LEN(others), false);
}

static void
quotes_and_brackets_close_them(void **state)
{
	static const uint32_t closes[] = { '"', '\'', ')', ']', '}', 0xAB, 0xBB, 0x2018,
		0x2019, 0x201C, 0x201D, 0x201F, 0x203A, 0x300D, 0x300F, 0x3011, 0x3009,
		0x300B, 0xFF09, 0xFF3D, 0xFF63 };
	static const uint32_t others[] = { 0, ' ', '!', '#', '&', '(', '[', '{', '.', 'a',
		0xAA, 0xBA, 0x2017, 0x2020, 0x2039, 0x300C, 0x300E, 0x3010, 0x3008,
		0x300A, 0xFF08, 0xFF3B, 0xFF62 };

	(void)state;
	check(sentence_closes_with, closes, ARRAY_LEN(closes), true);
	check(sentence_closes_with, others, ARRAY_LEN(others), false);
}

/* Of Latin, Cyrillic and Greek. */
static void
small_letters_begin_none(void **state)
{
	static const uint32_t small[] = { 'a', 'm', 'z', 0xDF, 0xE9, 0xF6, 0xF8, 0xFF,
		0x430, 0x44F, 0x45F, 0x3AC, 0x3B1, 0x3CE };
	static const uint32_t others[] = { '`', '{', 'A', 'Z', '1', ' ', 0xDE, 0xF7,
		0x100, 0x42F, 0x460, 0x3AB, 0x3CF, 0x4E00 };

	(void)state;
	check(char_is_small, small, ARRAY_LEN(small), true);
	check(char_is_small, others, ARRAY_LEN(others), false);
	assert_true(char_is_wide(0x4E00));
	assert_false(char_is_wide('a'));
	assert_false(char_is_wide(0x301));
}

static void
abbreviations_initials_and_days_have_stops(void **state)
{
	static const struct {
		const char *word;
		bool want;
	} cases[] = {
		{ "Dr", true },
		{ "Drs", false },
		{ "D", true },
		{ "dr", false },
		{ "Dez", true },
		{ "z.B", true },
		{ "(Dr", true },
		{ "[\"'Dr", true },
		{ "\"J", true },
		{ "((", false },
		{ "", false },
		{ "J", true },
		{ "I", false },
		{ "\u00C9", true },
		{ "\u65E5", false },
		{ "Jo", false },
		{ "\u00C9a", false },
		{ "5", true },
		{ "31", true },
		{ "311", false },
		{ "3a", false },
		{ "a3", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].word);
		/* The stop behind it is there, and is not of it. */
		char text[16] = "";

		memcpy(text, cases[i].word, len);
		text[len] = '.';
		if (word_is_abbreviation(text, len) != cases[i].want)
			fail_msg("\"%s\": want %d", cases[i].word, cases[i].want);
	}
}

static void
references_are_read_as_what_a_reader_sees(void **state)
{
	static const struct {
		const char *text;
		size_t len; /* of the character */
		uint32_t c;
	} cases[] = {
		{ "a", 1, 'a' },
		{ "\u00E9a", 2, 0xE9 },
		{ "&lt;a", 4, '<' },
		{ "&gt;", 4, '>' },
		{ "&amp;lt;", 5, '&' },
		{ "&quot;", 6, '"' },
		{ "&lt", 1, '&' },
		{ "& ;", 3, '&' },
		{ "&abcde;", 7, '&' },
		{ "&abcdef;", 1, '&' },
		{ "a;", 1, 'a' },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].text);
		uint32_t c = 0;
		const size_t got = html_next_char(guarded(cases[i].text, len), len, &c);

		if (got != cases[i].len || c != cases[i].c)
			fail_msg("%s: got %zu, U+%04X", cases[i].text, got, (unsigned)c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_end_with_stops_of_many_scripts),
		cmocka_unit_test(quotes_and_brackets_close_them),
		cmocka_unit_test(small_letters_begin_none),
		cmocka_unit_test(abbreviations_initials_and_days_have_stops),
		cmocka_unit_test(references_are_read_as_what_a_reader_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
