/* SPDX-License-Identifier: ISC */
/* Other programs in tests: run to their end, with what they said. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

extern char **environ;

/* Starts a program with its standard output on out.  0 when it cannot be started. */
static pid_t
child_start(const char *const *args, int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;
	/* posix_spawn takes char *const *, and writes to none of it. */
	union {
		const char *const *in;
		char *const *out;
	} argv = { .in = args };

	if (posix_spawn_file_actions_init(&actions) != 0)
		return 0;
	if (posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0 ||
	    posix_spawnp(&pid, args[0], &actions, NULL, argv.out, environ) != 0)
		pid = 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* Its exit status, -1 when it had none; its standard output in *said unless that is NULL. */
static inline int
child_run(const char *const *args, struct buf *said)
{
	int out[2] = { -1, -1 };
	int status = -1;
	char bytes[4096];
	ssize_t n = 0;
	pid_t pid = 0;

	if (pipe(out) != 0 || fcntl(out[0], F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	pid = child_start(args, out[1]);
	(void)close(out[1]);
	while (pid > 0 && (n = read(out[0], bytes, sizeof(bytes))) > 0)
		if (said)
			buf_add(said, bytes, (size_t)n);
	(void)close(out[0]);
	if (pid <= 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
