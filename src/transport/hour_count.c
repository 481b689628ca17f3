/* SPDX-License-Identifier: ISC */
#include "transport/hour_count.h"

#include <stddef.h>

enum { MINUTE_MS = 60000 };

/* The minutes that have passed since are empty. */
static void
turn_to(struct hour_count *h, int64_t minute)
{
	int64_t passed = minute - h->minute;

	if (passed <= 0)
		return;
	if (passed > HOUR_MINUTES)
		passed = HOUR_MINUTES;
	for (int64_t i = 0; i < passed; i++)
		h->letters[(minute - i) % HOUR_MINUTES] = 0;
	h->minute = minute;
}

void
hour_count_add(struct hour_count *h, int64_t minute, int64_t letters)
{
	if (minute < 0)
		return;
	turn_to(h, minute);
	if (h->minute - minute < HOUR_MINUTES)
		h->letters[minute % HOUR_MINUTES] += letters;
}

int64_t
hour_count_of(const struct hour_count *h, int64_t minute)
{
	if (minute < 0 || minute > h->minute || h->minute - minute >= HOUR_MINUTES)
		return 0;
	return h->letters[minute % HOUR_MINUTES];
}

int64_t
hour_count_free_at(const struct hour_count *h, int64_t most, int64_t now_ms)
{
	const int64_t now = now_ms / MINUTE_MS;
	const int64_t oldest = now - HOUR_MINUTES + 1;
	int64_t sum = 0;

	/* A clock that was put back: what is ahead of it was sent all the same. */
	for (int64_t m = oldest; m <= now || m <= h->minute; m++)
		sum += hour_count_of(h, m);
	if (sum < most)
		return now_ms;
	for (int64_t m = oldest; m <= now || m <= h->minute; m++) {
		sum -= hour_count_of(h, m);
		if (sum < most)
			return (m + HOUR_MINUTES) * MINUTE_MS;
	}
	return now_ms;
}
