/* SPDX-License-Identifier: ISC */
/*
 * What was read of posts, for the next letter that shows them: readers who choose other sources
 * get other letters of the same posts.  It is of one source's post and of nothing else, so no
 * letter is changed by it.
 */
#ifndef DIGEST_POST_CACHE_H
#define DIGEST_POST_CACHE_H

#include <stdbool.h>

#include "base/arena.h"
#include "digest/story_links.h"
#include "digest/story_titles.h"
#include "model/model.h"

/* All of a post, with its pictures as one kind of reader wants them. */
struct known_whole {
	struct known_whole *next;
	enum images images;
	const void *words; /* in which language pictures are spoken of */
	const char *html;
	struct kept_post
	    *kept; /* in the body cache, while that is of this age; or NULL */
	uint64_t kept_age;
};
struct known_post {
	const struct entry *entry;
	struct known_post *next; /* of the same slot */
	bool has_direction, rtl;
	struct known_whole *wholes;
	/* Hashes of the words of its title, and what it is about beside such common words. */
	uint64_t words[LIMIT_STORY_WORDS];
	size_t word_count;
	bool has_words;
	bool has_title;
	uint32_t common; /* one bit for each of the words that told nothing */
	struct story_title title;
	bool has_links;
	struct story_links links;
};
struct post_cache;

/* Free accepts NULL.  The entries that are looked up must live as long, or until it is reset. */
struct post_cache *post_cache_new(void) MUST_CHECK;
void post_cache_free(struct post_cache *c);
void post_cache_reset(struct post_cache *c);
/*
 * What is known of a post, to be looked at and added to; NULL without a cache, and when
 * LIMIT_POSTS_KNOWN bytes are taken.
 */
struct known_post *post_cache_find(struct post_cache *c, const struct entry *e);
/* Where what is added lives; NULL when there is no room. */
struct arena *post_cache_room(struct post_cache *c);

#endif
