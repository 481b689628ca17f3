/* SPDX-License-Identifier: ISC */
/*
 * Which SASL mechanism a login uses: pure, by what the server offers, what the settings say and
 * how the line is secured.
 */
#ifndef TRANSPORT_SMTP_MECHANISM_H
#define TRANSPORT_SMTP_MECHANISM_H

#include <stdbool.h>

#include "base/buf.h"
#include "config/options.h"

enum smtp_mechanism {
	MECHANISM_SCRAM_SHA_256_PLUS, /* RFC 7677, bound to the TLS session */
	MECHANISM_SCRAM_SHA_1_PLUS,   /* RFC 5802 */
	MECHANISM_SCRAM_SHA_256,
	MECHANISM_SCRAM_SHA_1,
	MECHANISM_PLAIN,       /* RFC 4616 */
	MECHANISM_LOGIN,       /* never specified, widely spoken */
	MECHANISM_CRAM_MD5,    /* RFC 2195 */
	MECHANISM_OAUTHBEARER, /* RFC 7628: the secret is an access token */
	MECHANISM_XOAUTH2,     /* Google's and Microsoft's older form of it */
	MECHANISM_NONE
};
struct smtp_mechanism_wish {
	enum smtp_auth setting;
	bool encrypted;   /* TLS, so that a password may be shown to the server */
	bool bound;       /* the TLS session can be named (channel binding) */
	unsigned refused; /* 1 << mechanism for each that the server would not have */
};

/*
 * The strongest of the mechanisms offered, names between blanks, that the wish allows; else
 * MECHANISM_NONE.  Access tokens are used when they are asked for, or nothing else is offered.
 */
enum smtp_mechanism smtp_mechanism_choose(const char *offered,
    const struct smtp_mechanism_wish *wish);
/* As in AUTH: "SCRAM-SHA-256". */
const char *smtp_mechanism_name(enum smtp_mechanism m);
/* The server proves that it knows the password, too. */
bool smtp_mechanism_is_mutual(enum smtp_mechanism m);
/* The login is bound to the TLS session it is made in. */
bool smtp_mechanism_is_bound(enum smtp_mechanism m);
/* The client has nothing to say before the server's challenge. */
bool smtp_mechanism_waits(enum smtp_mechanism m);
/* Appends what OAUTHBEARER or XOAUTH2 says first, not yet in base64. */
void smtp_mechanism_add_token(struct buf *out, enum smtp_mechanism m, const char *user,
    const char *token, const char *host, int port);

#endif
