/* SPDX-License-Identifier: ISC */
/* The letter of a span of issues: what it holds, and its rendering, made once and kept. */
#ifndef FLOW_SPAN_H
#define FLOW_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"
#include "store/renderings.h"

struct run;

/* Whether any post of the span is of the variant's sources. */
bool flow_span_holds_any(struct run *run, const struct span *span, int64_t variant_id,
    bool *holds, struct err *err) MUST_CHECK;
/*
 * The rendering of a span in a variant: as it is stored, or made and stored now.  *issue gets
 * the newest issue of the span.  Both in a; what is made on the way does not stay.
 */
bool flow_span_rendering(struct run *run, struct arena *a,
    const struct rendering_key *key, struct rendering *out, struct issue *issue,
    struct err *err) MUST_CHECK;

#endif
