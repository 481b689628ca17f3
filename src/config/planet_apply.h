/* SPDX-License-Identifier: ISC */
/* A planet's own settings as ours: what its keeper wrote for the page serves the letter. */
#ifndef CONFIG_PLANET_APPLY_H
#define CONFIG_PLANET_APPLY_H

#include "config/settings.h"

/*
 * Maps [Planet] keys (name, link, owner_name ...) to settings that no file of ours set.  A value
 * that cannot be used is left, with a warning.  Does nothing for a list without such keys.
 */
void planet_apply(struct arena *a, const struct feed_list *list, struct settings *s);

#endif
