/* SPDX-License-Identifier: ISC */
/*
 * What url.c (whole addresses) and url_names.c (what they are called) share:
 * encoding and cleaning the characters of an address, and its path.  Private to them.
 */
#ifndef FORMAT_URL_PARTS_H
#define FORMAT_URL_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Percent-encodes what may stand in no part of an address; escapes stay as they are. */
char *url_encode(struct arena *a, const char *text, size_t len) MUST_CHECK;
/*
 * Without white space and controls at both ends, and without tab and line ends anywhere.
 * NULL when it is far too long to become an address.
 */
char *url_strip(struct arena *a, const char *text) MUST_CHECK;
/* RFC 3986 5.2.4, in place; path begins with "/". */
void url_remove_dots(char *path);

#endif
