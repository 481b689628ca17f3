/* SPDX-License-Identifier: ISC */
/*
 * Files: read whole with a ceiling, written aside and renamed, locked, checked for who can
 * read them.  Errors name the path and what errno says.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Reads a whole file ("-" = standard input).  ERR_LIMIT: too large; ERR_TEMPORARY: a signal. */
bool file_read(const char *path, struct buf *b, struct err *err) MUST_CHECK;
/*
 * Replaces path with the bytes: temporary file in the same directory, fsync, rename, fsync of
 * the directory.  On failure the old file is untouched and the temporary one removed.
 */
/*
 * Appends the first max bytes (some fewer when a file is read in odd pieces) of a regular file in a
 * directory, or of a path with AT_FDCWD.  False with errno; EINVAL when it is another kind of file.
 */
bool file_read_start(int dir, const char *name, size_t max, struct buf *b) MUST_CHECK;
bool file_write(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err) MUST_CHECK;
/*
 * The same for a file that is a person's: it keeps mode, owner and group, and what is a
 * symbolic link stays one, its target is written.  A file that cannot be replaced so (further
 * names, a directory or an owner that is not ours, mounted alone) is written over.  One that is
 * not there is made with that mode.  ERR_SYSTEM when it may not be written.
 */
bool file_edit(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err) MUST_CHECK;
/*
 * open() for a file in a directory where others may lay links: made with mode 0600, never
 * through a symbolic link, and refused when it is a file with a second name.  -1 = error.
 */
int file_open_own(const char *path, int flags, struct err *err) MUST_CHECK;
/*
 * Creates a file that must not exist yet (ERR_INPUT when it does), fsyncs it and its directory.
 * On failure there is none.
 */
bool file_create(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err) MUST_CHECK;
/* Writes every byte, over interruptions; false with errno when that is not possible. */
bool file_write_all(int fd, const void *bytes, size_t len) MUST_CHECK;
/*
 * Writes the names of a directory to the disk: without this a power cut may bring an old file
 * back after a rename, or lose a new one.
 */
bool file_sync_dir(const char *dir, struct err *err) MUST_CHECK;
/* fclose that notices what fflush could not write; path is for the message; f may be NULL. */
bool file_close(FILE *f, const char *path, struct err *err) MUST_CHECK;
/* mkdir -p with this mode for what is new. */
bool file_make_dirs(const char *path, mode_t mode, struct err *err) MUST_CHECK;
/* True when a file of that name is there (of any type). */
bool file_exists(const char *path);
/* True for a device or a pipe, whose place no file may take. */
bool file_is_special(const char *path);
/* True when a directory of that name is there. */
bool file_is_dir(const char *path);
/* True when group or others can read the file; false when it cannot be looked at. */
bool file_is_exposed(const char *path, mode_t *mode);
/* Directory of path with "/" and name joined.  Owned by the caller. */
char *file_join(const char *dir, const char *name) MUST_CHECK;
/* dir part of path ("." when none).  Owned by the caller. */
char *file_dir(const char *path) MUST_CHECK;

#endif
