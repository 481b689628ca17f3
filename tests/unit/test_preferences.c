/* SPDX-License-Identifier: ISC */
/* Choices of sources, and what makes two variants the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "list/preferences.h"

static void
sources_are_all_only_or_all_but(void **state)
{
	static const struct {
		const char *sources;
		int64_t id;
		bool takes;
	} cases[] = {
		{ "*", 1, true },
		{ "*", 1000000, true },
		{ "+5", 5, true },
		{ "+5", 50, false },
		{ "+50", 5, false },
		{ "+1 5 9", 1, true },
		{ "+1 5 9", 5, true },
		{ "+1 5 9", 9, true },
		{ "+1 5 9", 15, false },
		{ "+1 5 9", 59, false },
		{ "-3 7", 3, false },
		{ "-3 7", 7, false },
		{ "-3 7", 37, true },
		{ "-3 7", 4, true },
		{ "+", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct variant v = { .sources = cases[i].sources };

		if (variant_takes(&v, cases[i].id) != cases[i].takes)
			fail_msg("'%s' and %lld", cases[i].sources,
			    (long long)cases[i].id);
	}
}

static void
a_choice_has_one_text(void **state)
{
	static const int64_t ids[] = { 9, 1, 5, 1, 9 };
	static const int64_t more[] = { 10, 9 };
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(variant_sources(a, '+', ids, 5), "+1 5 9");
	assert_string_equal(variant_sources(a, '-', ids, 5), "-1 5 9");
	assert_string_equal(variant_sources(a, '+', more, 2), "+9 10");
	assert_string_equal(variant_sources(a, '-', more, 1), "-10");
	assert_string_equal(variant_sources(a, '*', ids, 5), "*");
	assert_string_equal(variant_sources(a, '-', NULL, 0), "*");
	arena_free(a);
}

static void
equal_variants_have_equal_keys(void **state)
{
	struct arena *a = arena_new();
	const struct variant archive = variant_of_archive();
	const struct variant choosy = { .length = LENGTH_TITLES,
		.format = FORMAT_TEXT,
		.sources = "+1 5" };
	struct variant brief = { .length = LENGTH_SHORT,
		.format = FORMAT_HTML,
		.sources = "-3" };

	(void)state;
	assert_string_equal(variant_key(a, &archive), "html default *");
	assert_string_equal(variant_key(a, &choosy), "text titles +1 5");
	brief.length = LENGTH_WHOLE;
	assert_string_equal(variant_key(a, &brief), "html whole -3");
	brief.length = LENGTH_SHORT;
	brief.language = "pt-BR";
	assert_string_equal(variant_key(a, &brief), "html short pt-BR -3");
	brief.language = "";
	assert_string_equal(variant_key(a, &brief), "html short -3");
	arena_free(a);
}

static void
pages_show_no_more_than_the_newsletter(void **state)
{
	static const struct {
		enum entry_body archive_full;
		enum entry_body usual;
		enum length_wish want;
	} cases[] = {
		{ BODY_TITLES, BODY_TITLES, LENGTH_TITLES },
		{ BODY_TITLES, BODY_SHORT, LENGTH_TITLES },
		{ BODY_TITLES, BODY_WHOLE, LENGTH_TITLES },
		{ BODY_SHORT, BODY_TITLES, LENGTH_TITLES },
		{ BODY_SHORT, BODY_SHORT, LENGTH_SHORT },
		{ BODY_SHORT, BODY_WHOLE, LENGTH_SHORT },
		/* As the letter is: what is kept. */
		{ BODY_WHOLE, BODY_TITLES, LENGTH_DEFAULT },
		{ BODY_WHOLE, BODY_SHORT, LENGTH_DEFAULT },
		{ BODY_WHOLE, BODY_WHOLE, LENGTH_DEFAULT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct variant v =
		    variant_of_pages(cases[i].archive_full, cases[i].usual);

		if (v.length != cases[i].want)
			fail_msg("case %zu: got %d, want %d", i, (int)v.length,
			    (int)cases[i].want);
		assert_int_equal(v.format, FORMAT_HTML);
		assert_string_equal(v.sources, "*");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_are_all_only_or_all_but),
		cmocka_unit_test(a_choice_has_one_text),
		cmocka_unit_test(equal_variants_have_equal_keys),
		cmocka_unit_test(pages_show_no_more_than_the_newsletter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
