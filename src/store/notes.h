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
/* As an instant; TIME_NONE when it is not there, or says none. */
bool store_note_time(struct store *s, const char *name, int64_t *t,
    struct err *err) MUST_CHECK;
bool store_note_set_time(struct store *s, const char *name, int64_t t,
    struct err *err) MUST_CHECK;
/* Whether its instant is less than so many seconds ago; one that is still to come is not. */
bool store_note_is_recent(struct store *s, const char *name, int64_t now, int64_t seconds,
    bool *is, struct err *err) MUST_CHECK;
/* As a number; *number stays as it was when there is none. */
bool store_note_number(struct store *s, const char *name, int64_t *number,
    struct err *err) MUST_CHECK;
bool store_note_set_number(struct store *s, const char *name, int64_t number,
    struct err *err) MUST_CHECK;
/* One more; the first is 1. */
bool store_note_count(struct store *s, const char *name, struct err *err) MUST_CHECK;

/*
 * How often letters were taken for sending, ever: grows with each take, so that a copy of the
 * database from an earlier day is known by it.
 */
bool store_takings(struct store *s, int64_t *number, struct err *err) MUST_CHECK;
/* One more; inside the transaction that marks the letters. */
bool store_takings_count(struct store *s, struct err *err) MUST_CHECK;

#endif
