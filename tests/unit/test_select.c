/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "digest/pattern.h"
#include "config/conditions.h"
#include "digest/select.h"

enum { NOW = 1000000, HOUR = 3600 };

/* Settings as the tests need them: no limit, no filter. */
static struct config
settings(void)
{
	struct config c;

	memset(&c, 0, sizeof(c));
	c.digest.filter = "";
	c.digest.exclude = "";
	return c;
}

/* The ids in a list: "3 1 2". */
static const char *
ids(struct arena *a, const struct entry *const *list, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s%d", text, i ? " " : "", (int)list[i]->id);
	return text;
}

static void
expect(const char *name, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s: got \"%s\", want \"%s\"", name, what, got, want);
}

static struct entry
entry(int64_t id, int64_t source, int64_t published, const char *title, const char *text)
{
	return (struct entry){ .id = id,
		.source_id = source,
		.title = title,
		.text = text,
		.published = published,
		.updated = TIME_NONE,
		.first_seen = NOW };
}

/* ---- filters ---- */

static const struct {
	const char *name;
	const char *filter;
	const char *exclude;
	const char *source_filter;
	const char *source_exclude;
	const char *want; /* chosen */
} filter_cases[] = {
	/* clang-format off */
	{ "no filter", "", "", NULL, NULL, "1 2 3 4" },
	{ "must match the title", "python", "", NULL, NULL, "1 3" },
	{ "must not match", "", "python", NULL, NULL, "2 4" },
	{ "both", "python", "sale", NULL, NULL, "1" },
	{ "a phrase is found across a line's end", "", "very long phrase", NULL, NULL, "1 3 4" },
	{ "not across paragraphs", "", "phrase next", NULL, NULL, "1 2 3 4" },
	{ "extended syntax", "^(Gardens|Bees)", "", NULL, NULL, "2 4" },
	{ "a category counts", "honey", "", NULL, NULL, "4" },
	{ "the author counts", "Ada", "", NULL, NULL, "2" },
	{ "the address counts", "/quiz/", "", NULL, NULL, "3" },
	{ "a source's filter stands for the general one", "python", "", "bees", NULL, "4" },
	{ "a source's empty filter switches it off", "python", "", "", NULL, "1 2 3 4" },
	{ "a source's exclude comes to the general one", "", "python", NULL, "bees", "2" },
	{ "a source's empty exclude takes nothing of it away", "", "python", NULL, "", "2 4" },
	{ "case is ignored", "PYTHON", "", NULL, NULL, "1 3" },
};
/* clang-format on */

static void
test_filters(void **state)
{
	static const char *const honey[] = { "insects", "Honey" };
	struct entry list[] = {
		entry(1, 1, NOW - 1, "Python 4", "News."),
		entry(2, 1, NOW - 2, "Gardens", "A very\nlong phrase\n\nNext."),
		entry(3, 1, NOW - 3, "A quiz", "All about python, on sale."),
		entry(4, 1, NOW - 4, "Bees", "Buzz."),
	};

	(void)state;
	list[1].author = "Ada Lovelace";
	list[2].link = "https://example.org/quiz/3";
	list[3].categories = honey;
	list[3].category_count = 2;
	for (size_t i = 0; i < ARRAY_LEN(filter_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct source s = { .id = 1, .key = "one", .max_per_feed = -1 };
		struct selection sel;

		c.digest.filter = filter_cases[i].filter;
		c.digest.exclude = filter_cases[i].exclude;
		s.filter = filter_cases[i].source_filter;
		s.exclude = filter_cases[i].source_exclude;
		if (!digest_select(a, &c, &s, 1, list, ARRAY_LEN(list), NOW, NULL, 0,
			&sel, &err))
			fail_msg("%s: %s", filter_cases[i].name, err.text);
		expect(filter_cases[i].name, "chosen",
		    ids(a, sel.chosen, sel.chosen_count), filter_cases[i].want);
		if (sel.chosen_count + sel.dropped_count != ARRAY_LEN(list) ||
		    sel.by_reason[SELECT_FILTERED] != sel.dropped_count)
			fail_msg("%s: what is not chosen is dropped",
			    filter_cases[i].name);
		arena_free(a);
	}
}

/* The source says that it is English; the third post says German, the fourth nothing else. */
static const struct {
	const char *name;
	const char *categories, *exclude_categories, *languages, *exclude_languages;
	/* of the source */
	const char *own[4];
	const char *want;
} list_cases[] = {
	/* clang-format off */
	{ "one category", "honey", "", "", "", { NULL }, "4" },
	{ "one of two, with a blank in it", "sea, Web  Design,web design", "", "", "", { NULL },
	  "1" },
	{ "a category is a whole one", "web", "", "", "", { NULL }, "" },
	{ "none of them", "", "honey, web design", "", "", { NULL }, "2 3" },
	{ "a source's categories stand for the general ones", "honey", "", "", "",
	  { "web design" }, "1" },
	{ "what it refuses comes to what is refused of all", "", "honey", "", "",
	  { NULL, "web design" }, "2 3" },
	{ "a language, the source's where the post says none", "", "", "en", "", { NULL },
	  "1 2 4" },
	{ "what is below a language", "", "", "de", "", { NULL }, "3" },
	{ "a language is a whole one", "", "", "d", "", { NULL }, "" },
	{ "one of two", "", "", "fr, en-GB de", "", { NULL }, "3" },
	{ "a language that is refused", "", "", "", "de", { NULL }, "1 2 4" },
	{ "a source's languages stand for the general ones", "", "", "fr", "",
	  { NULL, NULL, "en" }, "1 2 4" },
	{ "refused by the source too", "", "", "", "de", { NULL, NULL, NULL, "en" }, "" },
	/* clang-format on */
};

static void
test_categories_and_languages(void **state)
{
	static const char *const honey[] = { "insects", "Honey" };
	static const char *const web[] = { "Web Design" };
	struct entry list[] = {
		entry(1, 1, NOW - 1, "One", "."),
		entry(2, 1, NOW - 2, "Two", "."),
		entry(3, 1, NOW - 3, "Three", "."),
		entry(4, 1, NOW - 4, "Four", "."),
	};

	(void)state;
	list[0].categories = web;
	list[0].category_count = 1;
	list[2].language = "de-AT";
	list[3].categories = honey;
	list[3].category_count = 2;
	for (size_t i = 0; i < ARRAY_LEN(list_cases); i++) {
		const char *const *own = list_cases[i].own;
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct source s = { .id = 1,
			.key = "one",
			.language = "en",
			.max_per_feed = -1,
			.filter = conditions_join(a, NULL, own[0], own[2]),
			.exclude = conditions_join(a, NULL, own[1], own[3]) };
		struct selection sel;

		c.digest.categories = list_cases[i].categories;
		c.digest.exclude_categories = list_cases[i].exclude_categories;
		c.digest.languages = list_cases[i].languages;
		c.digest.exclude_languages = list_cases[i].exclude_languages;
		if (!digest_select(a, &c, &s, 1, list, ARRAY_LEN(list), NOW, NULL, 0,
			&sel, &err))
			fail_msg("%s: %s", list_cases[i].name, err.text);
		expect(list_cases[i].name, "chosen", ids(a, sel.chosen, sel.chosen_count),
		    list_cases[i].want);
		arena_free(a);
	}
}

/* A language that nobody says is not the wrong one. */
static void
test_no_language_is_no_other(void **state)
{
	struct entry list[] = { entry(1, 1, NOW - 1, "One", ".") };
	struct source s = { .id = 1, .key = "one", .max_per_feed = -1 };
	struct config c = settings();
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct selection sel;

	(void)state;
	c.digest.languages = "en";
	assert_true(digest_select(a, &c, &s, 1, list, 1, NOW, NULL, 0, &sel, &err));
	assert_int_equal(sel.chosen_count, 1);
	arena_free(a);
}

static const struct {
	const char *pattern, *categories, *languages;
} joined_cases[] = {
	{ NULL, NULL, NULL },
	{ "", NULL, NULL },
	{ "a|b", NULL, NULL },
	{ NULL, "sea, ships", NULL },
	{ "", "sea", NULL },
	{ "(c|l)", NULL, "en pt-BR" },
	{ "p", "c", "l" },
};

static void
test_conditions_travel_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(joined_cases); i++) {
		const char *const want[] = { joined_cases[i].pattern,
			joined_cases[i].categories, joined_cases[i].languages };
		struct arena *a = arena_new();
		const char *joined = conditions_join(a, want[0], want[1], want[2]);

		for (int k = CONDITION_PATTERN; k <= CONDITION_LANGUAGE; k++) {
			const char *got = conditions_part(a, joined, (enum condition)k);

			if (!got != !want[k] || (got && strcmp(got, want[k]) != 0))
				fail_msg("case %zu, part %d: got %s, want %s", i, k,
				    got ? got : "(none)", want[k] ? want[k] : "(none)");
		}
		arena_free(a);
	}
}

static const struct {
	const char *name;
	const char *filter;
	const char *want; /* stands in the error */
} bad_cases[] = {
	{ "not closed", "(a", "digest.filter: regular expression '(a'" },
	{ "back-reference", "(a*)\\1", "back-reference \\1" },
	{ "repeats multiply", "((a{99}){99}){99}", "repeat counts multiply" },
	{ "one large repeat", "a{1,9999}", "repeat counts multiply" },
};

static void
test_bad_filters(void **state)
{
	char longest[1100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct selection sel;

		c.digest.filter = bad_cases[i].filter;
		if (digest_select(a, &c, NULL, 0, NULL, 0, NOW, NULL, 0, &sel, &err))
			fail_msg("%s: was accepted", bad_cases[i].name);
		if (err.kind != ERR_CONFIG || !strstr(err.text, bad_cases[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", bad_cases[i].name,
			    err.text, bad_cases[i].want);
		arena_free(a);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	struct selection sel;

	c.digest.exclude = longest;
	assert_false(digest_select(a, &c, NULL, 0, NULL, 0, NOW, NULL, 0, &sel, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(strncmp(err.text, "digest.exclude: regular expression 'aaa", 39),
	    0);
	assert_non_null(strstr(err.text, "aaa': longer than 1000 characters"));
	arena_free(a);
}

static void
test_a_source_with_a_wrong_pattern_is_held(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	const struct source sources[] = {
		{ .id = 1, .key = "alice", .max_per_feed = -1, .filter = "[z" },
		{ .id = 2, .key = "bert", .max_per_feed = -1 }
	};
	const struct entry entries[] = { entry(1, 1, NOW, "z", "z"),
		entry(2, 2, NOW, "z", "z") };
	struct selection sel;

	(void)state;
	assert_true(
	    digest_select(a, &c, sources, 2, entries, 2, NOW, NULL, 0, &sel, &err));
	assert_int_equal(sel.held_count, 1);
	assert_string_equal(sel.held[0].source->key, "alice");
	assert_non_null(strstr(sel.held[0].why, "regular expression '[z'"));
	assert_int_equal(sel.by_reason[SELECT_HELD], 1);
	assert_int_equal(sel.dropped_count, 0);
	assert_int_equal(sel.chosen_count, 1);
	assert_int_equal(sel.chosen[0]->source_id, 2);
	arena_free(a);
}

/* What is written, what POSIX makes of it (parts with " & ", "!" = forbidden), or why not. */
static const struct {
	const char *text, *want;
} patterns[] = {
	{ "python", "python" },
	{ "(?i)python", "python" },
	{ "(?is)a.b", "a.b" },
	{ "(?:python|django)", "(python|django)" },
	{ "(?i:a)(?P<x>b)(?<y>c)", "(a)(b)(c)" },
	{ "a(?#why)b", "ab" },
	{ "python \\d", "python [0-9]" },
	{ "\\bpython\\b", "\\bpython\\b" },
	{ "\\w+\\s\\D\\W\\S", "[[:alnum:]_]+[[:space:]][^0-9][^[:alnum:]_][^[:space:]]" },
	{ "[\\w-]", "[[:alnum:]_-]" },
	{ "[\\d.\\]]", "[]0-9.]" },
	{ "[^\\s\\-]", "[^[:space:]-]" },
	{ "[\\^a-z]", "[a-z^]" },
	{ "[\\^]", "\\^" },
	{ "[]a]", "[]a]" },
	{ "[[:alpha:]_]", "[[:alpha:]_]" },
	{ "[\xC3\xA0-\xC3\xBF]", "[\xC3\xA0-\xC3\xBF]" },
	{ "\\Astart|end\\Z", "^start|end$" },
	{ "a*?b+?c?\?d{2,3}?", "a*b+c?d{2,3}" },
	{ "{a} {1} {", "\\{a} {1} \\{" },
	{ "a\\-b\\/c\\.d\\#", "a-b/c\\.d#" },
	{ "a\\nb\\tc", "a b c" },
	{ "\\x41\\u00e9\\x2e", "A\xC3\xA9\\." },
	{ "^(?!cooking)", "!^(cooking)" },
	{ "(?i)^(?!.*(?:a|b)).*$", "!^(.*(a|b))" },
	{ "^(?=.*a)(?!.*b)c.*d", "^(.*a) & !^(.*b) & ^(c.*d)" },
	{ "\\<word\\>", "\\<word\\>" },
	{ "(a)\\1", "back-reference \\1 is not supported" },
	{ "a(?!b)", "look-ahead but at the beginning is not supported" },
	{ "(?<=a)b", "look-behind is not supported" },
	{ "(?<!a)b", "look-behind is not supported" },
	{ "^(?!a)b|c", "a choice behind look-ahead is not supported" },
	{ "(?x)a b", "such a group (?...) is not supported" },
	{ "(?P=x)", "such a group (?...) is not supported" },
	{ "(?>a)", "such a group (?...) is not supported" },
	{ "[\\W]", "such a class in brackets is not supported" },
	{ "\\pL", "\\p is not supported" },
	{ "[a", "a bracket is not closed" },
	{ "^(?!a", "a group is not closed" },
	{ "a\\", "a backslash at the end is not supported" },
	{ "\\x4", "\\x without its digits is not supported" },
};

static void
test_python_patterns_are_written_as_posix(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct buf got = BUF_INIT(4000);
		struct err err = ERR_INIT;
		struct pattern p;

		if (pattern_read(patterns[i].text, &p, &err)) {
			for (size_t k = 0; k < p.count; k++)
				buf_addf(&got, "%s%s%s", k ? " & " : "",
				    p.parts[k].is_forbidden ? "!" : "",
				    buf_text(&p.text) + p.parts[k].start);
		} else {
			assert_int_equal(err.kind, ERR_CONFIG);
			buf_adds(&got, err.text);
		}
		if (strcmp(buf_text(&got), patterns[i].want) != 0)
			fail_msg("%s: got %s, want %s", patterns[i].text, buf_text(&got),
			    patterns[i].want);
		buf_clear(&got);
		buf_clear(&p.text);
	}
}

/* A pattern that starts anew at each character of a long line without blanks ends soon. */
static void
test_a_hostile_text_takes_no_time(void **state)
{
	enum { LEN = 2 * 1000 * 1000 };
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	struct source s = { .id = 1, .key = "one", .max_per_feed = -1 };
	char *text = arena_alloc(a, LEN + 1);
	struct entry e = entry(1, 1, NOW, "", text);
	struct selection sel;
	int64_t start = clock_ticks_ms();

	(void)state;
	memset(text, 'a', LEN);
	c.digest.exclude = "(a|aa)*a*a*a*b";
	assert_true(digest_select(a, &c, &s, 1, &e, 1, NOW, NULL, 0, &sel, &err));
	assert_int_equal(sel.chosen_count, 1);
	assert_true(clock_ticks_ms() - start < 20000);
	arena_free(a);
}

/* ---- dates ---- */

static const struct {
	const char *name;
	enum future future;
	int64_t window;
	const char *want;
	size_t future_count, old_count;
} date_cases[] = {
	{ "dated ahead is left out until then", FUTURE_DROP, 0, "2 4 5 3", 1, 0 },
	{ "dated ahead counts as seen now", FUTURE_NOW, 0, "2 1 4 5 3", 0, 0 },
	{ "dated ahead keeps its date", FUTURE_KEEP, 0, "1 2 4 5 3", 0, 0 },
	{ "older than the window", FUTURE_DROP, 12 * HOUR, "2 4 5", 1, 1 },
	{ "the edge of the window is in", FUTURE_DROP, 24 * HOUR, "2 4 5 3", 1, 0 },
};

static void
test_dates(void **state)
{
	struct entry list[] = {
		entry(1, 1, NOW + 5 * HOUR, "ahead", ""),
		entry(2, 1, NOW, "now", ""),
		entry(3, 1, NOW - 24 * HOUR, "yesterday", ""),
		entry(4, 1, TIME_NONE, "updated only", ""),
		entry(5, 1, TIME_NONE, "no date", ""),
	};

	(void)state;
	list[0].first_seen = NOW - 1;
	list[3].updated = NOW - HOUR;
	list[4].first_seen = NOW - 2 * HOUR;
	for (size_t i = 0; i < ARRAY_LEN(date_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct source s = { .id = 1, .key = "one", .max_per_feed = -1 };
		struct selection sel;

		c.digest.future = date_cases[i].future;
		c.digest.window = date_cases[i].window;
		if (!digest_select(a, &c, &s, 1, list, ARRAY_LEN(list), NOW, NULL, 0,
			&sel, &err))
			fail_msg("%s: %s", date_cases[i].name, err.text);
		expect(date_cases[i].name, "chosen", ids(a, sel.chosen, sel.chosen_count),
		    date_cases[i].want);
		if (sel.by_reason[SELECT_FUTURE] != date_cases[i].future_count ||
		    sel.by_reason[SELECT_OLD] != date_cases[i].old_count)
			fail_msg("%s: got %zu ahead, %zu old", date_cases[i].name,
			    sel.by_reason[SELECT_FUTURE], sel.by_reason[SELECT_OLD]);
		/* Those wait for their time, or for a wider window. */
		assert_int_equal(sel.dropped_count, 0);
		arena_free(a);
	}
	assert_int_equal(list[0].published, NOW + 5 * HOUR);
}

/* ---- the first issue ---- */

static const struct {
	const char *name;
	int64_t window, newest; /* newest: how old the newest entry is */
	int64_t draft[1];       /* the id of a post that a draft holds, or 0 */
	const char *chosen, *dropped;
} first_cases[] = {
	/* clang-format off */
	{ "a week", 0, 1, { 0 }, "1 3 2", "4 5" },
	{ "the edge of the week is in", 0, 5 * 24 * HOUR, { 0 }, "1 3 2", "4 5" },
	{ "the window of the settings", 12 * HOUR, 1, { 0 }, "1", "3 2 4 5" },
	{ "a window of a second", 1, 1, { 0 }, "1", "3 2 4 5" },
	{ "nothing in it: the newest of each source", HOUR, HOUR + 1, { 0 }, "1 3", "2 4 5" },
	{ "what a draft holds stays, whatever its age", 0, 1, { 4 }, "4 1 3 2", "5" },
};
/* clang-format on */

static void
test_first_issue(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(first_cases); i++) {
		struct entry list[] = {
			entry(1, 1, NOW - first_cases[i].newest, "", ""),
			entry(3, 2, NOW - 6 * 24 * HOUR, "", ""),
			entry(2, 1, NOW - 7 * 24 * HOUR, "", ""),
			entry(4, 1, NOW - 7 * 24 * HOUR - 1, "", ""),
			entry(5, 2, NOW - 8 * 24 * HOUR, "", ""),
		};
		struct source s[2] = { { .id = 1, .key = "one", .max_per_feed = -1 },
			{ .id = 2, .key = "two", .max_per_feed = -1 } };
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct selection sel;

		c.digest.window = first_cases[i].window;
		if (!digest_select_first(a, &c, s, 2, list, ARRAY_LEN(list), NOW,
			first_cases[i].draft, first_cases[i].draft[0] != 0, &sel, &err))
			fail_msg("%s: %s", first_cases[i].name, err.text);
		expect(first_cases[i].name, "chosen",
		    ids(a, sel.chosen, sel.chosen_count), first_cases[i].chosen);
		expect(first_cases[i].name, "dropped",
		    ids(a, sel.dropped, sel.dropped_count), first_cases[i].dropped);
		assert_int_equal(sel.over_count, 0);
		assert_int_equal(sel.by_reason[SELECT_OVER], 0);
		assert_int_equal(sel.by_reason[SELECT_CHOSEN], sel.chosen_count);
		assert_int_equal(sel.by_reason[SELECT_OLD] > 0,
		    first_cases[i].window != HOUR);
		arena_free(a);
	}
}

/* Of one time the lower number is first; what is seen ahead of now is seen now. */
static void
test_posts_of_one_time(void **state)
{
	struct entry list[] = {
		entry(3, 1, NOW, "", ""),
		entry(2, 1, NOW, "", ""),
		entry(4, 1, NOW + 1, "", ""),
		entry(5, 1, NOW + 2, "", ""),
		entry(1, 1, NOW - 1, "", ""),
	};
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	struct selection sel;

	(void)state;
	list[2].first_seen = NOW + 9;
	list[3].first_seen = TIME_NONE;
	c.digest.future = FUTURE_NOW;
	/* No list of sources: nobody asks less of their posts. */
	assert_true(digest_select(a, &c, NULL, 0, list, 5, NOW, NULL, 0, &sel, &err));
	expect("one time", "chosen", ids(a, sel.chosen, sel.chosen_count), "2 3 4 5 1");
	assert_ptr_equal(sel.chosen[0], &list[1]);
	assert_int_equal(sel.chosen[2]->first_seen, NOW);
	assert_int_equal(sel.chosen[2]->published, TIME_NONE);
	assert_int_equal(sel.chosen[3]->first_seen, NOW);
	c.digest.future = FUTURE_DROP;
	c.digest.window = 1;
	assert_true(digest_select(a, &c, NULL, 0, list, 5, NOW, NULL, 0, &sel, &err));
	expect("the window", "chosen", ids(a, sel.chosen, sel.chosen_count), "2 3 1");
	assert_true(digest_select(a, &c, NULL, 0, list, 5, NOW + 1, NULL, 0, &sel, &err));
	expect("a second later", "chosen", ids(a, sel.chosen, sel.chosen_count), "4 2 3");
	arena_free(a);
}

/* Posts of a source that is not in the list are asked what all are. */
static void
test_posts_of_no_source(void **state)
{
	const struct entry list[] = { entry(1, 9, NOW, "Python", ""),
		entry(2, 9, NOW, "Tea", "") };
	const struct source other = { .id = 8, .key = "o", .max_per_feed = 1 };
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	struct selection sel;

	(void)state;
	c.digest.filter = "python";
	assert_true(digest_select(a, &c, &other, 1, list, 2, NOW, NULL, 0, &sel, &err));
	expect("must", "chosen", ids(a, sel.chosen, sel.chosen_count), "1");
	c.digest.filter = "";
	c.digest.exclude = "python";
	assert_true(digest_select(a, &c, &other, 1, list, 2, NOW, NULL, 0, &sel, &err));
	expect("must not", "chosen", ids(a, sel.chosen, sel.chosen_count), "2");
	arena_free(a);
}

/* ---- limits ---- */

static const struct {
	const char *name;
	int64_t items, per_feed, own; /* own: of source 2 */
	enum entry_order order;
	const char *chosen, *over;
} limit_cases[] = {
	{ "no limit", 0, 0, -1, ORDER_NEWEST, "1 2 3 4 5 6", "" },
	{ "less than none", -1, -1, -1, ORDER_NEWEST, "1 2 3 4 5 6", "" },
	{ "one of each feed", 0, 1, -1, ORDER_NEWEST, "1 4", "2 3 5 6" },
	{ "one of all", 1, 0, -1, ORDER_NEWEST, "1", "2 3 4 5 6" },
	{ "all but one", 5, 0, 0, ORDER_OLDEST, "5 4 3 2 1", "6" },
	{ "items", 2, 0, -1, ORDER_NEWEST, "1 2", "3 4 5 6" },
	{ "per feed", 0, 2, -1, ORDER_NEWEST, "1 2 4 6", "3 5" },
	{ "a feed's own limit", 0, 2, 1, ORDER_NEWEST, "1 2 4", "3 5 6" },
	{ "a feed without limit", 0, 1, 0, ORDER_NEWEST, "1 4 6", "2 3 5" },
	{ "both", 3, 2, -1, ORDER_NEWEST, "1 2 4", "3 5 6" },
	{ "oldest first keeps the newest", 2, 0, -1, ORDER_OLDEST, "2 1", "3 4 5 6" },
};

static void
test_limits(void **state)
{
	struct entry list[] = {
		entry(6, 2, NOW - 6, "", ""),
		entry(5, 1, NOW - 5, "", ""),
		entry(4, 2, NOW - 4, "", ""),
		entry(3, 1, NOW - 3, "", ""),
		entry(2, 1, NOW - 2, "", ""),
		entry(1, 1, NOW - 1, "", ""),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limit_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct source s[2] = { { .id = 2, .key = "two" },
			{ .id = 1, .key = "one", .max_per_feed = -1 } };
		struct selection sel;

		s[0].max_per_feed = limit_cases[i].own;
		c.digest.max_items = limit_cases[i].items;
		c.digest.max_per_feed = limit_cases[i].per_feed;
		c.digest.order = limit_cases[i].order;
		if (!digest_select(a, &c, s, 2, list, ARRAY_LEN(list), NOW, NULL, 0, &sel,
			&err))
			fail_msg("%s: %s", limit_cases[i].name, err.text);
		expect(limit_cases[i].name, "chosen",
		    ids(a, sel.chosen, sel.chosen_count), limit_cases[i].chosen);
		expect(limit_cases[i].name, "over", ids(a, sel.over, sel.over_count),
		    limit_cases[i].over);
		assert_int_equal(sel.by_reason[SELECT_CHOSEN], sel.chosen_count);
		assert_int_equal(sel.by_reason[SELECT_OVER], sel.over_count);
		arena_free(a);
	}
}

/* Entries 1 to 5, the highest newest, of sources 1 1 2 2 2; what a draft holds already. */
static const struct {
	const char *name;
	int64_t first[4];
	size_t first_count;
	int64_t max_items, max_per_feed;
	enum entry_order order;
	const char *chosen, *over;
} below_cases[] = {
	{ "nothing before", { 0 }, 0, 10, 10, ORDER_NEWEST, "5 4 3 2 1", "" },
	{ "what is there stays in its order", { 1, 4, 2 }, 2, 10, 10, ORDER_NEWEST,
	    "1 4 5 3 2", "" },
	{ "the oldest first below it", { 4, 1 }, 2, 10, 10, ORDER_OLDEST, "4 1 2 3 5",
	    "" },
	{ "it counts in the limit of all", { 2, 1 }, 2, 3, 10, ORDER_NEWEST, "2 1 5",
	    "4 3" },
	{ "and in that of its feed", { 3 }, 1, 10, 2, ORDER_NEWEST, "3 5 2 1", "4" },
	{ "a full draft stays whole", { 1, 2, 3 }, 3, 2, 1, ORDER_NEWEST, "1 2 3",
	    "5 4" },
	{ "what may not be mailed any more goes", { 9, 2 }, 2, 10, 10, ORDER_NEWEST,
	    "2 5 4 3 1", "" },
};

static void
test_what_is_new_goes_below_a_draft(void **state)
{
	const struct entry list[] = { entry(3, 2, NOW - 3, "c", "c"),
		entry(5, 2, NOW - 1, "e", "e"), entry(1, 1, NOW - 5, "a", "a"),
		entry(4, 2, NOW - 2, "d", "d"), entry(2, 1, NOW - 4, "b", "b") };
	const struct source sources[] = { { .id = 1, .key = "one", .max_per_feed = -1 },
		{ .id = 2, .key = "two", .max_per_feed = -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(below_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct config c = settings();
		struct selection sel;

		c.digest.max_items = below_cases[i].max_items;
		c.digest.max_per_feed = below_cases[i].max_per_feed;
		c.digest.order = below_cases[i].order;
		if (!digest_select(a, &c, sources, 2, list, ARRAY_LEN(list), NOW,
			below_cases[i].first, below_cases[i].first_count, &sel, &err))
			fail_msg("%s: %s", below_cases[i].name, err.text);
		expect(below_cases[i].name, "chosen",
		    ids(a, sel.chosen, sel.chosen_count), below_cases[i].chosen);
		expect(below_cases[i].name, "over", ids(a, sel.over, sel.over_count),
		    below_cases[i].over);
		arena_free(a);
	}
}

/* But for the first issue, which takes it whatever its age. */
static void
test_what_a_draft_holds_may_grow_too_old(void **state)
{
	const struct entry list[] = { entry(1, 1, NOW - 3, "a", "a"),
		entry(2, 1, NOW - 2, "b", "b") };
	const int64_t first[] = { 1 };
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct config c = settings();
	struct selection sel;

	(void)state;
	c.digest.window = 2;
	assert_true(digest_select(a, &c, NULL, 0, list, 2, NOW, first, 1, &sel, &err));
	expect("later", "chosen", ids(a, sel.chosen, sel.chosen_count), "2");
	assert_int_equal(sel.by_reason[SELECT_OLD], 1);
	/* It may be all there was. */
	assert_true(digest_select(a, &c, NULL, 0, list, 1, NOW, first, 1, &sel, &err));
	assert_int_equal(sel.chosen_count, 0);
	assert_true(
	    digest_select_first(a, &c, NULL, 0, list, 2, NOW, first, 1, &sel, &err));
	expect("at first", "chosen", ids(a, sel.chosen, sel.chosen_count), "1 2");
	assert_true(
	    digest_select_first(a, &c, NULL, 0, list, 1, NOW, NULL, 0, &sel, &err));
	expect("alone", "chosen", ids(a, sel.chosen, sel.chosen_count), "1");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_categories_and_languages),
		cmocka_unit_test(test_no_language_is_no_other),
		cmocka_unit_test(test_conditions_travel_together),
		cmocka_unit_test(test_bad_filters),
		cmocka_unit_test(test_python_patterns_are_written_as_posix),
		cmocka_unit_test(test_a_source_with_a_wrong_pattern_is_held),
		cmocka_unit_test(test_a_hostile_text_takes_no_time),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_first_issue),
		cmocka_unit_test(test_posts_of_one_time),
		cmocka_unit_test(test_posts_of_no_source),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_what_is_new_goes_below_a_draft),
		cmocka_unit_test(test_what_a_draft_holds_may_grow_too_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
