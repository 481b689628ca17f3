/* SPDX-License-Identifier: ISC */
/*
 * The fetcher against a server of our own on loopback (tests/servers/httpd.py), started here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "format/json.h"
#include "fetch/http.h"

#include "unit/web_server.h"
#include "unit/scratch.h"

/* Tuesday 24 November 2026, 06:30:11 UTC */
static const int64_t NOW = 1795501811;

static struct server plain;

/* ---- one run of the fetcher ---- */

struct answer {
	enum http_failure failure;
	long status;
	int64_t retry_after;
	int64_t max_age;
	char message[200];
	char url[300];
	char moved_to[300];
	char content_type[100];
	char etag[100];
	char last_modified[100];
	size_t len;
	char body[4000];
	bool done;
};

struct errand {
	const struct http_request *requests;
	size_t count;
	size_t next;
	size_t done;
	struct answer *answers;
	int64_t stop_after_ms; /* 0 = never */
	int64_t begin;
	int questions; /* whether to stop */
};

static bool
next_request(void *arg, struct http_request *request)
{
	struct errand *e = arg;

	if (e->next == e->count)
		return false;
	*request = e->requests[e->next];
	request->owner = &e->answers[e->next++];
	return true;
}

static void
copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from ? from : "(none)");
}

static void
take_answer(void *arg, const struct http_request *request,
    const struct http_response *response)
{
	struct errand *e = arg;
	struct answer *a = request->owner;

	if (a->done)
		fail_msg("%s: answered twice", request->url);
	a->done = true;
	e->done++;
	a->failure = response->failure;
	a->status = response->status;
	a->retry_after = response->retry_after;
	a->max_age = response->max_age;
	a->len = response->len;
	copy(a->message, sizeof(a->message), response->message);
	copy(a->url, sizeof(a->url), response->url);
	copy(a->moved_to, sizeof(a->moved_to), response->moved_to);
	copy(a->content_type, sizeof(a->content_type), response->content_type);
	copy(a->etag, sizeof(a->etag), response->etag);
	copy(a->last_modified, sizeof(a->last_modified), response->last_modified);
	copy(a->body, sizeof(a->body), response->body);
}

static bool
asked_to_stop(void *arg)
{
	struct errand *e = arg;

	e->questions++;
	return e->stop_after_ms && clock_ticks_ms() - e->begin > e->stop_after_ms;
}

static struct http_settings
usual(void)
{
	return (struct http_settings){ .parallel = 8,
		.per_host = 8,
		.host_pause_ms = 0,
		.timeout_ms = 5000,
		.max_bytes = 65536,
		.max_redirects = 5,
		.max_in_flight = 1 << 20,
		.user_agent = "planetpost/test",
		.proxy = "none",
		.allow_private = true };
}

static void
run_errand(const struct http_settings *s, struct errand *e)
{
	struct http_client client = { next_request, take_answer, asked_to_stop, e };
	struct err err = ERR_INIT;

	e->begin = clock_ticks_ms();
	if (!http_run(s, &client, NOW, &err))
		fail_msg("http_run: %s", err.text);
}

static struct answer
fetch(const struct http_settings *s, const struct http_request *request)
{
	struct answer answer = { 0 };
	struct errand e = { .requests = request, .count = 1, .answers = &answer };

	run_errand(s, &e);
	if (!answer.done)
		fail_msg("%s: no answer", request->url);
	return answer;
}

static struct answer
get(const struct http_settings *s, const char *path)
{
	char url[300];
	struct http_request request = { .url = url };

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", plain.port, path);
	return fetch(s, &request);
}

static void
expect(const char *name, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s %s, want %s", name, what, got, want);
}

static void
expect_int(const char *name, const char *what, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: got %s %lld, want %lld", name, what, (long long)got,
		    (long long)want);
}

/* ---- answers ---- */

#define FEED "<rss version='2.0'><channel><title>T</title></channel></rss>"

static const struct {
	const char *path;
	enum http_failure failure;
	long status;
	const char *message;
	const char *body;     /* NULL: not looked at */
	const char *moved_to; /* path of our server, or "(none)" */
} answer_cases[] = { { "/feed", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/empty", HTTP_OK, 200, "", "", "(none)" },
	{ "/gzip", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/deflate", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/bad-gzip", HTTP_OK, 200, "", "this is no gzip", "(none)" },
	{ "/torn-gzip", HTTP_OTHER, 200, "the compressed answer is damaged", NULL,
	    "(none)" },
	{ "/gzip-file", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/gzip-members", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/gzip-twice", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/raw-deflate", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/no-deflate", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/no-coding", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/203", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/404", HTTP_OK, 404, "", "", "(none)" },
	{ "/410", HTTP_OK, 410, "", "", "(none)" },
	{ "/endless-404", HTTP_OK, 404, "", "", "(none)" },
	{ "/301", HTTP_OK, 200, "", FEED, "/feed" },
	{ "/308", HTTP_OK, 200, "", FEED, "/feed" },
	{ "/301-308", HTTP_OK, 200, "", FEED, "/feed" },
	{ "/302", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/303", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/307", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/301-302", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/302-301", HTTP_OK, 200, "", FEED, "(none)" },
	{ "/301-404", HTTP_OK, 404, "", "", "(none)" },
	{ "/301-nowhere", HTTP_OK, 301, "", "", "(none)" },
	{ "/loop", HTTP_REDIRECTS, 0, "too many redirects", "", "(none)" },
	{ "/to-file", HTTP_REDIRECTS, 0,
	    "redirect to an address that is neither http nor https", "", "(none)" },
	{ "/to-ftp", HTTP_REDIRECTS, 0,
	    "redirect to an address that is neither http nor https", "", "(none)" },
	{ "/exact", HTTP_OK, 200, "", NULL, "(none)" },
	{ "/one-more", HTTP_TOO_LARGE, 0, "larger than 65536 bytes (fetch.max_bytes)", "",
	    "(none)" },
	{ "/announced", HTTP_TOO_LARGE, 0, "larger than 65536 bytes (fetch.max_bytes)",
	    "", "(none)" },
	{ "/endless", HTTP_TOO_LARGE, 0, "larger than 65536 bytes (fetch.max_bytes)", "",
	    "(none)" },
	{ "/bomb", HTTP_TOO_LARGE, 0, "larger than 65536 bytes (fetch.max_bytes)", "",
	    "(none)" },
	{ "/truncated", HTTP_OTHER, 0, "the connection closed before the end", "",
	    "(none)" },
	{ "/too-short", HTTP_OK, 200, "", "<rss", "(none)" },
	{ "/nothing", HTTP_OTHER, 0, "the server closed the connection without an answer",
	    "", "(none)" },
	{ "/junk", HTTP_OTHER, 0, "the answer is not HTTP", "", "(none)" } };

static void
answers_are_told_apart(void **state)
{
	struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answer_cases); i++) {
		const char *path = answer_cases[i].path;
		struct answer a = get(&s, path);
		char moved[300] = "(none)";

		if (answer_cases[i].moved_to[0] == '/')
			(void)snprintf(moved, sizeof(moved), "http://127.0.0.1:%d%s",
			    plain.port, answer_cases[i].moved_to);
		expect(path, "message", a.message, answer_cases[i].message);
		expect_int(path, "failure", a.failure, answer_cases[i].failure);
		expect_int(path, "status", a.status, answer_cases[i].status);
		expect(path, "moved_to", a.moved_to, moved);
		if (answer_cases[i].body)
			expect(path, "body", a.body, answer_cases[i].body);
	}
}

static const struct {
	const char *path;
	int64_t retry_after;
	int64_t max_age;
} wish_cases[] = { { "/feed", -1, -1 }, { "/429", 120, -1 }, { "/503", 3600, -1 },
	{ "/503-past", 0, -1 }, { "/503-odd", -1, -1 }, { "/max-age", -1, 7200 },
	{ "/no-cache", -1, 0 } };

static void
wishes_of_the_server_are_read(void **state)
{
	struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wish_cases); i++) {
		struct answer a = get(&s, wish_cases[i].path);

		expect_int(wish_cases[i].path, "Retry-After", a.retry_after,
		    wish_cases[i].retry_after);
		expect_int(wish_cases[i].path, "max-age", a.max_age,
		    wish_cases[i].max_age);
	}
}

static void
validators_are_kept_and_sent_verbatim(void **state)
{
	static const struct {
		const char *path, *etag, *last_modified;
		long status;
	} table[] = {
		{ "/feed", NULL, NULL, 200 }, { "/feed", "\"v1\"", NULL, 304 },
		{ "/feed", "\"v0\"", NULL, 200 },
		{ "/feed", NULL, "Tue, 24 Nov 2026 06:30:11 GMT", 304 },
		{ "/feed", NULL, "Tue, 24 Nov 2026 06:30:12 GMT", 200 },
		{ "/301", "\"v1\"", NULL, 304 },
		{ "/weird-etag", "W/\"a,b \\ c", NULL, 304 },
		{ "/feed", "\"v1\"\r\nX: y", NULL, 200 } /* not sent at all */
	};
	struct http_settings s = usual();
	char url[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct http_request r = { .url = url,
			.etag = table[i].etag,
			.last_modified = table[i].last_modified };

		(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", plain.port,
		    table[i].path);
		struct answer a = fetch(&s, &r);
		expect_int(table[i].path, "status", a.status, table[i].status);
		expect_int(table[i].path, "bytes", (int64_t)a.len,
		    table[i].status == 200 ? (int64_t)strlen(FEED) : 0);
	}
	struct answer a = get(&s, "/feed");
	expect("feed", "ETag", a.etag, "\"v1\"");
	expect("feed", "Last-Modified", a.last_modified, "Tue, 24 Nov 2026 06:30:11 GMT");
	expect("feed", "type", a.content_type, "application/rss+xml; charset=utf-8");
	a = get(&s, "/301");
	expect("redirected", "ETag", a.etag, "\"v1\"");
}

/* Who did not ask whether a feed has changed has learned nothing by "it has not". */
static void
not_modified_is_believed_when_asked_for(void **state)
{
	struct http_settings s = usual();
	struct answer a;
	char url[300];

	(void)state;
	a = get(&s, "/304");
	expect_int("not asked", "failure", a.failure, HTTP_OTHER);
	expect("not asked", "message", a.message,
	    "the server says \"not modified\" of what it never sent");
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/304", plain.port);
	a = fetch(&s, &(struct http_request){ .url = url, .etag = "\"v1\"" });
	expect_int("asked", "failure", a.failure, HTTP_OK);
	expect_int("asked", "status", a.status, 304);
	a = fetch(&s, &(struct http_request){ .url = url, .etag = "v1\r\nX: y" });
	expect_int("asked with what cannot be sent", "failure", a.failure, HTTP_OTHER);
}

static void
fields_have_a_ceiling(void **state)
{
	static const char *const ENDLESS[] = { "/endless-trailer", "/endless-header",
		"/endless-early" };
	struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ENDLESS); i++)
		expect_int(ENDLESS[i], "failure", get(&s, ENDLESS[i]).failure,
		    HTTP_TOO_LARGE);
	expect("trailer", "message", get(&s, "/endless-trailer").message,
	    "the answer's header does not end");
	expect_int("many fields", "status", get(&s, "/many-fields").status, 200);
}

/* Between two requests of one run over the same handles nothing of the first is left. */
static void
nothing_leaks_from_one_request_to_the_next(void **state)
{
	struct http_settings s = usual();
	struct answer answers[4];
	char urls[4][300];
	struct http_request requests[4];
	struct errand e = { .requests = requests, .count = 4, .answers = answers };
	static const char *const PATHS[] = { "/301", "/cookie", "/echo", "/404" };

	(void)state;
	s.parallel = 1;
	memset(answers, 0, sizeof(answers));
	memset(requests, 0, sizeof(requests));
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%d%s",
		    plain.port, PATHS[i]);
		requests[i].url = urls[i];
	}
	requests[0].etag = "\"v0\"";
	requests[0].last_modified = "yesterday";
	run_errand(&s, &e);
	assert_int_equal(e.done, 4);
	if (strstr(answers[2].body, "if-none") ||
	    strstr(answers[2].body, "if-modified") || strstr(answers[2].body, "cookie"))
		fail_msg("echo: got %s", answers[2].body);
	assert_non_null(strstr(answers[2].body, "\"user-agent\": \"planetpost/test\""));
	assert_non_null(strstr(answers[2].body, "gzip"));
	expect("404", "moved_to", answers[3].moved_to, "(none)");
	expect_int("404", "bytes", (int64_t)answers[3].len, 0);
}

/* Some send who has no cookie round in a circle until he has. */
static void
cookies_are_kept_within_one_request(void **state)
{
	struct http_settings s = usual();
	struct answer a;

	(void)state;
	for (int i = 0; i < 2; i++) {
		a = get(&s, "/for-whom-was-here");
		expect_int("with a cookie", "failure", a.failure, HTTP_OK);
		expect("with a cookie", "body", a.body, FEED);
		expect("with a cookie", "moved_to", a.moved_to, "(none)");
	}
	a = get(&s, "/to-other-host");
	expect_int("another host", "status", a.status, 200);
	assert_non_null(strstr(a.body, "\"host\": \"localhost:"));
	if (strstr(a.body, "cookie"))
		fail_msg("another host was told a cookie: %s", a.body);
}

static void
time_has_an_end(void **state)
{
	static const struct {
		const char *path, *message;
	} table[] = { { "/hang", "no answer within 300 ms" },
		{ "/drip", "the answer did not end within 300 ms" } };
	struct http_settings s = usual();

	(void)state;
	s.timeout_ms = 300;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int64_t begin = clock_ticks_ms();
		struct answer a = get(&s, table[i].path);
		int64_t took = clock_ticks_ms() - begin;

		expect(table[i].path, "message", a.message, table[i].message);
		expect_int(table[i].path, "failure", a.failure, HTTP_TIMEOUT);
		if (took > 3000)
			fail_msg("%s: took %lld ms", table[i].path, (long long)took);
	}
}

static void
redirects_have_a_limit(void **state)
{
	struct http_settings s = usual();

	(void)state;
	s.max_redirects = 1;
	struct answer a = get(&s, "/301-308");
	expect_int("two hops", "failure", a.failure, HTTP_REDIRECTS);
	a = get(&s, "/301");
	expect_int("one hop", "status", a.status, 200);
	s.max_redirects = 0;
	a = get(&s, "/301");
	expect_int("no hop", "status", a.status, 301);
}

static void
private_addresses_are_refused(void **state)
{
	static const char *const URLS[] = { "http://127.0.0.1:1/", "http://localhost:1/",
		"http://[::1]:1/", "http://2130706433/", "http://0x7f.1/", "http://0/",
		"http://10.0.0.1/", "http://169.254.169.254/latest/",
		"http://[::ffff:127.0.0.1]/", "http://[fe80::1]/" };
	struct http_settings s = usual();

	(void)state;
	s.allow_private = false;
	s.timeout_ms = 2000;
	for (size_t i = 0; i < ARRAY_LEN(URLS); i++) {
		struct http_request r = { .url = URLS[i] };
		struct answer a = fetch(&s, &r);

		expect(URLS[i], "message", a.message,
		    "private address (fetch.allow_private = no)");
		expect_int(URLS[i], "failure", a.failure, HTTP_PRIVATE);
	}
}

/* The proxy is on this machine; it is dialled although private addresses are refused. */
static void
a_private_proxy_is_let_through(void **state)
{
	struct http_settings s = usual();
	struct http_request r = { .url = "http://feeds.invalid/feed" };
	char proxy[100];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain.port);
	s.proxy = proxy;
	s.allow_private = false;
	struct answer a = fetch(&s, &r);
	/* Our server is no proxy and does not know that path; but it was asked. */
	expect_int("proxy", "status", a.status, 404);
}

static void
files_are_read_when_allowed(void **state)
{
	char path[] = "/tmp/test_http_XXXXXX";
	char url[100];
	int fd = mkstemp(path);
	struct http_settings s = usual();
	struct http_request r = { .url = url };

	(void)state;
	assert_true(fd >= 0 && write(fd, FEED, strlen(FEED)) == (ssize_t)strlen(FEED));
	(void)close(fd);
	(void)snprintf(url, sizeof(url), "file://%s", path);
	struct answer a = fetch(&s, &r);
	expect_int("refused", "failure", a.failure, HTTP_OTHER);
	expect("refused", "message", a.message, "addresses of this kind are not fetched");
	s.allow_files = true;
	a = fetch(&s, &r);
	expect_int("allowed", "status", a.status, 200);
	expect("allowed", "body", a.body, FEED);
	(void)unlink(path);
	a = fetch(&s, &r);
	expect("missing", "message", a.message, "the file cannot be read");
}

static void
who_is_not_there_is_told(void **state)
{
	struct http_settings s = usual();
	struct http_request nobody = { .url = "http://nobody.invalid/" };
	struct http_request closed = { .url = "http://127.0.0.1:1/" };
	struct http_request bad = { .url = "http://" };

	(void)state;
	struct answer a = fetch(&s, &nobody);
	expect("name", "message", a.message, "host name does not exist");
	expect_int("name", "failure", a.failure, HTTP_NO_HOST);
	expect_int("name", "Retry-After", a.retry_after, -1);
	expect_int("name", "max-age", a.max_age, -1);
	a = fetch(&s, &closed);
	expect("port", "message", a.message, "no connection: connection refused");
	expect_int("port", "failure", a.failure, HTTP_NO_CONNECT);
	a = fetch(&s, &bad);
	expect_int("address", "failure", a.failure, HTTP_OTHER);
}

/* ---- many at once ---- */

enum { MANY = 40 };

struct many {
	char urls[MANY][100];
	struct http_request requests[MANY];
	struct answer *answers;
	struct errand errand;
};

static void
make_many(struct many *m, const char *path)
{
	memset(m, 0, sizeof(*m));
	m->answers = calloc(MANY, sizeof(*m->answers));
	assert_non_null(m->answers);
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(m->urls[i], sizeof(m->urls[i]),
		    "http://127.0.0.1:%d%s/%zu", plain.port, path, i);
		m->requests[i].url = m->urls[i];
	}
	m->errand = (struct errand){ .requests = m->requests,
		.count = MANY,
		.answers = m->answers };
}

/* Most answers the server gave side by side. */
static int64_t
most_at_once(void)
{
	struct http_settings s = usual();
	struct answer a = get(&s, "/stats");
	struct err err = ERR_INIT;
	struct json *doc = json_parse(a.body, a.len, &err);
	int64_t most = -1;

	if (doc && !json_number(json_get(json_root(doc), "most"), &most))
		most = -1;
	json_free(doc);
	return most;
}

static void
many_are_fetched_side_by_side(void **state)
{
	struct http_settings s = usual();
	struct many m;

	(void)state;
	(void)get(&s, "/forget");
	make_many(&m, "/slow/50");
	s.parallel = 20;
	s.per_host = 20;
	run_errand(&s, &m.errand);
	int64_t took = clock_ticks_ms() - m.errand.begin;
	assert_int_equal(m.errand.done, MANY);
	for (size_t i = 0; i < MANY; i++)
		expect_int(m.urls[i], "status", m.answers[i].status, 200);
	/* One after the other they would take two seconds. */
	if (took > 1500)
		fail_msg("took %lld ms", (long long)took);
	free(m.answers);
}

static void
one_host_is_not_crowded(void **state)
{
	struct http_settings s = usual();
	struct many m;

	(void)state;
	(void)get(&s, "/forget");
	make_many(&m, "/slow/10");
	s.parallel = 20;
	s.per_host = 2;
	run_errand(&s, &m.errand);
	assert_int_equal(m.errand.done, MANY);
	expect_int("per_host", "at once", most_at_once(), 2);
	free(m.answers);
}

/* Ten requests to one host take nine pauses; another host is answered meanwhile. */
static void
a_pause_holds_up_one_host_only(void **state)
{
	struct http_settings s = usual();
	struct many m;
	char other[100];

	(void)state;
	make_many(&m, "/slow/0");
	(void)snprintf(other, sizeof(other), "http://localhost:%d/feed", plain.port);
	m.requests[9].url = other;
	m.errand.count = 10;
	s.per_host = 1;
	s.host_pause_ms = 50;
	run_errand(&s, &m.errand);
	int64_t took = clock_ticks_ms() - m.errand.begin;
	assert_int_equal(m.errand.done, 10);
	if (took < 8 * 50)
		fail_msg("nine requests took only %lld ms", (long long)took);
	if (took > 5000)
		fail_msg("took %lld ms", (long long)took);
	free(m.answers);
}

/*
 * Four requests, one after the other, to a host that says something to the first; the last is to
 * another host.  What is not asked is answered all the same, with the seconds.
 */
static const struct {
	const char *first;
	int64_t held; /* seconds; 0: all are asked */
} hold_cases[] = {
	{ "/429", 120 },
	{ "/503", 3600 },
	{ "/503-second", 1 },
	{ "/503-past", 0 },
	{ "/503-odd", 0 },
	{ "/404-later", 0 },
	{ "/feed", 0 },
};

static void
a_host_that_says_wait_is_asked_no_more(void **state)
{
	struct http_settings s = usual();

	(void)state;
	s.per_host = 1;
	for (size_t i = 0; i < ARRAY_LEN(hold_cases); i++) {
		const char *name = hold_cases[i].first;
		const bool is_held = hold_cases[i].held > 0;
		char urls[4][100];
		struct http_request requests[4] = { { .url = urls[0] },
			{ .url = urls[1] }, { .url = urls[2] }, { .url = urls[3] } };
		struct answer answers[4] = { { .done = false } };
		struct errand e = { .requests = requests,
			.count = 4,
			.answers = answers };

		for (size_t k = 0; k < 4; k++)
			(void)snprintf(urls[k], sizeof(urls[k]), "http://%s:%d%s",
			    k == 3 ? "localhost" : "127.0.0.1", plain.port,
			    k == 0 ? name : "/feed");
		run_errand(&s, &e);
		expect_int(name, "answers", (int64_t)e.done, 4);
		expect_int(name, "failure of the first", answers[0].failure, HTTP_OK);
		for (size_t k = 1; k < 3; k++) {
			expect_int(name, "failure", answers[k].failure,
			    is_held ? HTTP_HELD : HTTP_OK);
			expect_int(name, "status", answers[k].status, is_held ? 0 : 200);
			expect_int(name, "seconds", answers[k].retry_after,
			    is_held ? hold_cases[i].held : -1);
			expect(name, "body", answers[k].body, is_held ? "" : FEED);
			expect(name, "url", answers[k].url, urls[k]);
		}
		expect_int(name, "status of another host", answers[3].status, 200);
	}
}

/* What waits for its pause when the host says so is not waited for. */
static void
a_held_host_has_no_pauses(void **state)
{
	struct http_settings s = usual();
	struct many m;
	int64_t took = 0;

	(void)state;
	make_many(&m, "/slow/0");
	(void)snprintf(m.urls[0], sizeof(m.urls[0]), "http://127.0.0.1:%d/429",
	    plain.port);
	s.per_host = 1;
	s.host_pause_ms = 200;
	run_errand(&s, &m.errand);
	took = clock_ticks_ms() - m.errand.begin;
	assert_int_equal(m.errand.done, MANY);
	for (size_t i = 1; i < MANY; i++)
		expect_int("held", "failure", m.answers[i].failure, HTTP_HELD);
	/* Forty pauses are eight seconds. */
	if (took > 3000)
		fail_msg("took %lld ms", (long long)took);
	free(m.answers);
}

/* A time that is over holds nobody, and takes no pause away. */
static void
a_host_that_names_the_past_has_its_pauses(void **state)
{
	struct http_settings s = usual();
	struct many m;

	(void)state;
	make_many(&m, "/503-past?");
	m.errand.count = 3;
	s.per_host = 1;
	s.host_pause_ms = 100;
	run_errand(&s, &m.errand);
	assert_int_equal(m.errand.done, 3);
	if (clock_ticks_ms() - m.errand.begin < 199)
		fail_msg("there were no pauses");
	free(m.answers);
}

/* All handles work when the pause of what waits ends: until one is free there is nothing to do. */
static void
the_end_of_a_pause_without_room_is_not_waited_for(void **state)
{
	static const struct {
		const char *host, *path;
	} table[] = { { "127.0.0.1", "/feed" }, { "127.0.0.1", "/feed" },
		{ "localhost", "/slow/400" }, { "127.1", "/slow/400" } };
	struct http_settings s = usual();
	struct many m;

	(void)state;
	make_many(&m, "");
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		(void)snprintf(m.urls[i], sizeof(m.urls[i]), "http://%s:%d%s",
		    table[i].host, plain.port, table[i].path);
	m.errand.count = ARRAY_LEN(table);
	s.parallel = 2;
	s.per_host = 1;
	s.host_pause_ms = 20;
	run_errand(&s, &m.errand);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		expect_int(m.urls[i], "status", m.answers[i].status, 200);
	if (m.errand.questions > 200)
		fail_msg("asked %d times", m.errand.questions);
	free(m.answers);
}

/* Bodies of 40 kB with room for 100 kB: all arrive, though some were put back. */
static void
bodies_in_flight_are_bounded(void **state)
{
	struct http_settings s = usual();
	struct many m;

	(void)state;
	make_many(&m, "/half");
	s.parallel = 20;
	s.per_host = 20;
	s.max_in_flight = 100000;
	run_errand(&s, &m.errand);
	assert_int_equal(m.errand.done, MANY);
	for (size_t i = 0; i < MANY; i++)
		expect_int(m.urls[i], "bytes", (int64_t)m.answers[i].len, 40000);
	free(m.answers);
}

/* Two of those that wait in the middle of 40 kB are too many: others are asked for again. */
static void
the_oldest_body_goes_on_when_there_is_no_room(void **state)
{
	struct http_settings s = usual();
	struct many m;
	size_t asked = 0;

	(void)state;
	(void)get(&s, "/forget");
	make_many(&m, "/halting");
	m.errand.count = 4;
	s.max_in_flight = 30000;
	run_errand(&s, &m.errand);
	for (size_t i = 0; i < 4; i++)
		expect_int(m.urls[i], "bytes", (int64_t)m.answers[i].len, 40000);
	const struct answer stats = get(&s, "/stats");
	for (const char *at = stats.body; (at = strstr(at, "/halting")); at++)
		asked++;
	assert_true(asked > 4);
	free(m.answers);
}

/* Each request finds the proxy that is its own, and the guard of that. */
static void
ways_are_kept_apart_in_one_run(void **state)
{
	static const bool by_proxy[] = { false, true, false, true, true, false };
	struct http_settings s = usual();
	struct many m;
	char proxy[100];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain.port);
	make_many(&m, "/feed?");
	m.errand.count = ARRAY_LEN(by_proxy);
	s.parallel = 1;
	for (size_t i = 0; i < ARRAY_LEN(by_proxy); i++) {
		if (!by_proxy[i])
			continue;
		(void)snprintf(m.urls[i], sizeof(m.urls[i]), "http://feeds.invalid/%zu",
		    i);
		m.requests[i].proxy = proxy;
	}
	run_errand(&s, &m.errand);
	/* Our server is no proxy, and does not know such paths. */
	for (size_t i = 0; i < ARRAY_LEN(by_proxy); i++)
		expect_int(m.urls[i], "status", m.answers[i].status,
		    by_proxy[i] ? 404 : 200);
	free(m.answers);
}

static void
stop_is_heard_soon(void **state)
{
	struct http_settings s = usual();
	struct many m;

	(void)state;
	/* With fewer handles than requests, and with some that have nothing to do. */
	for (int64_t parallel = 8; parallel <= MANY + 8; parallel += MANY) {
		make_many(&m, "/hang");
		m.errand.stop_after_ms = 50;
		s.parallel = s.per_host = parallel;
		run_errand(&s, &m.errand);
		int64_t took = clock_ticks_ms() - m.errand.begin;
		assert_int_equal(m.errand.done, 0);
		if (took > 1000)
			fail_msg("took %lld ms", (long long)took);
		free(m.answers);
	}
}

static void
nothing_to_do_is_done(void **state)
{
	struct http_settings s = usual();
	struct errand e = { .count = 0 };

	(void)state;
	run_errand(&s, &e);
	assert_int_equal(e.done, 0);
}

/* ---- TLS ---- */

/* days: how long the certificate is valid from today on; negative: it ended then. */
static bool
make_certificate(const char *folder, const char *name, const char *dates)
{
	char command[600];

	(void)snprintf(command, sizeof(command),
	    "cd %s && openssl req -x509 -newkey rsa:2048 "
	    "-nodes -keyout %s.key -out %s.new -subj /CN=localhost "
	    "-addext subjectAltName=DNS:localhost -days 2 2>/dev/null && "
	    "openssl x509 -in %s.new -signkey %s.key %s -out %s.pem 2>/dev/null",
	    folder, name, name, name, name, dates, name);
	pid_t pid = fork();
	int status = 1;
	if (pid == 0) {
		(void)execlp("sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	return status == 0;
}

static void
certificates_are_verified(void **state)
{
	char folder[64];
	char cert[100];
	char key[100];
	char url[100];
	struct server tls;
	struct http_settings s = usual();
	struct http_request r = { .url = url };

	(void)state;
	assert_true(scratch_folder(folder, sizeof(folder)));
	if (!make_certificate(folder, "self", "-days 2")) {
		(void)rmdir(folder);
		skip(); /* no openssl here */
	}
	(void)snprintf(cert, sizeof(cert), "%s/self.pem", folder);
	(void)snprintf(key, sizeof(key), "%s/self.key", folder);
	assert_true(start_server(&tls, cert, key));
	(void)snprintf(url, sizeof(url), "https://localhost:%d/feed", tls.port);
	struct answer a = fetch(&s, &r);
	expect_int("self-signed", "failure", a.failure, HTTP_TLS);
	expect("self-signed", "message", a.message,
	    "TLS: certificate is signed by nobody we trust");
	(void)snprintf(url, sizeof(url), "https://localhost:%d/feed", plain.port);
	a = fetch(&s, &r);
	expect_int("no TLS there", "failure", a.failure, HTTP_TLS);
	expect("no TLS there", "message", a.message,
	    "TLS: no common language with the server");
	stop_server(&tls);
	(void)unlink(cert);
	(void)unlink(key);
	(void)snprintf(cert, sizeof(cert), "%s/self.new", folder);
	(void)unlink(cert);
	(void)rmdir(folder);
}

static int
group_begin(void **state)
{
	(void)state;
	if (!start_server(&plain, NULL, NULL)) {
		print_message("1..0 # SKIP python3 is not there\n");
		exit(0);
	}
	return 0;
}

static int
group_end(void **state)
{
	(void)state;
	stop_server(&plain);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(wishes_of_the_server_are_read),
		cmocka_unit_test(validators_are_kept_and_sent_verbatim),
		cmocka_unit_test(not_modified_is_believed_when_asked_for),
		cmocka_unit_test(fields_have_a_ceiling),
		cmocka_unit_test(nothing_leaks_from_one_request_to_the_next),
		cmocka_unit_test(cookies_are_kept_within_one_request),
		cmocka_unit_test(time_has_an_end),
		cmocka_unit_test(redirects_have_a_limit),
		cmocka_unit_test(private_addresses_are_refused),
		cmocka_unit_test(a_private_proxy_is_let_through),
		cmocka_unit_test(files_are_read_when_allowed),
		cmocka_unit_test(who_is_not_there_is_told),
		cmocka_unit_test(many_are_fetched_side_by_side),
		cmocka_unit_test(one_host_is_not_crowded),
		cmocka_unit_test(a_pause_holds_up_one_host_only),
		cmocka_unit_test(a_host_that_says_wait_is_asked_no_more),
		cmocka_unit_test(a_held_host_has_no_pauses),
		cmocka_unit_test(a_host_that_names_the_past_has_its_pauses),
		cmocka_unit_test(the_end_of_a_pause_without_room_is_not_waited_for),
		cmocka_unit_test(bodies_in_flight_are_bounded),
		cmocka_unit_test(the_oldest_body_goes_on_when_there_is_no_room),
		cmocka_unit_test(ways_are_kept_apart_in_one_run),
		cmocka_unit_test(stop_is_heard_soon),
		cmocka_unit_test(nothing_to_do_is_done),
		cmocka_unit_test(certificates_are_verified) };

	return cmocka_run_group_tests(tests, group_begin, group_end);
}
