/* SPDX-License-Identifier: ISC */
#include "digest/body_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "digest/excerpt.h"

enum { SLOTS = 1024, BYTES_MOST = 8 << 20 };

struct kept_body {
	struct kept_body *next;
	size_t bytes;
	int heading;
	struct shown_body body;
};

struct kept_post {
	struct kept_post *next; /* of the same slot */
	int64_t id;
	const char *html;
	const char *title;
	const char *summary;
	const char *text;
	bool rtl;
	struct excerpt *excerpt;
	struct kept_body *bodies;
};

struct body_cache {
	struct arena *arena;
	uint64_t age;
	struct kept_post *slots[SLOTS];
};

struct body_cache *
body_cache_new(void)
{
	struct body_cache *c = xcalloc(1, sizeof(*c));

	c->arena = arena_new();
	return c;
}

void
body_cache_free(struct body_cache *c)
{
	if (!c)
		return;
	arena_free(c->arena);
	free(c);
}

static bool
is_full(const struct body_cache *c)
{
	return arena_used(c->arena) > BYTES_MOST;
}

void
body_cache_tidy(struct body_cache *c)
{
	if (!is_full(c))
		return;
	arena_reset(c->arena);
	memset(c->slots, 0, sizeof(c->slots));
	c->age++;
}

uint64_t
body_cache_age(const struct body_cache *c)
{
	return c->age;
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

static bool
is_same(const struct kept_post *p, const struct whole_body *w)
{
	return p->id == w->entry->id && p->rtl == w->rtl &&
	    strcmp(p->title, or_empty(w->entry->title)) == 0 &&
	    strcmp(p->summary, or_empty(w->entry->summary)) == 0 &&
	    strcmp(p->text, or_empty(w->entry->text)) == 0 &&
	    strcmp(p->html, w->html) == 0;
}

struct kept_post *
body_cache_post(struct body_cache *c, const struct whole_body *whole)
{
	struct kept_post **slot = &c->slots[(uint64_t)whole->entry->id % SLOTS];
	struct kept_post *p = *slot;

	while (p && !is_same(p, whole))
		p = p->next;
	if (p || is_full(c))
		return p;
	p = arena_array(c->arena, 1, sizeof(*p));
	*p = (struct kept_post){ .next = *slot,
		.id = whole->entry->id,
		.html = arena_strdup(c->arena, whole->html),
		.title = arena_strdup(c->arena, or_empty(whole->entry->title)),
		.summary = arena_strdup(c->arena, or_empty(whole->entry->summary)),
		.text = arena_strdup(c->arena, or_empty(whole->entry->text)),
		.rtl = whole->rtl };
	*slot = p;
	return p;
}

const struct excerpt *
body_cache_excerpt(struct body_cache *c, struct kept_post *post)
{
	if (!post->excerpt)
		post->excerpt = excerpt_new(c->arena, post->html, post->title);
	return post->excerpt;
}

bool
body_cache_find(const struct kept_post *post, size_t bytes, int heading,
    struct shown_body *out)
{
	for (const struct kept_body *b = post->bodies; b; b = b->next) {
		if (b->bytes == bytes && b->heading == heading) {
			*out = b->body;
			return true;
		}
	}
	return false;
}

void
body_cache_add(struct body_cache *c, struct kept_post *post, size_t bytes, int heading,
    const struct shown_body *body)
{
	struct kept_body *b = NULL;

	if (is_full(c))
		return;
	b = arena_array(c->arena, 1, sizeof(*b));
	*b = (struct kept_body){ .next = post->bodies,
		.bytes = bytes,
		.heading = heading,
		.body = { .html = arena_strdup(c->arena, body->html),
		    .text = arena_strdup(c->arena, body->text),
		    .is_cut = body->is_cut } };
	post->bodies = b;
}
