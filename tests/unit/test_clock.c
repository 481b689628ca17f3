/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"

/* clang-format off */
static const struct { const char *text; bool good; int64_t t; } parse_cases[] = {
	{ "1970-01-01", true, 0 }, { "2026-11-24", true, 1795478400 },
	{ "2026-11-24T06:30", true, 1795501800 }, { "2026-11-24 06:30:11+01:00", true, 1795498211 },
	{ "2026-11-24T06:30:11Z", true, 1795501811 }, { "2026-11-24t06:30:11z", true, 1795501811 },
	{ "2026-11-24T06:30:11.999Z", true, 1795501811 }, { "2026-11-24T06:30 -0330", true, 1795514400 },
	{ "2026-11-24T06:30+01", true, 1795498200 }, { "@1764000000", true, 1764000000 },
	{ "@-1", true, -1 }, { "2024-02-29", true, 1709164800 }, { "0001-01-01", true, -62135596800 },
	{ "9999-12-31T23:59:59Z", true, 253402300799 }, { "1900-02-28", true, -2203977600 },
	{ "", false, 0 }, { "@", false, 0 }, { "@x", false, 0 }, { "@1e3", false, 0 },
	{ "@99999999999999999999", false, 0 }, { "2026-02-29", false, 0 }, { "1900-02-29", false, 0 },
	{ "2026-13-01", false, 0 }, { "2026-00-01", false, 0 }, { "2026-04-31", false, 0 },
	{ "0000-01-01", false, 0 }, { "2026-11-24T24:00", false, 0 }, { "2026-11-24T06:60", false, 0 },
	{ "2026-11-24T06:30:60", false, 0 }, { "2026-11-24T06", false, 0 }, { "2026-11-24Z", false, 0 },
	{ "2026-11-24T06:30+25:00", false, 0 }, { "2026-11-24T06:30 ", false, 0 },
	{ "2026-11-24x", false, 0 }, { "26-11-24", false, 0 }, { "2026-1-1", false, 0 },
	{ "@0", true, 0 }, { "@253402300799", true, 253402300799 }, { "@253402300800", false, 0 },
	{ "@-62135596800", true, -62135596800 }, { "@-62135596801", false, 0 }, { "@-", false, 0 },
	{ "@12-", false, 0 }, { "@1/", false, 0 }, { "@1:", false, 0 }, { "@ 1", false, 0 },
	{ "2026-11-24T06:30+23:59", true, 1795415460 }, { "2026-11-24T06:30+24:00", false, 0 },
	{ "2026-11-24T06:30+00:59", true, 1795498260 }, { "2026-11-24T06:30+00:60", false, 0 },
	{ "2026-11-24T06:30-00:01", true, 1795501860 }, { "2026-11-24T06:30+01:", false, 0 },
	{ "2026-11-24T06:30+0100x", false, 0 }, { "2026-11-24T06:30+x", false, 0 },
	{ "2026-11-24T06:30x", false, 0 }, { "2026-11-24T06:30:", false, 0 },
	{ "2026-11-24T06:30:1", false, 0 }, { "2026-11-24T06:30:11.5", true, 1795501811 },
	{ "2026-11-24T06:30:11.0x", false, 0 }, { "2026-11-24T00:00:00", true, 1795478400 },
	{ "2026-11-24T23:59:59", true, 1795564799 }, { "2026-12-31", true, 1798675200 },
	{ "2026-12-32", false, 0 }, { "2026-11-31", false, 0 }, { "2026-11-00", false, 0 },
	{ "2026:11-24", false, 0 }, { "2026-11:24", false, 0 }, { "2026-11-2/", false, 0 },
	{ "2026-11-2:", false, 0 }, { "2026-11-24T06:30 +0100", true, 1795498200 },
	{ "2026-11-24T06:30:11.Z", false, 0 }, { "2026-11-24T06:30+1", false, 0 },
};
/* clang-format on */

static void
dates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parse_cases); i++) {
		int64_t t = 0;
		bool good = clock_parse(parse_cases[i].text, &t);

		if (good != parse_cases[i].good || (good && t != parse_cases[i].t))
			fail_msg("\"%s\": got %d %lld, want %d %lld", parse_cases[i].text,
			    good, (long long)t, parse_cases[i].good,
			    (long long)parse_cases[i].t);
	}
}

/* clang-format off */
static const struct { int64_t t; int offset; const char *rfc3339, *rfc5322; } texts[] = {
	{ 1795501811, 0, "2026-11-24T06:30:11Z", "Tue, 24 Nov 2026 06:30:11 +0000" },
	{ 1795501811, 3600, "2026-11-24T06:30:11Z", "Tue, 24 Nov 2026 07:30:11 +0100" },
	{ 1795501811, -12600, "2026-11-24T06:30:11Z", "Tue, 24 Nov 2026 03:00:11 -0330" },
	{ 1795501811, 561, "2026-11-24T06:30:11Z", "Tue, 24 Nov 2026 06:39:11 +0009" },
	{ 0, 0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000" },
	{ -1, 0, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000" },
	{ 951782400, 0, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 +0000" },
	{ INT64_MIN, 0, "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 +0000" },
	{ INT64_MAX, 3600, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 +0100" },
};
/* clang-format on */

static void
instants_are_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char out[CLOCK_TEXT];

		assert_string_equal(clock_rfc3339(texts[i].t, out), texts[i].rfc3339);
		assert_string_equal(clock_rfc5322(texts[i].t, texts[i].offset, out),
		    texts[i].rfc5322);
	}
}

static void
every_day_follows_the_one_before(void **state)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct civil want = { .year = 1, .month = 1, .day = 1, .weekday = 1 };
	int64_t t = INT64_C(-62135596800);

	(void)state;
	for (; want.year < 10000; t += 86400) {
		struct civil got = clock_civil(t + 86399, 0);
		int leap =
		    (want.year % 4 == 0 && want.year % 100 != 0) || want.year % 400 == 0;
		int64_t back = 0;

		if (got.year != want.year || got.month != want.month ||
		    got.day != want.day || got.weekday != want.weekday ||
		    got.yearday != want.yearday || got.hour != 23 || got.minute != 59 ||
		    got.second != 59)
			fail_msg("%d-%d-%d: got %d-%d-%d", want.year, want.month,
			    want.day, got.year, got.month, got.day);
		if (!clock_instant(&got, 0, &back) || back != t + 86399 ||
		    clock_day_number(&got) !=
			(t - INT64_C(-62135596800)) / 86400 - 719162)
			fail_msg("%d-%d-%d does not come back", want.year, want.month,
			    want.day);
		want.weekday = (want.weekday + 1) % 7;
		want.yearday++;
		if (++want.day > lengths[want.month - 1] + (want.month == 2 && leap)) {
			want.day = 1;
			want.month++;
		}
		if (want.month == 13) {
			want.month = 1;
			want.yearday = 0;
			want.year++;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read),
		cmocka_unit_test(instants_are_written),
		cmocka_unit_test(every_day_follows_the_one_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
