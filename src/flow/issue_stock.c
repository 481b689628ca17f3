/* SPDX-License-Identifier: ISC */
#include "flow/issue_stock.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "digest/post_cache.h"
#include "flow/context.h"
#include "store/entry_lists.h"
#include "store/renderings.h"
#include "store/sources.h"

struct stocked {
	struct stocked *next;
	int64_t issue_id;
	struct stocked_issue issue;
};

struct issue_stock {
	struct arena *arena;
	struct post_cache *posts;
	struct stocked *issues;
	struct source *sources;
	size_t source_count;
	bool has_sources;
	struct rendering_base base;
	int64_t base_of; /* the issue; 0: none yet */
};

struct issue_stock *
issue_stock_new(void)
{
	struct issue_stock *s = xcalloc(1, sizeof(*s));

	s->arena = arena_new();
	s->posts = post_cache_new();
	return s;
}

void
issue_stock_free(struct issue_stock *s)
{
	if (!s)
		return;
	post_cache_free(s->posts);
	arena_free(s->arena);
	free(s);
}

static bool
has_room(const struct issue_stock *s)
{
	return arena_used(s->arena) < LIMIT_ISSUES_KNOWN;
}

void
issue_stock_tidy(struct issue_stock *s)
{
	if (!s || (has_room(s) && post_cache_room(s->posts)))
		return;
	post_cache_reset(s->posts);
	arena_reset(s->arena);
	s->issues = NULL;
	s->has_sources = false;
	s->base_of = 0;
}

static bool
load_issue(struct run *run, struct arena *a, int64_t issue_id, struct stocked_issue *out,
    struct err *err)
{
	return store_entries_of_issue(run->store, a, issue_id, &out->entries, &out->count,
		   err) &&
	    store_entries_over(run->store, a, issue_id, &out->over, &out->over_count,
		err);
}

bool
issue_stock_entries(struct run *run, int64_t issue_id, struct stocked_issue *out,
    bool *is_kept, struct err *err)
{
	struct issue_stock *s = run->stock;
	struct stocked *one = s ? s->issues : NULL;

	while (one && one->issue_id != issue_id)
		one = one->next;
	if (one) {
		*out = one->issue;
		return true;
	}
	if (!s || !has_room(s)) {
		*is_kept = false;
		return load_issue(run, run->arena, issue_id, out, err);
	}
	if (!load_issue(run, s->arena, issue_id, out, err))
		return false;
	one = arena_array(s->arena, 1, sizeof(*one));
	*one = (struct stocked){ s->issues, issue_id, *out };
	s->issues = one;
	return true;
}

bool
issue_stock_sources(struct run *run, struct source **out, size_t *count, bool *is_kept,
    struct err *err)
{
	struct issue_stock *s = run->stock;

	if (!s || (!s->has_sources && !has_room(s))) {
		*is_kept = false;
		return store_sources(run->store, run->arena, false, out, count, err);
	}
	if (!s->has_sources &&
	    !store_sources(run->store, s->arena, false, &s->sources, &s->source_count,
		err))
		return false;
	s->has_sources = true;
	*out = s->sources;
	*count = s->source_count;
	return true;
}

bool
issue_stock_base(struct run *run, const struct rendering_key *key,
    const struct rendering_base **out, struct err *err)
{
	struct issue_stock *s = run->stock && has_room(run->stock) ? run->stock : NULL;
	struct arena *a = s ? s->arena : run->arena;
	struct rendering_base *base =
	    s ? &s->base : arena_array(run->arena, 1, sizeof(*base));

	*out = NULL;
	if (s && s->base_of == key->span.last_id) {
		*out = base;
		return true;
	}
	if (s)
		s->base_of = 0;
	if (!store_rendering_base(run->store, a, key, base, err))
		return false;
	if (base->id == 0)
		return true;
	if (s)
		s->base_of = key->span.last_id;
	*out = base;
	return true;
}

struct post_cache *
issue_stock_posts(struct issue_stock *s)
{
	return s ? s->posts : NULL;
}
