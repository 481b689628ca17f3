/* SPDX-License-Identifier: ISC */
/* Which entries of a document are news: feeds written here, read, and kept in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "flow/context.h"
#include "flow/remember.h"
#include "store/entry_lists.h"
#include "store/open.h"
#include "store/source_sync.h"
#include "store/sources.h"

enum { NOW = 1795500000, ROUNDS = 3 };

#define LONG \
	"A text that is long enough to be told from every other text by its words alone, since " \
	"it says what it says at some length and nobody else would say it in just this way, " \
	"word for word, from the beginning to the end."
#define RSS(items) \
	"<rss version='2.0'><channel><title>T</title>" \
	"<link>https://a.example/</link>" items "</channel></rss>"
#define ITEM(title, link, guid, text) \
	"<item><title>" title "</title>" link guid "<description>" text \
	"</description></item>"
#define DATED(title, link, date) \
	"<item><title>" title "</title><link>" link "</link>" \
	"<pubDate>" date "</pubDate></item>"
#define LINK(x) "<link>" x "</link>"
#define GUID(x) "<guid isPermaLink='false'>" x "</guid>"

static const struct keep_case {
	const char *name;
	struct {
		const char *feed;
		size_t added;
	} rounds[ROUNDS];
} cases[] = {
	/* clang-format off */
	{ "the same document again adds nothing",
	  { { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), LONG)), 1 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), LONG)), 0 } } },
	{ "a new entry before the old ones is one new entry",
	  { { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")), 1 },
	    { RSS(ITEM("b", LINK("https://a.example/2"), GUID("2"), "y")
	          ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")), 1 } } },
	{ "entries that share one address are told apart by their guids",
	  { { RSS(ITEM("a", LINK("https://a.example/changes"), GUID("1"), "x")
	          ITEM("b", LINK("https://a.example/changes"), GUID("2"), "y")), 2 },
	    { RSS(ITEM("c", LINK("https://a.example/changes"), GUID("3"), "z")
	          ITEM("b", LINK("https://a.example/changes"), GUID("2"), "y")), 1 } } },
	{ "entries that link to the home page are told apart by their guids",
	  { { RSS(ITEM("a", LINK("https://a.example/"), GUID("1"), "x")), 1 },
	    { RSS(ITEM("b", LINK("https://a.example/"), GUID("2"), "y")), 1 } } },
	{ "anchors of one page tell entries without guid apart",
	  { { RSS(ITEM("1.0", LINK("https://a.example/log#v1"), "", "x")
	          ITEM("1.1", LINK("https://a.example/log#v2"), "", "y")), 2 },
	    { RSS(ITEM("1.1", LINK("https://a.example/log#v2"), "", "y")
	          ITEM("1.0", LINK("https://a.example/log#v1"), "", "x")), 0 } } },
	{ "new guids for old addresses are old entries",
	  { { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")), 1 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), GUID("uuid-1"), "x")), 0 } } },
	{ "http became https and www went: the same entry",
	  { { RSS(ITEM("a", LINK("http://www.a.example/1/"), "", "x")), 1 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), "", "x")), 0 } } },
	{ "new guid and new address, the same long text: an old entry",
	  { { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), LONG)), 1 },
	    { RSS(ITEM("a", LINK("https://new.example/one"), GUID("n1"), LONG)), 0 } } },
	{ "the same few words may be said twice",
	  { { RSS(ITEM("Open thread", LINK("https://a.example/1"), GUID("1"), "")), 1 },
	    { RSS(ITEM("Open thread", LINK("https://a.example/2"), GUID("2"), "")), 1 } } },
	{ "without guid and address of its own even few words are known again",
	  { { RSS(ITEM("hello", LINK("https://a.example/"), "", "x")), 1 },
	    { RSS(ITEM("hello", LINK("https://a.example/"), "", "x")), 0 },
	    { RSS(ITEM("hello", "", "", "x")), 0 } } },
	{ "what waits for its day takes no place of a first document",
	  { { RSS(DATED("1", "https://a.example/1", "Mon, 23 Nov 2026 09:00:00 GMT")
	          DATED("2", "https://a.example/2", "Sun, 22 Nov 2026 09:00:00 GMT")
	          DATED("3", "https://a.example/3", "Sat, 21 Nov 2026 09:00:00 GMT")
	          DATED("4", "https://a.example/4", "Thu, 24 Dec 2026 09:00:00 GMT")
	          DATED("5", "https://a.example/5", "Fri, 25 Dec 2026 09:00:00 GMT")
	          DATED("6", "https://a.example/6", "Sat, 26 Dec 2026 09:00:00 GMT")), 6 } } },
	{ "of a first document only as many as an issue shows are news, all are known",
	  { { RSS(ITEM("1", LINK("https://a.example/1"), "", "a")
	          ITEM("2", LINK("https://a.example/2"), "", "b")
	          ITEM("3", LINK("https://a.example/3"), "", "c")), 3 },
	    { RSS(ITEM("1", LINK("https://a.example/1"), "", "a")
	          ITEM("3", LINK("https://a.example/3"), "", "c")), 0 } } },
};
/* clang-format on */

static struct source
add_source(struct run *run)
{
	struct source s = { .key = "a",
		.url = "https://a.example/feed",
		.group = "G",
		.max_per_feed = 2,
		.listed = true };
	struct err err = ERR_INIT;

	if (!store_sources_sync(run->store, &s, 1, &err) ||
	    !store_source_find(run->store, run->arena, "a", &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static void
play(const struct keep_case *c, struct run *run)
{
	struct source s = add_source(run);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < ROUNDS && c->rounds[i].feed; i++) {
		const struct feed_context ctx = { s.url, NULL, NOW };
		struct arena *scratch = arena_new();
		struct feed *feed = NULL;
		struct remembered kept = { 0 };

		if (!feed_parse(scratch, c->rounds[i].feed, strlen(c->rounds[i].feed),
			&ctx, &feed, NULL, &err) ||
		    !flow_remember_entries(run, scratch, &s, feed, &kept, &err))
			fail_msg("%s: round %zu: %s", c->name, i + 1, err.text);
		if (kept.added != c->rounds[i].added)
			fail_msg("%s: round %zu: got %zu new, want %zu", c->name, i + 1,
			    kept.added, c->rounds[i].added);
		s.last_ok = NOW;
		arena_free(scratch);
	}
}

static void
test_identity(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct random_source random;
		struct err err = ERR_INIT;
		struct settings settings;
		struct run run = { .arena = arena_new(), .now = NOW, .random = &random };
		const struct store_options o = { .mode = STORE_CREATE,
			.version = "test",
			.random = &random,
			.now = NOW };

		random_seeded(&random, "keep");
		settings_default(run.arena, "/nowhere", &settings);
		run.settings = &settings;
		run.config = &settings.config;
		run.store = store_open_memory(&o, &err);
		if (!run.store)
			fail_msg("%s", err.text);
		play(&cases[i], &run);
		assert_true(store_close(run.store, &err));
		arena_free(run.arena);
	}
}

static void
expect_unmailed(const struct keep_case *c, int64_t want_total, int64_t want)
{
	struct random_source random;
	struct err err = ERR_INIT;
	struct settings settings;
	struct run run = { .arena = arena_new(), .now = NOW, .random = &random };
	const struct store_options o = { .mode = STORE_CREATE,
		.version = "test",
		.random = &random,
		.now = NOW };
	int64_t total = 0;
	int64_t unmailed = 0;

	random_seeded(&random, "keep");
	settings_default(run.arena, "/nowhere", &settings);
	run.settings = &settings;
	run.config = &settings.config;
	run.store = store_open_memory(&o, &err);
	assert_non_null(run.store);
	play(c, &run);
	assert_true(store_entries_count(run.store, &total, &unmailed, &err));
	assert_int_equal(total, want_total);
	assert_int_equal(unmailed, want);
	assert_true(store_close(run.store, &err));
	arena_free(run.arena);
}

/* The third post of a first document is remembered, not mailed. */
static void
test_old_posts_are_not_mailed(void **state)
{
	(void)state;
	expect_unmailed(&cases[ARRAY_LEN(cases) - 1], 3, 2);
}

/* Two that are news and three that will be. */
static void
test_future_posts_take_no_place(void **state)
{
	(void)state;
	expect_unmailed(&cases[ARRAY_LEN(cases) - 2], 6, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_old_posts_are_not_mailed),
		cmocka_unit_test(test_future_posts_take_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
