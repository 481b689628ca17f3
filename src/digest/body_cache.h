/* SPDX-License-Identifier: ISC */
/*
 * What was made of posts, for the next letter that shows them: readers who choose other sources
 * get other letters with mostly the same posts, as long or nearly so.  What it holds depends on
 * nothing but what it is looked up by, so no letter is changed by it.  Private to digest/.
 */
#ifndef DIGEST_BODY_CACHE_H
#define DIGEST_BODY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "digest/entry_body.h"

struct body_cache;
struct kept_post;

/* Free accepts NULL. */
struct body_cache *body_cache_new(void) MUST_CHECK;
void body_cache_free(struct body_cache *c);
/* To be called before a letter is made, and at no other time: makes room when it is full. */
void body_cache_tidy(struct body_cache *c);

/* How often it was tidied: what it kept before is gone. */
uint64_t body_cache_age(const struct body_cache *c);

/*
 * The post of that HTML, text, title and summary; NULL when there is no room for one more.  Lives
 * until the cache is tidied.
 */
struct kept_post *body_cache_post(struct body_cache *c, const struct whole_body *whole);
/* Its sentences, weighed; made at the first call. */
const struct excerpt *body_cache_excerpt(struct body_cache *c, struct kept_post *post);
/* False when no body of so many bytes, with headings of that level, was kept. */
bool body_cache_find(const struct kept_post *post, size_t bytes, int heading,
    struct shown_body *out) MUST_CHECK;
/* Keeps a copy, when there is room. */
void body_cache_add(struct body_cache *c, struct kept_post *post, size_t bytes,
    int heading, const struct shown_body *body);

#endif
