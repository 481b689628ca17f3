/* SPDX-License-Identifier: ISC */
/* A wire and the other end of it: a listener of the test's own, and TLS in a thread. */
#ifndef WIRE_FIXTURE_H
#define WIRE_FIXTURE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <cmocka.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "transport/tls_proof.h"
#include "transport/wire.h"

enum { WAIT_MS = 5000, MUCH = 1 << 20 };

/* ---- in the clear -------------------------------------------------------------------- */

/* A socket that listens on 127.0.0.1, with room octets of room (0: as the system has it). */
static inline int
listen_here(int room, int backlog, int *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (room > 0)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room,
				     sizeof(room)),
		    0);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

struct pair {
	struct wire *wire;
	int peer;
	atomic_bool give_up;
};

static inline void
open_pair(struct pair *p, int room)
{
	struct err err = ERR_INIT;
	int port = 0;
	const int listener = listen_here(room, 1, &port);

	atomic_init(&p->give_up, false);
	p->wire = wire_open(&(struct wire_target){ .host = "127.0.0.1",
				.port = port,
				.give_up = &p->give_up },
	    WAIT_MS, &err);
	assert_non_null(p->wire);
	wire_begin(p->wire, WAIT_MS, WAIT_MS, MUCH);
	p->peer = accept(listener, NULL, NULL);
	assert_true(p->peer >= 0);
	(void)close(listener);
}

static inline void
reset_by_peer(struct pair *p)
{
	const struct linger at_once = { 1, 0 };

	assert_int_equal(setsockopt(p->peer, SOL_SOCKET, SO_LINGER, &at_once,
			     sizeof(at_once)),
	    0);
	(void)close(p->peer);
	p->peer = -1;
}

static inline void
close_pair(struct pair *p)
{
	wire_free(p->wire);
	if (p->peer >= 0)
		(void)close(p->peer);
}

/* ---- under TLS ----------------------------------------------------------------------- */

/* A certificate that it signed itself, and its pin. */
struct identity {
	gnutls_certificate_credentials_t credentials;
	struct tls_demand demand;
};

static inline void
pin_key(gnutls_x509_privkey_t key, struct pins *pins)
{
	gnutls_privkey_t private = NULL;
	gnutls_pubkey_t public = NULL;
	gnutls_datum_t der = { NULL, 0 };

	assert_int_equal(gnutls_privkey_init(&private), 0);
	assert_int_equal(gnutls_pubkey_init(&public), 0);
	assert_int_equal(gnutls_privkey_import_x509(private, key, 0), 0);
	assert_int_equal(gnutls_pubkey_import_privkey(public, private, 0, 0), 0);
	assert_int_equal(gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der), 0);
	hash_sha256(der.data, der.size, pins->list[0]);
	pins->count = 1;
	gnutls_free(der.data);
	gnutls_pubkey_deinit(public);
	gnutls_privkey_deinit(private);
}

static inline void
identity_init(struct identity *id)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	const time_t now = time(NULL);

	memset(id, 0, sizeof(*id));
	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
			     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    0);
	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	assert_int_equal(gnutls_x509_crt_set_key(crt, key), 0);
	assert_int_equal(gnutls_x509_crt_set_version(crt, 3), 0);
	assert_int_equal(gnutls_x509_crt_set_serial(crt, "1", 1), 0);
	assert_int_equal(gnutls_x509_crt_set_activation_time(crt, now - 60), 0);
	assert_int_equal(gnutls_x509_crt_set_expiration_time(crt, now + 600), 0);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	pin_key(key, &id->demand.pins);
	assert_int_equal(gnutls_certificate_allocate_credentials(&id->credentials), 0);
	assert_int_equal(gnutls_certificate_set_x509_key(id->credentials, &crt, 1, key),
	    0);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

/* What a thread says as a server of TLS, and what it heard. */
struct tls_server {
	pthread_t thread;
	int fd;
	const struct identity *id;
	const char *priority;
	gnutls_session_t session;
	int shaken;    /* as gnutls_handshake */
	char name[64]; /* that the client asked for */
	char *heard;   /* up to MUCH octets */
	size_t heard_len;
	ssize_t ended; /* as gnutls_record_recv at the end */
};

static inline void *
serve_tls(void *arg)
{
	struct tls_server *s = arg;
	size_t len = sizeof(s->name) - 1;
	unsigned int type = 0;

	do {
		s->shaken = gnutls_handshake(s->session);
	} while (s->shaken < 0 && !gnutls_error_is_fatal(s->shaken));
	if (s->shaken == 0 &&
	    gnutls_server_name_get(s->session, s->name, &len, &type, 0) != 0)
		s->name[0] = '\0';
	return NULL;
}

/* Begins to shake hands as a server at s->fd; the thread ends with the handshake. */
static inline void
begin_server(struct tls_server *s)
{
	s->heard_len = 0;
	s->name[0] = '\0';
	assert_int_equal(gnutls_init(&s->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL), 0);
	assert_int_equal(gnutls_priority_set_direct(s->session, s->priority, NULL), 0);
	assert_int_equal(gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE,
			     s->id->credentials),
	    0);
	gnutls_transport_set_int(s->session, s->fd);
	assert_int_equal(pthread_create(&s->thread, NULL, serve_tls, s), 0);
}

/* Shakes hands on both ends; the wire's answer. */
static inline bool
start_tls(struct pair *p, struct tls_server *s, const struct wire_trust *trust,
    const char *host, struct err *err)
{
	bool ok = false;

	s->fd = p->peer;
	begin_server(s);
	ok = wire_start_tls(p->wire, trust, host, err);
	/* Else it would wait for ever. */
	if (!ok)
		(void)shutdown(wire_fd(p->wire), SHUT_RDWR);
	assert_int_equal(pthread_join(s->thread, NULL), 0);
	return ok;
}

/* Hears until the other end says good-bye or is gone. */
static inline void *
hear_all(void *arg)
{
	struct tls_server *s = arg;

	for (;;) {
		s->ended = gnutls_record_recv(s->session, s->heard + s->heard_len,
		    MUCH - s->heard_len);
		if (s->ended == GNUTLS_E_AGAIN || s->ended == GNUTLS_E_INTERRUPTED)
			continue;
		if (s->ended <= 0)
			return NULL;
		s->heard_len += (size_t)s->ended;
	}
}

#endif
