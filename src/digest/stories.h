/* SPDX-License-Identifier: ISC */
/*
 * Which posts of different blogs tell one story: their titles agree, or they link to the same
 * page and are about it.  And which posts are talked about by others.  Pure: what is known of
 * older posts is an argument.  Posts meet under keys, so that nothing is compared with
 * everything.
 */
#ifndef DIGEST_STORIES_H
#define DIGEST_STORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

struct story_post {
	const struct entry *entry;
	const struct source *source;
};
/* An older post of a source: what most of its posts link to is no story. */
struct story_past {
	int64_t source_id;
	const char *html;
};
/* What was found of a post. */
struct story_place {
	size_t story; /* the same number in posts of one story, from 1; 0: alone */
	bool is_head; /* the others of the story link to it */
	const size_t *talkers; /* places of posts that link to it, one of a source */
	size_t talker_count;
};

struct stories;
struct post_cache;

/*
 * Reads the posts.  planet: its name, whose words tell nothing; known: what was read of the posts
 * for other letters, or NULL.  Lives in a, as the posts.
 */
struct stories *stories_read(struct arena *a, const struct story_post *posts,
    size_t count, const char *planet, struct post_cache *known) MUST_CHECK;
/*
 * Ids of sources, ascending, that share a link with another, at most LIMIT_STORY_SUSPECTS: only
 * of these older posts matter.  Lives in the same arena.
 */
const int64_t *stories_suspects(struct stories *s, size_t *count) MUST_CHECK;
/* The places of all posts.  Lives in the same arena. */
const struct story_place *stories_find(struct stories *s, const struct story_past *past,
    size_t past_count) MUST_CHECK;

#endif
