/* SPDX-License-Identifier: ISC */
/* DELIVER: letters composed, handed over, and their answers written down. */
#ifndef FLOW_DELIVER_H
#define FLOW_DELIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/* What is right when the database is older than what was sent. */
enum restored {
	RESTORED_ASK,     /* nobody has said it: nothing goes */
	RESTORED_UNKNOWN, /* what may have gone is unknown, and does not go */
	RESTORED_SEND     /* what waits goes, to some readers perhaps twice */
};
struct deliver_options {
	int64_t
	    issue_id; /* letters of this issue alone; 0: all that waits, and notices */
	bool notices_only; /* a test letter goes, and nothing else */
	int64_t limit;     /* letters; 0 = all */
	enum restored restored;
};
/* What became of the letters of one issue, or of the notices. */
struct issue_outcome {
	int64_t issue_id; /* 0: notices */
	const char *name; /* in run->arena; NULL for notices */
	int64_t sent, deferred, refused, unknown;
	int64_t earlier; /* accepted by earlier runs */
};
struct deliver_report {
	int64_t sent, deferred, refused, unknown;
	int64_t waiting;     /* queued or deferred when it ended */
	int64_t quiet_until; /* smtp.quiet_hours hold letters up to then; 0 = no */
	bool interrupted;    /* it was told to stop */
	int64_t recovered;   /* found in state sending: now unknown */
	int64_t ms;
	struct issue_outcome
	    *issues; /* in run->arena, in the order of the first answers */
	size_t issue_count;
};
/* When the quiet hours end that are now; TIME_NONE when none are. */
int64_t flow_quiet_until(const struct run *run);
/*
 * Sends what waits and may go now: notices first, then letters to be tried again, then the
 * rest by issue and variant.  Issues of which nothing waits any more are closed.  The run lock
 * must be held.  In smtp.quiet_hours only notices go, and it ends when they begin.
 */
bool flow_deliver(struct run *run, const struct deliver_options *o,
    struct deliver_report *report, struct err *err) MUST_CHECK;

#endif
