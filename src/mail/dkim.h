/* SPDX-License-Identifier: ISC */
/*
 * DKIM signatures of our letters (RFC 6376): relaxed/relaxed, From signed once more than it is
 * there, so that nobody adds another, both fields of the way to leave among those that are
 * signed (RFC 8058 4).  What is signed is read from the letter's bytes, which stay as they are:
 * the signature is a field that goes in front.
 */
#ifndef MAIL_DKIM_H
#define MAIL_DKIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "mail/dkim_key.h"

enum { DKIM_KEYS_MAX = 4 };

/* Who signs; a letter gets one field for each key. */
struct dkim_signer {
	const char *domain; /* d=, in A-labels */
	struct {
		const char *selector; /* s= */
		struct dkim_key *key;
	} keys[DKIM_KEYS_MAX];
	size_t count;
};

/*
 * Appends the DKIM-Signature fields, each with its CRLF, of a letter with CRLF line ends, signed
 * at an instant.  scratch: memory that is used again, with a ceiling above the letter's size.
 * Keys are used by one thread at a time.  ERR_LIMIT when a ceiling is met, ERR_SYSTEM when the
 * key cannot sign.
 */
bool dkim_sign(const struct dkim_signer *s, const char *letter, size_t len, int64_t at,
    struct buf *scratch, struct buf *out, struct err *err) MUST_CHECK;

/* A selector: labels of letters, digits and hyphens with dots between, 63 octets at most. */
bool dkim_selector_is_one(const char *selector);
/*
 * Appends the value of the TXT record at SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=...".
 * False when the key has no public half.
 */
bool dkim_record(const struct dkim_key *key, struct buf *out) MUST_CHECK;

#endif
