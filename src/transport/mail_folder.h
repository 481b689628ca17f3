/* SPDX-License-Identifier: ISC */
/*
 * A mailbox that is looked at and left as it is: a maildir (https://cr.yp.to/proto/maildir.html)
 * or an mbox file (RFC 4155, with the quoting of mboxrd).  What was read before is known by a
 * word that the caller keeps, as validators of a feed are.  Only regular files are opened:
 * symbolic links, pipes and folders among messages are passed over.
 */
#ifndef TRANSPORT_MAIL_FOLDER_H
#define TRANSPORT_MAIL_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct mail_folder;

/*
 * known: what mail_folder_known() said last, or NULL.  now tells whether a change may have been
 * missed in the second of the last one.  Of a folder that was not read before the newest
 * LIMIT_NEWSLETTER_ROUND messages (of an mbox the last LIMIT_NEWSLETTER_BYTES) are there, later
 * the oldest of those that came since; *unchanged: nothing came, at the cost of one look.
 * ERR_CONFIG when no such mailbox is there, ERR_SYSTEM when it may not be read, ERR_TEMPORARY
 * while another program writes the file.  Owned by the caller, in memory of its own.
 */
struct mail_folder *mail_folder_open(const char *path, bool is_mbox, const char *known,
    int64_t now, bool *unchanged, struct err *err) MUST_CHECK;
/* Accepts NULL. */
void mail_folder_close(struct mail_folder *f);

struct mail_found {
	int64_t arrived; /* when the file was written; TIME_NONE: not known */
	const char
	    *postmark; /* the From_ line of an mbox, or NULL; until the next call */
};
/*
 * The next message: its first LIMIT_NEWSLETTER bytes in out, which is emptied before, and has
 * that much room; *more is false when there is none left in this round.
 */
bool mail_folder_next(struct mail_folder *f, struct buf *out, struct mail_found *found,
    bool *more, struct err *err) MUST_CHECK;
/* What to keep when all that was read has been dealt with.  In a. */
const char *mail_folder_known(const struct mail_folder *f, struct arena *a);

#endif
