/* SPDX-License-Identifier: ISC */
/*
 * Many HTTP(S) requests side by side: the only room of libcurl.  Conditional requests,
 * decompression with a ceiling on what comes out, at most per_host at once and a pause between
 * two requests to one host, private networks refused at the socket, certificates verified.
 *
 * Pull and push: next() is asked for a request whenever there is room, done() gets each
 * answer.  Bodies in flight are bounded by max_in_flight bytes: next() is not asked above it.
 */
#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct http_settings {
	int64_t parallel;
	int64_t per_host;
	int64_t host_pause_ms;
	int64_t timeout_ms; /* whole transfer */
	int64_t max_bytes;  /* after decompression */
	int64_t max_redirects;
	int64_t max_in_flight; /* bytes of bodies held at once */
	const char *user_agent;
	const char *proxy;  /* "env", "none" or an address */
	bool allow_private; /* private, loopback, link-local, CGNAT ... addresses */
	bool allow_files;   /* file: addresses */
};

struct http_request {
	const char *url;           /* borrowed until done() */
	const char *etag;          /* sent verbatim as If-None-Match; NULL = none */
	const char *last_modified; /* sent verbatim as If-Modified-Since; NULL = none */
	const char *user_agent;    /* NULL = that of the settings */
	const char *proxy;         /* as in the settings; NULL = that of the settings */
	const char *fields;  /* more header fields, "Name: value", one a line; or NULL */
	int64_t timeout_ms;  /* 0 = that of the settings */
	int64_t packed_hash; /* of the packed answer that is known; 0 = of none */
	bool takes_part;     /* of a body that is cut off, what came is an answer */
	void *owner;         /* the caller's */
};

enum http_failure {
	HTTP_OK,         /* an HTTP answer came, whatever its status */
	HTTP_NO_HOST,    /* the name does not exist */
	HTTP_NO_CONNECT, /* refused, unreachable */
	HTTP_TLS,        /* certificate or handshake */
	HTTP_TIMEOUT,
	HTTP_TOO_LARGE,
	HTTP_PRIVATE,   /* a private address, and allow_private is no */
	HTTP_REDIRECTS, /* too many, or to a scheme that is not fetched */
	HTTP_HELD,      /* not asked: its host said "wait" to another; see retry_after */
	HTTP_OTHER
};

/* All borrowed, valid during done() only. */
struct http_response {
	enum http_failure failure;
	const char *message; /* for people: "TLS: certificate expired"; "" when none */
	long status;         /* 200, 304, 404 ...; 0 without an answer; file: gives 200 */
	const char *url;     /* after redirects, without user and password */
	const char *
	    moved_to; /* when every hop was 301 or 308: the new address, as url; else NULL */
	const char *content_type;
	const char *etag;
	const char *last_modified;
	int64_t
	    retry_after; /* seconds from now, -1 when not said (date forms resolved) */
	int64_t max_age; /* Cache-Control max-age, else Expires; -1 when not said */
	int64_t ms;      /* from the start of the request to the end of the answer */
	const char *body;
	size_t len;
	int64_t
	    packed_hash; /* of a packed body that came whole, as http_body_hash(); else 0 */
	bool is_known;   /* its hash is the request's: body is "", it was not unpacked */
	const char *cut; /* why the body ends before its end, for people; else NULL */
};

/* With all that it borrows in a. */
struct http_response http_response_copy(struct arena *a,
    const struct http_response *response);

struct http_client {
	/* False = there is nothing more.  May be called from inside http_run only. */
	bool (*next)(void *arg, struct http_request *request);
	void (*done)(void *arg, const struct http_request *request,
	    const struct http_response *response);
	/* Asked between events: true stops asking next() and abandons what is in flight. */
	bool (*stop)(void *arg);
	void *arg;
};

/* now: for Retry-After dates.  False only when libcurl itself cannot start. */
bool http_run(const struct http_settings *settings, const struct http_client *client,
    int64_t now, struct err *err) MUST_CHECK;

#endif
