/* SPDX-License-Identifier: ISC */
/*
 * The proof that a server is the one that was meant, judged in the TLS handshake before a byte
 * of ours can follow: by the key it is pinned to, by what the DNS says of its certificate
 * (RFC 7672), or by an authority, name, dates and purpose.
 */
#ifndef TRANSPORT_TLS_PROOF_H
#define TRANSPORT_TLS_PROOF_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "base/err.h"
#include "config/pins.h"
#include "transport/tlsa.h"

/*
 * With pins its key must be one of them, and nothing else counts.  Else, with records, one of
 * them must fit.  With neither, the authorities of the session's credentials decide.
 */
struct tls_demand {
	struct pins pins;
	struct tlsa_list tlsa;
};

/* Of one session, and lives as long as it does. */
struct tls_proof {
	const struct tls_demand *demand; /* NULL: nothing beside the authorities */
	const char *host;
	unsigned int verdict; /* GnuTLS's, where authorities decided */
};

/*
 * Before the handshake.  One that does not go well fails with
 * GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR.  host is borrowed for as long as the session lives.
 */
void tls_proof_expect(struct tls_proof *p, gnutls_session_t session,
    const struct tls_demand *demand, const char *host);
/* Why that was: always false, ERR_PERMANENT. */
bool tls_proof_say(const struct tls_proof *p, gnutls_session_t session, struct err *err);

#endif
