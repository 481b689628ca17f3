/* SPDX-License-Identifier: ISC */
/*
 * The letter goes to the standard input of the program with LF line ends; its answer is an exit
 * status of <sysexits.h>.  No shell is involved.
 */
#include "transport/sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/spawn.h"
#include "base/text.h"
#include "transport/letter_loop.h"

enum {
	ARGS_MAX =
	    SENDMAIL_WORDS_MAX + 3, /* behind the words: the marker, the address, NULL */
	WORDS_MAX = 400,            /* of what the program says */
	SECOND_MS = 1000,
	LISTEN_MS = 20,       /* between looks at whether it has ended */
	STOP_MS = 10,         /* until all of its processes stand */
	STATUS_NOT_RUN = 127, /* posix_spawn: the program is not there */
	NO_FD = -1
};

struct sendmail {
	const char *command;
	const struct letter_source *src;
	int64_t timeout_ms;  /* for one letter */
	int64_t grace_ms;    /* for the one in hand, when the source hurries */
	struct arena *arena; /* reset for each letter */
	struct buf text;     /* the letter with LF */
	struct buf words;    /* what the program said */
};

/* ---- the command line ---------------------------------------------------------------- */

/* word with every {bounce} replaced. */
static char *
fill_in(struct arena *a, const char *word, const char *bounce)
{
	static const char mark[] = "{bounce}";
	struct buf b = BUF_INIT(LIMIT_PATH);

	while (*word != '\0') {
		if (strncmp(word, mark, strlen(mark)) == 0) {
			buf_adds(&b, bounce);
			word += strlen(mark);
		} else {
			buf_addc(&b, *word++);
		}
	}
	return arena_take(a, &b);
}

static bool
make_args(struct arena *a, const char *command, const struct letter *l,
    char *args[ARGS_MAX], struct err *err)
{
	size_t count = spawn_split(a, command, args, SENDMAIL_WORDS_MAX);

	if (count > SENDMAIL_WORDS_MAX)
		return err_set(err, ERR_CONFIG, "transport.sendmail has too many words");
	if (count == 0)
		return err_set(err, ERR_CONFIG, "transport.sendmail names no program");
	for (size_t i = 0; i < count; i++)
		args[i] = fill_in(a, args[i], l->sender);
	/* After "--" an address that begins with "-" is no option. */
	args[count++] = arena_strdup(a, "--");
	args[count++] = arena_strdup(a, l->recipient);
	args[count] = NULL;
	return true;
}

/* ---- the child ----------------------------------------------------------------------- */

struct child {
	pid_t pid;
	int in;  /* we write the letter here; still open behind its end, to look at */
	int out; /* its standard output and error */
	bool in_ended;
};

/* What was said to it. */
struct talk {
	int64_t deadline; /* in ticks */
	bool is_stopped;  /* the source hurries, which made it an earlier one */
	bool given;       /* every byte was written, so it may have been taken */
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = NO_FD;
}

static bool
set_nonblocking(int fd, struct err *err)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 || err_errno(err, "fcntl");
}

/*
 * Sockets and not pipes, so that a program that ends early gives an error to look at
 * (MSG_NOSIGNAL) instead of a signal to the whole process.
 */
static bool
start_child(struct child *c, char *const *args, struct err *err)
{
	int in[2] = { NO_FD, NO_FD };
	int out[2] = { NO_FD, NO_FD };
	bool ok = spawn_sockets(in, err) && spawn_sockets(out, err) &&
	    set_nonblocking(in[0], err) && set_nonblocking(out[0], err) &&
	    spawn_start(args, &(struct spawn_files){ in[1], out[1], out[1], true },
		&c->pid, err);

	close_fd(&in[1]);
	close_fd(&out[1]);
	c->in = in[0];
	c->out = out[0];
	if (!ok && err->kind == ERR_CONFIG)
		err_hint(err,
		    "transport.sendmail is the command line of a program "
		    "that takes a letter");
	return ok;
}

/* It reads the end of the letter; what it did not read yet stays countable. */
static void
end_letter(struct child *c)
{
	(void)shutdown(c->in, SHUT_WR);
	c->in_ended = true;
}

/*
 * It is stopped and then asked what it has read, since it could read the last byte between the
 * look and its end.  True when some of the letter is still in the socket.
 */
static bool
was_not_read(const struct child *c)
{
	int unread = 0;

	if (kill(-c->pid, SIGSTOP) != 0)
		return false;
	clock_sleep_ms(STOP_MS);
	return ioctl(c->in, SIOCOUTQ, &unread) == 0 && unread > 0;
}

/* Reads what it says, keeps the beginning.  False at the end. */
static bool
read_answer(struct sendmail *s, struct child *c)
{
	char bytes[512];
	ssize_t n = recv(c->out, bytes, sizeof(bytes), 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (s->words.len < WORDS_MAX)
		buf_add(&s->words, bytes, (size_t)n);
	return n > 0;
}

/* Writes some more; *done counts.  False when the program takes no more. */
static bool
write_letter(struct sendmail *s, struct child *c, size_t *done)
{
	ssize_t n = send(c->in, s->text.data + *done, s->text.len - *done, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	*done += (size_t)n;
	return true;
}

/* Its deadline: sooner from the moment on when the source hurries. */
static int64_t
time_left(const struct sendmail *s, struct talk *t)
{
	const int64_t now = clock_ticks_ms();

	if (t->deadline > now + s->grace_ms && s->src->hurry &&
	    s->src->hurry(s->src->arg)) {
		t->deadline = now + s->grace_ms;
		t->is_stopped = true;
	}
	return t->deadline - now;
}

/*
 * Hands the letter over and listens until the program is gone (what it left in the background
 * may hold the socket for long).  False when time is up.
 */
static bool
converse(struct sendmail *s, struct child *c, struct talk *t)
{
	size_t done = 0;

	for (;;) {
		int64_t left = time_left(s, t);
		struct pollfd p[2] = { { .fd = c->out, .events = POLLIN },
			{ .fd = c->in_ended ? NO_FD : c->in, .events = POLLOUT } };

		if (left <= 0)
			return false;
		if (left > LISTEN_MS)
			left = LISTEN_MS;
		if (poll(p, 2, (int)left) < 0 && errno != EINTR)
			return false;
		if (p[0].revents == 0 && p[1].revents == 0 && spawn_has_ended(c->pid))
			return true;
		if (p[1].revents != 0) {
			bool more = write_letter(s, c, &done);

			t->given = done == s->text.len;
			if (!more || t->given)
				end_letter(c);
		}
		if (p[0].revents != 0 && !read_answer(s, c))
			close_fd(&c->out);
	}
}

/* ---- what became of it --------------------------------------------------------------- */

static enum outcome_kind
kind_of_exit(int code)
{
	switch (code) {
	case EX_OK:
		return OUTCOME_SENT;
	case EX_DATAERR:
	case EX_NOUSER:
	case EX_NOHOST:
		return OUTCOME_REFUSED;
	default:
		return OUTCOME_DEFERRED;
	}
}

/* Every answer but success is a word about this letter, and counts. */
static const char *
status_of_exit(int code)
{
	switch (code) {
	case EX_OK:
		return NULL;
	case EX_DATAERR:
		return "5.6.0";
	case EX_NOUSER:
		return "5.1.1";
	case EX_NOHOST:
		return "5.1.2";
	default:
		return "4.3.0";
	}
}

/* Exit codes that the next letter would meet as well. */
static bool
is_hopeless(int code)
{
	return code == EX_USAGE || code == EX_CONFIG || code == EX_NOPERM ||
	    code == STATUS_NOT_RUN || code == STATUS_NOT_RUN - 1;
}

static const char *
words_of(struct sendmail *s)
{
	return text_one_line(s->arena, buf_text(&s->words), s->words.len);
}

/* It was ended, by us or by another. */
static void
outcome_of_kill(bool in_time, const struct talk *t, struct outcome *o)
{
	/* It had the whole letter, so it may have passed it on. */
	o->kind = t->given ? OUTCOME_UNKNOWN : OUTCOME_DEFERRED;
	/* That we would not wait is no word about the letter. */
	if (t->is_stopped && !t->given && !in_time)
		o->status = NULL;
	else
		o->status = STATUS_BROKE_OFF;
	if (*o->reply == '\0')
		o->reply = in_time  ? "the program was killed"
		    : t->is_stopped ? "the program was stopped with the send"
				    : "the program took too long";
}

static bool
outcome_of_exit(struct sendmail *s, const char *program, int status, bool in_time,
    const struct talk *t, struct outcome *o, struct err *err)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	o->reply = words_of(s);
	if (!in_time || code < 0) {
		outcome_of_kill(in_time, t, o);
		return true;
	}
	if (is_hopeless(code))
		return err_set(err, ERR_PERMANENT, "%s ended with %d: %s", program, code,
		    o->reply);
	o->kind = kind_of_exit(code);
	o->status = status_of_exit(code);
	o->stage = STAGE_DOT;
	if (*o->reply == '\0')
		o->reply = arena_printf(s->arena, "exit status %d", code);
	return true;
}

static bool
put_sendmail(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct sendmail *s = arg;
	struct child c = { 0 };
	struct talk t = { .deadline = clock_ticks_ms() + s->timeout_ms };
	char *args[ARGS_MAX];
	bool in_time = false;
	bool ok = false;
	int status = 0;

	arena_reset(s->arena);
	buf_reset(&s->words);
	buf_reset(&s->text);
	letter_loop_add_lf(&s->text, buf_text(l->bytes), l->bytes->len);
	if (!make_args(s->arena, s->command, l, args, err))
		return false;
	if (start_child(&c, args, err)) {
		in_time = converse(s, &c, &t);
		if (!in_time && t.given)
			t.given = !was_not_read(&c);
		in_time = spawn_wait(c.pid, in_time ? t.deadline : 0, &status) && in_time;
		log_wire("sendmail", "%s: status %d, \"%s\"", args[0], status,
		    words_of(s));
		ok = outcome_of_exit(s, args[0], status, in_time, &t, o, err);
	}
	close_fd(&c.in);
	close_fd(&c.out);
	return ok;
}

bool
sendmail_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct sendmail s = { .command = t->config->transport.sendmail,
		.src = src,
		.timeout_ms = t->config->smtp.timeout * SECOND_MS,
		.grace_ms = t->grace_ms,
		.arena = arena_new(),
		.text = BUF_INIT(LIMIT_LETTER),
		.words = BUF_INIT(LIMIT_REPLY_LINE) };
	bool ok = letter_loop_run(src, put_sendmail, &s, err);

	buf_clear(&s.words);
	buf_clear(&s.text);
	arena_free(s.arena);
	return ok;
}
