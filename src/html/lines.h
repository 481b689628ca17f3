/* SPDX-License-Identifier: ISC */
/*
 * Clean HTML as the lines a reader sees: what stands between the borders of blocks and breaks.
 * To find what is said twice, and to leave it out.
 */
#ifndef HTML_LINES_H
#define HTML_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct html_line {
	const char *text;     /* one line of plain text; "" for pictures alone */
	const char *pictures; /* their addresses, one blank before each; "" = none */
	size_t from;          /* bytes of the source that hold it */
	size_t to;
	const char *links; /* where its links lead, likewise */
	bool is_bound; /* in a heading, a listing or a table: its place says something */
};

/* The lines that show something, in order, `most` at most; *out lives in a. */
size_t html_lines(struct arena *a, const char *html, size_t most, struct html_line **out);
/*
 * The same HTML without the lines whose flag is set; what has become empty goes with them.
 * lines and their count are what html_lines made of this html, the first of them or all.  Lives
 * in a.
 */
char *html_without_lines(struct arena *a, const char *html, const struct html_line *lines,
    const bool *is_dropped, size_t count) MUST_CHECK;

#endif
