/* SPDX-License-Identifier: ISC */
/*
 * Broken XML made well-formed, as text: what a person would have meant.
 */
#ifndef FEED_REPAIR_H
#define FEED_REPAIR_H

#include <stddef.h>

#include "base/buf.h"
#include "feed/xml.h"

/*
 * Appends the repaired text of source to out, with the same number of lines where that is
 * possible.  note (may be NULL) is called for the first of each kind of damage.
 */
void repair_xml(struct buf *out, const struct xml_source *source,
    void (*note)(void *arg, unsigned line, const char *what), void *arg);

#endif
