/* SPDX-License-Identifier: ISC */
/* What commands say of feeds, issues and letters, word by word. */
#include "unit/cmd_fixture.h"

#include "base/log.h"
#include "cmd/report.h"

struct said {
	char *folder;
	struct capture capture;
	struct buf out, err;
	struct app app;
	bool listening;
};

static void
begin(struct said *s)
{
	memset(s, 0, sizeof(*s));
	s->folder = new_folder();
	buf_init(&s->out, SAID_MAX);
	buf_init(&s->err, SAID_MAX);
	s->app.run.arena = arena_new();
	s->app.settings.config.fetch.alarm_at = 20;
	log_setup(LOG_LEVEL_INFO, LOG_TEXT);
}

static void
listen_to(struct said *s)
{
	capture_begin(&s->capture, s->folder, NULL);
	s->listening = true;
}

/* What was said since; and listens on. */
static void
heard(struct said *s, const char *name, const char *out, const char *err)
{
	capture_end(&s->capture, &s->out, &s->err);
	SAME_TEXT(name, buf_text(&s->out), out);
	SAME_TEXT(name, buf_text(&s->err), err);
	listen_to(s);
}

static void
end(struct said *s)
{
	if (s->listening)
		capture_end(&s->capture, &s->out, &s->err);
	log_setup(LOG_LEVEL_INFO, LOG_TEXT);
	buf_clear(&s->out);
	buf_clear(&s->err);
	arena_free(s->app.run.arena);
	assert_int_equal(rmdir(s->folder), 0);
	free(s->folder);
}

static void
test_a_round_of_fetching(void **state)
{
	struct gather_report g = { .sources = 9,
		.asked = 7,
		.entries_new = 3,
		.unchanged = 4,
		.failed = 2,
		.failed_new = 1,
		.ms = 41960 };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_gathered(&s.app, &g);
	heard(&s, "fetched",
	    "Fetched 7 of 9 feeds in 41.9 s: 3 new entries, 4 unchanged, 2 failed (1 already "
	    "known)\n",
	    "");
	g.entries_old = 1;
	g.ms = 99;
	say_gathered(&s.app, &g);
	heard(&s, "one is old",
	    "Fetched 7 of 9 feeds in 0.0 s: 3 new entries, 4 unchanged, 2 failed (1 already "
	    "known)\n1 of the new entries is no news (digest.late; of a new feed: older "
	    "than the last issue, or more than digest.max_per_feed): remembered, not "
	    "mailed\n",
	    "");
	g.entries_old = 2;
	say_old(&s.app, &g);
	heard(&s, "two are old",
	    "2 of the new entries are no news (digest.late; of a new feed: older than the "
	    "last issue, or more than digest.max_per_feed): remembered, not mailed\n",
	    "");
	g = (struct gather_report){ .sources = 1 };
	say_gathered(&s.app, &g);
	heard(&s, "none is due", "The feed is not due yet (fetch.every).\n", "");
	g = (struct gather_report){ .sources = 0 };
	say_gathered(&s.app, &g);
	heard(&s, "there are none",
	    "Fetched 0 of 0 feeds in 0.0 s: 0 new entries, 0 unchanged, 0 failed (0 already "
	    "known)\n",
	    "");
	s.app.silent = true;
	say_gathered(&s.app, &g);
	heard(&s, "silent", "", "");
	log_setup(LOG_LEVEL_INFO, LOG_LOGFMT);
	g = (struct gather_report){ .sources = 9,
		.asked = 7,
		.entries_new = 3,
		.unchanged = 4,
		.failed = 2,
		.failed_new = 1,
		.ms = 41022 };
	say_gathered(&s.app, &g);
	heard(&s, "the log", "",
	    "<6>event=fetch.done feeds=7 new=3 unchanged=4 failed=2 failed_new=1 ms=41022\n");
	end(&s);
}

/* ---- what a round held, or settled by itself ---- */

#define MOVED(key) \
	"warn feeds: " key " moved for good and is asked at https://" key \
	".example/ now: planetpost feed show " key "\n"
#define FIVE MOVED("a") MOVED("b") MOVED("c") MOVED("d") MOVED("e")

static void
test_what_a_round_settled(void **state)
{
	struct gather_change changes[] = {
		{ "a", "https://a.example/", NULL, false },
		{ "b", "https://b.example/", NULL, false },
		{ "s", "https://s.example/", NULL, true },
		{ "c", "https://c.example/", NULL, false },
		{ "g", NULL, "410 Gone", false },
		{ "d", "https://d.example/", NULL, false },
		{ "e", "https://e.example/", NULL, false },
		{ "f", "https://f.example/", NULL, false },
		{ "h", "https://h.example/", NULL, false },
	};
	struct gather_report g = { .changes = changes + 4, .change_count = 1 };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_old(&s.app, &g);
	heard(&s, "gone", "",
	    "warn feeds: g is gone (410 Gone) and paused: planetpost feed resume g, or feed "
	    "remove g\n");
	g.changes = changes + 2;
	say_old(&s.app, &g);
	heard(&s, "by https", "",
	    "info feeds: s is asked by https now: https://s.example/\n");
	log_setup(LOG_LEVEL_WARN, LOG_TEXT);
	say_old(&s.app, &g);
	heard(&s, "which is no warning", "", "");
	changes[4].to = "https://g.example/";
	changes[4].made_safe = true;
	g.changes = changes;
	g.change_count = 7;
	say_old(&s.app, &g);
	heard(&s, "five moved", "", FIVE);
	g.change_count = 8;
	say_old(&s.app, &g);
	heard(&s, "six", "", FIVE "warn feeds: and 1 more moved: planetpost feed list\n");
	g.change_count = 9;
	say_old(&s.app, &g);
	heard(&s, "seven", "",
	    FIVE "warn feeds: and 2 more moved: planetpost feed list\n");
	end(&s);
}

static void
test_what_a_round_held(void **state)
{
	struct gather_held held[] = {
		{ .key = "a", .posts = 1 },
		{ .key = "b", .posts = 2 },
		{ .key = "c", .posts = 9, .changed = "none of its posts is known" },
	};
	struct gather_report g = { .held = held, .held_count = 3 };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_old(&s.app, &g);
	heard(&s, "three feeds", "",
	    "warn feeds: a: 1 unseen post whose text was mailed before is held: planetpost "
	    "feed release a, or feed drop a\n"
	    "warn feeds: b: 2 unseen posts at once are held: planetpost feed release b, or "
	    "feed drop b\n"
	    "warn feeds: c seems to be another feed: none of its posts is known; its unseen "
	    "posts are held: planetpost feed release c, or feed drop c and feed pause c\n");
	end(&s);
}

static const struct gather_failure failures[] = {
	{ "a", "gone", false, false },
	{ "b", "no such host", true, true },
	{ "c", "404", true, false },
	{ "d", "time is up", true, true },
	{ "e", "no feed", true, false },
	{ "f", "no feed", true, false },
	{ "g", "no feed", true, false },
};

static void
test_failures_are_told_where_somebody_looks(void **state)
{
	struct gather_report g = { .asked = 40,
		.failed = 3,
		.failed_new = 2,
		.failures = failures };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_failures(&g, false);
	heard(&s, "new ones", "", "info fetch: b: no such host\ninfo fetch: c: 404\n");
	say_failures(&g, true);
	heard(&s, "all", "",
	    "warn fetch: a: gone\nwarn fetch: b: no such host\nwarn fetch: c: 404\n");
	log_setup(LOG_LEVEL_WARN, LOG_TEXT);
	say_failures(&g, false);
	heard(&s, "nobody looks", "", "");
	g.failed = 6;
	g.failed_new = 5;
	g.told = true;
	say_failures(&g, false);
	heard(&s, "many, five of them new", "",
	    "warn fetch: 5 of 40 feeds newly failed\nwarn fetch: b: no such host\n"
	    "warn fetch: c: 404\nwarn fetch: d: time is up\nwarn fetch: e: no feed\n"
	    "warn fetch: f: no feed\n");
	say_failures(&g, true);
	heard(&s, "six in all", "",
	    "warn fetch: 5 of 40 feeds newly failed\nwarn fetch: a: gone\n"
	    "warn fetch: b: no such host\nwarn fetch: c: 404\nwarn fetch: d: time is up\n"
	    "warn fetch: e: no feed\nwarn fetch: and 1 more feed: planetpost feed list\n");
	g.failed = 7;
	g.failed_new = 7;
	say_failures(&g, true);
	heard(&s, "seven in all", "",
	    "warn fetch: 7 of 40 feeds newly failed\nwarn fetch: a: gone\n"
	    "warn fetch: b: no such host\nwarn fetch: c: 404\nwarn fetch: d: time is up\n"
	    "warn fetch: e: no feed\nwarn fetch: and 2 more feeds: planetpost feed list\n");
	end(&s);
}

static void
test_refusals_name_the_feeds(void **state)
{
	struct gather_report g = { .asked = 40,
		.failed = 7,
		.failed_new = 6,
		.failures = failures,
		.lost = 2,
		.had_answered = 8 };
	struct err e = ERR_INIT;
	struct said s;

	(void)state;
	begin(&s);
	MUST_FAIL(refuse_lost(&s.app, &g, "no issue was built", err), ERR_PARTIAL,
	    "2 of 8 feeds that answered the time before cannot be reached in this run: that "
	    "is more than 20 %, so it is probably this machine's network\nb: no such host\n");
	MUST_FAIL(refuse_lost(&s.app, &g, "x", err), ERR_PARTIAL,
	    "planetpost feed test b");
	assert_false(refuse_failures(&g, &e));
	SAME_INT("kind", e.kind, ERR_PARTIAL);
	SAME_TEXT("seven", e.text,
	    "7 of 40 feeds failed\na: gone\nb: no such host\nc: 404\nd: time is up\n"
	    "e: no feed\nand 2 more (planetpost feed list)");
	SAME_TEXT("hint", e.hint, "planetpost feed test a");
	err_clear(&e);
	g.failed = 5;
	assert_false(refuse_failures(&g, &e));
	SAME_TEXT("five", e.text,
	    "5 of 40 feeds failed\na: gone\nb: no such host\nc: 404\nd: time is up\n"
	    "e: no feed");
	err_clear(&e);
	g.asked = g.failed = 1;
	assert_false(refuse_failures(&g, &e));
	SAME_TEXT("one of one", e.text, "a: gone");
	end(&s);
}

static void
test_an_issue_that_was_built_or_not(void **state)
{
	struct compile_report c = { .built = true,
		.issue = { .name = "2026-11-24",
		    .state = ISSUE_APPROVED,
		    .entry_count = 23,
		    .source_count = 17,
		    .bytes = 62000 } };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_built(&s.app, &c);
	heard(&s, "approved", "Built   issue 2026-11-24: 23 entries, 17 sources, 62 kB\n",
	    "");
	c.issue.bytes = 62001;
	c.issue.subject = "Planet X";
	c.issue.state = ISSUE_DRAFT;
	say_built(&s.app, &c);
	heard(&s, "a draft",
	    "Built   issue 2026-11-24 \"Planet X\": 23 entries, 17 sources, 63 kB\n"
	    "Held    issue 2026-11-24 waits for you (approval = manual)\n"
	    "        hint: planetpost issue show 2026-11-24      planetpost issue send "
	    "2026-11-24\n",
	    "");
	log_setup(LOG_LEVEL_INFO, LOG_LOGFMT);
	s.app.silent = true;
	say_built(&s.app, &c);
	c.issue.state = ISSUE_APPROVED;
	say_built(&s.app, &c);
	heard(&s, "the log", "",
	    "<6>event=issue.built issue=2026-11-24 entries=23 sources=17 bytes=62001 "
	    "state=draft\n"
	    "<6>event=issue.built issue=2026-11-24 entries=23 sources=17 bytes=62001 "
	    "state=approved\n");
	s.app.silent = false;
	c = (struct compile_report){ .due = true, .waiting = 3 };
	say_not_built(&s.app, &c);
	heard(&s, "nothing new", "Nothing new: no issue.\n", "");
	c = (struct compile_report){ .waiting = 1, .next = NOW };
	say_not_built(&s.app, &c);
	heard(&s, "one waits",
	    "Waiting 1 entry for the next issue, due 2026-11-24T06:00:00Z\n", "");
	c.waiting = 2;
	say_not_built(&s.app, &c);
	heard(&s, "two wait",
	    "Waiting 2 entries for the next issue, due 2026-11-24T06:00:00Z\n", "");
	c.waiting = 0;
	say_not_built(&s.app, &c);
	heard(&s, "none waits", "", "");
	say_nobody(&s.app, "2026-11-24");
	heard(&s, "nobody",
	    "Issue 2026-11-24: nobody to send it to\n"
	    "  hint: planetpost sub add ADDRESS --confirmed-by TEXT\n",
	    "");
	end(&s);
}

/* Those of a run that was cut off or stopped, and those that wait for a server or a morning. */
static void
test_letters_that_wait(void **state)
{
	struct deliver_report d = { .recovered = 2, .waiting = 1 };
	struct zone *zone = NULL;
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	say_delivered(&s.app, &d);
	heard(&s, "cut off", "",
	    "warn send: 2 letters of a run that was cut off may have gone, and nothing is sent "
	    "again (planetpost issue show last)\n"
	    "warn send: nobody got a letter, 1 waits to be tried again\n");
	d = (struct deliver_report){ .sent = 1, .waiting = 6, .interrupted = true };
	say_delivered(&s.app, &d);
	heard(&s, "stopped", "",
	    "warn send: interrupted: 6 letters wait; the next run goes on\n");
	d.waiting = 1;
	say_delivered(&s.app, &d);
	heard(&s, "stopped before the last", "",
	    "warn send: interrupted: 1 letter waits; the next run goes on\n");
	d = (struct deliver_report){ .recovered = 1, .sent = 1, .interrupted = true };
	say_delivered(&s.app, &d);
	heard(&s, "stopped when all was done", "",
	    "warn send: 1 letter of a run that was cut off may have gone, and nothing is sent "
	    "again (planetpost issue show last)\n");
	d = (struct deliver_report){ .waiting = 2, .quiet_until = NOW + 7200 };
	MUST((s.app.run.zone = zone = zone_open("Europe/Paris", err)) != NULL);
	say_delivered(&s.app, &d);
	d.waiting = 1;
	say_delivered(&s.app, &d);
	heard(&s, "quiet hours",
	    "Quiet hours until 2026-11-24 09:00: 2 letters wait for a run after that\n"
	    "Quiet hours until 2026-11-24 09:00: 1 letter waits for a run after that\n",
	    "");
	zone_close(zone);
	d.waiting = 0;
	say_delivered(&s.app, &d);
	heard(&s, "quiet hours, and nothing waits", "", "");
	d = (struct deliver_report){ .sent = 1, .waiting = 1 };
	say_delivered(&s.app, &d);
	d = (struct deliver_report){ .sent = 0 };
	say_delivered(&s.app, &d);
	heard(&s, "nothing to say", "", "");
	end(&s);
}

static void
test_what_became_of_letters(void **state)
{
	struct issue_outcome issues[] = {
		{ 0, NULL, 1, 2, 3, 4, 0 },
		{ 7, "2026-11-24", 90, 5, 1, 2, 110 },
		{ 8, "2026-11-25", 10, 0, 0, 0, 0 },
	};
	struct deliver_report d = { .sent = 101,
		.waiting = 7,
		.issues = issues,
		.issue_count = 3 };
	struct said s;

	(void)state;
	begin(&s);
	listen_to(&s);
	s.app.settings.config.transport.method = TRANSPORT_OUTBOX;
	s.app.settings.config.transport.outbox = "/srv/out";
	say_delivered(&s.app, &d);
	heard(&s, "three",
	    "Submitted notices: 1 accepted by files in /srv/out, 2 will be retried, 3 refused, 4 "
	    "unknown\n"
	    "Submitted issue 2026-11-24: 90 accepted by files in /srv/out, 5 will be retried, 1 "
	    "refused, 2 unknown; 110 had it before\n"
	    "Submitted issue 2026-11-25: 10 accepted by files in /srv/out, 0 will be retried, 0 "
	    "refused, 0 unknown\n",
	    "warn send: issue 2026-11-24: 1 letter refused (planetpost issue show "
	    "2026-11-24)\n");
	log_setup(LOG_LEVEL_INFO, LOG_LOGFMT);
	s.app.silent = true;
	d = (struct deliver_report){ .sent = 10, .issues = issues + 2, .issue_count = 1 };
	say_delivered(&s.app, &d);
	heard(&s, "the log", "",
	    "<6>event=send.done issue=2026-11-25 accepted=10 deferred=0 refused=0 "
	    "unknown=0\n");
	end(&s);
}

static void
test_a_web_page_where_a_feed_was_wanted(void **state)
{
	struct feed_links links = { .web_page = true };
	struct err e = ERR_INIT;
	struct said s;

	(void)state;
	begin(&s);
	assert_false(refuse_page(s.app.run.arena, "https://bob.net/", &links, &e));
	SAME_INT("kind", e.kind, ERR_INPUT);
	SAME_TEXT("none", e.text,
	    "https://bob.net/ is a web page, not a feed, and names none");
	SAME_TEXT("none", page_feeds(s.app.run.arena, &links, "  "), "");
	err_clear(&e);
	links.count = 1;
	links.item[0].url = "https://bob.net/atom";
	assert_false(refuse_page(s.app.run.arena, "https://bob.net/", &links, &e));
	SAME_TEXT("one", e.text,
	    "https://bob.net/ is a web page, not a feed; it names 1 feed");
	SAME_TEXT("why", e.why, "1  https://bob.net/atom");
	SAME_TEXT("hint", e.hint, "planetpost feed add https://bob.net/atom");
	err_clear(&e);
	links.count = 2;
	links.item[0].url = "file:atom";
	links.item[1].url = "https://bob.net/comments";
	links.item[1].title = "Bob: comments";
	assert_false(refuse_page(s.app.run.arena, "https://bob.net/", &links, &e));
	SAME_TEXT("two", e.text,
	    "https://bob.net/ is a web page, not a feed; it names 2 feeds");
	SAME_TEXT("no hint", e.hint, "");
	SAME_TEXT("two", page_feeds(s.app.run.arena, &links, "  "),
	    "  1  file:atom\n  2  https://bob.net/comments   \"Bob: comments\"");
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_round_of_fetching),
		cmocka_unit_test(test_what_a_round_settled),
		cmocka_unit_test(test_what_a_round_held),
		cmocka_unit_test(test_failures_are_told_where_somebody_looks),
		cmocka_unit_test(test_refusals_name_the_feeds),
		cmocka_unit_test(test_an_issue_that_was_built_or_not),
		cmocka_unit_test(test_letters_that_wait),
		cmocka_unit_test(test_what_became_of_letters),
		cmocka_unit_test(test_a_web_page_where_a_feed_was_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
