/* SPDX-License-Identifier: ISC */
#define _XOPEN_SOURCE 700 /* realpath() is POSIX.1-2008, but glibc asks for XSI */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { WRITER_MS = 2000, LOOK_UP_MS = 50 };

/* ---- reading ---- */

static bool
read_all(int fd, const char *path, struct buf *b, struct err *err)
{
	for (;;) {
		char chunk[32 * 1024];
		ssize_t n = read(fd, chunk, sizeof(chunk));

		/* Only a pipe or a terminal is waited for; a signal ends that. */
		if (n < 0 && errno == EINTR)
			return err_set(err, ERR_TEMPORARY, "%s: interrupted", path);
		if (n < 0)
			return err_errno(err, "%s", path);
		if (n == 0)
			return true;
		buf_add(b, chunk, (size_t)n);
		if (buf_is_full(b))
			return err_set(err, ERR_LIMIT, "%s: larger than %zu bytes", path,
			    b->max);
	}
}

/*
 * A named pipe without a writer would be waited for without end.  Who has it open may take their
 * time, though, and one who is gone already has written all.
 */
static bool
wait_for_writer(int fd, const char *path, struct buf *b, struct err *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (int ms = 0; ms < WRITER_MS; ms += LOOK_UP_MS) {
		const int n = poll(&p, 1, LOOK_UP_MS);
		char first = '\0';
		ssize_t got = 0;

		if (n < 0)
			return err_set(err, ERR_TEMPORARY, "%s: interrupted", path);
		/* Where nothing waits, the end of the file says that there is no writer. */
		if (n == 0)
			got = read(fd, &first, 1);
		if (got > 0)
			buf_addc(b, first);
		if (n > 0 || got != 0)
			return fcntl(fd, F_SETFL, 0) == 0 || err_errno(err, "%s", path);
	}
	return err_set(err, ERR_INPUT, "%s: a pipe that nobody writes into", path);
}

static int
open_to_read(const char *path, struct buf *b, struct err *err)
{
	struct stat st;
	const bool is_pipe = stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
	int fd = open(path, O_RDONLY | O_CLOEXEC | (is_pipe ? O_NONBLOCK : 0));

	if (fd < 0) {
		(void)err_errno(err, "%s", path);
	} else if (is_pipe && !wait_for_writer(fd, path, b, err)) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

bool
file_read(const char *path, struct buf *b, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	size_t before = b->len;
	int fd = is_stdin ? STDIN_FILENO : open_to_read(path, b, err);
	bool ok = false;

	if (fd < 0)
		return false;
	ok = read_all(fd, is_stdin ? "standard input" : path, b, err);
	if (!ok)
		buf_truncate(b, before);
	if (!is_stdin)
		(void)close(fd);
	return ok;
}

/* ---- writing ---- */

bool
file_write_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool
file_sync_dir(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0;

	/* Some file systems cannot sync a directory; they answer EINVAL or ENOTSUP. */
	if (ok && fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		ok = false;
	if (!ok)
		(void)err_errno(err, "%s", dir);
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static bool
sync_dir_of(const char *path, struct err *err)
{
	char *dir = file_dir(path);
	bool ok = file_sync_dir(dir, err);

	free(dir);
	return ok;
}

/* Writes, syncs and closes; fd is taken. */
static bool
fill_and_close(int fd, const void *bytes, size_t len, mode_t mode)
{
	bool ok =
	    fchmod(fd, mode) == 0 && file_write_all(fd, bytes, len) && fsync(fd) == 0;
	int why = errno;

	if (close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	errno = why;
	return ok;
}

bool
file_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* rename() would say "busy" or "not empty" of it. */
static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
write_into(const char *path, const void *bytes, size_t len, struct err *err)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && file_write_all(fd, bytes, len);

	if (!ok)
		(void)err_errno(err, "%s", path);
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = err_errno(err, "%s", path);
	return ok;
}

bool
file_read_start(int dir, const char *name, size_t max, struct buf *b)
{
	const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char bytes[16384];
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		while (b->len + sizeof(bytes) <= max &&
		    (n = read(fd, bytes, sizeof(bytes))) > 0)
			buf_add(b, bytes, (size_t)n);
	} else {
		errno = EINVAL;
	}
	(void)close(fd);
	return n >= 0;
}

bool
file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	char *aside = NULL;
	bool ok = false;
	int fd = -1;

	if (file_is_special(path))
		return write_into(path, bytes, len, err);
	if (is_directory(path)) {
		errno = EISDIR;
		return err_errno(err, "%s", path);
	}
	aside = xasprintf("%s.XXXXXX", path);
	fd = mkstemp(aside);
	if (fd < 0) {
		(void)err_errno(err, "%s", path);
		goto out;
	}
	if (!fill_and_close(fd, bytes, len, mode) || rename(aside, path) != 0) {
		(void)err_errno(err, "%s", path);
		(void)unlink(aside);
		goto out;
	}
	ok = sync_dir_of(path, err);
out:
	free(aside);
	return ok;
}

/*
 * Writes over what is there, for files whose place another cannot take: owner, group, further
 * names and access lists stay.  The room is asked for first, so that a full disk leaves the old
 * text.  fd is taken.
 */
static bool
overwrite(int fd, const void *bytes, size_t len, off_t old)
{
	bool ok = true;
	int why = 0;

	if ((off_t)len > old) {
		why = posix_fallocate(fd, old, (off_t)len - old);
		/* Some file systems cannot set room aside. */
		ok = why == 0 || why == EINVAL || why == EOPNOTSUPP;
		if (!ok && ftruncate(fd, old) != 0)
			why = errno;
	}
	if (ok) {
		ok = file_write_all(fd, bytes, len) && ftruncate(fd, (off_t)len) == 0 &&
		    fsync(fd) == 0;
		why = errno;
	}
	if (close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	errno = why;
	return ok;
}

/*
 * Puts a new file with the owner, group and mode of st in the place of real.  *placed stays
 * false, without an error, where that cannot be done and the file has to be written over.
 */
static bool
place_new(const char *real, const struct stat *st, const void *bytes, size_t len,
    bool *placed, struct err *err)
{
	char *aside = xasprintf("%s.XXXXXX", real);
	const int fd = mkstemp(aside);
	bool ok = true;

	*placed = false;
	if (fd < 0)
		goto out;
	if (fchown(fd, st->st_uid, st->st_gid) != 0) {
		(void)close(fd);
	} else {
		ok = fill_and_close(fd, bytes, len, st->st_mode & 07777);
		*placed = ok && rename(aside, real) == 0;
		/* A file that is mounted by itself, as containers have it, is busy. */
		ok = *placed || (ok && errno == EBUSY) || err_errno(err, "%s", real);
	}
	if (!*placed)
		(void)unlink(aside);
out:
	free(aside);
	return ok;
}

bool
file_edit(const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	char *real = realpath(path, NULL);
	struct stat st = { 0 };
	bool placed = false;
	bool ok = false;
	int fd = -1;

	if (!real && errno == ENOENT && !file_exists(path))
		return file_create(path, bytes, len, mode, err);
	/* Who may not write the file may not put another in its place either. */
	if (real)
		fd = open(real, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		(void)err_errno(err, "%s", path);
		goto out;
	}
	/* A second name of the file would keep the old text. */
	if (st.st_nlink == 1 && !place_new(real, &st, bytes, len, &placed, err))
		goto out;
	if (placed) {
		ok = sync_dir_of(real, err);
		goto out;
	}
	ok = overwrite(fd, bytes, len, st.st_size) || err_errno(err, "%s", path);
	fd = -1;
out:
	if (fd >= 0)
		(void)close(fd);
	free(real);
	return ok;
}

int
file_open_own(const char *path, int flags, struct err *err)
{
	const int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0 && errno == ELOOP) {
		(void)err_set(err, ERR_SYSTEM,
		    "%s is a symbolic link, which is not followed", path);
		return -1;
	}
	if (fd < 0) {
		(void)err_errno(err, "%s", path);
		return -1;
	}
	if (fstat(fd, &st) != 0)
		(void)err_errno(err, "%s", path);
	else if (S_ISREG(st.st_mode) && st.st_nlink > 1)
		(void)err_set(err, ERR_SYSTEM,
		    "%s has a second name (hard link) and is not written", path);
	else
		return fd;
	(void)close(fd);
	return -1;
}

bool
file_create(const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0600);

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_INPUT, "%s: there already is such a file", path);
	if (fd < 0)
		return err_errno(err, "%s", path);
	if (!fill_and_close(fd, bytes, len, mode))
		(void)err_errno(err, "%s", path);
	else if (sync_dir_of(path, err))
		return true;
	(void)unlink(path);
	return false;
}

bool
file_close(FILE *f, const char *path, struct err *err)
{
	bool written = true;

	if (!f)
		return true;
	if (ferror(f)) {
		/* errno of the write that failed is long gone. */
		(void)err_set(err, ERR_SYSTEM, "%s: could not be written", path);
		(void)fclose(f);
		return false;
	}
	written = fflush(f) == 0;
	if (!written)
		(void)err_errno(err, "%s", path);
	if (fclose(f) != 0 && written)
		return err_errno(err, "%s", path);
	return written;
}

/* ---- names ---- */

static bool
make_dir(const char *path, mode_t mode, struct err *err)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno != EEXIST)
		return err_errno(err, "%s", path);
	if (stat(path, &st) != 0)
		return err_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return true;
	return err_set(err, ERR_SYSTEM, "%s: is there already and is no directory", path);
}

bool
file_make_dirs(const char *path, mode_t mode, struct err *err)
{
	char *part = xstrdup(path);
	bool ok = true;

	for (char *p = part; ok && *p != '\0'; p++) {
		if (*p != '/' || p == part || p[-1] == '/')
			continue;
		*p = '\0';
		ok = make_dir(part, mode, err);
		*p = '/';
	}
	ok = ok && make_dir(part, mode, err);
	free(part);
	return ok;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool
file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
file_is_exposed(const char *path, mode_t *mode)
{
	struct stat st;

	/* A directory is no file that holds a secret: who reads it says so. */
	if (stat(path, &st) != 0 || S_ISDIR(st.st_mode))
		return false;
	if (mode)
		*mode = st.st_mode & 07777;
	return (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

char *
file_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (len == 0)
		return xstrdup(name);
	return xasprintf("%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

char *
file_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}
