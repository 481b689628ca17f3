/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/zone.h"

/* What date(1) says; instants round changes, before the first and after the last of them. */
/* clang-format off */
static const struct { const char *zone; int64_t t; int offset; const char *abbr; } moments[] = {
	{ "UTC", 0, 0, "UTC" },
	{ "UTC", INT64_MAX, 0, "UTC" },
	{ "Europe/Paris", 1774745999, 3600, "CET" },   /* 2026-03-29T00:59:59Z */
	{ "Europe/Paris", 1774746000, 7200, "CEST" },
	{ "Europe/Paris", 1792889999, 7200, "CEST" },  /* 2026-10-25T00:59:59Z */
	{ "Europe/Paris", 1792890000, 3600, "CET" },
	{ "Europe/Paris", 4086000000, 7200, "CEST" },  /* 2099-06-24, by the rule */
	{ "Europe/Paris", 4102444799, 3600, "CET" },   /* 2099-12-31T23:59:59Z */
	{ "Europe/Paris", -631152000, 3600, "CET" },   /* 1950 */
	{ "America/New_York", 1772953199, -18000, "EST" },
	{ "America/New_York", 1772953200, -14400, "EDT" },
	{ "America/New_York", 1793512799, -14400, "EDT" },
	{ "America/New_York", 1793512800, -18000, "EST" },
	{ "Australia/Sydney", 1775318399, 39600, "AEDT" },
	{ "Australia/Sydney", 1775318400, 36000, "AEST" },
	{ "Australia/Lord_Howe", 1775314800, 37800, "+1030" },
	{ "Asia/Kolkata", 1795501811, 19800, "IST" },
	{ "Asia/Kathmandu", 1795501811, 20700, "+0545" },
	{ "Pacific/Apia", 1795501811, 46800, "+13" },
	{ "America/St_Johns", 1795501811, -12600, "NST" },
	{ "Europe/Dublin", 1795501811, 0, "GMT" },     /* winter is the exception there */
	{ "Europe/Dublin", 1782000000, 3600, "IST" },
	{ "Africa/Casablanca", 1795501811, 3600, "+01" },
	{ "Asia/Tokyo", 4102444799, 32400, "JST" },
	{ "Etc/GMT+12", 0, -43200, "-12" },
};
/* clang-format on */

static bool
zones_are_here(void)
{
	if (file_exists("/usr/share/zoneinfo/Europe/Paris"))
		return true;
	print_message("the system has no tzdata\n");
	return false;
}

static struct zone *
open_zone(const char *name)
{
	struct err err = ERR_INIT;
	struct zone *z = zone_open(name, &err);

	if (!z)
		fail_msg("%s", err.text);
	return z;
}

static void
offsets_are_those_of_date(void **state)
{
	(void)state;
	if (!zones_are_here())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		struct zone *z = open_zone(moments[i].zone);
		const char *abbr = NULL;
		int offset = zone_offset(z, moments[i].t, &abbr);

		if (offset != moments[i].offset || strcmp(abbr, moments[i].abbr) != 0)
			fail_msg("%s at %lld: got %d %s, want %d %s", moments[i].zone,
			    (long long)moments[i].t, offset, abbr, moments[i].offset,
			    moments[i].abbr);
		zone_close(z);
	}
}

/* clang-format off */
static const struct { const char *name, *zone, *local, *want; } clocks[] = {
	{ "winter", "Europe/Paris", "2026-01-15T12:00", "2026-01-15T11:00:00Z" },
	{ "summer", "Europe/Paris", "2026-07-15T12:00", "2026-07-15T10:00:00Z" },
	{ "before the jump", "Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z" },
	{ "skipped, first", "Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00:00Z" },
	{ "skipped, middle", "Europe/Paris", "2026-03-29T02:30", "2026-03-29T01:00:00Z" },
	{ "after the jump", "Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00:00Z" },
	{ "twice: the first", "Europe/Paris", "2026-10-25T02:30", "2026-10-25T00:30:00Z" },
	{ "after both", "Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00:00Z" },
	{ "twice in New York", "America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z" },
	{ "south", "Australia/Sydney", "2026-04-05T02:30", "2026-04-04T15:30:00Z" },
	{ "a day that was not", "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00Z" },
	{ "by the rule", "Europe/Paris", "2099-03-29T02:30", "2099-03-29T01:00:00Z" },
	{ "UTC", "UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z" },
};
/* clang-format on */

static void
a_wall_clock_means_an_instant(void **state)
{
	(void)state;
	if (!zones_are_here())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
		struct zone *z = open_zone(clocks[i].zone);
		int64_t local = 0;
		int64_t got = 0;
		struct civil c;
		char text[CLOCK_TEXT];

		assert_true(clock_parse(clocks[i].local, &local));
		c = clock_civil(local, 0);
		assert_true(zone_instant(z, &c, &got));
		if (strcmp(clock_rfc3339(got, text), clocks[i].want) != 0)
			fail_msg("%s: got %s, want %s", clocks[i].name, text,
			    clocks[i].want);
		c.month = 13;
		assert_false(zone_instant(z, &c, &got));
		zone_close(z);
	}
}

static void
entries_are_grouped_by_the_local_day(void **state)
{
	struct zone *z = NULL;

	(void)state;
	if (!zones_are_here())
		skip();
	z = open_zone("Asia/Tokyo");
	assert_int_equal(zone_day(z, 0), 0);
	assert_int_equal(zone_day(z, 15 * 3600 - 1), 0);
	assert_int_equal(zone_day(z, 15 * 3600), 1);
	assert_int_equal(zone_day(z, -9 * 3600 - 1), -1);
	assert_int_equal(zone_civil(z, 0).hour, 9);
	zone_close(z);
}

/* clang-format off */
static const struct { const char *name, *text, *hint; } wrong[] = {
	{ "Europe/Pariss", "there is no time zone 'Europe/Pariss'", "did you mean Europe/Paris?" },
	{ "europe/paris", "there is no time zone 'europe/paris'", "did you mean Europe/Paris?" },
	{ "New York", "'New York' is no name of a time zone", "write it like Europe/Paris" },
	{ "Zurich", "there is no time zone 'Zurich'", "did you mean Europe/Zurich?" },
	{ "Qwertyuiop", "there is no time zone 'Qwertyuiop'", "" },
	{ "Europe", "there is no time zone 'Europe'", NULL },
	{ "../zoneinfo/UTC", "'../zoneinfo/UTC' is no name of a time zone", NULL },
	{ "/etc/passwd", "'/etc/passwd' is no name of a time zone", NULL },
	{ "Europe/Paris\n", "'Europe/Paris\n' is no name of a time zone", NULL },
	{ "", "'' is no name of a time zone", NULL },
	{ "!", "there is no time zone '!'", NULL },
	{ "a..b", "'a..b' is no name of a time zone", NULL },
	{ "a/.b.", "there is no time zone 'a/.b.'", NULL },
	{ "a~", "there is no time zone 'a~'", NULL },
	{ "a\x7F", "'a\x7F' is no name of a time zone", NULL },
	{ "\xC3\xA9", "there is no time zone '\xC3\xA9'", NULL },
	{ "Zurich/", "there is no time zone 'Zurich/'", NULL },
	{ ":Europe/Paris", "there is no time zone ':Europe/Paris'", NULL },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "there is no time zone 'CET-1CEST,M3.5.0,M10.5.0/3'",
	    NULL },
	{ "tzdata.zi", "time zone 'tzdata.zi': /usr/share/zoneinfo/tzdata.zi is no zone file this "
	    "program can read", NULL },
	{ "right/Europe/Paris", "time zone 'right/Europe/Paris': "
	    "/usr/share/zoneinfo/right/Europe/Paris is no zone file this program can read", NULL },
};
/* clang-format on */

static void
wrong_names_get_a_hint(void **state)
{
	(void)state;
	if (!zones_are_here())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = ERR_INIT;

		if (strncmp(wrong[i].name, "right/", 6) == 0 &&
		    !file_exists("/usr/share/zoneinfo/right"))
			continue;
		if (zone_open(wrong[i].name, &err))
			fail_msg("%s was taken", wrong[i].name);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (strcmp(err.text, wrong[i].text) != 0)
			fail_msg("%s: got \"%s\"", wrong[i].name, err.text);
		if (wrong[i].hint && strcmp(err.hint, wrong[i].hint) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", wrong[i].name, err.hint,
			    wrong[i].hint);
	}
}

static void
names_are_kept(void **state)
{
	struct zone *z = NULL;

	(void)state;
	z = open_zone("UTC");
	assert_string_equal(zone_name(z), "UTC");
	zone_close(z);
	zone_close(NULL);
	z = open_zone("system");
	assert_true(zone_name(z)[0] != '\0' && zone_name(z)[0] != '/');
	zone_close(z);
	if (!zones_are_here())
		skip();
	z = open_zone("Europe/Paris");
	assert_string_equal(zone_name(z), "Europe/Paris");
	zone_close(z);
}

/* What the link says: /usr/share/zoneinfo/Europe/Paris. */
static void
the_systems_zone_has_the_name_that_its_file_has(void **state)
{
	char target[1000] = "";
	const ssize_t n = readlink("/etc/localtime", target, sizeof(target) - 1);
	const char *at = n > 0 ? strstr(target, "/zoneinfo/") : NULL;
	struct zone *z = NULL;

	(void)state;
	if (!at || !zones_are_here())
		skip();
	z = open_zone("system");
	assert_string_equal(zone_name(z), at + strlen("/zoneinfo/"));
	zone_close(z);
}

/* A hundred bytes, of which all are said. */
static void
a_name_is_so_long_at_most(void **state)
{
	char name[102];
	char want[200];

	(void)state;
	memset(name, 'q', sizeof(name));
	for (size_t len = 100; len <= 101; len++) {
		struct err err = ERR_INIT;

		name[len] = '\0';
		assert_null(zone_open(name, &err));
		(void)snprintf(want, sizeof(want),
		    len == 100 ? "there is no time zone '%.100s'"
			       : "'%.100s' is no name of a time zone",
		    name);
		assert_string_equal(err.text, want);
		name[len] = 'q';
	}
}

static void
many_zones_are_asked_in_turn(void **state)
{
	struct zone *paris = NULL;
	struct zone *tokyo = NULL;
	struct zone *utc = open_zone("UTC");

	(void)state;
	if (!zones_are_here())
		skip();
	paris = open_zone("Europe/Paris");
	tokyo = open_zone("Asia/Tokyo");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(zone_offset(paris, 1774746000, NULL), 7200);
		assert_int_equal(zone_offset(utc, 1774746000, NULL), 0);
		assert_int_equal(zone_offset(tokyo, 1774746000, NULL), 32400);
	}
	zone_leave();
	assert_null(getenv("TZ"));
	assert_int_equal(zone_offset(tokyo, 0, NULL), 32400);
	/* The keeper's own $TZ is left to a child. */
	assert_int_equal(setenv("TZ", "EST5", 1), 0);
	zone_leave();
	assert_string_equal(getenv("TZ"), "EST5");
	assert_int_equal(zone_offset(tokyo, 0, NULL), 32400);
	zone_close(tokyo);
	zone_close(paris);
	zone_close(utc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_are_those_of_date),
		cmocka_unit_test(a_wall_clock_means_an_instant),
		cmocka_unit_test(entries_are_grouped_by_the_local_day),
		cmocka_unit_test(wrong_names_get_a_hint),
		cmocka_unit_test(names_are_kept),
		cmocka_unit_test(the_systems_zone_has_the_name_that_its_file_has),
		cmocka_unit_test(a_name_is_so_long_at_most),
		cmocka_unit_test(many_zones_are_asked_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
