/* SPDX-License-Identifier: ISC */
#include "fetch/http_body.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/limits.h"
#include "format/compress.h"

/* Unpacks *bytes into out, in place of what stands there: of damaged ones what came first. */
static bool
unwrap(enum packing packing, const char **bytes, size_t *len, struct buf *out,
    struct err *err)
{
	struct buf whole = BUF_INIT(out->max);
	const bool ok = unpack(*bytes, *len, packing, &whole, err);

	buf_clear(out);
	*out = whole;
	*bytes = buf_text(out);
	*len = out->len;
	return ok;
}

/* Text that was announced as deflate stays what it is. */
static enum http_failure
try_deflate(const char **bytes, size_t *len, struct buf *out)
{
	const enum packing packing = packing_of(*bytes, *len);
	const char *text = *bytes;
	const size_t text_len = *len;
	struct err err = ERR_INIT;

	if (unwrap(packing == PACKED_NOT ? PACKED_DEFLATE : packing, bytes, len, out,
		&err))
		return HTTP_OK;
	if (err.kind == ERR_LIMIT)
		return HTTP_TOO_LARGE;
	*bytes = text;
	*len = text_len;
	return HTTP_OK;
}

static bool
says_deflate(const char *content_encoding)
{
	return content_encoding && ascii_eq_nocase(content_encoding, "deflate");
}

bool
http_body_is_packed(const char *content_encoding, const char *bytes, size_t len)
{
	return says_deflate(content_encoding) || packing_of(bytes, len) == PACKED_GZIP;
}

int64_t
http_body_hash(const char *content_encoding, const char *content_type, const char *url,
    const char *bytes, size_t len)
{
	uint64_t hash = hash_64(bytes, len, len);

	if (content_encoding)
		hash = hash_64(content_encoding, strlen(content_encoding), ~hash);
	if (content_type)
		hash = hash_64(content_type, strlen(content_type), hash);
	hash = hash_64(url, strlen(url), hash);
	return hash ? (int64_t)hash : 1;
}

enum http_failure
http_body_unpack(const char *content_encoding, const char **bytes, size_t *len,
    struct buf *out)
{
	struct err err = ERR_INIT;

	if (says_deflate(content_encoding))
		return try_deflate(bytes, len, out);
	for (size_t i = 0; i < LIMIT_HTTP_PACKINGS; i++) {
		if (packing_of(*bytes, *len) != PACKED_GZIP)
			break;
		if (!unwrap(PACKED_GZIP, bytes, len, out, &err))
			return err.kind == ERR_LIMIT ? HTTP_TOO_LARGE : HTTP_OTHER;
	}
	return HTTP_OK;
}
