/* SPDX-License-Identifier: ISC */
/* Titles, names and categories as one line of plain text. */
#ifndef FEED_ENTRY_TEXT_H
#define FEED_ENTRY_TEXT_H

#include <stddef.h>

#include "feed/entry_builder.h"

/* One line of plain text of what may hold markup; NULL when empty.  In the build's arena. */
const char *plain_of_html(struct build *b, const char *text, size_t len);
const char *plain_of_text(struct build *b, const char *text, size_t len);

#endif
