/* SPDX-License-Identifier: ISC */
/*
 * Instants are int64_t seconds since 1970-01-01 UTC without leap seconds; a civil time is what
 * a calendar and a clock on a wall say.  Proleptic Gregorian calendar, years 1 to 9999.
 * Only clock_now() reads the clock, and only main.c calls it.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* No instant: an entry without a date. */
#define TIME_NONE INT64_MIN

struct civil {
	int year;    /* 1..9999 */
	int month;   /* 1..12 */
	int day;     /* 1..31 */
	int hour;    /* 0..23 */
	int minute;  /* 0..59 */
	int second;  /* 0..59 */
	int weekday; /* 0 = Sunday; ignored on input */
	int yearday; /* 0..365; ignored on input */
};

enum { CLOCK_TEXT = 40 }; /* room for every text written below */

int64_t clock_now(void);
/* Monotonic milliseconds, for measuring how long something took. */
int64_t clock_ticks_ms(void);
/*
 * The same as of the system's last tick, some milliseconds ago, for an eighth of the time: for
 * deadlines of seconds that are set for each letter.
 */
int64_t clock_rough_ms(void);
/* Ends earlier when a signal arrives. */
void clock_sleep_ms(int64_t ms);

/* Days of a month (1 to 12) of the Gregorian calendar. */
int clock_month_days(int year, int month);
/* The civil time that a clock in UTC + offset seconds shows at t.  Clamped to years 1..9999. */
struct civil clock_civil(int64_t t, int offset);
/* The instant at which a clock in UTC + offset shows c.  False when c is no date. */
bool clock_instant(const struct civil *c, int offset, int64_t *t) MUST_CHECK;
/* Days since 1970-01-01 of a date (the time of day is ignored). */
int64_t clock_day_number(const struct civil *c);

/* "2026-11-24T06:30:11Z" (RFC 3339).  out has CLOCK_TEXT bytes.  Returns out. */
char *clock_rfc3339(int64_t t, char *out);
/* "Tue, 24 Nov 2026 06:30:11 +0000" (RFC 5322 3.3). */
char *clock_rfc5322(int64_t t, int offset, char *out);
/*
 * Reads what people type and what we write: "2026-11-24", "2026-11-24T06:30",
 * "2026-11-24 06:30:11+01:00", "...Z", "@1764000000".  Without zone: UTC.
 */
bool clock_parse(const char *text, int64_t *t) MUST_CHECK;

#endif
