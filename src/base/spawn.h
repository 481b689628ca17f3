/* SPDX-License-Identifier: ISC */
/*
 * Child processes: started without a shell, joined to us by pipes or sockets, waited for.  A
 * child inherits nothing but its three standard descriptors and the environment, and has no
 * signal blocked.
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/* What the child gets as standard input, output and error; -1 = the same as ours. */
struct spawn_files {
	int in, out, error;
	/* In a process group of its own: ^C on our terminal does not reach it. */
	bool is_apart;
};

/*
 * Splits a command line at blanks and tabs; argv has room for max words and the NULL behind
 * them.  Returns their number, max + 1 when there are more.
 */
size_t spawn_split(struct arena *a, const char *command, char **argv, size_t max);
/* Both ends are closed in every child that does not get one as a standard descriptor. */
bool spawn_pipe(int ends[2], struct err *err) MUST_CHECK;
bool spawn_sockets(int ends[2], struct err *err) MUST_CHECK;
/*
 * Whether there is such a program, looked for as spawn_start() does; nothing is started.
 * ERR_CONFIG when it is missing, a directory, or may not be run.
 */
bool spawn_check(const char *program, struct err *err) MUST_CHECK;
/* argv[0] is looked for in PATH.  ERR_CONFIG when it cannot be run. */
bool spawn_start(char *const *argv, const struct spawn_files *files, pid_t *pid,
    struct err *err) MUST_CHECK;
/* True when the child has ended; spawn_wait has still to be called. */
bool spawn_has_ended(pid_t pid);
/*
 * Waits for the child's end and kills it when clock_ticks_ms() passes the deadline, a child
 * that is apart with all of its group.  *status
 * is that of waitpid.  False when it was killed or is no child of ours.
 */
bool spawn_wait(pid_t pid, int64_t deadline_ms, int *status);

#endif
