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

/* By name: below parent, or where that is NULL among all; NULL when there is none. */
const struct command *command_find(const struct command *parent, const char *name);
/* The names of those; how many. */
enum { COMMAND_NAMES = 64 };
size_t command_names(const struct command *parent, const char *names[COMMAND_NAMES]);

/* What only the process knows. */
struct cmd_environment {
	const char *config, *data, *home, *xdg_config, *xdg_state;
	const char *source_date_epoch, *journal_stream, *credentials_dir;
	struct web_environment web;
	const char *program; /* a path that starts this program again, or NULL */
	bool is_root;
	int64_t now;
	bool (*interrupted)(void);
	int (*signal_number)(void);
};
/* The whole program.  Returns the exit code. */
int cmd_main(int argc, char **argv, const struct cmd_environment *env);

#endif
