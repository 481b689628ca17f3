/* SPDX-License-Identifier: ISC */
/* How a feed is, in words for the keeper. */
#ifndef CMD_HEALTH_WORDS_H
#define CMD_HEALTH_WORDS_H

#include "base/arena.h"
#include "model/model.h"

/* What is wrong with it, in words; NULL when nothing is known to be.  In a. */
const char *health_words(struct arena *a, const struct source *s);

/* The command that mends it, or looks closer.  In a. */
const char *health_mend(struct arena *a, const struct source *s);
/* Where it seems to be now: it moved there, or the page in its place names it; else NULL. */
const char *health_target(struct arena *a, const struct source *s);

#endif
