/* SPDX-License-Identifier: ISC */
/*
 * How one feed is reached, what is taken of a body that is cut off, and where an answer may not
 * lead, against tests/servers/httpd.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/log.h"
#include "fetch/http.h"
#include "fetch/private_networks.h"

#include "unit/heard_log.h"
#include "unit/web_server.h"

/* Tuesday 24 November 2026, 06:30:11 UTC */
static const int64_t NOW = 1795501811;

static struct server plain;

struct errand {
	struct http_request request;
	bool asked, done;
	enum http_failure failure;
	long status;
	int64_t max_age;
	int64_t packed_hash;
	bool is_known;
	char message[200], cut[200], body[4000];
	size_t len;
};

static bool
next_request(void *arg, struct http_request *request)
{
	struct errand *e = arg;

	if (e->asked)
		return false;
	e->asked = true;
	*request = e->request;
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

	(void)request;
	e->done = true;
	e->failure = response->failure;
	e->status = response->status;
	e->max_age = response->max_age;
	e->packed_hash = response->packed_hash;
	e->is_known = response->is_known;
	e->len = response->len;
	copy(e->message, sizeof(e->message), response->message);
	copy(e->cut, sizeof(e->cut), response->cut);
	copy(e->body, sizeof(e->body), response->body);
}

static struct http_settings
usual(void)
{
	return (struct http_settings){ .parallel = 2,
		.per_host = 2,
		.timeout_ms = 5000,
		.max_bytes = 65536,
		.max_redirects = 5,
		.max_in_flight = 1 << 20,
		.user_agent = "planetpost/test",
		.proxy = "none",
		.allow_private = true };
}

/* path: of our server, or a whole address. */
static struct errand
ask(const struct http_settings *s, const struct http_request *like, const char *path)
{
	struct errand e = { .request = *like };
	const struct http_client client = { next_request, take_answer, NULL, &e };
	struct err err = ERR_INIT;
	char url[400];

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", plain.port, path);
	e.request.url = *path == '/' ? url : path;
	if (!http_run(s, &client, NOW, &err))
		fail_msg("http_run: %s", err.text);
	if (!e.done)
		fail_msg("%s: no answer", path);
	e.request.url = NULL;
	return e;
}

static void
same(const char *name, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s %s, want %s", name, what, got, want);
}

static void
same_int(const char *name, const char *what, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: got %s %lld, want %lld", name, what, (long long)got,
		    (long long)want);
}

/* ---- cut bodies ---- */

static void
what_came_of_a_cut_body_is_taken_when_wanted(void **state)
{
	static const struct {
		const char *path;
		size_t len;
		const char *cut;
	} table[] = { { "/one-more", 65536, "larger than 65536 bytes (fetch.max_bytes)" },
		{ "/announced", 1, "the connection closed before the end" },
		{ "/truncated", 4, "the connection closed before the end" },
		{ "/exact", 65536, "(none)" }, { "/feed", 60, "(none)" },
		{ "/endless", 65536, "larger than 65536 bytes (fetch.max_bytes)" } };
	const struct http_settings s = usual();
	const struct http_request part = { .takes_part = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct errand e = ask(&s, &part, table[i].path);

		same(table[i].path, "message", e.message, "");
		same_int(table[i].path, "failure", e.failure, HTTP_OK);
		same_int(table[i].path, "status", e.status, 200);
		same_int(table[i].path, "bytes", (int64_t)e.len, (int64_t)table[i].len);
		same(table[i].path, "cut", e.cut, table[i].cut);
	}
}

/* Twenty megabytes of zeros: what fits under the ceiling, and no more. */
static void
of_a_packed_body_what_fits_is_taken(void **state)
{
	const struct http_settings s = usual();
	const struct http_request part = { .takes_part = true };
	struct errand e = ask(&s, &part, "/bomb");

	(void)state;
	same_int("bomb", "failure", e.failure, HTTP_OK);
	same("bomb", "cut", e.cut, "larger than 65536 bytes (fetch.max_bytes)");
	assert_in_range(e.len, 1, 65536);
	e = ask(&s, &part, "/torn-gzip-feed");
	same("torn", "cut", e.cut, "the connection closed before the end");
	same_int("torn", "failure", e.failure, HTTP_OK);
	assert_memory_equal(e.body, "<rss", 4);
	/* Packed bytes that came whole and are damaged are no document. */
	e = ask(&s, &part, "/torn-gzip");
	same_int("damaged", "failure", e.failure, HTTP_OTHER);
	same("damaged", "message", e.message, "the compressed answer is damaged");
}

static void
an_empty_body_that_is_cut_is_a_failure(void **state)
{
	const struct http_settings s = usual();
	const struct http_request part = { .takes_part = true };
	const struct errand e = ask(&s, &part, "/announced-nothing");

	(void)state;
	same_int("nothing", "failure", e.failure, HTTP_OTHER);
	same("nothing", "message", e.message, "the connection closed before the end");
}

/* What ends otherwise than by the ceiling or by its end is no part, but a failure. */
static void
a_body_that_fields_follow_without_end_is_a_failure(void **state)
{
	const struct http_settings s = usual();
	const struct http_request part = { .takes_part = true };
	const struct errand e = ask(&s, &part, "/endless-trailer");

	(void)state;
	same_int("trailer", "failure", e.failure, HTTP_TOO_LARGE);
	same("trailer", "message", e.message, "the answer's header does not end");
	same("trailer", "cut", e.cut, "(none)");
	same_int("trailer", "bytes", (int64_t)e.len, 0);
}

/* A packed answer is known by its bytes, and by all that tells how they are read. */
static void
a_packed_answer_that_is_known_is_not_unpacked(void **state)
{
	static const struct {
		const char *wish;
		bool is_known, has_hash;
		const char *cut;
	} table[] = { { "nothing", true, true, "(none)" },
		{ "document", false, true, "(none)" }, { "level", false, true, "(none)" },
		{ "charset", false, true, "(none)" }, { "name", false, true, "(none)" },
		{ "coding", false, true, "(none)" },
		{ "length", false, false, "the connection closed before the end" } };
	const struct http_settings s = usual();
	struct http_request r = { .takes_part = true };
	const struct errand first = ask(&s, &r, "/packed");

	(void)state;
	assert_true(first.packed_hash != 0 && !first.is_known);
	assert_memory_equal(first.body, "<rss", 4);
	r.packed_hash = first.packed_hash;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char fields[40];
		struct errand e;

		(void)snprintf(fields, sizeof(fields), "X-Wish: %s", table[i].wish);
		r.fields = fields;
		e = ask(&s, &r, "/packed");
		same_int(table[i].wish, "failure", e.failure, HTTP_OK);
		same_int(table[i].wish, "known", e.is_known, table[i].is_known);
		same_int(table[i].wish, "hash", e.packed_hash != 0, table[i].has_hash);
		same(table[i].wish, "cut", e.cut, table[i].cut);
		same(table[i].wish, "body", e.len > 4 ? "there" : e.body,
		    table[i].is_known ? "" : "there");
	}
	r.fields = NULL;
	assert_false(ask(&s, &r, "/packed?elsewhere").is_known);
	/* What is not packed has no such hash, and none is that of nothing. */
	assert_true(ask(&s, &r, "/feed").packed_hash == 0);
	assert_false(ask(&s, &(struct http_request){ 0 }, "/feed").is_known);
}

/* ---- what a request says of us ---- */

static void
who_asks_is_said_once(void **state)
{
	static const struct {
		const char *name, *proxy, *user_agent, *fields, *want;
	} table[] = { { "usual", "none", NULL, NULL, "planetpost/test" },
		{ "no proxy in the environment", "env", NULL, NULL, "planetpost/test" },
		{ "of the feed", "none", "own/1", NULL, "own/1" },
		{ "of the feed, by a field", "none", NULL, "User-Agent: field/1",
		    "field/1" },
		{ "other fields", "none", NULL, "X-Key: abc", "planetpost/test" },
		{ "both", "none", "own/1", "User-Agent: field/1", "field/1" },
		{ "usual again", "none", NULL, NULL, "planetpost/test" } };
	struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct http_request r = { .user_agent = table[i].user_agent,
			.fields = table[i].fields };
		char want[100];
		struct errand e;

		s.proxy = table[i].proxy;
		e = ask(&s, &r, "/echo");
		(void)snprintf(want, sizeof(want), "\"user-agent\": \"%s\"",
		    table[i].want);
		same(table[i].name, "agent", strstr(e.body, want) ? want : e.body, want);
		(void)snprintf(want, sizeof(want), "\"accept-encoding\": \"gzip\"");
		same(table[i].name, "encoding", strstr(e.body, want) ? want : e.body,
		    want);
	}
}

static void
no_user_agent_is_said_when_there_is_none(void **state)
{
	static const char *const NONE[] = { NULL, "" };
	struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NONE); i++) {
		s.user_agent = NONE[i];
		assert_null(strstr(ask(&s, &(struct http_request){ 0 }, "/echo").body,
		    "user-agent"));
	}
}

/* ---- one feed's own way ---- */

static void
a_feed_has_fields_of_its_own(void **state)
{
	const struct http_settings s = usual();
	const struct http_request own = { .fields =
					      "X-Key: abc\nAuthorization: Bearer t" };
	const struct errand e = ask(&s, &own, "/echo");

	(void)state;
	assert_non_null(strstr(e.body, "\"x-key\": \"abc\""));
	assert_non_null(strstr(e.body, "\"authorization\": \"Bearer t\""));
	assert_non_null(strstr(e.body, "application/atom+xml"));
	assert_null(strstr(ask(&s, &(struct http_request){ 0 }, "/echo").body, "x-key"));
}

static void
a_feed_has_a_time_of_its_own(void **state)
{
	struct http_settings s = usual();
	const struct http_request quick = { .timeout_ms = 200 };
	const struct http_request patient = { .timeout_ms = 5000 };

	(void)state;
	same("quick", "message", ask(&s, &quick, "/slow/1500/1").message,
	    "no answer within 200 ms");
	s.timeout_ms = 200;
	same_int("patient", "status", ask(&s, &patient, "/slow/600/2").status, 200);
}

/* Our server is no proxy, but it answers what it is asked: the whole address. */
static void
a_feed_has_a_proxy_of_its_own(void **state)
{
	struct http_settings s = usual();
	char proxy[100];
	struct http_request own = { .proxy = proxy };

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain.port);
	s.allow_private = false;
	same_int("proxy", "status", ask(&s, &own, "http://feeds.invalid/feed").status,
	    404);
	same_int("none", "failure",
	    ask(&s, &(struct http_request){ 0 }, "http://feeds.invalid/feed").failure,
	    HTTP_NO_HOST);
}

static void
paths_are_sent_in_ascii(void **state)
{
	static const struct {
		const char *path, *want;
	} table[] = { { "/path/caf\xc3\xa9", "/path/caf%C3%A9" },
		{ "/path/a%20b", "/path/a%20b" }, { "/path/a b", "/path/a%20b" },
		{ "/path/?q=\xe2\x82\xac", "/path/?q=%E2%82%AC" },
		{ "/path/\xff", "/path/%FF" }, { "/path/!~\x7f", "/path/!~%7F" } };
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		same(table[i].path, "path",
		    ask(&s, &(struct http_request){ 0 }, table[i].path).body,
		    table[i].want);
}

static void
expires_counts_without_max_age(void **state)
{
	const struct http_settings s = usual();
	const struct http_request r = { 0 };

	(void)state;
	same_int("Expires", "max_age", ask(&s, &r, "/expires").max_age, 7200);
	same_int("Expires beside max-age", "max_age", ask(&s, &r, "/expires-2").max_age,
	    60);
	same_int("Expires: 0", "max_age", ask(&s, &r, "/expires-0").max_age, 0);
}

/* ---- where it may not lead ---- */

static void
hosts_that_are_private_by_their_name(void **state)
{
	static const char *const private[] = { "127.0.0.1", "127.1", "0x7f.1",
		"2130706433", "017700000001", "10.0.0.1", "[::1]", "::1",
		"[::ffff:10.0.0.1]", "localhost", "LOCALHOST.", "a.localhost",
		"169.254.169.254", "0", "127.0.0.1." };
	static const char *const public[] = { "example.org", "8.8.8.8", "notlocalhost",
		"localhost.example.org", "[2606:4700::1111]", "", "10.example.org" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(private); i++)
		if (!private_networks_has_host(private[i]))
			fail_msg("%s is taken for public", private[i]);
	for (size_t i = 0; i < ARRAY_LEN(public); i++)
		if (private_networks_has_host(public[i]))
			fail_msg("%s is taken for private", public[i]);
}

/* What dials is the proxy, and its own network is as private as ours. */
static void
private_addresses_are_refused_behind_a_proxy(void **state)
{
	static const char *const urls[] = { "http://127.0.0.1/", "http://localhost/x",
		"http://[::1]/", "http://2130706433/", "http://0x7f.1/",
		"http://169.254.169.254/latest/", "http://user@10.0.0.1:8080/",
		"http://\xef\xbc\x91\xef\xbc\x90.0.0.1/", "http://1%30.0.0.1/",
		"http://feeds.invalid/to-private", "http://feeds.invalid/to-localhost",
		"http://feeds.invalid/to-other-scheme-less" };
	struct http_settings s = usual();
	char proxy[100];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain.port);
	s.proxy = proxy;
	s.allow_private = false;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		const struct errand e = ask(&s, &(struct http_request){ 0 }, urls[i]);

		same(urls[i], "message", e.message,
		    "private address (fetch.allow_private = no)");
		same_int(urls[i], "failure", e.failure, HTTP_PRIVATE);
	}
}

/* An address beside an answer that is no redirect leads nowhere. */
static void
only_redirects_lead_elsewhere(void **state)
{
	static const long answers[] = { 299, 400 };
	static const long redirects[] = { 300, 399 };
	struct http_settings s = usual();
	char proxy[100];
	char url[100];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", plain.port);
	s.proxy = proxy;
	s.allow_private = false;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		(void)snprintf(url, sizeof(url), "http://feeds.invalid/to-private-%ld",
		    answers[i]);
		same_int(url, "status", ask(&s, &(struct http_request){ 0 }, url).status,
		    answers[i]);
		(void)snprintf(url, sizeof(url), "http://feeds.invalid/to-private-%ld",
		    redirects[i]);
		same_int(url, "failure",
		    ask(&s, &(struct http_request){ 0 }, url).failure, HTTP_PRIVATE);
	}
}

static void
a_redirect_is_no_longer_than_an_address(void **state)
{
	const struct http_settings s = usual();
	const struct errand e = ask(&s, &(struct http_request){ 0 }, "/to-far-away");

	(void)state;
	same_int("60 kB", "failure", e.failure, HTTP_REDIRECTS);
	same("60 kB", "message", e.message, "redirect to an address that is too long");
}

static int
start(void **state)
{
	(void)state;
	return start_server(&plain, NULL, NULL) ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	stop_server(&plain);
	return 0;
}

/* Nobody listens where a redirect leads: that is no fault of the redirect's. */
static void
a_redirect_to_nobody_finds_no_connection(void **state)
{
	const struct http_settings s = usual();
	const struct errand e = ask(&s, &(struct http_request){ 0 }, "/to-localhost");

	(void)state;
	same_int("to nobody", "failure", e.failure, HTTP_NO_CONNECT);
	same("to nobody", "message", e.message, "no connection: connection refused");
	same_int("to nobody", "max-age", e.max_age, -1);
}

/* A name of this machine that is no number leads home too, and is seen when it is dialled. */
static void
names_that_lead_home_are_refused(void **state)
{
	struct http_settings s = usual();
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char name[200] = "";
	char url[300];
	bool leads_home = true;
	struct errand e;

	(void)state;
	if (gethostname(name, sizeof(name) - 1) != 0 || private_networks_has_host(name) ||
	    getaddrinfo(name, NULL, &hints, &found) != 0)
		skip();
	for (const struct addrinfo *a = found; a; a = a->ai_next)
		leads_home = leads_home && private_networks_has(a->ai_addr);
	freeaddrinfo(found);
	if (!leads_home)
		skip();
	(void)snprintf(url, sizeof(url), "http://%s:%d/feed", name, plain.port);
	s.allow_private = false;
	e = ask(&s, &(struct http_request){ 0 }, url);
	same_int(url, "failure", e.failure, HTTP_PRIVATE);
	same(url, "message", e.message, "private address (fetch.allow_private = no)");
}

/* What is not even asked says nothing of its age. */
static void
what_is_not_asked_has_no_age(void **state)
{
	struct http_settings s = usual();
	struct errand e;

	(void)state;
	s.allow_private = false;
	e = ask(&s, &(struct http_request){ 0 }, "/feed");
	same_int("private", "failure", e.failure, HTTP_PRIVATE);
	same_int("private", "status", e.status, 0);
	same_int("private", "max-age", e.max_age, -1);
	same("private", "body", e.body, "");
}

/* One connection waits to be taken by nobody; the next, or the one after it, finds no room. */
static void
who_takes_nobody_is_told_from_who_does_not_answer(void **state)
{
	struct http_settings s = usual();
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct errand e = { .failure = HTTP_OK };
	char url[100];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/feed", ntohs(at.sin_port));
	s.timeout_ms = 80;
	e = ask(&s, &(struct http_request){ 0 }, url);
	same_int("in the line", "failure", e.failure, HTTP_TIMEOUT);
	same("in the line", "message", e.message, "no answer within 80 ms");
	for (int i = 0; i < 5 && strcmp(e.message, "no answer within 80 ms") == 0; i++)
		e = ask(&s, &(struct http_request){ 0 }, url);
	same_int("the line is full", "failure", e.failure, HTTP_TIMEOUT);
	same("the line is full", "message", e.message, "no connection within 80 ms");
	(void)close(fd);
}

/* With -vv the header of a request and of its answer, each behind its mark. */
static void
a_conversation_can_be_logged(void **state)
{
	const struct http_settings s = usual();
	struct heard_log heard;
	const char *got = NULL;

	(void)state;
	heard_log_begin(&heard, LOG_LEVEL_WIRE);
	(void)ask(&s, &(struct http_request){ .fields = "Authorization: x" }, "/feed");
	got = heard_log_end(&heard);
	assert_memory_equal(got, "wire fetch: > GET /feed HTTP/1.1\n", 33);
	assert_non_null(strstr(got, "\nwire fetch: > User-Agent: planetpost/test\n"));
	assert_non_null(strstr(got, "\nwire fetch: > Authorization: (not shown)\n"));
	assert_non_null(strstr(got, "\nwire fetch: < HTTP/1.1 200 OK\n"));
	assert_null(strstr(got, "<rss"));
	assert_null(strstr(got, "< GET"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_redirect_to_nobody_finds_no_connection),
		cmocka_unit_test(names_that_lead_home_are_refused),
		cmocka_unit_test(what_is_not_asked_has_no_age),
		cmocka_unit_test(who_takes_nobody_is_told_from_who_does_not_answer),
		cmocka_unit_test(a_conversation_can_be_logged),
		cmocka_unit_test(what_came_of_a_cut_body_is_taken_when_wanted),
		cmocka_unit_test(of_a_packed_body_what_fits_is_taken),
		cmocka_unit_test(an_empty_body_that_is_cut_is_a_failure),
		cmocka_unit_test(a_packed_answer_that_is_known_is_not_unpacked),
		cmocka_unit_test(who_asks_is_said_once),
		cmocka_unit_test(no_user_agent_is_said_when_there_is_none),
		cmocka_unit_test(a_feed_has_fields_of_its_own),
		cmocka_unit_test(a_feed_has_a_time_of_its_own),
		cmocka_unit_test(a_feed_has_a_proxy_of_its_own),
		cmocka_unit_test(paths_are_sent_in_ascii),
		cmocka_unit_test(expires_counts_without_max_age),
		cmocka_unit_test(hosts_that_are_private_by_their_name),
		cmocka_unit_test(private_addresses_are_refused_behind_a_proxy),
		cmocka_unit_test(only_redirects_lead_elsewhere),
		cmocka_unit_test(a_body_that_fields_follow_without_end_is_a_failure),
		cmocka_unit_test(a_redirect_is_no_longer_than_an_address),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
