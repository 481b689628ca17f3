/* SPDX-License-Identifier: ISC */
/*
 * What the configuration's own section of a feed says of how it is asked.  Lists of feeds that
 * others write cannot say these: a proxy or a command is a power over this machine.
 */
#ifndef FLOW_FEED_OPTIONS_H
#define FLOW_FEED_OPTIONS_H

#include <stddef.h>

struct run;
struct listed_feed;
struct http_request;

/* Sections that say any of these, by address.  Lives in the run's arena. */
struct feed_options {
	const struct listed_feed **sorted;
	size_t count;
};
void feed_options_open(struct run *run, struct feed_options *out);
/* Borrowed from the settings; NULL for a feed that is asked as all are. */
const struct listed_feed *feed_options_of(const struct feed_options *o, const char *url);
/* Has it asked through its proxy, with its fields and within its time. */
void feed_options_ask(const struct listed_feed *own, struct http_request *request);

#endif
