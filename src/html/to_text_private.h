/* SPDX-License-Identifier: ISC */
/*
 * What the files that make plain text of clean HTML share: lines are filled in
 * to_text_lines.c, inline elements written in to_text_inline.c, tables drawn in
 * to_text_table.c.
 */
#ifndef HTML_TO_TEXT_PRIVATE_H
#define HTML_TO_TEXT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/scan.h"
#include "html/to_text.h"

enum { INDENT_MAX = 16 }; /* bytes of one container's mark, "12345. " */

/* A quote or list item: what stands at the left of its lines. */
struct text_container {
	char first[INDENT_MAX]; /* of its first line, "- " */
	char rest[INDENT_MAX];
	bool begun;
};

/* An open list. */
struct text_list {
	bool ordered;
	char type; /* '1', 'a', 'A', 'i', 'I' */
	long number;
	long step;
};

struct text_lines {
	struct buf *out;
	size_t columns;
	struct buf inner; /* the inline text of the block at hand; '\n' = a line break */
	struct buf first; /* prefixes of the block at hand */
	struct buf rest;
	struct text_container containers[LIMIT_HTML_DEPTH + 4];
	size_t depth;
	size_t kept;      /* containers open ever since the last line */
	bool wants_blank; /* an empty line parts the next block from what was written */
	bool is_filled;   /* the last line written was filled, not verbatim */
};

/* The addresses of links met, in order, and a hash table of their numbers. */
struct text_links {
	struct arena *a;
	const char **addresses;
	size_t count;
	size_t room;
	size_t *slots; /* numbers, 0 = free; twice as many as addresses have room */
};

/*
 * The inline elements open, and what waits for the next text.  A start counts in the inline
 * text at hand, as long as no line was written since: then out's length is what it was.
 */
struct text_spans {
	const char *href; /* of the link at hand, or NULL */
	size_t link_start;
	size_t link_out;
	size_t raised; /* <sup> open */
	size_t raised_start;
	size_t raised_out;
	size_t struck; /* <s>, <del> open */
	size_t struck_out;
	bool is_struck;   /* their mark is written */
	bool wants_bar;   /* a cell was written on this line, and another has begun */
	bool wants_space; /* a picture stands right before */
	bool has_rp;      /* the ruby at hand brings its own parentheses */
};

struct text_writer {
	struct arena *a;
	struct text_lines lines;
	struct text_links links;
	struct text_list lists[LIMIT_HTML_DEPTH + 4];
	size_t list_depth;
	size_t pre;
	bool has_heading;         /* one was written */
	struct text_table *table; /* made when the first is met */
	struct text_spans spans;
};

/* ---- to_text_lines.c ---- */
void lines_init(struct text_lines *l, struct buf *out, size_t columns);
void lines_clear(struct text_lines *l);
void lines_push(struct text_lines *l, const char *first, const char *rest);
void lines_pop(struct text_lines *l);
/* Columns left beside the marks of all containers. */
size_t lines_width(const struct text_lines *l);
/* Fills the inline text into lines and empties it. */
void lines_flush(struct text_lines *l);
/* Writes the inline text line by line as it is, and empties it. */
void lines_flush_verbatim(struct text_lines *l);
/* Ends the block at hand; an empty line parts it from the next. */
void lines_part(struct text_lines *l);
/* Adds inline text, white space folded. */
void lines_add(struct text_lines *l, const char *text, size_t len);
/* Adds a mark behind the last word of the last line written. */
void lines_amend(struct text_lines *l, const char *mark);

/* ---- to_text_links.c ---- */
/* The number of an address, from 1; the address is borrowed. */
size_t links_number(struct text_links *links, const char *address);
/* Forgets all but the first count addresses. */
void links_forget(struct text_links *links, size_t count);
/* True when a link's text says nothing but its address. */
bool links_is_said(const char *text, size_t len, const char *address);
/* "[12]" */
void links_add_mark(struct buf *b, size_t number);
/* Appends the numbered addresses, one a line. */
void links_write(const struct text_links *links, struct buf *out);

/* ---- to_text_inline.c ---- */
/*
 * Writes text, or the start or end of an inline element; false when the token is neither: a
 * block's, or without a meaning for plain text.
 */
bool inline_token(struct text_writer *w, const struct html_token *t) MUST_CHECK;

/* ---- to_text_raised.c ---- */
/*
 * Appends the content of a <sup> so that it keeps its meaning: "^6", "^(a+b)", "st".  next is
 * the page's source behind it.
 */
void raised_write(struct buf *b, const char *text, size_t len, const char *next);

/* ---- to_text_table.c ---- */
/*
 * Draws the table whose start tag was just read, when it is one of short cells; returns false,
 * with s untouched, when it is not: then its cells are blocks like others.
 */
bool table_write(struct text_writer *w, struct html_scan *s) MUST_CHECK;

#endif
