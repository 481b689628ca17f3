/* SPDX-License-Identifier: ISC */
/* Header fields: folding (RFC 5322 2.2.3) and encoded words (RFC 2047). */
#ifndef FORMAT_MIME_WORDS_H
#define FORMAT_MIME_WORDS_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends a header field "Name: value" CRLF for unstructured text: folded at 76, encoded words
 * of UTF-8 (B or Q, whichever is shorter, cut between characters) where it is not plain ASCII.
 * CR, LF and other controls in value become one blank: a value cannot carry a line break.
 */
void mime_header(struct buf *b, const char *name, const char *value);
/*
 * Appends a phrase (display name): atoms, a quoted string, or encoded words.  column is where
 * it begins, to fold.
 */
void mime_phrase(struct buf *b, const char *text, size_t column);
/* Decodes encoded words to clean UTF-8 (for headers we read). */
void mime_words_decode(struct buf *b, const char *text, size_t len);

#endif
