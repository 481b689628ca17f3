/* SPDX-License-Identifier: ISC */
/* What a feed's owner notices of us: what is asked again, when, and what is read of too much. */
#include "unit/flow_fixture.h"
#include "unit/web_server.h"
#include "unit/occurrences.h"

#include "config/options.h"
#include "flow/feed_options.h"
#include "flow/gather.h"
#include "flow/probe.h"
#include "flow/source_lists.h"
#include "store/set_aside.h"

#define RSS(head, items) \
	"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'" \
	" xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>" \
	"<channel><title>A</title><link>https://a.example/</link>" head items \
	"</channel></rss>"
#define ITEM(n) \
	"<item><title>Post " n "</title><link>https://a.example/" n "</link>" \
	"<description>Words of " n ".</description></item>"

static const char *
file_url(struct flow_test *t, const char *name, const char *text)
{
	return arena_printf(t->run.arena, "file://%s", flow_write(t, name, text));
}

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.fetch.allow_files = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.config.digest.schedule.rhythm = RHYTHM_EACH;
}

static struct listed_feed *
add_spec(struct flow_test *t, const char *key, const char *url)
{
	struct settings *s = &t->settings;
	struct listed_feed *all =
	    arena_array(t->run.arena, s->source_count + 1, sizeof(*all));

	for (size_t i = 0; i < s->source_count; i++)
		all[i] = s->sources[i];
	all[s->source_count] =
	    (struct listed_feed){ .key = key, .url = url, .max_per_feed = -1 };
	s->sources = all;
	return &all[s->source_count++];
}

static struct gather_report
round_of(struct flow_test *t)
{
	const struct gather_options o = { .only = NULL };
	struct gather_report r;

	MUST(flow_sources_sync(&t->run, err));
	MUST(flow_gather(&t->run, &o, &r, err));
	return r;
}

static struct source
stored(struct flow_test *t, const char *key)
{
	struct source s;

	MUST(store_source_find(t->run.store, t->run.arena, key, &s, err));
	return s;
}

/* Without validators the whole document comes again: it is not even parsed. */
static void
the_same_document_is_not_read_again(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("", ITEM("1") ITEM("2"))));
	r = round_of(&t);
	SAME_INT("read", r.entries_seen, 2);
	t.run.now += 86400;
	r = round_of(&t);
	SAME_INT("the first is read twice", r.entries_seen, 2);
	assert_true(stored(&t, "a").body_hash != 0);
	t.run.now += 86400;
	r = round_of(&t);
	SAME_INT("asked", r.asked, 1);
	SAME_INT("unchanged", r.unchanged, 1);
	SAME_INT("not read", r.entries_seen, 0);
	SAME_INT("answered", stored(&t, "a").last_ok, t.run.now);
	t.run.now += 86400;
	(void)file_url(&t, "a.xml", RSS("", ITEM("3") ITEM("1") ITEM("2")));
	r = round_of(&t);
	SAME_INT("read again", r.entries_seen, 3);
	SAME_INT("new", r.entries_new, 1);
	flow_end(&t);
}

/* Nor unpacked; packed in another way it is the same document still. */
static void
the_same_packed_document_is_not_read_again(void **state)
{
	static const struct {
		const char *wish;
		size_t seen;
		bool keeps; /* the hash of the packed answer */
	} table[] = { { "X-Wish: nothing", 2, false }, { "X-Wish: nothing", 2, false },
		{ "X-Wish: nothing", 0, true }, { "X-Wish: level", 0, false },
		{ "X-Wish: level", 0, true }, { "X-Wish: charset", 2, false },
		{ "X-Wish: coding", 2, false }, { "X-Wish: name", 0, false },
		{ "X-Wish: document", 0, false } };
	struct flow_test t;
	struct server web;
	struct listed_feed *a = NULL;
	int64_t before = 0;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.proxy = "none";
	t.settings.config.fetch.allow_private = true;
	a = add_spec(&t, "a",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/packed", web.port));
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct gather_report r;

		a->headers = table[i].wish;
		r = round_of(&t);
		SAME_INT(table[i].wish, r.failed, 0);
		SAME_INT(table[i].wish, r.entries_seen, table[i].seen);
		SAME_INT(table[i].wish, r.entries_new, i == 0 ? 2 : 0);
		SAME_INT(table[i].wish, stored(&t, "a").packed_hash == before,
		    table[i].keeps || i == 0);
		before = stored(&t, "a").packed_hash;
		t.run.now += 86400;
	}
	stop_server(&web);
	flow_end(&t);
}

/* After "feed release" the document is wanted, although it is the same. */
static void
what_a_person_lets_in_is_read_again(void **state)
{
	struct flow_test t;
	struct source s;

	(void)state;
	begin(&t);
	t.settings.config.fetch.flood = 2;
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("", ITEM("1"))));
	(void)round_of(&t);
	t.run.now += 86400;
	(void)file_url(&t, "a.xml", RSS("", ITEM("4") ITEM("3") ITEM("2") ITEM("1")));
	SAME_INT("held", round_of(&t).held_count, 1);
	s = stored(&t, "a");
	MUST(store_held_release(t.run.store, s.id, 0, t.run.now, err));
	SAME_INT("forgotten", stored(&t, "a").body_hash, 0);
	SAME_INT("read again", round_of(&t).entries_seen, 4);
	flow_end(&t);
}

/* A document that is half there says nothing of whether the whole one is known. */
static void
half_a_document_is_asked_for_as_a_whole(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "a",
	    file_url(&t, "a.xml",
		"<rss version='2.0'><channel><title>A</title>" ITEM("1") "<item><ti"));
	(void)round_of(&t);
	SAME_INT("not known", stored(&t, "a").body_hash, 0);
	flow_end(&t);
}

static void
the_newest_of_too_much_is_read(void **state)
{
	struct flow_test t;
	struct gather_report r;
	struct source s;
	struct buf b = BUF_INIT(100000);

	(void)state;
	begin(&t);
	t.settings.config.fetch.max_bytes = 2048;
	buf_adds(&b, "<rss version='2.0'><channel><title>A</title>");
	for (int i = 900; i > 0; i--)
		buf_addf(&b,
		    "<item><title>Post %d</title><link>https://a.example/%d</link></item>",
		    i, i);
	buf_adds(&b, "</channel></rss>");
	add_spec(&t, "a", file_url(&t, "a.xml", buf_text(&b)));
	r = round_of(&t);
	SAME_INT("no failure", r.failed, 0);
	/* 44 bytes of head and 69 for each entry: 29 are whole. */
	assert_in_range(r.entries_seen, 29, 30);
	s = stored(&t, "a");
	SAME_INT("state", s.state, SOURCE_MALFORMED);
	SAME_TEXT("why", s.state_note, "larger than 2048 bytes (fetch.max_bytes)");
	SAME_INT("asked for as a whole", s.body_hash, 0);
	buf_clear(&b);
	flow_end(&t);
}

static void
what_is_too_large_and_no_feed_says_so(void **state)
{
	struct flow_test t;
	struct buf b = BUF_INIT(100000);

	(void)state;
	begin(&t);
	t.settings.config.fetch.max_bytes = 2048;
	for (int i = 0; i < 4000; i++)
		buf_addc(&b, 'x');
	add_spec(&t, "a", file_url(&t, "a.xml", buf_text(&b)));
	SAME_INT("failed", round_of(&t).failed, 1);
	SAME_TEXT("why", stored(&t, "a").state_note,
	    "larger than 2048 bytes (fetch.max_bytes)");
	buf_clear(&b);
	flow_end(&t);
}

/* What the document said is still so when the next answer is "unchanged". */
static void
what_a_feed_says_of_when_is_kept(void **state)
{
	static const struct {
		const char *name, *head;
		int64_t ttl;
		uint32_t hours;
		unsigned days;
	} table[] = { { "nothing", "", 0, 0, 0 },
		{ "ttl", "<ttl>180</ttl>", 3 * 3600, 0, 0 },
		{ "sy",
		    "<sy:updatePeriod>daily</sy:updatePeriod>"
		    "<sy:updateFrequency>4</sy:updateFrequency>",
		    6 * 3600, 0, 0 },
		{ "sy alone", "<sy:updatePeriod> Weekly </sy:updatePeriod>", 7 * 86400, 0,
		    0 },
		{ "sy of nothing", "<sy:updateFrequency>0</sy:updateFrequency>", 0, 0,
		    0 },
		{ "ttl is the feed's own",
		    "<ttl>60</ttl>"
		    "<sy:updatePeriod>daily</sy:updatePeriod>",
		    3600, 0, 0 },
		{ "skips",
		    "<skipHours><hour>3</hour><hour>4</hour></skipHours>"
		    "<skipDays><day>Sunday</day></skipDays>",
		    0, 3 << 3, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct flow_test t;
		struct source s;
		const char *text = NULL;

		begin(&t);
		text = arena_printf(t.run.arena, RSS("%s", ITEM("1")), table[i].head);
		add_spec(&t, "a", file_url(&t, "a.xml", text));
		(void)round_of(&t);
		t.run.now += 8 * 86400;
		SAME_INT("the same", round_of(&t).unchanged, 1);
		s = stored(&t, "a");
		SAME_INT(table[i].name, s.ttl, table[i].ttl);
		SAME_INT(table[i].name, s.skip_hours, table[i].hours);
		SAME_INT(table[i].name, s.skip_days, table[i].days);
		flow_end(&t);
	}
}

static void
a_hub_is_noted(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "a",
	    file_url(&t, "a.xml",
		RSS("<atom:link rel='hub' href='https://hub.example/'/>", ITEM("1"))));
	(void)round_of(&t);
	SAME_TEXT("hub", stored(&t, "a").hub, "https://hub.example/");
	flow_end(&t);
}

/* Once a month it posts, and once in some hours it is asked; each hour when that is wanted. */
static void
who_posts_seldom_is_asked_seldom(void **state)
{
	static const char text[] = RSS("",
	    "<item><title>One</title><link>https://a.example/1</link>"
	    "<pubDate>Thu, 01 Jan 2026 08:00:00 GMT</pubDate></item>"
	    "<item><title>Two</title><link>https://a.example/2</link>"
	    "<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>");
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", text));
	add_spec(&t, "b", file_url(&t, "b.xml", text))->every = 12 * 3600;
	t.settings.config.fetch.longest = 86400;
	(void)round_of(&t);
	assert_in_range(stored(&t, "a").next_poll - NOW, 8 * 3600, 86400);
	assert_in_range(stored(&t, "b").next_poll - NOW, 12 * 3600 - 300, 86400);
	t.settings.config.fetch.longest = 3600;
	t.run.now += 86400;
	(void)round_of(&t);
	SAME_INT("each hour", stored(&t, "a").next_poll - t.run.now, 3600 - 180);
	flow_end(&t);
}

/* What is posted in the evening is in the letter of the morning. */
static void
all_are_asked_before_an_issue(void **state)
{
	struct flow_test t;
	int64_t slot = 0;

	(void)state;
	begin(&t);
	t.settings.config.digest.schedule =
	    (struct cadence){ .rhythm = RHYTHM_DAILY, .minute = 7 * 60 };
	slot = cadence_next(&t.settings.config.digest.schedule, t.run.zone, NOW);
	t.run.now = slot - 5 * 3600;
	add_spec(&t, "a",
	    file_url(&t, "a.xml",
		RSS("",
		    "<item><title>One</title><link>https://a.example/1</link>"
		    "<pubDate>Thu, 01 Jan 2015 08:00:00 GMT</pubDate></item>"
		    "<item><title>Two</title><link>https://a.example/2</link>"
		    "<pubDate>Thu, 01 Jan 2009 08:00:00 GMT</pubDate></item>")));
	(void)round_of(&t);
	SAME_INT("at the slot", stored(&t, "a").next_poll, slot);
	flow_end(&t);
}

/* How many of the posts may still be mailed. */
static int64_t
open_posts(struct flow_test *t)
{
	struct db_query *q = NULL;
	struct err err = ERR_INIT;
	int64_t n = -1;

	q = db_query(t->run.store, "SELECT COUNT(*) FROM entry WHERE state = 0", &err);
	assert_true(db_only_int(q, &n, &err));
	return n;
}

/*
 * The feed shows two posts, and there were more since the last time: its archives are read back
 * to the first that is known, and no further.
 */
static void
archives_are_read_back_to_what_is_known(void **state)
{
	struct flow_test t;
	struct server web;
	struct gather_report r;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.proxy = "none";
	t.settings.config.fetch.allow_private = true;
	add_spec(&t, "a",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/window", web.port));
	(void)round_of(&t);
	SAME_INT("1 and 2", open_posts(&t), 2);
	t.run.now += 10 * 86400;
	r = round_of(&t);
	SAME_INT("5 and 6, 3 and 4 of its archive", r.entries_new, 4);
	SAME_INT("none is taken back, none is ancient", open_posts(&t), 6);
	stop_server(&web);
	flow_end(&t);
}

/* What is not there takes nothing from the feed, and one that names itself is read five times. */
static void
archives_have_an_end(void **state)
{
	static const char *const paths[] = { "/window-missing", "/window-loop" };
	struct flow_test t;
	struct server web;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		begin(&t);
		t.settings.config.fetch.proxy = "none";
		t.settings.config.fetch.allow_private = true;
		add_spec(&t, "a",
		    arena_printf(t.run.arena, "http://127.0.0.1:%d%s", web.port,
			paths[i]));
		(void)round_of(&t);
		t.run.now += 86400;
		SAME_INT(paths[i], round_of(&t).entries_new, i == 0 ? 1 : 6);
		flow_end(&t);
	}
	stop_server(&web);
}

/* What the server was asked for and with which fields, since the last time. */
static const char *
asked_of(struct flow_test *t, int port)
{
	const char *base = arena_printf(t->run.arena, "http://127.0.0.1:%d", port);
	struct probe seen;
	struct probe forgotten;

	MUST(flow_probe(&t->run, arena_printf(t->run.arena, "%s/asked", base),
	    PROBE_WHOLE, &seen, err));
	MUST(flow_probe(&t->run, arena_printf(t->run.arena, "%s/forget", base),
	    PROBE_WHOLE, &forgotten, err));
	return arena_strndup(t->run.arena, seen.body, seen.len);
}

/*
 * Validators go back as they came, and to the address alone that gave them; who has them is never
 * asked for the whole again; the newsletter's page is named, but for a feed with an agent of its
 * own.
 */
static void
the_server_sees_who_asks_and_what_for(void **state)
{
	static const char none[] = "if-none-match\": \"\\\"v1\\\"\"";
	static const char since[] =
	    "if-modified-since\": \"Tue, 24 Nov 2026 06:30:11 GMT\"";
	static const char agent[] = "(+https://p.example/)\"";
	struct flow_test t;
	struct server web;
	struct listed_feed *a = NULL;
	const char *asked = NULL;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.proxy = "none";
	t.settings.config.fetch.allow_private = true;
	t.settings.config.fetch.user_agent = "bot/VERSION (+LINK)";
	t.settings.config.newsletter.link = "https://p.example/";
	a = add_spec(&t, "a",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/feed", web.port));
	(void)round_of(&t);
	asked = asked_of(&t, web.port);
	SAME_INT("once", occurrences(asked, "\"/feed\""), 1);
	SAME_INT("nothing to ask with", occurrences(asked, "\"if-"), 0);
	SAME_INT("the newsletter", occurrences(asked, agent), 1);
	for (int day = 0; day < 3; day++) {
		t.run.now += 86400;
		SAME_INT("unchanged", round_of(&t).unchanged, 1);
		asked = asked_of(&t, web.port);
		SAME_INT("once", occurrences(asked, "\"/feed\""), 1);
		SAME_INT("its ETag", occurrences(asked, none), 1);
		SAME_INT("its Last-Modified", occurrences(asked, since), 1);
	}
	a->url = arena_printf(t.run.arena, "http://127.0.0.1:%d/feed?now=here", web.port);
	a->user_agent = "reader/VERSION";
	t.run.now += 86400;
	(void)round_of(&t);
	asked = asked_of(&t, web.port);
	SAME_INT("once, there", occurrences(asked, "\"/feed?now=here\""), 1);
	SAME_INT("as if never asked", occurrences(asked, "\"if-"), 0);
	SAME_INT("as it says", occurrences(asked, "\"reader/" VERSION "\""), 1);
	stop_server(&web);
	flow_end(&t);
}

static void
options_are_found_by_address(void **state)
{
	struct flow_test t;
	struct feed_options o;

	(void)state;
	begin(&t);
	MUST(feed_options_open(&t.run, &o, err));
	assert_null(feed_options_of(&o, "https://a.example/"));
	add_spec(&t, "a", "https://a.example/")->headers = "X-Key: a";
	add_spec(&t, "b", "https://b.example/");
	add_spec(&t, "c", "https://c.example/")->proxy = "none";
	add_spec(&t, "d", "https://0.example/")->timeout = 9;
	MUST(feed_options_open(&t.run, &o, err));
	SAME_INT("those that say something", o.count, 3);
	SAME_TEXT("a", feed_options_of(&o, "https://a.example/")->key, "a");
	SAME_TEXT("c", feed_options_of(&o, "https://c.example/")->key, "c");
	SAME_TEXT("d", feed_options_of(&o, "https://0.example/")->key, "d");
	assert_null(feed_options_of(&o, "https://b.example/"));
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_document_is_not_read_again),
		cmocka_unit_test(the_same_packed_document_is_not_read_again),
		cmocka_unit_test(what_a_person_lets_in_is_read_again),
		cmocka_unit_test(half_a_document_is_asked_for_as_a_whole),
		cmocka_unit_test(the_newest_of_too_much_is_read),
		cmocka_unit_test(what_is_too_large_and_no_feed_says_so),
		cmocka_unit_test(what_a_feed_says_of_when_is_kept),
		cmocka_unit_test(a_hub_is_noted),
		cmocka_unit_test(who_posts_seldom_is_asked_seldom),
		cmocka_unit_test(all_are_asked_before_an_issue),
		cmocka_unit_test(archives_are_read_back_to_what_is_known),
		cmocka_unit_test(archives_have_an_end),
		cmocka_unit_test(the_server_sees_who_asks_and_what_for),
		cmocka_unit_test(options_are_found_by_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
