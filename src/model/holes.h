/* SPDX-License-Identifier: ISC */
/*
 * The holes of a rendering: where a reader's own few bytes go.  In text and HTML a hole is a
 * mark, HOLE_OPEN name HOLE_CLOSE, control characters that clean text cannot contain.
 */
#ifndef MODEL_HOLES_H
#define MODEL_HOLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define HOLE_OPEN '\x01'
#define HOLE_CLOSE '\x02'

enum hole {
	HOLE_LEAVE,   /* address of a page, or a mailto: link */
	HOLE_MANAGE,  /* page of their preferences; nothing while none answers */
	HOLE_ADDRESS, /* the reader's own */
	HOLE_SINCE,   /* "24 November 2026": when they confirmed */
	HOLE_COUNT
};

/* What stands in a rendering for a hole; it lives as long as the program. */
const char *hole_mark(enum hole hole);
/*
 * The first mark between text and end, NULL when there is none.  *after is where it ends, NULL
 * when it does not; *hole is HOLE_COUNT for a name that nobody knows.
 */
const char *hole_find(const char *text, const char *end, enum hole *hole,
    const char **after);
/*
 * The text with its holes filled, by HOLE_COUNT values of which each may be NULL; html escapes
 * them.  For preview, outbox and archive.  values = NULL is everybody: lines with a hole (why
 * you get this, how to leave) are left out.  Lives in a.
 */
char *holes_fill(struct arena *a, const char *text, size_t len, const char *const *values,
    bool html) MUST_CHECK;

#endif
