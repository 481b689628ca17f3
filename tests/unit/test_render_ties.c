/* SPDX-License-Identifier: ISC */
/* What ties posts together: blogs that carry the same one, talk about it, or tell one story. */
#include "unit/render_fixture.h"

#include "base/attr.h"

/* Blogs called "B0", "B1" ..., with a page each but for every third; one post of the first. */
static void
open_blogs(struct letter *l, size_t count)
{
	letter_open(l);
	l->source_count = count;
	l->entry_count = 1;
	for (size_t i = 0; i < count; i++)
		l->sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = arena_printf(l->a, "b%zu", i),
			.name = arena_printf(l->a, "B%zu", i),
			.link = i % 3 == 2
			    ? "javascript:x"
			    : arena_printf(l->a, "https://b%zu.example/", i),
			.max_per_feed = -1 };
	l->entries[0].author = NULL;
}

/* ---- who else has it ---- */

static const struct {
	size_t count;
	const char *text, *html;
} others[] = {
	/* clang-format off */
	{ 1, "Also in B1\n  https://b1.example/\n\n",
	  " \u00b7 also in <a href=\"https://b1.example/\">B1</a>\n</small>" },
	{ 2, "Also in B1 and B2\n  https://b1.example/\n\n",
	  " \u00b7 also in <a href=\"https://b1.example/\">B1</a> and B2\n</small>" },
	{ 3, "Also in B1, B2 and B3\n  https://b1.example/\n  https://b3.example/\n\n",
	  " \u00b7 also in <a href=\"https://b1.example/\">B1</a>, B2 and "
	  "<a href=\"https://b3.example/\">B3</a>\n</small>" },
	{ 6, "Also in B1, B2, B3, B4, B5 and B6\n  https://b1.example/\n", ">B4</a>, B5 and <a " },
	{ 7, "Also in B1, B2, B3, B4, B5, and 2 more\n  https://b1.example/\n",
	  ">B4</a>, B5, and 2 more\n</small>" },
	{ 8, "Also in B1, B2, B3, B4, B5, and 3 more\n", ">B4</a>, B5, and 3 more\n</small>" },
	/* clang-format on */
};

static void
others_are_named_up_to_six(void **state)
{
	static const int64_t also[] = { 2, 3, 4, 5, 6, 7, 8, 9 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct letter l;

		open_blogs(&l, 9);
		l.entries[0].also = also;
		l.entries[0].also_count = others[i].count;
		must_render(&l);
		has("text", l.out.text,
		    arena_printf(l.a, "\nhttps://ann.example/1\n%s", others[i].text));
		if (!strstr(l.out.html, others[i].html))
			fail_msg("%s in %s", others[i].html,
			    strstr(l.out.html, "also in") - 200);
		letter_close(&l);
	}
}

/* Where nothing else is said beside the title, and where nobody else has it either. */
static void
what_stands_beside_a_title_is_there_or_not(void **state)
{
	static const int64_t also[] = { 2 };
	struct letter l;

	(void)state;
	open_blogs(&l, 2);
	l.entries[0].published = NOW - 6 * HOUR - 1800; /* midnight */
	l.entries[0].words = 3;
	l.entries[0].also = also;
	l.entries[0].also_count = 1;
	must_render(&l);
	has("alone", l.out.html,
	    " <small>also in <a href=\"https://b1.example/\">B1</a>\n</small></h3>");
	l.entries[0].also_count = 0;
	must_render(&l);
	has("nothing", l.out.html, ">B0</a></h3>");
	l.entries[0].author = "Ann";
	must_render(&l);
	has("its author", l.out.html, ">B0</a> <small>by Ann</small></h3>");
	letter_close(&l);
}

static void
long_names_are_cut(void **state)
{
	static const int64_t also[] = { 2 };
	struct letter l;

	(void)state;
	open_blogs(&l, 2);
	l.sources[1].name =
	    "123456789.123456789.123456789.123456789.123456789.123456789.1";
	l.entries[0].also = also;
	l.entries[0].also_count = 1;
	must_render(&l);
	has("cut", l.out.text,
	    "\nAlso in "
	    "123456789.123456789.123456789.123456789.123456789.123456789.\u2026\n");
	letter_close(&l);
}

/* ---- stories ---- */

/* So many blogs announce the same, each a minute after the one before; some link to the first. */
static void
open_story(struct letter *l, size_t blogs, size_t links)
{
	open_blogs(l, blogs);
	l->entry_count = blogs;
	for (size_t i = 0; i < blogs; i++) {
		struct entry *e = &l->entries[i];

		*e = (struct entry){ .id = (int64_t)i + 1,
			.source_id = (int64_t)i + 1,
			.link = arena_printf(l->a, "https://b%zu.example/posts/krita-%zu",
			    i, i),
			.title = arena_printf(l->a, "Krita 6.1 %s",
			    i % 2 ? "is out" : "released"),
			.published = NOW - HOUR - 60 * (int64_t)i,
			.updated = TIME_NONE,
			.html = "<p>Words.</p>",
			.text = "Words.",
			.words = 1 };
		if (i > 0 && i <= links)
			e->html =
			    "<p><a href=\"https://b0.example/posts/krita-0\">It</a></p>";
	}
}

static void
a_story_says_of_how_many_blogs(void **state)
{
	static const struct {
		size_t blogs;
		const char *want;
	} cases[] = {
		{ 2, "One story, two blogs" },
		{ 9, "One story, nine blogs" },
		{ 10, "One story, 10 blogs" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		open_story(&l, cases[i].blogs, 0);
		must_render(&l);
		has("html", l.out.html,
		    arena_printf(l.a, "<p class=\"m l\">%s</p>", cases[i].want));
		has("text", l.out.text,
		    arena_printf(l.a, "\n\n%s:\n\nB0\n", cases[i].want));
		has_not("each link is its own", l.out.text, "Talked about");
		letter_close(&l);
	}
}

static void
talk_of_one_beside_it_is_not_said(void **state)
{
	static const struct {
		size_t links;
		const char *want; /* NULL: nothing */
	} cases[] = {
		{ 1, NULL },
		{ 2,
		    "\nTalked about by 2 blogs: B1 and B2\n"
		    "  https://b1.example/posts/krita-1\n"
		    "  https://b2.example/posts/krita-2\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		open_story(&l, 3, cases[i].links);
		must_render(&l);
		has("a story", l.out.text, "\n\nOne story, three blogs:\n");
		if (cases[i].want)
			has("talk", l.out.text, cases[i].want);
		else
			has_not("no talk", l.out.text, "Talked about");
		letter_close(&l);
	}
}

/* A frame around the blogs of the story alone, in the order of a day. */
static void
a_story_ends_where_it_ends(void **state)
{
	struct letter l;
	const char *begin = NULL;
	const char *end = NULL;

	(void)state;
	open_story(&l, 3, 0);
	l.entries[2].title = "Soup";
	must_render(&l);
	begin = strstr(l.out.html, "<td class=\"g\">");
	assert_non_null(begin);
	end = strstr(begin, "</td></tr></table>");
	assert_non_null(end);
	assert_null(strstr(begin + 1, "<td class=\"g\">"));
	assert_true(strstr(begin, ">B1</a>") < end);
	assert_true(strstr(begin, "</span> B2") > end);
	l.variant.length = LENGTH_TITLES;
	must_render(&l);
	has("titles", l.out.text,
	    "\n  One story, two blogs\n"
	    "    - Krita 6.1 released (B0), 1 min\n"
	    "      https://b0.example/posts/krita-0\n"
	    "    - Krita 6.1 is out (B1), 1 min\n"
	    "      https://b1.example/posts/krita-1\n"
	    "  - Soup (B2), 1 min\n"
	    "    https://b2.example/posts/krita-2\n");
	letter_close(&l);
}

/* Behind another post, and one story behind another, each has its label. */
static void
each_story_has_its_label(void **state)
{
	struct letter l;

	(void)state;
	open_story(&l, 5, 0);
	l.entries[0].title = "Soup";
	l.entries[3].title = "Gimp 3.4 released";
	l.entries[4].title = "Gimp 3.4 is out";
	l.variant.length = LENGTH_TITLES;
	must_render(&l);
	has("titles", l.out.text,
	    "\n  - Soup (B0), 1 min\n"
	    "    https://b0.example/posts/krita-0\n"
	    "  One story, two blogs\n"
	    "    - Krita 6.1 is out (B1), 1 min\n"
	    "      https://b1.example/posts/krita-1\n"
	    "    - Krita 6.1 released (B2), 1 min\n"
	    "      https://b2.example/posts/krita-2\n"
	    "  One story, two blogs\n"
	    "    - Gimp 3.4 released (B3), 1 min\n"
	    "      https://b3.example/posts/krita-3\n"
	    "    - Gimp 3.4 is out (B4), 1 min\n"
	    "      https://b4.example/posts/krita-4\n");
	l.variant.length = LENGTH_WHOLE;
	must_render(&l);
	has("posts", l.out.text, "\n\nOne story, two blogs:\n\nB1\n");
	has("others", l.out.text, "\n\nOne story, two blogs:\n\nB3\n");
	letter_close(&l);
}

/* The address of the second takes all the room there is. */
static void
a_story_of_which_one_has_room_is_none(void **state)
{
	static const enum length_wish lengths[] = { LENGTH_TITLES, LENGTH_WHOLE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct letter l;
		char *link = NULL;

		open_story(&l, 2, 0);
		link = arena_alloc(l.a, 9001);
		memset(link, 'x', 9000);
		l.entries[1].link = arena_printf(l.a, "https://b1.example/%s", link);
		l.settings.config.digest.max_bytes = 12000;
		l.variant.length = lengths[i];
		must_render(&l);
		has("the first", l.out.text, "Krita 6.1 released");
		has_not("the second", l.out.text, "Krita 6.1 is out");
		has_not("no story", l.out.text, "One story");
		has_not("no frame", l.out.html, "One story");
		letter_close(&l);
	}
}

/* Of a letter of titles what is over a limit is a line, with a link where there is a page. */
static void
what_is_over_is_a_line_among_titles(void **state)
{
	static const struct {
		const char *link, *html;
	} cases[] = {
		{ "https://ann.example/",
		    "<a href=\"https://ann.example/\">And 1 more at Ann &amp; Co</a>" },
		{ "javascript:x", "<td>And 1 more at Ann &amp; Co\n</td>" },
		{ NULL, "<td>And 1 more at Ann &amp; Co\n</td>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.variant.length = LENGTH_TITLES;
		l.sources[0].link = cases[i].link;
		l.entries[2] = l.entries[0];
		l.entries[2].id = 3;
		l.entries[2].published = NOW - 30 * HOUR;
		l.entry_count = 3;
		l.settings.config.digest.max_per_feed = 1;
		must_render(&l);
		has("text", l.out.text,
		    "\n  - Tea < coffee (Ann & Co), 3 min\n    https://ann.example/1\n"
		    "  - And 1 more at Ann & Co\n");
		if (!strstr(l.out.html, cases[i].html))
			fail_msg("%zu: %s in %s", i, cases[i].html,
			    strstr(l.out.html, "And 1 more") - 200);
		letter_close(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_named_up_to_six),
		cmocka_unit_test(what_stands_beside_a_title_is_there_or_not),
		cmocka_unit_test(long_names_are_cut),
		cmocka_unit_test(a_story_says_of_how_many_blogs),
		cmocka_unit_test(talk_of_one_beside_it_is_not_said),
		cmocka_unit_test(a_story_ends_where_it_ends),
		cmocka_unit_test(each_story_has_its_label),
		cmocka_unit_test(a_story_of_which_one_has_room_is_none),
		cmocka_unit_test(what_is_over_is_a_line_among_titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
