/* SPDX-License-Identifier: ISC */
/*
 * The whole program at a terminal: standard output is one, standard input and error another, of
 * so many columns, and somebody has typed answers already.
 */
#ifndef TESTS_TERMINAL_FIXTURE_H
#define TESTS_TERMINAL_FIXTURE_H

/* For posix_openpt() and the size of a window. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1

#include "unit/planet_fixture.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <termios.h>

/* What is written to it is read by a thread, since little fits into a terminal. */
struct terminal {
	int own, other; /* the program's side is other */
	int saved[2];
	pthread_t reader;
	struct buf *said;
};

static inline void *
terminal_read(void *arg)
{
	struct terminal *t = arg;
	char room[4096];
	ssize_t n = 0;

	/* EIO: the other side is closed. */
	while ((n = read(t->own, room, sizeof(room))) > 0)
		buf_add(t->said, room, (size_t)n);
	return NULL;
}

static inline void
terminal_open(struct terminal *t, unsigned short columns, struct buf *said)
{
	const struct winsize size = { .ws_row = 24, .ws_col = columns };
	struct termios as_it_is;

	t->own = posix_openpt(O_RDWR | O_NOCTTY);
	if (t->own < 0)
		skip(); /* where there are no terminals at all */
	assert_int_equal(grantpt(t->own), 0);
	assert_int_equal(unlockpt(t->own), 0);
	t->other = open(ptsname(t->own), O_RDWR | O_NOCTTY);
	assert_true(t->other >= 0);
	assert_int_equal(ioctl(t->other, TIOCSWINSZ, &size), 0);
	assert_int_equal(tcgetattr(t->other, &as_it_is), 0);
	as_it_is.c_lflag &= ~(tcflag_t)ECHO;
	as_it_is.c_oflag &= ~(tcflag_t)OPOST;
	assert_int_equal(tcsetattr(t->other, TCSANOW, &as_it_is), 0);
	t->said = said;
	buf_reset(said);
	assert_int_equal(pthread_create(&t->reader, NULL, terminal_read, t), 0);
}

static inline void
terminal_close(struct terminal *t)
{
	close(t->other);
	assert_int_equal(pthread_join(t->reader, NULL), 0);
	close(t->own);
}

static inline void
terminal_lead(int from, int to)
{
	assert_int_equal(dup2(from, to), to);
}

/* answers: lines as they are typed; what was said goes to t->out and t->err.  The exit code. */
static inline int
terminal_call(struct cmd_test *t, unsigned short columns, const char *answers,
    const char *const *words)
{
	const int saved[] = { dup(STDIN_FILENO), dup(STDOUT_FILENO), dup(STDERR_FILENO) };
	struct terminal out;
	struct terminal err;
	int code = 0;

	(void)fflush(stdout);
	terminal_open(&out, columns, &t->out);
	terminal_open(&err, columns, &t->err);
	assert_int_equal(write(err.own, answers, strlen(answers)), strlen(answers));
	terminal_lead(err.other, STDIN_FILENO);
	terminal_lead(out.other, STDOUT_FILENO);
	terminal_lead(err.other, STDERR_FILENO);
	clearerr(stdin);
	code = cmd_main_with(t, words);
	(void)fflush(stdout);
	for (int i = 0; i < 3; i++)
		capture_put(saved[i], i);
	clearerr(stdin);
	terminal_close(&out);
	terminal_close(&err);
	return code;
}

struct terminal_case {
	struct cmd_case c; /* with what is said there */
	unsigned short columns;
	const char *answers;
};

static inline void
terminal_expect(struct cmd_test *t, const struct terminal_case *at)
{
	const int code = terminal_call(t, at->columns ? at->columns : 80,
	    at->answers ? at->answers : "", at->c.words);

	cmd_judge(t, &at->c, code);
}

#endif
