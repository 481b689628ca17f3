/* SPDX-License-Identifier: ISC */
/* Where passwords come from: of SMTP, and of the mailbox that is read. */
#ifndef FLOW_PASSWORD_H
#define FLOW_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"
#include "config/options.h"

struct run;

/*
 * The password or access token of a mail server, from file, credentials directory, command or
 * key; NULL when none.  c: the settings with that server as [smtp] (config/relays.h); relay: its
 * name, "" for [smtp] itself.  In the run's arena.  ERR_CONFIG says which of them is wrong.
 */
bool flow_password(struct run *run, const struct config *c, const char *relay,
    const char **out, struct err *err) MUST_CHECK;
/* That of bounce.user; NULL when bounce.source needs none. */
bool flow_mailbox_password(struct run *run, const char **out, struct err *err) MUST_CHECK;

#endif
