/* SPDX-License-Identifier: ISC */
/* What a letter says of itself: its subject, what stands above its posts and below them. */
#include "unit/render_fixture.h"

#include "base/attr.h"

/* So many times a letter: "A" for the first post, "B" for the second. */
static const char *
title_of(struct letter *l, size_t post, size_t len)
{
	char *title = arena_alloc(l->a, len + 1);

	memset(title, (int)('A' + post), len);
	title[len] = '\0';
	return title;
}

/* A letter of such posts of the 24th, each a minute older than the one before. */
static void
open_with(struct letter *l, const size_t *lengths, const int64_t *sources)
{
	letter_open(l);
	for (l->entry_count = 0; lengths[l->entry_count] > 0; l->entry_count++) {
		const size_t i = l->entry_count;

		l->entries[i] = (struct entry){ .id = (int64_t)i + 1,
			.source_id = sources[i],
			.title = title_of(l, i, lengths[i]),
			.published = NOW - HOUR - 60 * (int64_t)i,
			.updated = TIME_NONE,
			.html = "<p>Words.</p>",
			.text = "Words.",
			.words = 1 };
	}
	l->source_count = 9;
	for (size_t i = 0; i < l->source_count; i++)
		l->sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = arena_printf(l->a, "s%zu", i),
			.name = arena_printf(l->a, "Blog %zu", i),
			.max_per_feed = -1 };
}

/* ---- subjects and what is shown beside them ---- */

static const struct {
	const char *name;
	size_t lengths[10];
	int64_t sources[9];
	const char *subject; /* the letters of the titles in it, and how many more */
	const char *teaser;  /* of those beside it */
} subjects[] = {
	/* clang-format off */
	{ "one", { 5 }, { 1 }, "A", "" },
	{ "as long as one may be", { 110 }, { 1 }, "A", "" },
	{ "three", { 5, 5, 5 }, { 1, 2, 3 }, "ABC", "" },
	{ "four", { 5, 5, 5, 5 }, { 1, 2, 3, 4 }, "ABC1", "D" },
	{ "62 columns with what is between them", { 30, 28 }, { 1, 2 }, "AB", "" },
	{ "one more", { 30, 29 }, { 1, 2 }, "A1", "B" },
	{ "of the third", { 20, 20, 16 }, { 1, 2, 3 }, "ABC", "" },
	{ "one more of the third", { 20, 20, 17 }, { 1, 2, 3 }, "AB1", "C" },
	{ "one of each blog first", { 5, 5, 5 }, { 1, 1, 2 }, "ACB", "" },
	{ "then the others", { 5, 5, 5, 5 }, { 1, 1, 2, 2 }, "ACB1", "D" },
	{ "seven in all are told", { 5, 5, 5, 5, 5, 5, 5, 5, 5 }, { 1, 2, 3, 4, 5, 6, 7, 8, 9 },
	  "ABC6", "DEFG" },
	{ "90 columns beside it", { 5, 5, 5, 40, 44 }, { 1, 2, 3, 4, 5 }, "ABC2", "DE" },
	{ "one more column beside it", { 5, 5, 5, 40, 45 }, { 1, 2, 3, 4, 5 }, "ABC2", "D" },
	/* clang-format on */
};

static const char *
words_of(struct letter *l, const char *letters, const size_t *lengths,
    const char *between)
{
	const char *text = "";

	for (size_t i = 0; letters[i] >= 'A'; i++) {
		const size_t post = (size_t)(letters[i] - 'A');

		text = arena_printf(l->a, "%s%s%s", text, i ? between : "",
		    title_of(l, post, lengths[post]));
	}
	return text;
}

static void
titles_make_a_subject(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		const char *more =
		    subjects[i].subject + strcspn(subjects[i].subject, "123456");
		struct letter l;
		const char *want = NULL;

		open_with(&l, subjects[i].lengths, subjects[i].sources);
		must_render(&l);
		want = words_of(&l, subjects[i].subject, subjects[i].lengths, ", ");
		if (*more)
			want = arena_printf(l.a, "%s, and %s more", want, more);
		if (strcmp(l.out.subject, want) != 0)
			fail_msg("%s: got %s, want %s", subjects[i].name, l.out.subject,
			    want);
		want = words_of(&l, subjects[i].teaser, subjects[i].lengths, " \u00b7 ");
		if (*want)
			has(subjects[i].name, l.out.html,
			    arena_printf(l.a, "<small>%s</small></td>", want));
		else
			has_not(subjects[i].name, l.out.html, "<td class=\"e\"><small>");
		letter_close(&l);
	}
}

static void
long_titles_are_cut_in_a_subject(void **state)
{
	static const int64_t sources[] = { 1, 2 };
	struct letter l;

	(void)state;
	open_with(&l, (const size_t[]){ 111, 0 }, sources);
	must_render(&l);
	assert_string_equal(l.out.subject,
	    arena_printf(l.a, "%s\u2026", title_of(&l, 0, 110)));
	letter_close(&l);
	open_with(&l, (const size_t[]){ 49, 5, 0 }, sources);
	must_render(&l);
	assert_string_equal(l.out.subject,
	    arena_printf(l.a, "%s\u2026, BBBBB", title_of(&l, 0, 48)));
	letter_close(&l);
	open_with(&l, (const size_t[]){ 48, 5, 0 }, sources);
	must_render(&l);
	assert_string_equal(l.out.subject,
	    arena_printf(l.a, "%s, BBBBB", title_of(&l, 0, 48)));
	letter_close(&l);
}

/* ---- the line under the name ---- */

static const struct {
	const char *name;
	int64_t number, published, first_date;
	enum group_by by;
	enum length_wish length;
	const char *line;
} mastheads[] = {
	/* clang-format off */
	{ "its day stands above the posts", 0, NOW - HOUR, 0, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "1 post from 1 blog" },
	{ "they are of another", 0, NOW - 24 * HOUR, 0, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	{ "no day stands above them", 0, NOW - HOUR, 0, GROUP_SOURCE, LENGTH_DEFAULT,
	  "Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	{ "titles only", 0, NOW - HOUR, 0, GROUP_DAY_SOURCE, LENGTH_TITLES,
	  "Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	{ "with a number", 1, NOW - HOUR, 0, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "No. 1 \u00b7 1 post from 1 blog" },
	{ "a number that is none", -1, NOW - HOUR, 0, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "1 post from 1 blog" },
	{ "with all", 12, NOW - HOUR, 0, GROUP_SOURCE, LENGTH_DEFAULT,
	  "No. 12 \u00b7 Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	{ "of several days", 0, NOW - HOUR, NOW - 48 * HOUR, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "Sunday, 22 November to Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	{ "of several times of one day", 0, NOW - HOUR, NOW - HOUR, GROUP_DAY_SOURCE, LENGTH_DEFAULT,
	  "Tuesday, 24 November 2026 \u00b7 1 post from 1 blog" },
	/* clang-format on */
};

static void
a_letter_says_its_days_and_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mastheads); i++) {
		struct letter l;

		open_with(&l, (const size_t[]){ 5, 0 }, (const int64_t[]){ 1 });
		l.entries[0].published = mastheads[i].published;
		l.issue.number = mastheads[i].number;
		l.first_date = mastheads[i].first_date;
		l.settings.config.digest.group_by = mastheads[i].by;
		l.variant.length = mastheads[i].length;
		must_render(&l);
		has(mastheads[i].name, l.out.text,
		    arena_printf(l.a, "Planet <Test>\n%s\n", mastheads[i].line));
		if (mastheads[i].first_date)
			has_not(mastheads[i].name, l.out.text, "One letter a day");
		else
			has(mastheads[i].name, l.out.text, "One letter a day");
		letter_close(&l);
	}
}

static void
a_letter_of_two_days_says_its_own(void **state)
{
	struct letter l;

	(void)state;
	open_with(&l, (const size_t[]){ 5, 5, 0 }, (const int64_t[]){ 1, 1 });
	l.entries[1].published = NOW - 24 * HOUR;
	must_render(&l);
	has("its days", l.out.text,
	    "Planet <Test>\nTuesday, 24 November 2026 \u00b7 2 posts from 1 blog\n");
	letter_close(&l);
}

/* ---- words of the keeper, and the foot ---- */

static void
an_intro_has_paragraphs(void **state)
{
	static const struct {
		const char *intro, *want;
	} cases[] = {
		{ "One.", "One.\n\nPlanet <Test>\n" },
		{ "One\nline.\n\nTwo.\n", "One line.\n\nTwo.\n\nPlanet <Test>\n" },
		{ "\n\nOne.\n\n \n\n\n\nTwo.", "One.\n\nTwo.\n\nPlanet <Test>\n" },
		{ "", "Planet <Test>\n" },
		{ NULL, "Planet <Test>\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.issue.intro = cases[i].intro;
		must_render(&l);
		if (strncmp(l.out.text, cases[i].want, strlen(cases[i].want)) != 0)
			fail_msg("%zu: got %s", i, l.out.text);
		letter_close(&l);
	}
}

static void
pages_are_named_where_they_are(void **state)
{
	static const struct {
		bool has_web;
		const char *url;
		bool want;
	} cases[] = {
		{ true, "https://news.example", true },
		{ true, "", false },
		{ false, "https://news.example", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.has_web = cases[i].has_web;
		l.settings.config.web.url = cases[i].url;
		must_render(&l);
		if (cases[i].want) {
			has("browser", l.out.text,
			    "\nThis letter in your browser: "
			    "https://news.example/i/2026-11-24\n");
			has("archive", l.out.text, "https://news.example/archive/\n");
		} else {
			has_not("browser", l.out.text, "/i/2026-11-24");
			has_not("archive", l.out.text, "/archive/");
		}
		letter_close(&l);
	}
}

/* Lines of the text that begin so. */
static size_t
count_lines(const char *text, const char *begin)
{
	size_t n = 0;

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		n += strncmp(at, begin, strlen(begin)) == 0;
	}
	return n;
}

/* A post of each of 40 blogs: those that have no room for a title are named or counted. */
static void
each_blog_is_shown_named_or_counted(void **state)
{
	struct letter l;
	const char *hidden = NULL;
	size_t named = 0;
	size_t shown = 0;
	size_t counted = 0;

	(void)state;
	letter_open(&l);
	l.source_count = l.entry_count = 40;
	for (size_t i = 0; i < 40; i++) {
		l.sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = arena_printf(l.a, "s%zu", i),
			.name = arena_printf(l.a, "Named %zu %.150s", i,
			    title_of(&l, 0, 150)),
			.max_per_feed = -1 };
		l.entries[i] = (struct entry){ .id = (int64_t)i + 1,
			.source_id = (int64_t)i + 1,
			.title = "Shown",
			.published = NOW - HOUR - (int64_t)i,
			.updated = TIME_NONE,
			.html = "<p>Words.</p>",
			.text = "Words.",
			.words = 1 };
	}
	l.settings.config.digest.max_bytes = 12000;
	must_render(&l);
	shown = count_lines(l.out.text, "Shown");
	named = count_lines(l.out.text, "  - Named");
	hidden = strstr(l.out.text, "\nAnd ");
	assert_non_null(hidden);
	counted = (size_t)strtol(hidden + 5, NULL, 10);
	assert_in_range(shown, 1, 30);
	assert_in_range(named, 1, 30);
	assert_in_range(counted, 1, 38);
	assert_int_equal(shown + named + counted, 40);
	has("its words", l.out.text, " more blogs that had no room in this letter.\n");
	has("a line under the heading", l.out.text, "\n\n\nAlso new\n========\n\n");
	letter_close(&l);
}

/* A letter of titles has a body only where it names what it left out. */
static void
titles_and_what_was_left_out(void **state)
{
	(void)state;
	for (int64_t most = 1; most <= 2; most++) {
		struct letter l;

		letter_open(&l);
		l.variant.length = LENGTH_TITLES;
		l.settings.config.digest.max_items = most;
		must_render(&l);
		if (most == 1) {
			has("a cell of its own", l.out.html, "<td class=\"b");
			has("the other", l.out.text,
			    "\n\n\nAlso new\n========\n\n  - bo: 1 post\n");
		} else {
			has_not("no cell", l.out.html, "<td class=\"b");
			has_not("none", l.out.text, "Also new");
		}
		letter_close(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_make_a_subject),
		cmocka_unit_test(long_titles_are_cut_in_a_subject),
		cmocka_unit_test(a_letter_says_its_days_and_counts),
		cmocka_unit_test(a_letter_of_two_days_says_its_own),
		cmocka_unit_test(an_intro_has_paragraphs),
		cmocka_unit_test(pages_are_named_where_they_are),
		cmocka_unit_test(each_blog_is_shown_named_or_counted),
		cmocka_unit_test(titles_and_what_was_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
