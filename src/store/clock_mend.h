/* SPDX-License-Identifier: ISC */
/*
 * What a clock that was wrong once left in the database: instants so far ahead that no right
 * clock can have written them.  Believed, they would silence feeds, letters and readers.
 */
#ifndef STORE_CLOCK_MEND_H
#define STORE_CLOCK_MEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct store;

/*
 * Days that a clock may have been ahead while what it brought about stays as it is: an issue
 * made early is not made again, nor does a reader whose slot it answered get another letter.
 */
enum { CLOCK_BELIEVED_DAYS = 2 };

/*
 * *ahead: the furthest instant that a right clock cannot have written, TIME_NONE when there is
 * none.  longest_poll: seconds until a feed is asked again, at most.  Cheap: feeds and letters
 * that wait are looked at, and no reader.
 */
bool store_clock_ahead(struct store *s, int64_t longest_poll, int64_t now, int64_t *ahead,
    struct err *err) MUST_CHECK;
/*
 * Puts all such instants right, as if they had come: feeds and letters are due, readers get the
 * next issue, what was seen ahead of now was seen now.
 */
bool store_clock_mend(struct store *s, int64_t longest_poll, int64_t now,
    struct err *err) MUST_CHECK;

#endif
