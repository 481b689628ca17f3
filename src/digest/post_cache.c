/* SPDX-License-Identifier: ISC */
#include "digest/post_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

enum { SLOTS = 1024 };

struct post_cache {
	struct arena *arena;
	struct known_post *slots[SLOTS];
};

struct post_cache *
post_cache_new(void)
{
	struct post_cache *c = xcalloc(1, sizeof(*c));

	c->arena = arena_new();
	return c;
}

void
post_cache_free(struct post_cache *c)
{
	if (!c)
		return;
	arena_free(c->arena);
	free(c);
}

void
post_cache_reset(struct post_cache *c)
{
	arena_reset(c->arena);
	memset(c->slots, 0, sizeof(c->slots));
}

struct arena *
post_cache_room(struct post_cache *c)
{
	return arena_used(c->arena) < LIMIT_POSTS_KNOWN ? c->arena : NULL;
}

struct known_post *
post_cache_find(struct post_cache *c, const struct entry *e)
{
	struct known_post **slot = NULL;
	struct known_post *p = NULL;

	if (!c)
		return NULL;
	slot = &c->slots[(uint64_t)e->id % SLOTS];
	for (p = *slot; p && p->entry != e;)
		p = p->next;
	if (p || !post_cache_room(c))
		return p;
	p = arena_array(c->arena, 1, sizeof(*p));
	p->entry = e;
	p->next = *slot;
	*slot = p;
	return p;
}
