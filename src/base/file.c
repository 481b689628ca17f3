/* SPDX-License-Identifier: ISC */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* ---- reading ---- */

static bool
read_all(int fd, const char *path, struct buf *b, struct err *err)
{
	for (;;) {
		char chunk[32 * 1024];
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
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

bool
file_read(const char *path, struct buf *b, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	size_t before = b->len;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool ok = false;

	if (fd < 0)
		return err_errno(err, "%s", path);
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
file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	char *aside = xasprintf("%s.XXXXXX", path);
	bool ok = false;
	int fd = mkstemp(aside);

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

bool
file_create(const char *path, const void *bytes, size_t len, mode_t mode, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0600);

	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_INPUT, "%s: there already is such a file", path);
	if (fd < 0)
		return err_errno(err, "%s", path);
	if (!fill_and_close(fd, bytes, len, mode)) {
		(void)err_errno(err, "%s", path);
		(void)unlink(path);
		return false;
	}
	return sync_dir_of(path, err);
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
file_is_exposed(const char *path, mode_t *mode)
{
	struct stat st;

	if (stat(path, &st) != 0)
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
