/* SPDX-License-Identifier: ISC */
/*
 * Delivery into a maildir (https://cr.yp.to/proto/maildir.html): written in tmp/, synced,
 * linked into new/ under a name that is unique to time, process, count and host.
 */
#ifndef TRANSPORT_MAILDIR_H
#define TRANSPORT_MAILDIR_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/* transport.method = maildir: letters to the maildir transport.maildir. */
bool maildir_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
