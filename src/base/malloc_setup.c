/* SPDX-License-Identifier: ISC */
#include "base/malloc_setup.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { KEPT = 64 * 1024 * 1024, STEP = 1024 * 1024, MAPPED = 512 * 1024 };

void
malloc_keep_freed(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_TRIM_THRESHOLD, KEPT);
	(void)mallopt(M_TOP_PAD, STEP);
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED);
#endif
}
