/* SPDX-License-Identifier: ISC */
#include "base/zone_rule.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { HOUR = 3600, DAY = 86400 };

/* ---- reading ---- */

static bool
read_number(const char **p, int max, int *value)
{
	int n = 0;

	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		n = n * 10 + (**p - '0');
		if (n > max)
			return false;
	}
	*value = n;
	return true;
}

/* [+-]hh[:mm[:ss]] as seconds. */
static bool
read_hours(const char **p, int max_hours, int32_t *seconds)
{
	int part[3] = { 0, 0, 0 };
	bool negative = **p == '-';

	if (**p == '-' || **p == '+')
		(*p)++;
	if (!read_number(p, max_hours, &part[0]))
		return false;
	for (int i = 1; i < 3 && **p == ':'; i++) {
		(*p)++;
		if (!read_number(p, 59, &part[i]))
			return false;
	}
	*seconds = part[0] * HOUR + part[1] * 60 + part[2];
	*seconds = negative ? -*seconds : *seconds;
	return true;
}

/* Letters, or anything between < and >. */
static bool
read_abbr(const char **p, char out[ZONE_ABBR])
{
	bool quoted = **p == '<';
	size_t n = 0;

	*p += quoted;
	while (n + 1 < ZONE_ABBR && **p != '\0') {
		int c = text_lower((unsigned char)**p);

		if (quoted ? c == '>' : c < 'a' || c > 'z')
			break;
		out[n++] = *(*p)++;
	}
	out[n] = '\0';
	if (quoted && *(*p)++ != '>')
		return false;
	return n >= 3;
}

/* Mm.w.d, Jn or n, with /time. */
static bool
read_change(const char **p, struct zone_change *c)
{
	*c = (struct zone_change){ .kind = CHANGE_DAY, .second = 2 * HOUR };
	if (**p == 'M') {
		c->kind = CHANGE_WEEKDAY;
		(*p)++;
		if (!read_number(p, 12, &c->month) || c->month < 1 || *(*p)++ != '.' ||
		    !read_number(p, 5, &c->week) || c->week < 1 || *(*p)++ != '.' ||
		    !read_number(p, 6, &c->day))
			return false;
	} else {
		if (**p == 'J') {
			c->kind = CHANGE_JULIAN;
			(*p)++;
		}
		if (!read_number(p, 365, &c->day) ||
		    (c->kind == CHANGE_JULIAN && c->day < 1))
			return false;
	}
	if (**p != '/')
		return true;
	(*p)++;
	return read_hours(p, 167, &c->second);
}

bool
zone_rule_parse(const char *text, struct zone_rule *rule)
{
	const char *p = text;

	*rule = (struct zone_rule){ .has_summer = false };
	if (!read_abbr(&p, rule->standard_abbr) || !read_hours(&p, 25, &rule->standard))
		return false;
	/* POSIX counts seconds west of Greenwich. */
	rule->standard = -rule->standard;
	if (*p == '\0')
		return true;
	rule->has_summer = true;
	rule->summer = rule->standard + HOUR;
	if (!read_abbr(&p, rule->summer_abbr))
		return false;
	if (*p != ',' && *p != '\0') {
		if (!read_hours(&p, 25, &rule->summer))
			return false;
		rule->summer = -rule->summer;
	}
	return *p++ == ',' && read_change(&p, &rule->to_summer) && *p++ == ',' &&
	    read_change(&p, &rule->to_standard) && *p == '\0';
}

/* ---- asking ---- */

static int64_t
month_start(int year, int month)
{
	const struct civil first = { .year = year, .month = month, .day = 1 };

	return clock_day_number(&first);
}

static bool
is_leap(int year)
{
	return month_start(year, 3) - month_start(year, 2) == 29;
}

/* Day number of a change in a year. */
static int64_t
change_day(const struct zone_change *c, int year)
{
	int64_t first = month_start(year, c->kind == CHANGE_WEEKDAY ? c->month : 1);
	int64_t next = 0;
	int64_t day = 0;

	switch (c->kind) {
	case CHANGE_JULIAN: /* 1..365: February 29 is never counted */
		return first + c->day - 1 + (c->day >= 60 && is_leap(year));
	case CHANGE_DAY: /* 0..365: it is */
		return first + c->day;
	case CHANGE_WEEKDAY:
		break;
	}
	next =
	    c->month == 12 ? month_start(year + 1, 1) : month_start(year, c->month + 1);
	/* 1970-01-01 was a Thursday. */
	day =
	    first + ((c->day - (first + 4) % 7) % 7 + 7) % 7 + 7 * (int64_t)(c->week - 1);
	return day < next ? day : day - 7;
}

static int64_t
change_at(const struct zone_change *c, int year, int32_t offset_before)
{
	return change_day(c, year) * DAY + c->second - offset_before;
}

static int
year_at(const struct zone_rule *rule, int64_t t)
{
	return clock_civil(t, rule->standard).year;
}

bool
zone_rule_is_summer(const struct zone_rule *rule, int64_t t)
{
	int year = 0;
	int64_t begin = 0;
	int64_t end = 0;

	if (!rule->has_summer)
		return false;
	year = year_at(rule, t);
	begin = change_at(&rule->to_summer, year, rule->standard);
	end = change_at(&rule->to_standard, year, rule->summer);
	/* In the south summer spans the new year. */
	return begin < end ? begin <= t && t < end : begin <= t || t < end;
}

int64_t
zone_rule_next(const struct zone_rule *rule, int64_t t)
{
	int64_t next = INT64_MAX;
	int year = 0;

	if (!rule->has_summer)
		return next;
	year = year_at(rule, t);
	for (int y = year - 1; y <= year + 1; y++) {
		int64_t begin = change_at(&rule->to_summer, y, rule->standard);
		int64_t end = change_at(&rule->to_standard, y, rule->summer);

		if (begin > t && begin < next)
			next = begin;
		if (end > t && end < next)
			next = end;
	}
	return next;
}
