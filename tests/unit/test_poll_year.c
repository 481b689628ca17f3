/* SPDX-License-Identifier: ISC */
/* The short form of tests/bench/bench_polls.c: a season of sixty blogs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/poll_year.h"

enum { BLOGS = 60, DAYS = 120 };

/*
 * Goals of the year: a third of the requests of an hourly poll where posts are seen as soon as
 * by that, and no post misses the letter it was there for.
 */
static void
a_third_of_the_requests_see_posts_as_soon(void **state)
{
	static struct year_blog blogs[BLOGS];
	struct year_result ours = { 0 };
	struct year_result quick = { 0 };
	struct year_result hourly = { 0 };
	uint64_t seed = 60;

	(void)state;
	for (size_t i = 0; i < BLOGS; i++)
		year_make_blog(&blogs[i], &seed, DAYS);
	assert_true(year_run(blogs, BLOGS, YEAR_OURS, YEAR_HOUR, DAYS, &ours));
	assert_true(year_run(blogs, BLOGS, YEAR_OURS, YEAR_TIMER, DAYS, &quick));
	assert_true(year_run(blogs, BLOGS, YEAR_HOURLY, YEAR_HOUR, DAYS, &hourly));
	assert_in_range(hourly.posts, 100, 5000);
	assert_int_equal(hourly.requests, BLOGS * DAYS * 24);
	assert_true(ours.requests * 4 <= hourly.requests);
	assert_true(quick.requests * 3 <= hourly.requests);
	assert_true(quick.median <= hourly.median);
	assert_true(ours.median <= 2 * hourly.median);
	assert_int_equal(ours.missed, 0);
	assert_int_equal(quick.missed, 0);
	for (size_t i = 0; i < BLOGS; i++)
		free(blogs[i].posts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_third_of_the_requests_see_posts_as_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
