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
char *xstrdup(const char *text) MUST_CHECK;
char *xstrndup(const char *text, size_t len) MUST_CHECK;
/* Owned by the caller. */
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) MUST_CHECK;

#endif
