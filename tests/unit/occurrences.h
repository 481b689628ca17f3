/* SPDX-License-Identifier: ISC */
#ifndef TESTS_OCCURRENCES_H
#define TESTS_OCCURRENCES_H

#include <stddef.h>
#include <string.h>

/* How often the part stands in the text, those that overlap too. */
static inline size_t
occurrences(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		n++;
	return n;
}

#endif
