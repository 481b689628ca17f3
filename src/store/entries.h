/* SPDX-License-Identifier: ISC */
/* Posts one at a time: looked up under their keys, remembered, changed. */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/identity.h"
#include "model/model.h"

struct store;

/* When a stored post was first seen; TIME_NONE when that is not known or there is no such post. */
bool store_entry_first_seen(struct store *s, int64_t id, int64_t *at,
    struct err *err) MUST_CHECK;

/*
 * The one look-up that a post already known needs.  *id gets the post under its own key, 0 when
 * there is none; *said the print of what its source
 * said then (struct identity).
 */
bool store_entry_own(struct store *s, int64_t key, int64_t *id, uint64_t *said,
    struct err *err) MUST_CHECK;
/*
 * What is stored under any of the keys, one match a key at most, the strongest first; out has
 * room for IDENTITY_KEYS.  Addresses live in a.
 */
bool store_entry_matches(struct store *s, struct arena *a, const struct identity *keys,
    struct identity_match *out, size_t *count, struct err *err) MUST_CHECK;
/*
 * Adds a new, cleaned entry and remembers its keys; e->id is filled in.  A key that stands for
 * another post goes on standing for it.  Only of news the text is stored.
 */
enum entry_place {
	PLACE_NEWS,
	PLACE_KEPT_OUT, /* remembered, never selected */
	PLACE_DOUBTFUL  /* for a person: store_held_release() or store_held_drop() */
};
bool store_entry_add(struct store *s, struct entry *e, const struct identity *keys,
    enum entry_place place, struct err *err) MUST_CHECK;
/* Takes a key from the post it stands for: a newer one is known by it from now on. */
bool store_entry_release(struct store *s, int64_t key, struct err *err) MUST_CHECK;
/*
 * The keys a known post was seen under now are remembered for it; of those it did not have at
 * first only the newest of each kind.  When e is another source's, that is remembered for "also
 * in".
 */
bool store_entry_learn(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err) MUST_CHECK;
/*
 * New text of a known entry, from its own source.  What an issue past its draft holds, or what
 * was only remembered, stays as it was.  Its keys are learned either way, so that it is a change
 * once.
 */
bool store_entry_update(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err) MUST_CHECK;
/* The same, and the entry becomes e's source's; the one that had it is "also in". */
bool store_entry_hand_over(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err) MUST_CHECK;

#endif
