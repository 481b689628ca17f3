/* SPDX-License-Identifier: ISC */
/*
 * A file that a command fills as it goes: written aside and renamed, so that nobody ever meets
 * half of it.  "-" is standard output, and a device or a pipe is written into.
 */
#ifndef CMD_WRITTEN_FILE_H
#define CMD_WRITTEN_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

struct written_file {
	const char *path;
	const char *aside; /* what it is called meanwhile; NULL: written in place */
	FILE *f;
};

/* In a.  mode: of a new file.  On failure nothing is open. */
bool written_file_open(struct arena *a, const char *path, mode_t mode,
    struct written_file *out, struct err *err) MUST_CHECK;
/* Puts the file in its place; ok false: something failed before, and what is there stays. */
bool written_file_close(struct written_file *w, bool ok, struct err *err) MUST_CHECK;

#endif
