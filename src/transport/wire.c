/* SPDX-License-Identifier: ISC */
#include "transport/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <gnutls/gnutls.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "transport/tls_proof.h"

enum {
	PORT_TEXT = 12,
	RECORD_MAX = 16 * 1024, /* RFC 8446 5.1: the largest of TLS */
	PIECES_MAX = 64,        /* of one call of the system */
	RECORDS_MAX = 128,      /* of TLS whose place is remembered */
	LOOK_UP_MS = 200, /* so soon a wait is given up that nobody wants any longer */
	STOPPED_WAIT = -2 /* as poll() never answers */
};

static const char stopped[] = "stopped: nobody waits any longer";

/* Where a record of TLS ended. */
struct record_end {
	uint64_t written; /* as the wire counts */
	uint64_t crossed; /* as the network does */
};

struct wire {
	int fd;
	const atomic_bool *give_up; /* or NULL */
	gnutls_session_t tls;       /* NULL = in the clear */
	char *record;               /* what is being sent under TLS, or NULL */
	size_t record_len;
	struct record_end record_ends[RECORDS_MAX]; /* the last ones, in a ring */
	size_t record_count;                        /* of all */
	int64_t deadline;                           /* of the exchange, in ticks */
	int64_t idle_ms;
	size_t input_left;
	uint64_t written;
	uint64_t crossed; /* under TLS, octets that the system took */
	bool local;
	bool broken; /* no good-bye is possible any more */
	struct tls_proof proof;
	char reason[200];
};

struct wire_trust {
	gnutls_certificate_credentials_t credentials;
	const struct tls_demand *demand; /* or NULL */
};

/* ---- whom to believe ----------------------------------------------------------------- */

/* GnuTLS would read a file that does not end for ever. */
static bool
trust_file(struct wire_trust *t, const char *ca_file, struct err *err)
{
	struct buf pem = BUF_INIT(LIMIT_CONFIG_FILE);
	int n = 0;

	if (!file_read(ca_file, &pem, err)) {
		err->kind = ERR_CONFIG;
	} else {
		const gnutls_datum_t bytes = { (unsigned char *)pem.data,
			(unsigned)pem.len };

		n = gnutls_certificate_set_x509_trust_mem(t->credentials, &bytes,
		    GNUTLS_X509_FMT_PEM);
		if (n <= 0)
			(void)err_set(err, ERR_CONFIG, "%s: %s", ca_file,
			    n == 0 || n == GNUTLS_E_NO_CERTIFICATE_FOUND ||
				    n == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR
				? "no certificate in it"
				: gnutls_strerror(n));
	}
	buf_clear(&pem);
	return n > 0;
}

struct wire_trust *
wire_trust_new(const char *ca_file, const struct tls_demand *demand, struct err *err)
{
	struct wire_trust *t = xcalloc(1, sizeof(*t));
	bool system = !ca_file || *ca_file == '\0';
	int n = gnutls_certificate_allocate_credentials(&t->credentials);

	if (n != GNUTLS_E_SUCCESS) {
		t->credentials = NULL;
		(void)err_set(err, ERR_SYSTEM, "TLS: %s", gnutls_strerror(n));
		goto bad;
	}
	t->demand = demand;
	if (demand && demand->pins.count > 0)
		return t;
	if (!system && trust_file(t, ca_file, err))
		return t;
	if (system && gnutls_certificate_set_x509_system_trust(t->credentials) > 0)
		return t;
	if (system) {
		(void)err_set(err, ERR_CONFIG,
		    "this system has no certificate authorities");
		(void)err_hint(err, "install ca-certificates, or set smtp.ca_file");
	}
bad:
	wire_trust_free(t);
	return NULL;
}

void
wire_trust_free(struct wire_trust *t)
{
	if (!t)
		return;
	if (t->credentials)
		gnutls_certificate_free_credentials(t->credentials);
	free(t);
}

/* ---- waiting ------------------------------------------------------------------------- */

static bool
give_reason(struct wire *w, const char *reason)
{
	(void)snprintf(w->reason, sizeof(w->reason), "%s", reason);
	w->broken = true;
	return false;
}

/* poll() that looks up now and then; STOPPED_WAIT when nobody wants to wait any longer. */
static int
wait_in_slices(const struct wire *w, struct pollfd *p, int64_t ms)
{
	int n = 0;

	if (!w->give_up)
		return poll(p, 1, (int)ms);
	for (int64_t left = ms; n == 0 && left > 0; left -= LOOK_UP_MS) {
		if (atomic_load(w->give_up))
			return STOPPED_WAIT;
		n = poll(p, 1, (int)(left < LOOK_UP_MS ? left : LOOK_UP_MS));
	}
	return n;
}

bool
wire_wait(struct wire *w, bool to_send)
{
	for (;;) {
		int64_t left = w->deadline - clock_ticks_ms();
		struct pollfd p = { w->fd, to_send ? POLLOUT : POLLIN, 0 };
		const bool is_silence = left > w->idle_ms;
		int n = 0;

		if (is_silence)
			left = w->idle_ms;
		if (left <= 0)
			return give_reason(w, "timed out: it took too long in all");
		n = wait_in_slices(w, &p, left);
		if (n > 0)
			return true;
		if (n == STOPPED_WAIT)
			return give_reason(w, stopped);
		if (n == 0)
			return give_reason(w,
			    is_silence ? "timed out: nothing was heard" : "timed out");
		if (errno != EINTR)
			return give_reason(w, strerror(errno));
	}
}

void
wire_begin(struct wire *w, int64_t total_ms, int64_t idle_ms, size_t input_max)
{
	w->deadline = clock_rough_ms() + total_ms;
	w->idle_ms = idle_ms;
	w->input_left = input_max;
}

/* ---- connecting ---------------------------------------------------------------------- */

bool
wire_is_loopback(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_UNIX)
		return true;
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		return (ntohl(in.sin_addr.s_addr) >> 24) == 127;
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr) != 0;
	}
	return false;
}

static bool
connect_socket(struct wire *w, const struct sockaddr *sa, socklen_t len)
{
	const int on = true;
	int e = 0;
	socklen_t e_len = sizeof(e);

	w->local = wire_is_loopback(sa);
	w->fd = socket(sa->sa_family, SOCK_STREAM, 0);
	if (w->fd < 0)
		return give_reason(w, strerror(errno));
	if (fcntl(w->fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(w->fd, F_SETFL, O_NONBLOCK) != 0)
		return give_reason(w, strerror(errno));
	/* Without it Nagle holds the end of each letter back for 40 ms. */
	if (sa->sa_family != AF_UNIX)
		(void)setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(w->fd, sa, len) == 0)
		return true;
	if (errno != EINPROGRESS && errno != EINTR)
		return give_reason(w, strerror(errno));
	if (!wire_wait(w, true))
		return false;
	if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &e, &e_len) != 0)
		e = errno;
	return e == 0 || give_reason(w, strerror(e));
}

static void
close_socket(struct wire *w)
{
	if (w->fd >= 0)
		(void)close(w->fd);
	w->fd = -1;
}

static bool
connect_path(struct wire *w, const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (len >= sizeof(un.sun_path))
		return give_reason(w, "the path of the socket is too long");
	memcpy(un.sun_path, path, len);
	return connect_socket(w, (struct sockaddr *)&un, sizeof(un));
}

/*
 * The addresses of a name; what is an address already is asked of nobody.  AI_ADDRCONFIG would
 * hide 127.0.0.1 on a machine whose only interface is loopback.
 */
static int
find_addresses(const char *host, int port, struct addrinfo **list)
{
	static const int flags[] = { AI_NUMERICHOST, AI_ADDRCONFIG, 0 };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char service[PORT_TEXT];
	int rc = EAI_NONAME;

	(void)snprintf(service, sizeof(service), "%d", port);
	for (size_t i = 0; rc != 0 && i < ARRAY_LEN(flags); i++) {
		hints.ai_flags = flags[i];
		rc = getaddrinfo(host, service, &hints, list);
	}
	return rc;
}

static bool
connect_name(struct wire *w, const char *host, int port, int64_t timeout_ms)
{
	struct addrinfo *list = NULL;
	size_t count = 0;
	int rc = find_addresses(host, port, &list);

	if (rc != 0)
		return give_reason(w, gai_strerror(rc));
	for (struct addrinfo *a = list; a; a = a->ai_next)
		count++;
	for (struct addrinfo *a = list; a; a = a->ai_next) {
		int64_t share = timeout_ms / (int64_t)count;

		wire_begin(w, share, share, 0);
		if (connect_socket(w, a->ai_addr, a->ai_addrlen)) {
			freeaddrinfo(list);
			return true;
		}
		close_socket(w);
	}
	freeaddrinfo(list);
	return false;
}

struct wire *
wire_open(const struct wire_target *target, int64_t timeout_ms, struct err *err)
{
	struct wire *w = xcalloc(1, sizeof(*w));
	bool ok = false;

	w->fd = -1;
	w->give_up = target->give_up;
	wire_begin(w, timeout_ms, timeout_ms, 0);
	if (target->path)
		ok = connect_path(w, target->path);
	else
		ok = connect_name(w, target->host, target->port, timeout_ms);
	if (ok) {
		w->broken = false;
		return w;
	}
	if (target->path)
		(void)err_set(err, ERR_TEMPORARY, "%s: %s", target->path, w->reason);
	else
		(void)err_set(err, ERR_TEMPORARY, "%s port %d: %s", target->host,
		    target->port, w->reason);
	wire_free(w);
	return NULL;
}

void
wire_free(struct wire *w)
{
	if (!w)
		return;
	if (w->tls) {
		/* One attempt: the peer may be gone, and nothing depends on it. */
		if (!w->broken)
			(void)gnutls_bye(w->tls, GNUTLS_SHUT_WR);
		gnutls_deinit(w->tls);
	}
	close_socket(w);
	free(w->record);
	free(w);
}

/* ---- TLS ----------------------------------------------------------------------------- */

/* True for a name that belongs into SNI: addresses do not (RFC 6066 3). */
static bool
is_host_name(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) != 1 &&
	    inet_pton(AF_INET6, host, address) != 1;
}

/* As GnuTLS itself does it, and counts. */
static ssize_t
push_cipher(gnutls_transport_ptr_t arg, const giovec_t *pieces, int count)
{
	struct wire *w = arg;
	const struct msghdr message = { .msg_iov = (void *)(uintptr_t)pieces,
		.msg_iovlen = (size_t)count };
	const ssize_t n = sendmsg(w->fd, &message, MSG_NOSIGNAL);

	w->crossed += n > 0 ? (uint64_t)n : 0;
	return n;
}

static void
join_socket(struct wire *w)
{
	gnutls_transport_ptr_t from = NULL;
	gnutls_transport_ptr_t to = NULL;

	gnutls_transport_set_int(w->tls, w->fd);
	gnutls_transport_get_ptr2(w->tls, &from, &to);
	gnutls_transport_set_ptr2(w->tls, from, w);
	gnutls_transport_set_vec_push_function(w->tls, push_cipher);
}

static int
set_up_tls(struct wire *w, const struct wire_trust *trust, const char *host)
{
	int rc = gnutls_init(&w->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);

	if (rc != GNUTLS_E_SUCCESS) {
		w->tls = NULL;
		return rc;
	}
	rc = gnutls_set_default_priority_append(w->tls, "-VERS-TLS1.1:-VERS-TLS1.0", NULL,
	    0);
	if (rc == GNUTLS_E_SUCCESS)
		rc = gnutls_credentials_set(w->tls, GNUTLS_CRD_CERTIFICATE,
		    trust->credentials);
	if (rc == GNUTLS_E_SUCCESS && is_host_name(host))
		rc = gnutls_server_name_set(w->tls, GNUTLS_NAME_DNS, host, strlen(host));
	/* Checked before a byte of ours can follow. */
	tls_proof_expect(&w->proof, w->tls, trust->demand, host);
	join_socket(w);
	return rc;
}

static int
shake_hands(struct wire *w)
{
	for (;;) {
		int rc = gnutls_handshake(w->tls);

		if (rc == GNUTLS_E_SUCCESS)
			return rc;
		if (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED) {
			if (!wire_wait(w, gnutls_record_get_direction(w->tls) == 1))
				return GNUTLS_E_TIMEDOUT;
		} else if (gnutls_error_is_fatal(rc) != 0) {
			return rc;
		}
	}
}

bool
wire_start_tls(struct wire *w, const struct wire_trust *trust, const char *host,
    struct err *err)
{
	int rc = set_up_tls(w, trust, host);

	if (rc == GNUTLS_E_SUCCESS)
		rc = shake_hands(w);
	if (rc == GNUTLS_E_SUCCESS)
		return true;
	if (rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
		(void)give_reason(w, "its certificate does not stand");
		return tls_proof_say(&w->proof, w->tls, err);
	}
	if (rc != GNUTLS_E_TIMEDOUT)
		(void)give_reason(w, gnutls_strerror(rc));
	return err_set(err, ERR_TEMPORARY, "TLS with %s: %s", host, w->reason);
}

/* ---- bytes --------------------------------------------------------------------------- */

/* True when the call may be tried again once the socket is ready. */
static bool
is_again(const struct wire *w, ssize_t n)
{
	if (w->tls)
		return n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED;
	return errno == EAGAIN || errno == EINTR;
}

/* A warning of TLS, such as a rehandshake that is asked for: not the end. */
static bool
is_harmless(const struct wire *w, ssize_t n)
{
	return w->tls && n < 0 && gnutls_error_is_fatal((int)n) == 0;
}

static ssize_t
fail_with(struct wire *w, ssize_t n)
{
	(void)give_reason(w, w->tls ? gnutls_strerror((int)n) : strerror(errno));
	return -1;
}

ssize_t
wire_take(struct wire *w, void *bytes, size_t size)
{
	ssize_t n = 0;

	if (w->input_left == 0) {
		(void)give_reason(w, "the server talks without end");
		return -1;
	}
	if (size > w->input_left)
		size = w->input_left;
	do {
		n = w->tls ? gnutls_record_recv(w->tls, bytes, size)
			   : recv(w->fd, bytes, size, 0);
	} while (n < 0 && !is_again(w, n) && is_harmless(w, n));
	if (n > 0) {
		w->input_left -= (size_t)n;
		return n;
	}
	if (n == 0) {
		(void)give_reason(w, "the server closed the connection");
		return -1;
	}
	return is_again(w, n) ? 0 : fail_with(w, n);
}

ssize_t
wire_read(struct wire *w, void *bytes, size_t size)
{
	ssize_t n = 0;

	/* An answer is hardly ever there at once: waiting first saves a recv that fails. */
	if (w->input_left > 0 && !w->tls && !wire_wait(w, false))
		return -1;
	while ((n = wire_take(w, bytes, size)) == 0) {
		if (!wire_wait(w, false))
			return -1;
	}
	return n;
}

static void
note_written(struct wire *w, ssize_t n)
{
	w->written += (uint64_t)n;
	if (w->tls)
		w->record_ends[w->record_count++ % RECORDS_MAX] =
		    (struct record_end){ w->written, w->crossed };
}

ssize_t
wire_write(struct wire *w, const void *bytes, size_t len)
{
	for (;;) {
		ssize_t n = w->tls ? gnutls_record_send(w->tls, bytes, len)
				   : send(w->fd, bytes, len, MSG_NOSIGNAL);

		if (n >= 0) {
			note_written(w, n);
			return n;
		}
		if (is_again(w, n)) {
			if (!wire_wait(w, true))
				return -1;
		} else if (!is_harmless(w, n)) {
			return fail_with(w, n);
		}
	}
}

/* In the clear: as much as the network takes. */
static enum wire_state
push_plain(struct wire *w, const struct iovec *pieces, size_t count, size_t *taken)
{
	struct iovec list[PIECES_MAX];
	struct msghdr message = { .msg_iov = list, .msg_iovlen = count };
	size_t len = 0;
	ssize_t n = 0;

	memcpy(list, pieces, count * sizeof(*list));
	for (size_t i = 0; i < count; i++)
		len += list[i].iov_len;
	if (len == 0)
		return WIRE_DONE;
	do {
		n = sendmsg(w->fd, &message, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && is_again(w, n))
		return WIRE_WAITS;
	if (n < 0) {
		(void)fail_with(w, n);
		return WIRE_LOST;
	}
	*taken = (size_t)n;
	note_written(w, n);
	return *taken == len ? WIRE_DONE : WIRE_WAITS;
}

/* Fills a record with what follows. */
static size_t
fill_record(struct wire *w, const struct iovec *pieces, size_t count, size_t from)
{
	size_t taken = 0;

	if (!w->record)
		w->record = xmalloc(RECORD_MAX);
	for (size_t i = 0; i < count && w->record_len < RECORD_MAX; i++) {
		size_t len = pieces[i].iov_len;

		if (from >= len) {
			from -= len;
			continue;
		}
		len -= from;
		if (len > RECORD_MAX - w->record_len)
			len = RECORD_MAX - w->record_len;
		memcpy(w->record + w->record_len, (const char *)pieces[i].iov_base + from,
		    len);
		w->record_len += len;
		taken += len;
		from = 0;
	}
	return taken;
}

/* GnuTLS wants the same octets again when it could not send them. */
static enum wire_state
push_tls(struct wire *w, const struct iovec *pieces, size_t count, size_t *taken)
{
	for (;;) {
		ssize_t n = 0;

		if (w->record_len == 0)
			*taken += fill_record(w, pieces, count, *taken);
		if (w->record_len == 0)
			return WIRE_DONE;
		n = gnutls_record_send(w->tls, w->record, w->record_len);
		if (n >= 0) {
			note_written(w, n);
			w->record_len -= (size_t)n;
			memmove(w->record, w->record + n, w->record_len);
		} else if (is_again(w, n)) {
			return WIRE_WAITS;
		} else if (!is_harmless(w, n)) {
			(void)fail_with(w, n);
			return WIRE_LOST;
		}
	}
}

enum wire_state
wire_push(struct wire *w, const struct iovec *pieces, size_t count, size_t *taken)
{
	*taken = 0;
	if (count > PIECES_MAX)
		count = PIECES_MAX;
	return w->tls ? push_tls(w, pieces, count, taken)
		      : push_plain(w, pieces, count, taken);
}

int64_t
wire_patience(const struct wire *w, int64_t since, int64_t now)
{
	const int64_t silence = since + w->idle_ms - now;
	const int64_t left = w->deadline - now;

	return silence < left ? silence : left;
}

void
wire_excuse(struct wire *w, int64_t ms)
{
	w->deadline += ms;
}

void
wire_give_up(struct wire *w)
{
	if (!w->broken)
		(void)give_reason(w, stopped);
}

void
wire_expire(struct wire *w, int64_t now)
{
	/* The first cause stands. */
	if (w->broken)
		return;
	(void)give_reason(w,
	    w->deadline <= now ? "timed out: it took too long in all"
			       : "timed out: nothing was heard");
}

/* ---- questions ----------------------------------------------------------------------- */

uint64_t
wire_written(const struct wire *w)
{
	return w->written;
}

/* Octets that the system took and never sent, or -1. */
static int64_t
unsent(const struct wire *w)
{
	int n = -1;

	return ioctl(w->fd, SIOCOUTQNSD, &n) == 0 ? n : -1;
}

/* Both directions are closed: nothing more is sent, and what is unsent stays so. */
static bool
is_dead(const struct wire *w)
{
	struct pollfd p = { .fd = w->fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

bool
wire_still_sends(const struct wire *w)
{
	return unsent(w) > 0 && !is_dead(w);
}

/* Where the octets before `end` ended on the network, 0 when that is forgotten. */
static uint64_t
network_end(const struct wire *w, uint64_t end)
{
	uint64_t found = 0;

	if (!w->tls)
		return end;
	for (size_t i = 1; i <= RECORDS_MAX && i <= w->record_count; i++) {
		const struct record_end *e =
		    &w->record_ends[(w->record_count - i) % RECORDS_MAX];

		if (e->written < end)
			return found;
		found = e->crossed;
	}
	return 0;
}

bool
wire_kept_back(const struct wire *w, uint64_t end)
{
	int64_t left = 0;

	if (w->written < end)
		return true;
	if (!is_dead(w))
		return false;
	/* Asked when it can be no other any more. */
	left = unsent(w);
	return left > 0 &&
	    (w->tls ? w->crossed : w->written) < network_end(w, end) + (uint64_t)left;
}

int
wire_fd(const struct wire *w)
{
	return w->fd;
}

const char *
wire_reason(const struct wire *w)
{
	return w->reason;
}

bool
wire_is_local(const struct wire *w)
{
	return w->local;
}

bool
wire_is_encrypted(const struct wire *w)
{
	return w->tls != NULL;
}

enum wire_binding
wire_binding(const struct wire *w, unsigned char bytes[WIRE_BINDING_MAX], size_t *len)
{
	const bool is_new =
	    w->tls && gnutls_protocol_get_version(w->tls) >= GNUTLS_TLS1_3;
	gnutls_datum_t d = { NULL, 0 };

	*len = 0;
	if (!w->tls ||
	    gnutls_session_channel_binding(w->tls,
		is_new ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE,
		&d) != GNUTLS_E_SUCCESS)
		return WIRE_BINDING_NONE;
	if (d.data && d.size <= WIRE_BINDING_MAX) {
		memcpy(bytes, d.data, d.size);
		*len = d.size;
	}
	gnutls_free(d.data);
	if (*len == 0)
		return WIRE_BINDING_NONE;
	return is_new ? WIRE_BINDING_EXPORTER : WIRE_BINDING_UNIQUE;
}
