/* SPDX-License-Identifier: ISC */
/*
 * Bytes that nobody may touch, where AddressSanitizer watches; nothing elsewhere.  For memory
 * that is taken at once and used piece by piece: what reads past the end of a piece, or what was
 * given back, is seen as with pieces of malloc's.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define GUARD_IS_ON
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_IS_ON
#endif
#endif

#if defined(GUARD_IS_ON)
#include <sanitizer/asan_interface.h>
enum { GUARD_GAP = 4 * sizeof(max_align_t) }; /* bytes between pieces */
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
enum { GUARD_GAP = 0 };
#endif

static inline void
guard_close(const void *at, size_t size)
{
	ASAN_POISON_MEMORY_REGION(at, size);
}

static inline void
guard_open(const void *at, size_t size)
{
	ASAN_UNPOISON_MEMORY_REGION(at, size);
}

/* A list of count elements, which has just grown to room or has some, gets one more. */
static inline void
guard_list(const void *list, size_t count, size_t room, size_t size)
{
	const char *next = (const char *)list + count * size;

	guard_open(next, size);
	if (room > 0)
		guard_close(next + size, (room - count - 1) * size);
}

#endif
