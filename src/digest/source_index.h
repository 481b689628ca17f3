/* SPDX-License-Identifier: ISC */
/*
 * Sources by id: a first run may count a hundred thousand entries over the limits.  Private to
 * digest/.
 */
#ifndef DIGEST_SOURCE_INDEX_H
#define DIGEST_SOURCE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

struct source_index {
	const struct source *sources;
	const struct source **by_id; /* the same in the order of their ids */
	size_t count;
};

/* Lives in a; the sources must live as long. */
void source_index_make(struct arena *a, const struct source *sources, size_t count,
    struct source_index *out);
/* The place of the source in the list; its count when it is not there. */
size_t source_index_place(const struct source_index *index, int64_t id);

#endif
