/* SPDX-License-Identifier: ISC */
/*
 * feed edit, pause, resume and move.  Our own configuration is edited, line by line; a feed that
 * stands in a list of feeds_from is changed in the database, and the lines for that list are shown.
 */
#ifndef CMD_FEED_EDIT_H
#define CMD_FEED_EDIT_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"
#include "cmd/each_name.h"
#include "config/feed_section.h"
#include "flow/source_changes.h"
#include "model/model.h"

/* A feed, and where it is written down. */
struct standing {
	struct source source;
	const struct listed_feed
	    *own; /* in our configuration; NULL: in a list of feeds_from */
	const struct listed_feed
	    *listed;                   /* own, or that of a list that was read; or NULL */
	const char *listed_url;        /* the address that stands there */
	struct source_changes changes; /* of all feeds */
};
/* By key, address or name.  ERR_INPUT when there is none, or the planet has it no more. */
bool feed_standing_find(struct app *app, const char *name, struct standing *out,
    struct err *err) MUST_CHECK;

extern const struct cmd_option feed_edit_options[], feed_move_options[];
bool prepare_feed_edit(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
bool run_feed_edit(struct app *app, const struct args *args, struct err *err) MUST_CHECK;
/* feed pause and feed resume. */
bool feed_pause_one(struct naming *n, const char *name, struct err *err) MUST_CHECK;
bool run_feed_move(struct app *app, const struct args *args, struct err *err) MUST_CHECK;

#endif
