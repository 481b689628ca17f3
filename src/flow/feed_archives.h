/* SPDX-License-Identifier: ISC */
/*
 * What a feed's window no longer shows: when none of its posts is known, so that there may be
 * more between, its older documents (RFC 5005 4, "prev-archive") are read until one has a post
 * that is known.
 */
#ifndef FLOW_FEED_ARCHIVES_H
#define FLOW_FEED_ARCHIVES_H

#include <stdbool.h>
#include <stddef.h>

#include "digest/news.h"
#include "base/err.h"

struct being_read;
struct run;
struct feed_options;

struct feed_archive {
	const char *key; /* of the source */
	const char *url;
};
/* Those of a round; texts live in the run's arena. */
struct feed_archives {
	struct feed_archive *list;
	size_t count;
	size_t entries_new; /* what they brought */
};

/*
 * Reads them, LIMIT_ARCHIVES documents of a source at most.  An archive that cannot be read is
 * told, and what is in it is not mailed.  being_read names the feed meanwhile.
 */
bool flow_feed_archives(struct run *run, const struct feed_options *options,
    const struct news_rules *rules, struct being_read *being_read,
    struct feed_archives *archives, struct err *err) MUST_CHECK;

#endif
