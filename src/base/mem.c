/* SPDX-License-Identifier: ISC */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"

enum { LIST_LEAST = 8 };

static void NO_RETURN
out_of_memory(size_t size)
{
	fprintf(stderr, "planetpost: out of memory (%zu bytes)\n", size);
	abort();
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count, size);

	/* Of none there is no room to look into: sanitizers notice it. */
	if (!p && count != 0 && size != 0)
		out_of_memory(size);
	return p;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	void *p = NULL;
	size_t total = 0;

	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory(SIZE_MAX);
	total = count * size;
	p = realloc(old, total > 0 ? total : 1);
	if (!p)
		out_of_memory(total);
	return p;
}

size_t
mem_list_room(size_t count)
{
	if (count == 0)
		return LIST_LEAST;
	return count >= LIST_LEAST && (count & (count - 1)) == 0 ? 2 * count : 0;
}

void *
xgrow_list(void *list, size_t count, size_t size)
{
	const size_t room = mem_list_room(count);

	if (room > 0)
		list = xreallocarray(list, room, size);
	guard_list(list, count, room, size);
	return list;
}

char *
xstrndup(const char *text, size_t len)
{
	char *copy = xmalloc(len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	va_list again;
	char *text = NULL;
	int n = 0;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory(0);
	text = xmalloc((size_t)n + 1);
	(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}
