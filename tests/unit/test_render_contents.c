/* SPDX-License-Identifier: ISC */
/* The contents of a letter: a line of each blog, with its best post. */
#include "unit/render_fixture.h"

#include "base/attr.h"

/* Posts of the first blog, those without title left out, and one of another. */
static const struct {
	const char *name;
	struct {
		const char *title;
		int64_t words, seconds;
	} posts[3];
	const char *line;
} rows[] = {
	/* clang-format off */
	{ "the longest", { { "Short", 300, -1 }, { "Long", 900, -1 } },
	  "\n  - Long (Ann & Co, and 1 more), 4 min\n" },
	{ "wherever it stands", { { "Long", 900, -1 }, { "Short", 300, -1 } },
	  "\n  - Long (Ann & Co, and 1 more), 4 min\n" },
	{ "of three", { { "A", 300, -1 }, { "B", 301, -1 }, { "C", 299, -1 } },
	  "\n  - B (Ann & Co, and 2 more), 1 min\n" },
	{ "the first of two as long", { { "A", 300, -1 }, { "B", 300, -1 } },
	  "\n  - A (Ann & Co, and 1 more), 1 min\n" },
	{ "a quiz last", { { "Quiz of the week", 5000, -1 }, { "Tiny", 0, -1 } },
	  "\n  - Tiny (Ann & Co, and 1 more)\n" },
	{ "a quiz where there is nothing else", { { "Quiz", 900, -1 }, { "Quizzes", 300, -1 } },
	  "\n  - Quiz (Ann & Co, and 1 more), 4 min\n" },
	{ "a sound takes its time", { { "Text", 2290, -1 }, { "Sound", 0, 600 } },
	  "\n  - Sound (Ann & Co, and 1 more), 10 min\n" },
	{ "a word more than the text", { { "Text", 2299, -1 }, { "Sound", 0, 600 } },
	  "\n  - Sound (Ann & Co, and 1 more), 10 min\n" },
	{ "a shorter one", { { "Text", 2310, -1 }, { "Sound", 0, 600 } },
	  "\n  - Text (Ann & Co, and 1 more), 10 min\n" },
	{ "with the words beside it", { { "Text", 2310, -1 }, { "Sound", 20, 600 } },
	  "\n  - Sound (Ann & Co, and 1 more), 10 min\n" },
	{ "one post", { { "Alone", 300, -1 } }, "\n  - Alone (Ann & Co), 1 min\n" },
	{ "a title that says the blog's name", { { "ann & co on tea", 300, -1 } },
	  "\n  - ann & co on tea, 1 min\n" },
	{ "among more", { { "Ann & Co on tea", 300, -1 }, { "Short", 1, -1 } },
	  "\n  - Ann & Co on tea (Ann & Co, and 1 more), 1 min\n" },
	/* clang-format on */
};

static void
add_entry(struct letter *l, int64_t source, const char *title, int64_t words,
    const struct enclosure *sound)
{
	struct entry *e = &l->entries[l->entry_count++];

	assert_true(l->entry_count <= ARRAY_LEN(l->entries));
	*e = (struct entry){ .id = (int64_t)l->entry_count,
		.source_id = source,
		.link = arena_printf(l->a, "https://x.example/%zu", l->entry_count),
		.title = title,
		.published = NOW - HOUR - (int64_t)l->entry_count,
		.updated = TIME_NONE,
		.html = "<p>Words.</p>",
		.text = "Words.",
		.words = words,
		.enclosures = sound,
		.enclosure_count = sound ? 1 : 0 };
}

static void
a_blog_has_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct enclosure sounds[3];
		struct letter l;

		letter_open(&l);
		l.entry_count = 0;
		for (size_t k = 0; k < 3 && rows[i].posts[k].title; k++) {
			const int64_t seconds = rows[i].posts[k].seconds;

			sounds[k] = (struct enclosure){ "https://x.example/a.mp3",
				"audio/mpeg", NULL, -1, seconds };
			add_entry(&l, 1, rows[i].posts[k].title, rows[i].posts[k].words,
			    seconds > 0 ? &sounds[k] : NULL);
		}
		add_entry(&l, 2, "Other", 3, NULL);
		add_entry(&l, 2, "Another", 1, NULL);
		must_render(&l);
		has(rows[i].name, l.out.text, rows[i].line);
		has(rows[i].name, l.out.text, "\n  - Other (bo, and 1 more), 1 min\n");
		letter_close(&l);
	}
}

/* So many blogs with a post each. */
static void
expect_blogs(size_t count, const char *more)
{
	struct letter l;
	size_t lines = 0;

	letter_open(&l);
	l.entry_count = 0;
	l.source_count = count;
	assert_true(count <= ARRAY_LEN(l.sources));
	for (size_t i = 0; i < count; i++) {
		l.sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = arena_printf(l.a, "blog%zu", i),
			.name = arena_printf(l.a, "Blog no. %zu", i),
			.max_per_feed = -1 };
		add_entry(&l, (int64_t)i + 1, arena_printf(l.a, "Title %zu", i), 3, NULL);
	}
	must_render(&l);
	for (const char *at = l.out.text; (at = strstr(at, "\n  - Title")) != NULL; at++)
		lines++;
	assert_int_equal(lines, count < 3 ? 0 : count < 30 ? count : 30);
	if (more)
		has("more", l.out.text, more);
	else
		has_not("more", l.out.text, " more blog");
	letter_close(&l);
}

static void
thirty_blogs_have_a_line(void **state)
{
	(void)state;
	expect_blogs(2, NULL);
	expect_blogs(3, NULL);
	expect_blogs(30, NULL);
	expect_blogs(31, "\n  and 1 more blog\n");
	expect_blogs(32, "\n  and 2 more blogs\n");
}

/* A letter of titles: each with its link, the blog where it begins, cut at 300 columns. */
static void
a_letter_of_titles_has_all(void **state)
{
	struct letter l;
	char *longest = NULL;

	(void)state;
	letter_open(&l);
	l.variant.length = LENGTH_TITLES;
	l.entry_count = 0;
	longest = arena_alloc(l.a, 302);
	memset(longest, 'x', 301);
	longest[301] = '\0';
	add_entry(&l, 1, "One", 300, NULL);
	add_entry(&l, 1, "Two", 345, NULL);
	add_entry(&l, 2, longest, 3, NULL);
	must_render(&l);
	has("one", l.out.text, "\n  - One (Ann & Co), 1 min\n    https://x.example/1\n");
	has("two", l.out.text, "\n  - Two (Ann & Co), 2 min\n    https://x.example/2\n");
	has("cut", l.out.text, arena_printf(l.a, "%.300s\u2026", longest));
	has("the blog where it begins", l.out.html,
	    "<td><small>Ann &amp; Co</small><br><a href=\"https://x.example/1\">One</a>");
	has("and not below", l.out.html, "<td><a href=\"https://x.example/2\">Two</a>");
	has("the next blog", l.out.html,
	    "<td><small>bo</small><br><a href=\"https://x.example/3\">xxx");
	has_not("and there alone", strstr(l.out.html, "Ann &amp; Co") + 1,
	    "Ann &amp; Co");
	has("its day", l.out.text,
	    "\nTuesday, 24 November\n====================\n\n  - ");
	letter_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blog_has_one_line),
		cmocka_unit_test(thirty_blogs_have_a_line),
		cmocka_unit_test(a_letter_of_titles_has_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
