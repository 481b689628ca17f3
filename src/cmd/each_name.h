/* SPDX-License-Identifier: ISC */
/*
 * Commands that take several names of one sort: each is tried, whatever became of those before
 * it, and what was named twice is done once.
 */
#ifndef CMD_EACH_NAME_H
#define CMD_EACH_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"

struct naming {
	struct app *app;
	const struct args *args;
	void *arg; /* what else the command needs, or NULL */
	const char *
	    *done; /* what was done already, as its own name; in the run's arena */
	size_t done_count;
};

/* Does what the command does with one name; an error of it is about this name. */
typedef bool (*one_name_fn)(struct naming *n, const char *word, struct err *err);

/*
 * do_one() for each of the command's words.  When there is one word alone, its error is this
 * function's.  Of several each failure is told on standard error when it happens, the next word
 * is tried, and app->code becomes the exit code of the first; then true is returned.  Only what
 * would fail for every name is returned at once: a damaged database (ERR_STORE), ERR_BUG.  Ends
 * between two words when the run is interrupted.
 */
bool each_name(struct app *app, const struct args *args, one_name_fn do_one, void *arg,
    struct err *err) MUST_CHECK;
/*
 * Was the thing that `word` names done already in this command?  Then that is said.  own: what the
 * program knows it by, however it is written.
 */
bool naming_again(const struct naming *n, const char *own, const char *word) MUST_CHECK;
/* It is done: own is kept for naming_again(). */
void naming_done(struct naming *n, const char *own);

#endif
