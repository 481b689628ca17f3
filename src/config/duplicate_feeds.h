/* SPDX-License-Identifier: ISC */
/* The same feed, or the same short name, given twice. */
#ifndef CONFIG_DUPLICATE_FEEDS_H
#define CONFIG_DUPLICATE_FEEDS_H

#include "config/settings.h"

/*
 * Of feeds with one address keeps the last; of feeds with one key only the first keeps it.  Each
 * is told in a warning.
 */
void duplicate_feeds_drop(struct arena *a, struct settings *s);

#endif
