/* SPDX-License-Identifier: ISC */
/*
 * Reads clean HTML, as write.c writes it: tags and attributes in one form, few references.
 * Made for what is known to be clean; on anything else it is wrong but safe.
 */
#ifndef HTML_SCAN_H
#define HTML_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "html/tags.h"

enum token_kind { SCAN_TEXT, SCAN_START, SCAN_END };

struct html_token {
	enum token_kind kind;
	enum html_tag tag;
	/* As it stands in the source: text with references, or the whole tag. */
	const char *text;
	size_t len;
};

struct html_scan {
	const char *at;
	const char *end;
};

void scan_init(struct html_scan *s, const char *html, size_t len);
/* True for the start of a table or a preformatted block: such are kept or left out whole. */
bool token_begins_whole(const struct html_token *t);
/* False at the end. */
bool scan_next(struct html_scan *s, struct html_token *t) MUST_CHECK;
/* Moves s, which stands behind the start tag of an element, behind its end tag. */
void scan_skip_element(struct html_scan *s, enum html_tag tag);

/* An attribute of a start tag as it stands in the source, with references. */
struct token_attr {
	const char *name;
	size_t name_len;
	const char *value; /* without its quotes */
	size_t value_len;
};
/* The tag's first attribute when *at is empty ({ 0 }), else the next; false behind the last. */
bool token_next_attr(const struct html_token *t, struct token_attr *at) MUST_CHECK;
bool token_attr_is(const struct token_attr *at, const char *name);
/* False when the tag has none of that name. */
bool token_find_attr(const struct html_token *t, const char *name,
    struct token_attr *at) MUST_CHECK;

/* The decoded value of a start tag's attribute, or NULL.  Lives in a. */
char *token_value(struct arena *a, const struct html_token *t, const char *name);
/* The attribute as a number, or fallback. */
long token_number(const struct html_token *t, const char *name, long fallback);
/* Appends text with its references decoded. */
void scan_decode(struct buf *b, const char *text, size_t len);

#endif
