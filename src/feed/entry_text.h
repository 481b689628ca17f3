/* SPDX-License-Identifier: ISC */
/* Titles, names and categories as one line of plain text. */
#ifndef FEED_ENTRY_TEXT_H
#define FEED_ENTRY_TEXT_H

#include <stddef.h>

#include "feed/entry_builder.h"

/*
 * One line of plain text of what may hold markup, or of what is text: cut to LIMIT_FIELD, NULL
 * when nothing is left.  text may be NULL.  In the build's arena.
 */
const char *plain_of_html(struct build *b, const char *text);
const char *plain_of_text(struct build *b, const char *text);

#endif
