/* SPDX-License-Identifier: ISC */
/* What readers wish, each combination stored once: variants of letters and cadences. */
#ifndef STORE_VARIANTS_H
#define STORE_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* The variant of those wishes, made when new; v->id is filled in. */
bool store_variant_intern(struct store *s, struct variant *v, struct err *err) MUST_CHECK;
/* Its id; 0 when nobody has ever wished so. */
bool store_variant_find(struct store *s, const struct variant *v, int64_t *id,
    struct err *err) MUST_CHECK;
/* By id; ERR_BUG when there is none.  In a. */
bool store_variant_get(struct store *s, struct arena *a, int64_t id, struct variant *out,
    struct err *err) MUST_CHECK;
/* Which wishes for pictures were ever in use: a bit of 1 << enum picture_wish each. */
bool store_variants_pictures(struct store *s, unsigned *wishes,
    struct err *err) MUST_CHECK;

/* The id of a cadence, made when new. */
bool store_cadence_intern(struct store *s, const struct cadence *c, int64_t *id,
    struct err *err) MUST_CHECK;
struct stored_cadence {
	int64_t id;
	struct cadence cadence;
};
/* All that were ever in use, by id. */
bool store_cadences(struct store *s, struct arena *a, struct stored_cadence **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
