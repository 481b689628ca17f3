/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/hour_count.h"

/* What was given, "minute:letters ..." behind minute 1000; when one more may go, in seconds. */
static const struct {
	const char *name, *given;
	int64_t most, now_s, want_s;
} cases[] = {
	{ "nothing was given", "", 5, 60030, 60030 },
	{ "less than may be", "0:4", 5, 60030, 60030 },
	{ "all in this minute", "0:5", 5, 60030, 63660 },
	{ "its last second", "0:5", 5, 63659, 63660 },
	{ "and over", "0:5", 5, 63660, 63660 },
	{ "some earlier, some later: the earlier go first", "0:2 10:3", 5, 60630, 63660 },
	{ "one more than may be, from before the setting", "0:1 10:5", 5, 60630, 64260 },
	{ "an hour and more ago", "0:5", 5, 64000, 64000 },
	{ "two minutes past a full hour", "0:1 1:5", 5, 63660, 63720 },
	{ "ahead of a clock that was put back", "30:5", 5, 60000, 65460 },
	{ "one an hour", "0:1", 1, 60001, 63660 },
	{ "counted back", "0:5 0:-1", 5, 60030, 60030 },
};

static void
fill(struct hour_count *h, const char *given)
{
	memset(h, 0, sizeof(*h));
	while (*given) {
		char *end = NULL;
		const int64_t minute = 1000 + strtoll(given, &end, 10);

		hour_count_add(h, minute, strtoll(end + 1, &end, 10));
		given = end + (*end == ' ');
	}
}

static void
an_hour_is_free_when_enough_of_it_has_passed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hour_count h;
		int64_t got = 0;

		fill(&h, cases[i].given);
		got = hour_count_free_at(&h, cases[i].most, cases[i].now_s * 1000);
		if (got != cases[i].want_s * 1000)
			fail_msg("%s: got %lld ms, want %lld s", cases[i].name,
			    (long long)got, (long long)cases[i].want_s);
	}
}

static void
minutes_are_forgotten_when_they_are_over_an_hour_old(void **state)
{
	struct hour_count h;

	(void)state;
	fill(&h, "0:7");
	assert_int_equal(hour_count_of(&h, 1000), 7);
	hour_count_add(&h, 1060, 1);
	assert_int_equal(hour_count_of(&h, 1000), 7);
	hour_count_add(&h, 1061, 2);
	assert_int_equal(hour_count_of(&h, 1000), 0);
	assert_int_equal(hour_count_of(&h, 1061), 2);
	hour_count_add(&h, 1000, 9);
	assert_int_equal(hour_count_of(&h, 1061), 2);
	/* The oldest of the sixty-one, and one that is older; what has not come yet; none. */
	hour_count_add(&h, 1001, 4);
	assert_int_equal(hour_count_of(&h, 1001), 4);
	assert_int_equal(hour_count_of(&h, 1000), 0);
	assert_int_equal(hour_count_of(&h, 1062), 0);
	hour_count_add(&h, -1, 5);
	assert_int_equal(hour_count_of(&h, -1), 0);
	assert_int_equal(hour_count_of(&h, 1060), 1);
	hour_count_add(&h, 1061, 3);
	assert_int_equal(hour_count_of(&h, 1061), 5);
	hour_count_add(&h, 1000000, 1);
	assert_int_equal(hour_count_of(&h, 1061), 0);
	assert_int_equal(hour_count_of(&h, 1000000), 1);
}

static void
the_first_minutes_count(void **state)
{
	struct hour_count h = { 0 };

	(void)state;
	hour_count_add(&h, 0, 3);
	assert_int_equal(hour_count_of(&h, 0), 3);
	hour_count_add(&h, 1, 4);
	assert_int_equal(hour_count_of(&h, 0), 3);
	assert_int_equal(hour_count_of(&h, 1), 4);
	hour_count_add(&h, 62, 1);
	assert_int_equal(hour_count_of(&h, 0), 0);
	assert_int_equal(hour_count_of(&h, 1), 0);
	assert_int_equal(hour_count_of(&h, 62), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_hour_is_free_when_enough_of_it_has_passed),
		cmocka_unit_test(the_first_minutes_count),
		cmocka_unit_test(minutes_are_forgotten_when_they_are_over_an_hour_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
