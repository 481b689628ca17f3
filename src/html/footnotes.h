/* SPDX-License-Identifier: ISC */
/*
 * Footnotes of clean HTML.  A post brings its notes along, so that the links between a note's
 * mark and the note would lead a reader of mail out to the very page that is being read.
 */
#ifndef HTML_FOOTNOTES_H
#define HTML_FOOTNOTES_H

#include "base/arena.h"

/*
 * The same HTML with the marks of notes ("1", "[2]", "*") no links where they lead to a place of
 * the page itself, raised where they stand at a word; arrows that lead back are left out.  Marks
 * that lead to other pages, and links to sections, stay.  page is the post's address, or NULL.
 * Returns html itself where there is nothing to do; else it lives in a.
 */
const char *html_without_note_links(struct arena *a, const char *html,
    const char *page) MUST_CHECK;

#endif
