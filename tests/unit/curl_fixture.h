/* SPDX-License-Identifier: ISC */
/*
 * libcurl, which is listened to and told what to say, and a server in the same program: each
 * connection is a peer that says what a test wants, byte by byte, while curl_pool.c works.
 */
#ifndef TESTS_CURL_FIXTURE_H
#define TESTS_CURL_FIXTURE_H

#ifndef _GNU_SOURCE
#error "RTLD_NEXT is wanted: _GNU_SOURCE before the first header"
#endif

#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/limits.h"
#include "fetch/curl_pool.h"

/* Tuesday 24 November 2026, 06:30:11 UTC */
static const int64_t NOW = 1795501811;

/* ---- libcurl, which is listened to, and told what to answer ---- */

static struct {
	char options[8000]; /* NAME=value, one a line */
	size_t len;
	char *words;    /* where it writes what went wrong */
	unsigned masks; /* 1 << mask of each event of a socket */
	bool rang_with_events;
} seen;

static struct {
	bool ends; /* a transfer with that code, and with those words */
	CURLcode code;
	const char *words;
	curl_off_t connected_us; /* -1: as it was */
	const char *fails;       /* the call that fails */
} told;

#define LIBRARYS(function, name) \
	do { \
		void *found_ = dlsym(RTLD_NEXT, name); \
		memcpy(&(function), &found_, sizeof(function)); \
	} while (0)

static bool
shall_fail(const char *name)
{
	return told.fails && strcmp(told.fails, name) == 0;
}

static void
note_option(CURLoption option, const char *value)
{
	const struct curl_easyoption *known = curl_easy_option_by_id(option);
	const int n = snprintf(seen.options + seen.len, sizeof(seen.options) - seen.len,
	    "%s=%s\n", known->name, value);

	assert_true(n > 0 && (size_t)n < sizeof(seen.options) - seen.len);
	seen.len += (size_t)n;
}

#undef curl_easy_setopt
CURLcode
curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	static CURLcode (*library)(CURL *, CURLoption, ...);
	const struct curl_easyoption *known = curl_easy_option_by_id(option);
	CURLcode code = CURLE_OK;
	char number[24];
	va_list ap;

	if (!library)
		LIBRARYS(library, "curl_easy_setopt");
	va_start(ap, option);
	if (option < CURLOPTTYPE_OBJECTPOINT) {
		const long n = va_arg(ap, long);

		(void)snprintf(number, sizeof(number), "%ld", n);
		note_option(option, number);
		code = library(easy, option, n);
	} else {
		void *p = va_arg(ap, void *);

		if (known->type == CURLOT_STRING)
			note_option(option, p ? p : "(none)");
		if (option == CURLOPT_ERRORBUFFER)
			seen.words = p;
		code = library(easy, option, p);
	}
	va_end(ap);
	return code;
}

#undef curl_easy_getinfo
CURLcode
curl_easy_getinfo(CURL *easy, CURLINFO what, ...)
{
	static CURLcode (*library)(CURL *, CURLINFO, ...);
	void *value = NULL;
	va_list ap;

	if (!library)
		LIBRARYS(library, "curl_easy_getinfo");
	va_start(ap, what);
	value = va_arg(ap, void *);
	va_end(ap);
	if (what == CURLINFO_TOTAL_TIME_T)
		*(curl_off_t *)value = 1999999;
	else if (what == CURLINFO_CONNECT_TIME_T && told.connected_us >= 0)
		*(curl_off_t *)value = told.connected_us;
	else
		return library(easy, what, value);
	return CURLE_OK;
}

CURLMsg *
curl_multi_info_read(CURLM *multi, int *left)
{
	static CURLMsg *(*library)(CURLM *, int *);
	CURLMsg *message = NULL;

	if (!library)
		LIBRARYS(library, "curl_multi_info_read");
	message = library(multi, left);
	if (message && told.ends) {
		message->data.result = told.code;
		(void)snprintf(seen.words, CURL_ERROR_SIZE, "%s", told.words);
	}
	return message;
}

CURLMcode
curl_multi_socket_action(CURLM *multi, curl_socket_t fd, int mask, int *running)
{
	static CURLMcode (*library)(CURLM *, curl_socket_t, int, int *);

	if (!library)
		LIBRARYS(library, "curl_multi_socket_action");
	if (fd == CURL_SOCKET_TIMEOUT)
		seen.rang_with_events = seen.rang_with_events || mask != 0;
	else
		seen.masks |= 1u << mask;
	return library(multi, fd, mask, running);
}

CURLcode
curl_global_init(long flags)
{
	static CURLcode (*library)(long);

	if (shall_fail("curl_global_init"))
		return CURLE_FAILED_INIT;
	if (!library)
		LIBRARYS(library, "curl_global_init");
	return library(flags);
}

CURLM *
curl_multi_init(void)
{
	static CURLM *(*library)(void);

	if (shall_fail("curl_multi_init"))
		return NULL;
	if (!library)
		LIBRARYS(library, "curl_multi_init");
	return library();
}

struct curl_slist *
curl_slist_append(struct curl_slist *list, const char *text)
{
	static struct curl_slist *(*library)(struct curl_slist *, const char *);

	if (shall_fail("curl_slist_append"))
		return NULL;
	if (!library)
		LIBRARYS(library, "curl_slist_append");
	return library(list, text);
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

/* wanted: "NAME=value". */
static void
expect_option(const char *name, const char *wanted)
{
	char line[3000];

	(void)snprintf(line, sizeof(line), "\n%s\n", wanted);
	if (!strstr(seen.options, line))
		fail_msg("%s: want %s of\n%s", name, wanted, seen.options);
}

/* ---- the server: each connection is a peer, in the order they come ---- */

enum { PEERS = 6, QUIET = 15 };

struct peer {
	int fd; /* -1: nobody */
	struct buf say;
	size_t said;
	bool closes; /* when all is said */
	char asked[4000];
	size_t asked_len;
};

static struct {
	int listener;
	int port;
	struct peer peers[PEERS];
	size_t count;
} server;

static int
start(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	(void)state;
	server.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(server.listener, (struct sockaddr *)&at, len) != 0 ||
	    listen(server.listener, PEERS) != 0 ||
	    getsockname(server.listener, (struct sockaddr *)&at, &len) != 0)
		return -1;
	server.port = ntohs(at.sin_port);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	return close(server.listener);
}

static void
hang_up(struct peer *p)
{
	if (p->fd >= 0)
		(void)close(p->fd);
	p->fd = -1;
}

/* Nobody is there, nothing was seen, and libcurl answers for itself. */
static int
anew(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	memset(&told, 0, sizeof(told));
	told.connected_us = -1;
	seen.options[seen.len++] = '\n';
	server.count = 0;
	for (size_t i = 0; i < PEERS; i++) {
		memset(&server.peers[i], 0, sizeof(server.peers[i]));
		server.peers[i].fd = -1;
		buf_init(&server.peers[i].say, 1 << 20);
	}
	return 0;
}

static int
done(void **state)
{
	(void)state;
	for (size_t i = 0; i < PEERS; i++) {
		hang_up(&server.peers[i]);
		buf_clear(&server.peers[i].say);
	}
	return 0;
}

/* The same for the next row of a table. */
static void
next_row(void)
{
	(void)done(NULL);
	(void)anew(NULL);
}

/* True when something happened. */
static bool
serve_one(struct peer *p)
{
	ssize_t n = 0;

	if (p->fd < 0)
		return false;
	n = recv(p->fd, p->asked + p->asked_len, sizeof(p->asked) - 1 - p->asked_len,
	    MSG_DONTWAIT);
	if (n > 0)
		p->asked_len += (size_t)n;
	if (!strstr(p->asked, "\r\n\r\n"))
		return n > 0;
	n = p->said < p->say.len ? send(p->fd, p->say.data + p->said,
				       p->say.len - p->said, MSG_DONTWAIT | MSG_NOSIGNAL)
				 : 0;
	if (n > 0)
		p->said += (size_t)n;
	if (p->said == p->say.len && p->closes)
		hang_up(p);
	return n > 0;
}

static bool
serve(void)
{
	const int fd = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC);
	bool did = fd >= 0;

	if (fd >= 0) {
		assert_in_range(server.count, 0, PEERS - 1);
		server.peers[server.count++].fd = fd;
	}
	for (size_t i = 0; i < server.count; i++)
		did = serve_one(&server.peers[i]) || did;
	return did;
}

/* ---- the client ---- */

struct result {
	bool is_done, is_put_back;
	enum http_failure failure;
	long status;
	int64_t retry_after, max_age, ms, packed_hash;
	bool is_known;
	char asked[100];
	char message[200], url[LIMIT_URL + 100], moved_to[200], cut[200], body[400];
	size_t len;
};

static void
copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from ? from : "(none)");
}

static void
finished(void *arg, const struct http_request *request, void *tag,
    const struct http_response *response)
{
	struct result *r = tag;

	(void)arg;
	(void)request;
	assert_false(r->is_done);
	r->is_done = true;
	r->is_put_back = response == NULL;
	if (!response)
		return;
	r->failure = response->failure;
	r->status = response->status;
	r->retry_after = response->retry_after;
	r->max_age = response->max_age;
	r->ms = response->ms;
	r->packed_hash = response->packed_hash;
	r->is_known = response->is_known;
	r->len = response->len;
	copy(r->message, sizeof(r->message), response->message);
	copy(r->url, sizeof(r->url), response->url);
	copy(r->moved_to, sizeof(r->moved_to), response->moved_to);
	copy(r->cut, sizeof(r->cut), response->cut);
	copy(r->body, sizeof(r->body), response->body);
}

/* Until it is answered, or nothing happens any more. */
static void
go_on(struct curl_pool *pool, const struct result *r)
{
	for (int quiet = 0; !r->is_done && quiet < QUIET; quiet++) {
		if (serve())
			quiet = 0;
		curl_pool_step(pool, 1, finished, NULL);
	}
}

static struct http_settings
usual(void)
{
	return (struct http_settings){ .parallel = 2,
		.per_host = 2,
		.timeout_ms = 5000,
		.max_bytes = 100,
		.max_redirects = 5,
		.max_in_flight = 1000,
		.user_agent = "planetpost/test",
		.proxy = "none",
		.allow_private = true };
}

static struct curl_pool *
open_pool(const struct http_settings *s)
{
	struct err err = ERR_INIT;
	struct curl_pool *pool = curl_pool_open(s, NOW, &err);

	if (!pool)
		fail_msg("no pool: %s", err.text);
	return pool;
}

/* A request like that for "/" of the server. */
static void
ask(struct curl_pool *pool, const struct http_request *like, struct result *r)
{
	struct http_request request = *like;

	memset(r, 0, sizeof(*r));
	(void)snprintf(r->asked, sizeof(r->asked), "http://127.0.0.1:%d/", server.port);
	if (!request.url)
		request.url = r->asked;
	curl_pool_start(pool, &request, r);
	go_on(pool, r);
}

static void
say(size_t peer, const char *text)
{
	buf_adds(&server.peers[peer].say, text);
}

static void
say_many(size_t peer, char c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addc(&server.peers[peer].say, c);
	assert_false(buf_is_full(&server.peers[peer].say));
}

/* One request by one pool; the first peer's words are there. */
static struct result
ask_once(const struct http_settings *s, const struct http_request *like)
{
	struct curl_pool *pool = open_pool(s);
	struct result r;

	ask(pool, like, &r);
	curl_pool_close(pool);
	return r;
}

static const struct http_request PLAIN = { .url = NULL };
static const struct http_request PART = { .takes_part = true };

#endif
