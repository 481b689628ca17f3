/* SPDX-License-Identifier: ISC */
#include "store/notes.h"

#include "store/db.h"

bool
store_note_get(struct store *s, struct arena *a, const char *name, const char **value,
    struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT value FROM note WHERE name = :name", err);

	db_bind_text(q, ":name", name);
	return db_only_text(q, a, value, err);
}

bool
store_note_set(struct store *s, const char *name, const char *value, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO note (name, value) VALUES (:name, :value)"
	    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	    err);

	db_bind_text(q, ":name", name);
	db_bind_text(q, ":value", value);
	return db_run(q, err);
}

bool
store_key(struct store *s, unsigned char out[HASH_SIZE], struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT value FROM secret WHERE name = 'newsletter'", err);
	const bool is_there = db_next(q) && db_bytes(q, out, HASH_SIZE);

	return db_done(q, err) &&
	    (is_there ||
		err_set(err, ERR_STORE, "the database %s has lost its key", db_path(s)));
}

bool
store_takings(struct store *s, int64_t *number, struct err *err)
{
	return db_number(s,
	    "SELECT CAST(value AS INTEGER) FROM note WHERE name = 'takings'", number,
	    err);
}

bool
store_takings_count(struct store *s, struct err *err)
{
	return db_exec(s,
	    "INSERT INTO note (name, value) VALUES ('takings', '1')"
	    " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
	    err);
}
