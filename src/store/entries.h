/* SPDX-License-Identifier: ISC */
/* Posts one at a time: known or not, remembered, changed. */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/identity.h"
#include "model/model.h"

struct store;

/*
 * Looks for an entry under its keys: one look-up by `own`; when that finds nothing, one by
 * `link`, then `text`.  *id gets the stored entry, 0 when it is new.  When that entry is of
 * another source or under another guid, store_entry_also() makes the next look-up a short one.
 */
bool store_entry_lookup(struct store *s, const struct entry *e,
    const struct identity *keys, enum entry_known *known, int64_t *id,
    struct err *err) MUST_CHECK;
/*
 * Adds a new, cleaned entry and remembers its keys; e->id is filled in.  mailed: it is only
 * remembered and will never be selected (a first fetch's old posts).
 */
bool store_entry_add(struct store *s, struct entry *e, const struct identity *keys,
    bool mailed, struct err *err) MUST_CHECK;
/*
 * New text of a known entry.  What an issue past its draft holds, or what was only remembered,
 * stays as it was; then only the fingerprint is noted, so that it is ENTRY_CHANGED once.
 */
bool store_entry_update(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err) MUST_CHECK;
/*
 * The same post seen in another source: remembered for "also in".  Or under a new guid in its
 * own source.  guid may be NULL.
 */
bool store_entry_also(struct store *s, int64_t id, int64_t source_id, const char *guid,
    struct err *err) MUST_CHECK;

#endif
