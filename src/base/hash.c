/* SPDX-License-Identifier: ISC */
#include "base/hash.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base32_digits[] = "abcdefghijklmnopqrstuvwxyz234567";

/*
 * SHA-256 of memory fails only in a FIPS build whose self-test failed, randomness only without
 * a kernel source.  A token made of leftovers in memory could be guessed, so the program ends.
 */
static void
must_work(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "planetpost: %s: %s\n", what, gnutls_strerror(rc));
	abort();
}

void
hash_sha256(const void *bytes, size_t len, unsigned char out[HASH_SIZE])
{
	must_work(gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, len, out), "sha-256");
}

void
hash_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
    unsigned char out[HASH_SIZE])
{
	must_work(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, key_len, bytes, len, out),
	    "hmac");
}

struct hash_key {
	gnutls_hmac_hd_t state;
};

struct hash_key *
hash_key_new(const unsigned char key[HASH_SIZE])
{
	struct hash_key *k = xcalloc(1, sizeof(*k));

	must_work(gnutls_hmac_init(&k->state, GNUTLS_MAC_SHA256, key, HASH_SIZE), "hmac");
	return k;
}

void
hash_key_free(struct hash_key *k)
{
	if (!k)
		return;
	gnutls_hmac_deinit(k->state, NULL);
	free(k);
}

void
hash_keyed(struct hash_key *k, const void *bytes, size_t len,
    unsigned char out[HASH_SIZE])
{
	must_work(gnutls_hmac(k->state, bytes, len), "hmac");
	/* What it was told is forgotten with this, the key is not. */
	gnutls_hmac_output(k->state, out);
}

void
hash_hex(const unsigned char *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++) {
		*out++ = hex_digits[bytes[i] >> 4];
		*out++ = hex_digits[bytes[i] & 15];
	}
	*out = '\0';
}

/* Little-endian on every machine, since fingerprints are stored. */
static uint64_t
load64(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
	    (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* The finishing steps of MurmurHash3: every bit of h reaches every bit of the result. */
static uint64_t
final_mix(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h;
}

uint64_t
hash_64(const void *bytes, size_t len, uint64_t seed)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	const unsigned char *p = bytes;
	const size_t total = len;
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ final_mix(seed);

	/* The shift carries what the multiplication moved up back to the low bits; without it
	 * FNV-1a in steps of eight bytes would lose the high ones. */
	for (; len >= 8; len -= 8, p += 8) {
		h = (h ^ load64(p)) * prime;
		h ^= h >> 29;
	}
	for (; len > 0; len--, p++)
		h = (h ^ *p) * prime;
	return final_mix(h ^ total);
}

void
hash_base32(const unsigned char *bytes, size_t len, char *out)
{
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		held += 8;
		while (held >= 5) {
			held -= 5;
			*out++ = base32_digits[bits >> held & 31];
		}
	}
	if (held > 0)
		*out++ = base32_digits[bits << (5 - held) & 31];
	*out = '\0';
}

static int
base32_value(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool
hash_base32_decode(const char *text, unsigned char *out, size_t size, size_t *len)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;

	*len = 0;
	for (; *text != '\0'; text++) {
		const int digit = base32_value(*text);

		if (digit < 0)
			return false;
		bits = bits << 5 | (uint32_t)digit;
		held += 5;
		if (held < 8)
			continue;
		held -= 8;
		if (n == size)
			return false;
		out[n++] = (unsigned char)(bits >> held & 255);
	}
	/* A digit too many holds no byte, and bits beyond the last byte must be zero: one text
	 * per token but for its case, so that nobody makes a second spelling of it. */
	if (held >= 5 || (bits & ((1u << held) - 1)) != 0)
		return false;
	*len = n;
	return true;
}

bool
hash_equal(const void *a, const void *b, size_t len)
{
	return gnutls_memcmp(a, b, len) == 0;
}

static void
fill_system(struct random_source *r, void *out, size_t len)
{
	(void)r;
	must_work(gnutls_rnd(GNUTLS_RND_KEY, out, len), "random bytes");
}

static void
fill_seeded(struct random_source *r, void *out, size_t len)
{
	unsigned char *p = out;

	while (len > 0) {
		unsigned char in[HASH_SIZE + 8];
		unsigned char block[HASH_SIZE];
		size_t n = len < sizeof(block) ? len : sizeof(block);

		memcpy(in, r->seed, HASH_SIZE);
		for (unsigned i = 0; i < 8; i++)
			in[HASH_SIZE + i] = (unsigned char)(r->counter >> (8 * i) & 255);
		hash_sha256(in, sizeof(in), block);
		r->counter++;
		memcpy(p, block, n);
		p += n;
		len -= n;
	}
}

void
random_system(struct random_source *r)
{
	*r = (struct random_source){ .fill = fill_system };
}

void
random_seeded(struct random_source *r, const char *seed)
{
	*r = (struct random_source){ .fill = fill_seeded };
	hash_sha256(seed, strlen(seed), r->seed);
}

void
random_fill(struct random_source *r, void *out, size_t len)
{
	r->fill(r, out, len);
}
