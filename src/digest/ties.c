/* SPDX-License-Identifier: ISC */
#include "digest/ties.h"

#include "digest/source_index.h"

/* Sources that are no longer listed have no name to be credited with. */
static void
find_also(struct arena *a, const struct source_index *index, const struct entry *e,
    struct digest_ties *out)
{
	if (e->also_count == 0)
		return;
	out->also = arena_array(a, e->also_count, sizeof(*out->also));
	for (size_t i = 0; i < e->also_count; i++) {
		const size_t place = source_index_place(index, e->also[i]);

		if (place < index->count && e->also[i] != e->source_id)
			out->also[out->also_count++] = &index->sources[place];
	}
}

const struct digest_ties *
digest_tie(struct arena *a, const struct source *sources, size_t source_count,
    const struct selection *sel)
{
	struct digest_ties *list = arena_array(a, sel->chosen_count + 1, sizeof(*list));
	struct source_index index;

	source_index_make(a, sources, source_count, &index);
	for (size_t i = 0; i < sel->chosen_count; i++)
		find_also(a, &index, sel->chosen[i], &list[i]);
	return list;
}
