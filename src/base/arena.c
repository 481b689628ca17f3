/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/guard.h"
#include "base/mem.h"

enum { BLOCK_SIZE = 64 * 1024, SHORT_TEXT = 256 };

struct block {
	struct block *next;
	size_t used;
	size_t size;
	max_align_t bytes[];
};

struct arena {
	struct block *first; /* the block being filled; large ones go behind it */
	size_t used;
};

/* What is behind so many bytes is free. */
static void
block_cut(struct block *b, size_t used)
{
	b->used = used;
	guard_close((char *)b->bytes + used, b->size - used);
}

static struct block *
block_new(size_t size)
{
	struct block *b = NULL;

	if (size > SIZE_MAX - sizeof(*b)) {
		fprintf(stderr, "planetpost: arena block too large\n");
		abort();
	}
	b = xmalloc(sizeof(*b) + size);
	b->next = NULL;
	b->size = size;
	block_cut(b, 0);
	return b;
}

struct arena *
arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void
arena_reset(struct arena *a)
{
	struct block *keep = a->first;
	struct block *b = keep ? keep->next : NULL;

	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	if (keep) {
		keep->next = NULL;
		block_cut(keep, 0);
	}
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a->first);
	free(a);
}

struct arena_mark
arena_mark(const struct arena *a)
{
	struct arena_mark mark = { .block = a->first, .used = a->used };

	if (a->first) {
		mark.behind = a->first->next;
		mark.block_used = a->first->used;
	}
	return mark;
}

/* Frees from the list what stands in front of `end`. */
static struct block *
free_until(struct block *b, const void *end)
{
	while (b != end) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	return b;
}

/* What is newer stands in front of the block that was filled, or, when large, just behind it. */
void
arena_rewind(struct arena *a, struct arena_mark mark)
{
	a->first = free_until(a->first, mark.block);
	a->used = mark.used;
	if (a->first) {
		a->first->next = free_until(a->first->next, mark.behind);
		block_cut(a->first, mark.block_used);
	}
}

/* A piece of so many bytes, which takes more of the block. */
static void *
block_take(struct block *b, size_t size, size_t taken)
{
	void *p = (char *)b->bytes + b->used;

	guard_open(p, size);
	b->used += taken;
	return p;
}

/* Not zeroed: for what is overwritten at once. */
static void *
take_bytes(struct arena *a, size_t size)
{
	const size_t align = sizeof(max_align_t);
	struct block *b = NULL;
	size_t taken = 0;

	if (size > SIZE_MAX - align - GUARD_GAP) {
		fprintf(stderr, "planetpost: arena allocation too large\n");
		abort();
	}
	taken = (size + align - 1) / align * align;
	a->used += taken;
	taken += GUARD_GAP;
	if (a->first && a->first->size - a->first->used >= taken)
		return block_take(a->first, size, taken);
	b = block_new(taken > BLOCK_SIZE / 4 ? taken : BLOCK_SIZE);
	if (a->first && b->size == taken) {
		b->next = a->first->next;
		a->first->next = b;
	} else {
		b->next = a->first;
		a->first = b;
	}
	return block_take(b, size, taken);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take_bytes(a, size), 0, size);
}

/* Not zeroed either. */
static void *
take_array(struct arena *a, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		fprintf(stderr, "planetpost: arena array too large\n");
		abort();
	}
	return take_bytes(a, count * size);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	return memset(take_array(a, count, size), 0, count * size);
}

void *
arena_grow_list(struct arena *a, const void *list, size_t count, size_t size)
{
	const size_t room = mem_list_room(count);
	void *p = (void *)(uintptr_t)list;

	if (room > 0) {
		p = take_array(a, room, size);
		if (count > 0)
			memcpy(p, list, count * size);
		memset((char *)p + count * size, 0, (room - count) * size);
	}
	guard_list(p, count, room, size);
	return p;
}

void *
arena_copy(struct arena *a, const void *list, size_t count, size_t size)
{
	void *p = take_array(a, count, size);

	if (count > 0)
		memcpy(p, list, count * size);
	return p;
}

char *
arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *copy = NULL;

	if (len == SIZE_MAX)
		abort();
	copy = take_bytes(a, len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *text)
{
	return text ? arena_strndup(a, text, strlen(text)) : NULL;
}

char *
arena_take(struct arena *a, struct buf *b)
{
	char *text = arena_strndup(a, buf_text(b), b->len);

	buf_clear(b);
	return text;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_list again;
	char brief[SHORT_TEXT]; /* most texts fit, and need one pass instead of two */
	char *text = NULL;
	int n = 0;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(brief, sizeof(brief), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(brief)) {
		va_end(again);
		return arena_strndup(a, brief, (size_t)n);
	}
	text = arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n >= 0)
		(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

char *
arena_join(struct arena *a, const char *const *words)
{
	enum { KNOWN = 16 }; /* lengths of the first words, which are mostly all */
	size_t lengths[KNOWN];
	size_t len = 0;
	char *text = NULL;
	char *end = NULL;

	for (size_t i = 0; words[i]; i++) {
		const size_t n = strlen(words[i]);

		if (i < KNOWN)
			lengths[i] = n;
		len += n;
	}
	end = text = take_bytes(a, len + 1);
	for (size_t i = 0; words[i]; i++) {
		const size_t n = i < KNOWN ? lengths[i] : strlen(words[i]);

		memcpy(end, words[i], n);
		end += n;
	}
	*end = '\0';
	return text;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
