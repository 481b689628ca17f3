/* SPDX-License-Identifier: ISC */
/* Readers, and what is left of those who were erased. */
#ifndef STORE_READERS_H
#define STORE_READERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/model.h"

struct store;

/*
 * Adds a reader; r->id, r->variant.id and r->cadence_id are filled in.  Where the last two are
 * not 0 already the variant and the cadence are stored, and not looked up.  ERR_INPUT when the
 * address is there already.
 */
bool store_reader_add(struct store *s, struct reader *r, struct err *err) MUST_CHECK;
/* By address_key. */
bool store_reader_find(struct store *s, struct arena *a, const char *address_key,
    struct reader *out, bool *found, struct err *err) MUST_CHECK;
bool store_reader_get(struct store *s, struct arena *a, int64_t id, struct reader *out,
    bool *found, struct err *err) MUST_CHECK;
bool store_reader_update(struct store *s, const struct reader *r,
    struct err *err) MUST_CHECK;
/* Calls each for every reader in one of the states (1u << state), by id; valid in the call. */
bool store_readers_each(struct store *s, unsigned states,
    bool (*each)(void *arg, const struct reader *r, struct err *err), void *arg,
    struct err *err) MUST_CHECK;
/* Up to max readers whose hold has ended, longest ago first.  In a. */
bool store_readers_off_hold(struct store *s, struct arena *a, int64_t now, size_t max,
    struct reader **out, size_t *count, struct err *err) MUST_CHECK;
/* Whether anybody reads: an active reader, or one whose hold has ended. */
bool store_readers_any(struct store *s, int64_t now, bool *any,
    struct err *err) MUST_CHECK;
/* Whether the instant of any active reader has come. */
bool store_readers_own_due(struct store *s, int64_t now, bool *any,
    struct err *err) MUST_CHECK;
bool store_readers_count(struct store *s, int64_t by_state[READER_ERASED + 1],
    struct err *err) MUST_CHECK;
/* True when the address was erased (its salted hash is kept). */
bool store_reader_is_erased(struct store *s, const char *address_key, bool *erased,
    struct err *err) MUST_CHECK;
/*
 * Forgets everything of a reader, their history too, but a salted hash of the address.  What
 * waits for them is skipped.
 */
bool store_reader_erase(struct store *s, int64_t id, struct err *err) MUST_CHECK;
/* The same without the hash: of somebody who never confirmed.  They may be asked for again. */
bool store_reader_forget(struct store *s, int64_t id, struct err *err) MUST_CHECK;
/*
 * What an address is known by where it is not kept: without the newsletter's key nobody can try
 * addresses against it.
 */
bool store_address_hash(struct store *s, const char *address_key,
    unsigned char out[HASH_SIZE], struct err *err) MUST_CHECK;

#endif
