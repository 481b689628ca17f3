/* SPDX-License-Identifier: ISC */
/* The commands, each defined in the file of its name. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/cmd.h"

extern const struct command cmd_help, cmd_version;

#endif
