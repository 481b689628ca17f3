/* SPDX-License-Identifier: ISC */
/* Help that belongs to no single command: settings, exit codes. */
#ifndef CMD_TOPICS_H
#define CMD_TOPICS_H

#include <stdbool.h>
#include <stdio.h>

/* False when there is no such topic. */
bool topic_print(FILE *f, const char *name);

#endif
