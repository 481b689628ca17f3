/* SPDX-License-Identifier: ISC */
/*
 * The header of a message that somebody sent (RFC 5322 2.2), read leniently: any line ends, an
 * mbox From_ line in front, lines that are no field skipped.
 */
#ifndef MAIL_HEADER_FIELDS_H
#define MAIL_HEADER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct header_field {
	const char *name;
	const char *value; /* unfolded, trimmed, as bytes: neither decoded nor checked */
};
struct header {
	const struct header_field *fields;
	size_t count;
	size_t body; /* where the body begins: behind the empty line, or the end */
};

/*
 * Reads fields until an empty line.  At most LIMIT_INCOMING_FIELDS are kept, each value up to
 * LIMIT_HEADER_VALUE bytes.  In a.
 */
void header_read(struct arena *a, const char *text, size_t len, struct header *out);
/* Length of the name of the field that a line of so many bytes begins; 0 when it begins none. */
size_t header_name_length(const char *line, size_t len);
/* The value of the first field of that name; NULL when there is none. */
const char *header_get(const struct header *h, const char *name);
/* The same, "" when there is none. */
const char *header_text(const struct header *h, const char *name);
/* The index of the next field of that name from `from` on; count when there is none. */
size_t header_find(const struct header *h, const char *name, size_t from);
/* A parameter of a structured value: charset of "text/plain; charset=\"utf-8\"".  In a, or NULL. */
const char *header_parameter(struct arena *a, const char *value, const char *name);
/* A value as clean text of one line, encoded words (RFC 2047) decoded.  In a. */
const char *header_decoded(struct arena *a, const char *value);

#endif
