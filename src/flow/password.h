/* SPDX-License-Identifier: ISC */
/* Where passwords come from: of SMTP, and of the mailbox that is read. */
#ifndef FLOW_PASSWORD_H
#define FLOW_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"
#include "config/options.h"

struct run;
struct transport_settings;

/*
 * The password or access token of a mail server, from file, credentials directory, command or
 * key; NULL when none.  c: the settings with that server as [smtp] (config/relays.h); relay: its
 * name, "" for [smtp] itself.  In the run's arena.  ERR_CONFIG says which of them is wrong.
 */
bool flow_password(struct run *run, const struct config *c, const char *relay,
    const char **out, struct err *err) MUST_CHECK;
/* What file or command say now for one server of relay_config(); arg: the struct run. */
bool flow_password_of_server(void *arg, size_t server, const char **password,
    struct err *err) MUST_CHECK;
/*
 * Of all servers, into t.  One of several that has none is done without; when none has one the
 * first reason stands for all.
 */
bool flow_passwords_read(struct run *run, struct transport_settings *t,
    struct err *err) MUST_CHECK;
/* That of bounce.user; NULL when bounce.source needs none. */
bool flow_mailbox_password(struct run *run, const char **out, struct err *err) MUST_CHECK;

#endif
