/* SPDX-License-Identifier: ISC */
/* One setting between its text and its value. */
#ifndef CONFIG_OPTION_VALUE_H
#define CONFIG_OPTION_VALUE_H

#include "config/options.h"

/*
 * Reads text into the field of o.  False when the text is not allowed: option_refuse() then
 * says what is.  Text is kept, not copied; paths are made whole before (settings.c).
 */
bool option_read(const struct option *o, const char *text, struct config *c) MUST_CHECK;
/* The same for an option that is a number of any unit, into *out. */
bool option_read_number(const struct option *o, const char *text,
    int64_t *out) MUST_CHECK;
/* "yes", "no" and other words for them: "true", "off", "1" ... */
bool option_parse_bool(const char *text, bool *out) MUST_CHECK;
/* "90s", "15m", "6h", "3d", "2w"; plain number = seconds. */
bool option_parse_duration(const char *text, int64_t *seconds) MUST_CHECK;
/* Where a value stands, for messages. */
struct option_place {
	const char *key, *section, *file;
	int line;
};
/*
 * ERR_CONFIG for a value that is not allowed, with what is as the hint: wanted, or where that is
 * NULL "a duration such as 90s, 15m, 6h, 3d or 2w, from 1s to 10m".  o may be NULL for what is none
 * of options[] and has wanted.  Returns false.
 */
bool option_refuse(const struct option *o, const char *value, const char *wanted,
    const struct option_place *at, struct err *err);
/* Appends the present value as one would write it in a file; a secret as "********". */
void option_print(const struct option *o, const struct config *c, struct buf *out);

#endif
