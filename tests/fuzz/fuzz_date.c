/* SPDX-License-Identifier: ISC */
/*
 * Dates: whatever is read lies between 1900 and 2200, and reads the same when written anew.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "feed/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[CLOCK_TEXT] = "";
	int64_t t = feed_date((const char *)bytes, len);

	if (t == TIME_NONE)
		return 0;
	if (t < -INT64_C(2300000000) || t > INT64_C(10000000000))
		abort();
	clock_rfc3339(t, text);
	if (feed_date(text, strlen(text)) != t)
		abort();
	clock_rfc5322(t, 0, text);
	if (feed_date(text, strlen(text)) != t)
		abort();
	return 0;
}
