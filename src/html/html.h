/* SPDX-License-Identifier: ISC */
/*
 * HTML as a value: what comes from strangers is parsed by the HTML5 rules (tree.c alone knows
 * the parser), rebuilt from an allow-list, and written balanced, so that it stays inside the
 * table cell it is put into and means the same when parsed again.
 *
 * Lower floor: depends on base/ only.
 */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"
#include "base/buf.h"

struct html_options {
	const char
	    *base; /* relative addresses resolve against it; NULL: they are dropped */
	const char *page; /* the entry's own: "#note-1" is in it; NULL: base serves */
	const char
	    *title; /* the entry's title: a first heading that repeats it is dropped */
	const char
	    *strip; /* simple selectors ("div.share", "#footer", "p.x") or lines' texts to
	                         take out, separated by newlines; NULL = none */
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

/*
 * The plain text of clean HTML as a mail's text part shows it: filled to columns, quotes "> ",
 * lists, preformatted text verbatim, tables readable, links as numbered references with their
 * addresses at the end ("[1] https://..."), pictures by their alt text.  Lives in a.
 */
char *html_to_text(struct arena *a, const char *html, size_t columns) MUST_CHECK;

/*
 * One line of plain text from a title or name that may hold markup and references ("A &amp;
 * B", "<b>x</b>"): tags out, references decoded once, white space folded.  Lives in a.
 */
char *html_one_line(struct arena *a, const char *html, size_t len) MUST_CHECK;

/*
 * A beginning of clean HTML with at most `chars` characters of visible text, ending at the end
 * of a sentence where one is near, else at a word with an ellipsis; still balanced and clean.
 * Tables and preformatted blocks are kept whole or left out.  *cut tells whether anything was
 * left out.  Lives in a.
 */
char *html_cut(struct arena *a, const char *html, size_t chars, bool *cut) MUST_CHECK;

/* What html_cut would keep, as one paragraph of plain text: for titles-only and text parts. */
char *html_excerpt(struct arena *a, const char *html, size_t chars, bool *cut) MUST_CHECK;

/* Clean HTML with its pictures shown as said, when an issue is rendered.  In a. */
char *html_images(struct arena *a, const char *html, enum images how) MUST_CHECK;

/* Feeds that a web page names by <link rel=alternate>; addresses absolute.  Lives in a. */
struct html_feed_link {
	const char *url;
	const char *title; /* or NULL */
	const char *type;
};
size_t html_feed_links(struct arena *a, const char *html, size_t len, const char *base,
    struct html_feed_link **out) MUST_CHECK;

#endif
