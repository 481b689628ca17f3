/* SPDX-License-Identifier: ISC */
/* The hours of the night in which no letter of an issue is begun.  Pure but for the zone. */
#ifndef CONFIG_QUIET_HOURS_H
#define CONFIG_QUIET_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/zone.h"

struct quiet_hours {
	bool any;
	int from, to; /* minutes of the day, 0 to 1439; from after to: over midnight */
};

/* "" or "22:00-07:00"; 24:00 is 00:00.  False when the text is neither, or all day. */
bool quiet_hours_parse(const char *text, struct quiet_hours *out) MUST_CHECK;
/*
 * When they end that are at `now`, TIME_NONE when none are.  By the clock on the wall: in the
 * night that has an hour twice they end when the clock shows that for the last time.
 */
int64_t quiet_hours_end(const struct quiet_hours *q, const struct zone *z, int64_t now);
/* When the next begin, at `now` or later; TIME_NONE = never. */
int64_t quiet_hours_begin(const struct quiet_hours *q, const struct zone *z, int64_t now);

#endif
