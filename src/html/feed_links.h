/* SPDX-License-Identifier: ISC */
/*
 * Feeds that a web page names.
 */
#ifndef HTML_FEED_LINKS_H
#define HTML_FEED_LINKS_H

#include <stddef.h>

#include "base/arena.h"

struct html_feed_link {
	const char *url;   /* absolute */
	const char *title; /* or NULL */
	const char *type;  /* media type */
};
/* The page's <link rel=alternate> of a feed's type, 50 at most; their number.  *out in a. */
size_t html_feed_links(struct arena *a, const char *html, size_t len, const char *base,
    struct html_feed_link **out) MUST_CHECK;

#endif
