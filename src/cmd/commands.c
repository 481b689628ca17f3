/* SPDX-License-Identifier: ISC */
#include "cmd/commands.h"

/* In the order of help, grouped. */
const struct command *const commands[] = { &cmd_demo, &cmd_parse, &cmd_preview, &cmd_init,
	&cmd_import, &cmd_run, &cmd_status, &cmd_fetch, &cmd_feed, &cmd_issue, &cmd_sub,
	&cmd_export, &cmd_backup, &cmd_config, &cmd_help, &cmd_version, NULL };
