/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "feed/date_zones.h"

enum { NO_ZONE = -1 };

static const struct {
	const char *zone, *clocks;
	int want;
} clock_cases[] = {
	/* Europe: the last Sundays of March and October, at one o'clock UTC. */
	{ "Europe/London", "2026-03-29T00:59:59Z", 0 },
	{ "Europe/London", "2026-03-29T02:00:00Z", 60 },
	{ "Europe/London", "2026-10-25T01:59:59Z", 60 },
	{ "Europe/London", "2026-10-25T02:00:00Z", 0 },
	{ "Europe/Paris", "2026-03-29T01:59:59Z", 60 },
	{ "Europe/Paris", "2026-03-29T03:00:00Z", 120 },
	{ "Europe/Paris", "2026-10-25T02:59:59Z", 120 },
	{ "Europe/Paris", "2026-10-25T03:00:00Z", 60 },
	{ "Europe/Helsinki", "2026-03-29T02:59:59Z", 120 },
	{ "Europe/Helsinki", "2026-03-29T04:00:00Z", 180 },
	{ "Europe/Paris", "2026-07-01T12:00:00Z", 120 },
	{ "Europe/Paris", "2026-01-01T00:00:00Z", 60 },
	{ "Europe/Paris", "2026-12-31T23:59:59Z", 60 },
	/* A month that ends with a Sunday, and one that begins with one. */
	{ "Europe/Paris", "2024-03-31T01:59:59Z", 60 },
	{ "Europe/Paris", "2024-03-31T03:00:00Z", 120 },
	{ "Europe/Paris", "2023-10-29T03:00:00Z", 60 },
	{ "Europe/Paris", "2027-10-31T02:59:59Z", 120 },
	{ "Europe/Paris", "2027-10-31T03:00:00Z", 60 },
	/* America: the second Sunday of March, the first of November, at two. */
	{ "America/New_York", "2026-03-08T01:59:59Z", -300 },
	{ "America/New_York", "2026-03-08T03:00:00Z", -240 },
	{ "America/New_York", "2026-11-01T01:59:59Z", -240 },
	{ "America/New_York", "2026-11-01T02:00:00Z", -300 },
	{ "America/New_York", "2027-03-14T01:59:59Z", -300 },
	{ "America/New_York", "2027-03-14T03:00:00Z", -240 },
	{ "America/New_York", "2027-11-07T01:59:59Z", -240 },
	{ "America/New_York", "2027-11-07T02:00:00Z", -300 },
	{ "America/St_Johns", "2026-07-01T00:00:00Z", -150 },
	/* Australia: the first Sundays of October and April, at two and three. */
	{ "Australia/Sydney", "2026-04-05T02:59:59Z", 660 },
	{ "Australia/Sydney", "2026-04-05T03:00:00Z", 600 },
	{ "Australia/Sydney", "2026-10-04T01:59:59Z", 600 },
	{ "Australia/Sydney", "2026-10-04T03:00:00Z", 660 },
	{ "Australia/Sydney", "2026-01-15T00:00:00Z", 660 },
	{ "Australia/Sydney", "2026-07-15T00:00:00Z", 600 },
	{ "Australia/Adelaide", "2026-12-15T00:00:00Z", 630 },
	{ "Australia/Brisbane", "2026-12-15T00:00:00Z", 600 },
	/* New Zealand: from the last Sunday of September on. */
	{ "Pacific/Auckland", "2026-04-05T02:59:59Z", 780 },
	{ "Pacific/Auckland", "2026-04-05T03:00:00Z", 720 },
	{ "Pacific/Auckland", "2026-09-27T01:59:59Z", 720 },
	{ "Pacific/Auckland", "2026-09-27T03:00:00Z", 780 },
	/* Before 1970, where days count downwards: the 30th of March 1969 was a Sunday. */
	{ "Europe/Berlin", "1969-03-30T01:59:59Z", 60 },
	{ "Europe/Berlin", "1969-03-30T03:00:00Z", 120 },
	/* No summer time, and names whose case or region is another. */
	{ "Asia/Tokyo", "2026-07-01T00:00:00Z", 540 },
	{ "Asia/Kathmandu", "2026-07-01T00:00:00Z", 345 },
	{ "US/Eastern", "2026-07-01T00:00:00Z", -240 },
	{ "Etc/UTC", "2026-07-01T00:00:00Z", 0 },
	{ "europe/paris", "2026-01-15T00:00:00Z", 60 },
	{ "America/Argentina/Buenos_Aires", "2026-01-15T00:00:00Z", -180 },
	{ "Tokyo", "2026-01-15T00:00:00Z", 540 },
	{ "Asia/Tokyo2", "2026-01-15T00:00:00Z", NO_ZONE },
	{ "Asia/Toky", "2026-01-15T00:00:00Z", NO_ZONE },
	{ "Asia/", "2026-01-15T00:00:00Z", NO_ZONE },
	{ "", "2026-01-15T00:00:00Z", NO_ZONE },
};

/* Clocks of a zone show so; minutes east of UTC then. */
static void
clocks_are_so_far_east(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clock_cases); i++) {
		int64_t clocks = 0;
		int seconds = 0;
		const bool known = clock_parse(clock_cases[i].clocks, &clocks) &&
		    date_zone_named(clock_cases[i].zone, strlen(clock_cases[i].zone),
			clocks, &seconds);

		if (known != (clock_cases[i].want != NO_ZONE) ||
		    (known && seconds != clock_cases[i].want * 60))
			fail_msg("%s, %s: got %d s, want %d min", clock_cases[i].zone,
			    clock_cases[i].clocks, seconds, clock_cases[i].want);
	}
}

static void
names_at_the_end_of_dates(void **state)
{
	static const struct {
		const char *text;
		size_t want; /* bytes of the name */
	} cases[] = {
		{ "2026-11-24 06:30 Europe/Paris", 12 },
		{ "06:30 America/Port-au-Prince", 22 },
		{ "x America/New_York", 16 },
		{ "06:30 Europe", 0 },
		{ "Europe/Paris", 0 }, /* nothing stands before it */
		{ "06:30\tEurope/Paris", 0 },
		{ "06:30 /Paris", 0 },
		{ "06:30 Europe/Paris ", 0 },
		{ "06:30 Etc/GMT5", 0 },
		{ " a/b", 3 },
		{ "", 0 },
		{ "/", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t got =
		    date_zone_name_at_end(cases[i].text, strlen(cases[i].text));

		if (got != cases[i].want)
			fail_msg("%s: got %zu, want %zu", cases[i].text, got,
			    cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_are_so_far_east),
		cmocka_unit_test(names_at_the_end_of_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
