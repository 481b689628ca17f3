/* SPDX-License-Identifier: ISC */
/*
 * A dialogue of lines with a mail server: libetpan's stream over our own wire, which
 * verifies certificates and has deadlines and ceilings.  What is said and heard is logged at
 * -vv, secrets blanked.
 */
#ifndef TRANSPORT_SMTP_LINE_H
#define TRANSPORT_SMTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
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
/* Puts a line into the buffer (CRLF is added).  secret: logged as "...". */
void smtp_line_write(struct smtp_line *s, bool secret, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Puts octets into the buffer as they are.  Nothing is logged. */
void smtp_line_write_bytes(struct smtp_line *s, const char *bytes, size_t len);
/*
 * Puts a message into the buffer, dots doubled, and the final dot.  Nothing is logged.
 * Returns the octets this takes on the wire.
 */
uint64_t smtp_line_write_message(struct smtp_line *s, const char *text, size_t text_len);
/* Sends what is in the buffer.  False when the connection is gone: smtp_line_reason. */
bool smtp_line_flush(struct smtp_line *s) MUST_CHECK;
/* Reads one reply.  False when the connection is gone or what came is none: smtp_line_reason. */
bool smtp_line_read_reply(struct smtp_line *s, struct smtp_reply *r) MUST_CHECK;
/* Borrowed until the next call. */
const char *smtp_line_reason(const struct smtp_line *s);

/* Octets sent since it was opened, and put into the buffer since then. */
uint64_t smtp_line_written(const struct smtp_line *s);
uint64_t smtp_line_queued(const struct smtp_line *s);
/* Forgets whatever came in the clear (RFC 3207 4.2), then verifies the server as `host`. */
bool smtp_line_start_tls(struct smtp_line *s, const struct wire_trust *trust,
    const char *host, struct err *err) MUST_CHECK;
bool smtp_line_is_local(const struct smtp_line *s);
bool smtp_line_is_encrypted(const struct smtp_line *s);
/* As wire_binding. */
enum wire_binding smtp_line_binding(const struct smtp_line *s,
    unsigned char bytes[WIRE_BINDING_MAX], size_t *len);

#endif
