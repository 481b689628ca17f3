/* SPDX-License-Identifier: ISC */
/*
 * mbox files, in the variant mboxrd: a line of a message that begins with any number of ">" and
 * then "From " gets one more ">".  LF line ends, one empty line after each message.  Written by
 * ourselves, since libetpan's writer adds lines.
 */
#ifndef TRANSPORT_MBOX_H
#define TRANSPORT_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "transport/transport.h"

/*
 * Appends one message (CRLF or LF) as an mboxrd entry to out.  date: seconds since 1970, for the
 * From_ line.  sender "" is written as MAILER-DAEMON.
 */
void mbox_format(struct buf *out, const char *sender, int64_t date, const char *message,
    size_t len);

/*
 * A file that stays open for many messages.  Each is written under an fcntl lock of its own, so
 * that a mail reader may look in between.
 */
struct mbox {
	int fd;           /* -1 = closed */
	const char *path; /* borrowed */
	struct buf text;  /* the entry being written */
};
#define MBOX_INIT \
	{ \
		-1, NULL, BUF_INIT(0) \
	}

/* Made with mode 0600 when it is not there. */
bool mbox_open(struct mbox *m, const char *path, struct err *err) MUST_CHECK;
/*
 * Appends one message whole or not at all; not yet on the disk.  ERR_TEMPORARY when
 * another program keeps the file locked for ten seconds, ERR_LIMIT beyond LIMIT_LETTER.
 */
bool mbox_add(struct mbox *m, const char *sender, int64_t date, const char *message,
    size_t len, struct err *err) MUST_CHECK;
/* Syncs and closes; accepts a closed one. */
bool mbox_close(struct mbox *m, struct err *err) MUST_CHECK;

/* transport.method = mbox: letters to the file transport.mbox. */
bool mbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

#endif
