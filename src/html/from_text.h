/* SPDX-License-Identifier: ISC */
/* Plain text as HTML: blank lines part paragraphs, lines stay lines, addresses become links. */
#ifndef HTML_FROM_TEXT_H
#define HTML_FROM_TEXT_H

#include <stddef.h>

#include "base/arena.h"

/* Escaped, not cleaned: it may hold control characters.  Lives in a. */
char *html_from_text(struct arena *a, const char *text, size_t len) MUST_CHECK;

#endif
