/* SPDX-License-Identifier: ISC */
/* From what a feed said to what may be stored and mailed. */
#ifndef FEED_ENTRY_CLEAN_H
#define FEED_ENTRY_CLEAN_H

#include "base/arena.h"
#include "model/model.h"

/*
 * Fills html, text, summary, image, words of an entry from its raw content.  strip: the
 * source's setting or NULL.  Lives in a.
 */
void entry_clean(struct arena *a, struct entry *e, const char *strip);
/*
 * The same of a whole web page with the entry in it; article: as struct html_options has it.
 */
void entry_clean_page(struct arena *a, struct entry *e, const char *strip,
    const char *article);

#endif
