/* SPDX-License-Identifier: ISC */
#include "base/attr.h"
#include "base/clock.h"
#include "list/preferences.h"
#include "list/subscription.h"

/*
 * The legal moves.  Somebody who left or was taken out comes back only by their own
 * confirmation, never by an import; an erased reader does not come back at all (the address
 * is no longer known; a new subscription is a new reader).
 */
static const struct move {
	enum reader_state from;
	enum reader_event event;
	enum reader_state to;
} moves[] = {
	{ READER_PENDING, EVENT_ASK, READER_PENDING },
	{ READER_BOUNCED, EVENT_ASK, READER_BOUNCED },
	{ READER_LEFT, EVENT_ASK, READER_LEFT },
	{ READER_REMOVED, EVENT_ASK, READER_REMOVED },
	{ READER_PENDING, EVENT_FORGET, READER_ERASED },
	{ READER_PENDING, EVENT_CONFIRM, READER_ACTIVE },
	{ READER_PENDING, EVENT_IMPORT, READER_ACTIVE },
	{ READER_PENDING, EVENT_LEAVE, READER_LEFT },
	{ READER_PENDING, EVENT_REMOVE, READER_REMOVED },
	{ READER_PENDING, EVENT_ERASE, READER_ERASED },
	{ READER_ACTIVE, EVENT_CONFIRM, READER_ACTIVE },
	{ READER_ACTIVE, EVENT_IMPORT, READER_ACTIVE },
	{ READER_ACTIVE, EVENT_HOLD, READER_HOLD },
	{ READER_ACTIVE, EVENT_RESUME, READER_ACTIVE },
	{ READER_ACTIVE, EVENT_LEAVE, READER_LEFT },
	{ READER_ACTIVE, EVENT_REMOVE, READER_REMOVED },
	{ READER_ACTIVE, EVENT_BOUNCE, READER_BOUNCED },
	{ READER_ACTIVE, EVENT_ERASE, READER_ERASED },
	{ READER_ACTIVE, EVENT_EDIT, READER_ACTIVE },
	{ READER_HOLD, EVENT_EDIT, READER_HOLD },
	{ READER_BOUNCED, EVENT_EDIT, READER_BOUNCED },
	{ READER_PENDING, EVENT_EDIT, READER_PENDING },
	{ READER_REMOVED, EVENT_UNDO, READER_ACTIVE },
	{ READER_LEFT, EVENT_UNDO, READER_ACTIVE },
	{ READER_HOLD, EVENT_IMPORT, READER_HOLD },
	{ READER_HOLD, EVENT_HOLD, READER_HOLD },
	{ READER_HOLD, EVENT_RESUME, READER_ACTIVE },
	{ READER_HOLD, EVENT_LEAVE, READER_LEFT },
	{ READER_HOLD, EVENT_REMOVE, READER_REMOVED },
	{ READER_HOLD, EVENT_BOUNCE, READER_BOUNCED },
	{ READER_HOLD, EVENT_ERASE, READER_ERASED },
	{ READER_BOUNCED, EVENT_RESUME, READER_ACTIVE },
	{ READER_BOUNCED, EVENT_CONFIRM, READER_ACTIVE },
	{ READER_BOUNCED, EVENT_IMPORT, READER_BOUNCED },
	{ READER_BOUNCED, EVENT_BOUNCE, READER_BOUNCED },
	{ READER_BOUNCED, EVENT_LEAVE, READER_LEFT },
	{ READER_BOUNCED, EVENT_REMOVE, READER_REMOVED },
	{ READER_BOUNCED, EVENT_ERASE, READER_ERASED },
	{ READER_LEFT, EVENT_CONFIRM, READER_ACTIVE },
	{ READER_LEFT, EVENT_LEAVE, READER_LEFT },
	{ READER_LEFT, EVENT_REMOVE, READER_REMOVED },
	{ READER_LEFT, EVENT_ERASE, READER_ERASED },
	{ READER_REMOVED, EVENT_CONFIRM, READER_ACTIVE },
	{ READER_REMOVED, EVENT_LEAVE, READER_LEFT },
	{ READER_REMOVED, EVENT_REMOVE, READER_REMOVED },
	{ READER_REMOVED, EVENT_ERASE, READER_ERASED },
};

bool
subscription_move(enum reader_state from, enum reader_event event, enum reader_state *to)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i].from == from && moves[i].event == event) {
			*to = moves[i].to;
			return true;
		}
	}
	return false;
}

bool
subscription_has_ended(enum reader_state state)
{
	return state == READER_LEFT || state == READER_REMOVED;
}

bool
subscription_reads(enum reader_state state)
{
	return state == READER_ACTIVE || state == READER_HOLD;
}

struct reader
subscription_new(int64_t now, const char *confirmed_by)
{
	return (struct reader){
		.state = READER_ACTIVE,
		.cadence = { RHYTHM_EACH, 0, CADENCE_ANY, NULL },
		.variant = variant_of_archive(),
		.due = TIME_NONE,
		.confirmed_by = confirmed_by,
		.created = now,
		.confirmed = now,
		.hold_until = TIME_NONE,
	};
}
