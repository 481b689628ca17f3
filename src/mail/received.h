/* SPDX-License-Identifier: ISC */
/*
 * A letter as it arrived, brought back to the form in which it left: mail systems write fields
 * of their own into its header, end lines with LF, and put it into mailbox files.
 */
#ifndef MAIL_RECEIVED_H
#define MAIL_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/*
 * Appends the letter with CRLF line ends, without a From_ line and the quoting of mboxrd that
 * goes with it, and without the fields that are written on the way and on arrival: trace
 * fields, signatures, X- fields, marks of mail programs.
 */
void received_restore(struct buf *out, const char *text, size_t len);
/*
 * The value of the first field of that name, unfolded, without blanks and angle brackets around
 * it; NULL when there is none.  letter: as received_restore() wrote it.  In a.
 */
const char *received_field(struct arena *a, const struct buf *letter, const char *name);

/* Where two letters first differ. */
struct letter_difference {
	size_t line; /* from 1 */
	bool in_header;
	const char *name; /* of the header field in want, or NULL */
	const char *want; /* the line as it was sent; "" behind its end */
	const char *got;
};
/* False when they are equal.  In a; control characters are shown as "?". */
bool received_compare(struct arena *a, const struct buf *want, const struct buf *got,
    struct letter_difference *out);

#endif
