/* SPDX-License-Identifier: ISC */
#include "html/tree_memory.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_FIRST = 4 * 1024, CHUNK_MOST = 32 * 1024 };

/* In front of each block: its class while it is used, the next free one while it is not. */
struct pool_block {
	union {
		size_t class;
		struct pool_block *next;
	} u;
};

void
pool_init(struct pool *p, struct arena *arena)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena;
	p->chunk_size = CHUNK_FIRST;
}

/* Small sizes in steps of eight bytes, larger ones in powers of two; *size is rounded up. */
static size_t
class_of(size_t *size)
{
	size_t class = POOL_SMALL / 8 + 1;
	size_t room = 2 * POOL_SMALL;

	if (*size <= POOL_SMALL) {
		*size = (*size + 7) / 8 * 8;
		return *size / 8;
	}
	for (; room < *size && room <= SIZE_MAX / 4; room *= 2)
		class ++;
	*size = room;
	return class;
}

static void
next_chunk(struct pool *p, size_t size)
{
	if (p->chunk_size < size)
		p->chunk_size = size;
	p->chunk = arena_alloc(p->arena, p->chunk_size);
	p->chunk_left = p->chunk_size;
	p->used += p->chunk_size;
	if (p->chunk_size < CHUNK_MOST)
		p->chunk_size *= 2;
	else
		p->chunk_size = CHUNK_MOST;
}

void *
pool_take(struct pool *p, size_t size)
{
	size_t class = class_of(&size);
	struct pool_block *b = p->free[class];

	if (b) {
		p->free[class] = b->u.next;
	} else if (size + sizeof(*b) > CHUNK_MOST) {
		b = arena_alloc(p->arena, size + sizeof(*b));
		p->used += size;
	} else {
		if (p->chunk_left < size + sizeof(*b))
			next_chunk(p, size + sizeof(*b));
		b = (struct pool_block *)(void *)p->chunk;
		p->chunk += size + sizeof(*b);
		p->chunk_left -= size + sizeof(*b);
	}
	b->u.class = class;
	return b + 1;
}

void
pool_leave(struct pool *p, void *block)
{
	struct pool_block *b = block;
	size_t class;

	if (!b)
		return;
	b--;
	class = b->u.class;
	b->u.next = p->free[class];
	p->free[class] = b;
}
