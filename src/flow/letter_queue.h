/* SPDX-License-Identifier: ISC */
/* Who gets a letter now: holds that ended, letters overtaken, spans, watermarks. */
#ifndef FLOW_LETTER_QUEUE_H
#define FLOW_LETTER_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"

struct run;

struct queue_report {
	int64_t queued;    /* letters */
	int64_t nothing;   /* readers for whom the issues held nothing */
	int64_t withdrawn; /* letters that waited: their issues are in the new ones */
	int64_t resumed;   /* readers whose hold ended */
};
/*
 * Queues a letter to every reader who is due.  Does next to nothing when nobody is.
 * ERR_HUMAN, with nothing queued, when many more read than at the last issue, unless
 * accept_growth.  Not inside a transaction; the run lock must be held.
 */
bool flow_letters_queue(struct run *run, bool accept_growth, struct queue_report *report,
    struct err *err) MUST_CHECK;

#endif
