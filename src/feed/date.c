/* SPDX-License-Identifier: ISC */
/*
 * Dates as feeds write them.  A text is cut into numbers, words and signs; each is given the
 * one meaning it can have at its place.  What could mean two instants means none.
 */
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/text.h"
#include "feed/build.h"
#include "feed/datewords.h"
#include "feed/feed.h"

enum { DATE_TEXT_MAX = 120, NUMBERS_MAX = 3, YEAR_MIN = 1900, YEAR_MAX = 2200 };

struct number {
	int64_t value;
	size_t digits;
	char before; /* the sign in front of it, or 0 */
};

struct reading {
	const char *at;
	const char *end;
	struct number numbers[NUMBERS_MAX]; /* of the date, in order */
	size_t number_count;
	int year, month, day;               /* where a word or mark said which it is; else 0 */
	int hour, minute, second;
	bool has_time;
	bool wants_time; /* behind the "T" */
	bool has_zone;
	bool unknown_zone;
	int pm;          /* 1 am, 2 pm */
	int offset;      /* minutes */
	char sign;       /* the last punctuation */
	bool failed;
};

/* ---- tokens ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	int low = text_lower((unsigned char)c);

	return (low >= 'a' && low <= 'z') || (unsigned char)c >= 0x80;
}

static struct number
take_number(struct reading *r)
{
	struct number n = { 0, 0, r->sign };

	while (r->at < r->end && is_digit(*r->at)) {
		if (n.digits < 18)
			n.value = n.value * 10 + (*r->at - '0');
		n.digits++;
		r->at++;
	}
	r->sign = 0;
	return n;
}

static bool
next_is_colon_digit(const struct reading *r)
{
	return r->end - r->at >= 2 && r->at[0] == ':' && is_digit(r->at[1]);
}

static void
skip_fraction(struct reading *r)
{
	if (r->end - r->at >= 2 && (*r->at == '.' || *r->at == ',') && is_digit(r->at[1])) {
		r->at++;
		while (r->at < r->end && is_digit(*r->at))
			r->at++;
	}
}

/* The hour was read; a colon follows. */
static void
take_clock(struct reading *r, struct number hour)
{
	struct number n = { 0 };

	if (r->has_time || hour.digits > 2) {
		r->failed = true;
		return;
	}
	r->has_time = true;
	r->hour = (int)hour.value;
	r->at++;
	n = take_number(r);
	r->minute = n.digits <= 2 ? (int)n.value : 99;
	if (next_is_colon_digit(r)) {
		r->at++;
		n = take_number(r);
		r->second = n.digits <= 2 ? (int)n.value : 99;
	}
	skip_fraction(r);
}

/* "hhmmss", "hhmm" or "hh" behind a "T". */
static void
take_compact_clock(struct reading *r, struct number n)
{
	r->has_time = true;
	if (n.digits == 6) {
		r->hour = (int)(n.value / 10000);
		r->minute = (int)(n.value / 100 % 100);
		r->second = (int)(n.value % 100);
	} else if (n.digits == 4) {
		r->hour = (int)(n.value / 100);
		r->minute = (int)(n.value % 100);
	} else if (n.digits <= 2) {
		r->hour = (int)n.value;
	} else {
		r->failed = true;
	}
	skip_fraction(r);
}

/* "+0100", "+01:00", "+01", "+1"; a zone name in front ("GMT+1") adds nothing. */
static void
take_offset(struct reading *r, char sign, struct number n)
{
	int64_t minutes = n.value * 60;

	if (n.digits > 2)
		minutes = n.value / 100 * 60 + n.value % 100;
	if (n.digits <= 2 && next_is_colon_digit(r)) {
		struct number m = { 0 };

		r->at++;
		m = take_number(r);
		minutes += m.value;
		if (m.digits != 2)
			r->failed = true;
	}
	r->has_zone = true;
	if (n.digits > 4 || minutes > 18 * 60)
		r->unknown_zone = true;
	else
		r->offset += (int)(sign == '-' ? -minutes : minutes);
}

/* ---- what words mean ---- */

enum mark { MARK_NONE, MARK_YEAR, MARK_MONTH, MARK_DAY, MARK_HOUR, MARK_MINUTE, MARK_SECOND };

static enum mark
mark_of(const char *word, size_t len)
{
	static const struct {
		const char *word;
		enum mark mark;
	} marks[] = {
		{ "年", MARK_YEAR }, { "月", MARK_MONTH }, { "日", MARK_DAY },
		{ "時", MARK_HOUR }, { "时", MARK_HOUR }, { "分", MARK_MINUTE },
		{ "秒", MARK_SECOND },
		{ "년", MARK_YEAR }, { "월", MARK_MONTH }, { "일", MARK_DAY },
		{ "시", MARK_HOUR }, { "분", MARK_MINUTE }, { "초", MARK_SECOND },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (strlen(marks[i].word) <= len
		    && memcmp(word, marks[i].word, strlen(marks[i].word)) == 0)
			return marks[i].mark;
	return MARK_NONE;
}

/* A number with its unit behind it; false when there is no unit. */
static bool
take_marked(struct reading *r, struct number n)
{
	enum mark mark = MARK_NONE;
	int value = n.value < 10000 ? (int)n.value : 0;

	if (r->at < r->end && (unsigned char)*r->at >= 0x80)
		mark = mark_of(r->at, (size_t)(r->end - r->at));
	switch (mark) {
	case MARK_NONE:
		return false;
	case MARK_YEAR:
		r->year = value;
		break;
	case MARK_MONTH:
		r->month = value;
		break;
	case MARK_DAY:
		r->day = value;
		break;
	case MARK_HOUR:
		r->hour = value;
		r->has_time = true;
		break;
	case MARK_MINUTE:
		r->minute = value;
		break;
	case MARK_SECOND:
		r->second = value;
		break;
	}
	r->at += 3; /* each is three bytes long */
	return true;
}

static bool
is_one_of(const char *word, size_t len, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == len && text_starts_nocase(word, list[i]))
			return true;
	return false;
}

/* "오전", "오후": a broken feed may hold the first half only ("오"). */
static int
half_of_day(const char *word, size_t len)
{
	static const char *const am[] = { "am", "a.m", "오전", "上午", "午前" };
	static const char *const pm[] = { "pm", "p.m", "오후", "下午", "午後" };

	return is_one_of(word, len, am, ARRAY_LEN(am)) ? 1
	    : is_one_of(word, len, pm, ARRAY_LEN(pm)) ? 2 : 0;
}

static void
take_zone_word(struct reading *r, const char *word, size_t len)
{
	int minutes = 0;

	if (date_zone(word, len, &minutes)) {
		r->offset += minutes;
		r->has_zone = true;
	} else if (!r->has_zone) {
		r->has_zone = true;
		r->unknown_zone = true;
	}
}

static void
take_word(struct reading *r)
{
	const char *word = r->at;
	size_t len = 0;
	int month = 0;
	int half = 0;

	while (r->at < r->end && is_letter(*r->at))
		r->at++;
	len = (size_t)(r->at - word);
	r->sign = 0;
	half = half_of_day(word, len);
	month = r->month ? 0 : date_month(word, len);
	if (len == 1 && text_lower((unsigned char)*word) == 't' && !r->has_time) {
		r->wants_time = true;
	} else if (len == 1 && text_lower((unsigned char)*word) == 'w') {
		r->failed = true; /* a week date: nobody writes them into feeds */
	} else if (half) {
		r->pm = half;
	} else if (month) {
		r->month = month;
	} else if (r->has_time) {
		take_zone_word(r, word, len);
	}
	/* Else a weekday, "of", "de", "at": it adds nothing. */
}

static void
take_digits(struct reading *r)
{
	char sign = r->sign;
	struct number n = take_number(r);

	if (r->has_time && (sign == '+' || sign == '-') && !r->unknown_zone) {
		take_offset(r, sign, n);
	} else if (next_is_colon_digit(r)) {
		take_clock(r, n);
	} else if (r->wants_time && !r->has_time) {
		take_compact_clock(r, n);
	} else if (take_marked(r, n)) {
		return;
	} else if (r->number_count < NUMBERS_MAX) {
		r->numbers[r->number_count++] = n;
	} else {
		r->failed = true;
	}
}

static void
take_all(struct reading *r)
{
	while (r->at < r->end && !r->failed) {
		char c = *r->at;

		if (is_digit(c)) {
			take_digits(r);
		} else if (is_letter(c)) {
			take_word(r);
		} else if (strchr(" \t\n,.'/-+", c)) {
			if (c != ' ')
				r->sign = c;
			r->at++;
		} else {
			r->failed = true;
		}
	}
}

/* ---- which number is what ---- */

/* RFC 5322 4.3. */
static int
full_year(struct number n)
{
	if (n.digits == 2)
		return (int)n.value + (n.value < 50 ? 2000 : 1900);
	if (n.digits == 3 && n.value >= 100 && n.value < 200)
		return (int)n.value + 1900;
	return n.digits == 4 ? (int)n.value : 0;
}

static void
set_date(struct reading *r, int year, int64_t month, int64_t day)
{
	r->year = year;
	r->month = month <= 12 ? (int)month : 99;
	r->day = day <= 31 ? (int)day : 99;
}

static void
from_ordinal(struct reading *r, int year, int64_t ordinal)
{
	struct civil c = { .year = year, .month = 1, .day = 1 };
	int64_t t = 0;

	if (ordinal < 1 || ordinal > 366 || !clock_instant(&c, 0, &t)) {
		r->failed = true;
		return;
	}
	c = clock_civil(t + (ordinal - 1) * 86400, 0);
	set_date(r, c.year, c.month, c.day);
}

/* One number in front of the time: a year, or a date without separators. */
static void
place_one(struct reading *r)
{
	struct number n = r->numbers[0];

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
place_two(struct reading *r)
{
	struct number a = r->numbers[0];
	struct number b = r->numbers[1];

	if (a.digits == 4 && b.digits <= 2)
		set_date(r, (int)a.value, b.value, 1);
	else if (a.digits == 4 && b.digits == 3)
		from_ordinal(r, (int)a.value, b.value);
	else if (a.digits == 2 && a.before == '-' && b.digits == 2)
		set_date(r, full_year(a), b.value, 1);
	else
		r->failed = true;
}

/* Three numbers: the order is told by length, separator or size, or it is not known. */
static void
place_three(struct reading *r)
{
	struct number a = r->numbers[0];
	struct number b = r->numbers[1];
	struct number c = r->numbers[2];

	if (a.digits == 4)
		set_date(r, (int)a.value, b.value, c.value);
	else if (c.digits == 4 && (c.before == '.' || a.value > 12))
		set_date(r, (int)c.value, b.value, a.value);
	else if (c.digits == 4 && (b.value > 12 || a.value == b.value))
		set_date(r, (int)c.value, a.value, b.value);
	else if (a.digits == 2 && c.digits == 2 && c.before == '-' && c.value > 12)
		set_date(r, full_year(a), b.value, c.value);
	else
		r->failed = true;
}

/* A month word and one or two numbers around it. */
static void
place_with_month(struct reading *r)
{
	struct number a = r->numbers[0];
	struct number b = r->numbers[1];

	if (r->number_count == 1 && a.digits == 4)
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
place_numbers(struct reading *r)
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

/* ---- the instant ---- */

static bool
place_clock(struct reading *r, int64_t *extra)
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
	return r->hour <= 23 && r->minute <= 59 && r->second <= 59;
}

/* Seconds, milli- or microseconds since 1970, told by the number of digits. */
static bool
is_unix_time(const char *text, size_t len, int64_t *t)
{
	int64_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_digit(text[i]))
			return false;
		n = len <= 16 ? n * 10 + (text[i] - '0') : 0;
	}
	if (len == 9 || len == 10)
		*t = n;
	else if (len == 13)
		*t = n / 1000;
	else if (len == 16)
		*t = n / 1000000;
	else
		return false;
	return true;
}

/* Copies without comments in parentheses; returns the length, 0 when it cannot be a date. */
static size_t
copy_text(const char *text, size_t len, char *out)
{
	size_t n = 0;
	unsigned depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '(')
			depth++;
		else if (text[i] == ')' && depth)
			depth--;
		else if (!depth && n < DATE_TEXT_MAX - 1)
			out[n++] = text[i];
		else if (!depth)
			return 0;
	}
	out[n] = '\0';
	return n;
}

static int64_t
instant_of(struct reading *r, enum date_note *note)
{
	struct civil c = { 0 };
	int64_t t = 0;
	int64_t extra = 0;

	place_numbers(r);
	if (r->failed || r->year < YEAR_MIN || r->year > YEAR_MAX || !place_clock(r, &extra))
		return TIME_NONE;
	c = (struct civil){ .year = r->year, .month = r->month, .day = r->day,
	    .hour = r->hour, .minute = r->minute, .second = r->second };
	if (!clock_instant(&c, 0, &t))
		return TIME_NONE;
	if (r->unknown_zone)
		*note = DATE_UNKNOWN_ZONE;
	else if (r->has_time && !r->has_zone)
		*note = DATE_NO_ZONE;
	else
		*note = DATE_EXACT;
	return t + extra - (r->unknown_zone ? 0 : (int64_t)r->offset * 60);
}

int64_t
date_read(const char *text, size_t len, enum date_note *note)
{
	char copy[DATE_TEXT_MAX] = "";
	struct reading r = { 0 };
	int64_t t = TIME_NONE;
	size_t n = 0;

	*note = DATE_UNREADABLE;
	text_trim(&text, &len);
	if (is_unix_time(text, len, &t)) {
		*note = DATE_EXACT;
		return t;
	}
	n = copy_text(text, len, copy);
	if (n == 0)
		return TIME_NONE;
	r.at = copy;
	r.end = copy + n;
	take_all(&r);
	if (r.failed)
		return TIME_NONE;
	return instant_of(&r, note);
}

int64_t
feed_date(const char *text, size_t len)
{
	enum date_note note = DATE_EXACT;

	return date_read(text, len, &note);
}
