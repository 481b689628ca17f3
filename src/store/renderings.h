/* SPDX-License-Identifier: ISC */
/*
 * What of a letter is the same for many readers: the rendering of a span of issues in one
 * variant, and the letterhead that all letters of a time share.
 */
#ifndef STORE_RENDERINGS_H
#define STORE_RENDERINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* Which rendering: part is 1, and up when a letter is split. */
struct rendering_key {
	struct span span;
	int64_t variant_id;
	int64_t part;
};
/* A stored rendering that others of its issue have most passages in common with. */
struct rendering_base {
	int64_t id; /* 0: none */
	struct rendering r;
};
/*
 * Keeps a rendering, compressed, with its letterhead (NULL: none yet); replaces an earlier one
 * of the same key.  With a base (NULL: none) it is kept as its difference from that, which must
 * be in the store as long: ERR_BUG when a base is replaced.
 */
bool store_rendering_put(struct store *s, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, const struct rendering_base *base,
    int64_t now, struct err *err) MUST_CHECK;
/* The rendering as a base for others, in a; its id is 0 when there is none that stands alone. */
bool store_rendering_base(struct store *s, struct arena *a,
    const struct rendering_key *key, struct rendering_base *out,
    struct err *err) MUST_CHECK;
/*
 * The rendering, made whole again from what it is a difference from.
 * out or letterhead may be NULL when that is not wanted: the letterhead alone unpacks nothing.
 * In a; *found false when there is none.
 */
bool store_rendering_get(struct store *s, struct arena *a,
    const struct rendering_key *key, struct rendering *out, const char **letterhead,
    bool *found, struct err *err) MUST_CHECK;
/*
 * Drops renderings made before t, but those of one issue in the variants `kept` and `shown`, which
 * the archive has for ever.  A base is one of them.
 */
bool store_renderings_tidy(struct store *s, int64_t t, int64_t kept, int64_t shown,
    int64_t *dropped, struct err *err) MUST_CHECK;

#endif
