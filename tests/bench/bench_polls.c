/* SPDX-License-Identifier: ISC */
/*
 * How often 600 blogs are asked in a year, and how long their posts wait to be seen, by our
 * rule beside an hourly poll and miniflux's.  Computed, not timed: the same each time.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bench/poll_year.h"

enum { BLOGS = 600, DAYS = 365 };

static void
print(const char *name, const struct year_result *r, int64_t hourly)
{
	printf("%-34s %9" PRId64 " requests (%.3f of hourly), a post waits %5.1f min "
	       "(median), %5.1f (mean), %6.1f (nine in ten); %" PRId64 " of %" PRId64
	       " missed their letter\n",
	    name, r->requests, (double)r->requests / (double)hourly,
	    (double)r->median / 60, (double)r->mean / 60, (double)r->ninth / 60,
	    r->missed, r->posts);
}

/* Requests of the fixed interval whose posts wait no longer than ours, in the middle. */
static int64_t
fixed_of_median(const struct year_blog *blogs, int64_t median, struct year_result *out)
{
	int64_t every = YEAR_TIMER;
	struct year_result r;

	for (;; every += YEAR_MINUTE) {
		if (!year_run(blogs, BLOGS, YEAR_HOURLY, every, DAYS, &r) ||
		    r.median > median)
			return every - YEAR_MINUTE;
		*out = r;
	}
}

int
main(void)
{
	static struct year_blog blogs[BLOGS];
	struct year_result ours, quick, hourly, miniflux;
	struct year_result same = { 0 };
	uint64_t seed = 600;
	int64_t every = 0;
	bool met = false;

	for (size_t i = 0; i < BLOGS; i++)
		year_make_blog(&blogs[i], &seed, DAYS);
	if (!year_run(blogs, BLOGS, YEAR_OURS, YEAR_HOUR, DAYS, &ours) ||
	    !year_run(blogs, BLOGS, YEAR_OURS, YEAR_TIMER, DAYS, &quick) ||
	    !year_run(blogs, BLOGS, YEAR_HOURLY, YEAR_HOUR, DAYS, &hourly) ||
	    !year_run(blogs, BLOGS, YEAR_MINIFLUX, 0, DAYS, &miniflux))
		return 1;
	every = fixed_of_median(blogs, ours.median, &same);
	print("hourly", &hourly, hourly.requests);
	print("miniflux", &miniflux, hourly.requests);
	print("ours, every = 1h", &ours, hourly.requests);
	print("ours, every = 15m", &quick, hourly.requests);
	printf("a fixed interval of %" PRId64 " min has the median of ours", every / 60);
	print("", &same, hourly.requests);
	met = ours.requests * 3 <= same.requests &&
	    quick.requests * 3 <= hourly.requests && quick.median <= hourly.median &&
	    ours.missed == 0 && quick.missed == 0;
	printf(
	    "goal: a third of the requests of a fixed interval with the same median: %.3f, "
	    "and no post missed its letter: %s\n",
	    (double)ours.requests / (double)same.requests, met ? "met" : "NOT met");
	for (size_t i = 0; i < BLOGS; i++)
		free(blogs[i].posts);
	return met ? 0 : 1;
}
