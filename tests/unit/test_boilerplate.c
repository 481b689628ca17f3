/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "feed/boilerplate.h"

enum { POSTS = 20 };

#define ADVERT \
	"<p>Improve your Python, every day: <a href=\"https://x.example/\">go</a></p>"

/* A feed of so many posts, each with a text of its own. */
struct planet_feed {
	struct arena *a;
	struct entry entries[POSTS];
	struct entry *list[POSTS];
	size_t count;
	struct boilerplate learned;
};

static void
feed_open(struct planet_feed *f, size_t count)
{
	memset(f, 0, sizeof(*f));
	f->a = arena_new();
	f->count = count;
	for (size_t i = 0; i < count; i++) {
		f->entries[i].link = arena_printf(f->a, "https://x.example/%zu", i);
		f->entries[i].html =
		    arena_printf(f->a, "<p>This is the text of post %zu.</p>", i);
		f->list[i] = &f->entries[i];
	}
}

/* Writes what `form` says of the post's number behind some posts, the first ones. */
static void
add(struct planet_feed *f, size_t posts, const char *form)
{
	for (size_t i = 0; i < posts; i++) {
		const char *at = strchr(form, '#');

		f->entries[i].html = at
		    ? arena_printf(f->a, "%s\n%.*s%zu%s", f->entries[i].html,
			  (int)(at - form), form, i, at + 1)
		    : arena_printf(f->a, "%s\n%s", f->entries[i].html, form);
	}
}

static void
learn(struct planet_feed *f)
{
	boilerplate_learn(f->a, f->list, f->count, NULL, &f->learned);
}

static void
what_most_posts_say_is_learned(void **state)
{
	static const struct {
		const char *name;
		size_t posts;
		size_t with;
		const char *form;
		size_t want; /* lines */
	} table[] = {
		{ "all", 10, 10, ADVERT, 1 },
		{ "one more than half", 10, 6, ADVERT, 1 },
		{ "half", 10, 5, ADVERT, 0 },
		{ "eleven of twenty", 20, 11, ADVERT, 1 },
		{ "the newest nine of twenty", 20, 9, ADVERT, 0 },
		{ "four of four", 4, 4, ADVERT, 1 },
		{ "three of four", 4, 3, ADVERT, 0 },
		{ "three of three", 3, 3, ADVERT, 0 },
		{ "a greeting", 10, 10, "<p>Hello again!</p>", 0 },
		{ "a long line", 10, 10, "<p>Thanks for reading this far.</p>", 1 },
		{ "a heading", 10, 10, "<h5>What I read in this week, once more</h5>",
		    0 },
		{ "code", 10, 10, "<pre>pip install --upgrade something</pre>", 0 },
		{ "a picture", 10, 10, "<p><img src=\"https://x.example/b.gif\"></p>",
		    1 },
		{ "other pictures", 10, 10,
		    "<p><img src=\"https://x.example/#.gif\"></p>", 0 },
		{ "the same words over other links", 10, 10,
		    "<p><a href=\"https://y.example/#\">Discussion</a></p>", 0 },
		{ "over the post's own", 10, 10,
		    "<p><a href=\"https://x.example/#\">Read on there</a></p>", 1 },
		{ "twice in a few posts", 10, 4, ADVERT "\n" ADVERT, 0 },
		{ "two lines", 10, 8, ADVERT "\n<p>Thanks for reading this far.</p>", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct planet_feed f;

		feed_open(&f, table[i].posts);
		add(&f, table[i].with, table[i].form);
		learn(&f);
		if (f.learned.count != table[i].want)
			print_error("%s: got %zu lines, want %zu\n", table[i].name,
			    f.learned.count, table[i].want);
		assert_int_equal(f.learned.count, table[i].want);
		arena_free(f.a);
	}
}

/* The newest post stands at the end of the list. */
static void
turn_round(struct planet_feed *f)
{
	for (size_t i = 0; i < f->count; i++)
		f->list[i] = &f->entries[f->count - 1 - i];
}

/* Of more than eight posts the first eight must repeat something: more than a quarter of them. */
static void
the_first_posts_tell_whether_to_look(void **state)
{
	static const struct {
		size_t posts, with, want;
	} table[] = { { 20, 14, 0 }, { 20, 15, 1 }, { 9, 8, 1 }, { 8, 5, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct planet_feed f;

		feed_open(&f, table[i].posts);
		add(&f, table[i].with, ADVERT);
		turn_round(&f);
		learn(&f);
		if (f.learned.count != table[i].want)
			fail_msg("%zu of %zu: got %zu lines, want %zu", table[i].with,
			    table[i].posts, f.learned.count, table[i].want);
		arena_free(f.a);
	}
}

/* Posts without a line count for nothing, and what is said once is not repeated. */
static void
what_one_of_three_says_is_not_repeated(void **state)
{
	struct planet_feed f;

	(void)state;
	feed_open(&f, 20);
	add(&f, 12, ADVERT);
	for (size_t i = 15; i < 20; i++)
		f.entries[i].html = "";
	turn_round(&f);
	learn(&f);
	assert_int_equal(f.learned.count, 0);
	assert_int_equal(f.learned.posts, 0);
	arena_free(f.a);
}

static void
each_learned_line_is_left_out(void **state)
{
	static const char lines[] = "<p>The first line that all posts have.</p>\n"
				    "<p>The second line that all posts have.</p>\n"
				    "<p>The third line that all posts have.</p>\n"
				    "<p>The fourth line that all posts have.</p>\n"
				    "<p>The fifth line that all posts have.</p>\n"
				    "<p>Last words of post #.</p>";
	struct planet_feed f;

	(void)state;
	feed_open(&f, 6);
	add(&f, 6, lines);
	learn(&f);
	assert_int_equal(f.learned.count, 5);
	boilerplate_drop(f.a, &f.learned, f.list[5]);
	assert_string_equal(f.entries[5].text,
	    "This is the text of post 5.\n\nLast words of post 5.\n");
	assert_int_equal(f.entries[5].words, 12);
	arena_free(f.a);
}

/* Only a rule that parted nothing but what is gone goes too. */
static void
rules_before_it_go_and_others_stay(void **state)
{
	static const struct {
		const char *before, *behind, *want;
	} table[] = {
		{ "<p>Some words.</p>\n<hr>\n \n<hr>\n", "", "<p>Some words.</p>" },
		{ "<p>Some words.</p>\n", "", "<p>Some words.</p>" },
		{ "<hr>\n<p>Some words.</p>\n", "", "<hr>\n<p>Some words.</p>" },
		{ "", "\n<p>Some words.</p>\n<hr>", "<p>Some words.</p>\n<hr>" },
	};
	struct planet_feed f;

	(void)state;
	feed_open(&f, 6);
	add(&f, 6, ADVERT);
	learn(&f);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct entry e = { .link = "https://x.example/e",
			.html = arena_printf(f.a, "%s" ADVERT "%s", table[i].before,
			    table[i].behind) };

		boilerplate_drop(f.a, &f.learned, &e);
		assert_string_equal(e.html, table[i].want);
		assert_int_equal(e.words, 2);
	}
	arena_free(f.a);
}

static void
it_is_left_out_with_the_rule_before_it(void **state)
{
	struct planet_feed f;
	struct entry other = {
		.html = "<p>x</p>\n<p>Improve your Python, every day: go</p>"
	};

	(void)state;
	feed_open(&f, 6);
	add(&f, 6, "<hr>\n" ADVERT);
	learn(&f);
	assert_int_equal(f.learned.count, 1);
	assert_int_equal(f.learned.posts, 6);
	assert_int_equal(f.learned.lines[0].posts, 6);
	assert_string_equal(f.learned.lines[0].text,
	    "Improve your Python, every day: go");
	boilerplate_drop(f.a, &f.learned, f.list[0]);
	assert_string_equal(f.entries[0].html, "<p>This is the text of post 0.</p>");
	assert_string_equal(f.entries[0].text, "This is the text of post 0.\n");
	assert_int_equal(f.entries[0].words, 7);
	/* Its words without its link are somebody's own. */
	boilerplate_drop(f.a, &f.learned, &other);
	assert_string_equal(other.html,
	    "<p>x</p>\n<p>Improve your Python, every day: go</p>");
	arena_free(f.a);
}

static void
a_post_that_says_nothing_else_keeps_it(void **state)
{
	struct planet_feed f;

	(void)state;
	feed_open(&f, 6);
	for (size_t i = 0; i < 6; i++)
		f.entries[i].html = "<p>All systems are up and running.</p>";
	learn(&f);
	boilerplate_drop(f.a, &f.learned, f.list[0]);
	assert_string_equal(f.entries[0].html, "<p>All systems are up and running.</p>");
	arena_free(f.a);
}

static void
what_is_not_clean_yet_is_cleaned(void **state)
{
	static const char raw[] = "<p onclick=x>Thanks for reading this far.</p>";
	struct planet_feed f;

	(void)state;
	feed_open(&f, 6);
	for (size_t i = 0; i < 6; i++) {
		f.entries[i].html = NULL;
		f.entries[i].content = (struct raw_content){ .text = raw,
			.len = sizeof(raw) - 1,
			.type = CONTENT_HTML };
	}
	learn(&f);
	assert_int_equal(f.learned.count, 1);
	assert_string_equal(f.entries[5].html, "<p>Thanks for reading this far.</p>");
	arena_free(f.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_most_posts_say_is_learned),
		cmocka_unit_test(the_first_posts_tell_whether_to_look),
		cmocka_unit_test(what_one_of_three_says_is_not_repeated),
		cmocka_unit_test(each_learned_line_is_left_out),
		cmocka_unit_test(rules_before_it_go_and_others_stay),
		cmocka_unit_test(it_is_left_out_with_the_rule_before_it),
		cmocka_unit_test(a_post_that_says_nothing_else_keeps_it),
		cmocka_unit_test(what_is_not_clean_yet_is_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
