/* SPDX-License-Identifier: ISC */
/*
 * Clean HTML as sentences, so that some of them can be shown without the others.
 */
#ifndef HTML_SENTENCES_H
#define HTML_SENTENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct html_sentence {
	const char *text; /* one line of plain text */
	size_t text_len;  /* its bytes */
	size_t chars;     /* and characters */
	size_t from;      /* bytes of the source that hold it, with its own inline tags */
	size_t to;
	size_t block;  /* number of the paragraph, item or line it stands in */
	bool has_stop; /* ends as sentences do; a caption or an item need not */
	bool is_heading;
	bool announces;   /* ends in a colon: nothing without what follows */
	bool follows_gap; /* a table or listing stands in front of it */
};

/*
 * The sentences in their order, `most` at most; tables and listings have none.  A link or
 * emphasis is never cut: what stands in one is of one sentence.  *out lives in a.
 */
size_t html_sentences(struct arena *a, const char *html, size_t most,
    struct html_sentence **out);
/*
 * The same HTML with those sentences alone whose flag is set, and " […] " where something was
 * left out between them, or sentences before the first; still balanced and clean.  Pictures stay
 * that stand inside or before the first sentence kept.  list and count are what html_sentences
 * made of this html.  Lives in a.
 */
char *html_of_sentences(struct arena *a, const char *html,
    const struct html_sentence *list, const bool *is_kept, size_t count) MUST_CHECK;

#endif
