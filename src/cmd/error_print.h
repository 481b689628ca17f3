/* SPDX-License-Identifier: ISC */
/* How an error reaches people, and the exit code that stands for it. */
#ifndef CMD_ERROR_PRINT_H
#define CMD_ERROR_PRINT_H

#include "base/err.h"

/* "planetpost: what went wrong", why, and the hint, on standard error; control characters shown. */
void error_print(const struct err *err);
/* One of enum exit_code (cmd/cmd.h); for mail servers commands.c has its own. */
int error_exit_code(const struct err *err);

#endif
