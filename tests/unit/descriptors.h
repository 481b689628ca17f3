/* SPDX-License-Identifier: ISC */
/* Which descriptors are open, and a system that gives no more than a few. */
#ifndef TESTS_DESCRIPTORS_H
#define TESTS_DESCRIPTORS_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/resource.h>

/* A bit for each of the first ones that is open. */
static inline uint64_t
descriptors_open(void)
{
	uint64_t bits = 0;

	for (int i = 0; i < 60; i++)
		if (fcntl(i, F_GETFD) >= 0)
			bits |= UINT64_C(1) << i;
	return bits;
}

/* From now on no more than so many can be opened; to be set again: what was allowed before. */
static inline struct rlimit
descriptors_leave(int count)
{
	struct rlimit before = { 0, 0 };
	struct rlimit now;
	const uint64_t open = descriptors_open();
	int end = 0;

	(void)getrlimit(RLIMIT_NOFILE, &before);
	for (; count > 0 || (open >> end & 1) != 0; end++)
		count -= (open >> end & 1) == 0;
	now = before;
	now.rlim_cur = (rlim_t)end;
	(void)setrlimit(RLIMIT_NOFILE, &now);
	return before;
}

#endif
