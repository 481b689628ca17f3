/* SPDX-License-Identifier: ISC */
/*
 * Digests of bytes, keyed digests, random bytes: the only file of base/ with GnuTLS.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { HASH_SIZE = 32, HASH_HEX = 65 };

void hash_sha256(const void *bytes, size_t len, unsigned char out[HASH_SIZE]);
void hash_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
    unsigned char out[HASH_SIZE]);
/* The same under one key that is set once, for many: half the time.  Of one thread at a time. */
struct hash_key;
struct hash_key *hash_key_new(const unsigned char key[HASH_SIZE]);
void hash_key_free(struct hash_key *k); /* accepts NULL */
void hash_keyed(struct hash_key *k, const void *bytes, size_t len,
    unsigned char out[HASH_SIZE]);
/* Lower-case hexadecimal; out holds 2 * len + 1 bytes. */
void hash_hex(const unsigned char *bytes, size_t len, char *out);
/* A fast keyless 64-bit hash (FNV-1a with a final mix), for fingerprints, never for secrets. */
uint64_t hash_64(const void *bytes, size_t len, uint64_t seed);
/*
 * Base32 in lower case without padding (RFC 4648 6); out holds (len * 8 + 4) / 5 + 1 bytes.
 * Decoding takes either case, and only text that encoding would have made.
 */
void hash_base32(const unsigned char *bytes, size_t len, char *out);
bool hash_base32_decode(const char *text, unsigned char *out, size_t size,
    size_t *len) MUST_CHECK;
/* Compares in constant time. */
bool hash_equal(const void *a, const void *b, size_t len);

/*
 * Where random bytes come from is an argument, so that the demo and tests are repeatable.
 * random_system uses GnuTLS; random_seeded is SHA-256 in counter mode over a seed.
 */
struct random_source {
	void (*fill)(struct random_source *r, void *out, size_t len);
	unsigned char seed[HASH_SIZE];
	uint64_t counter;
};
void random_system(struct random_source *r);
void random_seeded(struct random_source *r, const char *seed);
void random_fill(struct random_source *r, void *out, size_t len);

#endif
