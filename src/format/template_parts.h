/* SPDX-License-Identifier: ISC */
/*
 * What the three files of templates share: values (tvalue.c), the parsed form (template.c)
 * and its rendering (template_render.c).  Private to them.
 */
#ifndef FORMAT_TEMPLATE_PARTS_H
#define FORMAT_TEMPLATE_PARTS_H

#include "format/template.h"

enum tvalue_kind {
	TVALUE_FALSE,
	TVALUE_TRUE,
	TVALUE_TEXT,
	TVALUE_HTML,
	TVALUE_LIST,
	TVALUE_MAP
};

struct tmember {
	const char *key; /* NULL in a list */
	const struct tvalue *value;
};

struct tvalue {
	enum tvalue_kind kind;
	const char *text;
	struct arena *arena;
	struct tmember
	    *members; /* of a map in the order of setting, or items of a list */
	size_t count;
};

/* The member of a map whose key is the len bytes at key; NULL when v is no map or has none. */
const struct tvalue *tvalue_member(const struct tvalue *v, const char *key, size_t len);

enum node_kind {
	NODE_TEXT,
	NODE_VALUE,
	NODE_RAW,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL
};

struct span {
	const char *text;
	size_t len;
};

/* A template is its nodes in the order of the source; a section's content follows it. */
struct node {
	enum node_kind kind;
	struct span text;   /* literal text, or the name in the tag */
	struct span indent; /* of a partial that stands alone on its line */
	bool alone;
	unsigned line;
	size_t end; /* of a section: index of the first node behind its content */
};

struct template
{
	char *name;
	enum template_mode mode;
	struct node *nodes;
	size_t count;
};

#endif
