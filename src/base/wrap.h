/* SPDX-License-Identifier: ISC */
/* Filling lines, and counting words. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends text filled to `columns`, each line after `indent` (the first after `first`).
 * Breaks at blanks and between wide East Asian characters (simple kinsoku: not before closing
 * punctuation); a word longer than a line, such as an address, stays whole.  Line ends in text
 * are blanks.  Each line, the last too, ends with a newline; text without a word adds nothing.
 */
void wrap_text(struct buf *b, const char *text, size_t columns, const char *first,
    const char *indent);
/* Number of words as a reader counts: runs of letters; every CJK character counts half. */
size_t wrap_count_words(const char *text, size_t len);

#endif
