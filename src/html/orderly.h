/* SPDX-License-Identifier: ISC */
/*
 * The tree of HTML in good order, without the HTML5 parser: elements that are closed in the order
 * in which they were opened, quoted attributes, common references.  Most of what blogs write and
 * all that write.c writes is such.  The tree is the very one that the parser would make, or none
 * is made: whatever the rules of HTML5 would repair, move or leave out is left to the parser.
 */
#ifndef HTML_ORDERLY_H
#define HTML_ORDERLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/tree.h"

/*
 * html: clean UTF-8, the content of an element; memory_max: bytes that the parser might take for
 * it.  False when it is not in good order, nested deeper than LIMIT_HTML_DEPTH, or so full of
 * markup that the parser might stop at its ceiling: root is as it was, and the parser is asked.
 */
bool orderly_read(struct arena *a, const char *html, size_t len, size_t memory_max,
    struct html_node *root) MUST_CHECK;

#endif
