/* SPDX-License-Identifier: ISC */
/* A system that refuses a call: what a process does there, with nobody else noticing. */
#ifndef TESTS_REFUSED_CALL_H
#define TESTS_REFUSED_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

struct refused_call {
	int call; /* SCMP_SYS(...) */
	int code; /* errno */
	int checks;
	struct scmp_arg_cmp check[2]; /* refused only when all hold */
};

static inline bool
refused_call_set(const struct refused_call *calls, size_t count)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter != NULL;

	for (size_t i = 0; ok && i < count; i++)
		ok = seccomp_rule_add_array(filter,
			 SCMP_ACT_ERRNO((unsigned)calls[i].code), calls[i].call,
			 (unsigned)calls[i].checks, calls[i].check) == 0;
	ok = ok && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return ok;
}

/*
 * What tried() answers in a process to which these calls are refused: 0 when all is as it should
 * be, otherwise a number that says what is not.  -1 when it did not end by itself.
 */
static inline int
refused_call_try(const struct refused_call *calls, size_t count,
    int (*tried)(const void *), const void *context)
{
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (!refused_call_set(calls, count))
			_exit(99);
		_exit(tried(context));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
