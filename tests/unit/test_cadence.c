/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "model/cadence.h"

#define DAILY(h, m) \
	{ \
		RHYTHM_DAILY, 0, (h)*60 + (m), NULL \
	}
#define WEEKDAYS(h, m) \
	{ \
		RHYTHM_WEEKDAYS, 0, (h)*60 + (m), NULL \
	}
#define WEEKLY(d, h, m) \
	{ \
		RHYTHM_WEEKLY, (d), (h)*60 + (m), NULL \
	}
#define MONTHLY(d, h, m) \
	{ \
		RHYTHM_MONTHLY, (d), (h)*60 + (m), NULL \
	}

/* 2026-11-24 is a Tuesday.  Berlin: summer time ends 2026-10-25, begins 2026-03-29. */
static const struct {
	const char *name;
	struct cadence schedule;
	const char *zone;
	const char *now, *last, *next;
} cases[] = {
	{ "daily, before", DAILY(7, 0), "UTC", "2026-11-24T06:59:59Z",
	    "2026-11-23T07:00:00Z", "2026-11-24T07:00:00Z" },
	{ "daily, at the stroke", DAILY(7, 0), "UTC", "2026-11-24T07:00:00Z",
	    "2026-11-24T07:00:00Z", "2026-11-25T07:00:00Z" },
	{ "daily, after", DAILY(7, 0), "UTC", "2026-11-24T23:59:59Z",
	    "2026-11-24T07:00:00Z", "2026-11-25T07:00:00Z" },
	{ "the zone's own wall clock", DAILY(7, 0), "Europe/Berlin",
	    "2026-11-24T06:30:00Z", "2026-11-24T06:00:00Z", "2026-11-25T06:00:00Z" },
	{ "the local day is ahead of UTC", DAILY(0, 30), "Asia/Tokyo",
	    "2026-11-24T16:00:00Z", "2026-11-24T15:30:00Z", "2026-11-25T15:30:00Z" },
	{ "weekdays on a Friday evening", WEEKDAYS(7, 0), "UTC", "2026-11-27T20:00:00Z",
	    "2026-11-27T07:00:00Z", "2026-11-30T07:00:00Z" },
	{ "weekdays on a Sunday", WEEKDAYS(7, 0), "UTC", "2026-11-29T20:00:00Z",
	    "2026-11-27T07:00:00Z", "2026-11-30T07:00:00Z" },
	{ "weekly on Monday", WEEKLY(1, 6, 30), "UTC", "2026-11-24T00:00:00Z",
	    "2026-11-23T06:30:00Z", "2026-11-30T06:30:00Z" },
	{ "weekly on Sunday", WEEKLY(0, 6, 30), "UTC", "2026-11-22T06:29:59Z",
	    "2026-11-15T06:30:00Z", "2026-11-22T06:30:00Z" },
	{ "monthly", MONTHLY(1, 7, 0), "UTC", "2026-11-24T00:00:00Z",
	    "2026-11-01T07:00:00Z", "2026-12-01T07:00:00Z" },
	{ "monthly over the year's end", MONTHLY(15, 7, 0), "UTC", "2026-12-31T00:00:00Z",
	    "2026-12-15T07:00:00Z", "2027-01-15T07:00:00Z" },
	{ "the 31st of a short month is its last", MONTHLY(31, 7, 0), "UTC",
	    "2027-02-20T00:00:00Z", "2027-01-31T07:00:00Z", "2027-02-28T07:00:00Z" },
	{ "the 31st in a leap year", MONTHLY(31, 7, 0), "UTC", "2028-02-20T00:00:00Z",
	    "2028-01-31T07:00:00Z", "2028-02-29T07:00:00Z" },
	{ "summer time ends between two letters", DAILY(7, 0), "Europe/Berlin",
	    "2026-10-24T12:00:00Z", "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z" },
	{ "the hour that occurs twice strikes once", DAILY(2, 30), "Europe/Berlin",
	    "2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
	{ "the hour that is skipped strikes at the jump", DAILY(2, 30), "Europe/Berlin",
	    "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z" },
	{ "the last minute of a day", DAILY(23, 59), "UTC", "2026-11-24T12:00:00Z",
	    "2026-11-23T23:59:00Z", "2026-11-24T23:59:00Z" },
	{ "before the skipped hour", DAILY(2, 30), "Europe/Berlin",
	    "2026-03-29T00:59:59Z", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z" },
};

static void
expect(const char *name, const char *what, int64_t got, const char *want)
{
	char text[CLOCK_TEXT] = "none";

	if (got != TIME_NONE)
		(void)clock_rfc3339(got, text);
	if (strcmp(text, want) != 0)
		fail_msg("%s: %s: got %s, want %s", name, what, text, want);
}

static void
test_schedules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;
		struct zone *z = zone_open(cases[i].zone, &err);
		int64_t now = 0;

		if (!z)
			fail_msg("%s: %s", cases[i].name, err.text);
		assert_true(clock_parse(cases[i].now, &now));
		expect(cases[i].name, "last", cadence_last(&cases[i].schedule, z, now),
		    cases[i].last);
		expect(cases[i].name, "next", cadence_next(&cases[i].schedule, z, now),
		    cases[i].next);
		zone_close(z);
	}
}

static void
test_off(void **state)
{
	static const struct cadence off = { RHYTHM_EACH, 0, 0, NULL };
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);

	(void)state;
	assert_non_null(z);
	expect("off", "last", cadence_last(&off, z, 1795478400), "none");
	expect("off", "next", cadence_next(&off, z, 1795478400), "none");
	zone_close(z);
}

/* Walking from stroke to stroke through two years meets each local day exactly once. */
static void
test_once_a_day(void **state)
{
	static const struct cadence s = DAILY(2, 30);
	struct err err = ERR_INIT;
	struct zone *z = zone_open("Europe/Berlin", &err);
	int64_t t = 0;

	(void)state;
	assert_non_null(z);
	assert_true(clock_parse("2026-01-01T00:00:00Z", &t));
	for (int i = 0; i < 730; i++) {
		int64_t next = cadence_next(&s, z, t);

		assert_true(next > t);
		if (i > 0 && zone_day(z, next) != zone_day(z, t) + 1)
			fail_msg("day %d: got %d days on, want 1", i,
			    (int)(zone_day(z, next) - zone_day(z, t)));
		if (cadence_last(&s, z, next) != next)
			fail_msg("day %d: the last stroke is not the one just struck", i);
		t = next;
	}
	zone_close(z);
}

static void
test_words_of_a_schedule(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: refused */
	} words[] = {
		{ "off", "off" },
		{ "daily 07:00", "daily 07:00" },
		{ "Daily 7:00", "daily 07:00" },
		{ "weekdays 23:59", "weekdays 23:59" },
		{ "weekly mon 00:00", "weekly Monday 00:00" },
		{ "weekly Saturday 18:30", "weekly Saturday 18:30" },
		{ "weekly sunday 00:00", "weekly Sunday 00:00" },
		{ "monthly 1 00:00", "monthly 1 00:00" },
		{ "monthly 31 07:00", "monthly 31 07:00" },
		{ "each", NULL },
		{ "daily", NULL },
		{ "daily 7", NULL },
		{ "daily 24:00", NULL },
		{ "daily 07:60", NULL },
		{ "daily 07:5", NULL },
		{ "daily 007:00", NULL },
		{ "daily -7:00", NULL },
		{ "daily 07:00 08:00", NULL },
		{ "weekly 07:00", NULL },
		{ "weekly mo 07:00", NULL },
		{ "weekly Mondays 07:00", NULL },
		{ "monthly 0 07:00", NULL },
		{ "monthly 32 07:00", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct cadence c;
		struct buf b = BUF_INIT(100);
		const char *got = NULL;

		if (cadence_parse(words[i].text, &c)) {
			cadence_print(&c, &b);
			got = buf_text(&b);
		}
		if ((got == NULL) != (words[i].printed == NULL) ||
		    (got && strcmp(got, words[i].printed) != 0))
			fail_msg("\"%s\": got %s, want %s", words[i].text,
			    got ? got : "refused",
			    words[i].printed ? words[i].printed : "refused");
		buf_clear(&b);
	}
}

/* An hour alone, or with its minutes. */
static void
test_minutes_of_a_day(void **state)
{
	static const struct {
		const char *text;
		int want; /* -1: refused */
	} times[] = {
		{ "0", 0 },
		{ "7", 420 },
		{ "07", 420 },
		{ "23", 1380 },
		{ "24", -1 },
		{ "007", -1 },
		{ "-7", -1 },
		{ "7h", -1 },
		{ "0:00", 0 },
		{ "7:05", 425 },
		{ "23:59", 1439 },
		{ "23:60", -1 },
		{ "24:00", -1 },
		{ "7:5", -1 },
		{ "7:005", -1 },
		{ "7:5a", -1 },
		{ "7:", -1 },
		{ ":05", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		int minute = -1;
		const bool ok = cadence_parse_minute(times[i].text, &minute);

		if (ok != (times[i].want >= 0) || (ok && minute != times[i].want))
			fail_msg("\"%s\": got %d, %d", times[i].text, ok, minute);
	}
}

/* Of a week by three letters of its name or more, of a month by its number. */
static void
test_days_of_a_rhythm(void **state)
{
	static const struct {
		const char *text;
		enum rhythm rhythm;
		int want; /* -1: refused */
	} days[] = {
		{ "sun", RHYTHM_WEEKLY, 0 },
		{ "Tues", RHYTHM_WEEKLY, 2 },
		{ "FRIDAY", RHYTHM_WEEKLY, 5 },
		{ "sat", RHYTHM_WEEKLY, 6 },
		{ "fr", RHYTHM_WEEKLY, -1 },
		{ "t", RHYTHM_WEEKLY, -1 },
		{ "", RHYTHM_WEEKLY, -1 },
		{ "fridays", RHYTHM_WEEKLY, -1 },
		{ "5", RHYTHM_WEEKLY, -1 },
		{ "0", RHYTHM_MONTHLY, -1 },
		{ "1", RHYTHM_MONTHLY, 1 },
		{ "01", RHYTHM_MONTHLY, 1 },
		{ "31", RHYTHM_MONTHLY, 31 },
		{ "32", RHYTHM_MONTHLY, -1 },
		{ "fri", RHYTHM_MONTHLY, -1 },
		{ "fri", RHYTHM_DAILY, -1 },
		{ "1", RHYTHM_WEEKDAYS, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		int day = -1;
		const bool ok = cadence_parse_day(days[i].text, days[i].rhythm, &day);

		if (ok != (days[i].want >= 0) || (ok && day != days[i].want))
			fail_msg("\"%s\": got %d, %d", days[i].text, ok, day);
	}
}

static void
test_a_reader_leaves_to_the_newsletter_what_they_do_not_say(void **state)
{
	static const struct cadence newsletter = { RHYTHM_DAILY, 0, 420, "Europe/Paris" };
	static const struct cadence none = { RHYTHM_EACH, 0, 0, "Europe/Paris" };
	static const struct cadence open = { RHYTHM_WEEKLY, CADENCE_ANY, CADENCE_ANY,
		NULL };
	static const struct cadence own = { RHYTHM_MONTHLY, 5, 90, "Asia/Tokyo" };
	static const struct cadence month = { RHYTHM_MONTHLY, CADENCE_ANY, 90, "" };
	struct cadence c = cadence_complete(&open, &newsletter, 3);

	(void)state;
	assert_int_equal(c.rhythm, RHYTHM_WEEKLY);
	assert_int_equal(c.day, 3);
	assert_int_equal(c.minute, 420);
	assert_string_equal(c.zone, "Europe/Paris");
	c = cadence_complete(&own, &newsletter, 3);
	assert_int_equal(c.day, 5);
	assert_int_equal(c.minute, 90);
	assert_string_equal(c.zone, "Asia/Tokyo");
	c = cadence_complete(&month, &newsletter, 3);
	assert_int_equal(c.day, 1);
	assert_string_equal(c.zone, "Europe/Paris");
	assert_int_equal(cadence_complete(&open, &none, 3).minute, 0);
}

static void
test_words_of_a_time_of_day(void **state)
{
	static const struct {
		const char *text;
		int minute; /* -1: refused */
	} words[] = { { "7", 420 }, { "07", 420 }, { "18:30", 1110 }, { "0:00", 0 },
		{ "23:59", 1439 }, { "23", 1380 }, { "24", -1 }, { "24:00", -1 },
		{ "7:60", -1 }, { "7:", -1 }, { ":30", -1 }, { "", -1 }, { "7:3", -1 },
		{ "7:300", -1 }, { "seven", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		int minute = -1;

		if (!cadence_parse_minute(words[i].text, &minute))
			minute = -1;
		if (minute != words[i].minute)
			fail_msg("\"%s\": got %d, want %d", words[i].text, minute,
			    words[i].minute);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schedules),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_once_a_day),
		cmocka_unit_test(test_words_of_a_schedule),
		cmocka_unit_test(test_minutes_of_a_day),
		cmocka_unit_test(test_days_of_a_rhythm),
		cmocka_unit_test(
		    test_a_reader_leaves_to_the_newsletter_what_they_do_not_say),
		cmocka_unit_test(test_words_of_a_time_of_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
