/* SPDX-License-Identifier: ISC */
/* Where the SMTP password comes from. */
#ifndef FLOW_PASSWORD_H
#define FLOW_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"

struct run;

/*
 * The SMTP password from file, credentials directory, command or key; NULL when none.  In the
 * run's arena.  ERR_CONFIG says which of them is wrong.
 */
bool flow_password(struct run *run, const char **out, struct err *err) MUST_CHECK;

#endif
