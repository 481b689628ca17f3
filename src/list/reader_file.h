/* SPDX-License-Identifier: ISC */
/* Lists of readers as CSV or JSON lines, read row by row in bounded memory. */
#ifndef LIST_READER_FILE_H
#define LIST_READER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "model/model.h"

struct roll_row {
	size_t line;
	const char *address; /* as it stands in the file */
	/* Of all columns that speak of it the one furthest from reading; else READER_ACTIVE. */
	enum reader_state state;
	const char *odd_state; /* a word for a state that is not known */
	const char *confirmed; /* a time */
	/* Columns that are not there are NULL. */
	const char *confirmed_by;
	const char *rhythm, *day, *hour, *zone, *format, *body, *language;
	const char *pictures, *sources;
};
struct roll;
/*
 * Begins a list: CSV (RFC 4180; separated by , ; | or tab; any line ends; a first line that
 * names the columns, or addresses alone) or JSON lines, in UTF-8 or UTF-16; fields that are not
 * UTF-8 are taken for windows-1252, addresses never.  f stays the caller's.  ERR_INPUT names the
 * line, also when a column seems to say who left and is not understood, or a zero byte stands in
 * the text; ERR_LIMIT too: a field has at most LIMIT_CSV_FIELD bytes, a row LIMIT_LIST_ROW, and
 * LIMIT_LIST_BLANKS empty lines stand in a row; the list has at most LIMIT_READERS rows.  When
 * interrupted(), which may be NULL, becomes true: ERR_TEMPORARY, from roll_next() as well.
 */
bool roll_open(FILE *f, bool (*interrupted)(void), struct roll **out,
    struct err *err) MUST_CHECK;
/* The next row, valid until the next call; *got is false after the last. */
bool roll_next(struct roll *r, struct roll_row *row, bool *got,
    struct err *err) MUST_CHECK;
/* Accepts NULL. */
void roll_close(struct roll *r);

#endif
