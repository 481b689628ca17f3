/* SPDX-License-Identifier: ISC */
/* What the settings and the lists say of feeds is what the store has, change by change. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "base/log.h"
#include "flow/source_changes.h"
#include "flow/source_lists.h"
#include "flow/source_troubles.h"
#include "store/source_sync.h"

static struct listed_feed
feed_of(const char *key, const char *url)
{
	return (struct listed_feed){ .key = key, .url = url, .max_per_feed = -1 };
}

static void
sync(struct flow_test *t, struct listed_feed *feeds, size_t count)
{
	t->settings.sources = feeds;
	t->settings.source_count = count;
	MUST(flow_sources_sync(&t->run, err));
}

static struct source
find(struct flow_test *t, const char *key)
{
	struct source s;

	MUST(store_source_find(t->run.store, t->run.arena, key, &s, err));
	return s;
}

static const char *
shown(const char *text)
{
	return text ? text : "-";
}

/* All that the store has of a source from its section. */
static const char *
words_of(struct flow_test *t, const char *key)
{
	const struct source s = find(t, key);

	return arena_printf(t->run.arena, "%s %s %s %s %s %s %s %s %s %s %lld %d %d",
	    s.key, s.url, shown(s.name), shown(s.face), shown(s.group), shown(s.language),
	    shown(s.filter), shown(s.exclude), shown(s.strip), shown(s.user_agent),
	    (long long)s.max_per_feed, s.paused, s.listed);
}

/* The keys of the feeds that are listed, or of all, in the order of the store. */
static const char *
keys(struct flow_test *t, bool listed)
{
	struct source *all = NULL;
	size_t count = 0;
	const char *out = "";

	MUST(store_sources(t->run.store, t->run.arena, listed, &all, &count, err));
	for (size_t i = 0; i < count; i++)
		out = arena_printf(t->run.arena, "%s%s%s", out, i ? " " : "", all[i].key);
	return out;
}

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

/* ---- one thing after the other -------------------------------------------------------- */

#define A_FEED .key = "a", .url = "https://a.example/feed"
static const struct {
	const char *name;
	struct listed_feed feed;
	const char *words;
} steps[] = {
	{ "nothing but an address", { A_FEED, .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs - - - - - -1 0 1" },
	{ "a name", { A_FEED, .name = "x", .max_per_feed = -1 },
	    "a https://a.example/feed x - Blogs - - - - - -1 0 1" },
	{ "the same word as its face", { A_FEED, .face = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - x Blogs - - - - - -1 0 1" },
	{ "as its group", { A_FEED, .group = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - x - - - - - -1 0 1" },
	{ "as its language", { A_FEED, .language = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs x - - - - -1 0 1" },
	{ "as its filter", { A_FEED, .filter = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs - x - - - -1 0 1" },
	{ "as what is left out", { A_FEED, .exclude = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs - - x - - -1 0 1" },
	{ "as what is cut", { A_FEED, .strip = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs - - - x - -1 0 1" },
	{ "as whom we are", { A_FEED, .user_agent = "x", .max_per_feed = -1 },
	    "a https://a.example/feed - - Blogs - - - - x -1 0 1" },
	{ "a limit", { A_FEED, .max_per_feed = 0 },
	    "a https://a.example/feed - - Blogs - - - - - 0 0 1" },
	{ "another", { A_FEED, .max_per_feed = 1 },
	    "a https://a.example/feed - - Blogs - - - - - 1 0 1" },
	{ "paused", { A_FEED, .max_per_feed = 1, .paused = true },
	    "a https://a.example/feed - - Blogs - - - - - 1 1 1" },
	{ "not any more", { A_FEED, .max_per_feed = 1 },
	    "a https://a.example/feed - - Blogs - - - - - 1 0 1" },
	{ "another key",
	    { .key = "b", .url = "https://a.example/feed", .max_per_feed = 1 },
	    "b https://a.example/feed - - Blogs - - - - - 1 0 1" },
};

static void
each_thing_that_changes_is_stored(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.feeds.default_group = "Blogs";
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct listed_feed feed = steps[i].feed;
		int64_t before = 0;

		sync(&t, &feed, 1);
		SAME_TEXT(steps[i].name, words_of(&t, feed.key), steps[i].words);
		before = number_of(&t, "SELECT total_changes()");
		sync(&t, &feed, 1);
		SAME_INT("the same again is not written",
		    number_of(&t, "SELECT total_changes()"), before);
	}
	flow_end(&t);
}

static void
what_holds_for_all_is_stored_with_each(void **state)
{
	struct listed_feed feeds[] = { feed_of("a", "https://a.example/feed"),
		feed_of("b", "https://b.example/feed") };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	feeds[1].group = "Own";
	feeds[1].filter = "x";
	feeds[1].categories = "cats";
	t.settings.config.feeds.default_group = "One";
	sync(&t, feeds, 2);
	SAME_TEXT("the group of all", find(&t, "a").group, "One");
	t.settings.config.feeds.default_group = "Two";
	sync(&t, feeds, 2);
	SAME_TEXT("another", find(&t, "a").group, "Two");
	SAME_TEXT("its own", find(&t, "b").group, "Own");
	SAME_INT("two conditions",
	    strchr(find(&t, "b").filter, '\n') != NULL ||
		strstr(find(&t, "b").filter, "cats") != NULL,
	    1);
	flow_end(&t);
}

static void
feeds_come_and_go(void **state)
{
	struct listed_feed feeds[] = { feed_of("a", "https://a.example/feed"),
		feed_of("b", "https://b.example/feed"),
		feed_of("c", "https://c.example/feed") };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	sync(&t, feeds, 2);
	SAME_TEXT("two", keys(&t, true), "a b");
	sync(&t, feeds, 3);
	SAME_TEXT("one more", keys(&t, true), "a b c");
	sync(&t, feeds + 1, 2);
	SAME_TEXT("one less", keys(&t, true), "b c");
	SAME_TEXT("it is known", keys(&t, false), "a b c");
	sync(&t, feeds, 0);
	SAME_TEXT("none", keys(&t, true), "");
	sync(&t, feeds, 3);
	SAME_TEXT("all again", keys(&t, true), "a b c");
	flow_break_store(&t);
	t.settings.source_count = 2;
	MUST_FAIL(flow_sources_sync(&t.run, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	SAME_TEXT("as it was", keys(&t, true), "a b c");
	flow_end(&t);
}

static void
there_are_not_too_many(void **state)
{
	const size_t count = LIMIT_SOURCES + 1;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.sources = arena_array(t.run.arena, count, sizeof(*t.settings.sources));
	for (size_t i = 0; i < count; i++)
		t.settings.sources[i] = feed_of("a", "https://a.example/feed");
	t.settings.source_count = count;
	MUST_FAIL(flow_sources_sync(&t.run, err), ERR_LIMIT,
	    "100001 feeds are configured, 100000 can be kept");
	flow_end(&t);
}

/* A store in a file that may not be written to: it stays as it is, whatever the settings say. */
static void
what_cannot_be_written_is_shown_as_it_is(void **state)
{
	const size_t count = LIMIT_SOURCES;
	struct listed_feed one = feed_of("a", "https://a.example/feed");
	struct flow_test t;
	struct store_options o = open_options(STORE_CREATE);
	struct store *memory = NULL;
	char path[300];

	(void)state;
	flow_begin(&t);
	memory = t.run.store;
	MUST(
	    (t.run.store = store_open(in_folder(t.folder, "db", path), &o, err)) != NULL);
	sync(&t, &one, 1);
	close_store(t.run.store);
	o = open_options(STORE_READ);
	MUST((t.run.store = store_open(path, &o, err)) != NULL);
	sync(&t, &one, 1);
	/* As many as can be kept. */
	t.settings.sources = arena_array(t.run.arena, count, sizeof(*t.settings.sources));
	for (size_t i = 0; i < count; i++)
		t.settings.sources[i] = feed_of("b", "https://b.example/feed");
	sync(&t, t.settings.sources, count);
	SAME_TEXT("as it was", keys(&t, false), "a");
	close_store(t.run.store);
	t.run.store = memory;
	flow_end(&t);
}

/* ---- what is told of them ------------------------------------------------------------- */

static const char *
news(struct flow_test *t)
{
	struct source *list = NULL;
	size_t count = 9;
	const char *out = "";

	MUST(flow_troubles_news(&t->run, &list, &count, err));
	for (size_t i = 0; i < count; i++)
		out =
		    arena_printf(t->run.arena, "%s%s%s", out, i ? " " : "", list[i].key);
	return out;
}

/* Three failures in two days are news; of a feed that is listed no more, or paused, none are. */
static void
a_trouble_is_news_once(void **state)
{
	struct listed_feed feeds[] = { feed_of("a", "https://a.example/feed"),
		feed_of("b", "https://b.example/feed"),
		feed_of("c", "https://c.example/feed"),
		feed_of("d", "https://d.example/feed"),
		feed_of("e", "https://e.example/feed") };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	feeds[3].paused = true;
	sync(&t, feeds, 5);
	sync(&t, feeds, 4);
	SAME_TEXT("all is well", news(&t), "");
	MUST(db_exec(t.run.store,
	    "UPDATE source SET state = 1, failures = 3, last_ok = 1795500000 - 48 * 3600,"
	    " last_poll = 1795500000 WHERE key <> 'b'",
	    err));
	flow_break_store(&t);
	{
		struct source *list = NULL;
		size_t count = 0;

		MUST_FAIL(flow_troubles_news(&t.run, &list, &count, err), ERR_SYSTEM, "");
	}
	flow_mend_store(&t);
	SAME_INT("none is told", number_of(&t, "SELECT SUM(told) FROM source"), 0);
	SAME_TEXT("two", news(&t), "a c");
	SAME_INT("told as what they are",
	    number_of(&t, "SELECT COUNT(*) FROM source WHERE told = 1"), 2);
	SAME_TEXT("once", news(&t), "");
	flow_end(&t);
}

/* The hosts of the feeds that are listed, in the order of their names. */
static const char *
urls_of(struct flow_test *t)
{
	static const char *const hosts[] = { "a.example", "n.example", "o.example",
		"u.example", "v.example" };
	struct source *all = NULL;
	size_t count = 0;
	size_t found = 0;
	const char *out = "";

	MUST(store_sources(t->run.store, t->run.arena, true, &all, &count, err));
	for (size_t h = 0; h < ARRAY_LEN(hosts); h++) {
		const char *url = arena_printf(t->run.arena, "https://%s/feed", hosts[h]);

		for (size_t i = 0; i < count; i++) {
			if (strcmp(all[i].url, url) != 0)
				continue;
			out = arena_printf(t->run.arena, "%s%s%s", out,
			    found++ ? " " : "", hosts[h]);
		}
	}
	SAME_INT("no other", found, count);
	return out;
}

/* ---- lists ---------------------------------------------------------------------------- */

static const char opml[] =
    "<opml version='2.0'><body><outline text='O'>"
    "<outline type='rss' text='Oh' xmlUrl='https://o.example/feed'/>"
    "<outline type='rss' text='No' xmlUrl='gopher://o.example/feed'/>"
    "<outline type='rss' text='Again' xmlUrl='https://a.example/feed'/>"
    "</outline></body></opml>";

static void
lists_are_read_one_after_the_other(void **state)
{
	struct listed_feed own = feed_of("a", "https://a.example/feed");
	struct listed_feed went = feed_of("w", "https://w.example/feed");
	struct flow_test t;
	const char *urls = NULL;
	const char *outlines = NULL;

	(void)state;
	flow_begin(&t);
	/* What went before stays away, whatever lists are missing. */
	sync(&t, &went, 1);
	own.name = "Own";
	urls = flow_write(&t, "urls", "https://u.example/feed\nhttps://v.example/feed\n");
	outlines = flow_write(&t, "list.opml", opml);
	t.settings.config.feeds.feeds_from =
	    arena_printf(t.run.arena, "%s\n\n%s", urls, outlines);
	sync(&t, &own, 1);
	SAME_TEXT("the section before the lists", find(&t, "a").name, "Own");
	SAME_TEXT("of all, each once", urls_of(&t),
	    "a.example o.example u.example v.example");
	SAME_INT("the outline's name",
	    number_of(&t,
		"SELECT COUNT(*) FROM source WHERE url = 'https://o.example/feed'"
		" AND name = 'Oh' AND feed_group = 'O'"),
	    1);
	SAME_INT("no limit of its own",
	    number_of(&t,
		"SELECT max_per_feed FROM source WHERE url = 'https://o.example/feed'"),
	    -1);
	/* A list that cannot be read this time takes no feed away, and lets new ones in. */
	assert_int_equal(unlink(urls), 0);
	own = feed_of("n", "https://n.example/feed");
	sync(&t, &own, 1);
	SAME_TEXT("all are there, and the new one", urls_of(&t),
	    "a.example n.example o.example u.example v.example");
	SAME_INT("the lists' word for it",
	    number_of(&t,
		"SELECT COUNT(*) FROM source WHERE url = 'https://a.example/feed'"
		" AND name = 'Again'"),
	    1);
	flow_end(&t);
}

static void
a_list_that_is_none_is_told(void **state)
{
	struct flow_test t;
	struct feed_list list;
	struct feed_list known = { .kind = FEED_LIST_URLS, .source_count = 7 };
	const char *path = NULL;

	(void)state;
	flow_begin(&t);
	MUST_FAIL(flow_sources_read(&t.run, "gopher://x.example/list", &list, err),
	    ERR_INPUT, "list of feeds");
	path = arena_printf(t.run.arena, "%s/none", t.folder);
	MUST_FAIL(flow_sources_read(&t.run, path, &list, err), ERR_SYSTEM,
	    "none: No such file or directory");
	MUST_FAIL(flow_sources_read(&t.run, path, &list, err), ERR_SYSTEM,
	    "list of feeds: ");
	path = flow_write(&t, "bad.opml", "<opml version='2.0'><body>");
	list = (struct feed_list){ .source_count = 9 };
	if (flow_sources_read(&t.run, path, &list, &(struct err)ERR_INIT))
		SAME_INT("no feed", list.source_count, 0);
	/* What was read with the settings is not read again. */
	known.path = path;
	t.settings.lists = &known;
	t.settings.list_count = 1;
	MUST(flow_sources_read(&t.run, path, &list, err));
	SAME_INT("as it was", list.source_count, 7);
	path = flow_write(&t, "urls", "https://u.example/feed\n");
	MUST(flow_sources_read(&t.run, path, &list, err));
	SAME_INT("another", list.source_count, 1);
	flow_end(&t);
}

/* ---- what is kept beside the lists ---------------------------------------------------- */

static void
changes_lie_over_the_feeds_they_name(void **state)
{
	struct listed_feed feeds[] = { feed_of("a", "https://a.example/feed"),
		feed_of("b", "https://b.example/feed"),
		feed_of("c", "https://c.example/feed") };
	struct flow_test t;
	struct source_changes changes;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < 3; i += 2) {
		const char *url = feeds[i].url;

		MUST(flow_source_change(&t.run, url, "name", "N", NULL, err));
		MUST(flow_source_change(&t.run, url, "group", "G", NULL, err));
		MUST(flow_source_change(&t.run, url, "language", "fr", "a reason", err));
	}
	MUST(flow_source_change(&t.run, "https://gone.example/feed", "name", "X", NULL,
	    err));
	sync(&t, feeds, 3);
	SAME_TEXT("a", words_of(&t, "a"),
	    "a https://a.example/feed N - G fr - - - - -1 0 1");
	SAME_TEXT("b has none", find(&t, "b").name, "(none)");
	SAME_TEXT("c", words_of(&t, "c"),
	    "c https://c.example/feed N - G fr - - - - -1 0 1");
	MUST(flow_source_changes(&t.run, &changes, err));
	SAME_INT("changes", changes.count, 7);
	SAME_TEXT("asked where it is listed",
	    flow_source_listed_url(&changes, feeds[0].url), feeds[0].url);
	flow_end(&t);
}

static void
a_feed_moves_and_comes_back(void **state)
{
	struct listed_feed feeds[] = { feed_of("a", "https://a.example/feed"),
		feed_of("b", "https://b.example/feed") };
	struct source_changes changes;
	struct flow_test t;
	struct source s;
	int64_t id = 0;

	(void)state;
	flow_begin(&t);
	sync(&t, feeds, 2);
	s = find(&t, "b");
	id = s.id;
	MUST(flow_source_move(&t.run, &s, "https://new.example/feed", "301", err));
	MUST(flow_source_changes(&t.run, &changes, err));
	SAME_INT("one change", changes.count, 1);
	SAME_TEXT("of the listed one", changes.list[0].url, "https://b.example/feed");
	SAME_TEXT("its address", changes.list[0].value, "https://new.example/feed");
	SAME_TEXT("why", changes.list[0].reason, "301");
	SAME_TEXT("where it is listed",
	    flow_source_listed_url(&changes, "https://new.example/feed"),
	    "https://b.example/feed");
	sync(&t, feeds, 2);
	s = find(&t, "b");
	SAME_TEXT("asked there", s.url, "https://new.example/feed");
	SAME_INT("the same", s.id, id);
	MUST(flow_source_move(&t.run, &s, "https://newer.example/feed", "301", err));
	s = find(&t, "b");
	SAME_TEXT("further", s.url, "https://newer.example/feed");
	MUST(flow_source_move(&t.run, &s, "https://b.example/feed", NULL, err));
	MUST(flow_source_changes(&t.run, &changes, err));
	SAME_INT("nothing is left to be said", changes.count, 0);
	sync(&t, feeds, 2);
	SAME_TEXT("back", find(&t, "b").url, "https://b.example/feed");
	SAME_INT("the same", find(&t, "b").id, id);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_that_changes_is_stored),
		cmocka_unit_test(what_holds_for_all_is_stored_with_each),
		cmocka_unit_test(feeds_come_and_go),
		cmocka_unit_test(there_are_not_too_many),
		cmocka_unit_test(what_cannot_be_written_is_shown_as_it_is),
		cmocka_unit_test(a_trouble_is_news_once),
		cmocka_unit_test(lists_are_read_one_after_the_other),
		cmocka_unit_test(a_list_that_is_none_is_told),
		cmocka_unit_test(changes_lie_over_the_feeds_they_name),
		cmocka_unit_test(a_feed_moves_and_comes_back),
	};

	log_setup(LOG_LEVEL_ERROR, LOG_TEXT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
