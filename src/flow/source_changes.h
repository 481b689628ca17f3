/* SPDX-License-Identifier: ISC */
/*
 * What is said of a feed beside the list that names it.  Lists of feeds_from are other people's
 * files: nothing is written there, and what a person or a rule of ours wants otherwise is laid
 * over what they say, by the address they name.
 */
#ifndef FLOW_SOURCE_CHANGES_H
#define FLOW_SOURCE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "config/feed_section.h"
#include "model/model.h"
#include "store/source_overrides.h"

struct run;

struct source_changes {
	struct source_override *list; /* ordered by url and key; in run->arena */
	size_t count;
};
bool flow_source_changes(struct run *run, struct source_changes *out,
    struct err *err) MUST_CHECK;
/* Lays them over the feeds; *feeds is another array then, in run->arena. */
void flow_source_changes_apply(struct run *run, const struct source_changes *c,
    struct listed_feed **feeds, size_t count);
/* The address under which a list names a feed that is asked at url. */
const char *flow_source_listed_url(const struct source_changes *c, const char *url);

/*
 * Lays one more over the feed that a list names by listed_url.  reason: in words, NULL for a
 * command.
 */
bool flow_source_change(struct run *run, const char *listed_url, const char *key,
    const char *value, const char *reason, struct err *err) MUST_CHECK;
/* The feed is asked at another address from now on, and its posts stay known. */
bool flow_source_move(struct run *run, const struct source *s, const char *url,
    const char *reason, struct err *err) MUST_CHECK;

#endif
