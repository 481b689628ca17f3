/* SPDX-License-Identifier: ISC */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/zone.h"

extern char **environ;

enum { WAIT_PAUSE_NS = 2000000 };

size_t
spawn_split(struct arena *a, const char *command, char **argv, size_t max)
{
	size_t count = 0;

	argv[0] = NULL;
	for (const char *at = command + strspn(command, " \t"); *at != '\0';) {
		const size_t len = strcspn(at, " \t");

		if (count == max)
			return max + 1;
		argv[count++] = arena_strndup(a, at, len);
		argv[count] = NULL;
		at += len;
		at += strspn(at, " \t");
	}
	return count;
}

static bool
close_in_children(const int ends[2], struct err *err)
{
	return (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
		   fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0) ||
	    err_errno(err, "fcntl");
}

bool
spawn_pipe(int ends[2], struct err *err)
{
	if (pipe(ends) != 0)
		return err_errno(err, "pipe");
	return close_in_children(ends, err);
}

bool
spawn_sockets(int ends[2], struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return err_errno(err, "socketpair");
	return close_in_children(ends, err);
}

/* 0, or why it cannot be run: ENOENT when it is not there. */
static int
why_not_run(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	return access(path, X_OK) == 0 ? 0 : errno;
}

/* The first of PATH that could be run, or the best reason why none can. */
static int
look_in_path(const char *program)
{
	const char *path = getenv("PATH");
	int why = ENOENT;

	/* As posix_spawnp() of the GNU C library does without one. */
	for (const char *at = path ? path : "/bin:/usr/bin"; at;) {
		const size_t len = strcspn(at, ":");
		char whole[LIMIT_PATH];
		int now = ENOENT;

		if (snprintf(whole, sizeof(whole), "%.*s%s%s", (int)len, at,
			len > 0 ? "/" : "", program) < (int)sizeof(whole))
			now = why_not_run(whole);
		if (now == 0)
			return 0;
		why = now == EACCES ? now : why;
		at = at[len] == ':' ? at + len + 1 : NULL;
	}
	return why;
}

bool
spawn_check(const char *program, struct err *err)
{
	const int why =
	    strchr(program, '/') ? why_not_run(program) : look_in_path(program);

	return why == 0 || err_set(err, ERR_CONFIG, "%s: %s", program, strerror(why));
}

static int
set_files(posix_spawn_file_actions_t *actions, const struct spawn_files *files)
{
	const int ours[] = { files->in, files->out, files->error };
	int rc = 0;

	for (int i = 0; i < 3 && rc == 0; i++)
		if (ours[i] >= 0)
			rc = posix_spawn_file_actions_adddup2(actions, ours[i], i);
	return rc;
}

bool
spawn_start(char *const *argv, const struct spawn_files *files, pid_t *pid,
    struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	sigset_t ignored; /* by us, which is no business of the child */
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc != 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", argv[0], strerror(rc));
	(void)sigemptyset(&none);
	(void)posix_spawnattr_init(&attr);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)sigemptyset(&ignored);
	(void)sigaddset(&ignored, SIGPIPE);
	(void)sigaddset(&ignored, SIGXFSZ);
	(void)posix_spawnattr_setsigdefault(&attr, &ignored);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)posix_spawnattr_setflags(&attr,
	    (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
		(files->is_apart ? POSIX_SPAWN_SETPGROUP : 0)));
	zone_leave();
	rc = set_files(&actions, files);
	if (rc == 0)
		rc = posix_spawnp(pid, argv[0], &actions, &attr, argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc == 0 || err_set(err, ERR_CONFIG, "%s: %s", argv[0], strerror(rc));
}

bool
spawn_has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == pid;
}

bool
spawn_wait(pid_t pid, int64_t deadline_ms, int *status)
{
	const struct timespec pause = { 0, WAIT_PAUSE_NS };
	bool killed = false;

	for (;;) {
		const pid_t ended = waitpid(pid, status, WNOHANG);

		if (ended == pid)
			return !killed;
		if (ended < 0 && errno != EINTR)
			return false;
		if (!killed && clock_ticks_ms() >= deadline_ms) {
			killed = true;
			/* What it started goes with it, when it leads a group. */
			if (kill(-pid, SIGKILL) != 0)
				(void)kill(pid, SIGKILL);
		}
		(void)nanosleep(&pause, NULL);
	}
}
