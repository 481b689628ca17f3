/* SPDX-License-Identifier: ISC */
/*
 * A token carries the reader's id and epoch in the clear (they tell a stranger nothing) and
 * a keyed digest over them, its power and what else it is bound to.  24 bytes make 32
 * characters, so that a header with an address around it fits a line of 78 (RFC 5322 2.1.1).
 */
#include <string.h>

#include "list/list.h"

enum {
	VERSION_BYTE = 1,
	ID_BYTES = 5,
	EPOCH_BYTES = 2,
	MAC_BYTES = 16,
	HEAD_BYTES = 1 + ID_BYTES + EPOCH_BYTES,
	TOKEN_BYTES = HEAD_BYTES + MAC_BYTES
};

static void
put(unsigned char *out, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (unsigned char)(n >> (8 * (bytes - 1 - i)) & 0xff);
}

static uint64_t
get(const unsigned char *in, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | in[i];
	return n;
}

static void
sign(const unsigned char key[HASH_SIZE], enum token_scope scope,
    const unsigned char *head, int64_t extra, unsigned char out[HASH_SIZE])
{
	static const char purpose[] = "planetpost token";
	unsigned char text[sizeof(purpose) + 1 + HEAD_BYTES + 8];

	memcpy(text, purpose, sizeof(purpose));
	text[sizeof(purpose)] = (unsigned char)scope;
	memcpy(text + sizeof(purpose) + 1, head, HEAD_BYTES);
	put(text + sizeof(purpose) + 1 + HEAD_BYTES, (uint64_t)extra, 8);
	hash_hmac(key, HASH_SIZE, text, sizeof(text), out);
}

void
token_make(const unsigned char key[HASH_SIZE], enum token_scope scope, int64_t reader,
    int64_t epoch, int64_t extra, char out[TOKEN_SIZE])
{
	unsigned char bytes[TOKEN_BYTES];
	unsigned char mac[HASH_SIZE];

	bytes[0] = VERSION_BYTE;
	put(bytes + 1, (uint64_t)reader, ID_BYTES);
	put(bytes + 1 + ID_BYTES, (uint64_t)epoch, EPOCH_BYTES);
	sign(key, scope, bytes, extra, mac);
	memcpy(bytes + HEAD_BYTES, mac, MAC_BYTES);
	hash_base64url(bytes, sizeof(bytes), out);
}

bool
token_check(const unsigned char key[HASH_SIZE], enum token_scope scope, const char *text,
    int64_t extra, int64_t *reader, int64_t *epoch)
{
	unsigned char bytes[TOKEN_BYTES];
	unsigned char mac[HASH_SIZE];
	size_t len = 0;

	if (!hash_base64url_decode(text, bytes, sizeof(bytes), &len) ||
	    len != sizeof(bytes))
		return false;
	sign(key, scope, bytes, extra, mac);
	if (bytes[0] != VERSION_BYTE || !hash_equal(bytes + HEAD_BYTES, mac, MAC_BYTES))
		return false;
	*reader = (int64_t)get(bytes + 1, ID_BYTES);
	*epoch = (int64_t)get(bytes + 1 + ID_BYTES, EPOCH_BYTES);
	return true;
}

char *
token_message_id(struct arena *a, const unsigned char key[HASH_SIZE], int64_t issue,
    int64_t reader, const char *domain)
{
	static const char purpose[] = "planetpost message";
	unsigned char text[sizeof(purpose) + 16];
	unsigned char mac[HASH_SIZE];
	char hex[2 * MAC_BYTES + 1];

	memcpy(text, purpose, sizeof(purpose));
	put(text + sizeof(purpose), (uint64_t)issue, 8);
	put(text + sizeof(purpose) + 8, (uint64_t)reader, 8);
	hash_hmac(key, HASH_SIZE, text, sizeof(text), mac);
	hash_hex(mac, MAC_BYTES, hex);
	return arena_printf(a, "%s@%s", hex, domain);
}
