/* SPDX-License-Identifier: ISC */
#include "format/compress.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

enum { CHUNK = 16384 };

enum {
	GZIP = 16,
	MEMORY = 8, /* zlib's default */
	/* What is packed once for each wish of a reader: letters in a third of the time of
	   zlib's default, a tenth larger. */
	LEVEL_QUICK = 2
};

static bool
deflate_all(const char *text, size_t len, int level, int window, struct buf *out,
    struct err *err)
{
	unsigned char chunk[CHUNK];
	z_stream z;
	int status = Z_OK;

	memset(&z, 0, sizeof(z));
	if (len > UINT_MAX ||
	    deflateInit2(&z, level, Z_DEFLATED, window, MEMORY, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		return err_set(err, ERR_SYSTEM, "zlib cannot start");
	/* zlib promises not to change what it reads; its prototype cannot say so. */
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (unsigned)len;
	while (status == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		status = deflate(&z, Z_FINISH);
		buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)deflateEnd(&z);
	if (status != Z_STREAM_END)
		return err_set(err, ERR_SYSTEM, "zlib: %s", z.msg ? z.msg : "failed");
	if (buf_is_full(out))
		return err_set(err, ERR_LIMIT, "more than %zu compressed bytes",
		    out->max);
	return true;
}

bool
compress_text(const char *text, size_t len, struct buf *out, struct err *err)
{
	return deflate_all(text, len, LEVEL_QUICK, MAX_WBITS, out, err);
}

bool
compress_gzip(const char *text, size_t len, struct buf *out, struct err *err)
{
	return deflate_all(text, len, Z_DEFAULT_COMPRESSION, MAX_WBITS + GZIP, out, err);
}

enum packing
packing_of(const char *bytes, size_t len)
{
	const unsigned char *b = (const unsigned char *)bytes;

	if (len >= 3 && b[0] == 0x1F && b[1] == 0x8B && b[2] == 8)
		return PACKED_GZIP;
	/* Method 8, a window of 32 kB at most, and a check of both bytes. */
	if (len >= 2 && (b[0] & 0x0F) == 8 && b[0] >> 4 <= 7 &&
	    (b[0] << 8 | b[1]) % 31 == 0)
		return PACKED_ZLIB;
	return PACKED_NOT;
}

/* A file of gzip is a row of members (RFC 1952 2.2). */
static bool
has_next_member(const z_stream *z, enum packing packing)
{
	return packing == PACKED_GZIP &&
	    packing_of((const char *)z->next_in, z->avail_in) == PACKED_GZIP;
}

/*
 * Appends what was packed to out, until that is full.  *is_whole: its end was reached, behind
 * which *left bytes stand.
 */
static bool
inflate_all(const char *bytes, size_t len, enum packing packing, struct buf *out,
    bool *is_whole, size_t *left, struct err *err)
{
	const int window = packing == PACKED_DEFLATE ? -MAX_WBITS
	    : packing == PACKED_GZIP                 ? MAX_WBITS + 16
						     : MAX_WBITS;
	unsigned char chunk[CHUNK];
	z_stream z;
	int status = Z_OK;

	memset(&z, 0, sizeof(z));
	if (len > UINT_MAX || inflateInit2(&z, window) != Z_OK)
		return err_set(err, ERR_SYSTEM, "zlib cannot start");
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (unsigned)len;
	while (status == Z_OK && !buf_is_full(out)) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		status = inflate(&z, Z_NO_FLUSH);
		buf_add(out, chunk, sizeof(chunk) - z.avail_out);
		if (status == Z_STREAM_END && has_next_member(&z, packing))
			status = inflateReset(&z);
	}
	(void)inflateEnd(&z);
	*is_whole = status == Z_STREAM_END;
	*left = z.avail_in;
	return true;
}

bool
unpack(const char *bytes, size_t len, enum packing packing, struct buf *out,
    struct err *err)
{
	bool is_whole = false;
	size_t left = 0;

	if (!inflate_all(bytes, len, packing, out, &is_whole, &left, err))
		return false;
	if (buf_is_full(out))
		return err_set(err, ERR_LIMIT, "more than %zu bytes", out->max);
	return is_whole || err_set(err, ERR_INPUT, "packed bytes are damaged");
}

bool
decompress_text(struct arena *a, const char *bytes, size_t len, size_t max,
    const char **out, size_t *out_len, struct err *err)
{
	struct buf text = BUF_INIT(max);
	bool is_whole = false;
	size_t left = 0;

	*out = NULL;
	if (!inflate_all(bytes, len, PACKED_ZLIB, &text, &is_whole, &left, err))
		return false;
	if (buf_is_full(&text)) {
		err_set(err, ERR_LIMIT, "more than %zu bytes of text", max);
	} else if (!is_whole || left > 0) {
		err_set(err, ERR_STORE, "compressed text is damaged");
	} else {
		*out_len = text.len;
		*out = arena_take(a, &text);
	}
	buf_clear(&text);
	return *out != NULL;
}
