/* SPDX-License-Identifier: ISC */
#include "flow/letter_cache.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "flow/context.h"
#include "flow/issue_stock.h"
#include "flow/shared_letter.h"
#include "store/renderings.h"

struct cached {
	struct cached *next; /* asked for longer ago */
	struct arena *arena;
	struct rendering_key key;
	enum notice_kind kind;
	size_t bytes;
	size_t holders;
	bool forgotten; /* by the cache: its last holder frees it */
	struct shared_letter letter;
};
struct letter_cache {
	struct cached *newest;
	size_t bytes;
	struct issue_stock *stock; /* what its letters are made of */
	unsigned char key[HASH_SIZE];
};

struct letter_cache *
letter_cache_new(const unsigned char key[HASH_SIZE])
{
	struct letter_cache *cache = xcalloc(1, sizeof(*cache));

	memcpy(cache->key, key, sizeof(cache->key));
	cache->stock = issue_stock_new();
	return cache;
}

/* The cache is done with it. */
static void
cached_free(struct cached *c)
{
	c->forgotten = true;
	if (c->holders > 0)
		return;
	shared_letter_clear(&c->letter);
	arena_free(c->arena);
	free(c);
}

void
letter_cache_free(struct letter_cache *cache)
{
	if (!cache)
		return;
	while (cache->newest) {
		struct cached *c = cache->newest;

		cache->newest = c->next;
		cached_free(c);
	}
	issue_stock_free(cache->stock);
	free(cache);
}

static bool
is_same(const struct cached *c, const struct delivery *d)
{
	return c->key.span.last_id == d->span.last_id &&
	    c->key.span.after == d->span.after && c->key.variant_id == d->variant_id &&
	    c->key.part == d->part && c->kind == d->kind;
}

bool
letter_cache_has(const struct letter_cache *cache, const struct delivery *d)
{
	for (const struct cached *c = cache->newest; c; c = c->next)
		if (is_same(c, d))
			return true;
	return false;
}

/* Takes it out of its place, so that it can go to the front. */
static struct cached *
find(struct letter_cache *cache, const struct delivery *d)
{
	for (struct cached **at = &cache->newest; *at; at = &(*at)->next) {
		struct cached *c = *at;

		if (is_same(c, d)) {
			*at = c->next;
			return c;
		}
	}
	return NULL;
}

static bool
make(struct letter_cache *cache, struct run *run, struct cached *c,
    const struct delivery *d, struct err *err)
{
	bool ok = false;

	/* A draft that is shown to its editors may be another when it is sent. */
	run->stock =
	    d->kind == NOTICE_TEST || d->kind == NOTICE_PREVIEW ? NULL : cache->stock;
	ok = shared_letter_load(run, c->arena, cache->key, d, LETTER_MAKE, &c->letter,
	    err);
	run->stock = NULL;
	if (!ok)
		return false;
	c->bytes =
	    sizeof(*c) + arena_used(c->arena) + encoded_letter_size(c->letter.encoded);
	return true;
}

static void
forget_oldest(struct letter_cache *cache)
{
	struct cached **at = &cache->newest;

	while ((*at)->next)
		at = &(*at)->next;
	cache->bytes -= (*at)->bytes;
	cached_free(*at);
	*at = NULL;
}

bool
letter_cache_get(struct letter_cache *cache, struct run *run, const struct delivery *d,
    const struct shared_letter **out, struct err *err)
{
	struct cached *c = find(cache, d);

	*out = NULL;
	if (!c) {
		c = xcalloc(1, sizeof(*c));
		c->arena = arena_new();
		c->key = (struct rendering_key){ d->span, d->variant_id, d->part };
		c->kind = d->kind;
		if (!make(cache, run, c, d, err)) {
			cached_free(c);
			return false;
		}
		cache->bytes += c->bytes;
	}
	c->next = cache->newest;
	cache->newest = c;
	while (cache->bytes > LIMIT_LETTER_CACHE && cache->newest->next)
		forget_oldest(cache);
	*out = &c->letter;
	return true;
}

static struct cached *
cached_of(const struct shared_letter *l)
{
	const char *at = (const char *)l - offsetof(struct cached, letter);

	return (struct cached *)(uintptr_t)at;
}

void
letter_cache_hold(const struct shared_letter *l)
{
	cached_of(l)->holders++;
}

void
letter_cache_release(const struct shared_letter *l)
{
	struct cached *c = cached_of(l);

	c->holders--;
	if (c->forgotten)
		cached_free(c);
}
