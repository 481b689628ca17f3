/* SPDX-License-Identifier: ISC */
#include "html/tree_memory.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_FIRST = 4 * 1024, CHUNK_MOST = 32 * 1024 };

/* In front of each block: its class while it is used, the next free one while it is not. */
struct tree_block {
	union {
		size_t class;
		struct tree_block *next;
	} u;
};

void
tree_memory_init(struct tree_memory *p, struct arena *arena)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena;
	p->chunk_size = CHUNK_FIRST;
}

/* Small sizes in steps of eight bytes, larger ones in powers of two; *size is rounded up. */
static size_t
class_of(size_t *size)
{
	size_t class = TREE_SMALL / 8 + 1;
	size_t room = 2 * TREE_SMALL;

	if (*size <= TREE_SMALL) {
		*size = (*size + 7) / 8 * 8;
		return *size / 8;
	}
	for (; room < *size && room <= SIZE_MAX / 4; room *= 2)
		class ++;
	*size = room;
	return class;
}

static void
next_chunk(struct tree_memory *p, size_t size)
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
tree_memory_alloc(struct tree_memory *p, size_t size)
{
	size_t class = class_of(&size);
	struct tree_block *b = p->free[class];

	if (b) {
		p->free[class] = b->u.next;
	} else if (size + sizeof(*b) > CHUNK_MOST) {
		b = arena_alloc(p->arena, size + sizeof(*b));
		p->used += size;
	} else {
		if (p->chunk_left < size + sizeof(*b))
			next_chunk(p, size + sizeof(*b));
		b = (struct tree_block *)(void *)p->chunk;
		p->chunk += size + sizeof(*b);
		p->chunk_left -= size + sizeof(*b);
	}
	b->u.class = class;
	return b + 1;
}

void
tree_memory_release(struct tree_memory *p, void *block)
{
	struct tree_block *b = block;
	size_t class;

	if (!b)
		return;
	b--;
	class = b->u.class;
	b->u.next = p->free[class];
	p->free[class] = b;
}
