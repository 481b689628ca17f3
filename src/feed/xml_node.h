/* SPDX-License-Identifier: ISC */
/* Reading the small trees that xml_parse() delivers. */
#ifndef FEED_XML_NODE_H
#define FEED_XML_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "feed/xml.h"

bool xml_is(const struct xml_node *node, enum space space, const char *local);
/* The value of an attribute without namespace; NULL when absent. */
const char *xml_attr(const struct xml_node *node, const char *local);
const char *xml_attr_ns(const struct xml_node *node, enum space space, const char *local);
const struct xml_node *xml_child(const struct xml_node *node, enum space space,
    const char *local);
bool xml_has_elements(const struct xml_node *node);
/* All text below the node, as it is; borrowed from the node when it is in one piece.
 * len may be NULL. */
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

#endif
