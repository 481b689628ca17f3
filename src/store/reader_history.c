/* SPDX-License-Identifier: ISC */
#include "store/reader_history.h"

#include "store/db.h"

bool
store_history_add(struct store *s, int64_t reader_id,
    const struct reader_event_line *line, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO reader_event (reader_id, number, at, event, cause, state, evidence,"
	    " detail) SELECT :reader, COALESCE(MAX(number), 0) + 1, :at, :event, :cause,"
	    " :state, :evidence, :detail FROM reader_event WHERE reader_id = :reader",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":at", line->at);
	db_bind_int(q, ":event", line->event);
	db_bind_int(q, ":cause", line->cause);
	db_bind_int(q, ":state", line->state);
	db_bind_text(q, ":evidence", line->evidence);
	db_bind_text(q, ":detail", line->detail);
	return db_run(q, err);
}

static void
row_to_line(struct db_query *q, struct arena *a, void *row)
{
	struct reader_event_line *out = row;

	out->at = db_int(q);
	out->event = (enum reader_event)db_int(q);
	out->cause = (enum event_cause)db_int(q);
	out->state = (enum reader_state)db_int(q);
	out->evidence = db_text(q, a);
	out->detail = db_text(q, a);
}

bool
store_history(struct store *s, struct arena *a, int64_t reader_id,
    struct reader_event_line **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT at, event, cause, state, evidence, detail FROM reader_event"
	    " WHERE reader_id = :reader ORDER BY number",
	    err);

	db_bind_int(q, ":reader", reader_id);
	return db_list(q, a, sizeof(**out), row_to_line, out, count, err);
}

bool
store_history_count(struct store *s, unsigned events, int64_t since, int64_t *count,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COUNT(*) FROM reader_event WHERE at > :since AND (:events >> event) & 1",
	    err);

	db_bind_int(q, ":since", since);
	db_bind_int(q, ":events", events);
	return db_only_int(q, count, err);
}

bool
store_history_count_of(struct store *s, int64_t reader_id, const char *detail,
    int64_t since, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COUNT(*) FROM reader_event"
	    " WHERE reader_id = :reader AND at > :since AND detail = :detail",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":since", since);
	db_bind_text(q, ":detail", detail);
	return db_only_int(q, count, err);
}
