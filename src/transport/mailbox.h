/* SPDX-License-Identifier: ISC */
/*
 * A mailbox that is read: where bounces and commands arrive when no mail server hands them to
 * us.  A maildir (https://cr.yp.to/proto/maildir.html).  A message stays unread there until
 * mailbox_done() says that it has been dealt with, so that a crash loses none.
 */
#ifndef TRANSPORT_MAILBOX_H
#define TRANSPORT_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct mailbox_reader;

/*
 * "maildir:/path".  At most LIMIT_MAILBOX_BATCH messages are looked at, oldest first.
 * ERR_CONFIG when it is none.  Owned by the caller.
 */
struct mailbox_reader *mailbox_open(const char *source, struct err *err) MUST_CHECK;
/*
 * The next message: its first LIMIT_INCOMING_READ bytes in out, which is emptied before; *more
 * is false when there was none left.  One that has gone in between is passed over.
 */
bool mailbox_next(struct mailbox_reader *m, struct buf *out, bool *more,
    struct err *err) MUST_CHECK;
/* The last message has been dealt with: it goes to cur/, as seen. */
bool mailbox_done(struct mailbox_reader *m, struct err *err) MUST_CHECK;
/* Accepts NULL. */
void mailbox_close(struct mailbox_reader *m);

#endif
