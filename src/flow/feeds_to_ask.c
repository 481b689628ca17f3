/* SPDX-License-Identifier: ISC */
#include "flow/feeds_to_ask.h"

#include "base/malloc_setup.h"
#include "flow/context.h"
#include "store/sources.h"

enum { FEED_BYTES = 2048 }; /* of memory, that each takes in a round at least */

bool
flow_feeds_to_ask(struct run *run, const char *const *only, size_t only_count,
    struct source **out, size_t *count, size_t *among, struct err *err)
{
	size_t due = 0;

	if (only) {
		*out = arena_array(run->arena, only_count, sizeof(**out));
		*count = *among = only_count;
		for (size_t i = 0; i < only_count; i++) {
			if (!store_source_find(run->store, run->arena, only[i],
				&(*out)[i], err))
				return false;
		}
		return true;
	}
	if (!store_sources_count_polled(run->store, among, err) ||
	    !store_sources_count_due(run->store, run->now, &due, err))
		return false;
	malloc_take_ahead(due * FEED_BYTES);
	return store_sources_due(run->store, run->arena, run->now, due, out, count, err);
}
