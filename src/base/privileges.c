/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* setgroups() and initgroups() are in no standard */

#include "base/privileges.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The directory, or the first above it that is there. */
static bool
stat_nearest(const char *dir, struct stat *st)
{
	char *at = file_dir(dir);
	bool found = stat(dir, st) == 0;

	while (!found) {
		char *above = file_dir(at);
		const bool is_top = strcmp(above, at) == 0;

		found = stat(at, st) == 0;
		free(at);
		at = above;
		if (is_top)
			break;
	}
	free(at);
	return found;
}

void
privileges_of(struct arena *a, const char *dir, const char *file, struct privileges *out)
{
	const struct passwd *user = NULL;
	struct stat st;

	memset(out, 0, sizeof(*out));
	if (!stat_nearest(dir, &st))
		return;
	if (st.st_uid == 0 && stat(file, &st) != 0)
		return;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	user = getpwuid(st.st_uid);
	if (user)
		out->gid = user->pw_gid;
	out->name = user ? arena_strdup(a, user->pw_name)
			 : arena_printf(a, "user %ld", (long)st.st_uid);
}

bool
privileges_drop(const struct privileges *p, bool for_good, struct err *err)
{
	const struct passwd *user = getpwuid(p->uid);
	const bool ok =
	    (user ? initgroups(p->name, p->gid) == 0 : setgroups(1, &p->gid) == 0) &&
	    (for_good ? setgid(p->gid) == 0 && setuid(p->uid) == 0
		      : setegid(p->gid) == 0 && seteuid(p->uid) == 0);

	return ok || err_errno(err, "cannot become %s", p->name);
}

bool
privileges_raise(struct err *err)
{
	return (seteuid(0) == 0 && setegid(0) == 0) || err_errno(err, "seteuid");
}
