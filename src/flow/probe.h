/* SPDX-License-Identifier: ISC */
/* One address asked on its own: lists of feeds over the web, `feed add`, `feed test`. */
#ifndef FLOW_PROBE_H
#define FLOW_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "feed/feed.h"

struct run;

/* What one address answers; everything in the run's arena. */
struct probe {
	bool answered;   /* an HTTP answer came */
	bool is_private; /* not asked: a private address, and fetch.allow_private is no */
	bool is_passing; /* what failed may go well in an hour: no connection, 429, 5xx */
	long status;
	const char *message;  /* "404 Not Found", "TLS: certificate expired" */
	const char *url;      /* after redirects */
	const char *moved_to; /* when it moved for good */
	const char *content_type, *etag, *last_modified;
	const char *body;
	size_t len;
	const char *cut; /* why the body ends before its end; NULL: it does not */
	int64_t ms;
	/* Of a mailbox: what its newsletter would bring, and how many messages were what. */
	struct feed *feed; /* NULL: it is none */
	size_t read, others, asks, lost;
};
enum probe_wish { PROBE_WHOLE, PROBE_PART };
/*
 * PROBE_PART: as a round does, which reads what came of a body that is cut off.  False only when
 * nothing can be fetched at all.
 */
bool flow_probe(struct run *run, const char *url, enum probe_wish wish, struct probe *out,
    struct err *err) MUST_CHECK;
/*
 * The error of a probe that brought no document: ERR_TEMPORARY when it is passing, else
 * ERR_INPUT, since trying again does not help.
 */
bool flow_probe_refused(const struct probe *p, struct err *err);
/* Reads a probe as a feed; the error says why it is none, *links which feeds a page names. */
bool flow_probe_feed(struct run *run, const struct probe *p, struct feed **feed,
    struct feed_links *links, struct err *err) MUST_CHECK;

#endif
