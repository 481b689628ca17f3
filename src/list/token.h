/* SPDX-License-Identifier: ISC */
/*
 * Tokens: what stands in the links and envelope senders of one reader's letters, and lets its
 * bearer do one thing.  A token is checked with nothing but itself and the newsletter's key.
 *
 * Form: base32 (RFC 4648 6) in lower case, without padding, of version and scope (a byte),
 * reader, epoch and issue (variable-length numbers), in scopes that run out the minute it was
 * made, and the first 96 bits of HMAC-SHA256 over all of these.  Base32, since mail servers may
 * fold the case of a local part: either case is the same token.  At most TOKEN_MAX characters,
 * 32 to 42 in practice, so that a local part with its prefix stays within the 64 octets of RFC
 * 5321 4.5.3.1.1.
 */
#ifndef LIST_TOKEN_H
#define LIST_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/hash.h"

/* One scope, one power.  The numbers stand in tokens that are out: they never change. */
enum token_scope {
	TOKEN_LEAVE = 1,
	TOKEN_PREFERENCES = 2,
	TOKEN_CONFIRM = 3,
	TOKEN_ERASE = 4,
	TOKEN_BOUNCE = 5,
	TOKEN_ADDRESS = 6 /* letters come to the address it was mailed to */
};

struct token {
	enum token_scope scope;
	int64_t reader; /* below 2^40 */
	int64_t epoch;  /* below 2^21: the caller compares it with the reader's */
	/*
	 * Number of the issue it was mailed with, below 2^28; 0 = none.  Of a new address: bits
	 * of the keyed hash of the address it was mailed to.
	 */
	int64_t issue;
	/*
	 * Of preferences, erasing and a new address: the instant it was made, of which the
	 * minutes count, from 2020 to 2530.  Other tokens do not hold it: 0.
	 */
	int64_t made;
};

enum { TOKEN_MAX = 48, TOKEN_SIZE = TOKEN_MAX + 1 };

/* out is the text.  Numbers outside their ranges are a bug of the caller (assert). */
void token_make(const unsigned char key[HASH_SIZE], const struct token *t,
    char out[TOKEN_SIZE]);
/* The same, for many under one key. */
void token_make_keyed(struct hash_key *key, const struct token *t, char out[TOKEN_SIZE]);
/*
 * True when text is a token of that scope made with the key; *out is filled then.  Takes the
 * same time wherever a forged one differs.
 */
bool token_check(const unsigned char key[HASH_SIZE], enum token_scope scope,
    const char *text, struct token *out) MUST_CHECK;

/*
 * Whether a checked token has run out: preferences after LIMIT_PREFERENCES_AGE, erasing after
 * LIMIT_ERASE_AGE.  Leaving never does; what is asked of a new address and of somebody who joins
 * ends with the row of the ask.
 */
bool token_has_run_out(const struct token *t, int64_t now);

/*
 * "HEX@domain": the Message-ID of a letter, a keyed function of its last issue's number, its
 * reader and its part, that tells none of them.  The same letter sent again has the same.
 */
char *token_message_id(struct arena *a, const unsigned char key[HASH_SIZE], int64_t issue,
    int64_t reader, int64_t part, const char *domain) MUST_CHECK;
/* The same, for many under one key. */
char *token_message_id_keyed(struct arena *a, struct hash_key *key, int64_t issue,
    int64_t reader, int64_t part, const char *domain) MUST_CHECK;

/*
 * The word of a MIME boundary: a keyed function of what is in the letter, so that a letter made
 * again is the same, and nobody who writes a post can know it before it is mailed.  text: the
 * variant as preferences.h writes it, or what else the letter is.
 */
char *token_boundary(struct arena *a, const unsigned char key[HASH_SIZE], int64_t after,
    int64_t last, int64_t part, const char *text) MUST_CHECK;

#endif
