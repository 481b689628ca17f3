/* SPDX-License-Identifier: ISC */
#include "format/compress.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

enum { CHUNK = 16384 };

bool
compress_text(const char *text, size_t len, struct buf *out, struct err *err)
{
	unsigned char chunk[CHUNK];
	z_stream z;
	int status = Z_OK;

	memset(&z, 0, sizeof(z));
	if (len > UINT_MAX || deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK)
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
decompress_text(struct arena *a, const char *bytes, size_t len, size_t max,
    const char **out, size_t *out_len, struct err *err)
{
	unsigned char chunk[CHUNK];
	struct buf text = BUF_INIT(max);
	z_stream z;
	int status = Z_OK;

	*out = NULL;
	memset(&z, 0, sizeof(z));
	if (len > UINT_MAX || inflateInit(&z) != Z_OK)
		return err_set(err, ERR_SYSTEM, "zlib cannot start");
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (unsigned)len;
	while (status == Z_OK && !buf_is_full(&text)) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		status = inflate(&z, Z_NO_FLUSH);
		buf_add(&text, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)inflateEnd(&z);
	if (buf_is_full(&text)) {
		err_set(err, ERR_LIMIT, "more than %zu bytes of text", max);
	} else if (status != Z_STREAM_END || z.avail_in > 0) {
		err_set(err, ERR_STORE, "compressed text is damaged");
	} else {
		*out = arena_strndup(a, buf_text(&text), text.len);
		*out_len = text.len;
	}
	buf_clear(&text);
	return *out != NULL;
}
