/* SPDX-License-Identifier: ISC */
/*
 * XML as small trees of our own: the neutral view that the dialects read.  xml.c fills it
 * from libxml2's events and is the only file that knows the library; node.c reads it.
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
#include "base/buf.h"

/* The vocabularies a feed may use; table of addresses in space.c. */
enum space {
	SPACE_NONE,
	SPACE_RSS, /* every RSS namespace, and elements without one */
	SPACE_RDF,
	SPACE_ATOM, /* 0.3 and 1.0 */
	SPACE_CDF,
	SPACE_OPML,
	SPACE_XML,
	SPACE_XHTML,
	SPACE_DC,
	SPACE_TERMS, /* dcterms */
	SPACE_CONTENT,
	SPACE_MEDIA,
	SPACE_ITUNES,
	SPACE_BURNER,
	SPACE_PODCAST,
	SPACE_GEORSS,
	SPACE_OTHER
};
/* prefix serves when the address is NULL: feeds forget to declare "media". */
enum space space_of(const char *uri, const char *prefix);

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
	/* Called once for each name met: what xml_name.rule shall be. */
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
	struct arena *
	    texts; /* long texts are put here, to be kept without another copy; or NULL */
};
struct xml_result {
	const struct xml_node
	    *root; /* all that is in no unit; lives in the arena; may be NULL */
	bool well_formed;
	bool unwanted;   /* open() said XML_STOP */
	bool closed;     /* the root element was closed before the first error */
	unsigned line;   /* of the first error */
	char cause[160]; /* of the first error, in the library's words */
};
/* scratch holds nodes and names.  Never fails otherwise than by result->well_formed. */
void xml_parse(struct arena *scratch, const struct xml_source *source,
    const struct xml_events *events, struct xml_result *result);

/* ---- reading nodes (node.c) ---- */
bool xml_is(const struct xml_node *node, enum space space, const char *local);
/* The value of an attribute without namespace; NULL when absent. */
const char *xml_attr(const struct xml_node *node, const char *local);
const char *xml_attr_ns(const struct xml_node *node, enum space space, const char *local);
const struct xml_node *xml_child(const struct xml_node *node, enum space space,
    const char *local);
bool xml_has_elements(const struct xml_node *node);
/* All text below the node, as it is; borrowed from the node when it is in one piece. */
const char *xml_text(struct arena *a, const struct xml_node *node, size_t *len);
/* As xml_text, in texts: copied only when it is not there yet. */
const char *xml_text_kept(struct arena *texts, const struct xml_node *node, size_t *len);
/* The text trimmed of white space; NULL when nothing is left. */
const char *xml_word(struct arena *a, const struct xml_node *node);
/* xml:lang in force, or NULL. */
const char *xml_language(const struct xml_node *node);
/* xml:base in force, resolved from outermost to innermost against base (may be NULL). */
const char *xml_base(struct arena *a, const struct xml_node *node, const char *base);
/* The same where the document says any xml:base; else NULL. */
const char *xml_base_said(struct arena *a, const struct xml_node *node, const char *base);
/*
 * Children (not the node itself) as HTML: prefixes gone, void elements unclosed.
 * text_is_html: what stands between the elements is HTML already (escaped and unescaped
 * markup mixed in one element), else it is text.
 */
void xml_to_html(struct buf *out, const struct xml_node *node, bool text_is_html);

/* Code point of an HTML entity name ("nbsp"), 0 when there is none.  entity.c */
uint32_t entity_code(const char *name, size_t len);
/* The number of "#123" or "#x1F"; false when it is none. */
bool reference_code(const char *text, size_t len, uint32_t *code);
/* Appends what &name; (or &#n;) stands for; false when it is not known.  expand.c */
bool entity_expand(const struct xml_source *source, struct buf *out, const char *name,
    size_t len);
/* Appends text with its references resolved; unknown ones stay. */
void entity_expand_text(const struct xml_source *source, struct buf *out,
    const char *text, size_t len);
/*
 * True when a start tag has more attributes than the ceiling, at *where: the library's time
 * for one grows with the square of their number.
 */
bool xml_is_crowded(const char *text, size_t len, size_t *where);

#endif
