/* SPDX-License-Identifier: ISC */
/*
 * A dialogue of lines with a mail server (private to mail/): libetpan's stream over our own
 * wire, which verifies certificates and has deadlines and ceilings.  What is said and heard is
 * logged at -vv, secrets blanked.
 */
#ifndef TRANSPORT_SMTP_LINE_H
#define TRANSPORT_SMTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "transport/smtp_reply.h"
#include "transport/wire.h"

struct smtp;

/* Owned by the caller.  ERR_TEMPORARY when nobody answers. */
struct smtp *smtp_open(const struct wire_target *target, int64_t timeout_ms,
    struct err *err) MUST_CHECK;
/* Accepts NULL. */
void smtp_free(struct smtp *s);

/* The next exchange may take so long in all, with silences of at most idle_ms. */
void smtp_begin(struct smtp *s, int64_t total_ms, int64_t idle_ms);
/* Puts a line into the buffer (CRLF is added).  secret: logged as "...". */
void smtp_say(struct smtp *s, bool secret, const char *fmt, ...) PRINTF_LIKE(3, 4);
/*
 * Puts a message into the buffer, dots doubled, and the final dot.  Nothing is logged.
 * Returns the octets this takes on the wire.
 */
uint64_t smtp_say_message(struct smtp *s, const char *text, size_t text_len);
/* Sends what is in the buffer.  False when the connection is gone: smtp_reason. */
bool smtp_flush(struct smtp *s) MUST_CHECK;
/* Reads one reply.  False when the connection is gone or what came is none: smtp_reason. */
bool smtp_hear(struct smtp *s, struct reply *r) MUST_CHECK;
/* Borrowed until the next call. */
const char *smtp_reason(const struct smtp *s);

/* Octets sent since it was opened. */
uint64_t smtp_written(const struct smtp *s);
/* Forgets whatever came in the clear (RFC 3207 4.2), then verifies the server as `host`. */
bool smtp_start_tls(struct smtp *s, const struct tls_trust *trust, const char *host,
    struct err *err) MUST_CHECK;
bool smtp_is_local(const struct smtp *s);
bool smtp_is_secret(const struct smtp *s);

#endif
