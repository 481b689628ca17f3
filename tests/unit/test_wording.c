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
	{ "slavic", 812, "many" }, { "slavic", 922, "few" }, { "slavic", -1, "one" },
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
	{ "arabic", 103, "few" }, { "arabic", 111, "many" },
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
	assert_string_equal(wording_raw(m, "word", "all"), "");
	/* A name that nobody gave is nothing. */
	assert_string_equal(wording_fill(a, m, "words", "by", template_map(a), &err),
	    "od ");
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

/* What a letter keeps beside it to write its dates later. */
static const struct {
	const char *name;
	struct date_words words;
	int month, day, weekday;
	const char *want; /* NULL: the form is no template */
} kept_dates[] = {
	/* clang-format off */
	{ "all of it", { "Su Mo Tu", "Jan Feb", "{{weekday}} {{day}} {{month}} {{year}}", "" }, 2, 1, 2,
	  "Tu 1 Feb 2026" },
	{ "a first day of its own", { "", "Jan Feb", "{{day}} {{month}}", "1er" }, 1, 1, 0, "1er Jan" },
	{ "which the second is not", { "", "Jan Feb", "{{day}} {{month}}", "1er" }, 1, 2, 0, "2 Jan" },
	{ "none", { "", "Jan Feb", "{{day}} {{month}}", NULL }, 1, 1, 0, "1 Jan" },
	{ "words of one letter", { "S M T W", "a b\tc\n d", "{{weekday}}{{month}}", "" }, 4, 1, 3, "Wd" },
	{ "a list that is too short", { "S M", "a b", "{{weekday}}.{{month}}", "" }, 3, 1, 6, "." },
	{ "a name that no date has", { "", "", "{{hours}}{{zone}}x{{hour}}:{{minute}}", "" }, 1, 1, 0,
	  "x09:05" },
	{ "no template", { "", "", "{{day", "" }, 1, 1, 0, NULL },
	/* clang-format on */
};

static void
dates_are_written_by_words_that_were_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kept_dates); i++) {
		const struct civil c = { .year = 2026,
			.month = kept_dates[i].month,
			.day = kept_dates[i].day,
			.hour = 9,
			.minute = 5,
			.weekday = kept_dates[i].weekday };
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		const char *got = date_in_words(a, &kept_dates[i].words, &c, &err);
		const char *want = kept_dates[i].want;

		if (!got != !want || (got && strcmp(got, want) != 0))
			fail_msg("%s: got \"%s\"", kept_dates[i].name, got ? got : "-");
		assert_int_equal(err.kind, want ? ERR_NONE : ERR_CONFIG);
		arena_free(a);
	}
}

static void
words_of_dates_are_kept_by_their_form(void **state)
{
	static const char text[] = "[dates]\nfirst_day = 1er\nday = {{day}}\n"
				   "weekdays = a b\nmonths = c d\n";
	struct arena *a = arena_new();
	struct wording *m = wording_new(a);
	struct err err = ERR_INIT;
	const struct civil first = { .year = 2026, .month = 1, .day = 1 };
	struct date_words words;

	(void)state;
	assert_true(wording_add(m, "x", text, strlen(text), &err));
	words = wording_date_words(m, "day");
	assert_string_equal(words.weekdays, "a b");
	assert_string_equal(words.months, "c d");
	assert_string_equal(words.form, "{{day}}");
	assert_string_equal(words.first_day, "1er");
	assert_string_equal(wording_date(a, m, "day", &first, "", &err), "1er");
	wording_free(m);
	arena_free(a);
}

/* ---- what stands in posts for pictures and players ---- */

static void
a_picture_has_words_before_and_behind_it(void **state)
{
	static const struct {
		const char *form;
		const char *before, *behind;
	} cases[] = {
		{ "[picture: {{alt}}]", "[picture: ", "]" },
		{ "{{alt}} (picture)", "", " (picture)" },
		{ "{{alt}}", "", "" },
		{ "a picture", "a picture", "" },
	};
	static const char *const kinds[MEDIA_WORDS] = { "Film", "Ton", "Bild", "Akte",
		"Blatt", "Ding" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct wording *m = wording_new(a);
		struct err err = ERR_INIT;
		const char *text = arena_printf(a,
		    "[media]\npictured = %s\nno_description = [one]\nvideo = Film\n"
		    "audio = Ton\npicture = Bild\ndocument = Akte\npage = Blatt\n"
		    "object = Ding\n",
		    cases[i].form);
		struct media_words got;

		assert_true(wording_add(m, "x", text, strlen(text), &err));
		got = wording_media(a, m, &err);
		assert_string_equal(got.picture_before, cases[i].before);
		assert_string_equal(got.picture_after, cases[i].behind);
		assert_string_equal(got.picture, "[one]");
		for (size_t k = 0; k < MEDIA_WORDS; k++)
			assert_string_equal(got.kinds[k], kinds[k]);
		assert_false(err_is_set(&err));
		wording_free(m);
		arena_free(a);
	}
}

/* ---- sections and rules ---- */

static void
sections_have_their_keys(void **state)
{
	static const char text[] = "[a]\none = 1\n[b]\ntwo = 2\n[a]\nthree = 3\n";
	struct arena *a = arena_new();
	struct wording *m = wording_new(a);
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT(100);
	struct template *form =
	    template_new("x", "{{one}}-{{two}}-{{three}}", TEMPLATE_TEXT, &err);
	size_t at = 0;

	(void)state;
	assert_true(wording_add(m, "x", text, strlen(text), &err));
	assert_true(
	    template_render(form, wording_section(a, m, "a"), NULL, false, &b, &err));
	assert_string_equal(buf_text(&b), "1--3");
	assert_string_equal(wording_next_key(m, "a", &at), "one");
	assert_string_equal(wording_next_key(m, "a", &at), "three");
	assert_null(wording_next_key(m, "a", &at));
	assert_null(wording_next_key(m, "a", &at));
	at = 0;
	assert_string_equal(wording_next_key(m, "b", &at), "two");
	assert_null(wording_next_key(m, "b", &at));
	template_free(form);
	buf_clear(&b);
	wording_free(m);
	wording_free(NULL);
	arena_free(a);
}

static void
rules_have_names(void **state)
{
	static const char *const names[] = { "none", "one", "zero-one", "slavic",
		"polish", "czech", "arabic" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_true(wording_is_rule(names[i]));
	assert_false(wording_is_rule(""));
	assert_false(wording_is_rule("two"));
	assert_false(wording_is_rule("arabi"));
	assert_string_equal(wording_rules(),
	    "none, one, zero-one, slavic, polish, czech, arabic");
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
	assert_int_equal(err.kind, ERR_CONFIG);
	err = (struct err)ERR_INIT;
	assert_false(wording_add(m, "/x/messages.ini", "[a]\nno value\n", 13, &err));
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
		cmocka_unit_test(dates_are_written_by_words_that_were_kept),
		cmocka_unit_test(words_of_dates_are_kept_by_their_form),
		cmocka_unit_test(a_picture_has_words_before_and_behind_it),
		cmocka_unit_test(sections_have_their_keys),
		cmocka_unit_test(rules_have_names),
		cmocka_unit_test(test_a_broken_value_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
