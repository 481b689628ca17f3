/* SPDX-License-Identifier: ISC */
/*
 * A request and its answer, as the server and CGI hand them over: everything a page may know
 * of who asks.  No cookie, no name of a browser, no address it came from is among it.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

/* A set, so that routes can say which they answer. */
enum web_method {
	WEB_GET = 1, /* HEAD too: whoever sends the answer leaves its body out */
	WEB_POST = 2,
	WEB_OPTIONS = 4,
	WEB_OTHER = 8
};

struct web_request {
	enum web_method method;
	const char *path; /* as it was sent, without the query; nothing is decoded */
	const char *type; /* Content-Type of the body, "" when none */
	const char *body;
	size_t len;
	const char *network; /* address of whoever asks, "" when it is not known */
};

struct web_answer {
	int status;
	const char *type; /* Content-Type */
	struct buf body;
	const char *policy;   /* Content-Security-Policy */
	const char *allow;    /* methods, with 405 and OPTIONS; else NULL */
	int keep_seconds;     /* how long it may be kept by others; 0: never stored */
	int retry_after;      /* seconds, 0 = not said */
	bool hide;            /* no search engine lists it */
	bool wakes;           /* a notice waits: the sender is told when it is recorded */
	const char *download; /* the name of a file to be saved, or NULL */
};

enum web_method web_method_of(const char *name);
/* The fields of an answer besides Content-Type and Content-Length, one after the other. */
void web_answer_fields(const struct web_answer *answer,
    void (*field)(void *arg, const char *name, const char *value), void *arg);
const char *web_status_text(int status);

#endif
