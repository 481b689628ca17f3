/* SPDX-License-Identifier: ISC */
/* Help: the overview, one command's, and topics that belong to no single command. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdio.h>

struct command;

void help_print(FILE *f, const struct command *cmd);
void help_overview(FILE *f);

#endif
