/* SPDX-License-Identifier: ISC */
/*
 * What write.c and write_text.c, the two halves of the writer, know of each other.
 */
#ifndef HTML_WRITE_TEXT_H
#define HTML_WRITE_TEXT_H

#include "html/write.h"

enum char_class {
	CHAR_VISIBLE,
	CHAR_INVISIBLE, /* takes room at most: no-break and zero-width blanks */
	CHAR_DIRECTION, /* changes the direction of writing, or ends that */
	CHAR_DROPPED
};
enum char_class text_char_class(uint32_t c);

/* False when text has no place here, or the ceiling is reached. */
bool writer_takes_text(struct html_writer *w, size_t len) MUST_CHECK;
/* Writes the waiting white space; what follows is something a reader sees. */
void writer_begin_content(struct html_writer *w);
/* The same for what a reader does not see: an element with nothing else stays empty. */
void writer_begin_invisible(struct html_writer *w);
void writer_want_space(struct html_writer *w);
/* What follows stands at the beginning of a line. */
void writer_at_edge(struct html_writer *w);

#endif
