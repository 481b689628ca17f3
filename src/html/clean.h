/* SPDX-License-Identifier: ISC */
/*
 * What comes from strangers is parsed by the HTML5 rules (tree.c alone knows the parser),
 * rebuilt from an allow-list, and written balanced, so that it stays inside the table cell it
 * is put into and means the same when parsed again.
 */
#ifndef HTML_CLEAN_H
#define HTML_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct html_options {
	/* Relative addresses resolve against it; NULL: they are dropped. */
	const char *base;
	const char *page;  /* the entry's own: "#note-1" is in it; NULL: base serves */
	const char *title; /* the entry's: a first heading that repeats it is dropped */
	/* What to take out: simple selectors ("div.share", "#footer", "p.x") or the texts of
	   lines, separated by newlines; NULL = nothing. */
	const char *strip;
	/* NULL: all of it.  Else html is a whole page, and this a selector of the post in it, or
	   "article": see article_find().  A page without it gives nothing. */
	const char *article;
	int heading_base; /* the entry's own heading level (4): headings inside sink below */
	bool is_text;     /* the input is plain text: paragraphs are made of it */
};

struct html_clean {
	const char *html;  /* clean; "" when nothing is left */
	const char *text;  /* plain text of it, wrapped at 72 (html_to_text) */
	const char *image; /* first picture worth showing, or NULL */
	size_t words;
	const char *const *warnings; /* what a limit cut off */
	size_t warning_count;
};

/*
 * Cleans one entry's content.  html is any bytes of clean UTF-8.  Everything in *out lives in
 * a.  Never fails: beyond a limit the rest is dropped, with a warning.
 */
void html_clean(struct arena *a, const char *html, size_t len,
    const struct html_options *opts, struct html_clean *out);

#endif
