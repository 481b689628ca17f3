/* SPDX-License-Identifier: ISC */
/* How many letters a mail server was given in each minute of the last hour.  Pure. */
#ifndef TRANSPORT_HOUR_COUNT_H
#define TRANSPORT_HOUR_COUNT_H

#include <stdint.h>

enum {
	HOUR_MINUTES = 61 /* sixty whole ones and the one that has begun */
};
/* Zeroed before use. */
struct hour_count {
	int64_t minute;                /* the newest, since 1970 */
	int64_t letters[HOUR_MINUTES]; /* of minute m at [m % HOUR_MINUTES] */
};

/* Counts letters of a minute; one that is over an hour older than the newest is forgotten. */
void hour_count_add(struct hour_count *h, int64_t minute, int64_t letters);
int64_t hour_count_of(const struct hour_count *h, int64_t minute);
/*
 * The first instant from now on, in milliseconds since 1970, at which one more letter makes no
 * more than `most` in sixty minutes.
 */
int64_t hour_count_free_at(const struct hour_count *h, int64_t most, int64_t now_ms);

#endif
