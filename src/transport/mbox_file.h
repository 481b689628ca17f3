/* SPDX-License-Identifier: ISC */
/*
 * An mbox file that stays open for many messages (private to mail/).  Each message is written
 * under a lock of its own, so that a mail reader may look in between.
 */
#ifndef TRANSPORT_MBOX_FILE_H
#define TRANSPORT_MBOX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct mboxfile {
	int fd;           /* -1 = closed */
	const char *path; /* borrowed */
	struct buf text;  /* the entry being written */
};
#define MBOXFILE_INIT \
	{ \
		-1, NULL, BUF_INIT(0) \
	}

/* Made with mode 0600 when it is not there. */
bool mboxfile_open(struct mboxfile *m, const char *path, struct err *err) MUST_CHECK;
/* Whole or not at all; not yet on the disk (mboxfile_sync). */
bool mboxfile_add(struct mboxfile *m, const char *sender, int64_t date,
    const char *message, size_t len, struct err *err) MUST_CHECK;
bool mboxfile_sync(struct mboxfile *m, struct err *err) MUST_CHECK;
/* Syncs and closes; accepts a closed one. */
bool mboxfile_close(struct mboxfile *m, struct err *err) MUST_CHECK;

#endif
