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

enum { NOW = 1795500000, ROUNDS = 5 };

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
/* Cut off, inside an entry or behind one. */
#define TORN(items) \
	"<rss version='2.0'><channel><title>T</title><link>https://a.example/</link>" items
#define HALF(title, link, guid, text) \
	"<item><title>" title "</title>" link guid "<description>" text
/* Of another source: its own site is b.example. */
#define RSS_B(items) \
	"<rss version='2.0'><channel><title>B</title>" \
	"<link>https://b.example/</link>" items "</channel></rss>"
#define POST(title, link, guid, date, text) \
	"<item><title>" title "</title>" link guid "<pubDate>" date "</pubDate>" \
	"<description>" text "</description></item>"
#define MON "Mon, 23 Nov 2026 09:00:00 GMT"
#define TUE "Tue, 24 Nov 2026 08:30:00 GMT"
#define MON_DAY "Mon, 23 Nov 2026 00:00:00 GMT"
#define TUE_DAY "Tue, 24 Nov 2026 00:00:00 GMT"
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
	{ "half a post waits for the whole document",
	  { { TORN(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")
	          HALF("b", LINK("https://a.example/2"), GUID("2"), "half of")), 1 },
	    { TORN(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")
	          HALF("b", LINK("https://a.example/2"), GUID("2"), "half of it")), 0 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")
	          ITEM("b", LINK("https://a.example/2"), GUID("2"), "half of it all")), 1 } } },
	{ "a document of half a post has none",
	  { { TORN(HALF("a", LINK("https://a.example/1"), GUID("1"), "half of")), 0 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), "half of it")), 1 } } },
	{ "a document that is cut behind its last post has all of them",
	  { { TORN(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")
	          ITEM("b", LINK("https://a.example/2"), GUID("2"), "y")), 2 },
	    { RSS(ITEM("a", LINK("https://a.example/1"), GUID("1"), "x")
	          ITEM("b", LINK("https://a.example/2"), GUID("2"), "y")), 0 } } },
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
	{ "the same few words may be said twice: both stand in the document",
	  { { RSS(ITEM("Open thread", LINK("https://a.example/1"), GUID("1"), "")), 1 },
	    { RSS(ITEM("Open thread", LINK("https://a.example/2"), GUID("2"), "")
	          ITEM("Open thread", LINK("https://a.example/1"), GUID("1"), "")), 1 } } },
	{ "the same few words may be said twice: at another time",
	  { { RSS(POST("Open thread", LINK("https://a.example/1"), GUID("1"), MON, "")), 1 },
	    { RSS(POST("Open thread", LINK("https://a.example/2"), GUID("2"), TUE, "")), 1 } } },
	{ "the same few words may be said twice: on another day",
	  { { RSS(POST("Open thread", LINK("https://a.example/1"), GUID("1"), MON_DAY, "")), 1 },
	    { RSS(POST("Open thread", LINK("https://a.example/2"), GUID("2"), TUE_DAY, "")), 1 } } },
	{ "undated, few words under new guids and addresses are the old ones",
	  { { RSS(ITEM("One", LINK("https://a.example/1?t=1"), GUID("x1"), "")), 1 },
	    { RSS(ITEM("One", LINK("https://a.example/1?t=2"), GUID("x2"), "")), 0 } } },
	{ "undated, another text under new guids and addresses is another post",
	  { { RSS(ITEM("One", LINK("https://a.example/1"), GUID("1"), "x")), 1 },
	    { RSS(ITEM("One", LINK("https://a.example/2"), GUID("2"), "y")), 1 } } },
	{ "a post whose blog moves, is edited, and whose blog moves again is one post",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS(POST("One", LINK("https://new.example/one"), GUID("n1"), MON, "x")), 0 },
	    { RSS(POST("One, mended", LINK("https://new.example/one"), GUID("n1"), MON, "y")), 0 },
	    { RSS(POST("One, mended", LINK("https://third.example/1"), GUID("t1"), MON, "y z")), 0 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 0 } } },
	{ "undated, moved, edited and moved again is one post too",
	  { { RSS(ITEM("One", LINK("https://a.example/1"), GUID("1"), "x")), 1 },
	    { RSS(ITEM("One", LINK("https://new.example/one"), GUID("n1"), "x")), 0 },
	    { RSS(ITEM("One", LINK("https://new.example/one"), GUID("n1"), "y")), 0 },
	    { RSS(ITEM("One", LINK("https://third.example/1"), GUID("t1"), "y")), 0 } } },
	{ "a rebuilt site with a new line in each post, new guids: title and instant",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, LONG)), 1 },
	    { RSS(POST("One", LINK("https://a.example/2026/1"), GUID("n"), MON, "Share this. " LONG)), 0 } } },
	{ "the same, with another title too",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, LONG)), 1 },
	    { RSS(POST("Two", LINK("https://a.example/2"), GUID("n"), MON, "Share this. " LONG)), 1 } } },
	{ "a rebuilt site with a new line in each post, new guids: title and address",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, LONG)), 1 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("n"), TUE, "Share this. " LONG)), 0 } } },
	{ "a page of changes without guids sends each release, one at a time",
	  { { RSS(POST("1.0", LINK("https://a.example/log"), "", MON, "x")), 1 },
	    { RSS(POST("1.1", LINK("https://a.example/log"), "", TUE, "y")), 1 },
	    { RSS(POST("1.1", LINK("https://a.example/log"), "", TUE, "y")), 0 },
	    { RSS(POST("1.1", LINK("https://a.example/log"), "", TUE, "y, mended")), 0 } } },
	{ "a guid that was used again is a new post, each time",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS(POST("Two", LINK("https://a.example/2"), GUID("1"), TUE, "y")), 1 },
	    { RSS(POST("Two", LINK("https://a.example/2"), GUID("1"), TUE, "y")), 0 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 0 } } },
	{ "one guid for everything: each entry is a post, once",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("0"), MON, "x")
	          POST("Two", LINK("https://a.example/2"), GUID("0"), TUE, "y")), 2 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("0"), MON, "x")
	          POST("Two", LINK("https://a.example/2"), GUID("0"), TUE, "y")), 0 },
	    { RSS(POST("Two", LINK("https://a.example/2"), GUID("0"), TUE, "y")
	          POST("One", LINK("https://a.example/1"), GUID("0"), MON, "x")), 0 } } },
	{ "a post that a document lists twice is one",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")
	          POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x, mended")), 1 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")
	          POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x, mended")), 0 } } },
	{ "two posts of one title and instant are two, also when all their ids move",
	  { { RSS(POST("Alarm", LINK("https://a.example/1"), GUID("1"), MON, "")
	          POST("Alarm", LINK("https://a.example/2"), GUID("2"), MON, "")), 2 },
	    { RSS(POST("Alarm", LINK("https://a.example/n1"), GUID("n1"), MON, "")
	          POST("Alarm", LINK("https://a.example/n2"), GUID("n2"), MON, "")), 0 },
	    { RSS(POST("Alarm", LINK("https://a.example/n3"), GUID("n3"), MON, "")
	          POST("Alarm", LINK("https://a.example/n1"), GUID("n1"), MON, "")
	          POST("Alarm", LINK("https://a.example/n2"), GUID("n2"), MON, "")), 1 } } },
	{ "weak evidence does not take a post from the entry it is",
	  { { RSS(POST("Links", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS(POST("Links", LINK("https://a.example/2"), GUID("2"), MON, "y")
	          POST("Links", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 } } },
	{ "a moved ticker: the text tells its alarms apart whatever their order",
	  { { RSS(POST("Alarm", LINK("https://a.example/?1"), "", MON, "north")
	          POST("Alarm", LINK("https://a.example/?2"), "", MON, "south")), 2 },
	    { RSS(POST("Alarm", LINK("https://a.example/?3"), "", MON, "south")
	          POST("Alarm", LINK("https://a.example/?4"), "", MON, "north")), 0 } } },
	{ "two people's words about a page of neither are two posts",
	  { { RSS(POST("Read this", LINK("https://paper.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS_B(POST("Not this", LINK("https://paper.example/1"), GUID("1"), TUE, "y")), 1 },
	    { RSS_B(POST("Not this", LINK("https://paper.example/1"), GUID("2"), TUE, "z")), 0 },
	    { RSS_B(POST("Not this", LINK("https://paper.example/1"), GUID("3"), MON, "z")), 0 } } },
	{ "what two sources say of one page under one title is one post",
	  { { RSS(POST("Big story", LINK("https://paper.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS_B(POST("Big story", LINK("https://paper.example/1"), GUID("1"), TUE, "y")), 0 } } },
	{ "the author, then the planet's own feed with other titles",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS_B(POST("Ann: One", LINK("https://a.example/1"), GUID("p"), MON, "x y")), 0 },
	    { RSS_B(POST("Ann: One", LINK("https://a.example/1"), GUID("p"), MON, "x y")), 0 },
	    { RSS_B(POST("Ann: One", LINK("https://a.example/1"), GUID("q"), MON, "x y z")), 0 } } },
	{ "the planet's own feed, then the author",
	  { { RSS_B(POST("Ann: One", LINK("https://a.example/1"), GUID("p"), MON, "x y")), 1 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 0 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 0 },
	    { RSS_B(POST("Ann: One", LINK("https://a.example/1"), GUID("p"), MON, "x y")), 0 } } },
	{ "somebody's own words about a post of the planet are a post",
	  { { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), MON, "x")), 1 },
	    { RSS_B(POST("Ann is wrong", LINK("https://a.example/1"), GUID("b"), TUE, "y")), 1 } } },
	{ "naming an address first makes nothing vanish",
	  { { RSS_B(POST("Buy", LINK("https://a.example/1"), GUID("b"), MON, "pills")), 1 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("1"), TUE, "x")), 1 },
	    { RSS(POST("One", LINK("https://a.example/1"), GUID("2"), TUE, "y")), 0 },
	    { RSS_B(POST("Buy", LINK("https://a.example/1"), GUID("b"), MON, "pills")), 0 } } },
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
	          ITEM("2", LINK("https://a.example/2"), "", "b")
	          ITEM("3", LINK("https://a.example/3"), "", "c")), 0 } } },
};
/* clang-format on */

/* Two of them, since a document may be of either. */
static void
add_two_sources(struct run *run, struct source out[2])
{
	struct source specs[2] = { { .key = "a",
				       .url = "https://a.example/feed",
				       .group = "G",
				       .max_per_feed = 2,
				       .listed = true },
		{ .key = "b",
		    .url = "https://b.example/feed",
		    .group = "G",
		    .max_per_feed = 2,
		    .listed = true } };
	struct err err = ERR_INIT;

	if (!store_sources_sync(run->store, specs, 2, &err) ||
	    !store_source_find(run->store, run->arena, "a", &out[0], &err) ||
	    !store_source_find(run->store, run->arena, "b", &out[1], &err))
		fail_msg("%s", err.text);
}

/* As after a round: the source's page and its last answer are stored. */
static void
note_answer(struct run *run, struct source *s, const struct feed *feed)
{
	struct err err = ERR_INIT;

	s->last_ok = NOW;
	s->link = arena_strdup(run->arena, feed->link);
	if (!store_source_polled(run->store, s, &err))
		fail_msg("%s", err.text);
}

static void
play(const struct keep_case *c, struct run *run)
{
	const struct news_rules rules = { .now = NOW,
		.last_issue = TIME_NONE,
		.late = run->config->digest.late };
	struct source sources[2];
	struct err err = ERR_INIT;

	add_two_sources(run, sources);
	for (size_t i = 0; i < ROUNDS && c->rounds[i].feed; i++) {
		const bool of_second = strstr(c->rounds[i].feed, "<title>B</title>");
		struct source *s = &sources[of_second];
		const struct feed_context ctx = { s->url, NULL, NOW };
		struct arena *scratch = arena_new();
		struct feed *feed = NULL;
		struct keeping *k = NULL;
		struct remembered kept = { 0 };

		if (!feed_parse(scratch, c->rounds[i].feed, strlen(c->rounds[i].feed),
			&ctx, &feed, NULL, &err))
			fail_msg("%s: round %zu: %s", c->name, i + 1, err.text);
		k = flow_prepare_entries(run, scratch, s, feed);
		if (!flow_recognise_entries(k, &rules, &err) ||
		    !flow_remember_entries(k, &kept, &err))
			fail_msg("%s: round %zu: %s", c->name, i + 1, err.text);
		if (kept.added != c->rounds[i].added)
			fail_msg("%s: round %zu: got %zu new, want %zu", c->name, i + 1,
			    kept.added, c->rounds[i].added);
		note_answer(run, s, feed);
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
			.random = &random };

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

/* Half a text is no new version of a whole one. */
static void
half_a_post_changes_nothing(void **state)
{
#define WHOLE ITEM("a", LINK("https://a.example/1"), GUID("1"), "the whole text")
#define PART HALF("a", LINK("https://a.example/1"), GUID("1"), "the who")
	static const struct keep_case c = { "half a post",
		{ { RSS(WHOLE), 1 }, { TORN(PART), 0 } } };
#undef WHOLE
#undef PART
	struct random_source random;
	struct err err = ERR_INIT;
	struct settings settings;
	struct run run = { .arena = arena_new(), .now = NOW, .random = &random };
	const struct store_options o = { .mode = STORE_CREATE,
		.version = "test",
		.random = &random };
	struct entry *all = NULL;
	size_t count = 0;

	(void)state;
	random_seeded(&random, "keep");
	settings_default(run.arena, "/nowhere", &settings);
	run.settings = &settings;
	run.config = &settings.config;
	run.store = store_open_memory(&o, &err);
	assert_non_null(run.store);
	play(&c, &run);
	assert_true(store_entries_unmailed(run.store, run.arena, 9, &all, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(all[0].html, "the whole text");
	assert_true(store_close(run.store, &err));
	arena_free(run.arena);
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
		.random = &random };
	int64_t total = 0;
	int64_t unmailed = 0;

	random_seeded(&random, "keep");
	settings_default(run.arena, "/nowhere", &settings);
	run.settings = &settings;
	run.config = &settings.config;
	run.store = store_open_memory(&o, &err);
	assert_non_null(run.store);
	play(c, &run);
	assert_true(store_entries_count(run.store, &total, &err) &&
	    store_entries_count_unmailed(run.store, &unmailed, &err));
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

/* ---- documents without dates ---- */

#define POST_1 ITEM("first", LINK("https://a.example/1"), "", "one")
#define POST_2 ITEM("second", LINK("https://a.example/2"), "", "two")
#define POST_3 ITEM("third", LINK("https://a.example/3"), "", "three")
#define POST_4 ITEM("fourth", LINK("https://a.example/4"), "", "four")
#define NEWER ITEM("newer", LINK("https://a.example/9"), "", "nine")
#define OLDER ITEM("older", LINK("https://a.example/0"), "", "nought")

/* Documents that come 40 days apart, an issue between each; what of the last one is news. */
static const struct {
	const char *name;
	const char *documents[3];
	int64_t news;
} undated[] = {
	{ "a feed that shows more of its archive than before",
	    { RSS(POST_2 POST_1), RSS(POST_3 POST_2 POST_1),
		RSS(POST_3 POST_2 POST_1 OLDER) },
	    0 },
	{ "the same, and a new post on top",
	    { RSS(POST_2 POST_1), RSS(POST_3 POST_2 POST_1),
		RSS(NEWER POST_3 POST_2 POST_1 OLDER) },
	    1 },
	{ "a pinned post on top has known ones below it",
	    { RSS(POST_1 POST_3 POST_2), RSS(POST_1 POST_4 POST_3 POST_2),
		RSS(POST_1 NEWER POST_4 POST_3 POST_2) },
	    1 },
	{ "a feed that puts its newest post last",
	    { RSS(POST_1 POST_2), RSS(POST_1 POST_2 POST_3),
		RSS(POST_1 POST_2 POST_3 NEWER) },
	    1 },
	{ "posts that were all seen at once show no order",
	    { RSS(POST_1 POST_2 POST_3), RSS(POST_1 POST_2 POST_3),
		RSS(POST_1 POST_2 POST_3 NEWER) },
	    1 },
	{ "two known posts are too few to show an order",
	    { RSS(POST_1), RSS(POST_2 POST_1), RSS(POST_2 POST_1 OLDER) }, 1 },
	{ "a dated post among them: its feed can say what is old",
	    { RSS(POST_2 POST_1), RSS(POST_3 POST_2 POST_1),
		RSS(POST_3 POST_2 POST_1 DATED("dated", "https://a.example/8", TUE)) },
	    1 },
};

static void
read_document(struct run *run, struct source *s, const char *text, bool is_first,
    struct remembered *kept)
{
	const struct news_rules rules = { .now = run->now,
		.last_issue = is_first ? TIME_NONE : run->now - 86400,
		.late = run->config->digest.late };
	const struct feed_context ctx = { s->url, NULL, run->now };
	struct arena *scratch = arena_new();
	struct keeping *k = NULL;
	struct feed *feed = NULL;
	struct err err = ERR_INIT;

	if (!feed_parse(scratch, text, strlen(text), &ctx, &feed, NULL, &err))
		fail_msg("%s", err.text);
	k = flow_prepare_entries(run, scratch, s, feed);
	if (!flow_recognise_entries(k, &rules, &err) ||
	    !flow_remember_entries(k, kept, &err))
		fail_msg("%s", err.text);
	s->last_ok = run->now;
	arena_free(scratch);
}

/* Of two in a first document of which one may be mailed, the newer, though it stands last. */
static void
the_newer_of_two_is_news(void **state)
{
	struct random_source random;
	struct err err = ERR_INIT;
	struct settings settings;
	struct run run = { .arena = arena_new(), .now = NOW, .random = &random };
	const struct store_options o = { .mode = STORE_CREATE,
		.version = "test",
		.random = &random };
	struct source sources[2];
	struct remembered kept = { 0 };
	struct entry *all = NULL;
	size_t count = 0;

	(void)state;
	random_seeded(&random, "keep");
	settings_default(run.arena, "/nowhere", &settings);
	run.settings = &settings;
	run.config = &settings.config;
	run.store = store_open_memory(&o, &err);
	assert_non_null(run.store);
	add_two_sources(&run, sources);
	sources[0].max_per_feed = 1;
	read_document(&run, &sources[0],
	    RSS(DATED("old", "https://a.example/1", "Sun, 22 Nov 2026 09:00:00 GMT")
		    DATED("new", "https://a.example/2", MON)),
	    true, &kept);
	assert_true(store_entries_unmailed(run.store, run.arena, 9, &all, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(all[0].title, "new");
	assert_true(store_close(run.store, &err));
	arena_free(run.arena);
}

static void
test_what_stands_below_old_posts_is_older(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(undated); i++) {
		struct random_source random;
		struct err err = ERR_INIT;
		struct settings settings;
		struct run run = { .arena = arena_new(),
			.now = NOW - 80 * 86400,
			.random = &random };
		const struct store_options o = { .mode = STORE_CREATE,
			.version = "test",
			.random = &random };
		struct source sources[2];
		struct remembered kept = { 0 };

		random_seeded(&random, "keep");
		settings_default(run.arena, "/nowhere", &settings);
		run.settings = &settings;
		run.config = &settings.config;
		run.store = store_open_memory(&o, &err);
		assert_non_null(run.store);
		add_two_sources(&run, sources);
		for (size_t d = 0; d < 3; d++, run.now += 40 * 86400)
			read_document(&run, &sources[0], undated[i].documents[d], d == 0,
			    &kept);
		if ((int64_t)(kept.added - kept.old) != undated[i].news)
			fail_msg("%s: got %zu news, want %lld", undated[i].name,
			    kept.added - kept.old, (long long)undated[i].news);
		assert_true(store_close(run.store, &err));
		arena_free(run.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_what_stands_below_old_posts_is_older),
		cmocka_unit_test(the_newer_of_two_is_news),
		cmocka_unit_test(half_a_post_changes_nothing),
		cmocka_unit_test(test_old_posts_are_not_mailed),
		cmocka_unit_test(test_future_posts_take_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
