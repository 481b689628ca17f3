/* SPDX-License-Identifier: ISC */
/*
 * How much of each entry a letter shows.  It begins at what settings and reader ask for and
 * falls, largest entry first, until the letter fits.  Private to digest/.
 */
#ifndef DIGEST_FIT_H
#define DIGEST_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/entry_body.h"
#include "digest/group.h"
#include "digest/render.h"

struct fit_item {
	const struct entry *entry;
	const struct source *source;
	enum entry_body level; /* what is shown of it now */
	bool is_hidden;        /* not even its title: it is only counted */
	bool rtl;
	struct shown_body bodies[BODY_FULL + 1]; /* by level, made when first asked for */
};
struct fit {
	struct body_style style;
	struct fit_item *items; /* in the order of the digest */
	size_t count;
	size_t hidden_count;
	size_t others_count; /* blogs with too many posts to show any: named, as many */
	enum overflow overflow; /* what happens when not even titles fit */
	bool has_contents;
	bool is_titles; /* titles only: the contents are the letter */
};

/* Lives in a; ctx and d must live as long. */
void fit_init(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, struct fit *out);
/* What is shown of the item now; NULL for titles only. */
const struct shown_body *fit_body(const struct fit *f, struct fit_item *item);
/*
 * Lets entries fall until about `bytes` are saved.  False when there is nothing left that
 * could fall.
 */
bool fit_shrink(struct fit *f, size_t bytes) MUST_CHECK;

#endif
