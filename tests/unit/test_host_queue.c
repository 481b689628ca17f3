/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fetch/host_queue.h"

/*
 * A script of steps at instants: "add URL", "take URL" (wants that one), "none" (nothing may be
 * taken), "done URL" (gives the host of a taken one back), "hold URL" (its host wants to be left
 * alone for so many seconds), "held URL" (wants so many), "wait MS".
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
add(struct host_queue *h, const char *url, int64_t at)
{
	struct http_request request = { .url = url };

	host_queue_add(h, &request, at);
}

static struct host *
host_of(const struct taken *taken, size_t count, const char *url)
{
	for (size_t k = 0; k < count; k++)
		if (taken[k].host && strcmp(taken[k].url, url) == 0)
			return taken[k].host;
	fail_msg("%s was not taken", url);
	return NULL;
}

static void
run_script(const char *name, int64_t per_host, int64_t pause, const struct step *steps)
{
	struct host_queue *h = host_queue_new(per_host, pause);
	struct taken taken[32] = { { NULL, NULL } };
	size_t count = 0;

	for (size_t i = 0; steps[i].what; i++) {
		const struct step *s = &steps[i];
		struct http_request request = { .url = NULL };
		struct host *host = NULL;

		if (strcmp(s->what, "add") == 0) {
			add(h, s->url, s->at);
		} else if (strcmp(s->what, "wait") == 0) {
			int64_t wait = host_queue_wait_ms(h, s->at);

			if (wait != s->wait)
				fail_msg("%s step %zu: got wait %lld, want %lld", name, i,
				    (long long)wait, (long long)s->wait);
		} else if (strcmp(s->what, "hold") == 0) {
			host_queue_hold(host_of(taken, count, s->url), s->wait);
		} else if (strcmp(s->what, "held") == 0) {
			int64_t held = host_queue_held(host_of(taken, count, s->url));

			if (held != s->wait)
				fail_msg("%s step %zu: got held %lld, want %lld", name, i,
				    (long long)held, (long long)s->wait);
		} else if (strcmp(s->what, "done") == 0) {
			for (size_t k = 0; k < count; k++)
				if (taken[k].host && strcmp(taken[k].url, s->url) == 0) {
					host_queue_done(h, taken[k].host, s->at);
					taken[k].host = NULL;
					break;
				}
		} else {
			bool any = host_queue_take(h, s->at, &request, &host);
			const char *got = any ? request.url : "(none)";
			const char *want = s->url ? s->url : "(none)";

			if (strcmp(got, want) != 0)
				fail_msg("%s step %zu: got %s, want %s", name, i, got,
				    want);
			if (any)
				taken[count++] = (struct taken){ request.url, host };
		}
	}
	host_queue_free(h);
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

/*
 * A host that was told to wait by one of its feeds: the longest it said counts, what is in its
 * line comes at once, to be given back unasked, and other hosts go on.
 */
static const struct step held[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "add", B1, 0 }, { 0, "add", B2, 0 }, { 0, "take", A1, 0 },
	{ 0, "take", B1, 0 }, { 0, "held", A1, 0 }, { 0, "hold", A1, 60 },
	{ 0, "held", A1, 60 }, { 0, "hold", A1, 90 }, { 0, "hold", A1, 30 },
	{ 0, "held", A1, 90 }, { 0, "held", B1, 0 }, { 10, "done", A1, 0 },
	{ 10, "done", B1, 0 }, { 100, "take", A2, 0 }, { 100, "held", A2, 90 },
	{ 100, "none", NULL, 0 }, { 100, "done", A2, 0 }, { 109, "none", NULL, 0 },
	{ 110, "take", B2, 0 }, { 110, "add", A3, 0 }, { 110, "take", A3, 0 },
	{ 110, "held", A3, 90 }, { 0, NULL, NULL, 0 } };

/* What is given back unasked waits for nothing: not a millisecond. */
static const struct step held_at_once[] = { { 0, "add", A1, 0 }, { 0, "take", A1, 0 },
	{ 0, "hold", A1, 1 }, { 0, "held", A1, 1 }, { 500, "done", A1, 0 },
	{ 500, "add", A2, 0 }, { 500, "wait", NULL, 0 }, { 500, "take", A2, 0 },
	{ 500, "done", A2, 0 }, { 500, "add", A3, 0 }, { 500, "take", A3, 0 },
	{ 0, NULL, NULL, 0 } };

/* Two at once begin a pause apart, and the third a pause behind the first that ends. */
static const struct step two_and_a_pause[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "add", A3, 0 }, { 0, "take", A1, 0 }, { 0, "none", NULL, 0 },
	{ 0, "wait", NULL, 100 }, { 99, "none", NULL, 0 }, { 100, "take", A2, 0 },
	{ 100, "none", NULL, 0 }, { 100, "wait", NULL, -1 }, { 150, "done", A1, 0 },
	{ 150, "wait", NULL, 100 }, { 249, "none", NULL, 0 }, { 250, "take", A3, 0 },
	{ 0, NULL, NULL, 0 } };

/* Who waits for the end of a pause already keeps that place when a request ends. */
static const struct step ends_in_a_pause[] = { { 0, "add", A1, 0 }, { 0, "add", A2, 0 },
	{ 0, "take", A1, 0 }, { 50, "done", A1, 0 }, { 50, "wait", NULL, 50 },
	{ 100, "take", A2, 0 }, { 120, "done", A2, 0 }, { 130, "add", A3, 0 },
	{ 130, "wait", NULL, 90 }, { 220, "take", A3, 0 }, { 0, NULL, NULL, 0 } };

/* Files are not of one host. */
static const struct step held_file[] = { { 0, "add", F1, 0 }, { 0, "take", F1, 0 },
	{ 0, "hold", F1, 60 }, { 0, "held", F1, 0 }, { 0, NULL, NULL, 0 } };

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
	run_script("two and a pause", 2, 100, two_and_a_pause);
	run_script("an end in a pause", 2, 100, ends_in_a_pause);
	run_script("files have no limit", 1, 100, files);
	run_script("a held host", 1, 100, held);
	run_script("held and at once", 1, 100, held_at_once);
	run_script("files are not held", 1, 100, held_file);
}

/* A thousand hosts, three requests each: every one comes out, none before its time. */
static void
many_hosts(void **state)
{
	enum { HOSTS = 1000, EACH = 3, PAUSE = 1000 };
	static char urls[HOSTS * EACH][40];
	struct host_queue *h = host_queue_new(1, PAUSE);
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

		while (host_queue_take(h, now, &request, &host)) {
			host_queue_done(h, host, now + taken % 7);
			taken++;
		}
		assert_int_equal(taken, HOSTS);
		assert_int_equal(host_queue_waiting(h), HOSTS * (EACH - 1 - round));
		now += PAUSE + 7;
	}
	assert_false(host_queue_take(h, now, &request, &host));
	host_queue_free(h);
}

/* Pauses that end in another order than they began: each host comes in its millisecond. */
static void
pauses_end_in_their_order(void **state)
{
	enum { HOSTS = 9, PAUSE = 100 };
	static const int ends[][HOSTS] = { { 0, 1, 2, 3, 4, 5, 6, 7, 8 },
		{ 8, 7, 6, 5, 4, 3, 2, 1, 0 }, { 4, 8, 2, 6, 0, 7, 1, 5, 3 },
		{ 1, 0, 8, 3, 2, 7, 5, 4, 6 }, { 5, 1, 7, 0, 2, 8, 6, 3, 4 } };

	(void)state;
	for (size_t order = 0; order < sizeof(ends) / sizeof(ends[0]); order++) {
		struct host_queue *h = host_queue_new(1, PAUSE);
		struct host *hosts[HOSTS];
		struct http_request request;
		struct host *host = NULL;
		char urls[HOSTS][40];

		for (int i = 0; i < HOSTS; i++) {
			(void)snprintf(urls[i], sizeof(urls[i]), "http://h%d.example/",
			    i);
			add(h, urls[i], 0);
			add(h, urls[i], 0);
			assert_true(host_queue_take(h, 0, &request, &hosts[i]));
			assert_string_equal(request.url, urls[i]);
		}
		for (int i = 0; i < HOSTS; i++)
			host_queue_done(h, hosts[i], ends[order][i]);
		for (int n = 0; n < HOSTS; n++) {
			const int64_t at = PAUSE + n;

			assert_false(host_queue_take(h, at - 1, &request, &host));
			assert_int_equal(host_queue_wait_ms(h, at - 1), 1);
			assert_int_equal(host_queue_wait_ms(h, at), 0);
			assert_true(host_queue_take(h, at, &request, &host));
			assert_int_equal(ends[order][request.url[8] - '0'], n);
			assert_int_equal(host_queue_waiting(h), HOSTS - 1 - n);
		}
		assert_int_equal(host_queue_wait_ms(h, 10000), -1);
		host_queue_free(h);
	}
}

/* Of thirty-one in each order that steps through a circle the next is always the first to end. */
static void
many_pauses_end_in_their_order(void **state)
{
	enum { HOSTS = 31, PAUSE = 100 };

	(void)state;
	for (int step = 1; step < HOSTS; step++) {
		struct host_queue *h = host_queue_new(1, PAUSE);
		struct host *hosts[HOSTS];
		struct http_request request;
		struct host *host = NULL;
		char urls[HOSTS][40];

		for (int i = 0; i < HOSTS; i++) {
			(void)snprintf(urls[i], sizeof(urls[i]), "http://h%d.example/",
			    i * step % HOSTS);
			add(h, urls[i], 0);
			add(h, urls[i], 0);
			assert_true(host_queue_take(h, 0, &request, &hosts[i]));
		}
		for (int i = 0; i < HOSTS; i++)
			host_queue_done(h, hosts[i], i * step % HOSTS);
		for (int n = 0; n < HOSTS; n++) {
			assert_true(host_queue_take(h, PAUSE + n, &request, &host));
			assert_int_equal(strtol(request.url + 8, NULL, 10), n);
			assert_false(host_queue_take(h, PAUSE + n, &request, &host));
		}
		host_queue_free(h);
	}
}

static void
abandoned_lines_are_freed(void **state)
{
	struct host_queue *h = host_queue_new(1, 0);

	(void)state;
	add(h, A1, 0);
	add(h, A2, 0);
	host_queue_free(h);
	host_queue_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines),
		cmocka_unit_test(many_hosts), cmocka_unit_test(pauses_end_in_their_order),
		cmocka_unit_test(many_pauses_end_in_their_order),
		cmocka_unit_test(abandoned_lines_are_freed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
