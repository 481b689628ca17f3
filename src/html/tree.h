/* SPDX-License-Identifier: ISC */
/*
 * The tree that the HTML5 rules make of any bytes.  tree.c alone knows the parser; others see
 * nodes that live in the arena.  Never fails: what a limit cuts off is named in `cut`.
 */
#ifndef HTML_TREE_H
#define HTML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/tags.h"

/* White space of HTML, for strspn(). */
#define HTML_BLANKS " \t\r\n\f"

struct html_attr {
	const char *name;  /* lower case */
	const char *value; /* references decoded; "" when it had none */
};

struct html_node {
	enum html_tag tag;
	bool foreign; /* of SVG or MathML */
	bool dropped; /* a rule has taken it out */
	bool worded;  /* text that is more than numbers is inside: junk_mark_words() */
	unsigned attr_count;
	const struct html_attr *attrs;
	const char *text; /* of TAG_TEXT; the element's own name of TAG_UNKNOWN */
	size_t len;
	struct html_node *parent;
	struct html_node *first;
	struct html_node *last;
	struct html_node *prev;
	struct html_node *next;
};

struct html_tree {
	struct html_node *root; /* its children are the content */
	const char *cut;        /* what a limit left out, or NULL */
};

/* What is parsed: the content of an element, or a whole page with its head. */
enum tree_mode { TREE_FRAGMENT, TREE_PAGE };

/*
 * weight: bytes of what html was made of, html's own length where it came as it is; the parser
 * gets so many times as much memory, and what needs more is cut.
 * No deeper than LIMIT_HTML_DEPTH (what lies deeper is flattened), so that walking it may
 * recurse.
 */
struct html_tree tree_parse(struct arena *a, const char *html, size_t len, size_t weight,
    enum tree_mode mode) MUST_CHECK;

/* The value of an attribute, or NULL. */
const char *node_attr(const struct html_node *n, const char *name);
/* One of the words of an attribute (a class, say) is one of these; case counts. */
bool node_has_word(const struct html_node *n, const char *attr, const char *const *words,
    size_t count);
/* Text of nothing but white space. */
bool node_is_blank(const struct html_node *n);
/* The next node in document order inside top, or NULL. */
struct html_node *node_next(const struct html_node *n, const struct html_node *top);
/* The same, without entering n's children. */
struct html_node *node_skip(const struct html_node *n, const struct html_node *top);
/* All text inside n, white space folded to single blanks, at most max bytes.  In a. */
char *node_text(struct arena *a, const struct html_node *n, size_t max) MUST_CHECK;

#endif
