/* SPDX-License-Identifier: ISC */
/*
 * XML as small trees of our own: the neutral view that the dialects read.  xml.c fills it
 * from libxml2's events; xml_node.h reads them.
 *
 * A feed is delivered in units (an item, an entry): each is a tree that lives until its
 * handler returns, so that memory follows the largest entry, not the feed.  What is not in a
 * unit (channel title, image ...) stays until the parse is over.
 */
#ifndef FEED_XML_H
#define FEED_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "feed/xml_namespaces.h"

struct xml_name {
	const char *local;   /* lower case */
	const char *written; /* as written, without prefix */
	enum space space;
	const char *uri;  /* or NULL */
	const void *rule; /* what the dialect's tables say; filled by xml_events.rule */
};
struct xml_attr {
	const struct xml_name *name;
	const char *value;
};
struct xml_node {
	const struct xml_name *name; /* NULL: text */
	const char *text;            /* of a text node; NUL-terminated */
	size_t len;
	bool kept; /* the text lives as long as xml_source.texts */
	const struct xml_attr *attrs;
	size_t attr_count;
	struct xml_node *parent;
	struct xml_node *first;
	struct xml_node *last;
	struct xml_node *next;
	unsigned line;
};

enum xml_step { XML_KEEP, XML_UNIT, XML_SKIP, XML_STOP };
struct xml_events {
	void *arg;
	/* Called once for each name met: what xml_name.rule shall be.  May be NULL. */
	const void *(*rule)(void *arg, const struct xml_name *name);
	/* Outside of units, at each start tag (attributes are there, children are not). */
	enum xml_step (*open)(void *arg, const struct xml_node *node, size_t depth);
	/* A unit is complete, or was cut off by the end of what can be read. */
	void (*unit)(void *arg, const struct xml_node *node);
	void (*warn)(void *arg, unsigned line, const char *text);
};

/* A general entity of the document's own declaration. */
struct xml_entity {
	const char *name;
	const char *value; /* replacement text, references in it resolved */
};
struct xml_source {
	const char *text; /* UTF-8 from the root element's "<" on; needs no NUL */
	size_t len;
	unsigned line; /* of its first character */
	const struct xml_entity *entities;
	size_t entity_count;
	bool recover; /* go on after errors of form */
	/* Long texts are put here, to be kept without another copy; or NULL. */
	struct arena *texts;
};
struct xml_result {
	const struct xml_node *root; /* what is in no unit; in the arena; may be NULL */
	bool well_formed;
	bool unwanted;   /* open() said XML_STOP */
	bool closed;     /* the root element was closed before the first error */
	unsigned line;   /* of the first error */
	char cause[160]; /* of the first error, in the library's words */
};
/* Before several threads parse at once; once, by one of them. */
void xml_prepare_threads(void);
/* scratch holds nodes and names.  Never fails otherwise than by result->well_formed. */
void xml_parse(struct arena *scratch, const struct xml_source *source,
    const struct xml_events *events, struct xml_result *result);

#endif
