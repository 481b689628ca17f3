/* SPDX-License-Identifier: ISC */
#include "model/cadence.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/text.h"

enum {
	DAY_SECONDS = 86400,
	DAY_MINUTES = 1440,
	SEARCH_DAYS = 63 /* two months: every rhythm has a slot in them */
};

static const char *const day_names[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday" };
static const char *const rhythm_names[] = {
	[RHYTHM_EACH] = "each",
	[RHYTHM_DAILY] = "daily",
	[RHYTHM_WEEKDAYS] = "weekdays",
	[RHYTHM_WEEKLY] = "weekly",
	[RHYTHM_MONTHLY] = "monthly",
};

/* ---- slots ---- */

static bool
has_slot_on(const struct cadence *c, const struct civil *day)
{
	int last = clock_month_days(day->year, day->month);

	switch (c->rhythm) {
	case RHYTHM_EACH:
		break;
	case RHYTHM_DAILY:
		return true;
	case RHYTHM_WEEKDAYS:
		return day->weekday >= 1 && day->weekday <= 5;
	case RHYTHM_WEEKLY:
		return day->weekday == c->day;
	case RHYTHM_MONTHLY:
		return day->day == (c->day < last ? c->day : last);
	}
	return false;
}

/* The slot of a local day, counted from 1970; TIME_NONE when it has none. */
static int64_t
slot_of_day(const struct cadence *c, const struct zone *z, int64_t day)
{
	struct civil local = clock_civil(day * DAY_SECONDS, 0);
	int64_t t = TIME_NONE;

	if (!has_slot_on(c, &local))
		return TIME_NONE;
	local.hour = c->minute / 60;
	local.minute = c->minute % 60;
	if (!zone_instant(z, &local, &t))
		return TIME_NONE;
	return t;
}

int64_t
cadence_last(const struct cadence *c, const struct zone *z, int64_t now)
{
	const int64_t first = zone_day(z, now);

	for (int64_t day = first; day > first - SEARCH_DAYS; day--) {
		int64_t t = slot_of_day(c, z, day);

		if (t != TIME_NONE && t <= now)
			return t;
	}
	return TIME_NONE;
}

int64_t
cadence_next(const struct cadence *c, const struct zone *z, int64_t now)
{
	/* The slot of a day whose midnight is skipped may fall on the next local day. */
	const int64_t first = zone_day(z, now) - 1;

	for (int64_t day = first; day < first + SEARCH_DAYS; day++) {
		int64_t t = slot_of_day(c, z, day);

		if (t != TIME_NONE && t > now)
			return t;
	}
	return TIME_NONE;
}

struct cadence
cadence_complete(const struct cadence *reader, const struct cadence *newsletter,
    int weekly_day)
{
	struct cadence c = *reader;

	if (c.minute == CADENCE_ANY)
		c.minute = newsletter->rhythm == RHYTHM_EACH ? 0 : newsletter->minute;
	if (c.day == CADENCE_ANY)
		c.day = c.rhythm == RHYTHM_WEEKLY ? weekly_day : 1;
	if (!c.zone || !*c.zone)
		c.zone = newsletter->zone;
	return c;
}

/* ---- words ---- */

bool
cadence_parse_rhythm(const char *text, enum rhythm *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rhythm_names); i++) {
		if (ascii_eq_nocase(text, rhythm_names[i])) {
			*out = (enum rhythm)i;
			return true;
		}
	}
	return false;
}

const char *
cadence_rhythm_name(enum rhythm r)
{
	return rhythm_names[r];
}

/* One or two digits up to max, and nothing behind them but `end`. */
static bool
read_small(const char **p, int max, char end, int *out)
{
	int n = 0;
	size_t digits = strspn(*p, "0123456789");

	if (digits < 1 || digits > 2 || (*p)[digits] != end)
		return false;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + ((*p)[i] - '0');
	*p += digits + (end != '\0');
	*out = n;
	return n <= max;
}

bool
cadence_parse_day(const char *text, enum rhythm r, int *day)
{
	if (r == RHYTHM_MONTHLY)
		return read_small(&text, 31, '\0', day) && *day >= 1;
	if (r != RHYTHM_WEEKLY || strlen(text) < 3)
		return false;
	for (int i = 0; i < (int)ARRAY_LEN(day_names); i++) {
		if (ascii_starts_nocase(day_names[i], text)) {
			*day = i;
			return true;
		}
	}
	return false;
}

bool
cadence_parse_minute(const char *text, int *minute)
{
	int hour = 0;
	int rest = 0;

	if (strchr(text, ':')) {
		if (!read_small(&text, 23, ':', &hour) || strlen(text) != 2 ||
		    !read_small(&text, 59, '\0', &rest))
			return false;
	} else if (!read_small(&text, 23, '\0', &hour)) {
		return false;
	}
	*minute = hour * 60 + rest;
	return true;
}

bool
cadence_parse(const char *text, struct cadence *out)
{
	struct cadence c = { .rhythm = RHYTHM_EACH };
	char word[3][16] = { "", "", "" };
	char rest = '\0';
	const int words =
	    sscanf(text, "%15s %15s %15s %c", word[0], word[1], word[2], &rest);
	bool has_day = false;

	if (words == 1 && ascii_eq_nocase(word[0], "off")) {
		*out = c;
		return true;
	}
	if (words < 2 || !cadence_parse_rhythm(word[0], &c.rhythm) ||
	    c.rhythm == RHYTHM_EACH)
		return false;
	has_day = c.rhythm == RHYTHM_WEEKLY || c.rhythm == RHYTHM_MONTHLY;
	if (words != (has_day ? 3 : 2) ||
	    (has_day && !cadence_parse_day(word[1], c.rhythm, &c.day)) ||
	    !strchr(word[words - 1], ':') ||
	    !cadence_parse_minute(word[words - 1], &c.minute))
		return false;
	*out = c;
	return true;
}

void
cadence_print(const struct cadence *c, struct buf *out)
{
	buf_adds(out, c->rhythm == RHYTHM_EACH ? "off" : rhythm_names[c->rhythm]);
	if (c->rhythm == RHYTHM_WEEKLY && c->day != CADENCE_ANY)
		buf_addf(out, " %s", day_names[c->day]);
	if (c->rhythm == RHYTHM_MONTHLY && c->day != CADENCE_ANY)
		buf_addf(out, " %d", c->day);
	if (c->rhythm != RHYTHM_EACH && c->minute != CADENCE_ANY)
		buf_addf(out, " %02d:%02d", c->minute / 60, c->minute % 60);
	if (c->zone && *c->zone)
		buf_addf(out, " %s", c->zone);
}
