/* SPDX-License-Identifier: ISC */
/*
 * Memory for a library that takes and gives back many small blocks, out of an arena: what is
 * given back is used again, and everything goes with the arena.
 */
#ifndef HTML_TREE_MEMORY_H
#define HTML_TREE_MEMORY_H

#include <stddef.h>

#include "base/arena.h"

enum { POOL_SMALL = 512, POOL_CLASSES = POOL_SMALL / 8 + 1 + 64 };

struct pool_block;

struct pool {
	struct arena *arena;
	char *chunk; /* what is left of the newest piece of the arena */
	size_t chunk_left;
	size_t chunk_size;
	size_t used; /* bytes ever taken from the arena */
	struct pool_block *free[POOL_CLASSES];
};

void pool_init(struct pool *p, struct arena *arena);
/* Not zeroed; aligned for pointers and integers. */
void *pool_take(struct pool *p, size_t size) MUST_CHECK;
/* Accepts NULL. */
void pool_leave(struct pool *p, void *block);

#endif
