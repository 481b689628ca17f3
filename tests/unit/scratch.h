/* SPDX-License-Identifier: ISC */
/* Folders of tests: made where the machine wants such, and gone with all that is in them. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A new folder under $TMPDIR, or under /tmp where that is too long for dir, which has so many
 * bytes: at least 32.  False when there is none.
 */
static inline bool
scratch_folder(char *dir, size_t size)
{
	static const char name[] = "planetpost-unit-XXXXXX";
	const char *tmp = getenv("TMPDIR");

	if (!tmp || strlen(tmp) + 1 + sizeof(name) > size)
		tmp = "/tmp";
	return snprintf(dir, size, "%s/%s", tmp, name) < (int)size && mkdtemp(dir);
}

static inline void
scratch_remove(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e = NULL;

	while (d && (e = readdir(d)) != NULL) {
		char path[600];

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >=
			(int)sizeof(path))
			continue;
		if (unlink(path) != 0)
			scratch_remove(path);
	}
	if (d)
		(void)closedir(d);
	(void)rmdir(dir);
}

#endif
