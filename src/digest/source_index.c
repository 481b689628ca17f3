/* SPDX-License-Identifier: ISC */
#include "digest/source_index.h"

#include <stdlib.h>

#include "base/order.h"

static int
compare_ids(const void *pa, const void *pb)
{
	const struct source *a = *(const struct source *const *)pa;
	const struct source *b = *(const struct source *const *)pb;

	return ORDER(a->id, b->id);
}

void
source_index_make(struct arena *a, const struct source *sources, size_t count,
    struct source_index *out)
{
	out->sources = sources;
	out->count = count;
	out->by_id = arena_array(a, count, sizeof(*out->by_id));
	for (size_t i = 0; i < count; i++)
		out->by_id[i] = &sources[i];
	list_sort(out->by_id, count, sizeof(*out->by_id), compare_ids);
}

size_t
source_index_place(const struct source_index *index, int64_t id)
{
	const struct source wanted = { .id = id };
	const struct source *key = &wanted;
	const struct source **found =
	    bsearch(&key, index->by_id, index->count, sizeof(key), compare_ids);

	return found ? (size_t)(*found - index->sources) : index->count;
}
