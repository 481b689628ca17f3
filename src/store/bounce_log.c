/* SPDX-License-Identifier: ISC */
#include "store/bounce_log.h"

#include "store/db.h"
#include "store/transactions.h"

bool
store_bounce_add(struct store *s, const struct bounce_row *row, bool *added,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO bounce (reader_id, at, kind, issue, cause, status, reply)"
	    " SELECT :reader, :at, :kind, :issue, :cause, :status, :reply WHERE"
	    " :issue = 0 OR NOT EXISTS (SELECT 1 FROM bounce WHERE reader_id = :reader"
	    " AND issue = :issue AND kind = :kind)",
	    err);

	db_bind_int(q, ":reader", row->reader_id);
	db_bind_int(q, ":at", row->at);
	db_bind_int(q, ":kind", row->kind);
	db_bind_int(q, ":issue", row->issue);
	db_bind_text(q, ":cause", row->cause);
	db_bind_text(q, ":status", row->status);
	db_bind_text(q, ":reply", row->reply);
	if (!db_run(q, err))
		return false;
	*added = db_changes(s) > 0;
	return true;
}

#define BOUNCE_COLUMNS \
	"SELECT reader_id, at, kind, issue, cause, status, reply FROM bounce "

static bool
read_rows(struct db_query *q, struct arena *a, size_t max, struct bounce_row **out,
    size_t *count, struct err *err)
{
	bool row = false;
	bool ok = false;

	*out = arena_array(a, max, sizeof(**out));
	*count = 0;
	db_bind_int(q, ":max", (int64_t)max);
	while ((ok = db_next(q, &row, err)) && row) {
		struct bounce_row *r = &(*out)[(*count)++];

		r->reader_id = db_int(q);
		r->at = db_int(q);
		r->kind = (int)db_int(q);
		r->issue = db_int(q);
		r->cause = db_text(q, a);
		r->status = db_text(q, a);
		r->reply = db_text(q, a);
	}
	db_done(q);
	return ok;
}

bool
store_bounces_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct bounce_row **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    BOUNCE_COLUMNS "WHERE reader_id = :reader ORDER BY id DESC LIMIT :max", err);

	db_bind_int(q, ":reader", reader_id);
	return read_rows(q, a, max, out, count, err);
}

bool
store_bounces_newest(struct store *s, struct arena *a, size_t max,
    struct bounce_row **out, size_t *count, struct err *err)
{
	return read_rows(db_query(s, BOUNCE_COLUMNS "ORDER BY id DESC LIMIT :max", err),
	    a, max, out, count, err);
}

bool
store_bounces_alike(struct store *s, int64_t since, const char *cause, int64_t *count,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COUNT(DISTINCT reader_id) FROM bounce WHERE cause = :cause AND at > :since",
	    err);
	bool row = false;
	bool ok = false;

	db_bind_int(q, ":since", since);
	db_bind_text(q, ":cause", cause);
	ok = db_next(q, &row, err);
	*count = row ? db_int(q) : 0;
	db_done(q);
	return ok;
}

static bool
forget(struct store *s, int64_t reader_id, struct err *err)
{
	struct db_query *q =
	    db_query(s, "DELETE FROM bounce WHERE reader_id = :reader", err);

	db_bind_int(q, ":reader", reader_id);
	if (!db_run(q, err))
		return false;
	q = db_query(s, "DELETE FROM bounce_standing WHERE reader_id = :reader", err);
	db_bind_int(q, ":reader", reader_id);
	return db_run(q, err);
}

bool
store_bounces_forget(struct store *s, int64_t reader_id, struct err *err)
{
	bool own = false;

	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, forget(s, reader_id, err), err);
}

bool
store_bounces_tidy(struct store *s, int64_t before, struct err *err)
{
	struct db_query *q = db_query(s,
	    "DELETE FROM bounce WHERE at < :before AND reader_id NOT IN"
	    " (SELECT reader_id FROM bounce_standing WHERE is_stopped = 1)",
	    err);

	db_bind_int(q, ":before", before);
	return db_run(q, err);
}

/* ---- where a reader stands ---- */

bool
store_bounce_standing(struct store *s, int64_t reader_id, struct bounce_standing *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT hard, soft, soft_since, last, is_stopped, stopped, probes, probe_sent"
	    " FROM bounce_standing WHERE reader_id = :reader",
	    err);
	bool row = false;
	bool ok = false;

	*out = (struct bounce_standing){ 0 };
	db_bind_int(q, ":reader", reader_id);
	ok = db_next(q, &row, err);
	if (row) {
		out->hard = db_int(q);
		out->soft = db_int(q);
		out->soft_since = db_int(q);
		out->last = db_int(q);
		out->is_stopped = db_int(q) != 0;
		out->stopped = db_int(q);
		out->probes = db_int(q);
		out->probe_sent = db_int(q);
	}
	db_done(q);
	return ok;
}

bool
store_bounce_standing_set(struct store *s, int64_t reader_id,
    const struct bounce_standing *x, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT OR REPLACE INTO bounce_standing (reader_id, hard, soft, soft_since, last,"
	    " is_stopped, stopped, probes, probe_sent) VALUES (:reader, :hard, :soft,"
	    " :soft_since, :last, :is_stopped, :stopped, :probes, :probe_sent)",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":hard", x->hard);
	db_bind_int(q, ":soft", x->soft);
	db_bind_int(q, ":soft_since", x->soft_since);
	db_bind_int(q, ":last", x->last);
	db_bind_int(q, ":is_stopped", x->is_stopped);
	db_bind_int(q, ":stopped", x->stopped);
	db_bind_int(q, ":probes", x->probes);
	db_bind_int(q, ":probe_sent", x->probe_sent);
	return db_run(q, err);
}

bool
store_bounces_stopped(struct store *s, struct arena *a, int64_t above, size_t max,
    int64_t **readers, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT reader_id FROM bounce_standing WHERE is_stopped = 1 AND reader_id > :above"
	    " ORDER BY reader_id LIMIT :max",
	    err);
	bool row = false;
	bool ok = false;

	*readers = arena_array(a, max, sizeof(**readers));
	*count = 0;
	db_bind_int(q, ":above", above);
	db_bind_int(q, ":max", (int64_t)max);
	while ((ok = db_next(q, &row, err)) && row)
		(*readers)[(*count)++] = db_int(q);
	db_done(q);
	return ok;
}
