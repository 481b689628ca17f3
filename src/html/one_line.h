/* SPDX-License-Identifier: ISC */
/*
 * Titles and names that may hold markup.
 */
#ifndef HTML_ONE_LINE_H
#define HTML_ONE_LINE_H

#include <stddef.h>

#include "base/arena.h"

/*
 * One line of plain text from a title or name that may hold markup and references ("A &amp;
 * B", "<b>x</b>"): tags out, references decoded once, white space folded.  Lives in a.
 */
char *html_one_line(struct arena *a, const char *html, size_t len) MUST_CHECK;

#endif
