/* SPDX-License-Identifier: ISC */
/*
 * Transfers one by one: what a limit lets through, how an end is judged, and what libcurl is
 * told.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "format/compress.h"

#include "unit/curl_fixture.h"

/* ---- how much of a body ---- */

/* 256 kB of an error page, and we hang up; what it was is told all the same. */
static void
error_pages_are_read_to_a_limit(void **state)
{
	const struct http_settings s = usual();
	struct curl_pool *pool = open_pool(&s);
	struct result r;

	(void)state;
	say(0, "HTTP/1.1 404 Not Found\r\nContent-Length: 9999999\r\n\r\n");
	say_many(0, 'x', 262144);
	ask(pool, &PLAIN, &r);
	assert_false(r.is_done);
	say(0, "x");
	go_on(pool, &r);
	assert_true(r.is_done);
	same_int("404", "failure", r.failure, HTTP_OK);
	same_int("404", "status", r.status, 404);
	same("404", "body", r.body, "");
	/* The next page is read as far. */
	say(1, "HTTP/1.1 500 No\r\nContent-Length: 9999999\r\n\r\n");
	say_many(1, 'x', 262144);
	ask(pool, &PLAIN, &r);
	assert_false(r.is_done);
	curl_pool_close(pool);
}

/* What is announced as too large is refused with its first byte. */
static void
a_body_is_as_large_as_allowed(void **state)
{
	static const struct {
		const char *name, *header;
		size_t first, then;
		bool takes_part, waits_between;
		enum http_failure failure;
		const char *message, *cut;
		size_t len;
	} table[] = {
		{ "announced, exact", "Content-Length: 100\r\n", 1, 99, false, true,
		    HTTP_OK, "", "(none)", 100 },
		{ "announced, one more", "Content-Length: 101\r\n", 1, 0, false, false,
		    HTTP_TOO_LARGE, "larger than 100 bytes (fetch.max_bytes)", "(none)",
		    0 },
		{ "announced, in part", "Content-Length: 101\r\n", 100, 1, true, true,
		    HTTP_OK, "", "larger than 100 bytes (fetch.max_bytes)", 100 },
		{ "not announced", "", 100, 1, false, true, HTTP_TOO_LARGE,
		    "larger than 100 bytes (fetch.max_bytes)", "(none)", 0 },
		{ "not announced, in part", "", 100, 1, true, true, HTTP_OK, "",
		    "larger than 100 bytes (fetch.max_bytes)", 100 },
		{ "in two large pieces", "", 60, 60, true, true, HTTP_OK, "",
		    "larger than 100 bytes (fetch.max_bytes)", 100 },
	};
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct curl_pool *pool = open_pool(&s);
		struct result r;

		next_row();
		say(0, "HTTP/1.1 200 OK\r\n");
		say(0, table[i].header);
		say(0, "\r\n");
		say_many(0, 'a', table[i].first);
		ask(pool, table[i].takes_part ? &PART : &PLAIN, &r);
		same_int(table[i].name, "waits", !r.is_done, table[i].waits_between);
		say_many(0, 'b', table[i].then);
		go_on(pool, &r);
		same_int(table[i].name, "done", r.is_done, true);
		same_int(table[i].name, "failure", r.failure, table[i].failure);
		same(table[i].name, "message", r.message, table[i].message);
		same(table[i].name, "cut", r.cut, table[i].cut);
		same_int(table[i].name, "bytes", (int64_t)r.len, (int64_t)table[i].len);
		same_int(table[i].name, "a", (int64_t)strspn(r.body, "a"),
		    r.len ? (int64_t)table[i].first : 0);
		same_int(table[i].name, "all", (int64_t)strlen(r.body), (int64_t)r.len);
		curl_pool_close(pool);
	}
}

/* Up to max_in_flight of all bodies; above it the oldest goes on and another is put back. */
static void
bodies_are_held_to_a_limit(void **state)
{
	struct http_settings s = usual();
	struct curl_pool *pool = NULL;
	struct result a, b;

	(void)state;
	s.max_in_flight = 100;
	pool = open_pool(&s);
	assert_true(curl_pool_is_idle(pool));
	say(0, "HTTP/1.1 200 OK\r\n\r\n");
	say_many(0, 'a', 50);
	ask(pool, &PLAIN, &a);
	assert_true(curl_pool_has_room(pool));
	assert_false(curl_pool_is_idle(pool));
	say(1, "HTTP/1.1 200 OK\r\n\r\n");
	say_many(1, 'b', 49);
	ask(pool, &PLAIN, &b);
	/* No handle is left. */
	assert_false(a.is_done || b.is_done || curl_pool_has_room(pool));
	say(1, "b");
	server.peers[1].closes = true;
	go_on(pool, &b);
	assert_true(b.is_done && !b.is_put_back);
	same_int("100 together", "bytes", (int64_t)b.len, 50);
	assert_true(curl_pool_has_room(pool));

	say(2, "HTTP/1.1 200 OK\r\n\r\n");
	say_many(2, 'c', 50);
	ask(pool, &PLAIN, &b);
	assert_false(b.is_done);
	say(2, "c");
	go_on(pool, &b);
	assert_true(b.is_done && b.is_put_back);
	say_many(0, 'a', 49);
	go_on(pool, &a);
	assert_true(curl_pool_has_room(pool));
	say(0, "a");
	go_on(pool, &a);
	/* 100 bytes are held: there is a handle, but no room. */
	assert_false(curl_pool_has_room(pool) || curl_pool_is_idle(pool));
	server.peers[0].closes = true;
	go_on(pool, &a);
	assert_true(a.is_done && !a.is_put_back);
	same_int("the oldest", "bytes", (int64_t)a.len, 100);
	assert_true(curl_pool_has_room(pool) && curl_pool_is_idle(pool));
	curl_pool_close(pool);
}

/* The oldest is let through above the limit; when it has gone, the next oldest is. */
static void
the_oldest_may_pass_the_limit(void **state)
{
	struct http_settings s = usual();
	struct curl_pool *pool = NULL;
	struct result a, b;

	(void)state;
	s.max_in_flight = 60;
	pool = open_pool(&s);
	say(0, "HTTP/1.1 200 OK\r\n\r\n");
	say_many(0, 'a', 30);
	ask(pool, &PLAIN, &a);
	say(1, "HTTP/1.1 200 OK\r\n\r\n");
	say_many(1, 'b', 30);
	ask(pool, &PLAIN, &b);
	say_many(0, 'a', 31);
	go_on(pool, &a);
	assert_false(a.is_done || b.is_done);
	server.peers[0].closes = true;
	go_on(pool, &a);
	same_int("the oldest", "bytes", (int64_t)a.len, 61);
	say_many(1, 'b', 31);
	server.peers[1].closes = true;
	go_on(pool, &b);
	assert_true(b.is_done && !b.is_put_back);
	same_int("the next oldest", "bytes", (int64_t)b.len, 61);
	curl_pool_close(pool);
}

/* 256 kB of fields: the empty line behind them counts, and may be the one that is too much. */
static void
fields_have_a_limit(void **state)
{
	const struct http_settings s = usual();

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct result r;

		next_row();
		say(0, "HTTP/1.1 200 OK\nContent-Length: 2\n");
		for (size_t i = 0; i < 4; i++) {
			say(0, "X: ");
			say_many(0, 'x', i < 3 ? 65532 : 65532 - 35 + more);
			say(0, "\n");
		}
		assert_int_equal(server.peers[0].say.len, 262143 + more);
		say(0, "\nab");
		r = ask_once(&s, &PLAIN);
		same_int("fields", "failure", r.failure, more ? HTTP_TOO_LARGE : HTTP_OK);
		same("fields", "body", r.body, more ? "" : "ab");
		same("fields", "message", r.message,
		    more ? "the answer's header does not end" : "");
	}
}

/* ---- what an answer says ---- */

static void
answers_are_read(void **state)
{
	static const struct {
		const char *name, *answer;
		const char *etag; /* of the request */
		enum http_failure failure;
		long status;
		const char *message, *body;
		int64_t retry_after, max_age;
	} table[] = {
		{ "plain", "200 OK\r\n\r\nhello", NULL, HTTP_OK, 200, "", "hello", -1,
		    -1 },
		{ "changed by a proxy", "203 Other\r\n\r\nhello", NULL, HTTP_OK, 200, "",
		    "hello", -1, -1 },
		{ "no content", "204 No\r\n\r\n", NULL, HTTP_OK, 204, "", "", -1, -1 },
		{ "created", "201 Created\r\n\r\nhello", NULL, HTTP_OK, 201, "", "", -1,
		    -1 },
		{ "not asked", "304 Not\r\n\r\n", NULL, HTTP_OTHER, 304,
		    "the server says \"not modified\" of what it never sent", "", -1,
		    -1 },
		{ "asked", "304 Not\r\n\r\n", "\"v1\"", HTTP_OK, 304, "", "", -1, -1 },
		{ "below 304", "303 See\r\n\r\nx", NULL, HTTP_OK, 303, "", "", -1, -1 },
		{ "above 304", "305 Use\r\n\r\nx", NULL, HTTP_OK, 305, "", "", -1, -1 },
		{ "wait", "503 No\r\nRetry-After: 7\r\nCache-Control: max-age=9\r\n\r\n",
		    NULL, HTTP_OK, 503, "", "", 7, 9 },
		{ "no age at all",
		    "200 OK\r\nCache-Control: max-age=0\r\n"
		    "Expires: Tue, 24 Nov 2026 06:31:11 GMT\r\n\r\n",
		    NULL, HTTP_OK, 200, "", "", -1, 0 },
		{ "expires", "200 OK\r\nExpires: Tue, 24 Nov 2026 06:31:11 GMT\r\n\r\n",
		    NULL, HTTP_OK, 200, "", "", -1, 60 },
	};
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct http_request like = { .etag = table[i].etag };
		struct result r;

		next_row();
		say(0, "HTTP/1.1 ");
		say(0, table[i].answer);
		server.peers[0].closes = true;
		r = ask_once(&s, &like);
		same(table[i].name, "message", r.message, table[i].message);
		same_int(table[i].name, "failure", r.failure, table[i].failure);
		same_int(table[i].name, "status", r.status, table[i].status);
		same(table[i].name, "body", r.body, table[i].body);
		same(table[i].name, "moved_to", r.moved_to, "(none)");
		same_int(table[i].name, "wait", r.retry_after, table[i].retry_after);
		same_int(table[i].name, "age", r.max_age, table[i].max_age);
		same_int(table[i].name, "ms", r.ms, 1999);
	}
}

/* For ever is what all of 301 and 308 say; the fields are those of the last answer. */
static void
addresses_move_when_all_say_so(void **state)
{
	static const struct {
		long first, second;
		bool moves;
	} table[] = { { 301, 0, true }, { 308, 0, true }, { 300, 0, false },
		{ 302, 0, false }, { 303, 0, false }, { 307, 0, false },
		{ 301, 308, true }, { 301, 302, false }, { 307, 301, false } };
	const struct http_settings s = usual();
	struct curl_pool *pool = open_pool(&s);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const long hops[] = { table[i].first, table[i].second };
		char text[300], name[40];
		struct result r;
		size_t n = 0;

		next_row();
		(void)snprintf(name, sizeof(name), "%ld %ld", hops[0], hops[1]);
		for (; n < ARRAY_LEN(hops) && hops[n] != 0; n++) {
			(void)snprintf(text, sizeof(text),
			    "HTTP/1.1 %ld There\r\nLocation: /%zu\r\nRetry-After: 5\r\n"
			    "Connection: close\r\nContent-Length: 0\r\n\r\n",
			    hops[n], n);
			say(n, text);
		}
		say(n,
		    "HTTP/1.1 200 OK\r\nConnection: close\r\n"
		    "Content-Length: 2\r\n\r\nhi");
		ask(pool, &PLAIN, &r);
		same(name, "body", r.body, "hi");
		(void)snprintf(text, sizeof(text), "http://127.0.0.1:%d/%zu", server.port,
		    n - 1);
		same(name, "url", r.url, text);
		same(name, "moved_to", r.moved_to, table[i].moves ? text : "(none)");
		same_int(name, "wait", r.retry_after, -1);
	}
	curl_pool_close(pool);
}

/* What has moved and not changed has moved all the same. */
static void
what_is_not_modified_may_have_moved(void **state)
{
	static const struct http_request asked = { .etag = "\"v1\"" };
	const struct http_settings s = usual();
	struct result r;
	char url[60];

	(void)state;
	say(0,
	    "HTTP/1.1 301 There\r\nLocation: /new\r\nConnection: close\r\n"
	    "Content-Length: 0\r\n\r\n");
	say(1, "HTTP/1.1 304 Not Modified\r\n\r\n");
	r = ask_once(&s, &asked);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/new", server.port);
	same_int("moved", "status", r.status, 304);
	same("moved", "moved_to", r.moved_to, url);
}

/* A file has no status of its own: what is read is a good answer. */
static void
a_file_is_a_good_answer(void **state)
{
	struct http_settings s = usual();
	char path[] = "/tmp/test_curl_pool_XXXXXX";
	const int fd = mkstemp(path);
	char url[60];
	struct result r;

	(void)state;
	assert_true(fd >= 0 && write(fd, "<rss/>", 6) == 6 && close(fd) == 0);
	(void)snprintf(url, sizeof(url), "file://%s", path);
	s.allow_files = true;
	r = ask_once(&s, &(struct http_request){ .url = url });
	(void)unlink(path);
	same_int("file", "failure", r.failure, HTTP_OK);
	same_int("file", "status", r.status, 200);
	same("file", "body", r.body, "<rss/>");
}

/* As long as an address may be, and one more; blanks around it do not count. */
static void
a_redirect_has_a_longest_address(void **state)
{
	const struct http_settings s = usual();

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct result r;
		char begin[100];

		next_row();
		(void)snprintf(begin, sizeof(begin), "http://127.0.0.1:%d/", server.port);
		say(0, "HTTP/1.1 302 There\r\nLocation:   ");
		say(0, begin);
		say_many(0, 'x', LIMIT_URL - strlen(begin) + more);
		say(0, " \r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
		say(1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
		r = ask_once(&s, &PLAIN);
		same_int("far away", "failure", r.failure,
		    more ? HTTP_REDIRECTS : HTTP_OK);
		same("far away", "message", r.message,
		    more ? "redirect to an address that is too long" : "");
		same_int("far away", "url", (int64_t)strlen(r.url),
		    more ? (int64_t)strlen(begin) : LIMIT_URL);
		same("far away", "body", r.body, more ? "" : "hi");
	}
}

/* Where an answer says that something is matters only when it sends us there. */
static void
only_a_redirect_is_too_far_away(void **state)
{
	static const int statuses[] = { 200, 299, 300, 302, 399, 400 };
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		const bool redirects = statuses[i] / 100 == 3;
		struct result r;
		char begin[100];

		next_row();
		(void)snprintf(begin, sizeof(begin),
		    "HTTP/1.1 %d There\r\nLocation: http://127.0.0.1:%d/", statuses[i],
		    server.port);
		say(0, begin);
		say_many(0, 'x', LIMIT_URL);
		say(0, "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
		r = ask_once(&s, &PLAIN);
		same_int("a status", "redirect", r.failure == HTTP_REDIRECTS, redirects);
		same("a status", "message", r.message,
		    redirects ? "redirect to an address that is too long" : "");
	}
}

/* A gzip file of "<rss/>", and one whose stored block of one letter has no end. */
static const char PACKED[] =
    "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xb3)*.\xd6\xb7\x03\0g)(\xbd\x06\0\0\0";
static const char OPEN[] = "\x1f\x8b\x08\0\0\0\0\0\x02\x03\0\x01\0\xfe\xff<";

static void
packed_bodies_are_read(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len, announced;
		bool takes_part;
		enum http_failure failure;
		const char *message, *cut, *body;
		bool has_hash;
	} table[] = {
		{ "whole", PACKED, sizeof(PACKED) - 1, sizeof(PACKED) - 1, false, HTTP_OK,
		    "", "(none)", "<rss/>", true },
		{ "cut off", OPEN, sizeof(OPEN) - 1, sizeof(OPEN), true, HTTP_OK, "",
		    "the connection closed before the end", "<", false },
		{ "cut off, no part wanted", OPEN, sizeof(OPEN) - 1, sizeof(OPEN), false,
		    HTTP_OTHER, "the connection closed before the end", "(none)", "",
		    false },
		{ "damaged", OPEN, sizeof(OPEN) - 1, sizeof(OPEN) - 1, true, HTTP_OTHER,
		    "the compressed answer is damaged", "(none)", "<", true },
		{ "damaged, no part wanted", OPEN, sizeof(OPEN) - 1, sizeof(OPEN) - 1,
		    false, HTTP_OTHER, "the compressed answer is damaged", "(none)", "<",
		    true },
		{ "cut off in front of it", OPEN, sizeof(OPEN) - 2, sizeof(OPEN), true,
		    HTTP_OTHER, "the compressed answer is damaged",
		    "the connection closed before the end", "", false },
	};
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct result r;

		next_row();
		say(0, "HTTP/1.1 200 OK\r\n");
		buf_addf(&server.peers[0].say, "Content-Length: %zu\r\n\r\n",
		    table[i].announced);
		buf_add(&server.peers[0].say, table[i].bytes, table[i].len);
		server.peers[0].closes = true;
		r = ask_once(&s, table[i].takes_part ? &PART : &PLAIN);
		same_int(table[i].name, "failure", r.failure, table[i].failure);
		same(table[i].name, "message", r.message, table[i].message);
		same(table[i].name, "cut", r.cut, table[i].cut);
		same(table[i].name, "body", r.body, table[i].body);
		same_int(table[i].name, "bytes", (int64_t)r.len,
		    (int64_t)strlen(table[i].body));
		same_int(table[i].name, "hash", r.packed_hash != 0, table[i].has_hash);
		same_int(table[i].name, "known", r.is_known, false);
	}
}

/* Of what unpacks to more than is allowed a part is taken if that was asked for. */
static void
what_unpacks_to_too_much_is_cut_off(void **state)
{
	struct http_settings s = usual();
	struct buf packed = BUF_INIT(10000);
	struct err err = ERR_INIT;
	char *large = malloc(200000);

	(void)state;
	s.max_bytes = 100000;
	assert_non_null(large);
	memset(large, 'a', 200000);
	assert_true(compress_gzip(large, 200000, &packed, &err));
	for (int round = 0; round < 2; round++) {
		struct result r;

		next_row();
		buf_addf(&server.peers[0].say,
		    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", packed.len);
		buf_add(&server.peers[0].say, packed.data, packed.len);
		r = ask_once(&s, round == 0 ? &PLAIN : &PART);
		same_int("too much", "failure", r.failure,
		    round == 0 ? HTTP_TOO_LARGE : HTTP_OK);
		same("too much", "message", r.message,
		    round == 0 ? "larger than 100000 bytes (fetch.max_bytes)" : "");
		same("too much", "cut", r.cut,
		    round == 0 ? "(none)" : "larger than 100000 bytes (fetch.max_bytes)");
		assert_in_range(r.len, 1, 100000);
		assert_memory_equal(r.body, large, sizeof(r.body) - 1);
	}
	buf_clear(&packed);
	free(large);
}

/* The hash of the first answer is that of the second, and not that of what is asked third. */
static void
what_is_known_is_not_unpacked(void **state)
{
	const struct http_settings s = usual();
	struct http_request like = { .packed_hash = 0 };
	struct result r;

	(void)state;
	for (int round = 0; round < 3; round++) {
		next_row();
		say(0, "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n");
		buf_add(&server.peers[0].say, PACKED, sizeof(PACKED) - 1);
		like.packed_hash += round == 2;
		r = ask_once(&s, &like);
		same_int("known", "known", r.is_known, round == 1);
		same("known", "body", r.body, round == 1 ? "" : "<rss/>");
		same_int("known", "bytes", (int64_t)r.len, round == 1 ? 0 : 6);
		like.packed_hash = r.packed_hash;
	}
}

/* ---- how an end is judged ---- */

static const struct {
	const char *name;
	CURLcode code;
	const char *words;
	curl_off_t connected_us;
	const char *answer; /* of the server; "": it hangs up */
	enum http_failure failure;
	const char *message;
} ends[] = {
	{ "no host", CURLE_COULDNT_RESOLVE_HOST, "", 0, "", HTTP_NO_HOST,
	    "host name does not exist" },
	{ "no proxy", CURLE_COULDNT_RESOLVE_PROXY, "", 0, "", HTTP_NO_CONNECT,
	    "the proxy's host name does not exist" },
	{ "no connection", CURLE_COULDNT_CONNECT, "", 0, "", HTTP_NO_CONNECT,
	    "no connection" },
	{ "not connected", CURLE_OPERATION_TIMEDOUT, "", 0, "", HTTP_TIMEOUT,
	    "no connection within 5 s" },
	{ "not answered", CURLE_OPERATION_TIMEDOUT, "", 1, "", HTTP_TIMEOUT,
	    "no answer within 5 s" },
	{ "not ended", CURLE_OPERATION_TIMEDOUT, "", 1, "200 OK\r\n\r\nx", HTTP_TIMEOUT,
	    "the answer did not end within 5 s" },
	{ "silent", CURLE_OPERATION_TIMEDOUT, "Operation too slow. Less", 1,
	    "200 OK\r\n\r\nx", HTTP_TIMEOUT,
	    "not a byte more of the answer within 15 s" },
	{ "no certificates", CURLE_SSL_CACERT_BADFILE, "", 1, "", HTTP_TLS,
	    "TLS: this machine's certificates cannot be read" },
	{ "no language", CURLE_SSL_CONNECT_ERROR, "", 1, "", HTTP_TLS,
	    "TLS: no common language with the server" },
	{ "received", CURLE_RECV_ERROR, "", 1, "", HTTP_OTHER, "the connection broke" },
	{ "sent", CURLE_SEND_ERROR, "", 1, "", HTTP_OTHER, "the connection broke" },
	{ "odd", CURLE_WEIRD_SERVER_REPLY, "", 1, "", HTTP_OTHER,
	    "the answer is not HTTP" },
	{ "old", CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when", 1, "", HTTP_OTHER,
	    "the answer is not HTTP" },
	{ "old, elsewhere", CURLE_RECV_ERROR, "Received HTTP/0.9 when", 1, "", HTTP_OTHER,
	    "the connection broke" },
	{ "other kind", CURLE_UNSUPPORTED_PROTOCOL, "Protocol", 1, "", HTTP_OTHER,
	    "addresses of this kind are not fetched" },
	{ "HTTP/2", CURLE_HTTP2, "", 1, "", HTTP_OTHER,
	    "the server broke the rules of HTTP/2" },
	{ "a stream of it", CURLE_HTTP2_STREAM, "", 1, "", HTTP_OTHER,
	    "the server broke the rules of HTTP/2" },
	{ "last of the table", CURLE_FILE_COULDNT_READ_FILE, "", 1, "", HTTP_OTHER,
	    "the file cannot be read" },
	{ "nothing we know", CURLE_BAD_FUNCTION_ARGUMENT, "", 1, "", HTTP_OTHER,
	    "A libcurl function was given a bad argument" },
};

/* What libcurl says is put into words; what we know better goes first. */
static void
ends_are_judged(void **state)
{
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct result r;

		next_row();
		told.ends = true;
		told.code = ends[i].code;
		told.words = ends[i].words;
		told.connected_us = ends[i].connected_us;
		if (*ends[i].answer)
			say(0, "HTTP/1.1 ");
		say(0, ends[i].answer);
		server.peers[0].closes = true;
		r = ask_once(&s, &PLAIN);
		same(ends[i].name, "message", r.message, ends[i].message);
		same_int(ends[i].name, "failure", r.failure, ends[i].failure);
		same_int(ends[i].name, "status", r.status, 0);
		same_int(ends[i].name, "wait", r.retry_after, -1);
		same_int(ends[i].name, "age", r.max_age, -1);
		same(ends[i].name, "body", r.body, "");
	}
}

/* Behind a proxy an answer may lead to a private address: that ends it, but is not all that can. */
static void
what_is_blocked_is_told_by_how_it_ended(void **state)
{
	static const struct {
		CURLcode code;
		enum http_failure failure;
		const char *message;
	} table[] = {
		{ CURLE_WRITE_ERROR, HTTP_PRIVATE,
		    "private address (fetch.allow_private = no)" },
		{ CURLE_COULDNT_CONNECT, HTTP_PRIVATE,
		    "private address (fetch.allow_private = no)" },
		{ CURLE_RECV_ERROR, HTTP_OTHER, "the connection broke" },
	};
	static const struct http_request elsewhere = { .url = "http://feeds.invalid/x" };
	struct http_settings s = usual();
	char proxy[60];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", server.port);
	s.proxy = proxy;
	s.allow_private = false;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct result r;

		next_row();
		told.ends = true;
		told.code = table[i].code;
		told.words = "";
		say(0, "HTTP/1.1 302 There\r\nLocation: http://10.0.0.1/\r\n\r\n");
		r = ask_once(&s, &elsewhere);
		same_int("blocked", "failure", r.failure, table[i].failure);
		same("blocked", "message", r.message, table[i].message);
	}
}

/* A redirect to what is not fetched is told from such an address of a feed. */
static void
a_kind_of_address_that_is_not_fetched(void **state)
{
	const struct http_settings s = usual();
	struct curl_pool *pool = open_pool(&s);
	struct result r;

	(void)state;
	say(0,
	    "HTTP/1.1 302 There\r\nLocation: ftp://127.0.0.1/\r\n"
	    "Content-Length: 0\r\n\r\n");
	ask(pool, &PLAIN, &r);
	same_int("redirect", "failure", r.failure, HTTP_REDIRECTS);
	same("redirect", "message", r.message,
	    "redirect to an address that is neither http nor https");
	ask(pool, &(struct http_request){ .url = "ftp://127.0.0.1/" }, &r);
	same_int("address", "failure", r.failure, HTTP_OTHER);
	same("address", "message", r.message, "addresses of this kind are not fetched");
	curl_pool_close(pool);
}

/* ---- what libcurl is told ---- */

static void
handles_are_set_up(void **state)
{
	static const struct {
		int64_t redirects;
		bool files;
		const char *options[4];
	} table[] = {
		{ 0, false,
		    { "FOLLOWLOCATION=0", "MAXREDIRS=0", "PROTOCOLS_STR=http,https",
			"REDIR_PROTOCOLS_STR=http,https" } },
		{ 1, true,
		    { "FOLLOWLOCATION=1", "MAXREDIRS=1", "PROTOCOLS_STR=http,https,file",
			"REDIR_PROTOCOLS_STR=http,https" } },
		{ 2, false,
		    { "FOLLOWLOCATION=1", "MAXREDIRS=2",
			"COOKIEFILE=", "COOKIELIST=ALL" } },
		{ 2, false,
		    { "NOSIGNAL=1", "HTTP_CONTENT_DECODING=0", "LOW_SPEED_LIMIT=1",
			"LOW_SPEED_TIME=15" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct http_settings s = usual();

		next_row();
		s.max_redirects = table[i].redirects;
		s.allow_files = table[i].files;
		(void)ask_once(&s, &PLAIN);
		for (size_t k = 0; k < ARRAY_LEN(table[i].options); k++)
			expect_option("handle", table[i].options[k]);
	}
}

/* A connection has its own limit, unless all has a shorter one; the feed's is before ours. */
static void
times_are_set(void **state)
{
	static const struct {
		int64_t ours, of_the_feed;
		const char *all, *connect;
	} table[] = { { 5000, 0, "TIMEOUT_MS=5000", "CONNECTTIMEOUT_MS=5000" },
		{ 9999, 0, "TIMEOUT_MS=9999", "CONNECTTIMEOUT_MS=9999" },
		{ 10001, 0, "TIMEOUT_MS=10001", "CONNECTTIMEOUT_MS=10000" },
		{ 5000, 1, "TIMEOUT_MS=1", "CONNECTTIMEOUT_MS=1" },
		{ 5000, 30000, "TIMEOUT_MS=30000", "CONNECTTIMEOUT_MS=10000" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct http_settings s = usual();
		struct curl_pool *pool = NULL;

		next_row();
		s.timeout_ms = table[i].ours;
		pool = open_pool(&s);
		curl_pool_start(pool,
		    &(struct http_request){ .url = "http://127.0.0.1:1/",
			.timeout_ms = table[i].of_the_feed },
		    NULL);
		expect_option(table[i].all, table[i].all);
		expect_option(table[i].all, table[i].connect);
		curl_pool_close(pool);
	}
}

/* Each by its own way, in one pool: libcurl looks for no proxy where there is none. */
static void
proxies_are_set(void **state)
{
	static const struct {
		const char *of_the_feed, *proxy, *no_proxy;
	} table[] = { { NULL, "PROXY=", "NOPROXY=*" },
		{ "http://127.0.0.1:1", "PROXY=http://127.0.0.1:1", "NOPROXY=(none)" },
		{ "http://127.0.0.1:2", "PROXY=http://127.0.0.1:2", "NOPROXY=(none)" },
		{ "none", "PROXY=", "NOPROXY=*" },
		{ "env", "PROXY=(none)", "NOPROXY=*" } };
	struct http_settings s = usual();
	struct curl_pool *pool = NULL;

	(void)state;
	s.parallel = 10;
	pool = open_pool(&s);
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < ARRAY_LEN(table); i++) {
			next_row();
			curl_pool_start(pool,
			    &(struct http_request){ .url = "http://127.0.0.1:3/",
				.proxy = table[i].of_the_feed },
			    NULL);
			expect_option(table[i].proxy, table[i].proxy);
			expect_option(table[i].proxy, table[i].no_proxy);
		}
	curl_pool_close(pool);
}

static void
addresses_are_sent_in_ascii(void **state)
{
	static const struct {
		const char *url, *want;
	} table[] = { { "http://h/a b", "URL=http://h/a%20b" },
		{ "http://h/!~\x7f", "URL=http://h/!~%7F" },
		{ "http://h", "URL=http://h" },
		{ "http://\xc3\xa9/\xc3\xa9", "URL=http://\xc3\xa9/%C3%A9" },
		{ "http://\xc3\xa9?\xc3\xa9", "URL=http://\xc3\xa9?%C3%A9" },
		{ "http://\xc3\xa9#\xc3\xa9", "URL=http://\xc3\xa9#%C3%A9" },
		{ "http://\xc3\xa9\xc3\xa9\xc3\xa9/\xe2\x82\xac",
		    "URL=http://\xc3\xa9\xc3\xa9\xc3\xa9/%E2%82%AC" },
		{ "http:///\xc3", "URL=http:///%C3" },
		{ "\xc3\xa9\xc3", "URL=%C3%A9%C3" } };
	struct http_settings s = usual();
	struct curl_pool *pool = NULL;

	(void)state;
	s.parallel = ARRAY_LEN(table);
	pool = open_pool(&s);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		next_row();
		curl_pool_start(pool, &(struct http_request){ .url = table[i].url },
		    NULL);
		expect_option(table[i].url, table[i].want);
	}
	curl_pool_close(pool);
}

/* Of a socket libcurl is told what is true: that it can be written to, and later be read. */
static void
libcurl_is_told_what_a_socket_can(void **state)
{
	const struct http_settings s = usual();
	struct result r;

	(void)state;
	say(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
	r = ask_once(&s, &PLAIN);
	same("told", "body", r.body, "hi");
	same_int("told", "masks", seen.masks,
	    1 << CURL_CSELECT_OUT | 1 << CURL_CSELECT_IN);
	assert_false(seen.rang_with_events);
}

/* ---- the pool itself ---- */

static void
a_pool_without_libcurl_is_none(void **state)
{
	static const char *const calls[] = { "curl_global_init", "curl_multi_init",
		"curl_slist_append" };
	const struct http_settings s = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		struct err err = ERR_INIT;

		told.fails = calls[i];
		assert_null(curl_pool_open(&s, NOW, &err));
		same(calls[i], "err", err.text, "libcurl cannot start");
		same_int(calls[i], "kind", err.kind, ERR_SYSTEM);
	}
	curl_pool_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(error_pages_are_read_to_a_limit, anew,
		    done),
		cmocka_unit_test_setup_teardown(a_body_is_as_large_as_allowed, anew,
		    done),
		cmocka_unit_test_setup_teardown(bodies_are_held_to_a_limit, anew, done),
		cmocka_unit_test_setup_teardown(the_oldest_may_pass_the_limit, anew,
		    done),
		cmocka_unit_test_setup_teardown(fields_have_a_limit, anew, done),
		cmocka_unit_test_setup_teardown(answers_are_read, anew, done),
		cmocka_unit_test_setup_teardown(addresses_move_when_all_say_so, anew,
		    done),
		cmocka_unit_test_setup_teardown(what_is_not_modified_may_have_moved, anew,
		    done),
		cmocka_unit_test_setup_teardown(a_file_is_a_good_answer, anew, done),
		cmocka_unit_test_setup_teardown(a_redirect_has_a_longest_address, anew,
		    done),
		cmocka_unit_test_setup_teardown(only_a_redirect_is_too_far_away, anew,
		    done),
		cmocka_unit_test_setup_teardown(packed_bodies_are_read, anew, done),
		cmocka_unit_test_setup_teardown(what_unpacks_to_too_much_is_cut_off, anew,
		    done),
		cmocka_unit_test_setup_teardown(what_is_known_is_not_unpacked, anew,
		    done),
		cmocka_unit_test_setup_teardown(ends_are_judged, anew, done),
		cmocka_unit_test_setup_teardown(what_is_blocked_is_told_by_how_it_ended,
		    anew, done),
		cmocka_unit_test_setup_teardown(a_kind_of_address_that_is_not_fetched,
		    anew, done),
		cmocka_unit_test_setup_teardown(handles_are_set_up, anew, done),
		cmocka_unit_test_setup_teardown(times_are_set, anew, done),
		cmocka_unit_test_setup_teardown(proxies_are_set, anew, done),
		cmocka_unit_test_setup_teardown(addresses_are_sent_in_ascii, anew, done),
		cmocka_unit_test_setup_teardown(libcurl_is_told_what_a_socket_can, anew,
		    done),
		cmocka_unit_test_setup_teardown(a_pool_without_libcurl_is_none, anew,
		    done),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
