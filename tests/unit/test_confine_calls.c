/* SPDX-License-Identifier: ISC */
/*
 * Every call with which a confined child gives up what it may do, in order, and what becomes of
 * it when one is refused.  The program has those calls in front of the C library's and lives as
 * the child: nothing is forked, limited or filtered.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>

#include "base/attr.h"
#include "base/confine.h"

/* AddressSanitizer maps more than any child may have. */
#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_LIMIT ""
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_LIMIT ""
#endif
#endif
#ifndef MEMORY_LIMIT
#define MEMORY_LIMIT "limit memory 7000 7000\n"
#endif

enum { READY = 0x70F1ED, OURS = 50, THEIRS = 51, CHILD = 999999999 };

/* What the system pretends, and what it was asked for. */
static struct {
	bool on;
	pid_t forked;        /* -1: no */
	const char *refused; /* the line of the log whose call fails */
	rlim_t most;         /* that was allowed so far */
	const char *in;      /* for read() and recv(), a byte at a time */
	size_t in_len;
	size_t room; /* for so many bytes of write() */
	char out[200];
	size_t out_len;
	int ends; /* of the input, seen by the reader */
	int closed_first, closed_last, closed;
	int poll_code; /* errno of the first poll() */
	char log[2000];
	jmp_buf ended;
} played;

static bool PRINTF_LIKE(1, 2) note(const char *format, ...)
{
	const size_t len = strlen(played.log);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(played.log + len, sizeof(played.log) - len, format, args);
	va_end(args);
	errno = EPERM;
	return !played.refused || strcmp(played.refused, played.log + len) != 0;
}

#define LIBRARYS(function) \
	static __typeof__(&(function)) library; \
	if (!library) \
	*(void **)&library = dlsym(RTLD_NEXT, #function)

pid_t
fork(void)
{
	(void)note("fork\n");
	return played.forked;
}

void
_exit(int status)
{
	if (!played.on) {
		(void)kill(getpid(), SIGKILL);
		abort();
	}
	(void)note("exit %d\n", status);
	longjmp(played.ended, 1);
}

int
kill(pid_t pid, int number)
{
	return note("kill %ld %d\n", (long)pid, number) ? 0 : -1;
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	(void)status;
	return note("wait %ld %d\n", (long)pid, options) ? pid : -1;
}

int
socketpair(int domain, int type, int protocol, int ends[2])
{
	static const int shown[] = { OURS, THEIRS };
	LIBRARYS(socketpair);

	if (!note("sockets\n") || library(domain, type, protocol, ends) != 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		assert_int_equal(fcntl(ends[i], F_DUPFD, shown[i]), shown[i]);
		played.on = false;
		(void)close(ends[i]);
		played.on = true;
		ends[i] = shown[i];
	}
	return 0;
}

int
dup2(int from, int to)
{
	LIBRARYS(dup2);

	if (!played.on)
		return library(from, to);
	return note("dup2 %d %d\n", from, to) ? to : -1;
}

int
close(int fd)
{
	LIBRARYS(close);

	if (!played.on)
		return library(fd);
	if (fd == OURS || fd == THEIRS)
		(void)note("close %d\n", fd);
	if (played.closed++ == 0)
		played.closed_first = fd;
	played.closed_last = fd;
	return 0;
}

long
syscall(long number, ...)
{
	long given[6];
	va_list args;
	LIBRARYS(syscall);

	va_start(args, number);
	for (size_t i = 0; i < ARRAY_LEN(given); i++)
		given[i] = va_arg(args, long);
	va_end(args);
	if (!played.on)
		return library(number, given[0], given[1], given[2], given[3], given[4],
		    given[5]);
	return note("%s %u %u %u\n", number == SYS_close_range ? "close_range" : "?",
		   (unsigned)given[0], (unsigned)given[1], (unsigned)given[2])
	    ? 0
	    : -1;
}

static const char *
limit_name(int resource)
{
	switch (resource) {
	case RLIMIT_CORE:
		return "core";
	case RLIMIT_FSIZE:
		return "file";
	case RLIMIT_NPROC:
		return "processes";
	case RLIMIT_CPU:
		return "processor";
	case RLIMIT_AS:
		return "memory";
	default:
		return "?";
	}
}

int
getrlimit(__rlimit_resource_t resource, struct rlimit *r)
{
	LIBRARYS(getrlimit);

	if (!played.on)
		return library(resource, r);
	*r = (struct rlimit){ .rlim_cur = 1, .rlim_max = played.most };
	if (!played.refused || strncmp(played.refused, "get ", 4) != 0)
		return 0;
	return note("get %s\n", limit_name((int)resource)) ? 0 : -1;
}

int
setrlimit(__rlimit_resource_t resource, const struct rlimit *r)
{
	return note("limit %s %lu %lu\n", limit_name((int)resource),
		   (unsigned long)r->rlim_cur, (unsigned long)r->rlim_max)
	    ? 0
	    : -1;
}

int
sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	LIBRARYS(sigprocmask);

	if (!played.on)
		return library(how, set, old);
	(void)note("%s %d\n", how == SIG_SETMASK ? "mask" : "?", sigisemptyset(set));
	return 0;
}

__sighandler_t
signal(int number, __sighandler_t handler)
{
	LIBRARYS(signal);

	if (!played.on)
		return library(number, handler);
	(void)note("signal %d%s\n", number,
	    handler == SIG_IGN       ? " ignored"
		: handler == SIG_DFL ? ""
				     : " ?");
	return SIG_DFL;
}

/* One byte of the input; 0 at its end, which is told once. */
static ssize_t
take(void *bytes, size_t len)
{
	if (len == 0)
		return 0;
	if (played.in_len > 0) {
		memcpy(bytes, played.in++, 1);
		played.in_len--;
		return 1;
	}
	if (played.ends++ > 0)
		_exit(99);
	return 0;
}

ssize_t
read(int fd, void *bytes, size_t len)
{
	LIBRARYS(read);

	if (!played.on)
		return library(fd, bytes, len);
	return fd == 0 ? take(bytes, len) : -1;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	LIBRARYS(write);

	if (!played.on)
		return library(fd, bytes, len);
	if (fd != 1 || len == 0)
		return -1;
	if (played.out_len == played.room) {
		if (played.ends++ > 0)
			_exit(99);
		return 0;
	}
	memcpy(played.out + played.out_len++, bytes, 1);
	return 1;
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	(void)flags;
	if (fd != OURS)
		return -1;
	if (played.in_len > 0 || played.poll_code == 0)
		return take(bytes, len);
	errno = EAGAIN;
	return -1;
}

ssize_t
send(int fd, const void *bytes, size_t len, int flags)
{
	(void)bytes;
	(void)flags;
	return fd == OURS ? (ssize_t)len : -1;
}

int
poll(struct pollfd *fds, nfds_t count, int ms)
{
	(void)fds;
	(void)note("poll %lu %d\n", (unsigned long)count, ms);
	errno = played.poll_code;
	played.poll_code = 0;
	return -1;
}

scmp_filter_ctx
seccomp_init(uint32_t action)
{
	return note("filter%s\n", action == SCMP_ACT_KILL_PROCESS ? "" : " ?") ? &played
									       : NULL;
}

int
seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int call, unsigned count, ...)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
	char text[200] = "";
	bool ok = false;
	va_list args;

	va_start(args, count);
	for (unsigned i = 0; i < count; i++) {
		const struct scmp_arg_cmp c = va_arg(args, struct scmp_arg_cmp);
		char *at = text + strlen(text);
		const size_t room = sizeof(text) - strlen(text);

		if (c.op == SCMP_CMP_EQ)
			(void)snprintf(at, room, " %u=%d", c.arg, (int)c.datum_a);
		else if (c.op == SCMP_CMP_MASKED_EQ)
			(void)snprintf(at, room, " %u&%d=%d", c.arg, (int)c.datum_a,
			    (int)c.datum_b);
		else
			(void)snprintf(at, room, "?");
	}
	va_end(args);
	ok = note("%s %s%s\n",
	    filter != &played                      ? "?"
		: action == SCMP_ACT_ALLOW         ? "allow"
		: action == SCMP_ACT_ERRNO(EACCES) ? "refuse"
						   : "?",
	    name, text);
	free(name);
	return ok ? 0 : -EINVAL;
}

int
seccomp_load(const scmp_filter_ctx filter)
{
	return note("load%s\n", filter == &played ? "" : " ?") ? 0 : -EACCES;
}

void
seccomp_release(scmp_filter_ctx filter)
{
	(void)note("release%s\n", filter == &played ? "" : " ?");
}

/* ---- the child ---- */

/* SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXCPU, SIGUSR1. */
#define SIGNALS \
	"sockets\nfork\nmask 1\nsignal 2 ignored\nsignal 15\nsignal 1 ignored\nsignal 13\n" \
	"signal 24\nsignal 10\nprepare\n"
#define DESCRIPTORS "dup2 51 0\ndup2 51 1\nclose_range 2 4294967295 0\n"
#define LIMITS(processor) \
	"limit core 0 0\nlimit file 0 0\nlimit processes 0 0\nlimit processor " processor \
	"\n" MEMORY_LIMIT
/* 4 is PROT_EXEC, 32 MAP_ANONYMOUS: memory that no code runs from, and no file. */
#define FILTER \
	"filter\nallow brk\nallow munmap\nallow mremap\nallow madvise\nallow futex\n" \
	"allow exit\nallow exit_group\nallow restart_syscall\nallow mmap 2&4=0 3&32=32\n" \
	"allow mprotect 2&4=0\nallow read 0=0\nallow write 0=1\nrefuse openat\n" \
	"refuse open\nrefuse newfstatat\nrefuse stat\nrefuse access\nload\nrelease\n"
#define WAY SIGNALS DESCRIPTORS LIMITS("32 32") FILTER

static void
prepare(void)
{
	(void)note("prepare\n");
}

static void
put_in_brackets(void *context, const char *bytes, size_t len, struct buf *answer)
{
	(void)note("work %zu\n", strlen(bytes) == len ? len : SIZE_MAX);
	buf_addf(answer, "%s%s>", (const char *)context, bytes);
}

static const char opening[] = "<";

static struct confinement
usual(void)
{
	return (struct confinement){ .work = put_in_brackets,
		.prepare = prepare,
		.context = (void *)(uintptr_t)opening,
		.answer_max = 100,
		.memory_max = 7000,
		.cpu_ms = 3000,
		.patience_ms = 60000,
		.requests_max = 10 };
}

static void
play(pid_t forked)
{
	memset(&played, 0, sizeof(played));
	played.forked = forked;
	played.most = RLIM_INFINITY;
	played.room = sizeof(played.out);
}

static void
end_play(void)
{
	played.on = false;
	(void)close(OURS);
	(void)close(THEIRS);
}

/* Lives as the child until it ends. */
static void
live_as_child(const struct confinement *how)
{
	struct confined *c = confined_new(how);
	struct err err = ERR_INIT;

	if (setjmp(played.ended) == 0) {
		played.on = true;
		(void)note("came back: %d\n", confined_start(c, &err));
	}
	end_play();
	confined_free(c);
}

static void
a_child_gives_up_all_but_its_socket_and_memory(void **state)
{
	const struct confinement how = usual();

	(void)state;
	play(0);
	live_as_child(&how);
	assert_string_equal(played.log, WAY "exit 0\n");
	assert_int_equal(played.out_len, sizeof(size_t));
	assert_memory_equal(played.out, &(size_t){ READY }, sizeof(size_t));
}

/* What is refused, and what is still done then but to end with 1. */
static const struct {
	const char *refused, *rest;
} refusals[] = {
	{ "dup2 51 0\n", "" },
	{ "dup2 51 1\n", "" },
	{ "limit core 0 0\n", "" },
	{ "limit file 0 0\n", "" },
	{ "limit processes 0 0\n", "" },
	{ "limit processor 32 32\n", "" },
	{ "filter\n", "" },
	{ "allow brk\n", "release\n" },
	{ "allow restart_syscall\n", "release\n" },
	{ "allow mmap 2&4=0 3&32=32\n", "release\n" },
	{ "allow mprotect 2&4=0\n", "release\n" },
	{ "allow read 0=0\n", "release\n" },
	{ "allow write 0=1\n", "release\n" },
	{ "refuse openat\n", "release\n" },
	{ "refuse access\n", "release\n" },
	{ "load\n", "release\n" },
};

static void
a_child_to_which_anything_is_refused_ends_at_once(void **state)
{
	const struct confinement how = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const char *refused = refusals[i].refused;
		const char *at = strstr(WAY, refused);
		char want[sizeof(WAY) + 20];

		assert_non_null(at);
		(void)snprintf(want, sizeof(want), "%.*s%s%sexit 1\n", (int)(at - WAY),
		    WAY, refused, refusals[i].rest);
		play(0);
		played.refused = refused;
		live_as_child(&how);
		assert_string_equal(played.log, want);
		assert_int_equal(played.out_len, 0);
	}
}

static void
nor_does_it_live_when_a_limit_is_not_known_or_nobody_hears_it(void **state)
{
	const struct confinement how = usual();

	(void)state;
	play(0);
	played.refused = "get core\n";
	live_as_child(&how);
	assert_string_equal(played.log, SIGNALS DESCRIPTORS "get core\nexit 1\n");
	for (size_t room = 0; room < sizeof(size_t); room++) {
		play(0);
		played.room = room;
		live_as_child(&how);
		assert_string_equal(played.log, WAY "exit 1\n");
	}
}

/* Linux before 5.9 closes no range. */
static void
descriptors_are_closed_one_by_one_otherwise(void **state)
{
	const struct confinement how = usual();

	(void)state;
	play(0);
	live_as_child(&how);
	assert_int_equal(played.closed, 0);
	play(0);
	played.refused = "close_range 2 4294967295 0\n";
	live_as_child(&how);
	assert_int_equal(played.closed_first, 2);
	assert_int_equal(played.closed_last, 1023);
	assert_int_equal(played.closed, 1022);
	assert_null(strstr(played.log, "exit 1\n"));
}

/* All its requests and two seconds, but ten minutes at most, and no more than its owner has. */
static const struct {
	int64_t cpu_ms;
	size_t requests;
	rlim_t most;
	const char *limit;
} times[] = {
	{ 3000, 10, 32, "limit processor 32 32\n" },
	{ 3000, 10, 31, "limit processor 31 31\n" },
	{ 3000, 10, 33, "limit processor 32 32\n" },
	{ 3999, 1, 1000, "limit processor 5 5\n" },
	{ 599000, 1, RLIM_INFINITY, "limit processor 601 601\n" },
	{ 200000, 3, RLIM_INFINITY, "limit processor 602 602\n" },
	{ 601000, 1, RLIM_INFINITY, "limit processor 600 600\n" },
};

static void
its_time_is_that_of_all_its_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct confinement how = usual();

		how.cpu_ms = times[i].cpu_ms;
		how.requests_max = times[i].requests;
		play(0);
		played.most = times[i].most;
		live_as_child(&how);
		if (!strstr(played.log, times[i].limit))
			fail_msg("no %s in %s", times[i].limit, played.log);
	}
}

/* Two requests: of two bytes, and of none. */
static const struct {
	size_t in, room; /* so many bytes come, so many are taken, after its READY */
	const char *works;
	size_t out;
} requests[] = {
	{ 0, 100, "", 0 },
	{ 7, 100, "", 0 },
	{ 8, 100, "", 0 },
	{ 9, 100, "", 0 },
	{ 10, 100, "work 2\n", 12 },
	{ 17, 100, "work 2\n", 12 },
	{ 18, 100, "work 2\nwork 0\n", 22 },
	{ 18, 0, "work 2\n", 0 },
	{ 18, 7, "work 2\n", 7 },
	{ 18, 8, "work 2\n", 8 },
	{ 18, 11, "work 2\n", 11 },
	{ 18, 12, "work 2\nwork 0\n", 12 },
	{ 18, 21, "work 2\nwork 0\n", 21 },
};

static void
requests_are_answered_until_no_more_comes_or_is_taken(void **state)
{
	const struct confinement how = usual();
	struct buf in = BUF_INIT(100);
	struct buf out = BUF_INIT(100);

	(void)state;
	buf_add(&in, &(size_t){ 2 }, sizeof(size_t));
	buf_adds(&in, "ab");
	buf_add(&in, &(size_t){ 0 }, sizeof(size_t));
	buf_add(&out, &(size_t){ READY }, sizeof(size_t));
	buf_add(&out, &(size_t){ 4 }, sizeof(size_t));
	buf_adds(&out, "<ab>");
	buf_add(&out, &(size_t){ 2 }, sizeof(size_t));
	buf_adds(&out, "<>");
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		char want[sizeof(WAY) + 50];

		(void)snprintf(want, sizeof(want), WAY "%sexit 0\n", requests[i].works);
		play(0);
		played.in = buf_text(&in);
		played.in_len = requests[i].in;
		played.room = sizeof(size_t) + requests[i].room;
		live_as_child(&how);
		assert_string_equal(played.log, want);
		assert_int_equal(played.out_len, sizeof(size_t) + requests[i].out);
		assert_memory_equal(played.out, buf_text(&out), played.out_len);
	}
	buf_clear(&in);
	buf_clear(&out);
}

/* ---- its owner ---- */

#define UNCONFINED \
	"a process that reads strangers' bytes cannot be confined here: seccomp or a limit " \
	"was refused"
#define STARTED "sockets\nfork\nclose 51\n"
#define ENDED "close 50\nkill 999999999 9\nwait 999999999 0\n"

static const struct {
	pid_t forked;
	const char *refused;
	size_t hello;
	size_t hello_len;
	int poll_code;
	const char *log, *error;
} starts[] = {
	{ CHILD, NULL, READY, 8, 0, STARTED, "" },
	{ CHILD, NULL, READY + 1, 8, 0, STARTED ENDED, UNCONFINED },
	{ CHILD, NULL, READY, 7, 0, STARTED ENDED, UNCONFINED },
	{ CHILD, NULL, READY, 7, EINVAL, STARTED "poll 1 100\n" ENDED, UNCONFINED },
	{ CHILD, NULL, READY, 7, EINTR, STARTED "poll 1 100\npoll 1 100\n" ENDED,
	    UNCONFINED },
	{ CHILD, "sockets\n", READY, 8, 0, "sockets\n",
	    "socketpair: Operation not permitted" },
	{ -1, NULL, READY, 8, 0, STARTED "close 50\n", "fork: Operation not permitted" },
};

static void
who_has_no_child_says_why(void **state)
{
	const struct confinement how = usual();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		struct confined *c = confined_new(&how);
		struct err err = ERR_INIT;
		bool ok = false;

		play(starts[i].forked);
		played.refused = starts[i].refused;
		played.in = (const char *)&starts[i].hello;
		played.in_len = starts[i].hello_len;
		played.poll_code = starts[i].poll_code;
		played.on = true;
		ok = confined_start(c, &err);
		end_play();
		assert_string_equal(played.log, starts[i].log);
		assert_string_equal(err.text, starts[i].error);
		assert_int_equal(ok, *starts[i].error == '\0');
		played.log[0] = '\0';
		confined_free(c);
		assert_string_equal(played.log,
		    ok ? ENDED + sizeof("close 50\n") - 1 : "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_gives_up_all_but_its_socket_and_memory),
		cmocka_unit_test(a_child_to_which_anything_is_refused_ends_at_once),
		cmocka_unit_test(
		    nor_does_it_live_when_a_limit_is_not_known_or_nobody_hears_it),
		cmocka_unit_test(descriptors_are_closed_one_by_one_otherwise),
		cmocka_unit_test(its_time_is_that_of_all_its_requests),
		cmocka_unit_test(requests_are_answered_until_no_more_comes_or_is_taken),
		cmocka_unit_test(who_has_no_child_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
