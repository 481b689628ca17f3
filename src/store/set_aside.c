/* SPDX-License-Identifier: ISC */
#include "store/set_aside.h"

#include "store/db.h"
#include "store/entry_states.h"
#include "store/transactions.h"

_Static_assert(ENTRY_OPEN == 0 && ENTRY_KEPT_OUT == 1 && ENTRY_HELD == 2 &&
	ENTRY_TAKEN_BACK == 3 && ENTRY_DOUBTFUL == 4 && ISSUE_DRAFT == 0,
    "numbers that stand in SQL");

static void
row_to_seen(struct db_query *q, struct arena *a, void *row)
{
	struct seen_post *out = row;

	(void)a;
	out->id = db_int(q);
	out->at = db_time(q);
	out->first_seen = db_time(q);
	out->taken_back = db_int(q) == ENTRY_TAKEN_BACK;
}

#define SEEN_COLUMNS "e.id, COALESCE(e.published, e.updated), e.first_seen, e.state"

bool
store_seen_post(struct store *s, int64_t id, struct seen_post *out, bool *found,
    struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT " SEEN_COLUMNS " FROM entry e WHERE e.id = :id", err);

	db_bind_int(q, ":id", id);
	return db_one(q, NULL, row_to_seen, out, found, err);
}

bool
store_unsent_of_source(struct store *s, struct arena *a, int64_t source_id,
    struct seen_post **out, size_t *count, struct err *err)
{
	/* Each part by an index: of what is open, of what is set aside, of the one draft. */
	struct db_query *q = db_query(s,
	    "SELECT " SEEN_COLUMNS " FROM entry e INDEXED BY entry_open"
	    " WHERE e.state = 0 AND e.source_id = :source"
	    " UNION ALL SELECT " SEEN_COLUMNS " FROM entry e INDEXED BY entry_aside"
	    " WHERE e.state > 2 AND e.state = 3 AND e.source_id = :source"
	    " UNION ALL SELECT " SEEN_COLUMNS " FROM issue i INDEXED BY issue_draft"
	    " CROSS JOIN issue_entry h ON h.issue_id = i.id"
	    " CROSS JOIN entry e ON e.id = h.entry_id"
	    " WHERE i.state = 0 AND e.source_id = :source",
	    err);

	db_bind_int(q, ":source", source_id);
	return db_list(q, a, sizeof(**out), row_to_seen, out, count, err);
}

/* ---- taken back ---- */

static bool
take_back(struct store *s, int64_t id, struct err *err)
{
	return db_run_int(s,
		   "UPDATE issue SET entry_count = entry_count - 1 WHERE id ="
		   " (SELECT issue_id FROM issue_entry WHERE entry_id = :id)",
		   ":id", id, err) &&
	    db_run_int(s, "DELETE FROM issue_entry WHERE entry_id = :id", ":id", id,
		err) &&
	    db_run_int(s, "UPDATE entry SET state = 3 WHERE id = :id", ":id", id, err);
}

bool
store_entry_take_back(struct store *s, int64_t id, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, take_back(s, id, err), err);
}

bool
store_entry_give_back(struct store *s, int64_t id, struct err *err)
{
	return db_run_int(s, "UPDATE entry SET state = 0 WHERE id = :id AND state = 3",
	    ":id", id, err);
}

/* ---- held for a person ---- */

bool
store_text_was_mailed(struct store *s, int64_t source_id, int64_t print, bool *was,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT 1 FROM entry INDEXED BY entry_mailed_text WHERE state = 2"
	    " AND source_id = :source AND said_text = :print LIMIT 1",
	    err);

	db_bind_int(q, ":source", source_id);
	db_bind_int(q, ":print", print);
	return db_any(q, was, err);
}

bool
store_held_note(struct store *s, int64_t source_id, int64_t held, int64_t more,
    int64_t now, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE source SET held = held + :held, held_more = :more,"
	    " held_since = COALESCE(held_since, :now) WHERE id = :source",
	    err);

	db_bind_int(q, ":held", held);
	db_bind_int(q, ":more", more);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":source", source_id);
	return db_run(q, err);
}

bool
store_verdict_done(struct store *s, int64_t source_id, struct err *err)
{
	return db_run_int(s, "UPDATE source SET verdict = 0 WHERE id = :source",
	    ":source", source_id, err);
}

/* The validators go too: the texts are only in a whole document. */
static bool
settle(struct store *s, int64_t source_id, enum held_verdict verdict, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE source SET held = 0, held_more = 0, held_since = NULL,"
	    " verdict = :verdict, etag = NULL, last_modified = NULL, body_hash = 0,"
	    " packed_hash = 0, next_poll = NULL"
	    " WHERE id = :source",
	    err);

	db_bind_int(q, ":verdict", verdict);
	db_bind_int(q, ":source", source_id);
	return db_run(q, err);
}

#define ITS_HELD "FROM entry WHERE source_id = :source AND state > 2 AND state = 4"

static bool
release(struct store *s, int64_t source_id, int64_t last_issue, int64_t now,
    struct err *err)
{
	struct db_query *q = NULL;

	/* What they said counts as unknown, so that they are looked at when they come again. */
	if (!db_run_int(s,
		"UPDATE identity SET said = NULL WHERE said IS NOT NULL"
		" AND entry_id IN (SELECT id " ITS_HELD ")",
		":source", source_id, err))
		return false;
	q = db_query(s,
	    "UPDATE entry SET state = 0, first_seen = :now,"
	    " late = COALESCE(COALESCE(published, updated, :now) < :last, 0)"
	    " WHERE source_id = :source AND state > 2 AND state = 4",
	    err);
	db_bind_int(q, ":now", now);
	db_bind_time(q, ":last", last_issue);
	db_bind_int(q, ":source", source_id);
	return db_run(q, err) && settle(s, source_id, VERDICT_RELEASE, err);
}

bool
store_held_release(struct store *s, int64_t source_id, int64_t last_issue, int64_t now,
    struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, release(s, source_id, last_issue, now, err), err);
}

static bool
drop(struct store *s, int64_t source_id, struct err *err)
{
	return db_run_int(s,
		   "UPDATE entry SET state = 1 WHERE id IN (SELECT id " ITS_HELD ")",
		   ":source", source_id, err) &&
	    settle(s, source_id, VERDICT_DROP, err);
}

bool
store_held_drop(struct store *s, int64_t source_id, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, drop(s, source_id, err), err);
}
