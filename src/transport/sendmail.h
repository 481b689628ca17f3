/* SPDX-License-Identifier: ISC */
/* Letters to a program that is called as sendmail is (transport.method = sendmail). */
#ifndef TRANSPORT_SENDMAIL_H
#define TRANSPORT_SENDMAIL_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

enum { SENDMAIL_WORDS_MAX = 61 }; /* of transport.sendmail: a program and its arguments */

/*
 * Starts the program once for each letter.  ERR_CONFIG when it cannot be started, ERR_PERMANENT
 * when it ends with a status that every other letter would meet too.
 */
bool sendmail_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
