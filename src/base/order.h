/* SPDX-License-Identifier: ISC */
/*
 * What the comparisons of qsort() and bsearch() return for two numbers or two pointers of one
 * array: -1, 0 or 1.  A difference could be too large for an int.  And the sorting itself.
 */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include <stdint.h>
#include <stdlib.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* The comparisons themselves, of arrays of such numbers. */
static inline int
order_int64(const void *a, const void *b)
{
	return ORDER(*(const int64_t *)a, *(const int64_t *)b);
}

static inline int
order_uint64(const void *a, const void *b)
{
	return ORDER(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* As qsort() sorts; NULL is a list of none. */
static inline void
list_sort(void *list, size_t count, size_t size,
    int (*compare)(const void *, const void *))
{
	if (list)
		qsort(list, count, size, compare);
}

#endif
