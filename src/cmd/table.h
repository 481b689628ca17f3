/* SPDX-License-Identifier: ISC */
/*
 * Lists for people, pipes and programs: aligned with a heading on a terminal, tab-separated
 * lines in a pipe, JSON with the fields asked for.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/app.h"

enum column_type { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TIME };
struct column {
	const char *name; /* JSON member and --json=FIELD; upper-cased as heading */
	enum column_type type;
	bool json_only;   /* not in the list for people */
	const char *help; /* for --json=help */
};
struct table {
	struct app *app;
	const struct column *columns;
	size_t column_count;
	struct cell {
		const char *text;
		int64_t number;
		bool set;
	} * cells;
	size_t cell_count;
	const char *const
	    *headings; /* for people; NULL: the names.  Set after table_begin */
	bool streaming, first;
	struct buf line;
};
/* For answers that are no list: --json=help prints the fields and is true. */
bool table_lists_fields(const struct app *app, const struct column *columns,
    size_t count) MUST_CHECK;
/* ERR_USAGE for a field of --json=FIELD,... that is none of the columns. */
bool table_check_fields(const struct app *app, const struct column *columns, size_t count,
    struct err *err) MUST_CHECK;
bool table_wants_field(const struct app *app, const char *name);

/*
 * Rows are kept until table_end (for aligning), or streamed for pipes and JSON.  noun: "feeds", the
 * JSON member.
 */
bool table_begin(struct table *t, struct app *app, const char *noun,
    const struct column *columns, size_t count, struct err *err) MUST_CHECK;
void table_text(struct table *t, const char *text); /* NULL = empty */
void table_number(struct table *t, int64_t n);
void table_time(struct table *t, int64_t instant); /* TIME_NONE = empty */
/* Ends a row: all columns must have been given. */
void table_row(struct table *t);
/* cmd_main() notices when standard output could not be written. */
void table_end(struct table *t);

#endif
