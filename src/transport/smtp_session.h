/* SPDX-License-Identifier: ISC */
/*
 * One session with an SMTP or LMTP server: greeting, EHLO, STARTTLS, login, QUIT.  Letters are
 * sent over it by smtp_send.
 */
#ifndef TRANSPORT_SMTP_SESSION_H
#define TRANSPORT_SMTP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/options.h"
#include "transport/wire.h"

enum smtp_session_security {
	SMTP_PLAIN,          /* this machine only */
	SMTP_TLS_IF_OFFERED, /* this machine only */
	SMTP_STARTTLS,
	SMTP_TLS /* from the first octet */
};

struct smtp_server {
	struct wire_target target;
	const char *name; /* for people: host, or path of a local socket */
	enum smtp_session_security security;
	const struct wire_trust *trust; /* not for SMTP_PLAIN */
	bool lmtp;
	const char *ehlo; /* our name */
	const char *user; /* "" = no login */
	enum smtp_auth auth;
	int64_t timeout_ms; /* longest silence; an exchange may take longer in all */
};

struct smtp_session;

/*
 * Connects, secures, logs in.  ERR_TEMPORARY: not reachable, busy, broken off.  ERR_HUMAN:
 * it refuses us or our login.  ERR_PERMANENT: a certificate that does not stand, no TLS where
 * it is required.
 * secret: the password or access token of server->user, or NULL; *refused: it was not taken.
 * Owned by the caller.
 */
struct smtp_session *smtp_session_open(const struct smtp_server *server,
    const char *secret, bool *refused, struct err *err) MUST_CHECK;
/*
 * Says good-bye where that makes sense.  Then smtp_session_said_bye() is asked, when
 * smtp_line_wants() has come or the patience (two seconds) is at its end, until it is true.
 */
void smtp_session_say_bye(struct smtp_session *s);
bool smtp_session_said_bye(struct smtp_session *s);
/* Closes without a word; accepts NULL. */
void smtp_session_close(struct smtp_session *s);

/* For whoever waits for many sessions at once (smtp_line.h). */
struct smtp_line *smtp_session_line(const struct smtp_session *s);

/* Letters accepted since it was opened. */
int64_t smtp_session_sent(const struct smtp_session *s);
/* Letters begun since it was opened, but for one that was said ahead and is not being sent. */
int64_t smtp_session_begun(const struct smtp_session *s);
/* Letters that may be begun over one connection, as the server says itself (RFC 9422). */
int64_t smtp_session_limit(const struct smtp_session *s);
/* Letters may go as chunks, several before the first is answered (RFC 3030, RFC 2920). */
bool smtp_session_takes_chunks(const struct smtp_session *s);
/* It offered chunks and knew none when one came: no session with this server takes them. */
bool smtp_session_knows_no_chunks(const struct smtp_session *s);

#endif
