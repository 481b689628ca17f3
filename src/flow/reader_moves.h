/* SPDX-License-Identifier: ISC */
/*
 * What happens to a reader, written down with its line of history.  This is the one place that
 * walks the table of legal moves (list/subscription.c) and knows what a move does to the
 * watermark and to the instant of the next letter.
 */
#ifndef FLOW_READER_MOVES_H
#define FLOW_READER_MOVES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"

struct run;

struct reader_move {
	enum reader_event event;
	enum event_cause cause;
	const char *evidence; /* what shows that they wanted it, or NULL */
	const char *detail;   /* what changed, for people, or NULL */
};

/*
 * Moves a stored reader.  *r is what the store holds, with the wishes (cadence, variant,
 * hold_until, hold_skip, address) that the move brings already in it; it gets what the move
 * makes of it.  Who confirms gets the newest issue at once with list.welcome, unless they had
 * it.  ERR_INPUT when the move is not legal.  In the caller's transaction, or one of its own.
 */
bool flow_reader_move(struct run *run, struct reader *r, const struct reader_move *move,
    struct err *err) MUST_CHECK;
/*
 * Adds a new reader in the state that r has, with the first line of their history.  They get
 * what is approved from now on.  r->id is filled in; ERR_INPUT when the address is there.
 */
bool flow_reader_add(struct run *run, struct reader *r, const struct reader_move *move,
    struct err *err) MUST_CHECK;
/* The same for one of many, in the caller's transaction, who knows the newest issue's number. */
bool flow_reader_add_after(struct run *run, struct reader *r, int64_t newest,
    const struct reader_move *move, struct err *err) MUST_CHECK;

/*
 * The first slot of a cadence behind now, with what it leaves open taken from the newsletter's;
 * TIME_NONE when it is sent each issue.  ERR_INPUT when its time zone is not known.
 */
bool flow_next_slot(struct run *run, const struct cadence *c, int64_t *due,
    struct err *err) MUST_CHECK;

#endif
