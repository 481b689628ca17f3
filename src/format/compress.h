/* SPDX-License-Identifier: ISC */
/* Text kept small, zlib's format (RFC 1950), and gzip's.  The only room of zlib. */
#ifndef FORMAT_COMPRESS_H
#define FORMAT_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Appends the compressed bytes to out; false when out's ceiling is reached (ERR_LIMIT). */
bool compress_text(const char *text, size_t len, struct buf *out,
    struct err *err) MUST_CHECK;
/* The same as a gzip file (RFC 1952), without a name or a time: the same text, the same bytes. */
bool compress_gzip(const char *text, size_t len, struct buf *out,
    struct err *err) MUST_CHECK;
/*
 * The text again, with a NUL behind it, in a.  ERR_STORE for bytes that are damaged,
 * ERR_LIMIT when more than max bytes come out.
 */
bool decompress_text(struct arena *a, const char *bytes, size_t len, size_t max,
    const char **out, size_t *out_len, struct err *err) MUST_CHECK;

enum packing {
	PACKED_NOT,
	PACKED_GZIP,    /* RFC 1952 */
	PACKED_ZLIB,    /* RFC 1950 */
	PACKED_DEFLATE, /* RFC 1951, without any frame: no bytes tell it */
};

/* What the first bytes say: gzip or zlib, else PACKED_NOT. */
enum packing packing_of(const char *bytes, size_t len);
/*
 * Appends what was packed to out, of gzip every member (RFC 1952 2.2); other bytes behind its
 * end are not looked at.  ERR_INPUT for bytes
 * that are damaged or end too early, ERR_LIMIT when out's ceiling is reached.
 */
bool unpack(const char *bytes, size_t len, enum packing packing, struct buf *out,
    struct err *err) MUST_CHECK;

#endif
