/* SPDX-License-Identifier: ISC */
#include "cmd/commands.h"

/* In the order of help, grouped. */
const struct command *const commands[] = {
	&cmd_help,
	&cmd_version,
	NULL
};
