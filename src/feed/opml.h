/* SPDX-License-Identifier: ISC */
/* OPML 1.0 and 2.0, and FOAF as planets publish it: lists of feeds. */
#ifndef FEED_OPML_H
#define FEED_OPML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct opml_feed {
	const char *url;
	const char *name;  /* title or text */
	const char *link;  /* htmlUrl or NULL */
	const char *group; /* title of the enclosing outline, or NULL */
};
/*
 * The feeds of a list, also of one that is not well-formed; *out lives in a.  ERR_INPUT when it is
 * neither or ends before </body>, ERR_LIMIT when it names more than LIMIT_SOURCES feeds or
 * anything of it would be left out: what is missing would be taken for unsubscribed.
 */
bool opml_parse(struct arena *a, const void *bytes, size_t len, struct opml_feed **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
