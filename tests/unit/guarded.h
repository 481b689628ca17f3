/* SPDX-License-Identifier: ISC */
/* Bytes behind which nothing can be read: who looks one too far ends there, in every build. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GUARDED_MOST = 1 << 24 };

/* A copy without a NUL behind it, good until the next call. */
static inline const char *
guarded(const void *bytes, size_t len)
{
	static char *room;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!room) {
		const int zeros = open("/dev/zero", O_RDWR);

		room = mmap(NULL, GUARDED_MOST + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE, zeros, 0);
		if (room == MAP_FAILED ||
		    mprotect(room + GUARDED_MOST, page, PROT_NONE) != 0)
			abort();
		(void)close(zeros);
	}
	if (len > GUARDED_MOST)
		abort();
	if (len > 0)
		memcpy(room + GUARDED_MOST - len, bytes, len);
	return room + GUARDED_MOST - len;
}

#endif
