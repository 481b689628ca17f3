/* SPDX-License-Identifier: ISC */
/* Help: the overview, one command's, and topics that belong to no single command. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct command;

/* One command, in full. */
void help_print(FILE *f, const struct command *cmd);
void help_overview(FILE *f);
/* The name of topic i, from 0 on; NULL behind the last. */
const char *help_topic(size_t i);
/* "config", "exit-codes"; false when there is no such topic. */
bool help_print_topic(FILE *f, const char *name);

#endif
