/* SPDX-License-Identifier: ISC */
/* For trials: every letter goes to one address, by SMTP, and says whose it would have been. */
#ifndef TRANSPORT_REDIRECT_H
#define TRANSPORT_REDIRECT_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/*
 * As transport_run.  To and Subject are rewritten, the fields by which a mail program leaves are
 * taken out, since they are the reader's, and reports of failure come to no reader's name.
 */
bool redirect_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
