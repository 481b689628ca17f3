/* SPDX-License-Identifier: ISC */
/* The same feed, or the same short name, given twice. */
#ifndef CONFIG_DUPLICATE_FEEDS_H
#define CONFIG_DUPLICATE_FEEDS_H

#include "config/settings.h"

/*
 * Of the settings' own feeds with one address only the last stays, and of those with one key only
 * the first keeps it.  Each change is told in a warning.
 */
void duplicate_feeds_drop(struct arena *a, struct settings *s);
/*
 * Of feeds with one address only the first stays, in the order they had.  Returns how many are
 * left at the beginning of the array.
 */
size_t duplicate_feeds_keep_first(struct listed_feed *feeds, size_t count);

#endif
