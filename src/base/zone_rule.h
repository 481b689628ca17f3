/* SPDX-License-Identifier: ISC */
/*
 * The rule in the footer of a TZif file: POSIX's TZ value (XBD 8.3) with the extensions of
 * RFC 8536 3.3.1 (hours from -167 to 167).  Private to base/zone.c.
 */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

enum { ZONE_ABBR = 16 };

/* A day of each year, and the second of that day counted from its midnight. */
struct zone_change {
	enum { CHANGE_JULIAN, CHANGE_DAY, CHANGE_WEEKDAY } kind;
	int month; /* 1..12 */
	int week;  /* 1..5, 5 = last */
	int day;   /* weekday 0..6, or day of the year */
	int32_t second;
};

struct zone_rule {
	int32_t standard; /* seconds east of UTC */
	int32_t summer;
	bool has_summer;
	char standard_abbr[ZONE_ABBR];
	char summer_abbr[ZONE_ABBR];
	struct zone_change to_summer;
	struct zone_change to_standard;
};

/* False when text is no rule. */
bool zone_rule_parse(const char *text, struct zone_rule *rule);
/* True when it is summer time at t. */
bool zone_rule_is_summer(const struct zone_rule *rule, int64_t t);
/* The first change after t; INT64_MAX when there is none. */
int64_t zone_rule_next(const struct zone_rule *rule, int64_t t);

#endif
