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
#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"

struct feed_context {
	const char *url; /* where the bytes came from, after redirects; or NULL: then
	                             relative links that no xml:base mends stay as written */
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

/*
 * Fills html, text, summary, image, words of an entry from its raw content.  strip: the
 * source's setting or NULL.  Lives in a.
 */
void entry_clean(struct arena *a, struct entry *e, const char *strip);

/*
 * Reads a date in any form feeds use; TIME_NONE when it cannot be told for sure.
 * RFC 822/2822/5322, RFC 3339, W3CDTF, asctime, Unix times, other languages' names.
 */
int64_t feed_date(const char *text, size_t len) MUST_CHECK;

/*
 * Appends the feed as JSON Feed 1.1 with an object "_planetpost" {format, encoding, damaged,
 * warnings}.  content_html is what entry_clean() made: call it for each entry before.
 */
void feed_write_json(const struct feed *f, struct buf *out);

/* ---- OPML: lists of feeds ---- */
struct opml_feed {
	const char *url;
	const char *name;  /* title or text */
	const char *link;  /* htmlUrl or NULL */
	const char *group; /* title of the enclosing outline, or NULL */
};
/* ERR_INPUT when it is no OPML.  *out lives in a. */
bool opml_parse(struct arena *a, const void *bytes, size_t len, struct opml_feed **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
