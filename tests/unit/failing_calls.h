/* SPDX-License-Identifier: ISC */
/*
 * Calls of the system that fail when a test wants it: a program with this header has its own in
 * front of the C library's.
 */
#ifndef TESTS_FAILING_CALLS_H
#define TESTS_FAILING_CALLS_H

#ifndef _GNU_SOURCE
#error "RTLD_NEXT is wanted: _GNU_SOURCE before the first header"
#endif

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* The call of that name fails with that errno, after so many that do not. */
struct failing_call {
	const char *name; /* NULL: none */
	int code;
	int after;
};

static struct failing_call failing_calls[2];
static int write_most;  /* bytes that a write() takes at most; 0: all */
static int poll_silent; /* so many calls of poll() that say at once that nothing came */
/* What was seen since failing_calls_clear(). */
static struct {
	int polls, poll_ms, waited_ms, allocations, truncations;
	off_t allocated_from, allocated, truncated_to;
} calls_seen;

static inline void
failing_calls_clear(void)
{
	memset(failing_calls, 0, sizeof(failing_calls));
	memset(&calls_seen, 0, sizeof(calls_seen));
	write_most = 0;
	poll_silent = 0;
}

/* 0, or the errno of a call that shall fail now. */
static int
failing_call(const char *name)
{
	for (size_t i = 0; i < sizeof(failing_calls) / sizeof(failing_calls[0]); i++) {
		struct failing_call *f = &failing_calls[i];

		if (f->name && strcmp(f->name, name) == 0 && f->after-- == 0)
			return errno = f->code;
	}
	return 0;
}

#define LIBRARYS(function, name) \
	do { \
		void *found_ = dlsym(RTLD_NEXT, name); \
		memcpy(&(function), &found_, sizeof(function)); \
	} while (0)

#define FAILING_CALL(type, name, parameters, ...) \
	type name parameters \
	{ \
		static type(*library) parameters; \
		if (failing_call(#name)) \
			return -1; \
		if (!library) \
			LIBRARYS(library, #name); \
		return library(__VA_ARGS__); \
	}

FAILING_CALL(int, fchmod, (int fd, mode_t mode), fd, mode)
FAILING_CALL(int, fchown, (int fd, uid_t uid, gid_t gid), fd, uid, gid)
FAILING_CALL(int, fstat, (int fd, struct stat *st), fd, st)
FAILING_CALL(int, mkstemp, (char *path), path)
FAILING_CALL(int, rename, (const char *from, const char *to), from, to)
FAILING_CALL(ssize_t, read, (int fd, void *bytes, size_t len), fd, bytes, len)

/* No test outlives its machine: the disk is not waited for. */
int
fsync(int fd)
{
	(void)fd;
	return failing_call("fsync") ? -1 : 0;
}

int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

/* It is closed, whatever it says. */
int
close(int fd)
{
	static int (*library)(int);
	const int code = failing_call("close");
	int rc = 0;

	if (!library)
		LIBRARYS(library, "close");
	rc = library(fd);
	if (code)
		errno = code;
	return code ? -1 : rc;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	static ssize_t (*library)(int, const void *, size_t);

	if (failing_call("write"))
		return -1;
	if (!library)
		LIBRARYS(library, "write");
	return library(fd, bytes,
	    write_most > 0 && len > (size_t)write_most ? (size_t)write_most : len);
}

int
ftruncate(int fd, off_t len)
{
	static int (*library)(int, off_t);

	calls_seen.truncations++;
	calls_seen.truncated_to = len;
	if (failing_call("ftruncate"))
		return -1;
	if (!library)
		LIBRARYS(library, "ftruncate");
	return library(fd, len);
}

/* Says itself what is wrong, and leaves errno. */
int
posix_fallocate(int fd, off_t from, off_t len)
{
	static int (*library)(int, off_t, off_t);
	const int before = errno;
	const int code = failing_call("posix_fallocate");

	calls_seen.allocations++;
	calls_seen.allocated_from = from;
	calls_seen.allocated = len;
	errno = before;
	if (!library)
		LIBRARYS(library, "posix_fallocate");
	return code ? code : library(fd, from, len);
}

int
poll(struct pollfd *fds, nfds_t count, int ms)
{
	static int (*library)(struct pollfd *, nfds_t, int);

	calls_seen.polls++;
	calls_seen.poll_ms = ms;
	if (failing_call("poll"))
		return -1;
	if (poll_silent > 0) {
		poll_silent--;
		calls_seen.waited_ms += ms;
		return 0;
	}
	if (!library)
		LIBRARYS(library, "poll");
	return library(fds, count, ms);
}

int
fcntl(int fd, int command, ...)
{
	static int (*library)(int, int, ...);
	va_list ap;
	void *argument = NULL;

	va_start(ap, command);
	argument = va_arg(ap, void *);
	va_end(ap);
	if (failing_call("fcntl"))
		return -1;
	if (!library)
		LIBRARYS(library, "fcntl");
	return library(fd, command, argument);
}

#endif
