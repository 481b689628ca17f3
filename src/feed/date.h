/* SPDX-License-Identifier: ISC */
/* Dates as feeds write them. */
#ifndef FEED_DATE_H
#define FEED_DATE_H

#include <stddef.h>
#include <stdint.h>

/* What was assumed. */
enum date_note { DATE_EXACT, DATE_NO_ZONE, DATE_UNKNOWN_ZONE, DATE_UNREADABLE };
/*
 * Reads a date in any form feeds use; TIME_NONE when it cannot be told for sure.
 * RFC 822/2822/5322, RFC 3339, W3CDTF, asctime, Unix times, other languages' names.
 */
int64_t date_read(const char *text, size_t len, enum date_note *note);

#endif
