/* SPDX-License-Identifier: ISC */
/* What a confined child may do, and that its owner survives everything else. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, syscall() */

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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/confine.h"

enum { ANSWER_MAX = 100000 };

/* What a child and its owner both see: where the child waits, and when it may go on. */
static volatile struct {
	bool waits;
	bool may_go_on;
} * shared;

static size_t waited_for = ANSWER_MAX; /* the length of the answer that is waited for */
static pid_t own_pid; /* in the child: noted before it may no longer ask */

static void
note_pid(void)
{
	own_pid = getpid();
}

static void
lie(size_t len)
{
	if (write(1, &len, sizeof(len)) != (ssize_t)sizeof(len))
		_exit(1);
}

/* Bytes of which each depends on its place. */
static char
byte_at(size_t i)
{
	return (char)(i * 31 + i / 256 * 7 + i / 65536);
}

static bool
is_pattern(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != byte_at(i))
			return false;
	return true;
}

static void
add_pattern(struct buf *answer, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_addc(answer, byte_at(i));
}

/* "1" for each way to look for a file that is refused for want of the right. */
static void
look_for_files(struct buf *answer)
{
	static const char path[] = "/etc/passwd";
	struct stat st;

	buf_addf(answer, "%d",
	    syscall(SYS_openat, -100, path, O_RDONLY) == -1 && errno == EACCES);
	buf_addf(answer, "%d",
	    syscall(SYS_newfstatat, -100, path, &st, 0) == -1 && errno == EACCES);
#if defined(SYS_open) && defined(SYS_stat) && defined(SYS_access)
	buf_addf(answer, "%d",
	    syscall(SYS_open, path, O_RDONLY) == -1 && errno == EACCES);
	buf_addf(answer, "%d", syscall(SYS_stat, path, &st) == -1 && errno == EACCES);
	buf_addf(answer, "%d", syscall(SYS_access, path, 0) == -1 && errno == EACCES);
#else
	buf_adds(answer, "111");
#endif
}

/* All that has to do with memory and runs nothing. */
static void
use_memory(struct buf *answer)
{
	const size_t page = 4096;
	char *one =
	    mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	buf_addf(answer, "%d", one != MAP_FAILED);
	one = mremap(one, page, 2 * page, MREMAP_MAYMOVE);
	buf_addf(answer, "%d", one != MAP_FAILED);
	buf_addf(answer, "%d", madvise(one, page, MADV_DONTNEED) == 0);
	buf_addf(answer, "%d", mprotect(one, page, PROT_READ) == 0);
	buf_addf(answer, "%d", munmap(one, 2 * page) == 0);
	buf_addf(answer, "%d", syscall(SYS_brk, 0) > 0);
}

static void
wait_for_owner(struct buf *answer)
{
	shared->waits = true;
	while (!shared->may_go_on)
		continue;
	add_pattern(answer, waited_for);
}

static bool
obey_in_bounds(const char *bytes, struct buf *answer)
{
	if (strcmp(bytes, "files") == 0)
		look_for_files(answer);
	else if (strcmp(bytes, "memory") == 0)
		use_memory(answer);
	else if (strcmp(bytes, "pid") == 0)
		buf_addf(answer, "%ld", (long)own_pid);
	else if (strcmp(bytes, "byte") == 0)
		buf_addc(answer, 'x');
	else if (strcmp(bytes, "most") == 0)
		add_pattern(answer, ANSWER_MAX);
	else if (strcmp(bytes, "wait") == 0)
		wait_for_owner(answer);
	else
		return false;
	return true;
}

static bool
obey_out_of_bounds(const char *bytes)
{
	char byte = 0;

	if (strcmp(bytes, "socket") == 0)
		(void)socket(AF_INET, SOCK_STREAM, 0);
	else if (strcmp(bytes, "fork") == 0)
		(void)fork();
	else if (strcmp(bytes, "kill") == 0)
		(void)kill(getppid(), SIGTERM);
	else if (strcmp(bytes, "stderr") == 0)
		(void)!write(2, "x", 1);
	else if (strcmp(bytes, "write to input") == 0)
		(void)!write(0, "x", 0);
	else if (strcmp(bytes, "read output") == 0)
		(void)!read(1, &byte, 0);
	else if (strcmp(bytes, "code") == 0)
		(void)mprotect(NULL, 4096, PROT_READ | PROT_EXEC);
	else if (strcmp(bytes, "new code") == 0)
		(void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	else if (strcmp(bytes, "map a file") == 0)
		(void)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
	else if (strcmp(bytes, "hang") == 0)
		for (;;)
			own_pid = 0;
	else if (strcmp(bytes, "abort") == 0)
		abort();
	else if (strcmp(bytes, "leave") == 0)
		_exit(0);
	else if (strcmp(bytes, "lie") == 0)
		lie(SIZE_MAX);
	else if (strcmp(bytes, "lie by one") == 0)
		lie(ANSWER_MAX + 1);
	else
		return false;
	return true;
}

/* Does what the request says. */
static void
obey(void *context, const char *bytes, size_t len, struct buf *answer)
{
	if (strcmp(bytes, "echo") == 0)
		buf_adds(answer, context);
	else if (strcmp(bytes, "open") == 0)
		buf_adds(answer,
		    open("/etc/passwd", O_RDONLY) < 0 ? "no file" : "opened");
	else if (strcmp(bytes, "promise") == 0)
		lie(ANSWER_MAX);
	else if (!obey_in_bounds(bytes, answer) && !obey_out_of_bounds(bytes))
		buf_addf(answer, "%zu bytes, %s", len,
		    is_pattern(bytes, len) ? "as they were" : "not as they were");
}

static struct confinement
as_usual(void)
{
	static char word[] = "hello";

	return (struct confinement){ .work = obey,
		.prepare = note_pid,
		.context = word,
		.answer_max = ANSWER_MAX,
		.memory_max = (size_t)512 * 1024 * 1024,
		.cpu_ms = 60000,
		.patience_ms = 60000,
		.requests_max = 5 };
}

static struct confined *
start(void)
{
	const struct confinement how = as_usual();

	return confined_new(&how);
}

static void
expect(struct confined *c, const char *bytes, size_t len, const char *want)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;

	if (!confined_ask(c, bytes, len, &answer, &err))
		fail_msg("%.20s: %s", bytes, err.text);
	if (strcmp(buf_text(&answer), want) != 0)
		fail_msg("%.20s: got \"%s\", want \"%s\"", bytes, buf_text(&answer),
		    want);
	buf_clear(&answer);
}

static void
expect_refused(struct confined *c, const char *bytes, size_t len)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;

	buf_adds(&answer, "of before");
	if (confined_ask(c, bytes, len, &answer, &err))
		fail_msg("%.20s: answered \"%s\"", bytes, buf_text(&answer));
	if (err.kind != ERR_INPUT ||
	    strcmp(err.text, "the process that reads it died or took too long") != 0)
		fail_msg("%.20s: got kind %d, \"%s\"", bytes, err.kind, err.text);
	assert_int_equal(answer.len, 0);
	buf_clear(&answer);
}

static pid_t
pid_of(struct confined *c)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;
	long pid = 0;

	if (!confined_ask(c, "pid", 3, &answer, &err))
		fail_msg("%s", err.text);
	pid = strtol(buf_text(&answer), NULL, 10);
	assert_true(pid > 1);
	buf_clear(&answer);
	return (pid_t)pid;
}

static void
one_child_answers_many_requests(void **state)
{
	struct confined *c = start();
	const size_t big = (size_t)5 * 1000 * 1000;
	char *bytes = malloc(big);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < big; i++)
		bytes[i] = byte_at(i);
	for (int i = 0; i < 12; i++)
		expect(c, "echo", 4, "hello");
	expect(c, "", 0, "0 bytes, as they were");
	expect(c, "byte", 4, "x");
	expect(c, "open", 4, "no file");
	expect(c, "files", 5, "11111");
	expect(c, "memory", 6, "111111");
	expect(c, bytes, big, "5000000 bytes, as they were");
	free(bytes);
	confined_free(c);
}

static void
an_answer_may_be_as_long_as_was_said_and_fits(void **state)
{
	struct confined *c = start();
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct buf small = BUF_INIT(ANSWER_MAX - 1);
	struct err err = ERR_INIT;

	(void)state;
	buf_adds(&answer, "of before");
	assert_true(confined_ask(c, "most", 4, &answer, &err));
	assert_int_equal(answer.len, ANSWER_MAX);
	assert_true(is_pattern(answer.data, answer.len));
	assert_false(confined_ask(c, "most", 4, &small, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(small.len, 0);
	buf_clear(&small);
	buf_clear(&answer);
	confined_free(c);
}

/* Five each, counted from the last that was replaced, for whatever reason it was. */
static void
a_child_serves_no_more_requests_than_it_may(void **state)
{
	struct confined *c = start();
	struct err err = ERR_INIT;
	pid_t pid = pid_of(c);

	(void)state;
	for (int i = 1; i < 5; i++)
		assert_int_equal(pid_of(c), pid);
	assert_int_not_equal(pid_of(c), pid);
	expect_refused(c, "leave", 5);
	assert_true(confined_start(c, &err));
	pid = pid_of(c);
	assert_true(confined_start(c, &err));
	for (int i = 1; i < 5; i++)
		assert_int_equal(pid_of(c), pid);
	assert_int_not_equal(pid_of(c), pid);
	confined_free(c);
}

static void
a_child_that_does_more_is_killed_and_replaced(void **state)
{
	static const char *const deeds[] = { "socket", "fork", "kill", "stderr",
		"write to input", "read output", "code", "new code", "map a file",
		"abort", "leave", "lie", "lie by one" };
	struct confined *c = start();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++) {
		expect_refused(c, deeds[i], strlen(deeds[i]));
		expect(c, "echo", 4, "hello");
	}
	confined_free(c);
}

static long
ms_of(const struct timeval *t)
{
	return (long)t->tv_sec * 1000 + (long)t->tv_usec / 1000;
}

/* 0.3 s of the processor's, looked at ten times a second. */
static void
a_child_that_hangs_is_killed_when_its_time_is_used_up(void **state)
{
	struct confinement how = as_usual();
	struct confined *c = NULL;
	struct rusage before;
	struct rusage after;
	long used_ms = 0;

	(void)state;
	how.cpu_ms = 300;
	c = confined_new(&how);
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &before), 0);
	expect_refused(c, "hang", 4);
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &after), 0);
	used_ms = ms_of(&after.ru_utime) + ms_of(&after.ru_stime) -
	    ms_of(&before.ru_utime) - ms_of(&before.ru_stime);
	assert_in_range(used_ms, 250, 990);
	confined_free(c);
}

static void
pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* A process beside us, which does something while we wait for an answer. */
static pid_t
start_helper(void (*help)(pid_t child), pid_t child)
{
	pid_t pid = 0;

	shared->waits = false;
	shared->may_go_on = false;
	pid = fork();
	if (pid == 0) {
		help(child);
		_exit(0);
	}
	return pid;
}

static void
let_go_on(pid_t child)
{
	(void)child;
	pause_ms(250);
	shared->may_go_on = true;
}

/* Until the system says that it sleeps (S), or is stopped (T). */
static void
wait_until(pid_t pid, char wanted)
{
	char path[40];
	char line[200];
	char is = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	for (int i = 0; i < 5000 && is != wanted; i++) {
		FILE *f = fopen(path, "r");
		const char *after =
		    f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;

		is = after ? after[2] : wanted;
		if (f)
			(void)fclose(f);
		pause_ms(1);
	}
}

static void
let_go_on_with_stops(pid_t child)
{
	const pid_t owner = getppid();

	while (!shared->waits)
		pause_ms(1);
	(void)kill(owner, SIGSTOP);
	wait_until(owner, 'T');
	shared->may_go_on = true;
	/* It cannot write any more, as nobody reads. */
	wait_until(child, 'S');
	(void)kill(child, SIGSTOP);
	wait_until(child, 'T');
	(void)kill(child, SIGCONT);
	(void)kill(owner, SIGCONT);
}

static void
interrupt_and_let_go_on(pid_t child)
{
	(void)child;
	while (!shared->waits)
		pause_ms(1);
	pause_ms(30);
	(void)kill(getppid(), SIGUSR1);
	pause_ms(100);
	shared->may_go_on = true;
}

static void
do_nothing(int number)
{
	(void)number;
}

/* 0 when what was waited for is as it should be. */
static int
wait_for_answer(struct confined *c, void (*help)(pid_t))
{
	struct buf answer = BUF_INIT(waited_for);
	struct err err = ERR_INIT;
	const pid_t helper = start_helper(help, pid_of(c));
	int wrong = 0;

	wrong += !confined_ask(c, "wait", 4, &answer, &err);
	wrong += answer.len != waited_for || !is_pattern(answer.data, answer.len);
	wrong += waitpid(helper, NULL, 0) != helper;
	buf_clear(&answer);
	return wrong;
}

/* Longer than is waited for at a time, and through a signal to us. */
static void
an_answer_is_waited_for(void **state)
{
	struct confined *c = start();
	const struct sigaction noticed = { .sa_handler = do_nothing };

	(void)state;
	assert_int_equal(sigaction(SIGUSR1, &noticed, NULL), 0);
	assert_int_equal(wait_for_answer(c, let_go_on), 0);
	assert_int_equal(wait_for_answer(c, interrupt_and_let_go_on), 0);
	assert_true(signal(SIGUSR1, SIG_DFL) != SIG_ERR);
	confined_free(c);
}

/* The owner is a process of its own, as nobody likes to be stopped. */
static void
who_is_stopped_goes_on_where_they_were(void **state)
{
	const pid_t owner = fork();
	int status = -1;

	(void)state;
	if (owner == 0) {
		struct confinement how = as_usual();
		struct confined *c = NULL;
		int wrong = 0;

		/* More than a socket takes at a time. */
		waited_for = (size_t)4 * 1000 * 1000;
		how.answer_max = waited_for;
		c = confined_new(&how);
		wrong = wait_for_answer(c, let_go_on_with_stops);

		confined_free(c);
		_exit(wrong);
	}
	assert_int_equal(waitpid(owner, &status, 0), owner);
	assert_int_equal(status, 0);
}

static void
a_child_that_is_gone_is_replaced(void **state)
{
	struct confined *c = start();

	(void)state;
	assert_int_equal(kill(pid_of(c), SIGKILL), 0);
	pause_ms(20);
	expect_refused(c, "echo", 4);
	expect(c, "echo", 4, "hello");
	confined_free(c);
}

/* Of little that is asked, of which the answer does not come; and of much, which it does not take. */
static void
a_child_that_does_not_read_is_waited_for_no_longer(void **state)
{
	static const size_t lengths[] = { 4, (size_t)5 * 1000 * 1000 };
	struct confinement how = as_usual();
	char *bytes = calloc(1, lengths[1]);

	(void)state;
	assert_non_null(bytes);
	how.patience_ms = 300;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct confined *c = confined_new(&how);
		struct buf answer = BUF_INIT(ANSWER_MAX);
		struct err err = ERR_INIT;

		/* On a busy machine the first may be slow. */
		while (!confined_ask(c, "pid", 3, &answer, &err))
			err_clear(&err);
		assert_int_equal(kill((pid_t)strtol(buf_text(&answer), NULL, 10),
				     SIGSTOP),
		    0);
		expect_refused(c, bytes, lengths[i]);
		buf_clear(&answer);
		confined_free(c);
	}
	free(bytes);
}

static void
a_child_that_promises_more_than_it_says_is_waited_for_no_longer(void **state)
{
	struct confinement how = as_usual();
	struct confined *c = NULL;

	(void)state;
	how.prepare = NULL;
	how.patience_ms = 300;
	c = confined_new(&how);
	/* The honest (empty) answer is taken for the first bytes of what was promised. */
	expect_refused(c, "promise", 7);
	confined_free(c);
	confined_free(NULL);
}

static int
share(void **state)
{
	(void)state;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_child_answers_many_requests),
		cmocka_unit_test(an_answer_may_be_as_long_as_was_said_and_fits),
		cmocka_unit_test(a_child_serves_no_more_requests_than_it_may),
		cmocka_unit_test(a_child_that_does_more_is_killed_and_replaced),
		cmocka_unit_test(a_child_that_hangs_is_killed_when_its_time_is_used_up),
		cmocka_unit_test(an_answer_is_waited_for),
		cmocka_unit_test(who_is_stopped_goes_on_where_they_were),
		cmocka_unit_test(a_child_that_is_gone_is_replaced),
		cmocka_unit_test(a_child_that_does_not_read_is_waited_for_no_longer),
		cmocka_unit_test(
		    a_child_that_promises_more_than_it_says_is_waited_for_no_longer),
	};

	return cmocka_run_group_tests(tests, share, NULL);
}
