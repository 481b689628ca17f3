/* SPDX-License-Identifier: ISC */
/*
 * What the configuration's own section of a feed says of how it is asked.  Lists of feeds that
 * others write cannot say these: a proxy or a command is a power over this machine.
 */
#ifndef FLOW_FEED_OPTIONS_H
#define FLOW_FEED_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct run;
struct listed_feed;
struct http_request;
struct source;

/* One section, and where its feed is asked now. */
struct feed_option {
	const char *url;
	const struct listed_feed *own; /* borrowed from the settings */
};
/* Sections that say any of these, by the address that is asked.  Lives in the run's arena. */
struct feed_options {
	struct feed_option *sorted;
	size_t count;
};
/* Reads from the store, when the run has one, which feeds have moved: false, it failed. */
bool feed_options_open(struct run *run, struct feed_options *out,
    struct err *err) MUST_CHECK;
/*
 * url: where it is asked, which is not what its section says once it has moved.  Borrowed from
 * the settings; NULL for a feed that is asked as all are.
 */
const struct listed_feed *feed_options_of(const struct feed_options *o, const char *url);
/*
 * Has request->url, which is set before, asked through its proxy, within its time and with its
 * fields; own NULL changes nothing.  Fields may hold a key: they go only to the origin (RFC 6454)
 * that its section names, or from http to https on the same host, both at their own ports.
 */
void feed_options_ask(struct arena *scratch, const struct listed_feed *own,
    struct http_request *request);

/* Sets how its posts are read, by where it is asked: full_text and filter_command. */
void feed_options_read(const struct feed_options *o, struct source *s);

#endif
