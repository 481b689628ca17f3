/* SPDX-License-Identifier: ISC */
/*
 * Files the program carries inside, by their name in the source tree
 * ("templates/en/digest.html", "src/store/schema/001-initial.sql").  Sorted by name; made at
 * build time by embed.awk.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
	const char *name;
	const char *text; /* NUL-terminated */
	size_t len;
};
extern const struct embedded_file embedded_files[]; /* closed by a NULL name */
extern const size_t embedded_count;

/* NULL when there is none of that name. */
const struct embedded_file *embedded_find(const char *name);

#endif
