/* SPDX-License-Identifier: ISC */
/* Lists of readers as CSV or JSON lines. */
#ifndef LIST_READER_FILE_H
#define LIST_READER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct roll_row {
	size_t line;
	const char *address; /* as it stands in the file */
	const char *state;   /* columns that are not there are NULL */
	const char *confirmed_by;
	const char *rhythm, *day, *hour, *zone, *format, *body, *sources;
};
/*
 * Reads a CSV (RFC 4180; , ; or tab; header line with "email" or "address", or one column of
 * addresses without header) or JSON lines.  ERR_INPUT names line and column.  In a.
 */
bool roll_parse(struct arena *a, const char *text, size_t len, struct roll_row **out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
