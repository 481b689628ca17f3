/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "digest/wording.h"

/* CLDR 42, cardinal rules. */
static const struct {
	const char *rule;
	int64_t n;
	const char *want;
} plural_cases[] = {
	/* clang-format off */
	{ "none", 1, "other" }, { "none", 5, "other" },
	{ "one", 0, "other" }, { "one", 1, "one" }, { "one", 2, "other" }, { "one", 21, "other" },
	{ "zero-one", 0, "one" }, { "zero-one", 1, "one" }, { "zero-one", 2, "other" },
	{ "slavic", 0, "many" }, { "slavic", 1, "one" }, { "slavic", 3, "few" },
	{ "slavic", 5, "many" }, { "slavic", 11, "many" }, { "slavic", 12, "many" },
	{ "slavic", 21, "one" }, { "slavic", 22, "few" }, { "slavic", 111, "many" },
	{ "slavic", 114, "many" }, { "slavic", 122, "few" },
	{ "slavic", 2, "few" }, { "slavic", 4, "few" }, { "slavic", 9, "many" },
	{ "slavic", 101, "one" }, { "slavic", 112, "many" },
	{ "polish", 2, "few" }, { "polish", 4, "few" }, { "polish", 5, "many" },
	{ "polish", 12, "many" }, { "polish", 14, "many" }, { "polish", 104, "few" },
	{ "polish", 112, "many" }, { "polish", 114, "many" }, { "polish", 1, "one" },
	{ "polish", 21, "many" }, { "polish", 22, "few" },
	{ "polish", 13, "many" }, { "polish", 0, "many" },
	{ "czech", 1, "one" }, { "czech", 2, "few" }, { "czech", 4, "few" }, { "czech", 5, "other" },
	{ "czech", 0, "other" },
	{ "arabic", 0, "zero" }, { "arabic", 1, "one" }, { "arabic", 2, "two" },
	{ "arabic", 3, "few" }, { "arabic", 10, "few" }, { "arabic", 11, "many" },
	{ "arabic", 99, "many" }, { "arabic", 100, "other" }, { "arabic", 102, "other" },
	{ "arabic", 103, "few" },
	{ "arabic", 110, "few" }, { "arabic", 199, "many" },
	{ "klingon", 1, "other" },
};
/* clang-format on */

static void
test_plurals(void **state)
{
	static const char forms[] =
	    "[x]\nzero = zero\none = one\ntwo = two\nfew = few\nmany = many\nother = other\n";
	struct arena *a = arena_new();
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plural_cases); i++) {
		const char *rule =
		    arena_printf(a, "[plural]\nrule = %s\n", plural_cases[i].rule);
		struct wording *m = wording_new(a);
		const char *got = NULL;

		assert_true(wording_add(m, "rule", rule, strlen(rule), &err));
		assert_true(wording_add(m, "forms", forms, strlen(forms), &err));
		got = wording_count(a, m, "x", plural_cases[i].n, NULL, &err);
		if (strcmp(got, plural_cases[i].want) != 0)
			fail_msg("%s %d: got %s, want %s", plural_cases[i].rule,
			    (int)plural_cases[i].n, got, plural_cases[i].want);
		wording_free(m);
	}
	arena_free(a);
}

static const char near[] =
    "[plural]\nrule = czech\n"
    "[posts]\none = {{n}} clanek\nfew = {{n}} clanky\nother = {{n}} clanku\n"
    "[words]\nby = od {{author}}\n";
static const char far[] =
    "[plural]\nrule = one\n"
    "[posts]\none = {{n}} post\nother = {{n}} posts\n"
    "[minutes]\none = {{n}} minute\nother = {{n}} minutes\n"
    "[more]\nother = {{n}} more at {{source}}\n"
    "[words]\nby = by {{author}}\nall = all issues\n"
    "[dates]\nweekdays = Sun Mon Tue Wed Thu Fri Sat\n"
    "months = Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec\n"
    "date = {{weekday}}, {{day}} {{month}} {{year}}\n"
    "iso = {{year}}-{{month_number}}-{{day}} {{hour}}:{{minute}} {{zone}}\n";

static struct wording *
open_messages(struct arena *a)
{
	struct wording *m = wording_new(a);
	struct err err = ERR_INIT;

	if (!wording_add(m, "near", near, strlen(near), &err) ||
	    !wording_add(m, "far", far, strlen(far), &err))
		fail_msg("%s", err.text);
	return m;
}

static void
test_layers(void **state)
{
	struct arena *a = arena_new();
	struct wording *m = open_messages(a);
	struct err err = ERR_INIT;
	struct template_value *values = template_map(a);

	(void)state;
	template_put_text(values, "author", "Ann & Bo");
	template_put_text(values, "source", "X");
	assert_string_equal(wording_fill(a, m, "words", "by", values, &err),
	    "od Ann & Bo");
	assert_string_equal(wording_raw(m, "words", "all"), "all issues");
	assert_string_equal(wording_raw(m, "words", "none such"), "");
	assert_string_equal(wording_fill(a, m, "words", "none such", values, &err), "");
	assert_string_equal(wording_count(a, m, "posts", 1, NULL, &err), "1 clanek");
	assert_string_equal(wording_count(a, m, "posts", 3, NULL, &err), "3 clanky");
	assert_string_equal(wording_count(a, m, "posts", 25, NULL, &err), "25 clanku");
	/* What only the far language has is said in its words by the near one's rule. */
	assert_string_equal(wording_count(a, m, "minutes", 3, NULL, &err), "3 minutes");
	assert_string_equal(wording_count(a, m, "more", 7, values, &err), "7 more at X");
	assert_false(err_is_set(&err));
	wording_free(m);
	arena_free(a);
}

static void
test_dates(void **state)
{
	struct arena *a = arena_new();
	struct wording *m = open_messages(a);
	struct err err = ERR_INIT;
	struct civil c = { .year = 2026,
		.month = 12,
		.day = 5,
		.hour = 7,
		.minute = 3,
		.weekday = 6 };

	(void)state;
	assert_string_equal(wording_date(a, m, "date", &c, "", &err), "Sat, 5 Dec 2026");
	assert_string_equal(wording_date(a, m, "iso", &c, "CET", &err),
	    "2026-12-5 07:03 CET");
	c.weekday = 0;
	c.month = 1;
	assert_string_equal(wording_date(a, m, "date", &c, "", &err), "Sun, 5 Jan 2026");
	assert_false(err_is_set(&err));
	wording_free(m);
	arena_free(a);
}

static void
test_a_broken_value_is_named(void **state)
{
	static const char text[] = "[words]\nby = by {{author\n";
	struct arena *a = arena_new();
	struct wording *m = wording_new(a);
	struct err err = ERR_INIT;

	(void)state;
	assert_false(wording_add(m, "/x/messages.ini", text, strlen(text), &err));
	assert_non_null(strstr(err.text, "/x/messages.ini line 2"));
	wording_free(m);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plurals),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_a_broken_value_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
