/* SPDX-License-Identifier: ISC */
/* What is left of a server's words: each letter at the edges of its range, cut where it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "mail/report_reason.h"

/* Unicode 15: capitals and their small letters; 0: no letter, which parts words. */
static const struct {
	uint32_t c, want;
} letters[] = {
	{ '/', 0 },
	{ '0', '0' },
	{ '9', '9' },
	{ ':', 0 },
	{ '@', 0 },
	{ 'A', 'a' },
	{ 'Z', 'z' },
	{ '[', 0 },
	{ 'a', 'a' },
	{ 'z', 'z' },
	{ '{', 0 },
	{ 0x7F, 0 },
	/* Latin-1: signs are no letters, and letters lose their marks. */
	{ 0xBF, 0 },
	{ 0xC0, 'a' },
	{ 0xD6, 'o' },
	{ 0xD7, 0 },
	{ 0xD8, 'o' },
	{ 0xDF, 's' },
	{ 0xE0, 'a' },
	{ 0xF6, 'o' },
	{ 0xF7, 0 },
	{ 0xF8, 'o' },
	{ 0xFF, 'y' },
	{ 0x100, 'a' },
	{ 0x17F, 's' },
	{ 0x180, 0x180 },
	/* Greek */
	{ 0x390, 0x390 },
	{ 0x391, 0x3B1 },
	{ 0x3A9, 0x3C9 },
	{ 0x3AA, 0x3AA },
	{ 0x3FF, 0x3FF },
	/* Cyrillic */
	{ 0x400, 0x450 },
	{ 0x40F, 0x45F },
	{ 0x410, 0x430 },
	{ 0x42F, 0x44F },
	{ 0x430, 0x430 },
	{ 0x44F, 0x44F },
	{ 0x450, 0x450 },
	{ 0x7FF, 0x7FF },
	{ 0x800, 0x800 },
	/* General Punctuation; superscripts share their first octets, subscripts do not. */
	{ 0x1FFF, 0x1FFF },
	{ 0x2000, 0 },
	{ 0x207F, 0 },
	{ 0x2080, 0x2080 },
	/* CJK Symbols and Punctuation */
	{ 0x2FFF, 0x2FFF },
	{ 0x3000, 0 },
	{ 0x303F, 0 },
	{ 0x3040, 0x3040 },
	/* Fullwidth forms */
	{ 0xFEFF, 0xFEFF },
	{ 0xFF00, 0 },
	{ 0xFF0F, 0 },
	{ 0xFF10, 0xFF10 },
	{ 0xFF19, 0xFF19 },
	{ 0xFF1A, 0 },
	{ 0xFF20, 0 },
	{ 0xFF21, 0xFF21 },
	{ 0xFF40, 0xFF40 },
	{ 0xFFFD, 0xFFFD },
	{ 0x10000, 0x10000 },
};

/* One character as UTF-8; in a. */
static const char *
encoded(struct arena *a, uint32_t c)
{
	struct buf b = BUF_INIT(10);
	const char *text = NULL;

	if (c != 0)
		text_encode(&b, c);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

static void
each_letter_is_small_and_without_its_mark(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		const char *got = reason_words(a,
		    arena_printf(a, "x%sy", encoded(a, letters[i].c)), 100);
		const char *want = letters[i].want == 0
		    ? " x y "
		    : arena_printf(a, " x%sy ", encoded(a, letters[i].want));

		if (strcmp(got, want) != 0)
			fail_msg("U+%04X: got \"%s\"", (unsigned)letters[i].c, got);
	}
	arena_free(a);
}

static const struct {
	const char *text;
	size_t max;
	const char *want;
} cuts[] = {
	{ "abc", 0, " " },
	{ "abc", 1, " a " },
	{ "a", 5, " a " },
	{ ".", 5, " " },
	{ "a.", 5, " a " },
	{ ".a", 5, " a " },
	{ ". .a. .b. .", 50, " a b " },
	/* Half a character stays as it is. */
	{ "\xC3\xA9", 2, " e " },
	{ "\xC3\xA9", 1, " \xC3 " },
	{ "\xC3x", 2, " \xC3x " },
	{ "\xC1\xA9", 2, " \xC1\xA9 " },
	{ "\xC2\xBF", 2, " " },
	{ "\xDF\xBF", 2, " \xDF\xBF " },
	{ "\xE4\xB8\x8D", 3, " \xE4\xB8\x8D " },
	{ "\xE4\xB8\x8D", 2, " \xE4\xB8 " },
	{ "\xE4xy", 3, " \xE4xy " },
	{ "\xE3\x80\x82", 3, " " },
	{ "\xE3\x80\x82", 2, " \xE3\x80 " },
	{ "\xEF\xBF\xBD", 3, " \xEF\xBF\xBD " },
	{ "\xF0\x9F\x98\x80", 4, " \xF0\x9F\x98\x80 " },
	{ "\x80", 1, " \x80 " },
};

static void
words_are_cut_where_they_must(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
		const char *got = reason_words(a, cuts[i].text, cuts[i].max);

		if (strcmp(got, cuts[i].want) != 0)
			fail_msg("%zu: got \"%s\", want \"%s\"", i, got, cuts[i].want);
	}
	arena_free(a);
}

static void
a_phrase_is_one_of_several(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const two[] = { " no", " never", NULL };

	(void)state;
	assert_false(reason_has(" no ", none));
	assert_true(reason_has(" say no ", two));
	assert_true(reason_has(" nevermore ", two));
	assert_false(reason_has(" piano ", two));
	assert_false(reason_has("", two));
}

static const struct {
	const char *text, *status;
	int code;
} codes[] = {
	{ "400 x", "", 400 },
	{ "477 x", "", 477 },
	{ "409 x", "", 409 },
	{ "4/0 x", "", 0 },
	{ "40: x", "", 0 },
	{ "40/ x", "", 0 },
	{ "450 550", "", 450 },
	{ "350 550", "", 550 },
	{ "1550 x", "", 0 },
	{ "55", "", 0 },
	{ "5", "", 0 },
	{ "550-", "", 550 },
	{ "550)", "", 550 },
	{ "550.", "", 0 },
	{ "550x", "", 0 },
	{ "x 550", "", 550 },
	{ "x-550 551", "", 551 },
	{ "2.1.5", "2.1.5", 0 },
	{ "4.1.5", "4.1.5", 0 },
	{ "6.1.5", "", 0 },
	{ "1.1.5", "", 0 },
	{ "5,1.5", "", 0 },
	{ "5.1,5", "", 0 },
	{ "5.x.5", "", 0 },
	{ "5.1.x", "", 0 },
	{ "5.123.1", "5.123.1", 0 },
	{ "5.1234.1", "", 0 },
	{ "5.1.1234", "", 0 },
	{ "5.1.1.", "5.1.1", 0 },
	{ "5.1.1.x", "5.1.1", 0 },
	{ "5.1.1.0", "", 0 },
	{ "3.1.1 5.1.2", "5.1.2", 0 },
	{ "5.1.1 5.1.2", "5.1.1", 0 },
	{ "15.1.1", "", 0 },
	{ "z5.1.1", "", 0 },
	{ "(5.1.1)", "5.1.1", 0 },
	{ " -5.1.1", "", 0 },
	{ "9-5.1.1", "5.1.1", 0 },
	{ "x-5.1.1", "", 0 },
	{ "-5.1.1", "5.1.1", 0 },
};

static void
codes_are_found_in_their_places(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const char *status = reason_status(a, codes[i].text);
		const int code = reason_code(codes[i].text);

		if (strcmp(status, codes[i].status) != 0 || code != codes[i].code)
			fail_msg("%s: got \"%s\" %d", codes[i].text, status, code);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_is_small_and_without_its_mark),
		cmocka_unit_test(words_are_cut_where_they_must),
		cmocka_unit_test(a_phrase_is_one_of_several),
		cmocka_unit_test(codes_are_found_in_their_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
