/* SPDX-License-Identifier: ISC */
/* Small named values, and the newsletter's secret key. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

struct store;

/* The newsletter's secret key, 32 random bytes made with the database. */
bool store_key(struct store *s, unsigned char out[HASH_SIZE], struct err *err) MUST_CHECK;

/* Small named values: "last_run", "last_success.send", ...  *value NULL when not there. */
bool store_note_get(struct store *s, struct arena *a, const char *name,
    const char **value, struct err *err) MUST_CHECK;
bool store_note_set(struct store *s, const char *name, const char *value,
    struct err *err) MUST_CHECK;

/*
 * How often letters were taken for sending, ever: grows with each take, so that a copy of the
 * database from an earlier day is known by it.
 */
bool store_takings(struct store *s, int64_t *number, struct err *err) MUST_CHECK;
/* One more; inside the transaction that marks the letters. */
bool store_takings_count(struct store *s, struct err *err) MUST_CHECK;

#endif
