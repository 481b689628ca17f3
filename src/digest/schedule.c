/* SPDX-License-Identifier: ISC */
#include "digest/digest.h"

#include "base/clock.h"

enum {
	DAY_SECONDS = 86400,
	SEARCH_DAYS = 63 /* two months: every schedule strikes once */
};

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool
strikes_on(const struct schedule *s, const struct civil *c)
{
	int last = days_in_month(c->year, c->month);

	switch (s->kind) {
	case SCHEDULE_OFF:
		return false;
	case SCHEDULE_DAILY:
		return true;
	case SCHEDULE_WEEKDAYS:
		return c->weekday >= 1 && c->weekday <= 5;
	case SCHEDULE_WEEKLY:
		return c->weekday == s->day;
	case SCHEDULE_MONTHLY:
		/* "monthly 31" means the last day where a month has no 31st: a newsletter that
		   skips February would look broken. */
		return c->day == (s->day < last ? s->day : last);
	}
	return false;
}

/*
 * The instant at which the schedule strikes on a local day, or TIME_NONE.  A wall clock that
 * is skipped strikes at the jump, one that occurs twice strikes the first time only: once a
 * day, whatever the clocks do.
 */
static int64_t
strike(const struct schedule *s, const struct zone *z, int64_t day)
{
	struct civil c = clock_civil(day * DAY_SECONDS, 0);
	int64_t t = TIME_NONE;

	if (!strikes_on(s, &c))
		return TIME_NONE;
	c.hour = s->hour;
	c.minute = s->minute;
	c.second = 0;
	if (!zone_instant(z, &c, &t))
		return TIME_NONE;
	return t;
}

int64_t
schedule_last(const struct schedule *s, const struct zone *z, int64_t now)
{
	/* A day's strike in the skipped hour before midnight may fall on the next local day. */
	int64_t today = zone_day(z, now) + 1;

	for (int64_t day = today; day > today - SEARCH_DAYS; day--) {
		int64_t t = strike(s, z, day);

		if (t != TIME_NONE && t <= now)
			return t;
	}
	return TIME_NONE;
}

int64_t
schedule_next(const struct schedule *s, const struct zone *z, int64_t now)
{
	int64_t today = zone_day(z, now) - 1;

	for (int64_t day = today; day < today + SEARCH_DAYS; day++) {
		int64_t t = strike(s, z, day);

		if (t != TIME_NONE && t > now)
			return t;
	}
	return TIME_NONE;
}
