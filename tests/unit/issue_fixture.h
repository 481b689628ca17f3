/* SPDX-License-Identifier: ISC */
/* An issue with letters to its readers, for tests of what is queued, taken and sent. */
#ifndef TESTS_ISSUE_FIXTURE_H
#define TESTS_ISSUE_FIXTURE_H

#include "unit/flow_fixture.h"

#include "flow/compile.h"
#include "flow/letter_queue.h"
#include "store/deliveries.h"

static inline struct issue
approved_issue(struct flow_test *t)
{
	struct compile_report r;

	(void)add_full_post(t, add_source(t->run.store, "a"), "one", NOW - 86400);
	MUST(flow_issue_build(&t->run, true, &r, err));
	SAME_INT("built", r.built, 1);
	return r.issue;
}

static inline struct queue_report
must_queue(struct flow_test *t)
{
	struct queue_report q;

	MUST(flow_letters_queue(&t->run, false, &q, err));
	return q;
}

static inline void
count_states(struct flow_test *t, int64_t issue_id, int64_t by_state[DELIVERY_STATES])
{
	MUST(store_deliveries_count(t->run.store, issue_id, by_state, err));
}

#endif
