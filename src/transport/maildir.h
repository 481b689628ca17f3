/* SPDX-License-Identifier: ISC */
/*
 * Delivery into a maildir (https://cr.yp.to/proto/maildir.html): written in tmp/, synced,
 * linked into new/ under a name that is unique to time, process, count and host.
 */
#ifndef TRANSPORT_MAILDIR_H
#define TRANSPORT_MAILDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "transport/transport.h"

struct maildir {
	const char *path; /* borrowed */
	const char *host; /* borrowed; "/" and ":" in it are written \057 and \072 */
	int64_t now;
	unsigned long count;
};

/* Makes the directory with tmp, new and cur when they are not there. */
bool maildir_prepare(const struct maildir *m, struct err *err) MUST_CHECK;
/* Delivers one message (CRLF or LF; stored with LF).  On failure nothing is left behind. */
bool maildir_add(struct maildir *m, const char *message, size_t len,
    struct err *err) MUST_CHECK;

/* transport.method = maildir: letters to the maildir transport.maildir. */
bool maildir_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
