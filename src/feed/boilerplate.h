/* SPDX-License-Identifier: ISC */
/*
 * What a source says in most of its posts, adverts, "subscribe to" and footers: learned from
 * the posts of one document and left out of those that are new.  Counted are lines, as a reader
 * sees them, with their pictures; headings, code and tables are never taken.
 */
#ifndef FEED_BOILERPLATE_H
#define FEED_BOILERPLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

struct boilerplate_line {
	uint64_t key;
	const char *text; /* "" for pictures alone */
	size_t posts;     /* in how many of them it stands */
};
struct boilerplate {
	struct boilerplate_line *lines; /* ascending keys */
	size_t count;
	size_t posts; /* that were looked at: those with any text */
};

/*
 * Lines in more than half of the entries, and in four of them at least.  entries are in the
 * order in which most is learned of the first; those that are not clean yet are cleaned with
 * strip, as entry_clean does, up to LIMIT_BOILERPLATE_POSTS and LIMIT_BOILERPLATE_BYTES of what
 * the feed sent.  *out lives in a.
 */
void boilerplate_learn(struct arena *a, struct entry *const *entries, size_t count,
    const char *strip, struct boilerplate *out);
/* Leaves them out of a clean entry, unless nothing else is in it.  What is new lives in a. */
void boilerplate_drop(struct arena *a, const struct boilerplate *b, struct entry *e);

#endif
