/* SPDX-License-Identifier: ISC */
#include "list/token.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

enum {
	TOKEN_VERSION = 1,
	MAC_BYTES = 12,
	HEAD_MAX = 1 + 6 + 3 + 4 + 4, /* the byte, reader, epoch, issue, minute */
	BYTES_MAX = HEAD_MAX + MAC_BYTES
};
static const int64_t reader_limit = INT64_C(1) << 40;
static const int64_t epoch_limit = INT64_C(1) << 21;
static const int64_t issue_limit = INT64_C(1) << 28;
static const int64_t minute_limit = INT64_C(1) << 28;
static const int64_t first_minute = INT64_C(1577836800); /* 2020-01-01 */

/* Seven bits a byte, the lowest first, the high bit on all but the last (LEB128). */
static size_t
put_number(unsigned char *out, int64_t number)
{
	uint64_t rest = (uint64_t)number;
	size_t n = 0;

	for (; rest >= 0x80; rest >>= 7)
		out[n++] = (unsigned char)(rest | 0x80);
	out[n++] = (unsigned char)rest;
	return n;
}

/* False when it does not end in time, is too large, or could be written shorter. */
static bool
get_number(const unsigned char **p, const unsigned char *end, int64_t limit, int64_t *out)
{
	uint64_t number = 0;

	for (unsigned shift = 0; *p < end && shift < 49; shift += 7) {
		const unsigned char byte = *(*p)++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		*out = (int64_t)number;
		return number < (uint64_t)limit && (byte != 0 || shift == 0);
	}
	return false;
}

static void
sign(struct hash_key *key, const unsigned char *head, size_t len,
    unsigned char mac[HASH_SIZE])
{
	static const char purpose[] = "planetpost token";
	unsigned char text[sizeof(purpose) + HEAD_MAX];

	memcpy(text, purpose, sizeof(purpose));
	memcpy(text + sizeof(purpose), head, len);
	hash_keyed(key, text, sizeof(purpose) + len, mac);
}

static bool
holds_time(enum token_scope scope)
{
	return scope == TOKEN_PREFERENCES || scope == TOKEN_ERASE ||
	    scope == TOKEN_ADDRESS;
}

/* Instants outside the range are the nearest one in it. */
static int64_t
minute_of(int64_t t)
{
	const int64_t minute = t < first_minute ? 0 : (t - first_minute) / 60;

	return minute < minute_limit ? minute : minute_limit - 1;
}

void
token_make_keyed(struct hash_key *key, const struct token *t, char out[TOKEN_SIZE])
{
	unsigned char bytes[BYTES_MAX];
	unsigned char mac[HASH_SIZE];
	size_t len = 1;

	assert(t->reader >= 0 && t->reader < reader_limit && t->epoch >= 0 &&
	    t->epoch < epoch_limit && t->issue >= 0 && t->issue < issue_limit);
	bytes[0] = (unsigned char)(TOKEN_VERSION << 4 | (int)t->scope);
	len += put_number(bytes + len, t->reader);
	len += put_number(bytes + len, t->epoch);
	len += put_number(bytes + len, t->issue);
	if (holds_time(t->scope))
		len += put_number(bytes + len, minute_of(t->made));
	sign(key, bytes, len, mac);
	memcpy(bytes + len, mac, MAC_BYTES);
	hash_base32(bytes, len + MAC_BYTES, out);
}

void
token_make(const unsigned char key[HASH_SIZE], const struct token *t,
    char out[TOKEN_SIZE])
{
	struct hash_key *k = hash_key_new(key);

	token_make_keyed(k, t, out);
	hash_key_free(k);
}

bool
token_check(const unsigned char key[HASH_SIZE], enum token_scope scope, const char *text,
    struct token *out)
{
	unsigned char bytes[BYTES_MAX];
	unsigned char mac[HASH_SIZE];
	const unsigned char *p = bytes + 1;
	struct hash_key *k = NULL;
	struct token t = { .scope = scope };
	int64_t minute = 0;
	size_t len = 0;

	if (!hash_base32_decode(text, bytes, sizeof(bytes), &len) || len <= MAC_BYTES)
		return false;
	len -= MAC_BYTES;
	k = hash_key_new(key);
	sign(k, bytes, len, mac);
	hash_key_free(k);
	if (!hash_equal(bytes + len, mac, MAC_BYTES) ||
	    bytes[0] != (TOKEN_VERSION << 4 | (int)scope))
		return false;
	if (!get_number(&p, bytes + len, reader_limit, &t.reader) ||
	    !get_number(&p, bytes + len, epoch_limit, &t.epoch) ||
	    !get_number(&p, bytes + len, issue_limit, &t.issue))
		return false;
	if (holds_time(scope)) {
		if (!get_number(&p, bytes + len, minute_limit, &minute))
			return false;
		t.made = first_minute + minute * 60;
	}
	if (p != bytes + len)
		return false;
	*out = t;
	return true;
}

bool
token_has_run_out(const struct token *t, int64_t now)
{
	if (t->scope == TOKEN_PREFERENCES)
		return now - t->made > LIMIT_PREFERENCES_AGE;
	return t->scope == TOKEN_ERASE && now - t->made > LIMIT_ERASE_AGE;
}

static void
put_fixed(unsigned char out[8], int64_t number)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (unsigned char)((uint64_t)number >> (8 * (7 - i)) & 0xff);
}

char *
token_message_id_keyed(struct arena *a, struct hash_key *key, int64_t issue,
    int64_t reader, int64_t part, const char *domain)
{
	enum { ID_BYTES = 16 };
	static const char purpose[] = "planetpost message";
	unsigned char text[sizeof(purpose) + 24];
	unsigned char mac[HASH_SIZE];
	char hex[2 * ID_BYTES + 1];

	memcpy(text, purpose, sizeof(purpose));
	put_fixed(text + sizeof(purpose), issue);
	put_fixed(text + sizeof(purpose) + 8, reader);
	put_fixed(text + sizeof(purpose) + 16, part);
	hash_keyed(key, text, sizeof(text), mac);
	hash_hex(mac, ID_BYTES, hex);
	return arena_join(a, (const char *const[]){ hex, "@", domain, NULL });
}

char *
token_message_id(struct arena *a, const unsigned char key[HASH_SIZE], int64_t issue,
    int64_t reader, int64_t part, const char *domain)
{
	struct hash_key *k = hash_key_new(key);
	char *id = token_message_id_keyed(a, k, issue, reader, part, domain);

	hash_key_free(k);
	return id;
}

char *
token_boundary(struct arena *a, const unsigned char key[HASH_SIZE], int64_t after,
    int64_t last, int64_t part, const char *text)
{
	enum { WORD_BYTES = 16 };
	static const char purpose[] = "planetpost boundary";
	const size_t text_len = strlen(text);
	const size_t len = sizeof(purpose) + 24 + text_len;
	unsigned char *bytes = arena_alloc(a, len);
	unsigned char mac[HASH_SIZE];
	char hex[2 * WORD_BYTES + 1];

	memcpy(bytes, purpose, sizeof(purpose));
	put_fixed(bytes + sizeof(purpose), after);
	put_fixed(bytes + sizeof(purpose) + 8, last);
	put_fixed(bytes + sizeof(purpose) + 16, part);
	memcpy(bytes + sizeof(purpose) + 24, text, text_len);
	hash_hmac(key, HASH_SIZE, bytes, len, mac);
	hash_hex(mac, WORD_BYTES, hex);
	return arena_strdup(a, hex);
}
