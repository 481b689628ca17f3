/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/colour.h"
#include "base/limits.h"
#include "config/style_colours.h"

static void
only_colours_are_colours(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* NULL = none */
	} table[] = {
		{ "#0b57a4", "#0b57a4" },
		{ "#FFF", "#ffffff" },
		{ "#1aF", "#11aaff" },
		{ "#12345", NULL },
		{ "#12", NULL },
		{ "#1234567", NULL },
		{ "#0af9", NULL },
		{ "x123456", NULL },
		{ "#09afAF", "#09afaf" },
		{ "", NULL },
		{ "#", NULL },
		{ "0b57a4", NULL },
		{ "#0b57a", NULL },
		{ "#0b57a4 ", NULL },
		{ "#0b57g4", NULL },
		{ "red", NULL },
		{ "#fff}a{color:red", NULL },
		{ "url(https://x.example/)", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct colour c;
		char text[COLOUR_TEXT];
		const bool is_one = colour_parse(table[i].text, &c);

		if (is_one != (table[i].want != NULL) ||
		    (is_one && strcmp(colour_text(c, text), table[i].want) != 0))
			fail_msg("\"%s\" is taken wrongly", table[i].text);
	}
}

/* The figures of the WCAG's own examples and of webaim.org's checker. */
static void
contrasts_are_those_of_wcag(void **state)
{
	static const struct {
		struct colour a, b;
		double want;
	} table[] = {
		{ { 0, 0, 0 }, { 255, 255, 255 }, 21.0 },
		{ { 255, 255, 255 }, { 255, 255, 255 }, 1.0 },
		{ { 0x77, 0x77, 0x77 }, { 255, 255, 255 }, 4.48 },
		{ { 0x76, 0x76, 0x76 }, { 255, 255, 255 }, 4.54 },
		{ { 255, 0, 0 }, { 255, 255, 255 }, 4.00 },
		{ { 255, 255, 255 }, { 0, 0, 255 }, 8.59 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const double got = colour_contrast(table[i].a, table[i].b);

		if (got < table[i].want - 0.006 || got > table[i].want + 0.006)
			fail_msg("case %zu: got %.3f, want %.2f", i, got, table[i].want);
	}
}

/* White is mixed in by sixty-fourths, until the contrast is as wanted or nothing but white is left. */
static void
a_colour_is_made_lighter_no_more_than_needed(void **state)
{
	static const struct colour black = { 0, 0, 0 };
	static const struct colour grounds[] = { { 0, 0, 0 }, { 0x40, 0x40, 0x40 } };
	static const struct {
		struct colour c;
		size_t grounds;
		double contrast;
		const char *want;
	} table[] = {
		{ { 0, 0, 0 }, 1, 1.0, "#000000" },
		/* 3/255/12.92 is 0.00091, and 1.018 times 0.05 */
		{ { 0, 0, 0 }, 1, 1.01, "#030303" },
		{ { 0, 0, 0 }, 1, 1.03, "#070707" },
		{ { 0, 0, 0 }, 1, 20.99, "#ffffff" },
		{ { 0, 0, 0 }, 1, 22.0, "#ffffff" },
		{ { 255, 0, 55 }, 1, 22.0, "#ffffff" },
		{ { 0, 60, 255 }, 1, 1.0, "#003cff" },
		/* On each ground: itself is on the second */
		{ { 0x40, 0x40, 0x40 }, 2, 1.001, "#424242" },
		{ { 0x40, 0x40, 0x40 }, 0, 5.0, "#404040" },
	};
	char text[COLOUR_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct colour got = colour_lighten(table[i].c, grounds,
		    table[i].grounds, table[i].contrast);

		if (strcmp(colour_text(got, text), table[i].want) != 0)
			fail_msg("case %zu: got %s, want %s", i, text, table[i].want);
	}
	/* What has just the contrast is left alone. */
	for (int i = 0; i < 256; i++) {
		const struct colour c = { (unsigned char)i, (unsigned char)i, 80 };
		const struct colour got =
		    colour_lighten(c, &black, 1, colour_contrast(c, black));

		assert_memory_equal(&got, &c, sizeof(c));
	}
}

static void
only_what_can_be_read_is_taken(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(style_colour_light(a, "#7A1F5C"), "#7a1f5c");
	assert_null(style_colour_light(a, "#ffcc00")); /* yellow on white: 1.5 */
	assert_null(style_colour_light(a, "#767676")); /* 4.54 on white, 4.06 on paper */
	assert_null(style_colour_light(a, "blue"));
	assert_string_equal(style_colour_dark(a, "#fc0"), "#ffcc00");
	assert_null(style_colour_dark(a, "#7a1f5c"));
	arena_free(a);
}

static void
dark_colours_follow(void **state)
{
	static const char *const colours[] = { "#000000", "#0b57a4", "#7a1f5c", "#8b0000",
		"#006400", "#5a3d00" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(colours); i++) {
		struct config c = { .style = { colours[i], "" } };
		struct style_colours got;

		style_colours_of(&c, &got);
		assert_string_equal(got.light, colours[i]);
		if (!style_colour_dark(a, got.dark))
			fail_msg("%s cannot be read where %s comes from", got.dark,
			    colours[i]);
	}
	struct config c = { .style = { "", "#fc0" } };
	struct style_colours got;

	style_colours_of(&c, &got);
	assert_string_equal(got.light, "");
	assert_string_equal(got.dark, "#ffcc00");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_colours_are_colours),
		cmocka_unit_test(contrasts_are_those_of_wcag),
		cmocka_unit_test(a_colour_is_made_lighter_no_more_than_needed),
		cmocka_unit_test(only_what_can_be_read_is_taken),
		cmocka_unit_test(dark_colours_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
