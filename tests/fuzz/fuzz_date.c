/* SPDX-License-Identifier: ISC */
/*
 * Dates: whatever is read lies between 1900 and 2200, and reads the same when written anew.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "feed/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[CLOCK_TEXT] = "";
	enum date_note note = DATE_EXACT;
	int64_t t = date_read((const char *)bytes, len, &note);

	if (t == TIME_NONE)
		return 0;
	if (t < -INT64_C(2300000000) || t > INT64_C(10000000000))
		abort();
	clock_rfc3339(t, text);
	if (date_read(text, strlen(text), &note) != t)
		abort();
	clock_rfc5322(t, 0, text);
	if (date_read(text, strlen(text), &note) != t)
		abort();
	return 0;
}
