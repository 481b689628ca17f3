/* SPDX-License-Identifier: ISC */
/*
 * Where sentences end, character by character, in any script: what stops one, what belongs to
 * a stop, and which stops are none.  Private to html/.
 */
#ifndef HTML_SENTENCE_END_H
#define HTML_SENTENCE_END_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A full stop, question or exclamation mark, or ellipsis of any script. */
bool sentence_ends_with(uint32_t c);
/* Quotes and brackets that belong to the sentence they close. */
bool sentence_closes_with(uint32_t c);
/* Two columns wide: scripts without blanks between words. */
bool char_is_wide(uint32_t c);
/* Small letters: what begins with one goes on with the sentence before. */
bool char_is_small(uint32_t c);
/*
 * The word in front of a full stop, without it, when that ends no sentence: "Prof", initials,
 * the day of a month.
 */
bool word_is_abbreviation(const char *word, size_t len);
/* Length of the character or reference at text in clean HTML; *c is what a reader sees. */
size_t html_next_char(const char *text, size_t len, uint32_t *c);

#endif
