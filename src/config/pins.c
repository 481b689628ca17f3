/* SPDX-License-Identifier: ISC */
#include "config/pins.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "format/mime_encoding.h"

enum { BASE64_LEN = 44, HEX_LEN = 2 * HASH_SIZE };

static const char blanks[] = " \t\n";

/* Colons stand between octets, as openssl prints them, or nowhere. */
static bool
parse_hex(const char *text, size_t len, unsigned char out[HASH_SIZE])
{
	const size_t step = len == HEX_LEN ? 2 : 3;

	if (len != HEX_LEN && len != HEX_LEN + HASH_SIZE - 1)
		return false;
	for (size_t i = 0; i < HASH_SIZE; i++) {
		const int high = ascii_hex_value(text[i * step]);
		const int low = ascii_hex_value(text[i * step + 1]);

		if (high < 0 || low < 0 ||
		    (step == 3 && i > 0 && text[i * step - 1] != ':'))
			return false;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

static bool
parse_base64(const char *text, size_t len, unsigned char out[HASH_SIZE])
{
	struct buf b = BUF_INIT(BASE64_LEN);
	const bool ok =
	    len == BASE64_LEN && mime_base64_decode(&b, text, len) && b.len == HASH_SIZE;

	if (ok)
		memcpy(out, b.data, HASH_SIZE);
	buf_clear(&b);
	return ok;
}

static bool
parse_one(const char *text, size_t len, unsigned char out[HASH_SIZE])
{
	static const char *const fronts[] = { "sha256:", "sha256//" };

	for (size_t i = 0; i < ARRAY_LEN(fronts); i++) {
		const size_t front = strlen(fronts[i]);

		if (len > front && ascii_starts_nocase(text, fronts[i])) {
			text += front;
			len -= front;
			break;
		}
	}
	return parse_hex(text, len, out) || parse_base64(text, len, out);
}

bool
pins_parse(const char *text, struct pins *out)
{
	*out = (struct pins){ .count = 0 };
	text += strspn(text, blanks);
	while (*text != '\0') {
		const size_t len = strcspn(text, blanks);

		if (out->count == LIMIT_PINS ||
		    !parse_one(text, len, out->list[out->count]))
			return false;
		out->count++;
		text += len;
		text += strspn(text, blanks);
	}
	return true;
}
