/* SPDX-License-Identifier: ISC */
/* Words of dates; tables. */
#ifndef FEED_DATE_WORDS_H
#define FEED_DATE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Short weekdays in English, the words most often met in a date, and those of Croatian. */
enum date_day {
	DATE_DAY_UNKNOWN,
	DATE_DAY_ENGLISH,
	DATE_DAY_CROATIAN,
	DATE_DAY_SLAVIC_MONDAY /* "pon": Croatian or Polish */
};
enum date_day date_weekday(const char *text, size_t len);
/* 1 to 12; 0 when the word is no month in any language we know. */
int date_month(const char *text, size_t len);
/* A month that is another one in Croatian than in Polish or Czech: the Croatian one, else 0. */
int date_croatian_month(const char *text, size_t len);
/* Copies with digits, signs and spaces in ASCII, closed by NUL; 0 when it does not fit. */
size_t date_copy_plain(const char *text, size_t len, char *out, size_t size);
/* Minutes east of UTC of an abbreviation. */
bool date_zone(const char *text, size_t len, int *minutes);

#endif
