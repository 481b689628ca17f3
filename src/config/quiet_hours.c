/* SPDX-License-Identifier: ISC */
#include "config/quiet_hours.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"

enum {
	DAY_SECONDS = 86400,
	DAY_MINUTES = 1440,
	LATER = 3 * 3600 /* no clock is put back further */
};

/* ---- text ---------------------------------------------------------------------------- */

static bool
read_number(const char **at, int most, int *out)
{
	if (!ascii_is_digit(**at))
		return false;
	*out = *(*at)++ - '0';
	if (ascii_is_digit(**at))
		*out = *out * 10 + (*(*at)++ - '0');
	return *out <= most;
}

static void
skip_blanks(const char **at)
{
	*at += strspn(*at, " \t");
}

/* "22:00" */
static bool
read_minute(const char **at, int *out)
{
	int hour = 0;
	int minute = 0;

	skip_blanks(at);
	if (!read_number(at, 24, &hour) || *(*at)++ != ':' || !ascii_is_digit((*at)[0]) ||
	    !ascii_is_digit((*at)[1]) || !read_number(at, 59, &minute) ||
	    hour * 60 + minute > DAY_MINUTES)
		return false;
	*out = (hour * 60 + minute) % DAY_MINUTES;
	skip_blanks(at);
	return true;
}

bool
quiet_hours_parse(const char *text, struct quiet_hours *out)
{
	*out = (struct quiet_hours){ false, 0, 0 };
	skip_blanks(&text);
	if (*text == '\0')
		return true;
	out->any = true;
	return read_minute(&text, &out->from) && *text++ == '-' &&
	    read_minute(&text, &out->to) && *text == '\0' && out->from != out->to;
}

/* ---- time ---------------------------------------------------------------------------- */

/* When the clock shows that minute on a local day, for the first time or for the last. */
static int64_t
instant_of(const struct zone *z, int64_t day, int minute, bool last)
{
	struct civil local = clock_civil(day * DAY_SECONDS, 0);
	int64_t t = TIME_NONE;

	local.hour = minute / 60;
	local.minute = minute % 60;
	local.second = 0;
	if (!zone_instant(z, &local, &t))
		return TIME_NONE;
	if (!last)
		return t;
	const int64_t again =
	    t + zone_offset(z, t, NULL) - zone_offset(z, t + LATER, NULL);
	if (again > t) {
		const struct civil shown = zone_civil(z, again);

		if (shown.hour == local.hour && shown.minute == local.minute)
			return again;
	}
	return t;
}

/* The quiet hours that begin on a local day. */
static bool
hours_of(const struct quiet_hours *q, const struct zone *z, int64_t day, int64_t *from,
    int64_t *to)
{
	*from = instant_of(z, day, q->from, false);
	*to = instant_of(z, q->to < q->from ? day + 1 : day, q->to, true);
	return *from != TIME_NONE && *to > *from;
}

int64_t
quiet_hours_end(const struct quiet_hours *q, const struct zone *z, int64_t now)
{
	const int64_t today = q->any ? zone_day(z, now) : 0;

	for (int64_t day = today - 1; q->any && day <= today; day++) {
		int64_t from = 0;
		int64_t to = 0;

		if (hours_of(q, z, day, &from, &to) && from <= now && now < to)
			return to;
	}
	return TIME_NONE;
}

int64_t
quiet_hours_begin(const struct quiet_hours *q, const struct zone *z, int64_t now)
{
	const int64_t today = q->any ? zone_day(z, now) : 0;

	for (int64_t day = today; q->any && day <= today + 2; day++) {
		int64_t from = 0;
		int64_t to = 0;

		if (hours_of(q, z, day, &from, &to) && from >= now)
			return from;
	}
	return TIME_NONE;
}
