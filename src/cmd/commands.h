/* SPDX-License-Identifier: ISC */
/*
 * The table of commands and the frame that runs one: it checks the words, opens, runs, closes,
 * prints the error once and gives the exit code.
 */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/cmd.h"

extern const struct command *const commands[]; /* in the order of help; closed by NULL */

/* What only the process knows. */
struct cmd_environment {
	struct settings_paths paths; /* the files are for the command line to say */
	const char *source_date_epoch, *journal_stream, *credentials_dir;
	struct web_environment web;
	const char *program; /* a path that starts this program again, or NULL */
	int64_t now;
	bool (*interrupted)(void);
	int (*signal_number)(void);
};
/* The whole program.  Returns the exit code. */
int cmd_main(int argc, char **argv, const struct cmd_environment *env);

#endif
