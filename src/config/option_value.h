/* SPDX-License-Identifier: ISC */
/*
 * One setting between its text and its value.  Private to config/.
 */
#ifndef CONFIG_OPTION_VALUE_H
#define CONFIG_OPTION_VALUE_H

#include "config/options.h"

/*
 * Reads text into the field of o.  False when the text is not allowed: `wanted` then says what
 * is.  Text is kept, not copied; paths are made before (settings.c).
 */
bool option_read(const struct option *o, const char *text, struct config *c) MUST_CHECK;
/* Appends what is allowed: "a duration such as 90s, 15m, 6h, 3d or 2w, from 1s to 10m". */
void option_wanted(const struct option *o, struct buf *out);
/* The names of all keys of a section; out has room for option_count. */
size_t option_names(const char *section, const char **out);
/* The names of all sections in order; out has room for option_count. */
size_t option_sections(const char **out);

#endif
