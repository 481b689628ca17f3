/* SPDX-License-Identifier: ISC */
/*
 * Policy about readers, pure: which state may follow which, what a token may do, preferences.
 */
#ifndef LIST_LIST_H
#define LIST_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/err.h"
#include "model/model.h"

/* ---- subscription.c: the state machine ---- */

enum reader_event {
	EVENT_CONFIRM,
	EVENT_LEAVE,
	EVENT_REMOVE,
	EVENT_HOLD,
	EVENT_RESUME,
	EVENT_BOUNCE,
	EVENT_ERASE,
	EVENT_IMPORT /* an import or `sub add` with evidence */
};
/*
 * The state after an event; false when it is not a legal move (a person who left or was
 * erased does not come back by import).
 */
bool subscription_move(enum reader_state from, enum reader_event event,
    enum reader_state *to) MUST_CHECK;

/*
 * A reader who has said nothing of their wishes: active since now, every issue, whole posts of
 * all sources as HTML.  confirmed_by is their evidence, borrowed; the address is to be set.
 */
struct reader subscription_new(int64_t now, const char *confirmed_by);

/* ---- token.c: one link, one power ---- */

enum token_scope {
	TOKEN_LEAVE = 'u',
	TOKEN_PREFERENCES = 'p',
	TOKEN_CONFIRM = 'c',
	TOKEN_ERASE = 'e',
	TOKEN_BOUNCE = 'b'
};
enum { TOKEN_SIZE = 48 };
/*
 * Base64url of version, reader id, epoch and the first 128 bits of
 * HMAC-SHA256(key, scope | reader | epoch | extra).  out holds TOKEN_SIZE bytes.  Ids up to
 * 2^40 - 1, epochs up to 65535.
 */
void token_make(const unsigned char key[HASH_SIZE], enum token_scope scope,
    int64_t reader, int64_t epoch, int64_t extra, char out[TOKEN_SIZE]);
/*
 * Checks in constant time; extra must be what it was made with.  False for anything else; the
 * caller then compares *epoch with the reader's.
 */
bool token_check(const unsigned char key[HASH_SIZE], enum token_scope scope,
    const char *text, int64_t extra, int64_t *reader, int64_t *epoch) MUST_CHECK;
/* "HEX.HEX@domain": a function of issue and reader that tells neither. */
char *token_message_id(struct arena *a, const unsigned char key[HASH_SIZE], int64_t issue,
    int64_t reader, const char *domain) MUST_CHECK;

/* ---- preferences.c ---- */

/* The canonical key of the variant a reader's preferences ask for, given the ceiling. */
char *variant_key(struct arena *a, enum entry_body body,
    enum letter_format format) MUST_CHECK;
bool variant_parse(const char *key, struct variant *out) MUST_CHECK;

/* ---- roll.c: lists of readers as CSV or JSON lines ---- */

struct roll_row {
	size_t line;
	const char *address; /* as it stands in the file */
	const char *state;   /* columns that are not there are NULL */
	const char *confirmed_by;
	const char *frequency, *format, *body;
};
/*
 * Reads a CSV (RFC 4180; , ; or tab; header line with "email" or "address", or one column of
 * addresses without header) or JSON lines.  ERR_INPUT names line and column.  In a.
 */
bool roll_parse(struct arena *a, const char *text, size_t len, struct roll_row **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
