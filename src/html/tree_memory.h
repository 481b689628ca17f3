/* SPDX-License-Identifier: ISC */
/*
 * Memory for a library that takes and gives back many small blocks, out of an arena: what is
 * given back is used again, and everything goes with the arena.
 */
#ifndef HTML_TREE_MEMORY_H
#define HTML_TREE_MEMORY_H

#include <stddef.h>

#include "base/arena.h"

enum { TREE_SMALL = 512, TREE_CLASSES = TREE_SMALL / 8 + 1 + 64 };

struct tree_block;

struct tree_memory {
	struct arena *arena;
	char *chunk; /* what is left of the newest piece of the arena */
	size_t chunk_left;
	size_t chunk_size;
	size_t used; /* bytes ever taken from the arena */
	struct tree_block *free[TREE_CLASSES];
};

void tree_memory_init(struct tree_memory *p, struct arena *arena);
/* Not zeroed; aligned for pointers and integers. */
void *tree_memory_alloc(struct tree_memory *p, size_t size) MUST_CHECK;
/* Accepts NULL. */
void tree_memory_release(struct tree_memory *p, void *block);

#endif
