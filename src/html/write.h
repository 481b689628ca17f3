/* SPDX-License-Identifier: ISC */
/*
 * Writes balanced HTML that a browser reads as the very tree that was written: whatever would
 * be closed, moved or eaten by the parsing rules is closed, left out or protected here.
 * Elements that turn out to be empty vanish; white space is folded outside preformatted text;
 * blocks stand on lines of their own.
 */
#ifndef HTML_WRITE_H
#define HTML_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "html/tags.h"

/* An element that is open. */
struct html_frame {
	enum html_tag tag;
	uint32_t serial; /* tells it from another in the same place */
	size_t start;    /* out's length before its start tag and the blank before that */
	size_t inner;    /* out's length behind its start tag */
	bool has_content;    /* something a reader sees is inside */
	bool is_bare;        /* it has no attributes */
	unsigned char space; /* the writer's state before it */
	unsigned char breaks;
	bool has_blank;
	bool is_loose;
};

struct html_writer {
	struct buf *out;
	struct buf attrs; /* of the element about to be opened: " a=\"b\"" */
	struct html_frame frames[LIMIT_HTML_DEPTH + 4];
	size_t depth;
	uint32_t serial;
	size_t pre;               /* preformatted elements open */
	size_t counts[TAG_COUNT]; /* open elements by tag */
	unsigned char space;      /* enum in write.c */
	unsigned char breaks;     /* line breaks not yet written */
	bool has_blank;           /* an empty line was seen and not yet written */
	bool is_loose;            /* what was written last has no margin below it */
	bool is_cut;              /* a limit stopped the writing */
};

/* out stays the caller's; its ceiling must be over LIMIT_HTML_CLEAN. */
void writer_init(struct html_writer *w, struct buf *out);
/* Closes everything that is open. */
void writer_finish(struct html_writer *w);

/* An attribute for the next writer_open or writer_void. */
void writer_attr(struct html_writer *w, const char *name, const char *value);
void writer_number(struct html_writer *w, const char *name, long value);
/*
 * Opens an element where it may stand; else its content goes into what is open.  Returns a
 * handle for writer_close, 0 when it was not opened.
 */
uint32_t writer_open(struct html_writer *w, enum html_tag tag) MUST_CHECK;
void writer_close(struct html_writer *w, uint32_t handle);
/* br, hr, img, wbr. */
void writer_void(struct html_writer *w, enum html_tag tag);
void writer_text(struct html_writer *w, const char *text, size_t len);
void writer_words(struct html_writer *w, const char *text);
/* A whole element with a text in it. */
void writer_element(struct html_writer *w, enum html_tag tag, const char *text);
/* A block ends and another begins, without an element: what is written next is on a line. */
void writer_split(struct html_writer *w);

#endif
