/* SPDX-License-Identifier: ISC */
/*
 * mboxrd (every line that begins with any number of ">" and "From " gets one more ">"), LF
 * line ends, one empty line after each message; written by us since libetpan's adds lines.
 */
#ifndef TRANSPORT_MBOX_H
#define TRANSPORT_MBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends one message (CRLF or LF) as an mboxrd entry to out; sender "" = MAILER-DAEMON. */
void mbox_format(struct buf *out, const char *sender, int64_t date, const char *message,
    size_t len);
/* Appends to a file, made with mode 0600, locked with fcntl; cut back when it cannot be whole. */
bool mbox_append(const char *path, const char *sender, int64_t date, const char *message,
    size_t len, struct err *err) MUST_CHECK;

#endif
