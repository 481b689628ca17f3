/* SPDX-License-Identifier: ISC */
/*
 * One letter over an open session.  Where the server offers PIPELINING (RFC 2920) the whole
 * envelope leaves in one write, and that of the letter after it goes with the message, so that
 * a letter costs one round trip.  Each answer is still read and judged by itself.
 */
#ifndef TRANSPORT_SMTP_SEND_H
#define TRANSPORT_SMTP_SEND_H

#include "base/err.h"
#include "transport/smtp_session.h"
#include "transport/transport.h"

enum smtp_verdict {
	SMTP_NEXT_LETTER, /* the outcome stands, the next letter may follow */
	SMTP_END_SESSION, /* the outcome stands, the connection is of no more use */
	/* Deferred, and nothing of it was accepted: worth a new connection at once. */
	SMTP_TRY_AGAIN,
	/* Refused for a fault of ours that every letter would meet: *err tells. */
	SMTP_GIVE_UP
};
/*
 * Texts in *o are borrowed until the next call.  The envelope must have been looked at.
 * after: the letter that will be given to the next call if this session goes on, or NULL; its
 * envelope may leave together with this letter.
 */
enum smtp_verdict smtp_send(struct smtp_session *s, const struct letter *l,
    const struct letter *after, struct outcome *o, struct err *err) MUST_CHECK;

#endif
