/* SPDX-License-Identifier: ISC */
/* A date half read: what was found in a text, from which an instant is made. */
#ifndef FEED_DATE_RESOLVE_H
#define FEED_DATE_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed/date.h"

enum { READING_NUMBERS = 3 };
/* Years outside these are mistakes. */
enum { YEAR_MIN = 1900, YEAR_MAX = 2200 };

struct date_number {
	int64_t value;
	size_t digits;
	char before; /* the sign in front of it, or 0 */
};

struct date_reading {
	const char *at;
	const char *end;
	struct date_number numbers[READING_NUMBERS]; /* of the date, in order */
	size_t number_count;
	int other_month;      /* "lis" of a "pon": the Croatian one, else 0 */
	int year, month, day; /* where a word or mark said which it is; else 0 */
	int hour, minute, second;
	bool is_month_first; /* the month's word stood in front of every number */
	bool is_croatian;    /* its weekday says so */
	bool is_monday;      /* "pon": Polish or Croatian */
	bool is_clash;       /* the month was taken for the Polish or Czech one */
	bool has_year_dot;   /* "2025.", as Croatians write */
	bool has_strange;    /* a word without meaning in front of every number */
	bool is_upper_half;  /* "AM", "PM" in capitals */
	bool has_time;
	bool wants_time; /* behind the "T" */
	bool has_zone;
	bool unknown_zone;
	int pm;     /* 1 am, 2 pm */
	int offset; /* minutes */
	char sign;  /* the last punctuation */
	bool failed;
};

/* TIME_NONE when the numbers can mean two dates, or none. */
int64_t date_resolve(struct date_reading *r, enum date_note *note);

#endif
