/* SPDX-License-Identifier: ISC */
/*
 * A mail server that takes letters faster than anybody sends them and forgets them: what a send
 * costs beside it is the sender's.  Offers PIPELINING and 8BITMIME.
 *
 * usage: fast_sink [chunking] [delay=MS [each]] [tls=CERT,KEY]
 *   chunking      offers CHUNKING too
 *   delay=MS      so long after a letter has come it is answered; what comes behind it is read
 *   each          so long after whatever came, as over a long way
 *   tls=CERT,KEY  offers STARTTLS, with that certificate
 * Prints its port, then serves until it is killed.
 */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

enum {
	IN_MAX = 256 * 1024,
	OUT_MAX = 64 * 1024,
	CLIENTS_MAX = 256,
	EVENTS = 64,
	DOT = 5
};

/* What is said when its time has come. */
struct answer {
	struct answer *next;
	struct client *to;
	int64_t due_us;
	char text[OUT_MAX];
	size_t len;
};
struct client {
	int fd;
	char in[IN_MAX];
	size_t in_len;
	char out[OUT_MAX];
	size_t out_len;
	uint64_t chunk; /* octets of it that are to come */
	bool in_letter; /* after DATA */
	bool took_letter, gone;
	gnutls_session_t tls; /* NULL = in the clear */
	bool starts_tls, greets;
	size_t answers; /* that wait for their time */
};
struct sink {
	bool chunking, each;
	int64_t delay_us;
	gnutls_certificate_credentials_t identity; /* NULL = no TLS */
	int epoll, listener;
	struct answer *first, **end; /* all wait equally long: in their order */
};

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
say(struct client *c, const char *text)
{
	const size_t len = strlen(text);

	if (c->out_len + len > sizeof(c->out))
		die("more answers than there is room for");
	memcpy(c->out + c->out_len, text, len);
	c->out_len += len;
}

/* ---- what is heard ------------------------------------------------------------------- */

static void
hear_chunk_size(struct client *c, const char *words)
{
	c->chunk = strtoull(words, NULL, 10);
	if (c->chunk == 0)
		say(c, "250 2.0.0 nothing\r\n");
}

static void
hear_line(const struct sink *s, struct client *c, const char *line)
{
	switch (line[0]) {
	case 'E':
		say(c, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n");
		if (s->identity && !c->tls)
			say(c, "250-STARTTLS\r\n");
		say(c,
		    s->chunking ? "250-ENHANCEDSTATUSCODES\r\n250 CHUNKING\r\n"
				: "250 ENHANCEDSTATUSCODES\r\n");
		break;
	case 'D':
		say(c, "354 go on\r\n");
		c->in_letter = true;
		break;
	case 'B':
		hear_chunk_size(c, line + sizeof("BDAT"));
		break;
	case 'S':
		say(c, "220 2.0.0 go ahead\r\n");
		c->starts_tls = true;
		break;
	case 'Q':
		say(c, "221 2.0.0 bye\r\n");
		c->gone = true;
		break;
	default:
		say(c, "250 2.1.0 yes\r\n");
		break;
	}
}

static void
take_letter(struct client *c)
{
	say(c, "250 2.0.0 taken\r\n");
	c->took_letter = true;
}

/* One thing of what was read from `at` on; returns how much of it was used, 0 = not all is there. */
static size_t
hear_one(const struct sink *s, struct client *c, size_t at)
{
	const char *from = c->in + at;
	const size_t len = c->in_len - at;
	const char *end = NULL;

	if (c->chunk > 0) {
		const size_t n = len < c->chunk ? len : (size_t)c->chunk;

		c->chunk -= n;
		if (c->chunk == 0)
			take_letter(c);
		return n;
	}
	if (c->in_letter) {
		end = memmem(from, len, "\r\n.\r\n", DOT);
		if (!end)
			return len > DOT ? len - DOT + 1 : 0;
		c->in_letter = false;
		take_letter(c);
		return (size_t)(end - from) + DOT;
	}
	end = memchr(from, '\n', len);
	if (!end)
		return 0;
	hear_line(s, c, from);
	return (size_t)(end - from) + 1;
}

static void
hear(const struct sink *s, struct client *c)
{
	size_t at = 0;
	size_t n = 0;

	while (at < c->in_len && (n = hear_one(s, c, at)) > 0)
		at += n;
	c->in_len -= at;
	memmove(c->in, c->in + at, c->in_len);
}

/* ---- what is said -------------------------------------------------------------------- */

/* As send() and recv() do, under TLS too. */
static ssize_t
give(struct client *c, const char *bytes, size_t len)
{
	ssize_t n = 0;

	if (!c->tls)
		return send(c->fd, bytes, len, MSG_NOSIGNAL);
	n = gnutls_record_send(c->tls, bytes, len);
	errno = n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED ? EAGAIN : EPIPE;
	return n;
}

static ssize_t
get(struct client *c)
{
	const size_t room = sizeof(c->in) - c->in_len;
	ssize_t n = 0;

	if (!c->tls)
		return recv(c->fd, c->in + c->in_len, room, 0);
	n = gnutls_record_recv(c->tls, c->in + c->in_len, room);
	errno = n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED ? EAGAIN : EPIPE;
	return n;
}

static void
flush(struct client *c)
{
	for (size_t at = 0; at < c->out_len;) {
		const ssize_t n = give(c, c->out + at, c->out_len - at);

		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			c->gone = true;
			break;
		}
		at += n > 0 ? (size_t)n : 0;
	}
	c->out_len = 0;
}

static void
put_off(struct sink *s, struct client *c)
{
	struct answer *a = malloc(sizeof(*a));

	if (!a)
		die("malloc");
	a->next = NULL;
	a->to = c;
	a->due_us = now_us() + s->delay_us;
	memcpy(a->text, c->out, c->out_len);
	a->len = c->out_len;
	c->out_len = 0;
	c->took_letter = false;
	c->answers++;
	*s->end = a;
	s->end = &a->next;
}

static void
drop(struct client *c)
{
	if (c->answers > 0)
		return;
	if (c->tls)
		gnutls_deinit(c->tls);
	(void)close(c->fd);
	free(c);
}

/* Says what is due; returns the milliseconds until the next, -1 = there is none. */
static int
say_due(struct sink *s)
{
	while (s->first) {
		struct answer *a = s->first;
		const int64_t left = a->due_us - now_us();

		if (left > 0)
			return (int)(left / 1000) + 1;
		s->first = a->next;
		if (!s->first)
			s->end = &s->first;
		memcpy(a->to->out, a->text, a->len);
		a->to->out_len = a->len;
		a->to->answers--;
		flush(a->to);
		if (a->to->gone)
			drop(a->to);
		free(a);
	}
	return -1;
}

/* ---- clients ------------------------------------------------------------------------- */

static void
meet(struct sink *s)
{
	const int one = 1;
	const int fd = accept(s->listener, NULL, NULL);
	struct client *c = calloc(1, sizeof(*c));
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	if (fd < 0 || !c || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
		die("accept");
	c->fd = fd;
	say(c, "220 sink ESMTP\r\n");
	flush(c);
}

static void
lose(struct sink *s, struct client *c)
{
	(void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	c->gone = true;
	drop(c);
}

/* STARTTLS was answered. */
static void
begin_tls(const struct sink *s, struct client *c)
{
	if (gnutls_init(&c->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) !=
		0 ||
	    gnutls_set_default_priority(c->tls) != 0 ||
	    gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, s->identity) != 0)
		die("TLS");
	gnutls_transport_set_int(c->tls, c->fd);
	c->starts_tls = false;
	c->greets = true;
	c->in_len = 0;
}

static void
answer(struct sink *s, struct client *c)
{
	hear(s, c);
	if (s->delay_us > 0 && (s->each || c->took_letter || c->answers > 0) &&
	    c->out_len > 0 && !c->starts_tls)
		put_off(s, c);
	else
		flush(c);
	if (c->starts_tls)
		begin_tls(s, c);
}

static void
listen_to(struct sink *s, struct client *c)
{
	ssize_t n = 0;

	if (c->greets) {
		const int rc = gnutls_handshake(c->tls);

		if (rc < 0 && gnutls_error_is_fatal(rc))
			lose(s, c);
		else
			c->greets = rc < 0;
		return;
	}
	/* Under TLS what was read already is told by nobody. */
	do {
		n = get(c);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			lose(s, c);
			return;
		}
		c->in_len += (size_t)n;
		answer(s, c);
	} while (
	    !c->gone && c->tls && !c->greets && gnutls_record_check_pending(c->tls) > 0);
	if (c->gone)
		lose(s, c);
}

/* CERT,KEY */
static void
set_identity(struct sink *s, char *files)
{
	char *key = strchr(files, ',');

	if (!key)
		die("tls=CERT,KEY");
	*key++ = '\0';
	if (gnutls_certificate_allocate_credentials(&s->identity) != 0 ||
	    gnutls_certificate_set_x509_key_file(s->identity, files, key,
		GNUTLS_X509_FMT_PEM) < 0)
		die(files);
}

static void
start_listening(struct sink *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event e = { .events = EPOLLIN };
	socklen_t len = sizeof(at);

	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	s->epoll = epoll_create1(0);
	if (s->listener < 0 || s->epoll < 0 ||
	    bind(s->listener, (struct sockaddr *)&at, len) != 0 ||
	    listen(s->listener, CLIENTS_MAX) != 0 ||
	    getsockname(s->listener, (struct sockaddr *)&at, &len) != 0 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->listener, &e) != 0)
		die("listen");
	(void)printf("%d\n", ntohs(at.sin_port));
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct sink s = { .chunking = false };

	s.end = &s.first;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "chunking") == 0)
			s.chunking = true;
		else if (strncmp(argv[i], "delay=", 6) == 0)
			s.delay_us = strtol(argv[i] + 6, NULL, 10) * 1000;
		else if (strcmp(argv[i], "each") == 0)
			s.each = true;
		else if (strncmp(argv[i], "tls=", 4) == 0)
			set_identity(&s, argv[i] + 4);
	}
	start_listening(&s);
	for (;;) {
		struct epoll_event events[EVENTS];
		const int n = epoll_wait(s.epoll, events, EVENTS, say_due(&s));

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				listen_to(&s, events[i].data.ptr);
			else
				meet(&s);
		}
	}
}
