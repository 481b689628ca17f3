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
	SMTP_WAIT, /* nothing is known yet: call again when the server may have moved */
	SMTP_NEXT_LETTER, /* the outcome stands, the next letter may follow */
	SMTP_END_SESSION, /* the outcome stands, the connection is of no more use */
	/* Deferred, and nothing of it was accepted: worth a new connection at once. */
	SMTP_TRY_AGAIN,
	/* Refused for a fault of ours that every letter would meet: *err tells. */
	SMTP_GIVE_UP
};
/*
 * Never waits.  After SMTP_WAIT it is called again with the same arguments, *o as it was left,
 * when smtp_line_wants() has come or the patience is at its end.
 * Texts in *o are borrowed until the next call.  The envelope must have been looked at; the
 * bytes of the letter are borrowed until its verdict.
 * after: the letter that will be given to the next call if this session goes on, or NULL; its
 * envelope may leave together with this letter.
 */
enum smtp_verdict smtp_send(struct smtp_session *s, const struct letter *l,
    const struct letter *after, struct outcome *o, struct err *err) MUST_CHECK;

/*
 * The same by chunks (RFC 3030), where smtp_session_takes_chunks: several letters are said, then
 * heard in the same order, so that the answers cost no waiting.
 */
struct smtp_chunk {
	uint64_t end; /* octets of the connection, when all of the letter is out */
	bool reset;   /* RSET went before it */
};
/*
 * Puts a letter, which is borrowed until its verdict, behind those that were said.  behind:
 * others were said and not heard yet.  False, with the outcome, for one that this server would
 * refuse anyway: nothing was said.  Not while one is being heard.
 */
bool smtp_chunk_say(struct smtp_session *s, const struct letter *l, bool behind,
    struct smtp_chunk *c, struct outcome *o) MUST_CHECK;
/* Sends what was said, and hears the letter that was said first.  Waits as smtp_send does. */
enum smtp_verdict smtp_chunk_hear(struct smtp_session *s, const struct smtp_chunk *c,
    struct outcome *o, struct err *err) MUST_CHECK;
/* What became of a letter that was said, when smtp_chunk_hear has ended the session. */
enum smtp_verdict smtp_chunk_lost(struct smtp_session *s, const struct smtp_chunk *c,
    struct outcome *o) MUST_CHECK;
/* A letter is in the middle of being sent or heard. */
bool smtp_session_is_busy(const struct smtp_session *s);
/* After SMTP_TRY_AGAIN and SMTP_END_SESSION: no answer to others will come. */
bool smtp_session_is_broken(const struct smtp_session *s);

#endif
