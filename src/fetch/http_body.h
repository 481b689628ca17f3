/* SPDX-License-Identifier: ISC */
/* The document inside an answer's bytes, however they were packed, and what it is known by. */
#ifndef FETCH_HTTP_BODY_H
#define FETCH_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "fetch/http.h"

/*
 * What a body is, its bytes say: servers announce gzip for plain text, send gzip and announce
 * nothing, pack twice, or name codings that there are not (RFC 9110 8.4).  Only "deflate" is
 * believed of content_encoding (NULL = none), which has no mark of its own.  *bytes and *len
 * become the document, in body itself or in out, which has the ceiling.  HTTP_TOO_LARGE when
 * it is reached, HTTP_OTHER for packed bytes that are damaged: then they are what came out
 * until there.
 */
enum http_failure http_body_unpack(const char *content_encoding, const char **bytes,
    size_t *len, struct buf *out) MUST_CHECK;

/* Whether http_body_unpack() has anything to do. */
bool http_body_is_packed(const char *content_encoding, const char *bytes,
    size_t len) MUST_CHECK;
/*
 * Of bytes and of what tells how they are read: the values of the answer's Content-Encoding and
 * Content-Type (NULL = none), and its address.  Never 0.
 */
int64_t http_body_hash(const char *content_encoding, const char *content_type,
    const char *url, const char *bytes, size_t len) MUST_CHECK;

#endif
