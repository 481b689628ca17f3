/* SPDX-License-Identifier: ISC */
#include "store/notes.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/db.h"

static struct db_query *
ask_for(struct store *s, const char *name, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT value FROM note WHERE name = :name", err);

	db_bind_text(q, ":name", name);
	return q;
}

bool
store_note_get(struct store *s, struct arena *a, const char *name, const char **value,
    struct err *err)
{
	return db_only_text(ask_for(s, name, err), a, value, err);
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
store_note_time(struct store *s, const char *name, int64_t *t, struct err *err)
{
	struct db_query *q = ask_for(s, name, err);

	if (!db_next(q) || !clock_parse(db_text(q, NULL), t))
		*t = TIME_NONE;
	return db_done(q, err);
}

bool
store_note_set_time(struct store *s, const char *name, int64_t t, struct err *err)
{
	char text[CLOCK_TEXT];

	return store_note_set(s, name, clock_rfc3339(t, text), err);
}

bool
store_note_is_recent(struct store *s, const char *name, int64_t now, int64_t seconds,
    bool *is, struct err *err)
{
	int64_t t = TIME_NONE;
	const bool ok = store_note_time(s, name, &t, err);

	*is = t != TIME_NONE && t <= now && now - t < seconds;
	return ok;
}

bool
store_note_number(struct store *s, const char *name, int64_t *number, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT CAST(value AS INTEGER) FROM note WHERE name = :name", err);
	bool found = false;

	db_bind_text(q, ":name", name);
	return db_one(q, NULL, db_row_int, number, &found, err);
}

bool
store_note_set_number(struct store *s, const char *name, int64_t number, struct err *err)
{
	char text[TEXT_NUMBER];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	return store_note_set(s, name, text, err);
}

bool
store_note_count(struct store *s, const char *name, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO note (name, value) VALUES (:name, '1')"
	    " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
	    err);

	db_bind_text(q, ":name", name);
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
	*number = 0;
	return store_note_number(s, "takings", number, err);
}

bool
store_takings_count(struct store *s, struct err *err)
{
	return store_note_count(s, "takings", err);
}
