/* SPDX-License-Identifier: ISC */
/* DELIVER: the letters of an issue composed, handed over, their answers written down. */
#ifndef FLOW_DELIVER_H
#define FLOW_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"

struct run;

struct deliver_options {
	const char *only_to; /* one checked address instead of the list, or NULL */
	int64_t limit;       /* 0 = all */
	bool accept_growth;
};
struct deliver_report {
	int64_t audience; /* newly queued */
	int64_t sent, deferred, refused, unknown, skipped;
	int64_t waiting;   /* queued or deferred when it ended */
	int64_t recovered; /* found in state sending: now unknown */
	int64_t ms;
	bool finished; /* nothing waits any more */
};
/* Queues the issue's letters and sends what may go now.  The run lock must be held. */
bool flow_deliver(struct run *run, struct issue *issue, const struct deliver_options *o,
    struct deliver_report *report, struct err *err) MUST_CHECK;
/* One letter of a compiled issue as bytes, for preview and the demo: `to` is checked. */
bool flow_letter(struct run *run, const struct issue *issue, const struct rendering *r,
    const struct reader *to, struct buf *out, struct err *err) MUST_CHECK;

#endif
