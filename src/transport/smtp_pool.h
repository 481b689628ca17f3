/* SPDX-License-Identifier: ISC */
/* Letters to a mail server over several sessions side by side (SMTP and LMTP). */
#ifndef TRANSPORT_SMTP_POOL_H
#define TRANSPORT_SMTP_POOL_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/*
 * Opens up to smtp.connections sessions.  ERR_TEMPORARY or ERR_PERMANENT with the server's
 * words when no session can be had or every letter would be refused.
 */
bool smtp_pool_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
