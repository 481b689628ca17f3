/* SPDX-License-Identifier: ISC */
/* A mail server of the test's own that says what it is told to, line by line, in a thread. */
#ifndef SMTP_SCRIPT_H
#define SMTP_SCRIPT_H

#include <sys/time.h>

#include "base/buf.h"
#include "unit/wire_fixture.h"

enum { SCRIPT_REPLIES = 12, SCRIPT_CALLS = 3 };

/*
 * Of each call the greeting and the replies to each line; it hangs up on the line behind the
 * last one.
 */
struct smtp_script {
	const char *calls[SCRIPT_CALLS][SCRIPT_REPLIES];
	int port;
	int listener;
	pthread_t thread;
	struct buf said; /* the client's lines, "|" behind each, "#" between calls */
};

/* A line without its CRLF; false when there is none. */
static inline bool
script_line(int fd, struct buf *out)
{
	char c = '\0';

	while (recv(fd, &c, 1, 0) == 1) {
		if (c == '\n')
			return true;
		if (c != '\r')
			buf_addc(out, c);
	}
	return false;
}

static inline void
script_call(struct smtp_script *s, const char *const *replies)
{
	const struct timeval patience = { 5, 0 };
	const int fd = accept(s->listener, NULL, NULL);

	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (size_t i = 0; i < SCRIPT_REPLIES; i++) {
		if (i > 0 && !script_line(fd, &s->said))
			break;
		if (i > 0)
			buf_addc(&s->said, '|');
		if (!replies[i])
			break;
		(void)send(fd, replies[i], strlen(replies[i]), MSG_NOSIGNAL);
		(void)send(fd, "\r\n", 2, MSG_NOSIGNAL);
	}
	(void)close(fd);
}

static inline void *
script_run(void *arg)
{
	struct smtp_script *s = arg;

	for (size_t i = 0; i < SCRIPT_CALLS && s->calls[i][0]; i++) {
		if (i > 0)
			buf_addc(&s->said, '#');
		script_call(s, s->calls[i]);
	}
	return NULL;
}

static inline void
script_begin(struct smtp_script *s)
{
	buf_init(&s->said, 1 << 20);
	s->listener = listen_here(0, SCRIPT_CALLS, &s->port);
	assert_int_equal(pthread_create(&s->thread, NULL, script_run, s), 0);
}

/* The calls that did not come are not waited for. */
static inline void
script_end(struct smtp_script *s)
{
	(void)shutdown(s->listener, SHUT_RDWR);
	assert_int_equal(pthread_join(s->thread, NULL), 0);
	(void)close(s->listener);
}

#endif
