/* SPDX-License-Identifier: ISC */
/*
 * MY DATA: what is kept of a reader, told to nobody but them: the link to it is mailed to their
 * own address, whoever asked, and lasts LIMIT_ERASE_AGE.
 */
#ifndef FLOW_OWN_DATA_H
#define FLOW_OWN_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"

struct run;

/* Which page they are mailed a link to. */
enum own_link {
	OWN_PREFERENCES, /* a fresh one */
	OWN_DATA,
	OWN_ERASING /* the same page, by other words */
};
/*
 * Queues the letter, within the limits of join_may_send_link(); beyond them nothing happens, and
 * whoever asked sees no difference.  In one commit, or the caller's.
 */
bool flow_own_link(struct run *run, const struct reader *r, enum own_link what,
    struct err *err) MUST_CHECK;
/* How much there is of them. */
struct own_data {
	struct reader_event_line *history; /* oldest first */
	size_t history_count, letter_count, notice_count, bounce_count;
};
/*
 * Everything that is kept of them, as JSON: what planetpost(1) calls "your data".  In
 * run->arena; of letters and bounces the newest LIMIT_OWN_DELIVERIES each.
 * ERR_LIMIT when it does not fit into out.
 */
bool flow_own_data(struct run *run, const struct reader *r, struct own_data *counts,
    struct buf *out, struct err *err) MUST_CHECK;

#endif
