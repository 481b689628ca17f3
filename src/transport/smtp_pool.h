/* SPDX-License-Identifier: ISC */
/* What the settings say about the mail server, decided once (private to mail/). */
#ifndef TRANSPORT_SMTP_POOL_H
#define TRANSPORT_SMTP_POOL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "transport/smtp_session.h"
#include "transport/transport.h"

/*
 * Fills server (without trust) from [smtp], or from transport.lmtp.  Texts live in a or in the
 * settings.  host_name and password may be NULL.  ERR_CONFIG.
 */
bool relay_plan(const struct config *c, const char *host_name, const char *password,
    struct arena *a, struct peer_server *server, struct err *err) MUST_CHECK;

#endif
