/* SPDX-License-Identifier: ISC */
/* A mail server of the test's own that says what it is told to, line by line, in a thread. */
#ifndef SMTP_SCRIPT_H
#define SMTP_SCRIPT_H

#include <netinet/tcp.h>
#include <sys/time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "unit/wire_fixture.h"

enum { SCRIPT_REPLIES = 32, SCRIPT_CALLS = 3, SCRIPT_MOMENT_MS = 10 };

/*
 * Of each call the greeting and the replies to each line; it hangs up on the line behind the
 * last one.  A reply may begin with a sign, and there may be nothing behind it:
 *   "-"  nothing is said, for now
 *   "~"  nothing is said or heard any more until script_end
 *   "?"  it waits a moment, and notes "!" when the client has said more by then
 *   "^"  it hangs up behind the reply, without listening
 */
struct smtp_script {
	const char *calls[SCRIPT_CALLS][SCRIPT_REPLIES];
	int port;
	int listener;
	pthread_t thread;
	int stop[2];     /* a pipe that is closed at the end */
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

/* What follows a line: the octets of a chunk, as they are. */
static inline void
script_chunk(int fd, struct buf *out, size_t line_at)
{
	const char *line = buf_text(out) + line_at;
	unsigned long left =
	    strncmp(line, "BDAT ", 5) == 0 ? strtoul(line + 5, NULL, 10) : 0;
	char c = '\0';

	if (left > 0)
		buf_addc(out, '|');
	for (; left > 0 && recv(fd, &c, 1, 0) == 1; left--)
		buf_addc(out, c);
}

/* A command with what belongs to it; behind 354 all lines up to the dot.  False at the end. */
static inline bool
script_hear(int fd, struct buf *out, bool is_message)
{
	size_t at = out->len;

	while (script_line(fd, out)) {
		if (!is_message)
			script_chunk(fd, out, at);
		else if (strcmp(buf_text(out) + at, ".") != 0) {
			buf_addc(out, '|');
			at = out->len;
			continue;
		}
		buf_addc(out, '|');
		return true;
	}
	return false;
}

/* In one piece. */
static inline void
script_say(int fd, struct buf *said, const char *reply)
{
	struct buf line = BUF_INIT(1 << 16);
	char c = '\0';

	if (*reply == '?') {
		clock_sleep_ms(SCRIPT_MOMENT_MS);
		if (recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
			buf_addc(said, '!');
	}
	buf_adds(&line, reply + (*reply == '?' || *reply == '^'));
	buf_adds(&line, "\r\n");
	(void)send(fd, line.data, line.len, MSG_NOSIGNAL);
	buf_clear(&line);
}

static inline void
script_call(struct smtp_script *s, const char *const *replies)
{
	const struct timeval patience = { 5, 0 };
	const int fd = accept(s->listener, NULL, NULL);
	char c = '\0';

	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	for (size_t i = 0; i < SCRIPT_REPLIES; i++) {
		if (i > 0 &&
		    !script_hear(fd, &s->said, strncmp(replies[i - 1], "354", 3) == 0))
			break;
		if (!replies[i])
			break;
		if (*replies[i] == '~') {
			(void)read(s->stop[0], &c, 1);
			break;
		}
		if (*replies[i] != '-')
			script_say(fd, &s->said, replies[i]);
		if (*replies[i] == '^')
			break;
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
	assert_int_equal(pipe(s->stop), 0);
	s->listener = listen_here(0, SCRIPT_CALLS, &s->port);
	assert_int_equal(pthread_create(&s->thread, NULL, script_run, s), 0);
}

/* The calls that did not come are not waited for. */
static inline void
script_end(struct smtp_script *s)
{
	(void)close(s->stop[1]);
	(void)shutdown(s->listener, SHUT_RDWR);
	assert_int_equal(pthread_join(s->thread, NULL), 0);
	(void)close(s->listener);
	(void)close(s->stop[0]);
}

#endif
