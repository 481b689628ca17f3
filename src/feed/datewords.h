/* SPDX-License-Identifier: ISC */
/* Words of dates; tables. */
#ifndef FEED_DATEWORDS_H
#define FEED_DATEWORDS_H

#include <stdbool.h>
#include <stddef.h>

/* True for an English name of a weekday, the word most often met in a date. */
bool date_is_weekday(const char *text, size_t len);
/* 1 to 12; 0 when the word is no month in any language we know. */
int date_month(const char *text, size_t len);
/* Minutes east of UTC of an abbreviation. */
bool date_zone(const char *text, size_t len, int *minutes);

#endif
