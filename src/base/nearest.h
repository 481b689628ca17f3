/* SPDX-License-Identifier: ISC */
/* The word that may have been meant by a wrong one. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Edit distance (Damerau-Levenshtein, capped at 64 bytes each): for "did you mean". */
size_t nearest_distance(const char *a, const char *b);
/* The candidate nearest to word, or NULL when none is near enough to be meant. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
