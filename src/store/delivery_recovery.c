/* SPDX-License-Identifier: ISC */
#include "store/delivery_recovery.h"

#include "store/db.h"
#include "store/deliveries.h"
#include "store/transactions.h"

_Static_assert(DELIVERY_QUEUED == 0 && DELIVERY_SENDING == 1 && DELIVERY_DEFERRED == 3,
    "numbers that stand in SQL");

/* ---- after a run that ended without winding up ---- */

static void
bind_name(struct db_query *q, const struct delivery *d)
{
	if (d->kind == NOTICE_NONE) {
		db_bind_int(q, ":issue", d->span.last_id);
		db_bind_int(q, ":reader", d->reader_id);
		db_bind_int(q, ":part", d->part);
	} else {
		db_bind_int(q, ":id", d->notice_id);
	}
}

/* True when it is still being sent, for that very attempt. */
static bool
is_sending(struct store *s, const struct delivery_left *left, bool *sending,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    left->d.kind == NOTICE_NONE
		? "SELECT 1 FROM delivery WHERE issue_id = :issue AND reader_id = :reader"
		  " AND part = :part AND state = 1 AND attempts = :attempts"
		: "SELECT 1 FROM notice WHERE id = :id AND state = 1"
		  " AND attempts = :attempts",
	    err);

	bind_name(q, &left->d);
	db_bind_int(q, ":attempts", left->attempts);
	return db_any(q, sending, err);
}

#define STOPPED "planetpost stopped before it could write down the answer"

static bool
make_unknown(struct store *s, const struct delivery *d, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    d->kind == NOTICE_NONE
		? "UPDATE delivery SET state = :unknown, reply = :reply"
		  " WHERE issue_id = :issue AND reader_id = :reader AND part = :part"
		: "UPDATE notice SET state = :unknown, reply = :reply WHERE id = :id",
	    err);

	bind_name(q, d);
	db_bind_int(q, ":unknown", DELIVERY_UNKNOWN);
	db_bind_text(q, ":reply", STOPPED);
	if (!db_run(q, err))
		return false;
	*count += db_changes(s);
	return true;
}

static bool
recover_left(struct store *s, const struct delivery_left *left, int64_t *count,
    struct err *err)
{
	bool sending = false;

	if (!is_sending(s, left, &sending, err) || !sending)
		return !err_is_set(err);
	return left->answered ? store_deliveries_settle(s, &left->d, 1, err)
			      : make_unknown(s, &left->d, count, err);
}

static bool
recover_others(struct store *s, const char *sql, bool others_wait, int64_t *count,
    struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":state", others_wait ? DELIVERY_QUEUED : DELIVERY_UNKNOWN);
	db_bind_text(q, ":reply", others_wait ? NULL : STOPPED);
	if (!db_run(q, err))
		return false;
	*count += others_wait ? 0 : db_changes(s);
	return true;
}

static bool
recover(struct store *s, const struct delivery_recovery *r, int64_t *count,
    struct err *err)
{
	const bool others_wait = r && r->others_wait;

	for (size_t i = 0; r && i < r->count; i++) {
		if (!recover_left(s, &r->left[i], count, err))
			return false;
	}
	return recover_others(s,
		   "UPDATE delivery SET state = :state, reply = COALESCE(:reply, reply)"
		   " WHERE state = 1",
		   others_wait, count, err) &&
	    recover_others(s,
		"UPDATE notice SET state = :state, reply = COALESCE(:reply, reply)"
		" WHERE state = 1",
		others_wait, count, err);
}

bool
store_deliveries_recover(struct store *s, const struct delivery_recovery *r,
    int64_t *count, struct err *err)
{
	*count = 0;
	return store_scope_begin(s, err) &&
	    store_scope_end(s, recover(s, r, count, err), err);
}

/* ---- a database that is older than what was sent ---- */

#define DOUBTFUL_LETTERS \
	" WHERE state IN (0, 1, 3)" \
	" AND issue_id IN (SELECT id FROM issue WHERE number <= :number)"
#define DOUBTFUL_NOTICES " WHERE state IN (0, 1, 3) AND created <= :until"

bool
store_doubtful_count(struct store *s, const struct delivery_doubt *doubt, int64_t *count,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT (SELECT COUNT(*) FROM delivery" DOUBTFUL_LETTERS ")"
	    " + (SELECT COUNT(*) FROM notice" DOUBTFUL_NOTICES ")",
	    err);

	db_bind_int(q, ":number", doubt->number);
	db_bind_int(q, ":until", doubt->until);
	return db_only_int(q, count, err);
}

#define MAY_HAVE_GONE \
	" SET state = 5, next_try = NULL," \
	" reply = 'it may have gone before the database was put back'"
_Static_assert(DELIVERY_UNKNOWN == 5, "a number that stands in SQL");

static bool
doubt(struct store *s, const char *sql, const char *name, int64_t value, int64_t *count,
    struct err *err)
{
	if (!db_run_int(s, sql, name, value, err))
		return false;
	*count += db_changes(s);
	return true;
}

bool
store_doubtful_unknown(struct store *s, const struct delivery_doubt *d, int64_t *count,
    struct err *err)
{
	*count = 0;
	return store_scope_begin(s, err) &&
	    store_scope_end(s,
		doubt(s, "UPDATE delivery" MAY_HAVE_GONE DOUBTFUL_LETTERS, ":number",
		    d->number, count, err) &&
		    doubt(s, "UPDATE notice" MAY_HAVE_GONE DOUBTFUL_NOTICES, ":until",
			d->until, count, err),
		err);
}
