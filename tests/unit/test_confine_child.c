/* SPDX-License-Identifier: ISC */
/*
 * What the system says of a confined child: its limits, signals and descriptors, how it ends,
 * and that none is there where it cannot be confined.
 */
#define _GNU_SOURCE /* prlimit() */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/confine.h"
#include "unit/refused_call.h"

enum { ANSWER_MAX = 1000, MEMORY = 512 * 1024 * 1024 };

/* AddressSanitizer maps more than any child may have, and asks for a stack before it ends. */
#if defined(__SANITIZE_ADDRESS__)
static const bool is_watched = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
static const bool is_watched = true;
#else
static const bool is_watched = false;
#endif
#else
static const bool is_watched = false;
#endif

static pid_t own_pid;

static void
note_pid(void)
{
	own_pid = getpid();
}

static void
say_pid(void *context, const char *bytes, size_t len, struct buf *answer)
{
	(void)context;
	(void)bytes;
	(void)len;
	buf_addf(answer, "%ld", (long)own_pid);
}

static struct confined *
child_of(int64_t cpu_ms, size_t requests_max)
{
	const struct confinement how = { .work = say_pid,
		.prepare = note_pid,
		.answer_max = ANSWER_MAX,
		.memory_max = MEMORY,
		.cpu_ms = cpu_ms,
		.patience_ms = 60000,
		.requests_max = requests_max };

	return confined_new(&how);
}

/* 0 when there is none. */
static pid_t
pid_of(struct confined *c)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;
	long pid = 0;

	if (confined_ask(c, "", 0, &answer, &err))
		pid = strtol(buf_text(&answer), NULL, 10);
	buf_clear(&answer);
	return (pid_t)pid;
}

static int
is_number(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The names in a folder of /proc, "0 1 2 ". */
static void
descriptors_of(pid_t pid, char *out, size_t size)
{
	struct dirent **names = NULL;
	char path[64];
	size_t used = 0;
	int count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/fd", (long)pid);
	count = scandir(path, &names, is_number, versionsort);
	assert_true(count >= 0);
	out[0] = '\0';
	for (int i = 0; i < count; i++) {
		used +=
		    (size_t)snprintf(out + used, size - used, "%s ", names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* clang-format off */
static const struct {
	int64_t cpu_ms;
	size_t requests_max;
	rlim_t seconds;
} times[] = {
	{ 999, 100, 2 },     /* less than a second of each request is not counted */
	{ 1000, 1, 3 },
	{ 1999, 5, 7 },
	{ 600000, 1, 602 },
	{ 300500, 2, 602 },
	{ 601000, 1, 600 },
	{ 60000, 1000, 600 },
};
/* clang-format on */

static void
expect_limit(pid_t pid, const char *name, int resource, rlim_t want)
{
	struct rlimit got;

	assert_int_equal(prlimit(pid, (enum __rlimit_resource)resource, NULL, &got), 0);
	if (got.rlim_cur != want || got.rlim_max != want)
		fail_msg("%s: got %llu of %llu, want %llu", name,
		    (unsigned long long)got.rlim_cur, (unsigned long long)got.rlim_max,
		    (unsigned long long)want);
}

static void
a_child_has_limits_that_it_cannot_raise(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct confined *c = child_of(times[i].cpu_ms, times[i].requests_max);
		const pid_t pid = pid_of(c);

		assert_true(pid > 0);
		expect_limit(pid, "core", RLIMIT_CORE, 0);
		expect_limit(pid, "file", RLIMIT_FSIZE, 0);
		expect_limit(pid, "processes", RLIMIT_NPROC, 0);
		expect_limit(pid, "seconds", RLIMIT_CPU, times[i].seconds);
		if (!is_watched)
			expect_limit(pid, "memory", RLIMIT_AS, MEMORY);
		confined_free(c);
	}
}

/* In a process of its own, since less stays less. */
static void
the_smaller_limit_of_its_owner_stays(void **state)
{
	pid_t pid = 0;
	int status = 0;

	(void)state;
	pid = fork();
	if (pid == 0) {
		struct confined *c = child_of(60000, 5);
		struct rlimit got = { 0, 0 };
		int bad = 0;

		bad += setrlimit(RLIMIT_CPU, &(struct rlimit){ 90, 100 }) != 0;
		bad += prlimit(pid_of(c), RLIMIT_CPU, NULL, &got) != 0;
		confined_free(c);
		_exit(bad + (got.rlim_cur != 100) + (got.rlim_max != 100));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
a_child_has_no_descriptor_but_the_socket(void **state)
{
	struct confined *c = child_of(60000, 5);
	char before[2000];
	char after[2000];
	char got[2000];

	(void)state;
	assert_int_equal(dup2(0, 200), 200);
	assert_int_equal(fcntl(200, F_SETFD, 0), 0);
	descriptors_of(getpid(), before, sizeof(before));
	descriptors_of(pid_of(c), got, sizeof(got));
	assert_string_equal(got, "0 1 ");
	confined_free(c);
	descriptors_of(getpid(), after, sizeof(after));
	assert_string_equal(after, before);
	assert_int_equal(close(200), 0);
	/* Nor is a dead process left behind. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
do_nothing(int number)
{
	(void)number;
}

/* A line of /proc/PID/status that holds a mask. */
static unsigned long long
mask_of(pid_t pid, const char *name)
{
	char path[64];
	char line[256];
	unsigned long long mask = 0;
	FILE *f = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			mask = strtoull(line + strlen(name) + 1, NULL, 16);
	(void)fclose(f);
	return mask;
}

#define BIT(number) (1ULL << ((number)-1))

/* Its owner ignores some signals, catches others, and lets none come through. */
static void
a_child_knows_nothing_of_its_owners_signals(void **state)
{
	const unsigned long long ours = BIT(SIGINT) | BIT(SIGTERM) | BIT(SIGHUP) |
	    BIT(SIGPIPE) | BIT(SIGXCPU) | BIT(SIGUSR1);
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1 };
	struct confined *c = child_of(60000, 5);
	sigset_t all;
	sigset_t old;
	pid_t pid = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		assert_true(signal(caught[i], do_nothing) != SIG_ERR);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	assert_true(signal(SIGXCPU, SIG_IGN) != SIG_ERR);
	(void)sigfillset(&all);
	assert_int_equal(sigprocmask(SIG_SETMASK, &all, &old), 0);
	pid = pid_of(c);
	assert_true(pid > 0);
	assert_int_equal(mask_of(pid, "SigBlk"), 0);
	assert_int_equal(mask_of(pid, "SigIgn") & ours, BIT(SIGINT) | BIT(SIGHUP));
	assert_int_equal(mask_of(pid, "SigCgt") & ours, 0);
	assert_int_equal(mask_of(pid, "Seccomp"), 2);
	confined_free(c);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		assert_true(signal(caught[i], SIG_DFL) != SIG_ERR);
	assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	assert_true(signal(SIGXCPU, SIG_DFL) != SIG_ERR);
}

static void
pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* How a process of ours ends within ten seconds; -1 when it does not. */
static int
end_of(pid_t pid)
{
	int status = -1;

	for (int i = 0; i < 1000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		pause_ms(10);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return -1;
}

/* An owner that never frees its child; what it does after it told of it. */
static pid_t
start_owner(void (*then)(struct confined *, pid_t), pid_t *child)
{
	int ends[2];
	pid_t owner = 0;

	*child = 0;
	assert_int_equal(pipe(ends), 0);
	owner = fork();
	if (owner == 0) {
		struct confined *c = child_of(60000, 5);
		const pid_t pid = pid_of(c);

		if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		then(c, pid);
		_exit(0);
	}
	assert_int_equal(read(ends[0], child, sizeof(*child)), sizeof(*child));
	(void)close(ends[0]);
	(void)close(ends[1]);
	return owner;
}

static void
leave(struct confined *c, pid_t child)
{
	(void)c;
	(void)child;
	_exit(0);
}

/* Sends much to one that does not read, until it is killed. */
static void
send_without_end(struct confined *c, pid_t child)
{
	const size_t len = (size_t)8 * 1024 * 1024;
	char *bytes = calloc(1, len);
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;

	if (bytes && kill(child, SIGSTOP) == 0)
		_exit(confined_ask(c, bytes, len, &answer, &err));
	_exit(1);
}

static void
a_child_ends_by_itself_when_its_owner_is_gone(void **state)
{
	pid_t child = 0;
	pid_t owner = 0;

	(void)state;
	/* Orphans are ours from here on. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	owner = start_owner(leave, &child);
	assert_int_equal(end_of(owner), 0);
	assert_true(child > 0);
	assert_int_equal(end_of(child), is_watched ? SIGSYS : 0);

	owner = start_owner(send_without_end, &child);
	assert_true(child > 0);
	pause_ms(100);
	assert_int_equal(kill(owner, SIGKILL), 0);
	assert_int_equal(end_of(owner), SIGKILL);
	/* It has some of the request, and never gets the rest. */
	assert_int_equal(kill(child, SIGCONT), 0);
	assert_int_equal(end_of(child), is_watched ? SIGSYS : 0);
}

/* clang-format off */
#define SET_LIMIT(resource) \
	{ SCMP_SYS(prlimit64), EPERM, 2, { { 1, SCMP_CMP_EQ, resource, 0 }, { 2, SCMP_CMP_NE, 0, 0 } } }
#define GET_LIMIT(resource) \
	{ SCMP_SYS(prlimit64), EPERM, 2, { { 1, SCMP_CMP_EQ, resource, 0 }, { 2, SCMP_CMP_EQ, 0, 0 } } }
#define ALWAYS(call, code) { SCMP_SYS(call), code, 0, { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } } }
#define CANNOT "a process that reads strangers' bytes cannot be confined here: " \
	"seccomp or a limit was refused"

static const struct refusal {
	const char *name;
	struct refused_call calls[2];
	size_t count;
	const char *said; /* NULL: works all the same */
} refusals[] = {
	{ "cores", { SET_LIMIT(RLIMIT_CORE) }, 1, CANNOT },
	{ "files", { SET_LIMIT(RLIMIT_FSIZE) }, 1, CANNOT },
	{ "processes", { SET_LIMIT(RLIMIT_NPROC) }, 1, CANNOT },
	{ "seconds", { SET_LIMIT(RLIMIT_CPU) }, 1, CANNOT },
	{ "looking at a limit", { GET_LIMIT(RLIMIT_CPU) }, 1, CANNOT },
	{ "filters", { ALWAYS(seccomp, EPERM),
		{ SCMP_SYS(prctl), EPERM, 1, { { 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 } } } }, 2,
		CANNOT },
	{ "copies of a descriptor", { ALWAYS(dup2, EBUSY), ALWAYS(dup3, EBUSY) }, 2, CANNOT },
	{ "sockets", { ALWAYS(socketpair, EMFILE) }, 1, "socketpair: Too many open files" },
	{ "processes at all", { ALWAYS(clone, EAGAIN), ALWAYS(clone3, EAGAIN) }, 2,
		"fork: Resource temporarily unavailable" },
	/* Linux before 5.9 */
	{ "closing many at once", { ALWAYS(close_range, ENOSYS) }, 1, NULL },
};
/* clang-format on */

static int
says_why_it_cannot(const void *context)
{
	const struct refusal *r = context;
	struct confined *c = child_of(60000, 5);
	struct err err = ERR_INIT;
	struct buf answer = BUF_INIT(ANSWER_MAX);
	char before[2000];
	char after[2000];

	descriptors_of(getpid(), before, sizeof(before));
	if (confined_start(c, &err) || confined_ask(c, "", 0, &answer, &err))
		return 1;
	if (err.kind != ERR_SYSTEM || strcmp(err.text, r->said) != 0)
		return 2;
	/* It is not thought to be there. */
	if (confined_start(c, &err))
		return 3;
	descriptors_of(getpid(), after, sizeof(after));
	if (strcmp(before, after) != 0)
		return 4;
	confined_free(c);
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 5;
}

static int
works_all_the_same(const void *context)
{
	struct confined *c = child_of(60000, 5);
	char got[2000] = "";
	pid_t pid = 0;

	(void)context;
	if (dup2(0, 2) != 2 || dup2(0, 3) != 3 || dup2(0, 1023) != 1023)
		return 1;
	pid = pid_of(c);
	if (pid <= 0)
		return 2;
	descriptors_of(pid, got, sizeof(got));
	confined_free(c);
	return strcmp(got, "0 1 ") == 0 ? 0 : 3;
}

static void
where_a_child_cannot_be_confined_there_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const struct refusal *r = &refusals[i];
		const int got = refused_call_try(r->calls, r->count,
		    r->said ? says_why_it_cannot : works_all_the_same, r);

		if (got != 0)
			fail_msg("without %s: wrong at %d", r->name, got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_has_limits_that_it_cannot_raise),
		cmocka_unit_test(the_smaller_limit_of_its_owner_stays),
		cmocka_unit_test(a_child_has_no_descriptor_but_the_socket),
		cmocka_unit_test(a_child_knows_nothing_of_its_owners_signals),
		cmocka_unit_test(where_a_child_cannot_be_confined_there_is_none),
		cmocka_unit_test(a_child_ends_by_itself_when_its_owner_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
