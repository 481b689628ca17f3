/* SPDX-License-Identifier: ISC */
/* What people read when a feed could not be fetched. */
#ifndef FETCH_HTTP_ERRORS_H
#define FETCH_HTTP_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/http.h"

enum { HTTP_ERROR_MAX = 200 };

struct http_symptoms {
	int error_number;  /* errno of the connection; 0 = not known */
	long certificate;  /* GnuTLS's status bits; 0 when another library is below */
	const char *words; /* what libcurl wrote */
	bool connected;
	bool answered;      /* a status line came */
	bool stalled;       /* it was too long without a byte */
	int64_t timeout_ms; /* of the whole request */
	const struct http_settings *settings;
};

/* The sentence for a failure, static or in room (HTTP_ERROR_MAX bytes). */
const char *http_error_sentence(enum http_failure failure, const struct http_symptoms *s,
    char *room);
/* "404 Not Found": a status with its reason phrase, static; "" when not known. */
const char *http_reason(long status);

#endif
