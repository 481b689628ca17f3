/* SPDX-License-Identifier: ISC */
#include "flow/reader_moves.h"

#include <string.h>

#include "base/clock.h"
#include "base/zone.h"
#include "flow/context.h"
#include "list/subscription.h"
#include "model/names.h"
#include "store/delivery_queue.h"
#include "store/reader_history.h"
#include "store/readers.h"
#include "store/transactions.h"

bool
flow_next_slot(struct run *run, const struct cadence *c, int64_t *due, struct err *err)
{
	const struct cadence whole = cadence_complete(c, &run->config->digest.schedule,
	    (int)run->config->digest.weekly_day);
	struct zone *own = NULL;

	*due = TIME_NONE;
	if (c->rhythm == RHYTHM_EACH)
		return true;
	if (whole.zone && *whole.zone) {
		own = zone_open(whole.zone, err);
		if (!own)
			return false;
	}
	*due = cadence_next(&whole, own ? own : run->zone, run->now);
	zone_close(own);
	return true;
}

/* Readers whom each issue is sent are looked at at once when they may have missed some. */
static bool
set_due(struct run *run, struct reader *r, bool look_at_once, struct err *err)
{
	if (!flow_next_slot(run, &r->cadence, &r->due, err))
		return false;
	if (r->cadence.rhythm == RHYTHM_EACH && look_at_once)
		r->due = run->now;
	return true;
}

static void
end_hold(struct reader *r)
{
	r->hold_until = TIME_NONE;
	r->hold_skip = false;
}

static bool
begin_after(struct run *run, struct reader *r, int64_t newest, struct err *err)
{
	r->last_issue = newest;
	end_hold(r);
	return set_due(run, r, false, err);
}

/*
 * They begin, or begin anew: with what is approved from now on, or with the newest issue.  Of
 * that nobody gets a second letter: had is the number of the last that they had.
 */
static bool
begin_reading(struct run *run, struct reader *r, bool by_asking, struct err *err)
{
	const int64_t had = r->last_issue;
	struct span newest;

	if (!store_newest_issue(run->store, &newest, err) ||
	    !begin_after(run, r, newest.last, err))
		return false;
	if (by_asking && run->config->list.welcome && newest.last > had) {
		r->last_issue = newest.last - 1;
		r->due = run->now;
	}
	return true;
}

/* Back from a hold or from bouncing: one letter brings what was missed, unless it is skipped. */
static bool
resume_reading(struct run *run, struct reader *r, struct err *err)
{
	int64_t until = run->now;
	int64_t number = 0;

	if (r->hold_skip) {
		if (r->hold_until != TIME_NONE && r->hold_until < until)
			until = r->hold_until;
		if (!store_issue_number_at(run->store, until, &number, err))
			return false;
		if (number > r->last_issue)
			r->last_issue = number;
	}
	end_hold(r);
	return set_due(run, r, true, err);
}

/*
 * Nothing more goes to them for now.  What waits is taken back and the watermark with it, so
 * that it is in the next letter should they come back.
 */
static bool
stop_reading(struct run *run, struct reader *r, struct err *err)
{
	r->due = r->state == READER_HOLD ? r->hold_until : TIME_NONE;
	/* A removal or a leave that is taken back restores the hold. */
	if (r->state != READER_HOLD && !subscription_has_ended(r->state))
		end_hold(r);
	return store_deliveries_withdraw(run->store, r->id, &r->last_issue, err);
}

static bool
same_cadence(const struct cadence *a, const struct cadence *b)
{
	return a->rhythm == b->rhythm && a->day == b->day && a->minute == b->minute &&
	    strcmp(a->zone ? a->zone : "", b->zone ? b->zone : "") == 0;
}

/* A slot that waits for an issue stays open when other wishes change. */
static bool
change_rhythm(struct run *run, struct reader *r, struct err *err)
{
	struct reader stored;
	bool found = false;

	if (!store_reader_get(run->store, run->arena, r->id, &stored, &found, err))
		return false;
	if (found && same_cadence(&stored.cadence, &r->cadence))
		return true;
	return set_due(run, r, true, err);
}

/* What the move from one state to the other does to the letters of a reader. */
static bool
apply(struct run *run, struct reader *r, enum reader_state from,
    const struct reader_move *move, struct err *err)
{
	const enum reader_event event = move->event;
	const bool had_read = from == READER_HOLD || from == READER_BOUNCED;

	if (r->state != READER_ACTIVE)
		return stop_reading(run, r, err);
	if (had_read || event == EVENT_UNDO)
		return resume_reading(run, r, err);
	/* Who has not confirmed has had none. */
	if (from == READER_PENDING)
		r->last_issue = 0;
	if (from != READER_ACTIVE)
		return begin_reading(run, r, event == EVENT_CONFIRM, err);
	end_hold(r);
	return event != EVENT_EDIT || change_rhythm(run, r, err);
}

static bool
write_line(struct run *run, const struct reader *r, const struct reader_move *move,
    struct err *err)
{
	const struct reader_event_line line = { .at = run->now,
		.event = move->event,
		.cause = move->cause,
		.state = r->state,
		.evidence = move->evidence,
		.detail = move->detail };

	return store_history_add(run->store, r->id, &line, err);
}

/*
 * What they were before the keeper removed them, or they left: whoever had not confirmed, or
 * was on hold, is so again.
 */
static bool
state_before(enum reader_state gone, struct run *run, struct reader *r, struct err *err)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	if (!store_history(run->store, run->arena, r->id, &lines, &count, err))
		return false;
	while (count > 0 && lines[count - 1].state == gone)
		count--;
	if (count > 0)
		r->state = lines[count - 1].state;
	return true;
}

static bool
move_reader(struct run *run, struct reader *r, const struct reader_move *move,
    struct err *err)
{
	const enum reader_state from = r->state;

	if (!subscription_move(from, move->event, &r->state))
		return err_set(err, ERR_INPUT, "a reader who is '%s' cannot be '%s'",
		    reader_state_name(from), reader_event_name(move->event));
	if (move->event == EVENT_UNDO && !state_before(from, run, r, err))
		return false;
	/* Nothing of them is left, not even their history. */
	if (move->event == EVENT_FORGET)
		return store_reader_forget(run->store, r->id, err);
	if (r->state == READER_ERASED)
		return store_reader_erase(run->store, r->id, err);
	if (move->event == EVENT_CONFIRM || move->event == EVENT_IMPORT) {
		if (from != READER_ACTIVE || r->confirmed == TIME_NONE)
			r->confirmed = run->now;
		if (move->evidence)
			r->confirmed_by = move->evidence;
	}
	return apply(run, r, from, move, err) &&
	    store_reader_update(run->store, r, err) && write_line(run, r, move, err);
}

bool
flow_reader_move(struct run *run, struct reader *r, const struct reader_move *move,
    struct err *err)
{
	if (!store_scope_begin(run->store, err) ||
	    !store_scope_end(run->store, move_reader(run, r, move, err), err))
		return false;
	if (r->state == READER_ERASED)
		store_begin_log_anew(run->store);
	return true;
}

bool
flow_reader_add_after(struct run *run, struct reader *r, int64_t newest,
    const struct reader_move *move, struct err *err)
{
	if (!begin_after(run, r, newest, err))
		return false;
	if (r->state != READER_ACTIVE)
		r->due = r->state == READER_HOLD ? r->hold_until : TIME_NONE;
	return store_reader_add(run->store, r, err) && write_line(run, r, move, err);
}

bool
flow_reader_add(struct run *run, struct reader *r, const struct reader_move *move,
    struct err *err)
{
	struct span newest;

	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		store_newest_issue(run->store, &newest, err) &&
		    flow_reader_add_after(run, r, newest.last, move, err),
		err);
}
