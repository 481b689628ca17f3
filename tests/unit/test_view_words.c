/* SPDX-License-Identifier: ISC */
/* The words that a letter says of a post: titles, names, what it takes, and how they are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "digest/templates.h"
#include "digest/view.h"
#include "digest/wording.h"

struct view_test {
	struct arena *a;
	struct template_set *templates;
	struct render_context ctx;
	struct err err;
	struct view v;
};

static void
begin(struct view_test *t)
{
	memset(t, 0, sizeof(*t));
	t->a = arena_new();
	t->templates = template_set_open("", "en", "", &t->err);
	assert_non_null(t->templates);
	t->ctx.templates = t->templates;
	t->v = (struct view){ .a = t->a,
		.ctx = &t->ctx,
		.words = t->templates->words,
		.err = &t->err };
}

static void
end(struct view_test *t)
{
	assert_int_equal(t->err.kind, ERR_NONE);
	template_set_close(t->templates);
	arena_free(t->a);
}

static void
same(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

static const struct {
	const char *text;
	size_t columns;
	const char *want;
} cuts[] = {
	{ "", 5, "" },
	{ "hello", 5, "hello" },
	{ "hello!", 5, "hello\u2026" },
	{ "hello world", 5, "hello\u2026" },
	{ "hello world", 6, "hello\u2026" },
	{ "hello world", 10, "hello worl\u2026" },
	{ "hellos world", 10, "hellos\u2026" },
	{ "a bcdefghij", 8, "a bcdefg\u2026" },
	{ "abcd fghij", 8, "abcd fgh\u2026" },
	{ "abcde ghij", 8, "abcde\u2026" },
	{ "abcd, efghi", 9, "abcd\u2026" },
	{ "abcd - efgh", 8, "abcd\u2026" },
	{ "a;b:c,d-efg", 8, "a;b:c,d\u2026" },
	{ ";;;;;;;;", 3, "\u2026" },
	{ "\u4e2d\u6587\u4e2d\u6587", 8, "\u4e2d\u6587\u4e2d\u6587" },
	{ "\u4e2d\u6587\u4e2d\u6587", 7, "\u4e2d\u6587\u4e2d\u2026" },
};

static void
long_words_are_cut_at_a_blank(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
		same(cuts[i].text, view_cut(&t.v, cuts[i].text, cuts[i].columns),
		    cuts[i].want);
	end(&t);
}

#define TEN "123456789 "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static void
lines_have_72_columns(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	same("wide", view_line(&t.v, "a\u4e2d", '='), "===");
	same("none", view_line(&t.v, "", '='), "");
	assert_int_equal(strlen(view_line(&t.v, SEVENTY "1", '-')), 71);
	assert_int_equal(strlen(view_line(&t.v, SEVENTY "12", '-')), 72);
	assert_int_equal(strlen(view_line(&t.v, SEVENTY "123", '-')), 72);
	same("none", view_wrap(&t.v, "", "", ""), "");
	same("fits", view_wrap(&t.v, SEVENTY "12", "", ""), SEVENTY "12");
	same("too long", view_wrap(&t.v, SEVENTY "123", "* ", "  "),
	    "* " TEN TEN TEN TEN TEN TEN "123456789\n  123");
	end(&t);
}

static const struct {
	const char *name;
	struct source source;
	const char *want;
} names[] = {
	{ "its name", { .name = "Ann", .title = "A blog", .url = "https://f.example/1" },
	    "Ann" },
	{ "its title", { .name = "", .title = "A blog", .link = "https://a.example/" },
	    "A blog" },
	{ "its site",
	    { .title = "", .link = "https://a.example/", .url = "https://f.example/1" },
	    "a.example" },
	{ "its feed", { .link = "", .url = "https://f.example/1" }, "f.example" },
};

static void
sources_have_names(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		same(names[i].name, view_source_name(&t.v, &names[i].source),
		    names[i].want);
	end(&t);
}

static const struct {
	const char *name;
	struct entry entry;
	const char *want;
} titles[] = {
	/* clang-format off */
	{ "its own", { .title = "T", .html = "<p>h</p>", .summary = "s" }, "T" },
	{ "of the text", { .title = "", .html = "<p>One\nline</p>", .summary = "s" }, "One line" },
	{ "of the summary", { .html = "", .summary = "One\n line" }, "One line" },
	{ "where the text has none", { .html = "<p> </p>", .summary = "s" }, "s" },
	{ "nothing", { .html = "<p></p>", .summary = "" }, "Untitled" },
	{ "nothing at all", { .title = NULL }, "Untitled" },
	{ "of what a picture shows", { .html = "<p><img src=\"u:1\" alt=\"A cat\"></p>" }, "A cat" },
	{ "a summary before that",
	  { .html = "<p><img src=\"u:1\" alt=\"A cat\"></p>", .summary = "s" }, "s" },
	{ "70 characters", { .html = "<p>" SEVENTY "</p>" }, TEN TEN TEN TEN TEN TEN "123456789" },
	{ "more", { .html = "<p>" SEVENTY SEVENTY "</p>" },
	  TEN TEN TEN TEN TEN TEN "123456789\u2026" },
	/* clang-format on */
};

static void
posts_have_titles(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		same(titles[i].name, view_title(&t.v, &titles[i].entry), titles[i].want);
	end(&t);
}

/* 230 words a minute; from 30 seconds on sounds and films have a time. */
static const struct {
	int64_t words, seconds;
	const char *type;
	const char *want, *how;
} times[] = {
	{ 0, -1, NULL, "", "" },
	{ 1, -1, NULL, "1 min", "1 min" },
	{ 114, -1, NULL, "1 min", "1 min" },
	{ 344, -1, NULL, "1 min", "1 min" },
	{ 345, -1, NULL, "2 min", "2 min" },
	{ 575, -1, NULL, "3 min", "3 min" },
	{ 0, 29, "audio/mpeg", "", "" },
	{ 1, 29, "audio/mpeg", "1 min", "1 min" },
	{ 575, 30, "audio/mpeg", "1 min", "listen 1 min" },
	{ 575, 89, "audio/mpeg", "1 min", "listen 1 min" },
	{ 575, 90, "audio/mpeg", "2 min", "listen 2 min" },
	{ 0, 3600, "video/mp4", "60 min", "listen 60 min" },
	{ 575, 3600, "application/pdf", "3 min", "3 min" },
};

static void
what_a_post_takes_is_told(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		const struct enclosure list[] = {
			{ "https://x.example/1", times[i].type, NULL, -1,
			    times[i].seconds },
			{ "https://x.example/2", times[i].type, NULL, -1, 10 },
		};
		const struct entry e = { .words = times[i].words,
			.enclosures = list,
			.enclosure_count = times[i].type ? ARRAY_LEN(list) : 0 };
		const char *name = arena_printf(t.a, "%d words, %d seconds",
		    (int)times[i].words, (int)times[i].seconds);

		same(name, view_time(&t.v, &e, false), times[i].want);
		same(name, view_time(&t.v, &e, true), times[i].how);
	}
	end(&t);
}

static void
parts_are_joined(void **state)
{
	static const struct {
		const char *parts[3];
		size_t count;
		const char *want;
	} cases[] = {
		{ { NULL }, 0, "" },
		{ { "a" }, 1, "a" },
		{ { "a", "b" }, 1, "a" },
		{ { "a", "b" }, 2, "a \u00b7 b" },
		{ { "a", "b", "c" }, 3, "a \u00b7 b \u00b7 c" },
		{ { "", "b", "c" }, 3, "b \u00b7 c" },
		{ { "a", NULL, "c" }, 3, "a \u00b7 c" },
		{ { "a", "b", "" }, 3, "a \u00b7 b" },
		{ { "", NULL, "" }, 3, "" },
	};
	struct view_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		same(cases[i].want,
		    view_join(&t.v, cases[i].parts, cases[i].count, "details"),
		    cases[i].want);
	end(&t);
}

#define SHALOM "\u05E9\u05DC\u05D5\u05DD"

static void
the_other_direction_is_isolated(void **state)
{
	struct view_test t;

	(void)state;
	begin(&t);
	same("ours", view_isolate(&t.v, "Ann"), "Ann");
	same("the other", view_isolate(&t.v, SHALOM), "\u2068" SHALOM "\u2069");
	same("nothing", view_isolate(&t.v, ""), "");
	assert_null(view_isolate(&t.v, NULL));
	same("ltr in ltr", view_direction(&t.v, false), "");
	same("rtl in ltr", view_direction(&t.v, true), "rtl");
	end(&t);
}

static void
in_a_letter_from_right_to_left_english_is_the_other(void **state)
{
	static const char text[] = "[language]\ndir = rtl\n";
	struct view_test t;
	struct wording *words = NULL;

	(void)state;
	begin(&t);
	words = wording_new(t.a);
	assert_true(wording_add(words, "x", text, sizeof(text) - 1, &t.err));
	t.v.words = words;
	same("ltr in rtl", view_direction(&t.v, false), "ltr");
	same("rtl in rtl", view_direction(&t.v, true), "");
	same("the other", view_isolate(&t.v, "Ann"), "\u2068Ann\u2069");
	same("ours", view_isolate(&t.v, SHALOM), SHALOM);
	wording_free(words);
	end(&t);
}

/* lang, dir and is_foreign of an entry in an English letter. */
static const struct {
	const char *entry, *source;
	bool rtl;
	const char *want; /* lang, dir, is_foreign */
} languages[] = {
	{ NULL, NULL, false, " " },
	{ "de", NULL, false, "de , foreign" },
	{ "de-AT", "fr", false, "de-AT , foreign" },
	{ NULL, "fr", false, "fr , foreign" },
	{ "", "fr", false, "fr , foreign" },
	{ "d e", "fr", false, "fr , foreign" },
	{ "de", "\"", false, "de , foreign" },
	{ NULL, "\"", false, " " },
	{ "en", "fr", false, " " },
	{ "EN_us", NULL, false, " " },
	{ "en-GB", "fr", false, " " },
	{ "eng", NULL, false, "eng , foreign" },
	{ "e", NULL, false, "e , foreign" },
	{ "he", NULL, true, "he rtl, foreign" },
	{ NULL, NULL, true, " rtl, foreign" },
};

static void
expect_languages(struct view_test *t, const struct template *form)
{
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		const struct entry e = { .language = languages[i].entry };
		const struct source s = { .language = languages[i].source };
		const struct fit_item item = { .entry = &e,
			.source = &s,
			.rtl = languages[i].rtl };
		struct template_value *map = template_map(t->a);
		struct buf b = BUF_INIT(1000);
		const char *name = arena_printf(t->a, "%zu: %s of %s in %s", i,
		    e.language ? e.language : "-", s.language ? s.language : "-",
		    t->templates->language);

		view_set_language(&t->v, map, &item);
		if (!template_render(form, map, NULL, true, &b, &t->err))
			fail_msg("%s: %s", name, t->err.text);
		same(name, buf_text(&b), languages[i].want);
		buf_clear(&b);
	}
}

static void
what_is_foreign_says_its_language(void **state)
{
	struct template *form = NULL;
	struct view_test t;

	(void)state;
	begin(&t);
	form = template_new("test",
	    "{{lang}} {{dir}}{{#is_foreign}}, foreign{{/is_foreign}}", TEMPLATE_TEXT,
	    &t.err);
	assert_non_null(form);
	expect_languages(&t, form);
	/* What is English is so in a country's English too. */
	t.templates->language = "en-GB";
	expect_languages(&t, form);
	template_free(form);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_words_are_cut_at_a_blank),
		cmocka_unit_test(lines_have_72_columns),
		cmocka_unit_test(sources_have_names),
		cmocka_unit_test(posts_have_titles),
		cmocka_unit_test(what_a_post_takes_is_told),
		cmocka_unit_test(parts_are_joined),
		cmocka_unit_test(the_other_direction_is_isolated),
		cmocka_unit_test(in_a_letter_from_right_to_left_english_is_the_other),
		cmocka_unit_test(what_is_foreign_says_its_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
