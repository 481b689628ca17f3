/* SPDX-License-Identifier: ISC */
/*
 * Dates as feeds write them.  A text is cut into numbers, words and signs; each is given the
 * one meaning it can have at its place.  What could mean two instants means none.
 */
#include "feed/date.h"

#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/text.h"
#include "feed/date_resolve.h"
#include "feed/date_words.h"
#include "feed/date_zones.h"

enum { DATE_TEXT_MAX = 120, DATE_COPY_MAX = 512 };

struct date_zone_name {
	const char *name;
	size_t len;
};

/* ---- tokens ---- */

/* A letter of ASCII, or a byte of any other character. */
static bool
is_letter(char c)
{
	return ascii_is_letter(c) || (unsigned char)c >= 0x80;
}

static struct date_number
parse_number(struct date_reading *r)
{
	struct date_number n = { 0, 0, r->sign };

	while (r->at < r->end && ascii_is_digit(*r->at)) {
		if (n.digits < 18)
			n.value = n.value * 10 + (*r->at - '0');
		n.digits++;
		r->at++;
	}
	r->sign = 0;
	return n;
}

static bool
next_is_colon_digit(const struct date_reading *r)
{
	return r->end - r->at >= 2 && r->at[0] == ':' && ascii_is_digit(r->at[1]);
}

static void
skip_fraction(struct date_reading *r)
{
	if (r->end - r->at >= 2 && (*r->at == '.' || *r->at == ',') &&
	    ascii_is_digit(r->at[1])) {
		r->at++;
		while (r->at < r->end && ascii_is_digit(*r->at))
			r->at++;
	}
}

/* The hour was read; a colon follows. */
static void
parse_clock(struct date_reading *r, struct date_number hour)
{
	struct date_number n = { 0 };

	/* The colon that is left is a sign that no date has. */
	if (r->has_time || hour.digits > 2)
		return;
	r->has_time = true;
	r->hour = (int)hour.value;
	r->at++;
	n = parse_number(r);
	r->minute = n.digits <= 2 ? (int)n.value : 99;
	if (next_is_colon_digit(r)) {
		r->at++;
		n = parse_number(r);
		r->second = n.digits <= 2 ? (int)n.value : 99;
	}
	skip_fraction(r);
}

/* "hhmmss", "hhmm" or "hh" behind a "T". */
static void
parse_compact_clock(struct date_reading *r, struct date_number n)
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
parse_offset(struct date_reading *r, char sign, struct date_number n)
{
	int64_t minutes = n.digits > 4 ? 0
	    : n.digits > 2             ? n.value / 100 * 60 + n.value % 100
				       : n.value * 60;

	if (n.digits <= 2 && next_is_colon_digit(r)) {
		struct date_number m = { 0 };

		r->at++;
		m = parse_number(r);
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

/* Units that stand behind their number; each is three bytes long. */
enum mark {
	MARK_YEAR,
	MARK_MONTH,
	MARK_DAY,
	MARK_HOUR,
	MARK_MINUTE,
	MARK_SECOND,
	MARK_NONE
};

static enum mark
mark_of(const char *word, size_t len)
{
	static const struct {
		const char *word;
		enum mark mark;
	} marks[] = {
		{ "年", MARK_YEAR },
		{ "月", MARK_MONTH },
		{ "日", MARK_DAY },
		{ "時", MARK_HOUR },
		{ "时", MARK_HOUR },
		{ "分", MARK_MINUTE },
		{ "秒", MARK_SECOND },
		{ "년", MARK_YEAR },
		{ "월", MARK_MONTH },
		{ "일", MARK_DAY },
		{ "시", MARK_HOUR },
		{ "분", MARK_MINUTE },
		{ "초", MARK_SECOND },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (ascii_starts(word, len, marks[i].word))
			return marks[i].mark;
	return MARK_NONE;
}

/* A number with its unit behind it; false when there is no unit. */
static bool
parse_marked(struct date_reading *r, struct date_number n)
{
	int *const places[] = { &r->year, &r->month, &r->day, &r->hour, &r->minute,
		&r->second };
	const enum mark mark = mark_of(r->at, (size_t)(r->end - r->at));

	if (mark == MARK_NONE)
		return false;
	r->failed |= n.digits > 4;
	*places[mark] = (int)n.value;
	r->has_time |= mark == MARK_HOUR;
	r->at += 3;
	return true;
}

static bool
is_one_of(const char *word, size_t len, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == len && ascii_starts_nocase(word, list[i]))
			return true;
	return false;
}

/* "오전", "오후": a broken feed may hold the first half only ("오"). */
static int
half_of_day(const char *word, size_t len)
{
	static const char *const am[] = { "am", "오전", "上午", "午前" };
	static const char *const pm[] = { "pm", "오후", "下午", "午後" };

	return is_one_of(word, len, am, ARRAY_LEN(am)) ? 1
	    : is_one_of(word, len, pm, ARRAY_LEN(pm))  ? 2
						       : 0;
}

/* Behind "a" or "p": ".m" or ". m", with whatever dot ends it. */
static bool
parse_dotted_half(struct date_reading *r)
{
	const char *m = r->at + 1;

	if (r->at == r->end || *r->at != '.')
		return false;
	m += m < r->end && *m == ' ';
	if (m >= r->end || ascii_lower((unsigned char)*m) != 'm' ||
	    (m + 1 < r->end && is_letter(m[1])))
		return false;
	r->at = m + 1;
	return true;
}

static void
parse_zone_word(struct date_reading *r, const char *word, size_t len)
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

/*
 * "5 listopada" is Polish, "5. listopada" is Croatian and a month earlier; so with "lip".
 * "5. lis" is Czech or Croatian.  Without a day in front nothing tells them apart.
 */
static int
slavic_month(struct date_reading *r, const char *word, size_t len, int month)
{
	int other = date_croatian_month(word, len);
	bool is_czech = ascii_lower((unsigned char)word[len - 1]) == 'u';
	bool is_dotted = r->sign == '.';

	if (!other)
		return month;
	r->is_clash = true;
	if (r->number_count != 1 || r->numbers[0].digits > 2 ||
	    (r->is_croatian && is_czech)) {
		r->failed = true;
	} else if (r->is_croatian || (is_dotted && !is_czech)) {
		/* "05.lip.2025" may be anybody's. */
		if (!r->is_croatian && len == 3 && (other == 10 || word[-1] == '.'))
			r->failed = true;
		r->is_clash = false;
		return other;
	} else if (r->is_monday && !is_czech) {
		r->other_month = other;
	}
	return month;
}

/* Weekdays, for what they tell about the language. */
static void
note_weekday(struct date_reading *r, enum date_day day, const char *word)
{
	if (day == DATE_DAY_CROATIAN)
		r->is_croatian = true;
	else if (day == DATE_DAY_SLAVIC_MONDAY)
		r->is_monday = true;
	else if (r->number_count == 0 && !r->month && (unsigned char)*word >= 0x80)
		r->has_strange = true;
}

static void
parse_word(struct date_reading *r)
{
	const char *word = r->at;
	enum date_day day = DATE_DAY_UNKNOWN;
	size_t len = 0;
	int month = 0;
	int half = 0;
	char sign = r->sign;

	while (r->at < r->end && is_letter(*r->at))
		r->at++;
	len = (size_t)(r->at - word);
	r->sign = 0;
	day = date_weekday(word, len);
	if (day == DATE_DAY_ENGLISH)
		return;
	half = half_of_day(word, len);
	if (len == 1 && strchr("aApP", *word) && parse_dotted_half(r))
		half = ascii_lower((unsigned char)*word) == 'a' ? 1 : 2;
	month = r->month && !r->is_month_first ? 0 : date_month(word, len);
	if (len == 1 && ascii_lower((unsigned char)*word) == 't' && !r->has_time) {
		r->wants_time = true;
	} else if (len == 1 && ascii_lower((unsigned char)*word) == 'w') {
		r->failed = true; /* a week date: nobody writes them into feeds */
	} else if (half) {
		r->pm = half;
		r->is_upper_half = len == 2 && (*word == 'A' || *word == 'P');
	} else if (month) {
		/* "mar., 24 févr.": the first was a Tuesday. */
		r->is_month_first = r->number_count == 0 && r->month == 0;
		r->sign = sign;
		r->month = slavic_month(r, word, len, month);
		r->sign = 0;
	} else if (r->has_time) {
		parse_zone_word(r, word, len);
	} else {
		note_weekday(r, day, word);
	}
	/* Else a weekday, "of", "de", "at": it adds nothing. */
}

static void
parse_digits(struct date_reading *r)
{
	char sign = r->sign;
	struct date_number n = parse_number(r);

	if (r->has_time && (sign == '+' || sign == '-') && !r->unknown_zone) {
		parse_offset(r, sign, n);
	} else if (next_is_colon_digit(r)) {
		parse_clock(r, n);
	} else if (r->wants_time && !r->has_time) {
		parse_compact_clock(r, n);
	} else if (parse_marked(r, n)) {
		return;
	} else if (r->number_count < READING_NUMBERS) {
		r->numbers[r->number_count++] = n;
		r->has_year_dot |= n.digits == 4 && r->at < r->end && *r->at == '.' &&
		    (r->at + 1 == r->end || r->at[1] == ' ');
	} else {
		r->failed = true;
	}
}

static void
parse_all(struct date_reading *r)
{
	while (r->at < r->end && !r->failed) {
		char c = *r->at;

		if (ascii_is_digit(c)) {
			parse_digits(r);
		} else if (is_letter(c)) {
			parse_word(r);
		} else if (strchr(" \t\n,.'\"/-+", c)) {
			if (c != ' ' && c != '"')
				r->sign = c;
			r->at++;
		} else {
			r->failed = true;
		}
	}
}

/* Seconds (with a fraction or not), milli- or microseconds, told by the number of digits. */
static bool
is_unix_time(const char *text, size_t len, int64_t *t)
{
	size_t digits = 0;
	size_t i = 0;
	int64_t n = 0;

	for (; digits < len && ascii_is_digit(text[digits]); digits++)
		n = digits < 16 ? n * 10 + (text[digits] - '0') : 0;
	for (i = digits + 1; i < len; i++)
		if (!ascii_is_digit(text[i]))
			return false;
	if ((digits == 9 || digits == 10) &&
	    (digits == len || (text[digits] == '.' && len > digits + 1)))
		*t = n;
	else if (digits == 13 && digits == len)
		*t = n / 1000;
	else if (digits == 16 && digits == len)
		*t = n / 1000000;
	else
		return false;
	return true;
}

/* "/Date(1767607200000+0100)/" of .NET: milliseconds; the zone is for show only. */
static bool
is_json_date(const char *text, size_t len, int64_t *t)
{
	const char *at = text + strlen("/Date(");
	const char *end = text + len;
	int64_t n = 0;
	size_t digits = 0;

	if (!ascii_starts_nocase(text, "/Date(") || len < 9 || end[-1] != '/' ||
	    end[-2] != ')')
		return false;
	for (end -= 2; at < end && ascii_is_digit(*at) && digits < 14; at++, digits++)
		n = n * 10 + (*at - '0');
	if (at < end && (*at == '+' || *at == '-') && end - at == 5)
		for (at++; at < end && ascii_is_digit(*at);)
			at++;
	*t = n / 1000;
	/* Fewer digits are seconds by mistake, or "not set". */
	return digits >= 12 && at == end;
}

/* Takes comments in parentheses out; returns the length left. */
static size_t
drop_comments(char *text, size_t len)
{
	size_t n = 0;
	unsigned depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '(')
			depth++;
		else if (text[i] == ')' && depth)
			depth--;
		else if (!depth)
			text[n++] = text[i];
	}
	text[n] = '\0';
	return n;
}

/*
 * "...+01:00[Europe/Paris]": Java names the zone behind an offset, which then counts.  Returns
 * the length without it; the name stays behind that.
 */
static size_t
drop_bracket(char *text, size_t len, struct date_zone_name *zone)
{
	size_t at = len ? len - 1 : 0;

	if (len == 0 || text[at] != ']')
		return len;
	while (at > 0 &&
	    (is_letter(text[at - 1]) || ascii_is_digit(text[at - 1]) ||
		strchr("/_+-:", text[at - 1])))
		at--;
	if (at < 2 || text[at - 1] != '[' || !is_letter(text[at]) ||
	    !(ascii_is_digit(text[at - 2]) || text[at - 2] == 'Z'))
		return len;
	*zone = (struct date_zone_name){ text + at, len - 1 - at };
	text[at - 1] = '\0';
	return at - 1;
}

/* Also "10:00:00 America/New_York". */
static size_t
drop_zone_name(char *text, size_t len, struct date_zone_name *zone)
{
	const size_t name = date_zone_name_at_end(text, len);

	if (name == 0)
		return drop_bracket(text, len, zone);
	*zone = (struct date_zone_name){ text + len - name, name };
	return len - name;
}

/* t was read without an offset and counts as UTC. */
static int64_t
move_to_zone(int64_t t, struct date_zone_name zone, enum date_note *note)
{
	int seconds = 0;

	if (zone.len == 0 || *note != DATE_NO_ZONE)
		return t;
	if (!date_zone_named(zone.name, zone.len, t, &seconds)) {
		*note = DATE_UNKNOWN_ZONE;
		return t;
	}
	*note = DATE_EXACT;
	return t - seconds;
}

/* "Not set", in some zone of the world: programs write the zero of their clock. */
static bool
is_epoch(int64_t t)
{
	return t > -86400 && t < 86400;
}

/* The zone may have moved it out of the years that are believed. */
static bool
is_believable(int64_t t)
{
	const struct civil first = { .year = YEAR_MIN, .month = 1, .day = 1 };
	const struct civil beyond = { .year = YEAR_MAX + 1, .month = 1, .day = 1 };
	int64_t from = 0;
	int64_t to = 0;

	return clock_instant(&first, 0, &from) && clock_instant(&beyond, 0, &to) &&
	    t >= from && t < to && !is_epoch(t);
}

/* The reading of words, numbers and signs; TIME_NONE with *note = DATE_UNREADABLE. */
static int64_t
read_words(char *copy, size_t len, enum date_note *note)
{
	struct date_reading r = { 0 };
	struct date_zone_name zone = { "", 0 };
	int64_t t = TIME_NONE;
	size_t n = drop_comments(copy, len);

	if (n == 0 || n >= DATE_TEXT_MAX)
		return TIME_NONE;
	r.at = copy;
	r.end = copy + drop_zone_name(copy, n, &zone);
	parse_all(&r);
	t = r.failed ? TIME_NONE : date_resolve(&r, note);
	return t == TIME_NONE ? t : move_to_zone(t, zone, note);
}

int64_t
date_read(const char *text, size_t len, enum date_note *note)
{
	char copy[DATE_COPY_MAX] = "";
	int64_t t = TIME_NONE;
	size_t n = 0;

	*note = DATE_UNREADABLE;
	ascii_trim(&text, &len);
	n = date_copy_plain(text, len, copy, sizeof copy);
	if (is_unix_time(copy, n, &t) || is_json_date(copy, n, &t))
		*note = DATE_EXACT;
	else
		t = read_words(copy, n, note);
	if (t != TIME_NONE && is_believable(t))
		return t;
	*note = DATE_UNREADABLE;
	return TIME_NONE;
}
