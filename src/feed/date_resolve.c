/* SPDX-License-Identifier: ISC */
#include "feed/date_resolve.h"

#include "base/clock.h"

/* ---- which number is what ---- */

/* RFC 5322 4.3. */
static int
full_year(struct date_number n)
{
	if (n.digits == 2)
		return (int)n.value + (n.value < 50 ? 2000 : 1900);
	if (n.digits == 3 && n.value >= 100 && n.value < 200)
		return (int)n.value + 1900;
	return n.digits == 4 ? (int)n.value : 0;
}

static void
set_date(struct date_reading *r, int year, int64_t month, int64_t day)
{
	r->year = year;
	r->month = month <= 12 ? (int)month : 99;
	r->day = day <= 31 ? (int)day : 99;
}

/* The day of a year, from 1 on; the 366th is one of leap years alone, others are of none. */
static void
from_ordinal(struct date_reading *r, int year, int64_t ordinal)
{
	struct civil c = { .year = year, .month = 1, .day = 1 };
	int64_t t = 0;

	if (!clock_instant(&c, 0, &t)) {
		r->failed = true;
		return;
	}
	c = clock_civil(t + (ordinal - 1) * 86400, 0);
	if (c.year == year)
		set_date(r, c.year, c.month, c.day);
	else
		r->failed = true;
}

/* One number in front of the time: a year, or a date without separators. */
static void
place_one(struct date_reading *r)
{
	struct date_number n = r->numbers[0];

	if (n.digits == 4 && n.before == '-') /* "-YYMM" of ISO 8601:1988 */
		set_date(r, (int)(n.value / 100) + 2000, n.value % 100, 1);
	else if (n.digits == 4)
		set_date(r, (int)n.value, 1, 1);
	else if (n.digits == 6)
		set_date(r, (int)(n.value / 10000) + (n.value / 10000 < 50 ? 2000 : 1900),
		    n.value / 100 % 100, n.value % 100);
	else if (n.digits == 7)
		from_ordinal(r, (int)(n.value / 1000), n.value % 1000);
	else if (n.digits == 8)
		set_date(r, (int)(n.value / 10000), n.value / 100 % 100, n.value % 100);
	else
		r->failed = true;
}

static void
place_two(struct date_reading *r)
{
	struct date_number a = r->numbers[0];
	struct date_number b = r->numbers[1];

	if (a.digits == 4 && b.digits <= 2)
		set_date(r, (int)a.value, b.value, 1);
	else if (a.digits == 4 && b.digits == 3)
		from_ordinal(r, (int)a.value, b.value);
	else if (a.digits == 2 && a.before == '-' && b.digits == 2)
		set_date(r, full_year(a), b.value, 1);
	else
		r->failed = true;
}

/*
 * "1/5/2026 10:00:00 AM": .NET in the US.  A filled "05/01" or "5/01" is written elsewhere
 * too (India, Australia), and so is a small "am".
 */
static bool
is_month_first(struct date_number a, struct date_number b, struct date_number c)
{
	return b.before == '/' && c.before == '/' && a.value <= 12 &&
	    (a.digits == 1 || a.value > 9) && (b.digits == 1 || b.value > 9);
}

/* Three numbers: the order is told by length, separator or size, or it is not known. */
static void
place_three(struct date_reading *r)
{
	struct date_number a = r->numbers[0];
	struct date_number b = r->numbers[1];
	struct date_number c = r->numbers[2];

	if (a.digits == 4)
		set_date(r, (int)a.value, b.value, c.value);
	else if (c.digits == 4 && (c.before == '.' || a.value > 12))
		set_date(r, (int)c.value, b.value, a.value);
	else if (c.digits == 4 && (b.value > 12 || a.value == b.value))
		set_date(r, (int)c.value, a.value, b.value);
	else if (c.digits == 4 && r->is_upper_half && is_month_first(a, b, c))
		set_date(r, (int)c.value, a.value, b.value);
	else if (a.digits == 2 && c.digits == 2 && c.before == '-' && c.value > 12)
		set_date(r, full_year(a), b.value, c.value);
	else
		r->failed = true;
}

/* A month word and one or two numbers around it. */
static void
place_with_month(struct date_reading *r)
{
	struct date_number a = r->numbers[0];
	struct date_number b = r->numbers[1];

	/* The strange word may have been the day. */
	if (r->number_count == 1 && a.digits == 4 && !r->has_strange)
		set_date(r, (int)a.value, r->month, 1);
	else if (r->number_count != 2)
		r->failed = true;
	else if (a.digits == 4 && b.digits <= 2)
		set_date(r, (int)a.value, r->month, b.value);
	else if (a.digits <= 2)
		set_date(r, full_year(b), r->month, a.value);
	else
		r->failed = true;
}

static void
place_numbers(struct date_reading *r)
{
	if (r->year && r->month && r->number_count == 0)
		r->day = r->day ? r->day : 1;
	else if (r->month)
		place_with_month(r);
	else if (r->number_count == 1)
		place_one(r);
	else if (r->number_count == 2)
		place_two(r);
	else if (r->number_count == 3)
		place_three(r);
	else
		r->failed = true;
}

/* "pon, 3 lis 2025": of October and November the one where that is a Monday. */
static void
choose_month(struct date_reading *r)
{
	struct civil c = { .year = r->year, .month = r->month, .day = r->day };
	int64_t t = 0;

	if (r->is_clash && r->has_year_dot)
		r->failed = true;
	for (int i = 0; i < 2 && r->other_month; i++) {
		c.month = i ? r->other_month : r->month;
		/* The first of January 1970 was a Thursday. */
		if (clock_instant(&c, 0, &t) && ((t / 86400 + 3) % 7 + 7) % 7 == 0) {
			r->month = c.month;
			return;
		}
	}
	if (r->other_month)
		r->failed = true;
}

/* ---- the instant ---- */

/* What is no time of a day is refused with the date. */
static void
place_clock(struct date_reading *r, int64_t *extra)
{
	if (r->pm && (r->hour < 1 || r->hour > 12))
		r->pm = 0; /* "13:05 PM": the hour says it already */
	if (r->pm)
		r->hour = r->hour % 12 + (r->pm == 2 ? 12 : 0);
	if (r->hour == 24 && r->minute == 0 && r->second == 0) {
		r->hour = 0;
		*extra = 86400;
	}
	if (r->second == 60)
		r->second = 59; /* the leap second stays in its day */
}

int64_t
date_resolve(struct date_reading *r, enum date_note *note)
{
	struct civil c = { 0 };
	int64_t t = 0;
	int64_t extra = 0;

	place_numbers(r);
	choose_month(r);
	if (r->failed || r->year < YEAR_MIN || r->year > YEAR_MAX)
		return TIME_NONE;
	place_clock(r, &extra);
	c = (struct civil){ .year = r->year,
		.month = r->month,
		.day = r->day,
		.hour = r->hour,
		.minute = r->minute,
		.second = r->second };
	if (!clock_instant(&c, 0, &t))
		return TIME_NONE;
	t += extra - (r->unknown_zone ? 0 : (int64_t)r->offset * 60);
	if (r->unknown_zone)
		*note = DATE_UNKNOWN_ZONE;
	else if (r->has_time && !r->has_zone)
		*note = DATE_NO_ZONE;
	else
		*note = DATE_EXACT;
	return t;
}
