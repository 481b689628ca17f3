/* SPDX-License-Identifier: ISC */
/*
 * Broken XML made well-formed, as text: what a person would have meant.
 */
#ifndef FEED_XML_REPAIR_H
#define FEED_XML_REPAIR_H

#include <stddef.h>

#include "base/buf.h"
#include "feed/xml.h"

/*
 * Appends the repaired text of source to out, with the same number of lines where that is
 * possible.  note (may be NULL) is called for the first of each kind of damage.  True when the
 * document ends in the middle of an entry.
 */
bool repair_xml(struct buf *out, const struct xml_source *source,
    void (*note)(void *arg, unsigned line, const char *what), void *arg);
/*
 * True when a CDATA section that was not closed reaches into the next one, over the end of an
 * entry: well-formed for a parser, and the entries between are lost to it.
 */
bool repair_is_needed(const struct xml_source *source);

#endif
