/* SPDX-License-Identifier: ISC */
/* Which feeds need a person, and which of them nobody was told of yet. */
#ifndef FLOW_SOURCE_TROUBLES_H
#define FLOW_SOURCE_TROUBLES_H

#include <stddef.h>

#include "base/err.h"
#include "model/model.h"

struct run;

/*
 * The feeds whose trouble has lasted three runs and 48 hours and was not told before; from now
 * on it counts as told.  In run->arena, ordered by key.
 */
bool flow_troubles_news(struct run *run, struct source **out, size_t *count,
    struct err *err) MUST_CHECK;

#endif
