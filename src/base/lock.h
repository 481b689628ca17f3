/* SPDX-License-Identifier: ISC */
/* One process at a time: a lock on a file that says who holds it. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

/*
 * An exclusive advisory lock (fcntl) for as long as the descriptor is open.  The file's text
 * is "pid N, since TIME: doing".  ERR_TEMPORARY, with that text, when another holds it.
 */
struct lock {
	int fd; /* -1 = not held */
	char *path;
};
#define LOCK_INIT \
	{ \
		-1, NULL \
	}
bool lock_open(struct lock *lock, const char *path, const char *doing,
    struct err *err) MUST_CHECK;
/*
 * Whether another process holds it at this moment, without taking it.  Not for who holds it
 * themselves: a look gives their lock back.
 */
bool lock_is_held(const char *path);
void lock_note(struct lock *lock, const char *doing);
void lock_close(struct lock *lock);

#endif
