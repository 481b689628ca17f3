/* SPDX-License-Identifier: ISC */
/*
 * A mailbox that is read: where bounces and commands arrive when no mail server hands them to
 * us.  A maildir (https://cr.yp.to/proto/maildir.html), or one over POP3 under TLS (RFC 1939,
 * RFC 8314).  A message stays unread there until mailbox_done() says that it has been dealt
 * with, so that a crash loses none.
 */
#ifndef TRANSPORT_MAILBOX_H
#define TRANSPORT_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* For POP3; borrowed while it is opened. */
struct mailbox_login {
	const char *user, *password;
	const char *ca_file; /* "" = the system's authorities */
};

struct mailbox_reader;

/*
 * "maildir:/path" or "pop3s://host[:port]"; login may be NULL for a maildir.  At most
 * LIMIT_MAILBOX_BATCH messages are looked at, oldest first.  ERR_CONFIG when it is neither or
 * no maildir is there, ERR_TEMPORARY when the server cannot be reached, ERR_PERMANENT when it
 * does not let us in.  Owned by the caller.
 */
struct mailbox_reader *mailbox_open(const char *source, const struct mailbox_login *login,
    struct err *err) MUST_CHECK;
/*
 * The next message: its first LIMIT_INCOMING_READ bytes in out, which is emptied before; *more
 * is false when there was none left.  One that has gone in between is passed over.
 */
bool mailbox_next(struct mailbox_reader *m, struct buf *out, bool *more,
    struct err *err) MUST_CHECK;
/*
 * The number of the message in which a POP3 session broke off, 0 when in none.  In the next
 * session, in which it has the same one since nothing was deleted, it may be passed over: else
 * one message that the server cannot give out stands in the way of all others.
 */
size_t mailbox_broke_at(const struct mailbox_reader *m);
void mailbox_pass_over(struct mailbox_reader *m, size_t number);
/*
 * All messages read since the last call have been dealt with: seen in cur/, or deleted from the
 * POP3 server.
 */
bool mailbox_done(struct mailbox_reader *m, struct err *err) MUST_CHECK;
/* Ends the session, without which a POP3 server deletes nothing.  Frees m; accepts NULL. */
bool mailbox_close(struct mailbox_reader *m, struct err *err) MUST_CHECK;

#endif
