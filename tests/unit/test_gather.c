/* SPDX-License-Identifier: ISC */
/* Rounds over feeds in files, lists of feeds, and what is made of failures. */
#include "unit/flow_fixture.h"
#include "unit/web_server.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "config/feed_lists.h"
#include "config/options.h"
#include "fetch/http.h"
#include "flow/gather.h"
#include "flow/probe.h"
#include "flow/source_lists.h"

#define RSS(title, items) \
	"<rss version='2.0'><channel><title>" title "</title>" \
	"<link>https://a.example/</link>" items "</channel></rss>"
#define ITEM(n) \
	"<item><title>Post " n "</title><link>https://a.example/" n "</link>" \
	"<description>Words of " n ".</description></item>"

/* Nothing answers there. */
#define DEAD "http://127.0.0.1:1/"

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
	t->settings.config.fetch.allow_private = true;
	t->settings.config.fetch.host_pause_ms = 0;
}

static void
add_spec(struct flow_test *t, const char *key, const char *url)
{
	struct settings *s = &t->settings;
	struct listed_feed spec = { .key = key, .url = url, .max_per_feed = -1 };
	struct listed_feed *all =
	    arena_array(t->run.arena, s->source_count + 1, sizeof(*all));

	for (size_t i = 0; i < s->source_count; i++)
		all[i] = s->sources[i];
	all[s->source_count] = spec;
	s->sources = all;
	s->source_count++;
}

static struct gather_report
round_of(struct flow_test *t, const char *const *only, size_t count, bool believe)
{
	const struct gather_options o = { only, count, believe };
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

/* ---- rounds ---- */

static void
a_round_stores_what_is_new(void **state)
{
	struct flow_test t;
	struct gather_report r;
	struct source s;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("Ann", ITEM("1") ITEM("2"))));
	r = round_of(&t, NULL, 0, false);
	SAME_INT("sources", r.sources, 1);
	SAME_INT("asked", r.asked, 1);
	SAME_INT("new", r.entries_new, 2);
	SAME_INT("seen", r.entries_seen, 2);
	SAME_INT("unchanged", r.unchanged, 0);
	SAME_INT("failed", r.failed, 0);
	assert_true(r.ms >= 0 && r.ms < 60000);
	s = stored(&t, "a");
	SAME_TEXT("title", s.title, "Ann");
	SAME_TEXT("link", s.link, "https://a.example/");
	SAME_INT("asked now", s.last_ok, NOW);
	SAME_INT("brought something now", s.last_entry, NOW);

	r = round_of(&t, NULL, 0, false);
	SAME_INT("not due", r.asked, 0);
	SAME_INT("still a source", r.sources, 1);
	t.run.now += 86400;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("the same again", r.unchanged, 1);
	SAME_INT("nothing new", r.entries_new, 0);
	t.run.now += 86400;
	(void)file_url(&t, "a.xml", RSS("", ITEM("1") ITEM("2") ITEM("3")));
	r = round_of(&t, NULL, 0, false);
	SAME_INT("one more", r.entries_new, 1);
	SAME_INT("changed", r.unchanged, 0);
	SAME_TEXT("a title once said stays", stored(&t, "a").title, "Ann");
	flow_end(&t);
}

static void
old_posts_of_a_new_feed_are_counted_apart(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	t.settings.config.digest.max_per_feed = 1;
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1") ITEM("2") ITEM("3"))));
	r = round_of(&t, NULL, 0, false);
	SAME_INT("new", r.entries_new, 3);
	SAME_INT("old", r.entries_old, 2);
	flow_end(&t);
}

static void
only_the_named_ones_are_asked_due_or_not(void **state)
{
	static const char *const only[] = { "b" };
	static const char *const nobody[] = { "nobody" };
	const struct gather_options o = { nobody, 1, false };
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1"))));
	add_spec(&t, "b", file_url(&t, "b.xml", RSS("B", ITEM("2"))));
	for (int i = 0; i < 2; i++) {
		r = round_of(&t, only, 1, false);
		SAME_INT("sources", r.sources, 1);
		SAME_INT("asked", r.asked, 1);
	}
	SAME_INT("not the other", stored(&t, "a").last_ok > 0, 0);
	MUST_FAIL(flow_gather(&t.run, &o, &r, err), ERR_INPUT, "nobody");
	flow_end(&t);
}

static void
who_is_paused_is_not_asked(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1"))));
	t.settings.sources[0].paused = true;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("sources", r.sources, 0);
	SAME_INT("asked", r.asked, 0);
	flow_end(&t);
}

/* ---- failures ---- */

static void
a_failure_is_written_down_and_told_once(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "page", file_url(&t, "p.html", "<html><body>Hello</body></html>"));
	add_spec(&t, "gone", file_url(&t, "gone.xml", ""));
	add_spec(&t, "ok", file_url(&t, "ok.xml", RSS("A", ITEM("1"))));
	assert_int_equal(unlink(t.settings.sources[1].url + strlen("file://")), 0);
	r = round_of(&t, NULL, 0, false);
	SAME_INT("asked", r.asked, 3);
	SAME_INT("failed", r.failed, 2);
	SAME_INT("for the first time", r.failed_new, 2);
	SAME_INT("in order of their names", strcmp(r.failures[0].key, "gone"), 0);
	SAME_TEXT("then", r.failures[1].key, "page");
	assert_true(r.failures[0].is_new && *r.failures[0].note);
	SAME_INT("not lost: it never answered", r.failures[0].is_lost, 0);
	SAME_INT("lost", r.lost, 0);
	SAME_INT("failures", stored(&t, "gone").failures, 1);
	SAME_INT("state", stored(&t, "page").state, SOURCE_WEB_PAGE);
	SAME_INT("the others are stored", r.entries_new, 1);

	t.run.now += 30 * 86400;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("failed again", r.failed, 2);
	SAME_INT("not new", r.failed_new, 0);
	SAME_INT("was well", r.was_ok, 1);
	SAME_INT("failures", stored(&t, "gone").failures, 2);
	flow_end(&t);
}

/* Feeds that answered once and cannot be reached now, among some that can. */
static void
lost_feeds(struct flow_test *t, size_t well, size_t lost)
{
	begin(t);
	t->settings.config.fetch.alarm_at = 50;
	t->settings.config.fetch.parallel = 1;
	for (size_t i = 0; i < well + lost; i++) {
		const char *key = arena_printf(t->run.arena, "s%02zu", i);
		struct source s;

		add_spec(t, key,
		    i < well ? file_url(t, key, RSS("A", ITEM("1")))
			     : arena_printf(t->run.arena, DEAD "%s", key));
		MUST(flow_sources_sync(&t->run, err));
		s = stored(t, key);
		s.last_ok = NOW - 86400;
		s.last_poll = NOW - 86400;
		MUST(store_source_polled(t->run.store, &s, err));
	}
}

static const struct {
	const char *name;
	size_t well, lost;
	bool believe, alarmed;
} alarm_cases[] = {
	{ "a handful is believed", 0, 4, false, false },
	{ "five of five are this machine's network", 0, 5, false, true },
	{ "unless they are to be believed", 0, 5, true, false },
	{ "half of them are believed", 5, 5, false, false },
	{ "more than half are not", 4, 5, false, true },
};

static void
too_many_lost_feeds_are_this_machines_network(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(alarm_cases); i++) {
		struct flow_test t;
		struct gather_report r;
		const char *key = NULL;

		lost_feeds(&t, alarm_cases[i].well, alarm_cases[i].lost);
		r = round_of(&t, NULL, 0, alarm_cases[i].believe);
		SAME_INT(alarm_cases[i].name, r.lost, alarm_cases[i].lost);
		SAME_INT(alarm_cases[i].name, r.had_answered,
		    alarm_cases[i].lost + alarm_cases[i].well);
		SAME_INT(alarm_cases[i].name, r.alarmed, alarm_cases[i].alarmed);
		assert_true(r.failures[0].is_lost);
		key = arena_printf(t.run.arena, "s%02zu", alarm_cases[i].well);
		SAME_INT(alarm_cases[i].name, stored(&t, key).failures,
		    !alarm_cases[i].alarmed);
		flow_end(&t);
	}
}

static void
what_came_over_the_network_counts_in_an_alarm(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	lost_feeds(&t, 0, 6);
	add_spec(&t, "page", file_url(&t, "p.html", "<html><body>Hello</body></html>"));
	r = round_of(&t, NULL, 0, false);
	assert_true(r.alarmed && !r.told);
	SAME_INT("no feed is no matter of the network", stored(&t, "page").failures, 1);
	SAME_INT("the lost ones are left", stored(&t, "s00").failures, 0);
	flow_end(&t);
}

static void
many_failures_for_other_reasons_are_told(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	t.settings.config.fetch.alarm_at = 50;
	for (int i = 0; i < 5; i++) {
		const char *name = arena_printf(t.run.arena, "p%d", i);

		add_spec(&t, name, file_url(&t, name, "<html>no feed</html>"));
	}
	r = round_of(&t, NULL, 0, false);
	assert_true(r.told && !r.alarmed);
	SAME_INT("all are marked", stored(&t, "p4").failures, 1);
	flow_end(&t);
}

static void
who_killed_the_last_round_is_left_out_once(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1"))));
	add_spec(&t, "b", file_url(&t, "b.xml", RSS("B", ITEM("2"))));
	t.run.reading_path = flow_write(&t, "x.reading", "b\nleft of a longer key\n");
	r = round_of(&t, NULL, 0, false);
	SAME_INT("asked", r.asked, 1);
	SAME_INT("failed", r.failed_new, 1);
	SAME_TEXT("which", r.failures[0].key, "b");
	assert_non_null(strstr(r.failures[0].note, "the last run was killed"));
	SAME_INT("failures", stored(&t, "b").failures, 1);
	assert_true(stored(&t, "b").next_poll > t.run.now);
	SAME_INT("nothing is left of it", file_exists(t.run.reading_path), 0);

	t.run.now = stored(&t, "b").next_poll;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("then it is tried", r.failed, 0);
	SAME_INT("and is well", stored(&t, "b").failures, 0);

	t.run.reading_path = flow_write(&t, "x.reading", "somebody who is gone\n");
	t.run.now += 30 * 86400;
	SAME_INT("who is gone harms nobody", round_of(&t, NULL, 0, false).failed, 0);
	flow_end(&t);
}

/* Each of them stands in a place of its own. */
static void
name_in_note(const char *path, size_t place, const char *key)
{
	const int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, key, strlen(key), (off_t)(place * (LIMIT_URL + 1))),
	    strlen(key));
	assert_int_equal(close(fd), 0);
}

/* Of several nobody knows which it was: none is blamed, all are asked. */
static void
of_several_in_hand_none_is_left_out(void **state)
{
	struct flow_test t;
	struct gather_report r;
	int64_t first = 0;

	(void)state;
	begin(&t);
	for (int i = 0; i < 5; i++) {
		const char *key = arena_printf(t.run.arena, "f%d", i);

		add_spec(&t, key,
		    file_url(&t, arena_printf(t.run.arena, "%s.xml", key),
			arena_printf(t.run.arena, RSS("A", ITEM("%d")), i, i, i)));
	}
	t.run.reading_path = flow_write(&t, "x.reading", "f1\n");
	name_in_note(t.run.reading_path, 2, "f3\n");
	r = round_of(&t, NULL, 0, false);
	SAME_INT("asked", r.asked, 5);
	SAME_INT("failed", r.failed, 0);
	SAME_INT("the note is removed", file_exists(t.run.reading_path), 0);
	MUST(db_number(t.run.store,
	    "SELECT MIN(e.id) FROM entry e JOIN source s ON s.id = e.source_id"
	    " WHERE s.key IN ('f1', 'f3')",
	    &first, err));
	SAME_INT("but read last", first, 4);

	t.run.now += 30 * 86400;
	t.run.reading_path = flow_write(&t, "x.reading", "");
	name_in_note(t.run.reading_path, LIMIT_READING_THREADS, "f3\n");
	r = round_of(&t, NULL, 0, false);
	SAME_INT("one alone is left out, wherever it stands", r.asked, 4);
	SAME_TEXT("which", r.failures[0].key, "f3");
	flow_end(&t);
}

/* Bytes that a round wrote into the note, which is removed at its end: the open file is kept. */
static int64_t
note_written_by_round(struct flow_test *t)
{
	struct stat st = { 0 };
	int fd = -1;

	t->run.reading_path = flow_write(t, "x.reading", "");
	fd = open(t->run.reading_path, O_RDONLY);
	assert_true(fd >= 0);
	SAME_INT("nothing fails", round_of(t, NULL, 0, false).failed, 0);
	SAME_INT("the note is removed", file_exists(t->run.reading_path), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(close(fd), 0);
	t->run.now += 30 * 86400;
	return st.st_size;
}

static void
only_what_has_to_be_read_is_named(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	t.settings.config.fetch.threads = 1; /* which writes to the first place */
	add_spec(&t, "ab", file_url(&t, "ab.xml", RSS("A", ITEM("1"))));
	SAME_INT("a new feed is: its key and a line's end", note_written_by_round(&t), 3);
	SAME_INT("the first document is read twice", note_written_by_round(&t), 3);
	SAME_INT("the same one again is not", note_written_by_round(&t), 0);
	(void)file_url(&t, "ab.xml", RSS("A", ITEM("1") ITEM("2")));
	SAME_INT("another one is", note_written_by_round(&t), 3);
	flow_end(&t);
}

static void
a_stop_ends_the_round_and_keeps_what_came(void **state)
{
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1"))));
	t.interrupt = true;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("nothing was asked", r.asked, 0);
	t.interrupt = false;
	SAME_INT("the next round does", round_of(&t, NULL, 0, false).asked, 1);
	flow_end(&t);
}

static void
a_store_that_fails_ends_the_round(void **state)
{
	static const char *const tables[] = { "source", "entry", "identity",
		"entry_text" };
	const struct gather_options o = { NULL, 0, false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		struct gather_report r;
		char sql[100];

		begin(&t);
		add_spec(&t, "a", file_url(&t, "a.xml", RSS("A", ITEM("1"))));
		MUST(flow_sources_sync(&t.run, err));
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		MUST_FAIL(flow_gather(&t.run, &o, &r, err), ERR_BUG, "");
		SAME_INT("no transaction is left", db_in_transaction(t.run.store), 0);
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], round_of(&t, NULL, 0, false).entries_new, 1);
		flow_end(&t);
	}
}

/* The host answers 429 to the first and wants two minutes: the others wait them unasked. */
static void
feeds_of_a_host_that_says_wait_wait_together(void **state)
{
	struct flow_test t;
	struct gather_report r;
	struct server web;
	struct source s;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.per_host = 1;
	t.settings.config.fetch.proxy = "none";
	add_spec(&t, "a", arena_printf(t.run.arena, "http://127.0.0.1:%d/429", web.port));
	add_spec(&t, "b",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/feed", web.port));
	add_spec(&t, "c",
	    arena_printf(t.run.arena, "http://localhost:%d/feed", web.port));
	MUST(flow_sources_sync(&t.run, err));
	s = stored(&t, "b");
	s.failures = 2;
	s.state = SOURCE_FAILING;
	s.state_note = "as it was";
	s.last_ok = NOW - 86400;
	s.last_poll = NOW - 3600;
	s.next_poll = NOW - 60;
	MUST(store_source_polled(t.run.store, &s, err));
	r = round_of(&t, NULL, 0, false);
	SAME_INT("asked", r.asked, 2);
	SAME_INT("failed", r.failed, 1);
	SAME_TEXT("which", r.failures[0].key, "a");
	SAME_INT("were well: a and c, which were never asked", r.was_ok, 2);
	s = stored(&t, "b");
	SAME_INT("in two minutes", s.next_poll, NOW + 120);
	SAME_INT("last asked", s.last_poll, NOW - 3600);
	SAME_INT("last answered", s.last_ok, NOW - 86400);
	SAME_INT("failures", s.failures, 2);
	SAME_INT("state", s.state, SOURCE_FAILING);
	SAME_TEXT("words", s.state_note, "as it was");
	SAME_INT("another host is asked", stored(&t, "c").last_ok, NOW);
	t.run.now += 119;
	SAME_INT("not yet", round_of(&t, NULL, 0, false).asked, 0);
	t.run.now += 1;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("then", r.asked, 1);
	SAME_INT("and well", stored(&t, "b").failures, 0);
	stop_server(&web);
	flow_end(&t);
}

/* More of them than are written at once. */
static void
many_feeds_of_one_host_wait(void **state)
{
	enum { MANY = 300 };
	struct flow_test t;
	struct gather_report r;
	struct server web;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.per_host = 1;
	t.settings.config.fetch.proxy = "none";
	for (int i = 0; i < MANY; i++)
		add_spec(&t, arena_printf(t.run.arena, "s%03d", i),
		    arena_printf(t.run.arena, "http://127.0.0.1:%d/slow/0/%d", web.port,
			i));
	t.settings.sources[0].url =
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/429", web.port);
	r = round_of(&t, NULL, 0, false);
	SAME_INT("asked", r.asked, 1);
	for (int i = 1; i < MANY; i++) {
		const char *key = arena_printf(t.run.arena, "s%03d", i);

		SAME_INT(key, stored(&t, key).next_poll, NOW + 120);
	}
	stop_server(&web);
	flow_end(&t);
}

/* The last entry, half of it, waits until the rest is there. */
static void
a_torn_document_is_read_again_when_it_is_whole(void **state)
{
#define POSTS \
	"<rss version='2.0'><channel><title>Ann</title><link>https://a.example/</link>" ITEM( \
	    "1") "<item><title>Post 2</title><link>https://a.example/2</link><description>Wo"
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t);
	add_spec(&t, "a", file_url(&t, "a.xml", POSTS));
#undef POSTS
	r = round_of(&t, NULL, 0, false);
	SAME_INT("the whole one is new", r.entries_new, 1);
	SAME_INT("two were seen", r.entries_seen, 2);
	SAME_INT("state", stored(&t, "a").state, SOURCE_MALFORMED);
	t.run.now += 86400;
	r = round_of(&t, NULL, 0, false);
	SAME_INT("the same half", r.entries_seen, 2);
	SAME_INT("is never known by its bytes", stored(&t, "a").body_hash, 0);
	t.run.now += 86400;
	(void)file_url(&t, "a.xml", RSS("Ann", ITEM("1") ITEM("2")));
	r = round_of(&t, NULL, 0, false);
	SAME_INT("then the other", r.entries_new, 1);
	SAME_INT("state", stored(&t, "a").state, SOURCE_OK);
	assert_true(stored(&t, "a").body_hash != 0);
	/* The first of a feed is read twice, though it is whole. */
	add_spec(&t, "b", file_url(&t, "b.xml", RSS("Bo", ITEM("3"))));
	t.run.now += 86400;
	SAME_INT("another", round_of(&t, NULL, 0, false).entries_new, 1);
	SAME_INT("is not known yet", stored(&t, "b").body_hash, 0);
	flow_end(&t);
}

static void
validators_are_kept_of_whole_documents_only(void **state)
{
	struct flow_test t;
	struct server web;
	struct source s;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	begin(&t);
	t.settings.config.fetch.proxy = "none";
	add_spec(&t, "torn",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/torn-feed", web.port));
	add_spec(&t, "whole",
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/feed", web.port));
	SAME_INT("failed", round_of(&t, NULL, 0, false).failed, 0);
	s = stored(&t, "torn");
	assert_null(s.etag);
	assert_null(s.last_modified);
	s = stored(&t, "whole");
	SAME_TEXT("ETag", s.etag, "\"v1\"");
	SAME_TEXT("Last-Modified", s.last_modified, "Tue, 24 Nov 2026 06:30:11 GMT");
	stop_server(&web);
	flow_end(&t);
}

/*
 * What is behind the place where an answer ends comes with the next one, which is asked for
 * without the validators of the half.
 */
static void
a_wrong_length_costs_no_post(void **state)
{
	static const struct {
		const char *path;
		size_t first, later; /* posts that are new */
		enum source_state state;
		const char *etag; /* after the first */
	} table[] = { { "/too-long/in-a-post", 1, 1, SOURCE_MALFORMED, "(none)" },
		{ "/too-long/between-posts", 1, 1, SOURCE_MALFORMED, "(none)" },
		{ "/too-long/all-there", 2, 0, SOURCE_OK, "\"v1\"" },
		{ "/too-short/in-a-post", 1, 1, SOURCE_MALFORMED, "(none)" } };
	struct server web;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct flow_test t;
		struct gather_report r;

		begin(&t);
		t.settings.config.fetch.proxy = "none";
		add_spec(&t, "a",
		    arena_printf(t.run.arena, "http://127.0.0.1:%d%s", web.port,
			table[i].path));
		r = round_of(&t, NULL, 0, false);
		SAME_INT(table[i].path, r.failed, 0);
		SAME_INT(table[i].path, r.entries_new, table[i].first);
		SAME_INT(table[i].path, stored(&t, "a").state, table[i].state);
		SAME_TEXT(table[i].path, stored(&t, "a").etag, table[i].etag);
		t.run.now += 86400;
		r = round_of(&t, NULL, 0, false);
		SAME_INT(table[i].path, r.failed, 0);
		SAME_INT(table[i].path, r.entries_new, table[i].later);
		SAME_INT(table[i].path, stored(&t, "a").state, SOURCE_OK);
		SAME_TEXT(table[i].path, stored(&t, "a").etag, "\"v1\"");
		flow_end(&t);
	}
	stop_server(&web);
}

/* ---- settings of a fetch ---- */

static void
the_agent_says_who_asks(void **state)
{
	struct flow_test t;
	struct http_settings s;

	(void)state;
	begin(&t);
	t.settings.config.fetch.user_agent = "bot/VERSION (+LINK) LIN";
	t.settings.config.newsletter.link = "https://p.example/";
	t.settings.config.fetch.timeout = 7;
	t.settings.config.fetch.max_bytes = 100;
	flow_http_settings(&t.run, &s);
	SAME_TEXT("agent", s.user_agent, "bot/" VERSION " (+https://p.example/) LIN");
	SAME_INT("milliseconds", s.timeout_ms, 7000);
	SAME_INT("of all answers together", s.max_in_flight, 200);
	SAME_INT("of one", s.max_bytes, 100);
	assert_true(s.allow_files && s.allow_private);
	t.settings.config.newsletter.link = "";
	flow_http_settings(&t.run, &s);
	SAME_TEXT("without a page", s.user_agent, "bot/" VERSION " (+Planet X) LIN");
	flow_end(&t);
}

/* ---- one address ---- */

static void
one_address_is_probed(void **state)
{
	struct flow_test t;
	struct probe p;
	struct feed *feed = NULL;
	struct feed_links links;

	(void)state;
	begin(&t);
	MUST(flow_probe(&t.run, file_url(&t, "a.xml", RSS("Ann", ITEM("1"))), PROBE_WHOLE,
	    &p, err));
	assert_true(p.answered && !p.is_private);
	SAME_INT("status", p.status, 200);
	SAME_INT("bytes", p.len, strlen(p.body));
	MUST(flow_probe_feed(&t.run, &p, &feed, &links, err));
	SAME_TEXT("title", feed->title, "Ann");

	MUST(flow_probe(&t.run, file_url(&t, "p.html", "<html>no feed</html>"),
	    PROBE_WHOLE, &p, err));
	MUST_FAIL(flow_probe_feed(&t.run, &p, &feed, &links, err), ERR_INPUT, "");
	assert_true(links.web_page);

	MUST(flow_probe(&t.run, DEAD, PROBE_WHOLE, &p, err));
	assert_false(p.answered);
	MUST_FAIL(flow_probe_feed(&t.run, &p, &feed, &links, err), ERR_TEMPORARY,
	    p.message);
	p.answered = true;
	p.status = 404;
	p.message = "404 Not Found";
	p.is_passing = false;
	MUST_FAIL(flow_probe_feed(&t.run, &p, &feed, &links, err), ERR_INPUT,
	    "404 Not Found");

	t.settings.config.fetch.allow_private = false;
	MUST(flow_probe(&t.run, DEAD, PROBE_WHOLE, &p, err));
	assert_true(p.is_private && !p.answered);
	MUST_FAIL(flow_probe_feed(&t.run, &p, &feed, &links, err), ERR_INPUT, p.message);

	t.interrupt = true;
	MUST(flow_probe(&t.run, DEAD, PROBE_WHOLE, &p, err));
	SAME_TEXT("stopped", p.message, "interrupted");
	flow_end(&t);
}

/* ---- lists ---- */

static size_t
listed(struct flow_test *t, struct source **out)
{
	size_t count = 0;

	MUST(store_sources(t->run.store, t->run.arena, true, out, &count, err));
	return count;
}

static void
lists_and_own_sections_are_one_set(void **state)
{
	struct flow_test t;
	struct source *all = NULL;

	(void)state;
	begin(&t);
	add_spec(&t, "mine", "https://a.example/feed");
	t.settings.sources[0].name = "Mine";
	t.settings.config.feeds.default_group = "Blogs";
	t.settings.config.feeds.feeds_from = arena_printf(t.run.arena, "%s\n\n%s",
	    flow_write(&t, "urls", "https://a.example/feed\nhttps://b.example/feed\n"),
	    flow_write(&t, "more.opml",
		"<opml version='2.0'><body><outline text='G'>"
		"<outline type='rss' text='Cee' xmlUrl='https://c.example/feed'/>"
		"</outline></body></opml>"));
	MUST(flow_sources_sync(&t.run, err));
	SAME_INT("three addresses", listed(&t, &all), 3);
	SAME_TEXT("the first that names it counts", stored(&t, "mine").name, "Mine");
	SAME_TEXT("the group by default", stored(&t, "mine").group, "Blogs");
	SAME_TEXT("of the list", stored(&t, "https://c.example/feed").name, "Cee");
	SAME_TEXT("its group", stored(&t, "https://c.example/feed").group, "G");
	flow_end(&t);
}

static void
a_list_that_cannot_be_read_takes_nobody_away(void **state)
{
	struct flow_test t;
	struct source *all = NULL;
	const char *path = NULL;

	(void)state;
	begin(&t);
	path = flow_write(&t, "urls", "https://b.example/feed \"~Bee\"\n");
	t.settings.config.feeds.feeds_from = path;
	MUST(flow_sources_sync(&t.run, err));
	SAME_INT("one", listed(&t, &all), 1);
	assert_int_equal(unlink(path), 0);
	add_spec(&t, "mine", "https://a.example/feed");
	MUST(flow_sources_sync(&t.run, err));
	SAME_INT("one more", listed(&t, &all), 2);
	SAME_TEXT("as it was", stored(&t, "https://b.example/feed").name, "Bee");
	t.settings.config.feeds.feeds_from = "";
	MUST(flow_sources_sync(&t.run, err));
	SAME_INT("who is named no more goes", listed(&t, &all), 1);
	flow_end(&t);
}

/* What came of a list is no reason to drop who stands in the part that did not come. */
static void
half_a_list_takes_nobody_away(void **state)
{
#define HALF \
	"<opml version='2.0'><body>" \
	"<outline type='rss' text='Cee' xmlUrl='https://c.example/feed'/>"
	static const char *const torn[] = { HALF, HALF "<outline type='rss' xml",
		"<opml version='2.0'><bo" };
	struct flow_test t;
	struct source *all = NULL;
	struct feed_list list;

	(void)state;
	begin(&t);
	t.settings.config.feeds.feeds_from = flow_write(&t, "list.opml",
	    HALF "<outline type='rss' xmlUrl='https://d.example/feed'/></body></opml>");
#undef HALF
	MUST(flow_sources_sync(&t.run, err));
	SAME_INT("two", listed(&t, &all), 2);
	for (size_t i = 0; i < ARRAY_LEN(torn); i++) {
		const char *path = flow_write(&t, "list.opml", torn[i]);
		char want[500];

		(void)snprintf(want, sizeof(want),
		    "list of feeds: %s: OPML that is cut off, line 1: ", path);
		MUST(flow_sources_sync(&t.run, err));
		SAME_INT(torn[i], listed(&t, &all), 2);
		MUST_FAIL(flow_sources_read(&t.run, path, &list, err), ERR_INPUT, want);
	}
	flow_end(&t);
}

static void
more_feeds_than_can_be_kept_are_refused(void **state)
{
	const size_t count = LIMIT_SOURCES + 1;
	struct flow_test t;
	struct listed_feed *all = NULL;
	struct source *kept = NULL;

	(void)state;
	begin(&t);
	all = arena_array(t.run.arena, count, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = (struct listed_feed){ .url = arena_printf(t.run.arena,
						   "https://a.example/%zu", i),
			.max_per_feed = -1 };
	t.settings.sources = all;
	t.settings.source_count = count;
	MUST_FAIL(flow_sources_sync(&t.run, err), ERR_LIMIT,
	    "100001 feeds are configured, 100000 can be kept");
	SAME_INT("nothing was written", listed(&t, &kept), 0);
	flow_end(&t);
}

static void
a_list_is_read_from_a_file_or_told(void **state)
{
	struct flow_test t;
	struct feed_list list;

	(void)state;
	begin(&t);
	MUST(flow_sources_read(&t.run, flow_write(&t, "urls", "https://b.example/feed\n"),
	    &list, err));
	SAME_INT("kind", list.kind, FEED_LIST_URLS);
	SAME_INT("feeds", list.source_count, 1);
	MUST_FAIL(flow_sources_read(&t.run, "/nowhere/at/all", &list, err), ERR_SYSTEM,
	    "list of feeds: ");
	MUST_FAIL(flow_sources_read(&t.run, DEAD, &list, err), ERR_TEMPORARY,
	    "list of feeds: ");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_round_stores_what_is_new),
		cmocka_unit_test(old_posts_of_a_new_feed_are_counted_apart),
		cmocka_unit_test(only_the_named_ones_are_asked_due_or_not),
		cmocka_unit_test(who_is_paused_is_not_asked),
		cmocka_unit_test(a_failure_is_written_down_and_told_once),
		cmocka_unit_test(too_many_lost_feeds_are_this_machines_network),
		cmocka_unit_test(what_came_over_the_network_counts_in_an_alarm),
		cmocka_unit_test(many_failures_for_other_reasons_are_told),
		cmocka_unit_test(who_killed_the_last_round_is_left_out_once),
		cmocka_unit_test(of_several_in_hand_none_is_left_out),
		cmocka_unit_test(only_what_has_to_be_read_is_named),
		cmocka_unit_test(a_stop_ends_the_round_and_keeps_what_came),
		cmocka_unit_test(a_store_that_fails_ends_the_round),
		cmocka_unit_test(feeds_of_a_host_that_says_wait_wait_together),
		cmocka_unit_test(many_feeds_of_one_host_wait),
		cmocka_unit_test(a_torn_document_is_read_again_when_it_is_whole),
		cmocka_unit_test(validators_are_kept_of_whole_documents_only),
		cmocka_unit_test(a_wrong_length_costs_no_post),
		cmocka_unit_test(the_agent_says_who_asks),
		cmocka_unit_test(one_address_is_probed),
		cmocka_unit_test(lists_and_own_sections_are_one_set),
		cmocka_unit_test(a_list_that_cannot_be_read_takes_nobody_away),
		cmocka_unit_test(half_a_list_takes_nobody_away),
		cmocka_unit_test(more_feeds_than_can_be_kept_are_refused),
		cmocka_unit_test(a_list_is_read_from_a_file_or_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
