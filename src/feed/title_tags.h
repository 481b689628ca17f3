/* SPDX-License-Identifier: ISC */
/* Tells markup in a title from the tags that a title speaks of. */
#ifndef FEED_TITLE_TAGS_H
#define FEED_TITLE_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/*
 * Appends text as HTML in which each "<" that begins no markup is a reference, and comments,
 * scripts and styles are gone.  False when there is no markup in it.  Linear in len.
 */
bool title_mark_tags(struct arena *scratch, const char *text, size_t len,
    struct buf *out) MUST_CHECK;

#endif
