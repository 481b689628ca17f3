/* SPDX-License-Identifier: ISC */
/* The commands, each defined in the file of its name, and what several of them say. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/cmd.h"
#include "flow/deliver.h"
#include "flow/gather.h"

extern const struct command cmd_demo, cmd_parse, cmd_preview, cmd_init, cmd_import,
    cmd_run, cmd_status, cmd_fetch, cmd_feed, cmd_issue, cmd_sub, cmd_export, cmd_backup,
    cmd_config, cmd_help, cmd_version;

/* What became of an issue's letters, for people and for the log. */
struct issue;
struct deliver_report;
void say_delivered(const struct app *app, const struct issue *issue,
    const struct deliver_report *d);

/* ---- gathered.c ---- */

struct gather_report;
/* How many old posts of new feeds are no news, when there are any. */
void say_old(const struct app *app, const struct gather_report *g);
/*
 * New failures on standard error: where a person looks, and elsewhere when they are many.
 * strict: all failures, everywhere.
 */
void say_failures(const struct gather_report *g, bool strict);
/* ERR_PARTIAL for a round that alarmed; what: what was left undone. */
bool refuse_lost(const struct app *app, const struct gather_report *g, const char *what,
    struct err *err);
/* ERR_PARTIAL that names the feeds that failed; there is at least one. */
bool refuse_failures(const struct gather_report *g, struct err *err);

/* ---- nofeed.c ---- */

struct feed_links;
/* The feeds that a web page names, one a line: number, address, title.  In a; "" when none. */
const char *page_feeds(struct arena *a, const struct feed_links *links,
    const char *indent);
/* ERR_INPUT for a web page where a feed was wanted, with the feeds it names below the error. */
bool refuse_page(struct app *app, const char *where, const struct feed_links *links,
    struct err *err);

#endif
