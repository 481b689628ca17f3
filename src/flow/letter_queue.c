/* SPDX-License-Identifier: ISC */
#include "flow/letter_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/context.h"
#include "flow/reader_moves.h"
#include "flow/span.h"
#include "store/delivery_queue.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/readers.h"
#include "store/transactions.h"
#include "store/variants.h"

enum { GROWTH_LEAST = 50, RESUME_CHUNK = 500 };

/* How many readers the last issue had; and up to which issue everybody was looked at. */
static const char audience_note[] = "audience";
static const char queued_note[] = "queued_to";

/* ---- holds that ended ---- */

static bool
resume_some(struct run *run, struct arena *scratch, size_t *count, struct err *err)
{
	static const struct reader_move resume = { EVENT_RESUME, CAUSE_RUN, NULL,
		"the hold ended" };
	struct reader *list = NULL;

	if (!store_readers_off_hold(run->store, scratch, run->now, RESUME_CHUNK, &list,
		count, err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		if (!flow_reader_move(run, &list[i], &resume, err))
			return false;
	}
	return true;
}

static bool
resume_readers(struct run *run, int64_t *resumed, struct err *err)
{
	struct arena *scratch = arena_new();
	size_t count = RESUME_CHUNK;
	bool ok = true;

	while (ok && count == RESUME_CHUNK) {
		arena_reset(scratch);
		ok = resume_some(run, scratch, &count, err);
		*resumed += ok ? (int64_t)count : 0;
	}
	arena_free(scratch);
	return ok;
}

/* ---- the plan ---- */

static bool
plan_slots(struct run *run, struct queue_plan *plan, struct err *err)
{
	struct stored_cadence *cadences = NULL;
	struct next_slot *slots = NULL;

	if (!store_cadences(run->store, run->arena, &cadences, &plan->slot_count, err))
		return false;
	slots = arena_array(run->arena, plan->slot_count, sizeof(*slots));
	for (size_t i = 0; i < plan->slot_count; i++) {
		slots[i].cadence_id = cadences[i].id;
		if (!flow_next_slot(run, &cadences[i].cadence, &slots[i].due, err))
			return err_wrap(err, "a reader's time zone");
	}
	plan->slots = slots;
	return true;
}

/* Spans that hold nothing for readers who chose their sources. */
static bool
plan_empty_spans(struct run *run, struct queue_plan *plan, struct err *err)
{
	struct empty_span *list = NULL;
	size_t count = 0;
	size_t kept = 0;

	if (!store_queue_spans(run->store, plan, run->arena, &list, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct span span = { list[i].after, plan->newest.last,
			plan->newest.last_id };
		bool holds = false;

		if (!flow_span_holds_any(run, &span, list[i].variant_id, &holds, err))
			return false;
		if (!holds)
			list[kept++] = list[i];
	}
	plan->empty = list;
	plan->empty_count = kept;
	return true;
}

/* All who read: weekly readers who are due on a Monday are no growth. */
static bool
count_audience(struct run *run, int64_t *audience, struct err *err)
{
	int64_t by_state[READER_ERASED + 1];

	if (!store_readers_count(run->store, by_state, err))
		return false;
	*audience = by_state[READER_ACTIVE];
	return true;
}

/* A sudden crowd is more often a mistake (a wrong import) than a success. */
static bool
check_growth(struct run *run, int64_t audience, struct err *err)
{
	int64_t last = -1;

	if (!store_note_number(run->store, audience_note, &last, err))
		return false;
	if (last < 0 || audience - last <= GROWTH_LEAST ||
	    audience * 100 <= last * (100 + run->config->approval.max_growth))
		return true;
	err_set(err, ERR_HUMAN,
	    "the audience grew from %lld to %lld since the last issue (more than %lld %%)",
	    (long long)last, (long long)audience,
	    (long long)run->config->approval.max_growth);
	err_hint(err, "next");
	return err_next(err, NEXT_ACCEPT_AUDIENCE);
}

static bool
queue(struct run *run, struct queue_plan *plan, bool accept_growth,
    struct queue_report *report, struct err *err)
{
	struct queue_result result;
	int64_t audience = 0;

	/* Only a new issue is a matter of numbers; single readers are due every day. */
	if (plan->everybody &&
	    (!count_audience(run, &audience, err) ||
		(!accept_growth && !check_growth(run, audience, err))))
		return false;
	if (!store_deliveries_withdraw_overtaken(run->store, run->now, plan->newest.last,
		&report->withdrawn, err) ||
	    !plan_slots(run, plan, err) || !plan_empty_spans(run, plan, err) ||
	    !store_deliveries_queue(run->store, plan, &result, err))
		return false;
	report->queued = result.queued;
	report->nothing = result.nothing;
	/* What is queued goes; one commit with it says that everybody was looked at. */
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		(!plan->everybody ||
		    (store_note_set_number(run->store, audience_note, audience, err) &&
			store_note_set_number(run->store, queued_note, plan->newest.last,
			    err))) &&
		    store_issues_send(run->store, err),
		err);
}

bool
flow_letters_queue(struct run *run, bool accept_growth, struct queue_report *report,
    struct err *err)
{
	struct queue_plan plan = { .now = run->now };
	int64_t queued_to = 0;
	bool any = false;

	memset(report, 0, sizeof(*report));
	if (!resume_readers(run, &report->resumed, err) ||
	    !store_newest_issue(run->store, &plan.newest, err) ||
	    !store_note_number(run->store, queued_note, &queued_to, err))
		return false;
	plan.everybody = queued_to < plan.newest.last;
	if (!plan.everybody && plan.newest.last != 0 &&
	    !store_readers_own_due(run->store, run->now, &any, err))
		return false;
	/* Nobody can be due. */
	if (!plan.everybody && !any)
		return true;
	return queue(run, &plan, accept_growth, report, err);
}
