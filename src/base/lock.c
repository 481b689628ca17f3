/* SPDX-License-Identifier: ISC */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

/*
 * fcntl locks belong to the process: closing any descriptor of the file gives them back, and
 * the process that holds one is never refused a second.  So nobody else opens this file.
 */
static bool
lock_whole(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &whole) == 0;
}

/* What the holder wrote, in one line without anything that disturbs a terminal. */
static void
read_holder(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);
	size_t len = n < 0 ? 0 : (size_t)n;

	while (len > 0 && (unsigned char)text[len - 1] <= ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
			text[i] = '?';
	}
	text[len] = '\0';
}

static void
say_who_holds(int fd, const char *path, struct err *err)
{
	char holder[256];

	read_holder(fd, holder, sizeof(holder));
	if (holder[0] != '\0')
		(void)err_set(err, ERR_TEMPORARY, "another planetpost is working (%s)",
		    holder);
	else
		(void)err_set(err, ERR_TEMPORARY, "another process holds %s", path);
}

bool
lock_open(struct lock *lock, const char *path, const char *doing, struct err *err)
{
	int fd = file_open_own(path, O_RDWR | O_CREAT, err);

	*lock = (struct lock)LOCK_INIT;
	if (fd < 0)
		return false;
	if (!lock_whole(fd)) {
		if (errno == EACCES || errno == EAGAIN)
			say_who_holds(fd, path, err);
		else
			(void)err_errno(err, "%s", path);
		(void)close(fd);
		return false;
	}
	lock->fd = fd;
	lock->path = xstrdup(path);
	lock_note(lock, doing);
	return true;
}

bool
lock_is_held(const char *path)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool held = false;

	if (fd < 0)
		return false;
	held = fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
	(void)close(fd);
	return held;
}

/*
 * The text only informs people: a disk too full for it does not take the lock away, so the
 * results are not looked at.
 */
void
lock_note(struct lock *lock, const char *doing)
{
	char since[CLOCK_TEXT];
	char *text = NULL;
	struct stat st = { 0 };

	if (lock->fd < 0)
		return;
	/* Cutting the file makes the kernel date it, and so tells the time without a clock. */
	if (ftruncate(lock->fd, 0) != 0 || fstat(lock->fd, &st) != 0)
		return;
	text = xasprintf("pid %ld, since %s: %s\n", (long)getpid(),
	    clock_rfc3339(st.st_mtime, since), doing);
	if (pwrite(lock->fd, text, strlen(text), 0) < 0) {
		/* See above. */
	}
	free(text);
}

/* The file stays: removing it would let two processes hold locks on two files of one name. */
void
lock_close(struct lock *lock)
{
	if (lock->fd >= 0) {
		if (ftruncate(lock->fd, 0) != 0) {
			/* The next holder overwrites what is left. */
		}
		(void)close(lock->fd);
	}
	free(lock->path);
	*lock = (struct lock)LOCK_INIT;
}
