/* SPDX-License-Identifier: ISC */
#include "flow/clock_check.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/context.h"
#include "store/clock_mend.h"
#include "store/notes.h"

enum { DAY = 86400, JUMP = 30 * DAY, REST = 7 * DAY };

/* 1 January 2025: no right clock has said less since there is this program. */
static const int64_t written = 1735689600;
static const char slot_note[] = "schedule.slot";
static const char run_note[] = "last_run";
static const char jump_note[] = "clock.jump";

/* A week for a feed that is gone, a day to leave the hours it skips, and one for its ttl. */
static int64_t
longest_poll(const struct run *run)
{
	const int64_t every = run->config->fetch.every;
	const int64_t longest = run->config->fetch.longest;
	const int64_t most = every > longest ? every : longest;

	return (most > 7 * DAY ? most : 7 * DAY) + 2 * DAY;
}

static bool
mend(struct run *run, int64_t ahead, struct err *err)
{
	char was[CLOCK_TEXT];
	char is[CLOCK_TEXT];

	if (run->now < written) {
		log_warn("clock", "this machine's clock says %s, which cannot be",
		    clock_rfc3339(run->now, is));
		return true;
	}
	log_warn("clock",
	    "an earlier run's clock led to waits until %s, now it is %s: they are not "
	    "believed",
	    clock_rfc3339(ahead, was), clock_rfc3339(run->now, is));
	return store_clock_mend(run->store, longest_poll(run), run->now, err);
}

bool
flow_clock_check(struct run *run, struct err *err)
{
	int64_t ahead = TIME_NONE;
	int64_t slot = TIME_NONE;

	if (!store_clock_ahead(run->store, longest_poll(run), run->now, &ahead, err) ||
	    !store_note_time(run->store, slot_note, &slot, err))
		return false;
	if (slot > run->now + CLOCK_BELIEVED_DAYS * DAY && run->now >= written) {
		ahead = ahead > slot ? ahead : slot;
		/* The slot of now is open again. */
		if (!store_note_set_time(run->store, slot_note, 0, err))
			return false;
	}
	return ahead == TIME_NONE || mend(run, ahead, err);
}

bool
flow_clock_may_tidy(struct run *run, bool *may, struct err *err)
{
	int64_t last = TIME_NONE;
	int64_t jump = TIME_NONE;

	*may = false;
	if (!store_note_time(run->store, run_note, &last, err) ||
	    !store_note_time(run->store, jump_note, &jump, err))
		return false;
	if (last != TIME_NONE && run->now - last > JUMP) {
		jump = run->now;
		if (!store_note_set_time(run->store, jump_note, jump, err))
			return false;
	}
	*may = jump == TIME_NONE || jump > run->now || run->now - jump > REST;
	return true;
}
