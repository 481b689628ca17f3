/* SPDX-License-Identifier: ISC */
/*
 * The header fields of requests.  libcurl 7.88 writes each byte of a request through a call of
 * its own, and those of CURLOPT_USERAGENT and CURLOPT_ACCEPT_ENCODING twice: what all requests
 * say stands in one list that is made once.
 */
#ifndef FETCH_REQUEST_FIELDS_H
#define FETCH_REQUEST_FIELDS_H

#include <stdbool.h>

#include <curl/curl.h>

#include "fetch/http.h"

enum { REQUEST_FIELD_MAX = 1024 }; /* longer validators are not sent, name included */

/* Of all requests; owned. */
struct shared_fields {
	const char *user_agent; /* borrowed */
	struct curl_slist *accept;
	struct curl_slist *whole; /* with the user agent and what may be packed */
};
/* Of one; the nodes live here, as long as its transfer is on its way. */
struct request_fields {
	struct curl_slist validators[2];
	char text[2][REQUEST_FIELD_MAX];
	struct curl_slist *own; /* of the feed alone; owned */
	bool is_conditional;    /* a validator is sent */
};

/* False when there is no memory; what was made is to be closed then, too. */
bool shared_fields_open(struct shared_fields *s, const char *user_agent);
void shared_fields_close(struct shared_fields *s);
/*
 * Has easy send what the request wants.  is_direct: no proxy is in between; a proxy that makes a
 * tunnel is told the user agent, which libcurl takes from its own option.
 */
void request_fields_set(struct request_fields *f, const struct shared_fields *shared,
    const struct http_request *request, bool is_direct, CURL *easy);
void request_fields_clear(struct request_fields *f);

#endif
