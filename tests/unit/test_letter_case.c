/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/letter_case.h"

static const struct {
	const char *name;
	uint32_t capital, small;
} pairs[] = {
	{ "A", 'A', 'a' },
	{ "Z", 'Z', 'z' },
	{ "A with grave", 0xC0, 0xE0 },
	{ "Thorn", 0xDE, 0xFE },
	{ "Y with diaeresis", 0x178, 0xFF },
	{ "A with macron", 0x100, 0x101 },
	{ "L with acute, odd", 0x139, 0x13A },
	{ "L with stroke", 0x141, 0x142 },
	{ "N with caron, odd", 0x147, 0x148 },
	{ "Eng", 0x14A, 0x14B },
	{ "Z with acute, odd", 0x179, 0x17A },
	{ "Z with caron, odd", 0x17D, 0x17E },
	{ "S with comma", 0x218, 0x219 },
	{ "Alpha with tonos", 0x386, 0x3AC },
	{ "Alpha", 0x391, 0x3B1 },
	{ "Omega", 0x3A9, 0x3C9 },
	{ "Ie with grave", 0x400, 0x450 },
	{ "Dzhe", 0x40F, 0x45F },
	{ "A of Cyrillic", 0x410, 0x430 },
	{ "Ya", 0x42F, 0x44F },
	{ "Ghe with upturn", 0x490, 0x491 },
	{ "Ayb of Armenian", 0x531, 0x561 },
};

static void
capitals_and_their_small_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		if (letter_fold(pairs[i].capital) != pairs[i].small ||
		    letter_fold(pairs[i].small) != pairs[i].small)
			fail_msg("%s: the small letter is another", pairs[i].name);
		if (letter_capital(pairs[i].small) != pairs[i].capital ||
		    letter_capital(pairs[i].capital) != pairs[i].capital)
			fail_msg("%s: the capital is another", pairs[i].name);
	}
}

static void
what_has_no_case_is_left(void **state)
{
	static const uint32_t same[] = { 0, '0', '@', '[', '`', '{', 0xD7, 0xF7, 0xDF,
		0x138, 0x5D0, 0x4E00, 0x1F600, 0x10FFFF };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		assert_int_equal(letter_fold(same[i]), same[i]);
		assert_int_equal(letter_capital(same[i]), same[i]);
	}
	/* The sigma at the end of a word is compared as any other. */
	assert_int_equal(letter_fold(0x3C2), 0x3C3);
	assert_int_equal(letter_fold(0x3A3), 0x3C3);
	assert_int_equal(letter_capital(0x3C2), 0x3A3);
	assert_int_equal(letter_fold(0x130), 'i');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capitals_and_their_small_letters),
		cmocka_unit_test(what_has_no_case_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
