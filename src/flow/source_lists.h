/* SPDX-License-Identifier: ISC */
/* Which feeds there are: the configuration's own sections and the lists it points to. */
#ifndef FLOW_SOURCE_LISTS_H
#define FLOW_SOURCE_LISTS_H

#include <stdbool.h>

#include "base/err.h"

struct feed_list;
struct run;

/*
 * Makes the store's sources equal to what the configuration names: its own feed sections and
 * every list of feeds_from, read afresh (files of any known format, OPML, https addresses).
 * A list that cannot be read now leaves its feeds as they are, with a warning.  A store that is
 * read only keeps what it has, with a warning when the configuration is not what it was made of.
 */
bool flow_sources_sync(struct run *run, struct err *err) MUST_CHECK;
/*
 * Reads one list of feeds: a path or a web address, of any kind feed_lists.h knows.  What was
 * read with the settings is not read again.  Everything lives in run->arena.
 */
bool flow_sources_read(struct run *run, const char *where, struct feed_list *list,
    struct err *err) MUST_CHECK;

#endif
