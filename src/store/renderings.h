/* SPDX-License-Identifier: ISC */
/* What of a letter is the same for many readers: variants, and their renderings. */
#ifndef STORE_RENDERINGS_H
#define STORE_RENDERINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* One rendering of an issue; replaces an earlier one of the same variant. */
bool store_rendering_put(struct store *s, int64_t issue_id, int64_t variant_id,
    const struct rendering *r, struct err *err) MUST_CHECK;
/* ERR_INPUT when there is none. */
bool store_rendering_get(struct store *s, struct arena *a, int64_t issue_id,
    int64_t variant_id, struct rendering *out, struct err *err) MUST_CHECK;
/* The variant of that key, made when new; v->id is filled in. */
bool store_variant(struct store *s, struct variant *v, struct err *err) MUST_CHECK;
/*
 * The variants that readers who are active or on hold use: one for each body and format among
 * them.  id 0 and key NULL where there is none yet: the caller makes it with store_variant(),
 * before store_deliveries_queue(), which refuses to leave a reader out (ERR_BUG).
 */
bool store_variants_in_use(struct store *s, struct arena *a, struct variant **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
