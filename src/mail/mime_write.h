/* SPDX-License-Identifier: ISC */
/*
 * The structure of a message body, written by libetpan.  Its encoders break bodies and its
 * boundaries can be guessed, so bodies are encoded before and boundaries are given.
 */
#ifndef MAIL_MIME_WRITE_H
#define MAIL_MIME_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum mime_encoding { MIME_7BIT, MIME_QUOTED, MIME_BASE64 };

struct mime_part {
	const char *type; /* "text/plain"; the charset is UTF-8 */
	enum mime_encoding encoding;
	const struct buf *body; /* encoded, CRLF */
};

/* A picture that another part shows: its Content-ID stands there as "cid:ID" (RFC 2392). */
struct mime_picture {
	const char *type;       /* "image/png" */
	const char *id;         /* without brackets */
	const char *name;       /* of the file */
	const struct buf *body; /* base64, CRLF */
};

/*
 * Appends the body of a multipart/alternative (RFC 2046 5.1.4): poorest part first.  Pictures
 * stand with the last part in a multipart/related (RFC 2387), under the other boundary.
 */
struct mime_letter {
	const char *boundary;
	const struct mime_part *parts;
	size_t count;
	const char *related_boundary;
	const struct mime_picture *pictures;
	size_t picture_count;
};
bool mime_write_alternative(struct buf *out, const struct mime_letter *letter,
    struct err *err) MUST_CHECK;

#endif
