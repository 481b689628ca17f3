/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS and syscall() are in no standard of 2008 */
#include "base/confine.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/spawn.h"

#if defined(__SANITIZE_ADDRESS__)
/* AddressSanitizer maps terabytes that nobody uses. */
#define LIMITS_MEMORY false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITS_MEMORY false
#endif
#endif
#ifndef LIMITS_MEMORY
#define LIMITS_MEMORY true
#endif

enum { LOOK_MS = 100, READY = 0x70F1ED, DESCRIPTORS = 1024, CHILD_IN = 0, CHILD_OUT = 1 };

struct confined {
	struct confinement how;
	pid_t pid;       /* 0 = none */
	int socket;      /* while there is one */
	size_t requests; /* of this child */
};

/*
 * ---- the child ----
 * No signal interrupts it: to come back from a handler is a call that its filter ends it for.
 */

static bool
read_all(int fd, void *bytes, size_t len)
{
	for (char *at = bytes; len > 0;) {
		const ssize_t n = read(fd, at, len);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
write_all(int fd, const void *bytes, size_t len)
{
	for (const char *at = bytes; len > 0;) {
		const ssize_t n = write(fd, at, len);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* Its owner may have been given less already: only root may give more again. */
static bool
limit(int resource, rlim_t most)
{
	struct rlimit r;

	if (getrlimit(resource, &r) != 0)
		return false;
	if (r.rlim_max > most) /* RLIM_INFINITY is more than all */
		r.rlim_max = most;
	r.rlim_cur = r.rlim_max;
	return setrlimit(resource, &r) == 0;
}

static bool
set_limits(const struct confinement *how)
{
	const int64_t cpu_s = how->cpu_ms / 1000 * (int64_t)how->requests_max;
	/* What one request takes is measured from outside; this is for a child left alone. */
	const rlim_t most_s = (rlim_t)(cpu_s > 600 ? 600 : cpu_s + 2);

	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
	    limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CPU, most_s) &&
	    (!LIMITS_MEMORY || limit(RLIMIT_AS, (rlim_t)how->memory_max));
}

static bool
allow_memory(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	const struct scmp_arg_cmp no_file =
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
	static const int calls[] = { SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
		SCMP_SYS(restart_syscall) };

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	}
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_exec,
		   no_file) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec) == 0;
}

static bool
allow_talk(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
		   SCMP_A0(SCMP_CMP_EQ, CHILD_IN)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		SCMP_A0(SCMP_CMP_EQ, CHILD_OUT)) == 0;
}

/*
 * Looking for a file finds none and harms nobody: the C library does so for a charset that it
 * has not loaded, and goes on without.
 */
static bool
refuse_files(scmp_filter_ctx filter)
{
	static const int calls[] = { SCMP_SYS(openat), SCMP_SYS(open),
		SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(access) };

	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), calls[i], 0) != 0)
			return false;
	}
	return true;
}

/* Every other call ends the child. */
static bool
set_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	const bool ok = filter && allow_memory(filter) && allow_talk(filter) &&
	    refuse_files(filter) && seccomp_load(filter) == 0;

	if (filter)
		seccomp_release(filter);
	return ok;
}

/* Descriptors it could not use anyway, but would keep open for others: locks, connections. */
static void
close_others(void)
{
	if (syscall(SYS_close_range, (unsigned)CHILD_OUT + 1, ~0U, 0U) == 0)
		return;
	/* Linux before 5.9 */
	for (int fd = CHILD_OUT + 1; fd < DESCRIPTORS; fd++)
		(void)close(fd);
}

static void
serve(const struct confinement *how)
{
	struct buf answer = BUF_INIT(how->answer_max);
	bool ok = true;
	size_t len = 0;

	while (ok && read_all(CHILD_IN, &len, sizeof(len))) {
		char *bytes = xmalloc(len + 1);

		bytes[len] = '\0';
		buf_reset(&answer);
		ok = read_all(CHILD_IN, bytes, len);
		if (ok) {
			how->work(how->context, bytes, len, &answer);
			ok = write_all(CHILD_OUT, &answer.len, sizeof(answer.len)) &&
			    write_all(CHILD_OUT, buf_text(&answer), answer.len);
		}
		free(bytes);
	}
	buf_clear(&answer);
}

/* Signals of ours, and what we do about them, are no business of the child. */
static void
leave_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXCPU,
		SIGUSR1 };
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		(void)signal(signals[i],
		    signals[i] == SIGINT || signals[i] == SIGHUP ? SIG_IGN : SIG_DFL);
}

static void
live(const struct confinement *how, int fd)
{
	const size_t ready = READY;

	leave_signals();
	if (how->prepare)
		how->prepare();
	if (dup2(fd, CHILD_IN) != CHILD_IN || dup2(fd, CHILD_OUT) != CHILD_OUT)
		_exit(1);
	close_others();
	if (!set_limits(how) || !set_filter() ||
	    !write_all(CHILD_OUT, &ready, sizeof(ready)))
		_exit(1);
	serve(how);
	_exit(0);
}

/* ---- its owner ---- */

struct confined *
confined_new(const struct confinement *how)
{
	struct confined *c = xcalloc(1, sizeof(*c));

	c->how = *how;
	return c;
}

static void
end_child(struct confined *c)
{
	if (c->pid == 0)
		return;
	(void)close(c->socket);
	(void)kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	c->pid = 0;
	c->requests = 0;
}

void
confined_free(struct confined *c)
{
	if (!c)
		return;
	end_child(c);
	free(c);
}

/* One request's time: that of the clock, and the processor's that the child may use. */
struct patience {
	int64_t until_ms;
	int64_t cpu_until_ms;
	clockid_t clock;
	bool has_clock;
};

static int64_t
cpu_used_ms(clockid_t clock)
{
	struct timespec t = { 0, 0 };

	return clock_gettime(clock, &t) == 0
	    ? (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000
	    : INT64_MAX;
}

static void
patience_begin(struct patience *p, const struct confined *c)
{
	p->until_ms = clock_ticks_ms() + c->how.patience_ms;
	p->has_clock = clock_getcpuclockid(c->pid, &p->clock) == 0;
	p->cpu_until_ms = p->has_clock ? cpu_used_ms(p->clock) + c->how.cpu_ms : 0;
}

static bool
patience_ended(const struct patience *p)
{
	return clock_ticks_ms() >= p->until_ms ||
	    (p->has_clock && cpu_used_ms(p->clock) > p->cpu_until_ms);
}

/* False when nothing can be done any more: it has died, or taken too long. */
static bool
wait_for(const struct confined *c, short events, const struct patience *p)
{
	struct pollfd one = { c->socket, events, 0 };

	for (;;) {
		const int n = poll(&one, 1, LOOK_MS);

		if (n > 0)
			return (one.revents & events) != 0;
		if (n < 0 && errno != EINTR)
			return false;
		if (patience_ended(p))
			return false;
	}
}

static bool
send_all(const struct confined *c, const void *bytes, size_t len,
    const struct patience *p)
{
	for (const char *at = bytes; len > 0;) {
		const ssize_t n = send(c->socket, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if ((errno != EAGAIN && errno != EINTR) ||
		    !wait_for(c, POLLOUT, p)) {
			return false;
		}
	}
	return true;
}

static bool
receive_all(const struct confined *c, void *bytes, size_t len, const struct patience *p)
{
	for (char *at = bytes; len > 0;) {
		const ssize_t n = recv(c->socket, at, len, MSG_DONTWAIT);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR) ||
		    !wait_for(c, POLLIN, p)) {
			return false;
		}
	}
	return true;
}

bool
confined_start(struct confined *c, struct err *err)
{
	int ends[2] = { -1, -1 };
	struct patience p;
	size_t hello = 0;
	pid_t pid;

	if (c->pid != 0)
		return true;
	if (!spawn_sockets(ends, err))
		return false;
	pid = fork();
	if (pid == 0)
		live(&c->how, ends[1]);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return err_errno(err, "fork");
	}
	c->pid = pid;
	c->socket = ends[0];
	patience_begin(&p, c);
	if (receive_all(c, &hello, sizeof(hello), &p) && hello == READY)
		return true;
	end_child(c);
	return err_set(err, ERR_SYSTEM,
	    "a process that reads strangers' bytes cannot be confined here: "
	    "seccomp or a limit was refused");
}

static bool
receive_answer(const struct confined *c, struct buf *answer, const struct patience *p)
{
	size_t len = 0;

	if (!receive_all(c, &len, sizeof(len), p) || len > c->how.answer_max ||
	    !buf_reserve(answer, len))
		return false;
	for (size_t left = len; left > 0;) {
		char piece[8192];
		const size_t n = left < sizeof(piece) ? left : sizeof(piece);

		if (!receive_all(c, piece, n, p))
			return false;
		buf_add(answer, piece, n);
		left -= n;
	}
	return true;
}

bool
confined_ask(struct confined *c, const char *bytes, size_t len, struct buf *answer,
    struct err *err)
{
	struct patience p;

	buf_reset(answer);
	if (c->requests >= c->how.requests_max)
		end_child(c);
	if (!confined_start(c, err))
		return false;
	c->requests++;
	patience_begin(&p, c);
	if (send_all(c, &len, sizeof(len), &p) && send_all(c, bytes, len, &p) &&
	    receive_answer(c, answer, &p))
		return true;
	buf_reset(answer);
	end_child(c);
	return err_set(err, ERR_INPUT, "the process that reads it died or took too long");
}
