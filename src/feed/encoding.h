/* SPDX-License-Identifier: ISC */
/*
 * Which encoding a feed is in, and its text as UTF-8: first what the specifications say (BOM,
 * HTTP header, declaration, UTF-8), then what works, and what the content looks like.
 */
#ifndef FEED_ENCODING_H
#define FEED_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct encoding {
	const char *name; /* what it was read as: "UTF-8", "windows-1252" */
	/* What header or declaration claim, when that is not it; or NULL. */
	const char *declared;
	bool guessed;     /* by the content alone */
	size_t bad;       /* bytes that fit no character; U+FFFD stands for them */
	bool mixed;       /* UTF-8 with windows-1252 bytes strewn in */
	bool doubled;     /* UTF-8 that had been encoded as UTF-8 once more */
	bool c1;          /* C1 controls that mean windows-1252 characters */
	const char *text; /* in out, or in bytes when these are UTF-8 as they are */
	size_t len;
};

/*
 * Tells the text as well-formed UTF-8 without BOM and NUL; the result's names are static or
 * live in a.  content_type: the HTTP header, or NULL.  out is for what had to be converted
 * (its ceiling holds); most feeds are UTF-8 and their bytes serve as they are.
 */
void encoding_decode(struct arena *a, const void *bytes, size_t len,
    const char *content_type, struct buf *out, struct encoding *result);

#endif
