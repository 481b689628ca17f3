/* SPDX-License-Identifier: ISC */
/*
 * Allocation that ends the program when memory is out.  State is transactional, so
 * restarting is the recovery, and no caller has an untested path for it.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/attr.h"

void *xmalloc(size_t size) MUST_CHECK;
/* Zeroed; ends the program when count * size overflows. */
void *xcalloc(size_t count, size_t size) MUST_CHECK;
/* Ends the program when count * size overflows. */
void *xreallocarray(void *old, size_t count, size_t size) MUST_CHECK;
/*
 * The list of `count` elements with room for one more at least; what was in it is kept.  For
 * lists that grew by nothing else; NULL with a count of 0 begins one.
 */
void *xgrow_list(void *list, size_t count, size_t size) MUST_CHECK;
/*
 * How many elements a list of `count` is to be given room for before the next is appended: 0
 * when there is still some.  Room doubles at each power of two, so that nobody has to note it.
 */
size_t mem_list_room(size_t count);
char *xstrdup(const char *text) MUST_CHECK;
char *xstrndup(const char *text, size_t len) MUST_CHECK;
/* Owned by the caller. */
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) MUST_CHECK;

#endif
