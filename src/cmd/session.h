/* SPDX-License-Identifier: ISC */
/* What commands need open: settings, run lock, store, time zone. */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "cmd/app.h"

enum need {
	NEED_NOTHING,
	NEED_SETTINGS,
	NEED_MEMORY, /* a private database, for looking at other people's planets */
	NEED_LOOK,   /* the database, which must be there, for reading */
	NEED_WEB, /* what the readers' pages may do with it; it must be there; no lock */
	NEED_MAIL_IN, /* what mail that comes in may do with it; it must be there; no lock */
	/* As NEED_BESIDE, to show feeds; where nothing can be written, NEED_LOOK. */
	NEED_FEEDS,
	NEED_BESIDE, /* short writes beside a run that may take hours: no lock; created */
	NEED_WRITE,  /* it must be there, and no other run may be working */
	NEED_CREATE  /* as NEED_WRITE, made when it is not there */
};

/*
 * Opens what is needed and puts it in app->run.  doing: "run", "issue send": what others are
 * told who find the lock held.  With --dry-run the store is a copy that goes away at the end.
 * For NEED_FEEDS, and for who edits the configuration, its feeds are those of the configuration.
 * What was opened is open after a failure too: session_close() follows in any case.
 */
bool session_open(struct app *app, enum need need, const char *doing,
    struct err *err) MUST_CHECK;
/*
 * Root becomes the owner of the data directory, for good unless the command edits the
 * configuration: what root makes there the service could not write, and what others lay there
 * root would follow.  Others stay who they are.  Done by session_open() for every need that opens
 * the database; after app_settings().
 */
bool session_become_owner(struct app *app, struct err *err) MUST_CHECK;
/*
 * Whether no run is working, or none any more within so long.  After session_close(): nothing of
 * ours is locked then.
 */
bool session_awaits_others(struct app *app, int64_t patience_ms);
/*
 * What to say of a database that others can read, NULL when they cannot: it holds addresses and
 * keys.  In the arena.
 */
const char *session_exposed(struct app *app);
/* In the run's arena.  After app_settings(). */
const char *session_database_dir(const struct app *app);
/* Closes what is open, if anything; the first error counts.  Returns ok && closing went well. */
bool session_close(struct app *app, bool ok, struct err *err) MUST_CHECK;

#endif
