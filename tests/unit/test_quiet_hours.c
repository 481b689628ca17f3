/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/zone.h"
#include "config/quiet_hours.h"

static const struct {
	const char *text;
	bool ok, any;
	int from, to;
} texts[] = {
	{ "", true, false, 0, 0 },
	{ "22:00-07:00", true, true, 1320, 420 },
	{ " 22:30 - 7:05 ", true, true, 1350, 425 },
	{ "12:00-13:00", true, true, 720, 780 },
	{ "20:00-24:00", true, true, 1200, 0 },
	{ "0:00-6:00", true, true, 0, 360 },
	{ "22-7", false, false, 0, 0 },
	{ "22:00", false, false, 0, 0 },
	{ "22:00-", false, false, 0, 0 },
	{ "22:00-22:00", false, false, 0, 0 },
	{ "00:00-24:00", false, false, 0, 0 },
	{ "24:01-07:00", false, false, 0, 0 },
	{ "25:00-07:00", false, false, 0, 0 },
	{ "22:60-07:00", false, false, 0, 0 },
	{ "22:5-07:00", false, false, 0, 0 },
	{ "22:00-07:00 x", false, false, 0, 0 },
	{ "off", false, false, 0, 0 },
};

static void
hours_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct quiet_hours q;
		const bool ok = quiet_hours_parse(texts[i].text, &q);

		if (ok != texts[i].ok ||
		    (ok &&
			(q.any != texts[i].any || q.from != texts[i].from ||
			    q.to != texts[i].to)))
			fail_msg("\"%s\": got %d %d %d-%d", texts[i].text, ok, q.any,
			    q.from, q.to);
	}
}

/*
 * In Paris the clock is put forward on 2026-03-29 at 02:00 (UTC+1 before, UTC+2 after) and back
 * on 2026-10-25 at 03:00.  end: "" = it is not quiet then.  begin: the next, from now on.
 */
static const struct {
	const char *name, *hours, *now, *end, *begin;
} nights[] = {
	{ "before the night", "22:00-07:00", "2026-11-24T21:59:59+01:00", "",
	    "2026-11-24T22:00:00+01:00" },
	{ "its first second", "22:00-07:00", "2026-11-24T22:00:00+01:00",
	    "2026-11-25T07:00:00+01:00", "2026-11-24T22:00:00+01:00" },
	{ "behind midnight", "22:00-07:00", "2026-11-25T03:00:00+01:00",
	    "2026-11-25T07:00:00+01:00", "2026-11-25T22:00:00+01:00" },
	{ "its last second", "22:00-07:00", "2026-11-25T06:59:59+01:00",
	    "2026-11-25T07:00:00+01:00", "2026-11-25T22:00:00+01:00" },
	{ "the morning", "22:00-07:00", "2026-11-25T07:00:00+01:00", "",
	    "2026-11-25T22:00:00+01:00" },
	{ "hours of one day", "12:00-13:30", "2026-11-25T13:29:00+01:00",
	    "2026-11-25T13:30:00+01:00", "2026-11-26T12:00:00+01:00" },
	{ "none", "", "2026-11-25T03:00:00+01:00", "", "" },
	{ "the short night ends by the new clock", "22:00-07:00",
	    "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00",
	    "2026-03-29T22:00:00+02:00" },
	{ "an end in the hour that is skipped: when the clock jumps", "22:00-02:30",
	    "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00",
	    "2026-03-29T22:00:00+02:00" },
	{ "a beginning in it: then too", "02:30-07:00", "2026-03-29T03:00:00+02:00",
	    "2026-03-29T07:00:00+02:00", "2026-03-29T03:00:00+02:00" },
	{ "the long night ends by the new clock", "22:00-07:00",
	    "2026-10-25T06:30:00+01:00", "2026-10-25T07:00:00+01:00",
	    "2026-10-25T22:00:00+01:00" },
	{ "an end in the hour that comes twice: the second time", "22:00-02:30",
	    "2026-10-25T02:29:00+02:00", "2026-10-25T02:30:00+01:00",
	    "2026-10-25T22:00:00+01:00" },
	{ "and between the two it is quiet", "22:00-02:30", "2026-10-25T02:45:00+02:00",
	    "2026-10-25T02:30:00+01:00", "2026-10-25T22:00:00+01:00" },
	{ "a beginning in it: the first time", "02:30-07:00", "2026-10-25T02:30:00+02:00",
	    "2026-10-25T07:00:00+01:00", "2026-10-25T02:30:00+02:00" },
	{ "and it stays quiet when the clock is put back", "02:30-07:00",
	    "2026-10-25T02:10:00+01:00", "2026-10-25T07:00:00+01:00",
	    "2026-10-26T02:30:00+01:00" },
};

static void
expect_instant(const char *name, const char *what, int64_t got, const char *want)
{
	int64_t t = TIME_NONE;
	char a[CLOCK_TEXT] = "none";
	char b[CLOCK_TEXT] = "none";

	if (*want && !clock_parse(want, &t))
		fail_msg("%s: a wrong date", name);
	if (got == t)
		return;
	if (got != TIME_NONE)
		(void)clock_rfc3339(got, a);
	if (t != TIME_NONE)
		(void)clock_rfc3339(t, b);
	fail_msg("%s, %s: got %s, want %s", name, what, a, b);
}

static void
the_clock_on_the_wall_decides(void **state)
{
	struct err err = ERR_INIT;
	struct zone *paris = zone_open("Europe/Paris", &err);

	(void)state;
	assert_non_null(paris);
	for (size_t i = 0; i < ARRAY_LEN(nights); i++) {
		struct quiet_hours q;
		int64_t now = 0;

		assert_true(quiet_hours_parse(nights[i].hours, &q));
		assert_true(clock_parse(nights[i].now, &now));
		expect_instant(nights[i].name, "end", quiet_hours_end(&q, paris, now),
		    nights[i].end);
		expect_instant(nights[i].name, "begin", quiet_hours_begin(&q, paris, now),
		    nights[i].begin);
	}
	zone_close(paris);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_read),
		cmocka_unit_test(the_clock_on_the_wall_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
