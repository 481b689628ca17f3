/* SPDX-License-Identifier: ISC */
/*
 * One session with an SMTP or LMTP server (private to mail/): greeting, EHLO, STARTTLS, login,
 * letters, good-bye.
 */
#ifndef TRANSPORT_SMTP_SESSION_H
#define TRANSPORT_SMTP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "transport/wire.h"
#include "transport/transport.h"

enum peer_security {
	PEER_PLAIN,          /* this machine only */
	PEER_TLS_IF_OFFERED, /* this machine only */
	PEER_STARTTLS,
	PEER_TLS /* from the first octet */
};

struct peer_server {
	struct wire_target target;
	const char *name; /* for people: host, or path of a local socket */
	enum peer_security security;
	const struct tls_trust *trust; /* not for PEER_PLAIN */
	bool lmtp;
	const char *ehlo; /* our name */
	const char *user; /* "" = no login */
	const char *password;
	int64_t
	    timeout_ms; /* for each reply; for that to the final dot ten times as long */
};

struct peer;

/*
 * Connects, secures, logs in.  ERR_TEMPORARY: not reachable, busy, broken off.  ERR_PERMANENT:
 * a certificate that does not stand, no TLS where it is required, a login that is refused.
 * Owned by the caller.
 */
struct peer *peer_open(const struct peer_server *server, struct err *err) MUST_CHECK;
/* Says good-bye, does not wait long for the answer; accepts NULL. */
void peer_close(struct peer *s);

enum peer_next {
	PEER_GOES_ON, /* the outcome stands, the next letter may follow */
	PEER_OVER,    /* the outcome stands, the connection is of no more use */
	/* Deferred, and nothing of it was accepted: worth a new connection at once. */
	PEER_AGAIN,
	/* Deferred, and every other letter would be: *err tells why. */
	PEER_HOPELESS
};
/*
 * Texts in *o are borrowed until the next call.  The envelope must have been looked at.
 * after: the letter that will be given to the next call if this session goes on, or NULL; its
 * envelope may leave together with this letter.
 */
enum peer_next peer_send(struct peer *s, const struct letter *l,
    const struct letter *after, struct outcome *o, struct err *err) MUST_CHECK;
/* Letters accepted since it was opened. */
int64_t peer_sent(const struct peer *s);

#endif
