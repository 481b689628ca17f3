/* SPDX-License-Identifier: ISC */
/* Keys that letters are signed with: the only file with OpenSSL, whose RSA is fourfold as fast. */
#ifndef MAIL_DKIM_KEY_H
#define MAIL_DKIM_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum dkim_algorithm {
	DKIM_RSA_SHA256,    /* RFC 6376 3.3.2 */
	DKIM_ED25519_SHA256 /* RFC 8463 */
};
enum { DKIM_SIGNATURE_MAX = 1024, DKIM_KEY_FILE_MAX = 16 * 1024 };

struct dkim_key;

/*
 * A private key in PEM, without a passphrase: RSA of 1024 to 4096 bits (RFC 8301 3.2), or
 * Ed25519.  Owned by the caller.  NULL, with ERR_CONFIG, for anything else.
 */
struct dkim_key *dkim_key_read(const char *pem, size_t len, struct err *err) MUST_CHECK;
/* Accepts NULL. */
void dkim_key_free(struct dkim_key *k);
/* Appends a new private key in PEM: RSA of 2048 bits, or Ed25519.  ERR_SYSTEM. */
bool dkim_key_make(enum dkim_algorithm algorithm, struct buf *pem,
    struct err *err) MUST_CHECK;

enum dkim_algorithm dkim_key_algorithm(const struct dkim_key *k);
/* Appends what p= of its DNS record holds, in base64 (RFC 6376 3.6.1, RFC 8463 4). */
bool dkim_key_add_public(const struct dkim_key *k, struct buf *out) MUST_CHECK;
/* Signs a digest of SHA-256.  A key is used by one thread at a time. */
bool dkim_key_sign(const struct dkim_key *k, const unsigned char digest[HASH_SIZE],
    unsigned char signature[DKIM_SIGNATURE_MAX], size_t *len) MUST_CHECK;

#endif
