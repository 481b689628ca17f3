/* SPDX-License-Identifier: ISC */
/*
 * POP3 (RFC 1939) under TLS from the first byte (RFC 8314), with the certificate verified.  What
 * the server says is bounded in length and time; a message is read no further than
 * LIMIT_INCOMING_READ, for which TOP (optional there, and everywhere in practice) is not needed:
 * the rest is heard and dropped; a message above LIMIT_INCOMING stays on the server.
 */
#ifndef TRANSPORT_POP3_H
#define TRANSPORT_POP3_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct pop3;

/* host: "mail.example.net" or "mail.example.net:995".  ERR_TEMPORARY, ERR_PERMANENT. */
struct pop3 *pop3_open(const char *host, const char *user, const char *password,
    const char *ca_file, struct err *err) MUST_CHECK;
/* The message of that number, from 1, is not asked for in this session, and stays. */
void pop3_pass_over(struct pop3 *p, size_t number);
/* The number of the message in which the session broke off; 0: in none. */
size_t pop3_broke_at(const struct pop3 *p);
/* The next message; *more is false when there is none. */
bool pop3_next(struct pop3 *p, struct buf *out, bool *more, struct err *err) MUST_CHECK;
/* The server will delete all messages read so far when the session ends well. */
bool pop3_delete(struct pop3 *p, struct err *err) MUST_CHECK;
/* Ends the session and frees p. */
bool pop3_close(struct pop3 *p, struct err *err) MUST_CHECK;

#endif
