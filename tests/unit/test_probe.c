/* SPDX-License-Identifier: ISC */
/* One address asked on its own: what it answers, whether asking again helps, what is no feed. */
#include "unit/flow_fixture.h"
#include "unit/own_web_server.h"

#include "base/limits.h"
#include "base/log.h"
#include "feed/feed.h"
#include "flow/probe.h"
#include "flow/source_lists.h"

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.fetch.allow_private = true;
	t->settings.config.fetch.proxy = "none";
}

/* path: of our server, or a whole address. */
static struct probe
ask(struct flow_test *t, const char *path, enum probe_wish wish)
{
	const char *url = *path == '/'
	    ? arena_printf(t->run.arena, "http://127.0.0.1:%d%s", web.port, path)
	    : path;
	struct probe p;

	MUST(flow_probe(&t->run, url, wish, &p, err));
	return p;
}

static const struct {
	const char *path;
	bool answered, is_passing;
	long status;
	const char *message;
} answers[] = {
	{ "/feed", true, false, 200, "200 OK" },
	{ "/404", true, false, 404, "404 Not Found" },
	{ "/status/407", true, false, 407, "407" },
	{ "/status/408", true, true, 408, "408 Request Timeout" },
	{ "/status/409", true, false, 409, "409 Conflict" },
	{ "/status/428", true, false, 428, "428" },
	{ "/429", true, true, 429, "429 Too Many Requests" },
	{ "/status/430", true, false, 430, "430" },
	{ "/status/499", true, false, 499, "499" },
	{ "/status/500", true, true, 500, "500 Internal Server Error" },
	{ "/status/599", true, true, 599, "599" },
	{ "/loop", false, false, 0, "too many redirects" },
	{ "/truncated", false, false, 0, "the connection closed before the end" },
	{ "http://nobody.invalid/", false, true, 0, "host name does not exist" },
	{ "http://127.0.0.1:1/", false, true, 0, "no connection: connection refused" },
	{ "file:///nowhere", false, false, 0, "addresses of this kind are not fetched" },
};

static void
what_passes_is_told_from_what_stays(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		const char *name = answers[i].path;
		const struct probe p = ask(&t, name, PROBE_WHOLE);
		struct err err = ERR_INIT;

		SAME_INT(name, p.answered, answers[i].answered);
		SAME_INT(name, p.is_passing, answers[i].is_passing);
		SAME_INT(name, p.is_private, 0);
		SAME_INT(name, p.status, answers[i].status);
		SAME_TEXT(name, p.message, answers[i].message);
		SAME_INT(name, flow_probe_refused(&p, &err), 0);
		SAME_INT(name, err.kind,
		    answers[i].is_passing ? ERR_TEMPORARY : ERR_INPUT);
		SAME_TEXT(name, err.text, answers[i].message);
		SAME_TEXT(name, err.hint, "");
	}
	flow_end(&t);
}

static void
all_that_is_answered_is_kept(void **state)
{
	struct flow_test t;
	struct probe p;
	struct err err = ERR_INIT;

	(void)state;
	begin(&t);
	p = ask(&t, "/301", PROBE_WHOLE);
	SAME_TEXT("where it came from", p.url,
	    arena_printf(t.run.arena, "http://127.0.0.1:%d/feed", web.port));
	SAME_TEXT("for good", p.moved_to, p.url);
	SAME_TEXT("type", p.content_type, "application/rss+xml; charset=utf-8");
	SAME_TEXT("ETag", p.etag, "\"v1\"");
	SAME_TEXT("date", p.last_modified, "Tue, 24 Nov 2026 06:30:11 GMT");
	SAME_INT("bytes", p.len, 60);
	SAME_INT("body", strlen(p.body), 60);
	SAME_TEXT("whole", p.cut, "(none)");
	SAME_TEXT("not for good", ask(&t, "/302", PROBE_WHOLE).moved_to, "(none)");
	p = ask(&t, "/truncated", PROBE_PART);
	SAME_INT("a part", p.answered, 1);
	SAME_TEXT("a part", p.body, "<rss");
	SAME_TEXT("cut", p.cut, "the connection closed before the end");
	t.settings.config.fetch.allow_private = false;
	p = ask(&t, "/feed", PROBE_WHOLE);
	SAME_INT("private", p.is_private, 1);
	SAME_INT("that does not pass", p.is_passing, 0);
	assert_false(flow_probe_refused(&p, &err));
	SAME_TEXT("what to do", err.hint,
	    "if that server is yours: allow_private = yes in [fetch]");
	p = ask(&t, "maildir:/nowhere?list=x.example", PROBE_WHOLE);
	SAME_INT("a mailbox that is not there", p.answered, 0);
	SAME_INT("it does not pass", p.is_passing, 0);
	t.interrupt = true;
	p = ask(&t, "/hang", PROBE_WHOLE);
	SAME_INT("interrupted", p.answered, 0);
	SAME_TEXT("interrupted", p.message, "interrupted");
	SAME_INT("that passes", p.is_passing, 1);
	flow_end(&t);
}

/* ---- as a feed ------------------------------------------------------------------------ */

#define FEED "<rss version='2.0'><channel><title>T</title></channel></rss>"
#define PAGE "<html><head><title>x</title>"
#define LINK "<link rel=alternate type=application/rss+xml title=F href='/feed'>"
#define CUT "the connection closed before the end"

static const struct {
	const char *name, *body, *cut;
	long status; /* 0: no answer */
	size_t links;
	const char *error; /* NULL: it is a feed */
} documents[] = {
	{ "a feed", FEED, NULL, 200, 0, NULL },
	{ "half of one", "<rss version='2.0'><channel><title>T</title>", CUT, 200, 0,
	    NULL },
	{ "a page", PAGE "</head>", NULL, 200, 0, "a web page, not a feed" },
	{ "a page with a feed", PAGE LINK "</head>", NULL, 200, 1,
	    "a web page, not a feed" },
	{ "what half of it is, nobody knows", PAGE, CUT, 200, 0, CUT },
	{ "but for one that names a feed", PAGE LINK, CUT, 200, 1,
	    "a web page, not a feed" },
	{ "what was not found", FEED, NULL, 404, 0, "the message" },
	{ "no answer", FEED, NULL, 0, 0, "the message" },
};

static void
an_answer_is_read_as_a_feed(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		const char *name = documents[i].name;
		const struct probe p = { .answered = documents[i].status != 0,
			.status = documents[i].status == 0 ? 200 : documents[i].status,
			.message = "the message",
			.url = "https://a.example/feed",
			.body = documents[i].body,
			.len = strlen(documents[i].body),
			.cut = documents[i].cut };
		struct feed_links links = { .count = 9 };
		struct feed *feed = NULL;
		struct err err = ERR_INIT;

		SAME_INT(name, flow_probe_feed(&t.run, &p, &feed, &links, &err),
		    documents[i].error == NULL);
		SAME_TEXT(name, err.text, documents[i].error ? documents[i].error : "");
		SAME_INT(name, links.count, documents[i].links);
		if (!documents[i].error)
			SAME_TEXT(name, feed->title, "T");
		else
			SAME_INT(name, err.kind, ERR_INPUT);
	}
	flow_end(&t);
}

/* ---- as a list of feeds --------------------------------------------------------------- */

/* The names of the feeds that are listed, in the order of their keys. */
static const char *
listed(struct flow_test *t)
{
	struct source *all = NULL;
	size_t count = 0;
	const char *out = "";

	MUST(store_sources(t->run.store, t->run.arena, true, &all, &count, err));
	for (size_t i = 0; i < count; i++)
		out = arena_printf(t->run.arena, "%s%s%s", out, i ? " " : "",
		    all[i].name ? all[i].name : all[i].url);
	return out;
}

static const struct {
	const char *path, *want;
} lists[] = {
	{ "/list/further", "further" },
	{ "/list/inner", "further inner" },
	{ "/list/outer", "inner outer" }, /* those that a named list names are not read */
	{ "/404", "own" },
	{ "/status/500", "own" },
	{ "/list/long", "own" },
	{ "/loop", "own" },
};

/* What cannot be read leaves what is known; here the one feed that was there before. */
static void
lists_on_the_web_name_others_once(void **state)
{
	struct listed_feed own = { .url = "https://own.example/feed",
		.name = "own",
		.max_per_feed = -1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct flow_test t;

		begin(&t);
		t.settings.config.fetch.host_pause_ms = 0;
		t.settings.sources = &own;
		t.settings.source_count = 1;
		MUST(flow_sources_sync(&t.run, err));
		t.settings.source_count = 0;
		t.settings.config.feeds.feeds_from = arena_printf(t.run.arena,
		    "http://127.0.0.1:%d%s", web.port, lists[i].path);
		MUST(flow_sources_sync(&t.run, err));
		SAME_TEXT(lists[i].path, listed(&t), lists[i].want);
		flow_end(&t);
	}
}

static void
a_list_that_is_too_long_is_told(void **state)
{
	struct flow_test t;
	struct feed_list list;
	const char *url = NULL;

	(void)state;
	begin(&t);
	url = arena_printf(t.run.arena, "http://127.0.0.1:%d/list/long", web.port);
	MUST_FAIL(flow_sources_read(&t.run, url, &list, err), ERR_LIMIT,
	    arena_printf(t.run.arena, "longer than %d bytes", LIMIT_CONFIG_FILE));
	url = arena_printf(t.run.arena, "http://127.0.0.1:%d/404", web.port);
	MUST_FAIL(flow_sources_read(&t.run, url, &list, err), ERR_INPUT,
	    "list of feeds: 404 Not Found");
	url = arena_printf(t.run.arena, "http://127.0.0.1:%d/503", web.port);
	MUST_FAIL(flow_sources_read(&t.run, url, &list, err), ERR_TEMPORARY,
	    "list of feeds: 503 Service Unavailable");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_passes_is_told_from_what_stays),
		cmocka_unit_test(all_that_is_answered_is_kept),
		cmocka_unit_test(an_answer_is_read_as_a_feed),
		cmocka_unit_test(lists_on_the_web_name_others_once),
		cmocka_unit_test(a_list_that_is_too_long_is_told),
	};

	log_setup(LOG_LEVEL_ERROR, LOG_TEXT);
	return cmocka_run_group_tests(tests, start_web, stop_web);
}
