/* SPDX-License-Identifier: ISC */
/*
 * Holds base/zone against date(1) for every zone of the system; run by hand:
 *	make build/plain/unit/zone_walk && sh tests/unit/zone_walk build/plain/unit/zone_walk
 * Reads "zone instant +hh:mm:ss abbreviation" lines; prints what differs and a sum.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

/* The civil time of an instant must lead back to it, or to the first of two such instants. */
static bool
returns(const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);
	struct civil again;
	int64_t back = 0;

	if (!zone_instant(z, &c, &back) || back > t)
		return false;
	again = zone_civil(z, back);
	return back == t ||
	    (again.hour == c.hour && again.minute == c.minute &&
		again.second == c.second && again.day == c.day);
}

int
main(void)
{
	struct err err = ERR_INIT;
	struct zone *z = NULL;
	char name[128];
	char abbr[32];
	char sign = 0;
	int hours = 0;
	int minutes = 0;
	int seconds = 0;
	int64_t t = 0;
	unsigned long count = 0;
	unsigned long bad = 0;

	while (scanf("%127s %" SCNd64 " %c%d:%d:%d %31s", name, &t, &sign, &hours,
		   &minutes, &seconds, abbr) == 7) {
		int want =
		    (hours * 3600 + minutes * 60 + seconds) * (sign == '-' ? -1 : 1);
		const char *got_abbr = NULL;
		int got = 0;

		if (!z || strcmp(zone_name(z), name) != 0) {
			zone_close(z);
			z = zone_open(name, &err);
			if (!z) {
				printf("%s: %s\n", name, err.text);
				return 1;
			}
		}
		got = zone_offset(z, t, &got_abbr);
		count++;
		if (got != want || strcmp(got_abbr, abbr) != 0) {
			printf("%s %" PRId64 ": got %d %s, want %d %s\n", name, t, got,
			    got_abbr, want, abbr);
			bad++;
		}
		if (!returns(z, t)) {
			printf("%s %" PRId64 ": does not come back\n", name, t);
			bad++;
		}
	}
	zone_close(z);
	printf("%lu compared, %lu differ\n", count, bad);
	return bad > 0 || count == 0;
}
