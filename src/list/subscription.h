/* SPDX-License-Identifier: ISC */
/* Which state of a reader may follow which, and what a new reader is like.  Pure. */
#ifndef LIST_SUBSCRIPTION_H
#define LIST_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "model/model.h"

/*
 * The state after an event; false when it is not a legal move (a person who left or was
 * erased does not come back by import).
 */
bool subscription_move(enum reader_state from, enum reader_event event,
    enum reader_state *to) MUST_CHECK;

/* Who left, or was taken out by the keeper. */
bool subscription_has_ended(enum reader_state state);
/* Who gets letters, or will after a hold. */
bool subscription_reads(enum reader_state state);

/*
 * A reader who has said nothing of their wishes: active since now, each issue as it is
 * approved, whole posts of all sources as HTML.  confirmed_by is their evidence, borrowed; the
 * address is to be set.
 */
struct reader subscription_new(int64_t now, const char *confirmed_by);

#endif
