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

struct letterhead;
struct run;

/* Whether any post of the span is of the variant's sources. */
bool flow_span_holds_any(struct run *run, const struct span *span, int64_t variant_id,
    bool *holds, struct err *err) MUST_CHECK;
enum letter_making {
	LETTER_MAKE,  /* what is not stored is made and stored */
	LETTER_LOOK,  /* what is not stored is made, and nothing is written */
	LETTER_STORED /* what is not stored is gone: ERR_INPUT */
};
/*
 * The rendering of a span in a variant and its letterhead.  *issue gets the newest issue of
 * the span.  In a; letterhead_clear() follows, after a failure too when *head was zeroed before.
 */
bool flow_span_rendering(struct run *run, struct arena *a,
    const struct rendering_key *key, enum letter_making making, struct rendering *out,
    struct issue *issue, struct letterhead *head, struct err *err) MUST_CHECK;
/* The same of an issue as it is, a draft too; nothing is stored. */
bool flow_draft_rendering(struct run *run, struct arena *a, int64_t issue_id,
    const struct variant *v, struct rendering *out, struct issue *issue,
    struct letterhead *head, struct err *err) MUST_CHECK;

#endif
