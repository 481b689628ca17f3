/* SPDX-License-Identifier: ISC */
/* New entries of a feed, recognized, cleaned and stored. */
#ifndef FLOW_REMEMBER_H
#define FLOW_REMEMBER_H

#include "feed/feed.h"
#include "flow/context.h"

struct remembered {
	size_t added; /* entries that were unseen */
	size_t old;   /* of those, remembered and never mailed */
};
/*
 * Stores what is new in a feed, cleaned.  Of a source's first document only as many entries as
 * one issue shows may be mailed, the rest is remembered; what is dated ahead and waits for its
 * day takes nobody's place.  Inside the caller's transaction; scratch holds what is made on the
 * way.
 */
bool flow_remember_entries(struct run *run, struct arena *scratch, const struct source *s,
    struct feed *feed, struct remembered *out, struct err *err) MUST_CHECK;

#endif
