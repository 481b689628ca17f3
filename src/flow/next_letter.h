/* SPDX-License-Identifier: ISC */
/* The letter that a run would send a reader now, made without writing anything down. */
#ifndef FLOW_NEXT_LETTER_H
#define FLOW_NEXT_LETTER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "flow/compile.h"
#include "flow/shared_letter.h"
#include "model/model.h"

struct run;

struct next_letter {
	bool any; /* false: there is nothing new for them, and nothing below is set */
	struct shared_letter shared; /* not encoded */
	struct delivery delivery;
	struct variant variant;
};
/*
 * What to gets with the next issue: the draft that waits, else one of what is unmailed now;
 * with the issues they have missed before it, under the next number.  Letters of theirs that
 * wait are in it, as they would be.  to->id 0: somebody who has had all issues so far.  In
 * run->arena; shared_letter_clear() follows, after a failure too.
 */
bool flow_next_letter(struct run *run, const struct reader *to,
    const struct compile_window *w, struct next_letter *out, struct err *err) MUST_CHECK;
/* Appends its bytes: the very ones that a run with this clock sends. */
bool flow_next_letter_write(struct run *run, struct next_letter *l, struct buf *out,
    struct err *err) MUST_CHECK;

#endif
