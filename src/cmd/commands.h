/* SPDX-License-Identifier: ISC */
/* The commands, each defined in the file of its name, and what several of them say. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/cmd.h"

extern const struct command cmd_demo, cmd_parse, cmd_preview, cmd_init, cmd_import, cmd_run,
    cmd_status, cmd_fetch, cmd_feed, cmd_issue, cmd_sub, cmd_export, cmd_backup, cmd_config,
    cmd_help, cmd_version;

/* What became of an issue's letters, for people and for the log. */
struct issue;
struct deliver_report;
void say_delivered(const struct app *app, const struct issue *issue,
    const struct deliver_report *d);

#endif
