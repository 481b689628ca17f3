/* SPDX-License-Identifier: ISC */
/* Posts that their source takes back before they were mailed. */
#ifndef FLOW_TAKEN_BACK_H
#define FLOW_TAKEN_BACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "feed/feed.h"
#include "flow/context.h"

/*
 * Compares what of a source was not mailed yet with its document, whose entries have their ids
 * (0: not stored).  What is missing though the document still shows an older post is taken back;
 * what is there again may be mailed again.  A damaged document, or one in no order of time, tells
 * nothing.  Inside the caller's transaction.
 */
bool flow_take_back(struct run *run, struct arena *scratch, int64_t source_id,
    const struct feed *feed, struct err *err) MUST_CHECK;

#endif
