/* SPDX-License-Identifier: ISC */
/*
 * The plain text of clean HTML, as the text part of a mail shows it.
 */
#ifndef HTML_TO_TEXT_H
#define HTML_TO_TEXT_H

#include <stddef.h>

#include "base/arena.h"

/*
 * Filled to columns; quotes "> ", lists, preformatted text verbatim, tables readable, links as
 * numbered references with their addresses at the end ("[1] https://..."), pictures by their
 * alt text.  Lives in a.
 */
char *html_to_text(struct arena *a, const char *html, size_t columns) MUST_CHECK;
/* The same; *words is the number of words in it, those of the addresses not counted. */
char *html_to_text_count(struct arena *a, const char *html, size_t columns,
    size_t *words) MUST_CHECK;

#endif
