/* SPDX-License-Identifier: ISC */
/*
 * One line on a terminal that tells how far a long job is, redrawn in place and erased at the
 * end; nothing at all when stderr is no terminal.  Redraws at most ten times a second (the
 * clock is read inside, for this alone).
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool on;           /* draw at all */
	bool unicode;      /* the terminal takes block characters */
	const char *title; /* "Fetching 567 feeds"; borrowed */
	size_t total;
	int64_t started_ms;
	int64_t drawn_ms;
};

/* fd: of the terminal; wanted: false for -q and --json. */
void progress_begin(struct progress *p, const char *title, size_t total, bool wanted);
/* note: "12 new, 3 failed" or NULL.  Shows rate and time left when it lasts over 5 s. */
void progress_step(struct progress *p, size_t done, const char *note);
void progress_end(struct progress *p);

#endif
