/* SPDX-License-Identifier: ISC */
/*
 * A year of a planet whose blogs post as blogs do, asked by three rules: fetch/poll_policy.c
 * itself, once an hour, and miniflux's "entry_frequency" (its defaults: looked at each hour, the
 * week divided by the entries of the last seven days, a day at most).
 *
 * Most blogs post once in some weeks and few do many times a day: gaps are drawn around a mean
 * of each blog's own, which is spread over three orders of magnitude, in bursts and silences.
 * Authors post in their waking hours, a sixth at the same minute always.  The same posts for all
 * rules, from one seed.
 */
#ifndef TESTS_POLL_YEAR_H
#define TESTS_POLL_YEAR_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/poll_policy.h"

enum {
	YEAR_MINUTE = 60,
	YEAR_HOUR = 3600,
	YEAR_DAY = 86400,
	YEAR_TIMER = 15 * YEAR_MINUTE, /* as planetpost.timer has it */
	YEAR_LETTER = 7 * YEAR_HOUR,   /* of each day */
	YEAR_WINDOW = 10,              /* posts in a feed */
	YEAR_POSTS = 20000             /* of one blog, at most */
};

/* Thursday 1 January 2026, 00:00 UTC */
#define YEAR_START INT64_C(1767225600)

struct year_blog {
	int64_t *posts; /* instants, ascending; those before YEAR_START are its past */
	size_t count;
	bool dated;
};

struct year_result {
	int64_t requests;
	int64_t posts;
	int64_t median, mean,
	    ninth;      /* seconds until a post was seen; ninth: nine in ten */
	int64_t missed; /* posts that were there before a letter and not in it */
};

struct year_sum {
	int64_t *delays;
	int64_t count, requests, missed;
};

static inline uint64_t
year_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* From 0 to 1. */
static inline double
year_uniform(uint64_t *seed)
{
	return (double)(year_random(seed) >> 11) / 9007199254740992.0;
}

/* 10 to the power of x, for small x, without the mathematics library: by its series. */
static inline double
year_power10(double x)
{
	const double y = x * 2.302585092994046 / 64;
	double e = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4)));

	for (int i = 0; i < 6; i++)
		e *= e;
	return e;
}

/* Nearly normal, of deviation 1: the sum of twelve. */
static inline double
year_normal(uint64_t *seed)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += year_uniform(seed);
	return sum;
}

static inline int
year_by_time(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * Half the blogs post once in two months or less, a sixth once in nine days or more (a deviation
 * of 0.8 of a power of ten around 60 days), which makes some fifty posts a day of 600 blogs, as
 * large planets have; a gap is its mean times a factor of the same kind, so that posts come in
 * bursts.
 */
static inline void
year_make_blog(struct year_blog *b, uint64_t *seed, int64_t days)
{
	const int64_t end = YEAR_START + days * YEAR_DAY;
	const double mean = 60.0 * YEAR_DAY * year_power10(0.8 * year_normal(seed));
	const double hour = 8 + 12 * year_uniform(seed); /* UTC, of most of its posts */
	const bool punctual = year_random(seed) % 6 == 0;
	int64_t t = YEAR_START - 400 * (int64_t)YEAR_DAY;

	b->posts = calloc(YEAR_POSTS, sizeof(*b->posts));
	b->count = 0;
	b->dated = year_random(seed) % 20 != 0;
	while (b->posts && b->count < YEAR_POSTS) {
		/* The mean of 10 to the power of 0.4 of a normal number is 1.53. */
		const double gap = mean / 1.53 * year_power10(0.4 * year_normal(seed));
		int64_t at = 0;

		t += gap < YEAR_HOUR ? YEAR_HOUR : (int64_t)gap;
		if (t >= end)
			break;
		at = t;
		if (gap > 8 * YEAR_HOUR) {
			const double of_day =
			    hour + (punctual ? 0 : 3 * year_normal(seed));

			at = t / YEAR_DAY * YEAR_DAY + (int64_t)(of_day * YEAR_HOUR);
		}
		b->posts[b->count++] = at;
	}
	if (b->count > 1)
		qsort(b->posts, b->count, sizeof(*b->posts), year_by_time);
}

/* How many posts stand there at an instant. */
static inline size_t
year_there(const struct year_blog *b, int64_t now)
{
	size_t low = 0;
	size_t high = b->count;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (b->posts[middle] <= now)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline void
year_see(struct year_sum *sum, const struct year_blog *b, size_t from, size_t to,
    int64_t now)
{
	for (size_t i = from; i < to; i++) {
		const int64_t letter =
		    (b->posts[i] - YEAR_LETTER + YEAR_DAY - 1) / YEAR_DAY * YEAR_DAY +
		    YEAR_LETTER;

		sum->delays[sum->count++] = now - b->posts[i];
		sum->missed += now > letter;
	}
}

static inline int64_t
year_tick(int64_t t, int64_t every)
{
	return (t + every - 1) / every * every;
}

/* Our rule: the program's own. */
static inline void
year_ours(const struct year_blog *b, int64_t id, int64_t every, int64_t end,
    struct year_sum *sum)
{
	struct poll_settings set = { .every = every,
		.longest = YEAR_DAY,
		.gone_after = 30 * (int64_t)YEAR_DAY,
		.stale_after = 180 * (int64_t)YEAR_DAY };
	struct source s = { .id = id };
	size_t seen = year_there(b, YEAR_START);

	for (int64_t now = YEAR_START; now < end;) {
		const size_t there = year_there(b, now);
		const size_t first = there > YEAR_WINDOW ? there - YEAR_WINDOW : 0;
		const bool changed = there > seen || now == YEAR_START;
		struct entry entries[YEAR_WINDOW] = { { 0 } };
		struct poll_outcome o = { .status = changed ? 200 : 304,
			.parsed = changed,
			.has_new = changed,
			.retry_after = -1,
			.max_age = -1,
			.ttl = -1 };

		for (size_t i = first; i < there; i++) {
			entries[i - first].published = b->dated ? b->posts[i] : TIME_NONE;
			entries[i - first].updated = TIME_NONE;
		}
		o.habit = poll_policy_habit(entries, there - first, now);
		set.next_issue =
		    (now - YEAR_LETTER) / YEAR_DAY * YEAR_DAY + YEAR_DAY + YEAR_LETTER;
		poll_policy_apply(&s, &o, &set, now);
		sum->requests++;
		year_see(sum, b, seen, there, now);
		seen = there;
		now = year_tick(s.next_poll, YEAR_TIMER);
	}
}

static inline void
year_miniflux(const struct year_blog *b, int64_t end, struct year_sum *sum)
{
	size_t seen = year_there(b, YEAR_START);

	for (int64_t now = YEAR_START; now < end;) {
		const size_t there = year_there(b, now);
		const int64_t week =
		    (int64_t)(there - year_there(b, now - 7 * (int64_t)YEAR_DAY));
		int64_t wait = week > 0 ? 7 * (int64_t)YEAR_DAY / week : YEAR_DAY;

		sum->requests++;
		year_see(sum, b, seen, there, now);
		seen = there;
		wait = wait > YEAR_DAY ? YEAR_DAY : wait;
		wait = wait < 5 * YEAR_MINUTE ? 5 * YEAR_MINUTE : wait;
		now = year_tick(now + wait, YEAR_HOUR);
	}
}

static inline void
year_fixed(const struct year_blog *b, int64_t every, int64_t end, struct year_sum *sum)
{
	size_t seen = year_there(b, YEAR_START);

	for (int64_t now = YEAR_START; now < end; now += every) {
		const size_t there = year_there(b, now);

		sum->requests++;
		year_see(sum, b, seen, there, now);
		seen = there;
	}
}

static inline void
year_result(struct year_sum *sum, struct year_result *out)
{
	int64_t total = 0;

	*out = (struct year_result){ .requests = sum->requests,
		.posts = sum->count,
		.missed = sum->missed };
	if (sum->count == 0)
		return;
	qsort(sum->delays, (size_t)sum->count, sizeof(*sum->delays), year_by_time);
	for (int64_t i = 0; i < sum->count; i++)
		total += sum->delays[i];
	out->median = sum->delays[sum->count / 2];
	out->mean = total / sum->count;
	out->ninth = sum->delays[sum->count * 9 / 10];
}

enum year_rule { YEAR_OURS, YEAR_HOURLY, YEAR_MINIFLUX };

/* every: of our rule, and of a fixed one.  False without memory. */
static inline bool
year_run(const struct year_blog *blogs, size_t count, enum year_rule rule, int64_t every,
    int64_t days, struct year_result *out)
{
	const int64_t end = YEAR_START + days * YEAR_DAY;
	struct year_sum sum = { 0 };
	size_t all = 1;

	for (size_t i = 0; i < count; i++)
		all += blogs[i].count;
	sum.delays = calloc(all, sizeof(*sum.delays));
	if (!sum.delays)
		return false;
	for (size_t i = 0; i < count; i++) {
		switch (rule) {
		case YEAR_OURS:
			year_ours(&blogs[i], (int64_t)i + 1, every, end, &sum);
			break;
		case YEAR_HOURLY:
			year_fixed(&blogs[i], every, end, &sum);
			break;
		case YEAR_MINIFLUX:
			year_miniflux(&blogs[i], end, &sum);
			break;
		}
	}
	year_result(&sum, out);
	free(sum.delays);
	return true;
}

#endif
