/* SPDX-License-Identifier: ISC */
/*
 * A file beside the database that names the feeds being read, or the post whose page is, so that
 * the run after one that was killed by it (out of memory, a crash) leaves it out instead of dying
 * of it again.
 * Where several were in hand nobody knows which it was: they are read one by one then.
 * It is not synced: it must outlive the process, not the machine.
 */
#ifndef FLOW_BEING_READ_H
#define FLOW_BEING_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"

enum { READING_PLACES = LIMIT_READING_THREADS + 1 };

struct being_read {
	int fd; /* -1: no file is kept */
	const char *path;
	bool names_one[READING_PLACES];
	bool is_broken[READING_PLACES]; /* could not be written: said once */
	/* The post whose page a run was reading when it ended before its time; 0: none. */
	int64_t suspect_page;
};

/* Those that a run was reading when it ended before its time. */
struct reading_suspects {
	const char *keys[READING_PLACES];
	size_t count;
};

/* path NULL: no file is kept, and there are no suspects.  They are in a. */
bool being_read_open(struct being_read *b, struct arena *a, const char *path,
    struct reading_suspects *suspects, struct err *err) MUST_CHECK;
/*
 * Each thread that reads has a place of its own, 0 being the first; it names one feed at a time.
 * Of threads side by side each may write to its own place.
 */
void being_read_begin(struct being_read *b, size_t place, const char *key);
void being_read_begin_page(struct being_read *b, size_t place, int64_t entry_id);
/* Names none.  Costs nothing when none is named, so it may be called after every answer. */
void being_read_end(struct being_read *b, size_t place);
/* Nobody is named any more, suspects neither. */
void being_read_forget(struct being_read *b);
/* Removes the file. */
void being_read_close(struct being_read *b);

#endif
