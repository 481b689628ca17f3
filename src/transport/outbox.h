/* SPDX-License-Identifier: ISC */
/* Letters to files in a directory, and to standard output. */
#ifndef TRANSPORT_OUTBOX_H
#define TRANSPORT_OUTBOX_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/*
 * transport.method = outbox: NAME.eml in the directory transport.outbox for each letter, and
 * all of them in outbox.mbox beside them.
 */
bool outbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
/* transport.method = stdout: one letter is printed as it is, several as an mbox. */
bool stdout_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
