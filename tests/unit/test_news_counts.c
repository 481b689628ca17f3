/* SPDX-License-Identifier: ISC */
/* How many entries of a document are news, old, held for a person, or only counted. */
#include "unit/flow_fixture.h"

#include <time.h>

#include "base/limits.h"
#include "base/log.h"
#include "feed/feed.h"
#include "flow/remember.h"

enum { DAY = 86400, HOUR = 3600, UNDATED = 999999, ITEMS = 8 };

/* An entry: its name is its title and the end of its address; hours: how old it is. */
struct item {
	const char *name, *guid; /* NULL: as the name */
	int hours;
};

static const char *
document(struct flow_test *t, const struct item *items)
{
	const char *out = "<rss version='2.0'><channel><title>T</title>"
			  "<link>https://a.example/</link>";
	char date[40];

	for (size_t i = 0; i < ITEMS && items[i].name; i++) {
		const time_t at = (time_t)(t->run.now - items[i].hours * INT64_C(3600));
		struct tm tm;

		assert_non_null(gmtime_r(&at, &tm));
		(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
		out = arena_printf(t->run.arena,
		    "%s<item><title>%s</title><link>https://a.example/%s</link>"
		    "<guid isPermaLink='false'>%s</guid>%s%s%s"
		    "<description>Words of %s.</description></item>",
		    out, items[i].name, items[i].name,
		    items[i].guid ? items[i].guid : items[i].name,
		    items[i].hours == UNDATED ? "" : "<pubDate>",
		    items[i].hours == UNDATED ? "" : date,
		    items[i].hours == UNDATED ? "" : "</pubDate>", items[i].name);
	}
	return arena_printf(t->run.arena, "%s</channel></rss>", out);
}

static struct remembered
take(struct flow_test *t, const struct source *s, const struct news_rules *rules,
    const char *text)
{
	const struct feed_context ctx = { s->url, NULL, t->run.now };
	struct arena *scratch = arena_new();
	struct remembered kept = { 0 };
	struct feed *feed = NULL;
	struct keeping *k = NULL;

	MUST(feed_parse(scratch, text, strlen(text), &ctx, &feed, NULL, err));
	k = flow_prepare_entries(&t->run, scratch, s, feed);
	MUST(flow_recognise_entries(k, rules, err));
	MUST(flow_remember_entries(k, &kept, err));
	arena_free(scratch);
	return kept;
}

static const char *
counts(struct flow_test *t, const struct remembered *k)
{
	return arena_printf(t->run.arena,
	    "added %zu, old %zu, held %zu, more %zu, known %zu", k->added, k->old,
	    k->held, k->more, k->known);
}

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

static struct source
begin(struct flow_test *t)
{
	struct source s;

	flow_begin(t);
	(void)add_source(t->run.store, "a");
	MUST(store_source_find(t->run.store, t->run.arena, "a", &s, err));
	return s;
}

/* ---- a source's first document ------------------------------------------------------- */

/* The newsletter shows `most` of a feed; the last issue is `issue` hours old, 0: none. */
static const struct {
	const char *name;
	int64_t per_feed, most;
	enum future future;
	int issue;
	struct item items[ITEMS];
	const char *counts;
} firsts[] = {
	{ "as many as one issue shows", 2, 5, FUTURE_DROP, 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 1, held 0, more 0, known 0" },
	{ "just as many", 3, 1, FUTURE_DROP, 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 0, held 0, more 0, known 0" },
	{ "no limit of its own", 0, 1, FUTURE_DROP, 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 0, held 0, more 0, known 0" },
	{ "the newsletter's limit", -1, 1, FUTURE_DROP, 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 2, held 0, more 0, known 0" },
	{ "which may be none", -1, 0, FUTURE_DROP, 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 0, held 0, more 0, known 0" },
	{ "a post of this very second takes a place", 1, 5, FUTURE_DROP, 0,
	    { { "a", NULL, 0 }, { "b", NULL, 2 } },
	    "added 2, old 1, held 0, more 0, known 0" },
	{ "one that waits for its day takes none", 1, 5, FUTURE_DROP, 0,
	    { { "a", NULL, -1 }, { "b", NULL, 2 } },
	    "added 2, old 0, held 0, more 0, known 0" },
	{ "unless it does not wait", 1, 5, FUTURE_NOW, 0,
	    { { "a", NULL, -1 }, { "b", NULL, 2 } },
	    "added 2, old 1, held 0, more 0, known 0" },
	{ "what is older than the last issue is old", 5, 5, FUTURE_DROP, 24,
	    { { "a", NULL, 23 }, { "b", NULL, 24 }, { "c", NULL, 25 } },
	    "added 3, old 1, held 0, more 0, known 0" },
	{ "the newest of a document that begins with the oldest", 1, 5, FUTURE_DROP, 24,
	    { { "a", NULL, 30 }, { "b", NULL, 2 }, { "c", NULL, 1 } },
	    "added 3, old 2, held 0, more 0, known 0" },
	{ "nothing at all", 1, 5, FUTURE_DROP, 0, { { NULL, NULL, 0 } },
	    "added 0, old 0, held 0, more 0, known 0" },
	{ "as many old ones as there are", 1, 5, FUTURE_DROP, 24,
	    { { "a", NULL, 30 }, { "b", NULL, 31 }, { "c", NULL, 32 },
		{ "d", NULL, 33 } },
	    "added 4, old 4, held 0, more 0, known 0" },
};

static void
of_a_first_document_a_few_are_news(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		struct flow_test t;
		struct source s = begin(&t);
		const struct news_rules rules = { .now = NOW,
			.last_issue = firsts[i].issue == 0
			    ? TIME_NONE
			    : NOW - firsts[i].issue * INT64_C(3600),
			.late = 30 * DAY };
		struct remembered kept;

		s.max_per_feed = firsts[i].per_feed;
		t.settings.config.digest.max_per_feed = firsts[i].most;
		t.settings.config.digest.future = firsts[i].future;
		t.settings.config.fetch.flood = 2;
		kept = take(&t, &s, &rules, document(&t, firsts[i].items));
		SAME_TEXT(firsts[i].name, counts(&t, &kept), firsts[i].counts);
		SAME_INT(firsts[i].name, number_of(&t, "SELECT COUNT(*) FROM entry"),
		    kept.added);
		flow_end(&t);
	}
}

/* ---- later documents ----------------------------------------------------------------- */

/* Two posts were known before: "k" and "l".  Three unseen ones at once are a flood. */
static const struct {
	const char *name;
	int64_t held; /* of the source, so far */
	enum held_verdict verdict;
	bool doubtful, elsewhere;
	struct item items[ITEMS];
	const char *counts;
	int64_t unmailed; /* posts that may be mailed, beside those two */
} laters[] = {
	{ "two are no flood", 0, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "k", NULL, 40 } },
	    "added 2, old 0, held 0, more 0, known 1", 2 },
	{ "three are", 0, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 }, { "k", NULL, 40 },
		{ "l", NULL, 41 } },
	    "added 3, old 0, held 3, more 0, known 2", 0 },
	{ "old ones do not count", 0, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 31 * 24 },
		{ "k", NULL, 40 } },
	    "added 3, old 1, held 0, more 0, known 1", 2 },
	{ "late ones do", 0, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 30 * 24 } },
	    "added 3, old 0, held 3, more 0, known 0", 0 },
	{ "of old ones no more are kept than make a flood", 0, VERDICT_NONE, false, false,
	    { { "a", NULL, 900 }, { "b", NULL, 901 }, { "c", NULL, 902 },
		{ "d", NULL, 903 }, { "e", NULL, 1 } },
	    "added 4, old 3, held 0, more 0, known 0", 1 },
	{ "what repeats a guid is found to be too much one by one", 0, VERDICT_NONE,
	    false, false,
	    { { "a", "g", 1 }, { "b", "g", 2 }, { "c", "g", 3 }, { "d", "g", 4 } },
	    "added 4, old 0, held 1, more 0, known 0", 3 },
	{ "they are news, said somebody", 0, VERDICT_RELEASE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 3, old 0, held 0, more 0, known 0", 3 },
	{ "they are none", 0, VERDICT_DROP, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 }, { "d", NULL, 4 } },
	    "added 4, old 4, held 0, more 0, known 0", 0 },
	{ "perhaps another feed", 0, VERDICT_NONE, true, false,
	    { { "a", NULL, 1 }, { "k", NULL, 40 } },
	    "added 1, old 0, held 1, more 0, known 1", 0 },
	{ "from elsewhere, and nothing is known", 0, VERDICT_NONE, false, true,
	    { { "a", NULL, 1 } }, "added 1, old 0, held 1, more 0, known 0", 0 },
	{ "from elsewhere, with a known post", 0, VERDICT_NONE, false, true,
	    { { "a", NULL, 1 }, { "k", NULL, 40 } },
	    "added 1, old 0, held 0, more 0, known 1", 1 },
	{ "a post with another date is known all the same", 0, VERDICT_NONE, false, true,
	    { { "a", NULL, 1 }, { "k", NULL, 39 } },
	    "added 1, old 0, held 0, more 0, known 1", 1 },
	{ "room for one that waits", LIMIT_HELD_POSTS - 1, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 1, old 0, held 1, more 2, known 0", 0 },
	{ "no room", LIMIT_HELD_POSTS, VERDICT_NONE, false, false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } },
	    "added 0, old 0, held 0, more 3, known 0", 0 },
};

static struct source
begin_later(struct flow_test *t, struct news_rules *rules)
{
	static const struct item known[ITEMS] = { { "k", NULL, 40 }, { "l", NULL, 41 } };
	struct source s = begin(t);
	const struct remembered kept = take(t, &s, rules, document(t, known));

	SAME_INT("known", kept.added, 2);
	SAME_INT("known", kept.old, 0);
	s.last_ok = NOW - 30 * HOUR;
	rules->last_issue = NOW - DAY;
	t->settings.config.fetch.flood = 3;
	return s;
}

static void
later_many_at_once_wait_for_a_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(laters); i++) {
		const char *name = laters[i].name;
		struct news_rules rules = { .now = NOW,
			.last_issue = TIME_NONE,
			.late = 30 * DAY };
		struct flow_test t;
		struct source s = begin_later(&t, &rules);
		struct remembered kept;

		rules.is_part = true; /* what is not shown is still there */
		rules.doubtful = laters[i].doubtful;
		rules.elsewhere = laters[i].elsewhere;
		s.held = laters[i].held;
		s.verdict = laters[i].verdict;
		MUST(db_exec(t.run.store, "UPDATE source SET verdict = 1", err));
		kept = take(&t, &s, &rules, document(&t, laters[i].items));
		SAME_TEXT(name, counts(&t, &kept), laters[i].counts);
		SAME_INT(name, number_of(&t, "SELECT COUNT(*) FROM entry"),
		    2 + kept.added);
		SAME_INT(name,
		    number_of(&t, "SELECT COUNT(*) FROM entry WHERE state = 0"),
		    2 + laters[i].unmailed);
		SAME_INT(name, number_of(&t, "SELECT held FROM source"), kept.held);
		SAME_INT(name, number_of(&t, "SELECT held_more FROM source"), kept.more);
		SAME_INT(name, number_of(&t, "SELECT held_since FROM source"),
		    kept.held + kept.more > 0 ? NOW : 0);
		SAME_INT("a verdict is for one document",
		    number_of(&t, "SELECT verdict FROM source"),
		    laters[i].verdict == VERDICT_NONE);
		flow_end(&t);
	}
}

/* Whatever the order of a document: what stands in it three times is one post. */
static void
posts_that_stand_there_thrice_are_found(void **state)
{
	struct flow_test t;
	struct source s = begin(&t);
	const struct news_rules rules = { .now = NOW, .last_issue = TIME_NONE };
	const char *text = "<rss version='2.0'><channel><title>T</title>"
			   "<link>https://a.example/</link>";
	struct remembered kept;

	(void)state;
	s.max_per_feed = 0;
	for (int i = 0; i < 60; i++) {
		const int n = i * 7 % 20;

		text = arena_printf(t.run.arena,
		    "%s<item><title>%d</title><link>https://a.example/%d</link>"
		    "<description>Words of %d.</description></item>",
		    text, n, n, n);
	}
	text = arena_printf(t.run.arena, "%s</channel></rss>", text);
	kept = take(&t, &s, &rules, text);
	SAME_TEXT("the first time", counts(&t, &kept),
	    "added 20, old 0, held 0, more 0, known 0");
	s.last_ok = NOW;
	kept = take(&t, &s, &rules, text);
	SAME_INT("the second", kept.added, 0);
	flow_end(&t);
}

/* ---- addresses ----------------------------------------------------------------------- */

static const struct {
	const char *name, *link, *want;
} links[] = {
	{ "a page", "https://a.example/1", "https://a.example/1" },
	{ "how readers are counted goes", "https://a.example/1?utm_source=rss&amp;id=2",
	    "https://a.example/1?id=2" },
	{ "a file", "ftp://a.example/1", "(none)" },
	{ "a script", "javascript:alert(1)", "(none)" },
};

static void
only_pages_are_linked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct flow_test t;
		const struct news_rules rules = { .now = NOW, .last_issue = TIME_NONE };
		struct source s = begin(&t);
		struct entry *all = NULL;
		size_t count = 0;

		(void)take(&t, &s, &rules,
		    arena_printf(t.run.arena,
			"<rss version='2.0'><channel><title>T</title>"
			"<item><title>x</title><link>%s</link><guid "
			"isPermaLink='false'>g</guid></item></channel></rss>",
			links[i].link));
		MUST(store_entries_unmailed(t.run.store, t.run.arena, LIMIT_ISSUE_ENTRIES,
		    &all, &count, err));
		SAME_INT(links[i].name, count, 1);
		SAME_TEXT(links[i].name, all[0].link, links[i].want);
		flow_end(&t);
	}
}

/* Nor are pictures of posts taken from elsewhere than the web. */
static const struct {
	const char *image, *want;
} pictures[] = {
	{ "https://a.example/1.png", "https://a.example/1.png" },
	{ "ftp://a.example/1.png", "(none)" },
	{ "data:image/png;base64,AAAA", "(none)" },
};

static void
pictures_are_of_the_web(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pictures); i++) {
		struct flow_test t;
		struct source s = begin(&t);
		struct entry e = make_entry(s.id, "1", "x", 1);
		struct feed feed = { .format = "mail",
			.entries = &e,
			.entry_count = 1,
			.updated = TIME_NONE };

		e.image = pictures[i].image;
		assert_non_null(flow_prepare_entries(&t.run, t.run.arena, &s, &feed));
		SAME_TEXT(pictures[i].image, e.image, pictures[i].want);
		flow_end(&t);
	}
}

/* ---- before the store is written ----------------------------------------------------- */

static const struct {
	const char *name;
	struct item items[ITEMS];
	bool any;
} ahead[] = {
	{ "nothing", { { NULL, NULL, 0 } }, false },
	{ "what is known", { { "k", NULL, 40 }, { "l", NULL, 41 } }, false },
	{ "something new", { { "k", NULL, 40 }, { "a", NULL, 1 } }, true },
	{ "something old", { { "k", NULL, 40 }, { "a", NULL, 900 } }, false },
	{ "a flood",
	    { { "a", NULL, 1 }, { "b", NULL, 1 }, { "c", NULL, 1 }, { "d", NULL, 1 } },
	    false },
};

static void
it_is_guessed_what_will_be_stored(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ahead); i++) {
		struct news_rules rules = { .now = NOW,
			.last_issue = TIME_NONE,
			.late = 30 * DAY };
		struct flow_test t;
		struct source s = begin_later(&t, &rules);
		const char *text = document(&t, ahead[i].items);
		const struct feed_context ctx = { s.url, NULL, NOW };
		struct feed *feed = NULL;
		struct keeping *k = NULL;
		bool any = !ahead[i].any;

		MUST(feed_parse(t.run.arena, text, strlen(text), &ctx, &feed, NULL, err));
		k = flow_prepare_entries(&t.run, t.run.arena, &s, feed);
		MUST(flow_look_ahead(k, &rules, &any, err));
		SAME_INT(ahead[i].name, any, ahead[i].any);
		SAME_INT("nothing is written",
		    number_of(&t, "SELECT COUNT(*) FROM entry"), 2);
		flow_end(&t);
	}
}

/*
 * Which of a document are cleaned before the store is written: those that will be stored.  Of more
 * than three posts all are, to learn what they have in common.
 */
static const struct {
	const char *name;
	int64_t first; /* so many are news of a first document; 0: it is a later one */
	struct item items[ITEMS];
	const char *cleaned; /* a letter for each, "-" for those that are left */
} cleaned[] = {
	{ "as many as are news", 2,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } }, "ab-" },
	{ "what waits for its day takes nobody's place", 1,
	    { { "a", NULL, -1 }, { "b", NULL, 2 }, { "c", NULL, 3 } }, "ab-" },
	{ "what repeats a key is looked at later", 2,
	    { { "a", "g", 1 }, { "b", "g", 2 }, { "c", NULL, 3 } }, "a-c" },
	{ "unseen ones, and none that are known", 0,
	    { { "a", NULL, 1 }, { "k", NULL, 39 }, { "l", NULL, 41 } }, "a--" },
	{ "late ones, and none that are old", 0,
	    { { "a", NULL, 600 }, { "b", NULL, 900 } }, "a-" },
	{ "nothing of a flood", 0,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } }, "---" },
};

static void
what_will_be_stored_is_cleaned_ahead(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cleaned); i++) {
		struct news_rules rules = { .now = NOW,
			.last_issue = TIME_NONE,
			.late = 30 * DAY };
		struct flow_test t;
		struct source s =
		    cleaned[i].first > 0 ? begin(&t) : begin_later(&t, &rules);
		const char *text = document(&t, cleaned[i].items);
		const struct feed_context ctx = { s.url, NULL, NOW };
		char got[ITEMS + 1] = "";
		struct feed *feed = NULL;
		struct keeping *k = NULL;
		bool any = false;

		s.max_per_feed = cleaned[i].first;
		MUST(feed_parse(t.run.arena, text, strlen(text), &ctx, &feed, NULL, err));
		k = flow_prepare_entries(&t.run, t.run.arena, &s, feed);
		MUST(flow_look_ahead(k, &rules, &any, err));
		flow_clean_ahead(k);
		for (size_t e = 0; e < feed->entry_count; e++)
			got[e] = feed->entries[e].html ? feed->entries[e].title[0] : '-';
		SAME_TEXT(cleaned[i].name, got, cleaned[i].cleaned);
		flow_end(&t);
	}
}

/* ---- what was mailed under another name ------------------------------------------------ */

/* A text of so many bytes, which a letter has brought before. */
static const struct {
	const char *name;
	size_t bytes;
	bool held;
} mailed[] = {
	{ "too short to tell", 159, false },
	{ "long enough", 160, true },
	{ "longer", 200, true },
};

static const char *
one_post(struct flow_test *t, const char *name, const char *date, size_t bytes)
{
	char *words = arena_alloc(t->run.arena, bytes + 1);

	for (size_t i = 0; i < bytes; i++)
		words[i] = i % 6 == 5 ? ' ' : (char)('a' + i * 7 % 26);
	words[bytes - 1] = 'x';
	words[bytes] = '\0';
	return arena_printf(t->run.arena,
	    "<rss version='2.0'><channel><title>T</title><link>https://a.example/</link>"
	    "<item><title>%s</title><link>https://a.example/%s</link><guid "
	    "isPermaLink='false'>%s</guid><pubDate>%s</pubDate>"
	    "<description>%s</description></item></channel></rss>",
	    name, name, name, date, words);
}

static void
a_text_is_not_mailed_twice_unasked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mailed); i++) {
		struct flow_test t;
		struct source s = begin(&t);
		const struct news_rules rules = { .now = NOW,
			.last_issue = NOW - DAY,
			.late = 30 * DAY };
		struct remembered kept;

		kept = take(&t, &s, &rules,
		    one_post(&t, "first", "Tue, 24 Nov 2026 01:00:00 GMT",
			mailed[i].bytes));
		SAME_INT("news", kept.added - kept.old, 1);
		MUST(db_exec(t.run.store, "UPDATE entry SET state = 2", err));
		s.last_ok = NOW;
		kept = take(&t, &s, &rules,
		    one_post(&t, "second", "Tue, 24 Nov 2026 05:00:00 GMT",
			mailed[i].bytes));
		SAME_INT(mailed[i].name, kept.held, mailed[i].held);
		flow_end(&t);
	}
}

/* ---- the keeper's program ------------------------------------------------------------- */

/* It writes down of what it is asked, and does not want titles that begin with "no". */
static const char program[] = "#!/bin/sh\n"
			      "title=$(sed 's/.*\"title\":\"\\([^\"]*\\)\".*/\\1/')\n"
			      "echo \"$title\" >> \"$1\"\n"
			      "case $title in no*) exit 1 ;; bad*) exit 2 ;; esac\n";

static const struct {
	const char *name;
	bool is_first; /* two of these are news; later three are a flood */
	struct item items[ITEMS];
	const char *asked, *counts;
	int64_t unmailed;
} judged[] = {
	{ "all are wanted", true,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 } }, "a b ",
	    "added 3, old 1, held 0, more 0, known 0", 2 },
	{ "what is not wanted takes nobody's place", true,
	    { { "no-a", NULL, 1 }, { "b", NULL, 2 }, { "c", NULL, 3 }, { "d", NULL, 4 } },
	    "no-a b c ", "added 4, old 1, held 0, more 0, known 0", 2 },
	{ "nor does what waits for its day", true,
	    { { "a", NULL, -1 }, { "b", NULL, 2 }, { "c", NULL, 3 }, { "d", NULL, 4 } },
	    "a b c ", "added 4, old 1, held 0, more 0, known 0", 3 },
	{ "a program that fails keeps nothing out", true,
	    { { "bad", NULL, 1 }, { "no", NULL, 2 } }, "bad ",
	    "added 2, old 0, held 0, more 0, known 0", 2 },
	{ "what is known is not judged", false,
	    { { "a", NULL, 1 }, { "no-b", NULL, 2 }, { "k", NULL, 40 } }, "a no-b ",
	    "added 2, old 0, held 0, more 0, known 1", 1 },
	{ "nor what is old", false, { { "a", NULL, 1 }, { "no-b", NULL, 900 } }, "a ",
	    "added 2, old 1, held 0, more 0, known 0", 1 },
	{ "nor what waits for a person", false,
	    { { "a", NULL, 1 }, { "b", NULL, 2 }, { "no-c", NULL, 3 } }, NULL,
	    "added 3, old 0, held 3, more 0, known 0", 0 },
	{ "late posts are", false, { { "no-a", NULL, 600 } }, "no-a ",
	    "added 1, old 0, held 0, more 0, known 0", 0 },
};

/* The lines of the file in one; NULL: there is none. */
static const char *
asked_of(struct flow_test *t)
{
	struct buf b = BUF_INIT(10000);
	char path[300];
	char *out = NULL;

	if (!file_exists(in_folder(t->folder, "asked", path)))
		return NULL;
	MUST(file_read(path, &b, err));
	out = arena_strdup(t->run.arena, buf_text(&b));
	buf_clear(&b);
	for (char *p = out; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return out;
}

static void
set_program(struct flow_test *t, struct source *s)
{
	const char *path = flow_write(t, "program", program);

	assert_int_equal(chmod(path, 0700), 0);
	s->filter_command = arena_printf(t->run.arena, "%s %s/asked", path, t->folder);
}

static void
a_program_judges_what_may_be_news(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
		struct news_rules rules = { .now = NOW,
			.last_issue = TIME_NONE,
			.late = 30 * DAY };
		const int64_t known = judged[i].is_first ? 0 : 2;
		struct flow_test t;
		struct source s =
		    judged[i].is_first ? begin(&t) : begin_later(&t, &rules);
		struct remembered kept;

		rules.is_part = true;
		s.max_per_feed = 2;
		set_program(&t, &s);
		kept = take(&t, &s, &rules, document(&t, judged[i].items));
		SAME_TEXT(judged[i].name, asked_of(&t),
		    judged[i].asked ? judged[i].asked : "(none)");
		SAME_TEXT(judged[i].name, counts(&t, &kept), judged[i].counts);
		SAME_INT(judged[i].name,
		    number_of(&t, "SELECT COUNT(*) FROM entry WHERE state = 0"),
		    known + judged[i].unmailed);
		flow_end(&t);
	}
}

static void
a_program_that_is_interrupted_has_not_judged(void **state)
{
	static const struct item items[ITEMS] = { { "a", NULL, 1 } };
	const struct news_rules rules = { .now = NOW, .last_issue = TIME_NONE };
	struct flow_test t;
	struct source s = begin(&t);
	const char *text = document(&t, items);
	const struct feed_context ctx = { s.url, NULL, NOW };
	struct feed *feed = NULL;
	struct keeping *k = NULL;

	(void)state;
	set_program(&t, &s);
	MUST(feed_parse(t.run.arena, text, strlen(text), &ctx, &feed, NULL, err));
	k = flow_prepare_entries(&t.run, t.run.arena, &s, feed);
	t.interrupt = true;
	MUST_FAIL(flow_recognise_entries(k, &rules, err), ERR_TEMPORARY,
	    "a: interrupted while its posts were judged");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_first_document_a_few_are_news),
		cmocka_unit_test(later_many_at_once_wait_for_a_person),
		cmocka_unit_test(posts_that_stand_there_thrice_are_found),
		cmocka_unit_test(only_pages_are_linked),
		cmocka_unit_test(pictures_are_of_the_web),
		cmocka_unit_test(what_will_be_stored_is_cleaned_ahead),
		cmocka_unit_test(it_is_guessed_what_will_be_stored),
		cmocka_unit_test(a_text_is_not_mailed_twice_unasked),
		cmocka_unit_test(a_program_judges_what_may_be_news),
		cmocka_unit_test(a_program_that_is_interrupted_has_not_judged),
	};

	log_setup(LOG_LEVEL_ERROR, LOG_TEXT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
