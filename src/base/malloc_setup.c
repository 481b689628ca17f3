/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* madvise() and sbrk() are in no standard of 2008 */
#include "base/malloc_setup.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

enum {
	KEPT = 64 * 1024 * 1024,
	STEP = 1024 * 1024,
	MAPPED = 512 * 1024,
	AHEAD_MOST = 8 * 1024 * 1024
};

void
malloc_keep_freed(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_TRIM_THRESHOLD, KEPT);
	(void)mallopt(M_TOP_PAD, STEP);
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED);
#endif
}

void
malloc_take_ahead(size_t bytes)
{
#if defined(__GLIBC__) && defined(MADV_POPULATE_WRITE)
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	const size_t most = bytes < AHEAD_MOST ? bytes : AHEAD_MOST;
	uintptr_t begin = 0;
	uintptr_t end = 0;
	void *probe = NULL;

	(void)mallopt(M_TOP_PAD, (int)most);
	/* Larger than holes are, and not mapped by itself: what is free at the end begins here. */
	probe = malloc(MAPPED - (size_t)page);
	(void)mallopt(M_TOP_PAD, STEP);
	begin = ((uintptr_t)probe + page - 1) & ~(page - 1);
	end = (uintptr_t)sbrk(0) & ~(page - 1);
	/* A kernel before 5.14 does not know it: each page comes when it is touched. */
	if (probe && begin < end)
		(void)madvise((void *)begin, end - begin < most ? end - begin : most,
		    MADV_POPULATE_WRITE);
	free(probe);
#else
	(void)bytes;
#endif
}
