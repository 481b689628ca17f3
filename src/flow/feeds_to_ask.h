/* SPDX-License-Identifier: ISC */
/* Which feeds a round asks. */
#ifndef FLOW_FEEDS_TO_ASK_H
#define FLOW_FEEDS_TO_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/model.h"

struct run;

/*
 * Those that were named, by key, or with NULL those whose time has come, ordered by key; in the
 * run's arena.  *among: how many there are that are polled.
 */
bool flow_feeds_to_ask(struct run *run, const char *const *only, size_t only_count,
    struct source **out, size_t *count, size_t *among, struct err *err) MUST_CHECK;

#endif
