/* SPDX-License-Identifier: ISC */
/* Which mail server the settings mean and how it is spoken to. */
#ifndef TRANSPORT_SMTP_SETTINGS_H
#define TRANSPORT_SMTP_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/options.h"
#include "transport/smtp_session.h"

/*
 * Fills server (without trust) from [smtp], or from transport.lmtp when that is the method.
 * Texts live in a or in the settings.  host_name may be NULL.  ERR_CONFIG.
 */
bool smtp_settings_read(const struct config *c, const char *host_name, struct arena *a,
    struct smtp_server *server, struct err *err) MUST_CHECK;
/* Appends "smtp.example.net:587 (STARTTLS)", "LMTP at /run/lmtp" or what is wrong. */
void smtp_settings_describe(const struct config *c, struct buf *out);

#endif
