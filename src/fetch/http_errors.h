/* SPDX-License-Identifier: ISC */
/* What people read when a feed could not be fetched.  Private to fetch/. */
#ifndef FETCH_HTTP_ERRORS_H
#define FETCH_HTTP_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/http.h"

enum { SENTENCE_MAX = 200 };

struct symptoms {
	int error_number;  /* errno of the connection; 0 = not known */
	long certificate;  /* GnuTLS's status bits; 0 when another library is below */
	const char *words; /* what libcurl wrote */
	bool connected;
	bool answered; /* a status line came */
	const struct http_settings *settings;
};

/* The sentence for a failure, static or in room (SENTENCE_MAX bytes). */
const char *sentence_for(enum http_failure failure, const struct symptoms *s, char *room);

#endif
