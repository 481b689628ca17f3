/* SPDX-License-Identifier: ISC */
/*
 * What other blogs have to do with the posts of a letter.
 */
#ifndef DIGEST_TIES_H
#define DIGEST_TIES_H

#include <stddef.h>

#include "base/arena.h"
#include "digest/select.h"
#include "model/model.h"

struct digest_ties {
	/* Further sources that carry the post, in the order of the list. */
	const struct source **also;
	size_t also_count;
};
/* Of each chosen entry, in their order.  Lives in a, as long as the sources. */
const struct digest_ties *digest_tie(struct arena *a, const struct source *sources,
    size_t source_count, const struct selection *sel) MUST_CHECK;

#endif
