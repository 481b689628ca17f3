/* SPDX-License-Identifier: ISC */
#include "base/ascii.h"
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

enum { DAY = 86400 };

/* 0001-01-01T00:00:00 and 9999-12-31T23:59:59 */
static const int64_t first_instant = INT64_C(-62135596800);
static const int64_t last_instant = INT64_C(253402300799);

static const char day_names[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char month_names[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	"Aug", "Sep", "Oct", "Nov", "Dec" };
static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
	365 };

int64_t
clock_now(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

static int64_t
read_ms(clockid_t clock)
{
	struct timespec now = { 0 };

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_ticks_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_rough_ms(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
	return read_ms(CLOCK_MONOTONIC_COARSE);
#else
	return read_ms(CLOCK_MONOTONIC);
#endif
}

void
clock_sleep_ms(int64_t ms)
{
	const struct timespec pause = { ms / 1000, (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&pause, NULL);
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
clock_month_days(int year, int month)
{
	return days_before[month] - days_before[month - 1] +
	    (month == 2 && is_leap(year));
}

int64_t
clock_day_number(const struct civil *c)
{
	/*
	 * Years from 1 on that begin in March put the leap day at the end; eras of 400 are
	 * alike.
	 */
	int64_t y = c->month <= 2 ? c->year - 1 : c->year;
	int64_t m = (c->month + 9) % 12;
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * m + 2) / 5 + c->day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void
civil_date(int64_t days, struct civil *c)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c->year = (int)(yoe + era * 400 + (c->month <= 2));
	c->weekday = (int)(((days + 4) % 7 + 7) % 7);
	c->yearday =
	    days_before[c->month - 1] + c->day - 1 + (c->month > 2 && is_leap(c->year));
}

static int64_t
clamp(int64_t t)
{
	if (t < first_instant)
		return first_instant;
	return t > last_instant ? last_instant : t;
}

struct civil
clock_civil(int64_t t, int offset)
{
	struct civil c = { 0 };
	int64_t local = clamp(clamp(t) + offset);
	int64_t days = local / DAY;
	int64_t rest = local % DAY;

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	civil_date(days, &c);
	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	return c;
}

static bool
is_date(const struct civil *c)
{
	return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
	    c->day >= 1 && c->day <= clock_month_days(c->year, c->month) &&
	    c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	    c->second >= 0 && c->second <= 59;
}

bool
clock_instant(const struct civil *c, int offset, int64_t *t)
{
	if (!is_date(c))
		return false;
	*t = clock_day_number(c) * DAY + c->hour * 3600 + c->minute * 60 + c->second -
	    offset;
	return true;
}

char *
clock_rfc3339(int64_t t, char *out)
{
	struct civil c = clock_civil(t, 0);

	(void)snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
	return out;
}

char *
clock_rfc5322(int64_t t, int offset, char *out)
{
	/* The header can say whole minutes only: local mean times lose their seconds. */
	int minutes = offset / 60;
	struct civil c = clock_civil(t, minutes * 60);
	char sign = minutes < 0 ? '-' : '+';

	if (minutes < 0)
		minutes = -minutes;
	(void)snprintf(out, CLOCK_TEXT, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d",
	    day_names[c.weekday], c.day, month_names[c.month - 1], c.year, c.hour,
	    c.minute, c.second, sign, minutes / 60 % 100, minutes % 60);
	return out;
}

/* Reads exactly `width` digits and moves past them. */
static bool
read_digits(const char **p, int width, int *value)
{
	int n = 0;

	for (int i = 0; i < width; i++) {
		if ((*p)[i] < '0' || (*p)[i] > '9')
			return false;
		n = n * 10 + ((*p)[i] - '0');
	}
	*p += width;
	*value = n;
	return true;
}

static bool
read_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.fraction; the fraction is dropped. */
static bool
read_time(const char **p, struct civil *c)
{
	if (!read_digits(p, 2, &c->hour) || !read_char(p, ':') ||
	    !read_digits(p, 2, &c->minute))
		return false;
	if (!read_char(p, ':'))
		return true;
	if (!read_digits(p, 2, &c->second))
		return false;
	if (!read_char(p, '.'))
		return true;
	if (!ascii_is_digit(**p))
		return false;
	while (ascii_is_digit(**p))
		(*p)++;
	return true;
}

/* Z, +HH, +HHMM or +HH:MM, after a blank or not; nothing means UTC. */
static bool
read_offset(const char **p, int *offset)
{
	int hours = 0;
	int minutes = 0;
	int sign = 1;

	*offset = 0;
	if (**p == '\0')
		return true;
	(void)read_char(p, ' ');
	if (read_char(p, 'Z') || read_char(p, 'z'))
		return true;
	if (read_char(p, '-'))
		sign = -1;
	else if (!read_char(p, '+'))
		return false;
	if (!read_digits(p, 2, &hours))
		return false;
	if ((read_char(p, ':') || **p != '\0') && !read_digits(p, 2, &minutes))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

static bool
parse_epoch(const char *text, int64_t *t)
{
	int64_t n = 0;
	bool negative = *text == '-';
	const char *p = text + negative;

	if (*p == '\0')
		return false;
	for (; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || n > last_instant)
			return false;
		n = n * 10 + (*p - '0');
	}
	n = negative ? -n : n;
	if (n < first_instant || n > last_instant)
		return false;
	*t = n;
	return true;
}

bool
clock_parse(const char *text, int64_t *t)
{
	struct civil c = { 0 };
	const char *p = text;
	int offset = 0;

	if (*p == '@')
		return parse_epoch(p + 1, t);
	if (!read_digits(&p, 4, &c.year) || !read_char(&p, '-') ||
	    !read_digits(&p, 2, &c.month) || !read_char(&p, '-') ||
	    !read_digits(&p, 2, &c.day))
		return false;
	if (read_char(&p, 'T') || read_char(&p, 't') || read_char(&p, ' ')) {
		if (!read_time(&p, &c) || !read_offset(&p, &offset))
			return false;
	}
	return *p == '\0' && clock_instant(&c, offset, t);
}
