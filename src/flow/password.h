/* SPDX-License-Identifier: ISC */
/* Where passwords come from: of SMTP, and of the mailbox that is read. */
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
/* That of bounce.user; NULL when bounce.source needs none. */
bool flow_mailbox_password(struct run *run, const char **out, struct err *err) MUST_CHECK;

#endif
