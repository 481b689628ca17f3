/* SPDX-License-Identifier: ISC */
/*
 * What most commands open first: settings, store, time zone, run lock, and a flow over them.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "flow/context.h"
#include "base/file.h"
#include "cmd/cmd.h"

struct session {
	struct run flow;
	struct store *store;
	struct zone *zone;
	struct file_lock lock;
	const char *scratch_path; /* the copy a dry run works on, removed at the end */
};

enum session_need {
	SESSION_READ,   /* the database must be there */
	SESSION_WRITE,  /* it must be there, and no other run may be working */
	SESSION_CREATE, /* as WRITE, made when it is not there */
	SESSION_BESIDE, /* short writes beside a run that may take hours: takes no lock; created */
	SESSION_MEMORY /* a private one, for looking at other people's planets */
};

/*
 * doing: for the lock, "run", "sub import": what others are told who find it held.
 * With --dry-run the store is a copy that goes away at the end.
 */
bool session_open(struct session *s, struct app *app, enum session_need need,
    const char *doing, struct err *err) MUST_CHECK;
/* Closes what is open; the first error counts.  Returns ok && closing went well. */
bool session_close(struct session *s, bool ok, struct err *err) MUST_CHECK;

#endif
