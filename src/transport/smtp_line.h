/* SPDX-License-Identifier: ISC */
/*
 * A dialogue of lines with a mail server over our own wire, which verifies certificates and has
 * deadlines and ceilings.  What is said and heard is logged at -vv, secrets blanked.
 *
 * What is put is kept until it can be sent: commands are copied, a message is borrowed until it
 * is out.  Each of the two verbs that send and hear comes twice: one that waits, and one for
 * whoever waits for many servers at once.
 */
#ifndef TRANSPORT_SMTP_LINE_H
#define TRANSPORT_SMTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/letter.h"
#include "transport/smtp_reply.h"
#include "transport/wire.h"

struct smtp_line;

/* Owned by the caller.  ERR_TEMPORARY when nobody answers. */
struct smtp_line *smtp_line_open(const struct wire_target *target, int64_t timeout_ms,
    struct err *err) MUST_CHECK;
/* Accepts NULL. */
void smtp_line_close(struct smtp_line *s);

/* The next exchange may take so long in all, with silences of at most idle_ms. */
void smtp_line_begin(struct smtp_line *s, int64_t total_ms, int64_t idle_ms);
/* Puts a line (CRLF is added).  secret: logged as "...". */
void smtp_line_write(struct smtp_line *s, bool secret, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The same line from words one behind the other, a list that ends with NULL: for each letter. */
void smtp_line_say(struct smtp_line *s, const char *const *words);
/*
 * Puts octets as they are.  Nothing is logged.  Borrowed until all that was put is out, or the
 * line is closed.
 */
void smtp_line_write_bytes(struct smtp_line *s, const char *bytes, size_t len);
/*
 * Puts a message, and the final dot.  Nothing is logged.  Borrowed as above.  may_stuff: lines
 * may begin with a dot, which is doubled.
 */
void smtp_line_write_message(struct smtp_line *s, const struct letter_piece *pieces,
    size_t count, bool may_stuff);
/* Sends what was put.  False when the connection is gone: smtp_line_reason. */
bool smtp_line_flush(struct smtp_line *s) MUST_CHECK;
/* Reads one reply.  False when the connection is gone or what came is none: smtp_line_reason. */
bool smtp_line_read_reply(struct smtp_line *s, struct smtp_reply *r) MUST_CHECK;

/* The same without waiting; WIRE_WAITS: to be called again when smtp_line_wants() has come. */
enum wire_state smtp_line_push(struct smtp_line *s) MUST_CHECK;
enum wire_state smtp_line_hear(struct smtp_line *s, struct smtp_reply *r) MUST_CHECK;
/* Sends, then hears. */
enum wire_state smtp_line_ask(struct smtp_line *s, struct smtp_reply *r) MUST_CHECK;
/* Hears while what was put may still be on its way out, or can never be. */
enum wire_state smtp_line_hear_meanwhile(struct smtp_line *s,
    struct smtp_reply *r) MUST_CHECK;
/* Lines were heard that nobody has looked at. */
bool smtp_line_has_more(const struct smtp_line *s);
/* The network has something again: before that it is not asked in vain. */
void smtp_line_ready(struct smtp_line *s);
/* What is waited for at smtp_line_fd(). */
enum { LINE_WANTS_INPUT = 1, LINE_WANTS_ROOM = 2 };
unsigned smtp_line_wants(const struct smtp_line *s);
int smtp_line_fd(const struct smtp_line *s);
/* As wire_patience. */
int64_t smtp_line_patience(const struct smtp_line *s, int64_t since, int64_t now);
/* As wire_excuse. */
void smtp_line_excuse(struct smtp_line *s, int64_t ms);
/* It took too long: what is waited for will not come, as the next call says. */
void smtp_line_expire(struct smtp_line *s, int64_t now);
/* The same for one that nobody waits for any longer. */
void smtp_line_give_up(struct smtp_line *s);
/* Borrowed until the next call. */
const char *smtp_line_reason(const struct smtp_line *s);

/* Octets put since it was opened. */
uint64_t smtp_line_queued(const struct smtp_line *s);
/* So many octets were handed to the network. */
bool smtp_line_is_out(const struct smtp_line *s, uint64_t end);
/* Of a lost connection: nothing more is said or heard. */
void smtp_line_end(struct smtp_line *s);
/* As wire_still_sends, until it took too long since smtp_line_end. */
bool smtp_line_still_sends(const struct smtp_line *s);
/* Forgets whatever came in the clear (RFC 3207 4.2), then verifies the server as `host`. */
bool smtp_line_start_tls(struct smtp_line *s, const struct wire_trust *trust,
    const char *host, struct err *err) MUST_CHECK;
/* What is below, for questions that it alone answers: others neither read nor write there. */
struct wire *smtp_line_wire(const struct smtp_line *s);

#endif
