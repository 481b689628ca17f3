/* SPDX-License-Identifier: ISC */
/* The letter that a run would send a reader now, made to be looked at: nothing is written down.
 * Who gets which letter is decided in letter_queue. */
#ifndef FLOW_PREVIEW_LETTER_H
#define FLOW_PREVIEW_LETTER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "flow/compile.h"
#include "flow/shared_letter.h"
#include "model/model.h"

struct run;

struct preview_letter {
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
bool flow_preview_letter(struct run *run, const struct reader *to,
    const struct compile_window *w, struct preview_letter *out,
    struct err *err) MUST_CHECK;
/* Appends its bytes: the very ones that a run with this clock sends. */
bool flow_preview_letter_write(struct run *run, struct preview_letter *l, struct buf *out,
    struct err *err) MUST_CHECK;

/*
 * Queues what would be the next issue as a letter of its own to an address: as a notice, so
 * that no issue, reader, entry or watermark moves.  *queued false, without an error, when there
 * is nothing new.  `store` false: only tells.
 */
bool flow_letter_copy(struct run *run, const char *address, bool store, bool *queued,
    struct err *err) MUST_CHECK;

#endif
