/* SPDX-License-Identifier: ISC */
/*
 * What a feed's filter, or its exclude, asks of a post: a pattern, categories, languages.  They
 * are kept as one text with each source, so that they travel together.
 */
#ifndef CONFIG_CONDITIONS_H
#define CONFIG_CONDITIONS_H

#include "base/arena.h"

enum condition {
	CONDITION_PATTERN,  /* a regular expression, see digest/filter.h */
	CONDITION_CATEGORY, /* "sea, web development": any of them */
	CONDITION_LANGUAGE  /* "en pt-BR": any of them, and what is below them */
};
/*
 * One text of all three; NULL for what is not said.  A pattern alone is the text itself.  NULL
 * when nothing is said.  In a, or pattern itself.
 */
const char *conditions_join(struct arena *a, const char *pattern, const char *categories,
    const char *languages);
/* One of them again; NULL when it is not said.  "" is a pattern that is said to be none.  In a. */
const char *conditions_part(struct arena *a, const char *joined, enum condition which);

#endif
