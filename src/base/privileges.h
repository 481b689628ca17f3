/* SPDX-License-Identifier: ISC */
/* What root does for another user it does as that user. */
#ifndef BASE_PRIVILEGES_H
#define BASE_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

struct privileges {
	uid_t uid;
	gid_t gid;
	const char
	    *name; /* "planetpost", or "user 1000" when it has none; in the arena */
};

/*
 * Who the files of a directory are made for: the owner of the directory, or of the first one
 * above it that is there; the owner of file when that directory is root's.
 */
void privileges_of(struct arena *a, const char *dir, const char *file,
    struct privileges *out);
/*
 * Becomes that user with the user's own groups: for good, or until privileges_raise().  To be
 * called by root.  ERR_SYSTEM when root may not (a container without the right to).
 */
bool privileges_drop(const struct privileges *p, bool for_good,
    struct err *err) MUST_CHECK;
/* Root again, after a drop that was not for good. */
bool privileges_raise(struct err *err) MUST_CHECK;

#endif
