/* SPDX-License-Identifier: ISC */
/* Rows of a query, one and many, over the single steps of db.c. */
#include <string.h>

#include "base/clock.h"
#include "store/db.h"

enum { ROWS_LEAST = 8 };

bool
db_run(struct db_query *q, struct err *err)
{
	while (db_next(q))
		continue;
	return db_done(q, err);
}

bool
db_run_int(struct store *s, const char *sql, const char *name, int64_t value,
    struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, name, value);
	return db_run(q, err);
}

bool
db_list_of(struct db_query *q, struct arena *a, size_t size, size_t expected,
    db_fill *fill, void *out, size_t *count, struct err *err)
{
	size_t room = expected;
	char *list = room > 0 ? arena_array(a, room, size) : NULL;
	size_t n = 0;
	bool ok = false;

	while (db_next(q)) {
		if (n == room) {
			const char *full = list;

			room = room > 0 ? 2 * room : ROWS_LEAST;
			list = arena_array(a, room, size);
			if (n > 0)
				memcpy(list, full, n * size);
		}
		fill(q, a, list + n++ * size);
	}
	ok = db_done(q, err);
	if (!ok || n == 0)
		list = NULL;
	memcpy(out, &list, sizeof(list));
	*count = ok ? n : 0;
	return ok;
}

bool
db_list(struct db_query *q, struct arena *a, size_t size, db_fill *fill, void *out,
    size_t *count, struct err *err)
{
	return db_list_of(q, a, size, 0, fill, out, count, err);
}

void
db_row_int(struct db_query *q, struct arena *a, void *row)
{
	int64_t *out = row;

	(void)a;
	*out = db_int(q);
}

bool
db_one(struct db_query *q, struct arena *a, db_fill *fill, void *out, bool *found,
    struct err *err)
{
	*found = db_next(q);
	if (*found)
		fill(q, a, out);
	return db_done(q, err);
}

bool
db_any(struct db_query *q, bool *any, struct err *err)
{
	*any = db_next(q);
	return db_done(q, err);
}

bool
db_only_int(struct db_query *q, int64_t *out, struct err *err)
{
	*out = db_next(q) ? db_int(q) : 0;
	return db_done(q, err);
}

bool
db_only_time(struct db_query *q, int64_t *out, struct err *err)
{
	*out = db_next(q) ? db_time(q) : TIME_NONE;
	return db_done(q, err);
}

bool
db_only_text(struct db_query *q, struct arena *a, const char **out, struct err *err)
{
	*out = db_next(q) ? db_text(q, a) : NULL;
	return db_done(q, err);
}

bool
db_number(struct store *s, const char *sql, int64_t *out, struct err *err)
{
	return db_only_int(db_query(s, sql, err), out, err);
}
