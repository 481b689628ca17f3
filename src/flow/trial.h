/* SPDX-License-Identifier: ISC */
/*
 * A trial (transport.method = redirect): letters are made and sent as ever, to one address, and
 * nothing of it is kept.  What builds issues and sends works on a copy of the database meanwhile;
 * the database itself remembers only what a trial has shown, so that a timer does not show it
 * again.
 */
#ifndef FLOW_TRIAL_H
#define FLOW_TRIAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;
struct store;

/* Zeroed before use. */
struct trial {
	struct store *real; /* NULL: this is no trial */
	const char *path;   /* of the copy */
	const char *journal_path;
};

/* True when letters go to one address. */
bool flow_is_trial(const struct run *run);
/*
 * From now on run->store is the copy; nothing when there is no trial, or one has begun.  In it
 * are no notices that were shown before, and the hour of the schedule is that of the last trial.
 */
bool flow_trial_begin(struct run *run, struct trial *t, struct err *err) MUST_CHECK;
/* What the next trial does not show again. */
enum { TRIAL_SHOWED_NOTICES = 1, TRIAL_SHOWED_POSTS = 2 };
/* The copy goes.  shown: of these, 0 = nothing.  Nothing when there is no trial. */
bool flow_trial_end(struct run *run, struct trial *t, unsigned shown,
    struct err *err) MUST_CHECK;
/* With schedule = off: there is no post that was not in the last trial. */
bool flow_trial_is_old(struct run *run, bool *is_old, struct err *err) MUST_CHECK;

#endif
