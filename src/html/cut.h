/* SPDX-License-Identifier: ISC */
/*
 * Beginnings of clean HTML.
 */
#ifndef HTML_CUT_H
#define HTML_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * A beginning of clean HTML with at most `chars` characters of visible text and `bytes` of HTML,
 * tags among them (SIZE_MAX: any number), ending at the end of a sentence where one is near,
 * else at a word with an ellipsis; still balanced and clean.  Quotes and brackets belong to the
 * sentence that they close; "Prof." ends none.  It does not end behind a heading, code, a line
 * that ends in ":" or a stub.  Tables and preformatted blocks are kept whole or left out.  *cut
 * tells whether anything was left out.  Lives in a.
 */
char *html_cut(struct arena *a, const char *html, size_t chars, size_t bytes,
    bool *cut) MUST_CHECK;

/*
 * What html_cut would keep of so many characters, as one paragraph of plain text: for titles.
 * In a.
 */
char *html_excerpt(struct arena *a, const char *html, size_t chars, bool *cut) MUST_CHECK;

#endif
