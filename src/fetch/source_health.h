/* SPDX-License-Identifier: ISC */
/*
 * How a source is and whether a person should know, from what polls left in its row.  Pure.
 */
#ifndef FETCH_SOURCE_HEALTH_H
#define FETCH_SOURCE_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

/* What the last poll said, but posts that wait for a person come before it. */
enum source_state source_health_state(const struct source *s);
/* When that began; of what does not answer, when it answered last.  TIME_NONE: not known. */
int64_t source_health_since(const struct source *s);
/*
 * A person is needed: posts are held, it never answered with a feed, or its trouble has lasted
 * three runs and 48 hours.  Never for one that is paused.
 */
bool source_health_needs(const struct source *s, int64_t now);
/* That is so, and it was not told yet; trouble of the same kind is told once. */
bool source_health_is_news(const struct source *s, int64_t now);

#endif
