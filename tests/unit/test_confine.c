/* SPDX-License-Identifier: ISC */
/* What a confined child may do, and that its owner survives everything else. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/confine.h"

enum { ANSWER_MAX = 100000 };

static void
lie(size_t len)
{
	if (write(1, &len, sizeof(len)) != (ssize_t)sizeof(len))
		_exit(1);
}

/* Does what the request says. */
static void
obey(void *context, const char *bytes, size_t len, struct buf *answer)
{
	volatile size_t turns = 0;

	if (strcmp(bytes, "echo") == 0)
		buf_adds(answer, context);
	else if (strcmp(bytes, "open") == 0)
		buf_adds(answer,
		    open("/etc/passwd", O_RDONLY) < 0 ? "no file" : "opened");
	else if (strcmp(bytes, "socket") == 0)
		(void)socket(AF_INET, SOCK_STREAM, 0);
	else if (strcmp(bytes, "fork") == 0)
		(void)fork();
	else if (strcmp(bytes, "kill") == 0)
		(void)kill(getppid(), SIGTERM);
	else if (strcmp(bytes, "stderr") == 0)
		(void)!write(2, "x", 1);
	else if (strcmp(bytes, "code") == 0)
		(void)mprotect(NULL, 4096, PROT_READ | PROT_EXEC);
	else if (strcmp(bytes, "hang") == 0)
		for (;;)
			turns++;
	else if (strcmp(bytes, "abort") == 0)
		abort();
	else if (strcmp(bytes, "leave") == 0)
		_exit(0);
	else if (strcmp(bytes, "lie") == 0)
		lie(SIZE_MAX);
	else if (strcmp(bytes, "promise") == 0)
		lie(ANSWER_MAX);
	else
		buf_addf(answer, "%zu bytes, the last %d", len, bytes[len - 1]);
}

static struct confined *
start(void)
{
	static char word[] = "hello";
	const struct confinement how = { .work = obey,
		.context = word,
		.answer_max = ANSWER_MAX,
		.memory_max = (size_t)512 * 1024 * 1024,
		.cpu_ms = 300,
		.patience_ms = 60000,
		.requests_max = 5 };

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
one_child_answers_many_requests(void **state)
{
	struct confined *c = start();
	const size_t big = (size_t)5 * 1000 * 1000;
	char *bytes = malloc(big);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 7, big);
	for (int i = 0; i < 12; i++)
		expect(c, "echo", 4, "hello");
	expect(c, "open", 4, "no file");
	expect(c, bytes, big, "5000000 bytes, the last 7");
	free(bytes);
	confined_free(c);
}

static void
a_child_that_does_more_is_killed_and_replaced(void **state)
{
	static const char *const deeds[] = { "socket", "fork", "kill", "stderr", "code",
		"hang", "abort", "leave", "lie" };
	struct confined *c = start();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++) {
		struct buf answer = BUF_INIT(ANSWER_MAX);
		struct err err = ERR_INIT;

		if (confined_ask(c, deeds[i], strlen(deeds[i]), &answer, &err))
			fail_msg("%s: answered \"%s\"", deeds[i], buf_text(&answer));
		if (err.kind != ERR_INPUT)
			fail_msg("%s: got kind %d, want %d", deeds[i], err.kind,
			    ERR_INPUT);
		assert_int_equal(answer.len, 0);
		buf_clear(&answer);
		expect(c, "echo", 4, "hello");
	}
	confined_free(c);
}

static void
a_child_that_promises_more_than_it_says_is_waited_for_no_longer(void **state)
{
	const struct confinement how = { .work = obey,
		.answer_max = ANSWER_MAX,
		.memory_max = (size_t)512 * 1024 * 1024,
		.cpu_ms = 60000,
		.patience_ms = 300,
		.requests_max = 5 };
	struct confined *c = confined_new(&how);
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct err err = ERR_INIT;

	(void)state;
	/* The honest (empty) answer is taken for the first bytes of what was promised. */
	assert_false(confined_ask(c, "promise", 7, &answer, &err));
	assert_int_equal(answer.len, 0);
	buf_clear(&answer);
	confined_free(c);
	confined_free(NULL);
}

/* Of an owner that was itself given less than the child would be: less stays less. */
static void
a_child_of_an_owner_with_tight_limits_works_all_the_same(void **state)
{
	static char word[] = "hello";
	const struct confinement how = { .work = obey,
		.context = word,
		.answer_max = ANSWER_MAX,
		.memory_max = (size_t)512 * 1024 * 1024,
		.cpu_ms = 60000,
		.patience_ms = 60000,
		.requests_max = 10 };
	struct confined *c = NULL;

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_CPU, &(struct rlimit){ 100, 100 }), 0);
	c = confined_new(&how);
	expect(c, "echo", 4, "hello");
	confined_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_child_answers_many_requests),
		cmocka_unit_test(a_child_that_does_more_is_killed_and_replaced),
		cmocka_unit_test(
		    a_child_that_promises_more_than_it_says_is_waited_for_no_longer),
		cmocka_unit_test(
		    a_child_of_an_owner_with_tight_limits_works_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
