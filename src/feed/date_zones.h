/* SPDX-License-Identifier: ISC */
/*
 * Zones that dates name by a city, "America/New_York".  The system's zone files are not asked:
 * the C library knows one zone at a time, and while feeds are fetched its other threads read
 * the environment it is set by (base/zone.h).
 */
#ifndef FEED_DATE_ZONES_H
#define FEED_DATE_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The length of the name that text ends with behind a blank, a word of letters with a "/"
 * inside; 0: none.
 */
size_t date_zone_name_at_end(const char *text, size_t len);
/*
 * Seconds east of UTC in the zone of that name when its clocks show local, which is given as if
 * it were UTC.  Summer time by today's rules: of dates before 2007 in America and before 1996
 * in Europe it may be an hour wrong, as in the hour that occurs twice.  False for other names.
 */
bool date_zone_named(const char *name, size_t len, int64_t local, int *seconds);

#endif
