/* SPDX-License-Identifier: ISC */
/*
 * The structure of a message body, written by libetpan.  Its encoders break bodies and its
 * boundaries can be guessed, so bodies are encoded before and boundaries are given.
 */
#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum mime_encoding { MIME_7BIT, MIME_QUOTED, MIME_BASE64 };

struct mime_part {
	const char *type; /* "text/plain"; the charset is UTF-8 */
	enum mime_encoding encoding;
	const struct buf *body; /* encoded, CRLF */
};

/* Appends the body of a multipart/alternative (RFC 2046 5.1.4): poorest part first. */
bool mime_write_alternative(struct buf *out, const char *boundary,
    const struct mime_part *parts, size_t count, struct err *err) MUST_CHECK;

#endif
