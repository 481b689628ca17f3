/* SPDX-License-Identifier: ISC */
/* How often something may be done, as a keeper writes it: "1 per 24h, 3 per 30d".  Pure. */
#ifndef CONFIG_RATES_H
#define CONFIG_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"

struct rate {
	int64_t count;   /* so many times, 1 to LIMIT_RATE_COUNT */
	int64_t seconds; /* in any such time */
};
struct rates {
	struct rate list[LIMIT_RATES];
	size_t count; /* 0: as often as one likes */
};

/*
 * "" or rates parted by commas, LIMIT_RATES at most, each "NUMBER per DURATION".  False when
 * the text is none.
 */
bool rates_parse(const char *text, struct rates *out) MUST_CHECK;

#endif
