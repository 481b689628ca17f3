/* SPDX-License-Identifier: ISC */
/* The list of sources made equal to what the configuration names. */
#ifndef STORE_SOURCE_SYNC_H
#define STORE_SOURCE_SYNC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/model.h"

struct store;

/*
 * Makes the list of sources equal to the specs of the configuration: new ones are added,
 * changed ones updated (matched by url; validators are dropped when the url changes), the rest
 * marked as not listed.  Keys are made unique.  specs use url, key, name, group, language, face,
 * filter, exclude, strip, max_per_feed, paused of struct source; ids are filled in.  A new
 * address under a key that is stored already is the same source moved.  Without a key one is
 * made of name or address.  Of two specs with one address the first counts.
 */
bool store_sources_sync(struct store *s, struct source *specs, size_t count,
    struct err *err) MUST_CHECK;

#endif
