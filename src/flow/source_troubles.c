/* SPDX-License-Identifier: ISC */
#include "flow/source_troubles.h"

#include "fetch/source_health.h"
#include "flow/context.h"
#include "store/sources.h"
#include "store/transactions.h"

static bool
mark_told(struct run *run, const struct source *list, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!store_source_told(run->store, list[i].id, list[i].state, err))
			return false;
	}
	return true;
}

bool
flow_troubles_news(struct run *run, struct source **out, size_t *count, struct err *err)
{
	struct source *all = NULL;
	size_t n = 0;

	*out = NULL;
	*count = 0;
	if (!store_sources(run->store, run->arena, true, &all, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (source_health_is_news(&all[i], run->now))
			all[(*count)++] = all[i];
	}
	*out = all;
	return *count == 0 ||
	    (store_begin(run->store, err) &&
		store_end(run->store, mark_told(run, all, *count, err), err));
}
