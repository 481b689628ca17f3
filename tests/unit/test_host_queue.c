/* SPDX-License-Identifier: ISC */
/* Lines of requests by host, and the small parts of fetch/ that need no network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fetch/http_fields.h"
#include "fetch/host_queue.h"
#include "fetch/http_errors.h"

/*
 * A script of steps at instants: "add URL", "take URL" (wants that one), "none" (nothing may be
 * taken), "done URL" (gives the host of a taken one back), "wait MS".
 */
struct step {
	int64_t at;
	const char *what;
	const char *url;
	int64_t wait;
};

struct taken {
	const char *url;
	struct host *host;
};

static void
add(struct hosts *h, const char *url, int64_t at)
{
	struct http_request request = { .url = url };

	hosts_add(h, &request, at);
}

static void
run_script(const char *name, int64_t per_host, int64_t pause, const struct step *steps)
{
	struct hosts *h = hosts_new(per_host, pause);
	struct taken taken[32] = { { NULL, NULL } };
	size_t count = 0;

	for (size_t i = 0; steps[i].what; i++) {
		const struct step *s = &steps[i];
		struct http_request request = { .url = NULL };
		struct host *host = NULL;

		if (strcmp(s->what, "add") == 0) {
			add(h, s->url, s->at);
		} else if (strcmp(s->what, "wait") == 0) {
			int64_t wait = hosts_wait_ms(h, s->at);

			if (wait != s->wait)
				fail_msg("%s step %zu: got wait %lld, want %lld", name, i,
				    (long long)wait, (long long)s->wait);
		} else if (strcmp(s->what, "done") == 0) {
			for (size_t k = 0; k < count; k++)
				if (taken[k].host && strcmp(taken[k].url, s->url) == 0) {
					hosts_done(h, taken[k].host, s->at);
					taken[k].host = NULL;
					break;
				}
		} else {
			bool any = hosts_take(h, s->at, &request, &host);
			const char *got = any ? request.url : "(none)";
			const char *want = s->url ? s->url : "(none)";

			if (strcmp(got, want) != 0)
				fail_msg("%s step %zu: got %s, want %s", name, i, got,
				    want);
			if (any)
				taken[count++] = (struct taken){ request.url, host };
		}
	}
	hosts_free(h);
}

#define A1 "http://a.example/1"
#define A2 "https://A.EXAMPLE:8443/2"
#define A3 "http://user:pw@a.example/3?x=http://b.example/"
#define B1 "http://b.example/1"
#define B2 "http://b.example/2"
#define F1 "file:///1"
#define F2 "file:///2"

static const struct step one_at_once[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "add", A3, 0 }, { 0, "add", B1, 0 }, { 0, "take", A1, 0 },
	{ 0, "take", B1, 0 }, { 0, "none", NULL, 0 }, { 5, "done", A1, 0 },
	{ 5, "take", A2, 0 }, { 5, "none", NULL, 0 }, { 9, "done", B1, 0 },
	{ 9, "none", NULL, 0 }, { 9, "done", A2, 0 }, { 9, "take", A3, 0 },
	{ 9, "none", NULL, 0 }, { 0, NULL, NULL, 0 } };

static const struct step two_at_once[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "add", A3, 0 }, { 0, "take", A1, 0 }, { 0, "take", A2, 0 },
	{ 0, "none", NULL, 0 }, { 1, "done", A2, 0 }, { 1, "take", A3, 0 },
	{ 0, NULL, NULL, 0 } };

static const struct step pauses[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "add", B1, 0 }, { 0, "add", B2, 0 }, { 0, "wait", NULL, 0 },
	{ 0, "take", A1, 0 }, { 0, "take", B1, 0 }, { 0, "none", NULL, 0 },
	{ 0, "wait", NULL, -1 }, /* both are busy; no pause ends */
	{ 30, "done", B1, 0 }, { 30, "none", NULL, 0 }, { 30, "wait", NULL, 100 },
	{ 50, "done", A1, 0 }, { 60, "wait", NULL, 70 }, { 129, "none", NULL, 0 },
	{ 130, "take", B2, 0 }, { 130, "none", NULL, 0 }, { 149, "none", NULL, 0 },
	{ 150, "take", A2, 0 }, { 0, NULL, NULL, 0 } };

/* The pause is kept also by a request that comes when the line is empty. */
static const struct step later[] = { { 0, "add", A1, 0 }, { 0, "take", A1, 0 },
	{ 10, "done", A1, 0 }, { 20, "add", A2, 0 }, { 20, "none", NULL, 0 },
	{ 20, "wait", NULL, 90 }, { 110, "take", A2, 0 }, { 0, NULL, NULL, 0 } };

static const struct step files[] = { { 0, "add", F1, 0 }, { 0, "add", F2, 0 },
	{ 0, "take", F1, 0 }, { 0, "take", F2, 0 }, { 0, NULL, NULL, 0 } };

static void
lines(void **state)
{
	(void)state;
	run_script("one at once", 1, 0, one_at_once);
	run_script("two at once", 2, 0, two_at_once);
	run_script("pauses", 1, 100, pauses);
	run_script("later", 1, 100, later);
	run_script("files have no limit", 1, 100, files);
}

/* A thousand hosts, three requests each: every one comes out, none before its time. */
static void
many_hosts(void **state)
{
	enum { HOSTS = 1000, EACH = 3, PAUSE = 1000 };
	static char urls[HOSTS * EACH][40];
	struct hosts *h = hosts_new(1, PAUSE);
	struct http_request request;
	struct host *host = NULL;
	int64_t now = 0;

	(void)state;
	for (int i = 0; i < HOSTS * EACH; i++) {
		struct buf url = BUF_INIT(sizeof(urls[i]) - 1);

		buf_addf(&url, "http://h%d.example/%d", i % HOSTS, i / HOSTS);
		memcpy(urls[i], buf_text(&url), url.len + 1);
		buf_clear(&url);
		add(h, urls[i], 0);
	}
	for (int round = 0; round < EACH; round++) {
		int taken = 0;

		while (hosts_take(h, now, &request, &host)) {
			hosts_done(h, host, now + taken % 7);
			taken++;
		}
		assert_int_equal(taken, HOSTS);
		assert_int_equal(hosts_waiting(h), HOSTS * (EACH - 1 - round));
		now += PAUSE + 7;
	}
	assert_false(hosts_take(h, now, &request, &host));
	hosts_free(h);
}

static void
abandoned_lines_are_freed(void **state)
{
	struct hosts *h = hosts_new(1, 0);

	(void)state;
	add(h, A1, 0);
	add(h, A2, 0);
	hosts_free(h);
	hosts_free(NULL);
}

static void
cache_control(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = { { "max-age=60", 60 }, { "MAX-AGE=60", 60 },
		{ "public, max-age=60", 60 }, { "max-age=\"60\"", 60 },
		{ "max-age = 60 , public", 60 }, { "s-maxage=60", -1 }, { "max-age", -1 },
		{ "max-age=", -1 }, { "max-age=x", -1 }, { "max-age=-1", -1 },
		{ "x-max-age=60", -1 }, { "no-cache", 0 }, { "max-age=60, no-store", 0 },
		{ "no-cache=\"Set-Cookie\", max-age=60", 0 }, { "", -1 }, { ",,,", -1 },
		{ "max-age=99999999999999999999", 315360000 },
		{ "max-age=1,max-age=2", 2 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t got = field_max_age(cases[i].text);

		if (got != cases[i].want)
			fail_msg("%s: got %lld, want %lld", cases[i].text, (long long)got,
			    (long long)cases[i].want);
	}
}

static void
seconds(void **state)
{
	int64_t n = 0;

	(void)state;
	assert_true(field_seconds("120", &n));
	assert_int_equal(n, 120);
	assert_true(field_seconds(" 7 ", &n));
	assert_int_equal(n, 7);
	assert_false(field_seconds("", &n));
	assert_false(field_seconds("-5", &n));
	assert_false(field_seconds("5s", &n));
	assert_false(field_seconds("Tue, 24 Nov 2026 07:30:11 GMT", &n));
}

static void
retry_after(void **state)
{
	/* Tuesday 24 November 2026, 06:30:11 UTC */
	static const int64_t NOW = 1795501811;
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = { { "120", 120 }, { "Tue, 24 Nov 2026 07:30:11 GMT", 3600 },
		{ "Tuesday, 24-Nov-26 07:30:11 GMT", 3600 },
		{ "Tue Nov 24 07:30:11 2026", 3600 },
		{ "tue, 24 NOV 2026 06:30:12 gmt", 1 },
		{ "Tue, 24 Nov 2020 07:30:11 GMT", 0 },
		{ "Tue, 24 Anv 2026 07:30:11 GMT", -1 },
		{ "Tue, 31 Nov 2026 07:30:11 GMT", -1 }, { "2026-11-24T07:30:11Z", -1 },
		{ "soon", -1 }, { "", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (field_retry_after(cases[i].text, NOW) != cases[i].want)
			fail_msg("%s: got %lld", cases[i].text,
			    (long long)field_retry_after(cases[i].text, NOW));
	assert_int_equal(field_retry_after(NULL, NOW), -1);
	assert_int_equal(field_max_age(NULL), -1);
}

static void
sendable(void **state)
{
	(void)state;
	assert_true(field_is_sendable("W/\"a, b\""));
	assert_true(field_is_sendable("\"\xC3\xA9\""));
	assert_false(field_is_sendable(""));
	assert_false(field_is_sendable("a\r\nX: b"));
	assert_false(field_is_sendable("a\tb"));
}

static void
status_lines(void **state)
{
	static const struct {
		const char *line;
		long want;
	} cases[] = { { "HTTP/1.1 301 Moved\r\n", 301 }, { "HTTP/2 200 \r\n", 200 },
		{ "HTTP/1.0 404", 404 }, { "HTTP/1.1 20", 0 }, { "HTTP/1.1 2x0 OK", 0 },
		{ "HTTP/1.1", 0 }, { "X-Status: 301 x", 0 }, { "", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (field_status(cases[i].line, strlen(cases[i].line)) != cases[i].want)
			fail_msg("%s: got %ld", cases[i].line,
			    field_status(cases[i].line, strlen(cases[i].line)));
}

static void
certificates(void **state)
{
	static const struct {
		long bits;
		const char *words;
		const char *want;
	} cases[] = { { 1 << 10 | 2, "server certificate verification failed",
			  "TLS: certificate expired" },
		{ 1 << 9 | 2, "", "TLS: certificate is not valid yet" },
		{ 1 << 5 | 2, "", "TLS: certificate was revoked" },
		{ 1 << 6 | 2,
		    "server certificate verification failed. CAfile: x CRLfile: none",
		    "TLS: certificate is signed by nobody we trust" },
		{ 0, "server certificate expiration date has passed.",
		    "TLS: certificate expired" },
		{ 0,
		    "SSL: certificate subject name (a) does not match target host name 'b'",
		    "TLS: certificate is for another host" },
		{ 0, "", "TLS: certificate is signed by nobody we trust" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct symptoms s = { .certificate = cases[i].bits,
			.words = cases[i].words };
		char room[SENTENCE_MAX];

		assert_string_equal(sentence_for(HTTP_TLS, &s, room), cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines),
		cmocka_unit_test(many_hosts), cmocka_unit_test(abandoned_lines_are_freed),
		cmocka_unit_test(cache_control), cmocka_unit_test(seconds),
		cmocka_unit_test(retry_after), cmocka_unit_test(sendable),
		cmocka_unit_test(status_lines), cmocka_unit_test(certificates) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
