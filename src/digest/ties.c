/* SPDX-License-Identifier: ISC */
#include "digest/ties.h"

#include <string.h>

#include "digest/source_index.h"

struct tying {
	struct arena *a;
	struct source_index index;
	struct digest_ties *ties;
	struct story_post *posts;
	size_t count;
	struct stories *stories; /* NULL: nobody wants them */
};

/* Sources that are no longer listed have no name to be credited with. */
static void
find_also(struct tying *t, const struct entry *e, struct digest_ties *out)
{
	if (e->also_count == 0)
		return;
	out->also = arena_array(t->a, e->also_count, sizeof(*out->also));
	for (size_t i = 0; i < e->also_count; i++) {
		const size_t place = source_index_place(&t->index, e->also[i]);

		if (place < t->index.count && e->also[i] != e->source_id)
			out->also[out->also_count++] = &t->index.sources[place];
	}
}

struct tying *
digest_tie_begin(struct arena *a, const struct config *c, const struct source *sources,
    size_t source_count, const struct selection *sel, struct post_cache *posts)
{
	static const struct source nowhere = { .url = "" };
	struct tying *t = arena_alloc(a, sizeof(*t));

	t->a = a;
	t->count = sel->chosen_count;
	t->ties = arena_array(a, t->count, sizeof(*t->ties));
	t->posts = arena_array(a, t->count, sizeof(*t->posts));
	source_index_make(a, sources, source_count, &t->index);
	for (size_t i = 0; i < t->count; i++) {
		const struct entry *e = sel->chosen[i];
		const size_t place = source_index_place(&t->index, e->source_id);

		t->posts[i].entry = e;
		t->posts[i].source = place < source_count ? &sources[place] : &nowhere;
		find_also(t, e, &t->ties[i]);
	}
	if (c->digest.stories)
		t->stories =
		    stories_read(a, t->posts, t->count, c->newsletter.name, posts);
	return t;
}

const int64_t *
digest_tie_wants(struct tying *t, size_t *count)
{
	*count = 0;
	return t->stories ? stories_suspects(t->stories, count) : NULL;
}

static void
take_place(struct tying *t, const struct story_place *places, size_t at)
{
	const struct story_place *place = &places[at];
	struct digest_ties *out = &t->ties[at];
	struct digest_talk *talks =
	    arena_array(t->a, place->talker_count, sizeof(*talks));

	for (size_t i = 0; i < place->talker_count; i++) {
		const struct story_post *post = &t->posts[place->talkers[i]];

		talks[i] = (struct digest_talk){ post->source, post->entry->link,
			places[place->talkers[i]].story };
	}
	out->talks = talks;
	out->talk_count = place->talker_count;
	out->story = place->story;
	out->is_head = place->is_head;
}

const struct digest_ties *
digest_tie_end(struct tying *t, const struct story_past *past, size_t past_count)
{
	const struct story_place *places = NULL;

	if (!t->stories)
		return t->ties;
	places = stories_find(t->stories, past, past_count);
	for (size_t i = 0; i < t->count; i++)
		take_place(t, places, i);
	return t->ties;
}
