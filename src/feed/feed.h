/* SPDX-License-Identifier: ISC */
/*
 * Feeds of every dialect as one struct feed (model.h).  Pure: bytes in, value out; no network,
 * no file, no clock.  xml.c alone knows libxml2.
 *
 * Titles, names and categories come out as plain text; dates as instants; links absolute.
 * Content stays raw in entry.content until entry_clean(): what the store knows already is
 * never cleaned again.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

/*
 * Before feeds are parsed by several threads at once: what libxml2 has for all of them is set.
 * By one thread, while no other parses.
 */
void feed_prepare_threads(void);

struct feed_context {
	/* Where the bytes came from, after redirects; or NULL: then relative links that no
	 * xml:base completes stay as written. */
	const char *url;
	const char *content_type; /* HTTP header value or NULL */
	int64_t now;              /* dates far ahead of it get a warning */
};

/*
 * Parses bytes (any encoding) into *out, which lives in a.  A damaged feed that can still be
 * read succeeds with feed.damaged and warnings.  ERR_INPUT when it is no feed; for a web page
 * the text says so and the feeds it names are in *links (may be NULL).
 */
struct feed_links {
	struct {
		const char *url;
		const char *title;
	} item[16];
	size_t count;
	bool web_page;
};
bool feed_parse(struct arena *a, const void *bytes, size_t len,
    const struct feed_context *ctx, struct feed **out, struct feed_links *links,
    struct err *err) MUST_CHECK;

#endif
