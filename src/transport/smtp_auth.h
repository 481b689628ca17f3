/* SPDX-License-Identifier: ISC */
/* The login of a session with a mail server (RFC 4954): the only file with libgsasl. */
#ifndef TRANSPORT_SMTP_AUTH_H
#define TRANSPORT_SMTP_AUTH_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/smtp_session.h"

/*
 * Logs in as server->user with a password or an access token, by the strongest mechanism that
 * both sides know.  ERR_HUMAN in the server's words when it does not want us: *refused then
 * tells whether another secret might help.  ERR_TEMPORARY when it cannot now.
 */
bool smtp_auth_log_in(struct smtp_session *s, const char *secret, bool *refused,
    struct err *err) MUST_CHECK;

#endif
