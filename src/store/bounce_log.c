/* SPDX-License-Identifier: ISC */
#include "store/bounce_log.h"

#include "base/attr.h"
#include "model/model.h"
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

static void
row_to_bounce(struct db_query *q, struct arena *a, void *row)
{
	struct bounce_row *out = row;

	out->reader_id = db_int(q);
	out->at = db_int(q);
	out->kind = (enum bounce_event)db_int(q);
	out->issue = db_int(q);
	out->cause = db_text(q, a);
	out->status = db_text(q, a);
	out->reply = db_text(q, a);
}

static bool
read_rows(struct db_query *q, struct arena *a, size_t max, struct bounce_row **out,
    size_t *count, struct err *err)
{
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_bounce, out, count, err);
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

static void
row_to_tally(struct db_query *q, struct arena *a, void *row)
{
	struct bounce_tally *out = row;

	(void)a;
	out->bounces = db_int(q);
	out->letters = db_int(q);
	out->counted = db_int(q);
}

/* Nothing was counted where there is no row. */
static bool
read_tally(struct db_query *q, struct bounce_tally *out, struct err *err)
{
	bool found = false;

	*out = (struct bounce_tally){ 0 };
	return db_one(q, NULL, row_to_tally, out, &found, err);
}

bool
store_bounce_tally_add(struct store *s, int64_t issue, const char *cause, int64_t at,
    struct bounce_tally *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO bounce_tally (issue, cause, at, bounces, letters, counted)"
	    " VALUES (:issue, :cause, :at, 1, 0, 0) ON CONFLICT (issue, cause)"
	    " DO UPDATE SET bounces = bounces + 1, at = :at",
	    err);

	db_bind_int(q, ":issue", issue);
	db_bind_text(q, ":cause", cause);
	db_bind_int(q, ":at", at);
	return db_run(q, err) && store_bounce_tally(s, issue, cause, out, err);
}

bool
store_bounce_tally(struct store *s, int64_t issue, const char *cause,
    struct bounce_tally *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT bounces, letters, counted FROM bounce_tally"
	    " WHERE issue = :issue AND cause = :cause",
	    err);

	db_bind_int(q, ":issue", issue);
	db_bind_text(q, ":cause", cause);
	return read_tally(q, out, err);
}

bool
store_bounce_tally_set(struct store *s, int64_t issue, const char *cause,
    const struct bounce_tally *x, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE bounce_tally SET letters = :letters, counted = :counted"
	    " WHERE issue = :issue AND cause = :cause",
	    err);

	db_bind_int(q, ":issue", issue);
	db_bind_text(q, ":cause", cause);
	db_bind_int(q, ":letters", x->letters);
	db_bind_int(q, ":counted", x->counted);
	return db_run(q, err);
}

bool
store_bounces_forget(struct store *s, int64_t reader_id, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s,
		db_run_int(s, "DELETE FROM bounce WHERE reader_id = :reader", ":reader",
		    reader_id, err) &&
		    db_run_int(s, "DELETE FROM bounce_standing WHERE reader_id = :reader",
			":reader", reader_id, err),
		err);
}

static bool
tidy(struct store *s, int64_t before, struct err *err)
{
	static const char *const statements[] = {
		"DELETE FROM bounce WHERE at < :before AND reader_id NOT IN"
		" (SELECT reader_id FROM bounce_standing WHERE is_stopped = 1)",
		"DELETE FROM bounce_standing WHERE is_stopped = 0"
		" AND (last < :before OR (hard = 0 AND soft = 0))",
		"DELETE FROM bounce_tally WHERE at < :before",
	};

	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		if (!db_run_int(s, statements[i], ":before", before, err))
			return false;
	}
	return true;
}

bool
store_bounces_tidy(struct store *s, int64_t before, struct err *err)
{
	return store_scope_begin(s, err) && store_scope_end(s, tidy(s, before, err), err);
}

/* ---- where a reader stands ---- */

static void
row_to_standing(struct db_query *q, struct arena *a, void *row)
{
	struct bounce_record *out = row;

	(void)a;
	out->hard = db_int(q);
	out->soft = db_int(q);
	out->soft_since = db_int(q);
	out->last = db_int(q);
	out->is_stopped = db_int(q) != 0;
	out->stopped = db_int(q);
	out->probes = db_int(q);
	out->probe_sent = db_int(q);
	out->well = db_int(q);
}

bool
store_bounce_standing(struct store *s, int64_t reader_id, struct bounce_record *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT hard, soft, soft_since, last, is_stopped, stopped, probes, probe_sent,"
	    " well FROM bounce_standing WHERE reader_id = :reader",
	    err);
	bool found = false;

	*out = (struct bounce_record){ 0 };
	db_bind_int(q, ":reader", reader_id);
	return db_one(q, NULL, row_to_standing, out, &found, err);
}

bool
store_bounce_standing_set(struct store *s, int64_t reader_id,
    const struct bounce_record *x, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT OR REPLACE INTO bounce_standing (reader_id, hard, soft, soft_since, last,"
	    " is_stopped, stopped, probes, probe_sent, well) VALUES (:reader, :hard, :soft,"
	    " :soft_since, :last, :is_stopped, :stopped, :probes, :probe_sent, :well)",
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
	db_bind_int(q, ":well", x->well);
	return db_run(q, err);
}

/* The first column of each row; at most as many as the query's limit. */
static bool
read_numbers(struct db_query *q, struct arena *a, size_t max, int64_t **out,
    size_t *count, struct err *err)
{
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), db_row_int, out, count, err);
}

bool
store_bounce_standings(struct store *s, struct arena *a, bool is_stopped, int64_t above,
    size_t max, int64_t **readers, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT reader_id FROM bounce_standing WHERE is_stopped = :stopped"
	    " AND reader_id > :above ORDER BY reader_id LIMIT :max",
	    err);

	db_bind_int(q, ":stopped", is_stopped);
	db_bind_int(q, ":above", above);
	return read_numbers(q, a, max, readers, count, err);
}

bool
store_letters_well(struct store *s, struct arena *a, int64_t reader_id, int64_t above,
    int64_t after, int64_t until, size_t max, int64_t **sent, size_t *count,
    struct err *err)
{
	/* CROSS JOIN: issue by issue, each with one look at the primary key. */
	struct db_query *q = db_query(s,
	    "SELECT d.settled FROM issue i CROSS JOIN delivery d ON d.issue_id = i.id"
	    " AND d.reader_id = :reader AND d.part = 1 WHERE i.number > :above"
	    " AND d.state = :sent AND d.settled > :after AND d.settled <= :until"
	    " AND NOT EXISTS (SELECT 1 FROM bounce b WHERE b.reader_id = :reader"
	    " AND b.issue = i.number) ORDER BY d.settled LIMIT :max",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":above", above);
	db_bind_int(q, ":after", after);
	db_bind_int(q, ":until", until);
	db_bind_int(q, ":sent", DELIVERY_SENT);
	return read_numbers(q, a, max, sent, count, err);
}

bool
store_letters_gone(struct store *s, int64_t number, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT (SELECT COUNT(*) FROM delivery d WHERE d.issue_id = i.id AND d.part = 1"
	    " AND d.state IN (:sent, :refused, :unknown)) + (SELECT COALESCE(SUM(letters), 0)"
	    " FROM issue_count c WHERE c.issue_id = i.id"
	    " AND c.state IN (:sent, :refused, :unknown)) FROM issue i"
	    " WHERE i.number = :number",
	    err);

	db_bind_int(q, ":number", number);
	db_bind_int(q, ":sent", DELIVERY_SENT);
	db_bind_int(q, ":refused", DELIVERY_REFUSED);
	db_bind_int(q, ":unknown", DELIVERY_UNKNOWN);
	return db_only_int(q, count, err);
}
