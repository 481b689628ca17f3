/* SPDX-License-Identifier: ISC */
/* What a mail server's certificate must be, by the settings and, where they say so, the DNS. */
#ifndef TRANSPORT_SMTP_TRUST_H
#define TRANSPORT_SMTP_TRUST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/options.h"
#include "transport/smtp_session.h"

/*
 * Sets server->trust for a server of smtp_settings_read(), and makes TLS a must where a pin or a
 * record of the DNS says which certificate is meant; nothing for SMTP_PLAIN.  *trust, which may
 * be NULL, is owned by the caller (wire_trust_free), and borrows from a.
 *
 * ERR_CONFIG; ERR_TEMPORARY when the DNS gives no answer (tlsa.h), for which it waits seconds.
 */
bool smtp_trust_new(const struct config *c, struct smtp_server *server, struct arena *a,
    struct wire_trust **trust, struct err *err) MUST_CHECK;

#endif
