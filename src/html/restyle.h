/* SPDX-License-Identifier: ISC */
/*
 * Clean HTML for a letter: each element gets its class, and what must not depend on a style
 * sheet inline, from a table that the caller hands in.
 */
#ifndef HTML_RESTYLE_H
#define HTML_RESTYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct element_style {
	const char *name; /* of the element: "p"; for cases of their own "layout_table",
			     "layout_td", "inner_ul", "inner_ol"; "box" of a table,
			     "picture" of a link that is words for one, and "loose" for a
			     block behind text without a margin */
	const char *style;
	const char *style_rtl;  /* for right-to-left posts */
	const char *class_name; /* "" = none */
};
struct element_styles {
	const struct element_style *list;
	size_t count;
};

/*
 * Clean HTML with style and class on its elements; elements without a row stay as they are.
 * heading is the level (3 or 4) of the heading the post stands under: its own headings sink
 * below it and skip no level.  Tables without header cells are layout and say so; each stands
 * in a box, to scroll there; code stays left-to-right; pictures wider than the letter are
 * announced narrower; text outside of blocks becomes paragraphs.  "" beyond LIMIT_PART.  Lives
 * in a.
 */
char *html_restyle(struct arena *a, const struct element_styles *styles, const char *html,
    int heading, bool rtl) MUST_CHECK;

#endif
