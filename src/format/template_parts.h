/* SPDX-License-Identifier: ISC */
/*
 * What template.c (parsing), template_value.c (values) and template_render.c share, and nobody
 * else needs.
 */
#ifndef FORMAT_TEMPLATE_PARTS_H
#define FORMAT_TEMPLATE_PARTS_H

#include "format/template.h"

enum template_value_kind {
	TEMPLATE_VALUE_FALSE,
	TEMPLATE_VALUE_TRUE,
	TEMPLATE_VALUE_TEXT,
	TEMPLATE_VALUE_HTML,
	TEMPLATE_VALUE_LIST,
	TEMPLATE_VALUE_MAP
};

struct template_map_member {
	const char *key; /* NULL in a list */
	const struct template_value *value;
};

struct template_value {
	enum template_value_kind kind;
	const char *text;
	struct arena *arena;
	/* Of a map in the order of setting, or items of a list. */
	struct template_map_member *members;
	size_t count;
};

/* The member of a map whose key is the len bytes at key; NULL when v is no map or has none. */
const struct template_value *template_member(const struct template_value *v,
    const char *key, size_t len);

enum template_node_kind {
	NODE_TEXT,
	NODE_VALUE,
	NODE_RAW,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL
};

struct template_span {
	const char *text;
	size_t len;
};

/* A template is its nodes in the order of the source; a section's content follows it. */
struct template_node {
	enum template_node_kind kind;
	struct template_span text;   /* literal text, or the name in the tag */
	struct template_span indent; /* of a partial that stands alone on its line */
	bool alone;
	unsigned line;
	size_t end; /* of a section: index of the first node behind its content */
};

struct template
{
	char *name;
	enum template_mode mode;
	struct template_node *nodes;
	size_t count;
};

#endif
