/* SPDX-License-Identifier: ISC */
/*
 * What other blogs have to do with the posts of a letter: who else carries them, talks about
 * them, or tells the same story.
 */
#ifndef DIGEST_TIES_H
#define DIGEST_TIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "config/options.h"
#include "digest/select.h"
#include "digest/stories.h"
#include "model/model.h"

/* A post of the letter that links to another. */
struct digest_talk {
	const struct source *source;
	const char *link; /* its address, or NULL */
	size_t story;     /* as below */
};
struct digest_ties {
	/* Further sources that carry the post, in the order of the list. */
	const struct source **also;
	size_t also_count;
	const struct digest_talk *talks; /* one of a source */
	size_t talk_count;
	size_t story; /* the same number in posts of one story, from 1; 0: alone */
	bool is_head; /* the others of its story link to it */
};

struct tying;
struct post_cache;

/*
 * Looks at the chosen entries; posts: what is known of them with these sources, or NULL.  All of
 * it lives in a; sources, entries and posts must as long.
 */
struct tying *digest_tie_begin(struct arena *a, const struct config *c,
    const struct source *sources, size_t source_count, const struct selection *sel,
    struct post_cache *posts) MUST_CHECK;
/* Ids of the sources of which older posts are to be shown to digest_tie_end(). */
const int64_t *digest_tie_wants(struct tying *t, size_t *count) MUST_CHECK;
/* The ties of each chosen entry, in their order. */
const struct digest_ties *digest_tie_end(struct tying *t, const struct story_past *past,
    size_t past_count) MUST_CHECK;

#endif
