/* SPDX-License-Identifier: ISC */
/*
 * A file beside the database that names the feed being read, or the post whose page is, so that
 * the run after one that was killed by it (out of memory, a crash) leaves it out instead of dying
 * of it again.
 * It is not synced: it must outlive the process, not the machine.
 */
#ifndef FLOW_BEING_READ_H
#define FLOW_BEING_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct being_read {
	int fd; /* -1: no file is kept */
	const char *path;
	bool names_one;
	/* The post whose page a run was reading when it ended before its time; 0: none. */
	int64_t suspect_page;
};

/*
 * path NULL: no file is kept.  *suspect is the key of the feed that a run was reading when it
 * ended before its time, or NULL; in a.
 */
bool being_read_open(struct being_read *b, struct arena *a, const char *path,
    const char **suspect, struct err *err) MUST_CHECK;
void being_read_begin(struct being_read *b, const char *key);
void being_read_begin_page(struct being_read *b, int64_t entry_id);
/* Names none.  Costs nothing when none is named, so it may be called after every answer. */
void being_read_end(struct being_read *b);
/* Removes the file. */
void being_read_close(struct being_read *b);

#endif
