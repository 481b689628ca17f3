/* SPDX-License-Identifier: ISC */
/*
 * The connection to a mail server: TCP or a local socket, in the clear or under TLS 1.2 or
 * later.
 *
 * Nothing on it waits for ever or grows without end: each exchange has a deadline, a longest
 * silence and a ceiling for what the peer may say.  End of file is an error, so that half a
 * line is never taken for a reply.  Certificate and host name are verified in the handshake
 * (tls_proof.h); there is no way to switch that off.
 */
#ifndef TRANSPORT_WIRE_H
#define TRANSPORT_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/err.h"

struct wire_target {
	const char *path; /* local socket; NULL: host and port */
	const char *host;
	int port;
	/* Another thread may set it: waits for the peer then end soon.  NULL = never. */
	const atomic_bool *give_up;
};

/* Whom to believe; one for all wires of a run, read-only after it is made. */
struct wire_trust;
struct tls_demand;
/*
 * ca_file "" or NULL: the system's authorities; they are not read where demand has pins.
 * demand: what else a certificate must be, or NULL; it outlives the trust.  Owned by the caller.
 * ERR_CONFIG.
 */
struct wire_trust *wire_trust_new(const char *ca_file, const struct tls_demand *demand,
    struct err *err) MUST_CHECK;
void wire_trust_free(struct wire_trust *t);

/* How a TLS session is named for a login that is bound to it (RFC 5929, RFC 9266). */
enum wire_binding { WIRE_BINDING_NONE, WIRE_BINDING_UNIQUE, WIRE_BINDING_EXPORTER };
enum { WIRE_BINDING_MAX = 64 };

struct wire;
/*
 * Connects within timeout_ms, trying every address of the name.  (The look-up of the name
 * itself is bounded by the system's resolver alone.)  ERR_TEMPORARY says why it cannot be.
 * Owned by the caller.
 */
struct wire *wire_open(const struct wire_target *target, int64_t timeout_ms,
    struct err *err) MUST_CHECK;
/*
 * Puts the wire under TLS for a server that must prove to be `host`.  ERR_PERMANENT when its
 * certificate does not stand, ERR_TEMPORARY when the handshake breaks off.
 */
bool wire_start_tls(struct wire *w, const struct wire_trust *trust, const char *host,
    struct err *err) MUST_CHECK;
/* Says good-bye under TLS, closes, frees; accepts NULL. */
void wire_free(struct wire *w);

/* A new exchange: at most total_ms long, idle_ms silent, and input_max octets heard. */
void wire_begin(struct wire *w, int64_t total_ms, int64_t idle_ms, size_t input_max);
/* At least one octet, or -1 (wire_reason tells). */
ssize_t wire_read(struct wire *w, void *bytes, size_t size);
ssize_t wire_write(struct wire *w, const void *bytes, size_t len);

/*
 * The same without waiting, for one who waits for many wires at once: what there is, 0 when
 * there is nothing yet, or -1.
 */
ssize_t wire_take(struct wire *w, void *bytes, size_t size);
enum wire_state { WIRE_DONE, WIRE_WAITS, WIRE_LOST };
/*
 * Sends pieces of memory one behind the other, without copying them where nothing is encrypted.
 * *taken: so many octets need not be given again; they may still be on their way (TLS), which
 * a call without pieces goes on with.  WIRE_DONE: all is out, of the first 64
 * pieces.  WIRE_WAITS: the network takes no more now.
 */
enum wire_state wire_push(struct wire *w, const struct iovec *pieces, size_t count,
    size_t *taken) MUST_CHECK;
/* Waits until octets can be read, or sent; false when it takes too long: wire_reason. */
bool wire_wait(struct wire *w, bool to_send) MUST_CHECK;
/* For poll(2) and its like. */
int wire_fd(const struct wire *w);
/* Milliseconds that may pass at `now` when all is silent since then (both in ticks). */
int64_t wire_patience(const struct wire *w, int64_t since, int64_t now);
/* So long nobody listened: the exchange may take as much longer in all. */
void wire_excuse(struct wire *w, int64_t ms);
/* The patience is at its end: wire_reason tells which. */
void wire_expire(struct wire *w, int64_t now);
/* Nobody waits any longer: wire_reason says that the send was stopped. */
void wire_give_up(struct wire *w);

/* Octets handed to the network since wire_open. */
uint64_t wire_written(const struct wire *w);
/*
 * What became of them when nothing more comes from the peer; for when a connection is lost.
 * Only what the system never put on the network is known to be kept back, and only when it can
 * no more: the peer has reset the connection, or the system gave it up.  What the
 * peer did not acknowledge it may have read all the same: acknowledgements are late, and that
 * of a reset is not looked at (RFC 9293 3.10.7.4).
 * wire_still_sends: there is something that may yet be sent, or be kept back.
 * wire_kept_back: not all of the octets before `end` can have reached the peer.  Under TLS the
 * records that hold them, since a part of one says nothing.  False where it is not known, as on
 * a local socket.
 */
bool wire_still_sends(const struct wire *w);
bool wire_kept_back(const struct wire *w, uint64_t end);
/* Why the last call did not work: "timed out", "the server closed the connection". */
const char *wire_reason(const struct wire *w);
/* True when the peer is on this machine: a local socket or a loopback address. */
bool wire_is_local(const struct wire *w);
struct sockaddr;
bool wire_is_loopback(const struct sockaddr *sa);
bool wire_is_encrypted(const struct wire *w);
/* The name of the TLS session: tls-exporter for TLS 1.3, tls-unique for TLS 1.2, or none. */
enum wire_binding wire_binding(const struct wire *w,
    unsigned char bytes[WIRE_BINDING_MAX], size_t *len);

#endif
