/* SPDX-License-Identifier: ISC */
/* How often strangers may ask: the words of rates, what they allow, and whose network is whose. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "list/ask_limits.h"

static void
rates_are_read_as_written(void **state)
{
	static const struct {
		const char *text;
		int count; /* -1: none */
		int64_t first, seconds, last, last_seconds;
	} cases[] = {
		{ "", 0, 0, 0, 0, 0 },
		{ "  ", 0, 0, 0, 0, 0 },
		{ "5 per 1h", 1, 5, 3600, 5, 3600 },
		{ "1 per 24h, 3 per 30d", 2, 1, 86400, 3, 2592000 },
		{ " 1  per 24h ,3 per 30d ", 2, 1, 86400, 3, 2592000 },
		{ "1 per 1s,2 per 2s,3 per 3s,4 per 4s", 4, 1, 1, 4, 4 },
		{ "1 per 1s,2 per 2s,3 per 3s,4 per 4s,5 per 5s", -1, 0, 0, 0, 0 },
		{ "5", -1, 0, 0, 0, 0 },
		{ "5 per", -1, 0, 0, 0, 0 },
		{ "5 in 1h", -1, 0, 0, 0, 0 },
		{ "0 per 1h", -1, 0, 0, 0, 0 },
		{ "-1 per 1h", -1, 0, 0, 0, 0 },
		{ "10001 per 1h", -1, 0, 0, 0, 0 },
		{ "99999999999999999999 per 1h", -1, 0, 0, 0, 0 },
		{ "5 per 0s", -1, 0, 0, 0, 0 },
		{ "5 per 1h,", -1, 0, 0, 0, 0 },
		{ "5 per 1h 3 per 2h", -1, 0, 0, 0, 0 },
		{ ",", -1, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rates rates;
		const bool ok = rates_parse(cases[i].text, &rates);

		SAME_INT(cases[i].text, ok, cases[i].count >= 0);
		if (!ok || cases[i].count == 0)
			continue;
		SAME_INT(cases[i].text, rates.count, cases[i].count);
		SAME_INT(cases[i].text, rates.list[0].count, cases[i].first);
		SAME_INT(cases[i].text, rates.list[0].seconds, cases[i].seconds);
		SAME_INT(cases[i].text, rates.list[rates.count - 1].count, cases[i].last);
		SAME_INT(cases[i].text, rates.list[rates.count - 1].seconds,
		    cases[i].last_seconds);
	}
}

static void
a_rate_is_reached_by_what_lies_within_its_time(void **state)
{
	static const struct {
		const char *name, *rates;
		int64_t ago[4]; /* seconds before now; closed by 0, unless first */
		size_t count;
		bool reached;
	} cases[] = {
		{ "nothing before", "1 per 24h", { 0 }, 0, false },
		{ "one a moment ago", "1 per 24h", { 1 }, 1, true },
		{ "one within the day", "1 per 24h", { 86399 }, 1, true },
		{ "one a day ago", "1 per 24h", { 86400 }, 1, false },
		{ "two of three in a month", "1 per 24h, 3 per 30d", { 90000, 180000 }, 2,
		    false },
		{ "three in a month", "1 per 24h, 3 per 30d", { 90000, 180000, 270000 },
		    3, true },
		{ "the fourth after a month", "1 per 24h, 3 per 30d",
		    { 90000, 180000, 2592000 }, 3, false },
		{ "a clock that was ahead", "1 per 24h", { -50000 }, 1, true },
		{ "no rates at all", "", { 1, 2, 3, 4 }, 4, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rates rates;
		int64_t times[4];

		assert_true(rates_parse(cases[i].rates, &rates));
		for (size_t n = 0; n < cases[i].count; n++)
			times[n] = NOW - cases[i].ago[n];
		SAME_INT(cases[i].name,
		    limits_reached(&rates, times, cases[i].count, NOW), cases[i].reached);
	}
}

static void
the_longest_time_and_the_highest_number_are_enough_to_decide(void **state)
{
	struct rates rates;

	(void)state;
	assert_true(rates_parse("5 per 1h, 3 per 30d", &rates));
	SAME_INT("window", limits_window(&rates), 2592000);
	SAME_INT("most", limits_most(&rates), 5);
}

static void
an_address_belongs_to_a_network(void **state)
{
	static const struct {
		const char *ip, *network;
	} cases[] = {
		{ "203.0.113.77", "203.0.113.0/24" },
		{ "::ffff:203.0.113.77", "203.0.113.0/24" },
		{ "2001:db8:1:2ff::1", "2001:db8:1:200::/56" },
		{ "2001:db8:1:2ab:ffff:ffff:ffff:ffff", "2001:db8:1:200::/56" },
		{ "::1", "::/56" },
		{ "127.0.0.1", "127.0.0.0/24" },
		{ "203.0.113", "(none)" },
		{ "203.0.113.77:80", "(none)" },
		{ "fe80::1%eth0", "(none)" },
		{ "", "(none)" },
		{ "unknown", "(none)" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		SAME_TEXT(cases[i].ip, limits_network(a, cases[i].ip), cases[i].network);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_read_as_written),
		cmocka_unit_test(a_rate_is_reached_by_what_lies_within_its_time),
		cmocka_unit_test(
		    the_longest_time_and_the_highest_number_are_enough_to_decide),
		cmocka_unit_test(an_address_belongs_to_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
