/* SPDX-License-Identifier: ISC */
/* What references stand for: the document's own entities, HTML's, numbers. */
#ifndef FEED_XML_ENTITIES_H
#define FEED_XML_ENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "feed/xml.h"

/* Code point of an entity of HTML 4 or XML by its name ("nbsp"), 0 when there is none. */
uint32_t entity_code(const char *name, size_t len);
/* The number of "#123" or "#x1F"; false when it is none. */
bool entity_number(const char *text, size_t len, uint32_t *code);
/* The value of an entity that the document declares, or NULL. */
const char *entity_declared(const struct xml_source *source, const char *name,
    size_t len);
/* Appends what &name; (or &#n;) stands for; false when it is not known. */
bool entity_expand(const struct xml_source *source, struct buf *out, const char *name,
    size_t len);
/* Appends text with its references resolved; unknown ones stay. */
void entity_expand_text(const struct xml_source *source, struct buf *out,
    const char *text, size_t len);

#endif
