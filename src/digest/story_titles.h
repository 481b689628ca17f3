/* SPDX-License-Identifier: ISC */
/*
 * What a title is about: the words that tell it from others, the versions it names, and keys
 * under which titles that say the same meet.  Pure; private to digest/.
 */
#ifndef DIGEST_STORY_TITLES_H
#define DIGEST_STORY_TITLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"

struct story_title {
	/* Hashes in ascending order, each once; words that every other title has are no words. */
	uint64_t words[LIMIT_STORY_WORDS];
	size_t word_count;
	uint64_t
	    numbers[LIMIT_STORY_WORDS]; /* versions and other numbers, without years */
	size_t number_count;
	uint64_t years;   /* of all years it names; 0: none */
	uint64_t first;   /* the first of the words: of a release, what was released */
	size_t weight;    /* of the words: a pair of Chinese characters is half of one */
	bool has_version; /* a number with a dot, or one behind the name of a release */
	bool is_release;  /* "released", "available", "out now" */
	uint64_t agreement; /* the same in titles that agree; 0: none */
	/* The same without one word each: a title that says one word more agrees. */
	uint64_t shorter[LIMIT_STORY_WORDS];
	size_t shorter_count;
};

/* Hashes of what a text's words are, common ones too; at most max.  Returns how many. */
size_t story_words(const char *text, uint64_t *out, size_t max) MUST_CHECK;
/*
 * Reads a title.  common: sorted hashes of words that tell nothing here, as the planet's name.
 */
void story_title_read(const char *text, const uint64_t *common, size_t common_count,
    struct story_title *out);
/* How many telling words, or versions, both have. */
size_t story_titles_share(const struct story_title *a,
    const struct story_title *b) MUST_CHECK;
/* Two of a series, as "This week 500" and "This week 501": they can tell no one story. */
bool story_titles_part(const struct story_title *a,
    const struct story_title *b) MUST_CHECK;
/* How many telling words of the title stand in a text, as that of an address. */
size_t story_title_in(const struct story_title *t, const char *text) MUST_CHECK;

#endif
