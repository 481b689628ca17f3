/* SPDX-License-Identifier: ISC */
#include "flow/leave.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "flow/context.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "list/subscription.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/reader_history.h"
#include "store/readers.h"
#include "store/transactions.h"

static const struct {
	enum event_cause cause;
	const char *detail;
} ways[] = {
	[LEAVE_PAGE] = { CAUSE_PAGE, "by the page" },
	[LEAVE_ONE_CLICK] = { CAUSE_PAGE, "by one click" },
	[LEAVE_MAILTO] = { CAUSE_MAIL, "to the letter's address" },
	[LEAVE_MAIL] = { CAUSE_MAIL, "by mail" },
};

bool
flow_leave_look(struct run *run, const char *text, struct reader *r, bool *found,
    struct err *err)
{
	unsigned char key[HASH_SIZE];
	struct token token;

	*found = false;
	memset(r, 0, sizeof(*r));
	if (!store_key(run->store, key, err))
		return false;
	if (!token_check(key, TOKEN_LEAVE, text, &token))
		return true;
	if (!store_reader_get(run->store, run->arena, token.reader, r, found, err))
		return false;
	/* Of another address of theirs too: leaving never runs out. */
	*found = *found && r->address && token.epoch <= r->epoch;
	return true;
}

static bool
say_goodbye(struct run *run, const struct reader *r, enum leave_way way, struct err *err)
{
	const enum goodbye wanted = run->config->list.goodbye;
	const struct notice_order o = { .kind = NOTICE_GOODBYE,
		.reader = r,
		.asked = TIME_NONE };

	if (wanted == GOODBYE_NEVER ||
	    (wanted == GOODBYE_FORM && (way == LEAVE_ONE_CLICK || way == LEAVE_MAILTO)))
		return true;
	return flow_notice_queue(run, &o, err);
}

static bool
leave(struct run *run, const char *token, enum leave_way way, struct reader *r,
    bool *found, struct err *err)
{
	const struct reader_move move = { EVENT_LEAVE, ways[way].cause, NULL,
		ways[way].detail };

	if (!flow_leave_look(run, token, r, found, err))
		return false;
	if (!*found || subscription_has_ended(r->state))
		return true;
	return flow_reader_move(run, r, &move, err) && say_goodbye(run, r, way, err);
}

bool
flow_leave(struct run *run, const char *token, enum leave_way way, struct reader *r,
    bool *found, struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, leave(run, token, way, r, found, err), err);
}

static bool
undo(struct run *run, const char *token, struct reader *r, bool *undone, struct err *err)
{
	const struct reader_move move = { EVENT_UNDO, CAUSE_PAGE, NULL, "came back" };
	struct reader_event_line *lines = NULL;
	size_t count = 0;
	bool found = false;

	if (!flow_leave_look(run, token, r, &found, err))
		return false;
	if (!found || r->state != READER_LEFT)
		return true;
	if (!store_history(run->store, run->arena, r->id, &lines, &count, err))
		return false;
	if (count == 0 || lines[count - 1].event != EVENT_LEAVE ||
	    run->now - lines[count - 1].at > LIMIT_UNDO_AGE)
		return true;
	*undone = true;
	return flow_reader_move(run, r, &move, err);
}

bool
flow_leave_undo(struct run *run, const char *token, struct reader *r, bool *undone,
    struct err *err)
{
	*undone = false;
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, undo(run, token, r, undone, err), err);
}
