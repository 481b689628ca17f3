/* SPDX-License-Identifier: ISC */
/* Rounds in which a feed is not what it was, or is asked in a way of its own. */
#include "unit/flow_fixture.h"

#include "config/feed_section.h"
#include "flow/gather.h"
#include "flow/source_lists.h"

enum { HOUR = 3600, DAY = 86400 };

#define ITEM(n) \
	"<item><title>Post " n "</title><link>https://a.example/" n "</link>" \
	"<description>Words of " n ".</description></item>"

static void
begin(struct flow_test *t, struct listed_feed *specs, size_t count)
{
	flow_begin(t);
	t->settings.config.fetch.allow_files = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.sources = specs;
	t->settings.source_count = count;
	for (size_t i = 0; i < count; i++) {
		specs[i].url =
		    arena_printf(t->run.arena, "file://%s/%s", t->folder, specs[i].key);
		specs[i].max_per_feed = -1;
	}
}

static void
write_feed(struct flow_test *t, const char *name, const char *title, const char *language,
    const char *self, const char *items)
{
	(void)flow_write(t, name,
	    arena_printf(t->run.arena,
		"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>"
		"<title>%s</title><language>%s</language><link>https://a.example/</link>"
		"<a:link rel='self' href='%s'/>%s</channel></rss>",
		title, language, self, items));
}

static struct gather_report
round_of(struct flow_test *t)
{
	const struct gather_options all = { NULL, 0, false };
	struct gather_report r;

	MUST(flow_sources_sync(&t->run, err));
	MUST(flow_gather(&t->run, &all, &r, err));
	return r;
}

static struct source
stored(struct flow_test *t, const char *key)
{
	struct source s;

	MUST(store_source_find(t->run.store, t->run.arena, key, &s, err));
	return s;
}

static void
a_page_is_told_with_the_feed_that_it_names(void **state)
{
	static const struct {
		const char *name, *html, *names; /* "": it names none */
	} rows[] = {
		{ "none", "<html><body>Hello</body></html>", "" },
		{ "one",
		    "<html><head><link rel='alternate' type='application/rss+xml'"
		    " href='https://a.example/feed.xml'></head><body>Hello</body></html>",
		    "; it names https://a.example/feed.xml" },
		{ "the first of two",
		    "<html><head><link rel='alternate' type='application/atom+xml'"
		    " href='https://a.example/atom'><link rel='alternate'"
		    " type='application/rss+xml' href='https://a.example/rss'></head>"
		    "<body>Hello</body></html>",
		    "; it names https://a.example/atom" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct listed_feed specs[] = { { .key = "page" } };
		struct flow_test t;
		struct gather_report r;
		const char *at = NULL;

		begin(&t, specs, 1);
		(void)flow_write(&t, "page", rows[i].html);
		r = round_of(&t);
		SAME_INT(rows[i].name, r.failed, 1);
		at = strstr(r.failures[0].note, "; it names ");
		SAME_TEXT(rows[i].name, at ? at : "", rows[i].names);
		SAME_INT(rows[i].name, stored(&t, "page").state, SOURCE_WEB_PAGE);
		flow_end(&t);
	}
}

/* What it has then is held, and told once; a person lets it in. */
static void
another_feed_at_the_address_is_held(void **state)
{
	static const char how[] =
	    "title, language and own address changed at once: it was \"Ann\" at "
	    "https://a.example/feed, it is \"Casino\" at https://c.example/feed";
	struct listed_feed specs[] = { { .key = "a" } };
	struct flow_test t;
	struct gather_report r;
	struct source s;

	(void)state;
	begin(&t, specs, 1);
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("nothing is held", r.held_count, 0);
	SAME_INT("well", stored(&t, "a").state, SOURCE_OK);
	t.run.now += 2 * DAY;
	write_feed(&t, "a", "Casino", "de", "https://c.example/feed",
	    ITEM("2") ITEM("3"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 2);
	SAME_INT("seen", r.entries_seen, 2);
	SAME_INT("held", r.held_count, 1);
	SAME_TEXT("whose", r.held[0].key, "a");
	SAME_INT("how many", r.held[0].posts, 2);
	SAME_TEXT("why", r.held[0].changed, how);
	s = stored(&t, "a");
	SAME_INT("state", s.state, SOURCE_CHANGED);
	SAME_TEXT("it keeps its name", s.title, "Ann");
	SAME_TEXT("and its address", s.self, "https://a.example/feed");
	SAME_INT("both wait for a person", s.held, 2);
	SAME_INT("unchanged is no word for it", r.unchanged, 0);
	t.run.now += 9 * DAY;
	write_feed(&t, "a", "Casino", "de", "https://c.example/feed",
	    ITEM("2") ITEM("3") ITEM("4"));
	r = round_of(&t);
	SAME_INT("asked", r.asked, 1);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("told once", r.held_count, 0);
	SAME_INT("and held as well", stored(&t, "a").held, 3);
	SAME_INT("state", stored(&t, "a").state, SOURCE_CHANGED);
	/* What it was is well. */
	t.run.now += 9 * DAY;
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1") ITEM("5"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("well", stored(&t, "a").state, SOURCE_OK);
	flow_end(&t);
}

static void
a_feed_is_asked_as_often_as_its_section_says(void **state)
{
	static const struct {
		const char *name;
		int64_t every; /* of its section; 0: it says nothing */
		int64_t longest;
	} rows[] = {
		{ "as all", 0, HOUR },
		{ "seldom", 2 * DAY, 2 * DAY },
		{ "often", 600, 600 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct listed_feed specs[] = { { .key = "a", .every = rows[i].every } };
		struct flow_test t;
		int64_t pause = 0;

		begin(&t, specs, 1);
		t.settings.config.fetch.every = HOUR;
		t.settings.config.fetch.longest = HOUR;
		write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1"));
		(void)round_of(&t);
		pause = stored(&t, "a").next_poll - t.run.now;
		if (pause > rows[i].longest || pause < rows[i].longest / 2)
			fail_msg("%s: asked again after %lld seconds", rows[i].name,
			    (long long)pause);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_told_with_the_feed_that_it_names),
		cmocka_unit_test(another_feed_at_the_address_is_held),
		cmocka_unit_test(a_feed_is_asked_as_often_as_its_section_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
