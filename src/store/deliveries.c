/* SPDX-License-Identifier: ISC */
/*
 * One row a letter.  Whatever happens, a row that says `sending` was durable before the first
 * byte of its letter could leave, and delivery_once lets no reader have an issue twice.
 */
#include "store/deliveries.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/renderings.h"
#include "store/transactions.h"

/* Readers who get a letter at :now; bind_due binds. */
#define READER_IS_DUE \
	"(r.state = :active OR (r.state = :hold AND r.hold_until <= :now))" \
	" AND (r.frequency = :daily OR (r.frequency = :weekdays AND :weekday_today)" \
	" OR (r.frequency = :weekly AND :weekly_today))"

static void
bind_due(struct db_query *q, int64_t now, bool weekly_today, bool weekday_today)
{
	db_bind_int(q, ":active", READER_ACTIVE);
	db_bind_int(q, ":hold", READER_HOLD);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":daily", FREQUENCY_DAILY);
	db_bind_int(q, ":weekdays", FREQUENCY_WEEKDAYS);
	db_bind_int(q, ":weekday_today", weekday_today);
	db_bind_int(q, ":weekly", FREQUENCY_WEEKLY);
	db_bind_int(q, ":weekly_today", weekly_today);
}

bool
store_audience_count(struct store *s, int64_t now, bool weekly_today, bool weekday_today,
    int64_t *count, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT COUNT(*) FROM reader r WHERE " READER_IS_DUE, err);
	bool row = false;
	bool ok = false;

	bind_due(q, now, weekly_today, weekday_today);
	ok = db_next(q, &row, err);
	*count = row ? db_int(q) : 0;
	db_done(q);
	return ok;
}

/* ---- queue ---- */

/* A reader whose variant is missing would be left out in silence. */
static bool
check_variants(struct store *s, struct err *err)
{
	struct arena *a = arena_new();
	struct variant *list = NULL;
	size_t count = 0;
	bool ok = store_variants_in_use(s, a, &list, &count, err);

	for (size_t i = 0; ok && i < count; i++) {
		if (list[i].id == 0)
			ok = err_set(err, ERR_BUG, "no variant for body %d, format %d",
			    (int)list[i].body, (int)list[i].format);
	}
	arena_free(a);
	return ok;
}

static bool
queue(struct store *s, int64_t issue_id, int64_t now, bool weekly_today,
    bool weekday_today, int64_t *queued, struct err *err)
{
	struct db_query *q = NULL;

	if (!check_variants(s, err))
		return false;
	q = db_query(s,
	    "INSERT INTO delivery (kind, issue_id, reader_id, variant_id, state, attempts)"
	    " SELECT 0, :issue, r.id, v.id, :queued, 0 FROM reader r"
	    " JOIN variant v ON v.body = r.body AND v.format = r.format"
	    " WHERE " READER_IS_DUE " ORDER BY r.id"
	    " ON CONFLICT (issue_id, reader_id) WHERE kind = 0 DO NOTHING",
	    err);
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	bind_due(q, now, weekly_today, weekday_today);
	if (!db_run(q, err))
		return false;
	*queued = db_changes(s);
	return true;
}

bool
store_deliveries_queue(struct store *s, int64_t issue_id, int64_t now, bool weekly_today,
    bool weekday_today, int64_t *queued, struct err *err)
{
	bool own = false;

	*queued = 0;
	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own,
		queue(s, issue_id, now, weekly_today, weekday_today, queued, err), err);
}

bool
store_delivery_queue_one(struct store *s, int64_t issue_id, int64_t reader_id,
    int64_t *queued, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO delivery (kind, issue_id, reader_id, variant_id, state, attempts)"
	    " SELECT 0, :issue, r.id, v.id, :queued, 0 FROM reader r"
	    " JOIN variant v ON v.body = r.body AND v.format = r.format"
	    " WHERE r.id = :reader AND r.address IS NOT NULL"
	    " ON CONFLICT (issue_id, reader_id) WHERE kind = 0 DO NOTHING",
	    err);

	*queued = 0;
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	if (!db_run(q, err))
		return false;
	*queued = db_changes(s);
	return true;
}

/* ---- take ---- */

/* In the order of row_to_taken. */
#define TAKEN_COLUMNS \
	"d.id, d.kind, d.issue_id, d.reader_id, d.variant_id, d.attempts, r.address," \
	" r.confirmed, r.epoch, r.state, r.hold_until"

struct taking {
	struct store *store;
	struct arena *arena;
	int64_t issue_id;
	int64_t now;
	size_t max;
	struct delivery *list;
	size_t count;
};

/* False when the reader must not get it any more. */
static bool
row_to_taken(struct db_query *q, const struct taking *t, struct delivery *out)
{
	enum reader_state state = READER_PENDING;
	int64_t hold_until = TIME_NONE;

	out->id = db_int(q);
	out->kind = (enum delivery_kind)db_int(q);
	out->issue_id = db_int(q);
	out->reader_id = db_int(q);
	out->variant_id = db_int(q);
	out->attempts = db_int(q);
	out->address = db_text(q, t->arena);
	out->confirmed = db_time(q);
	out->epoch = db_int(q);
	state = (enum reader_state)db_int(q);
	hold_until = db_time(q);
	out->next_try = TIME_NONE;
	out->settled = TIME_NONE;
	if (!out->address)
		return false;
	return state == READER_ACTIVE ||
	    (state == READER_HOLD && hold_until != TIME_NONE && hold_until <= t->now);
}

static bool
mark(struct store *s, int64_t id, enum delivery_state state, int64_t settled,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE delivery SET state = :state, next_try = NULL, settled = :settled"
	    " WHERE id = :id",
	    err);

	db_bind_int(q, ":state", state);
	db_bind_time(q, ":settled", settled);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

/* Those that are tried again come first: they are few and have waited longest. */
static const struct wanted {
	enum delivery_state state;
	const char *sql;
} wanted[] = {
	{ DELIVERY_DEFERRED,
	    "SELECT " TAKEN_COLUMNS " FROM delivery d JOIN reader r ON r.id = d.reader_id"
	    " WHERE d.kind = 0 AND d.issue_id = :issue AND d.state = :state"
	    " AND d.next_try <= :now ORDER BY d.next_try, d.id LIMIT :max" },
	{ DELIVERY_QUEUED,
	    "SELECT " TAKEN_COLUMNS " FROM delivery d JOIN reader r ON r.id = d.reader_id"
	    " WHERE d.kind = 0 AND d.issue_id = :issue AND d.state = :state"
	    " AND COALESCE(d.next_try, :now) <= :now ORDER BY d.next_try, d.id LIMIT :max" },
};

/*
 * Reads up to the wanted number before it marks them, since marking moves rows in the index
 * that is read.  *more: there may be further ones.
 */
static bool
take_some(struct taking *t, const struct wanted *w, bool *more, struct err *err)
{
	struct db_query *q = db_query(t->store, w->sql, err);
	struct delivery *list = t->list + t->count;
	size_t room = t->max - t->count;
	size_t n = 0;
	size_t kept = 0;
	bool row = false;
	bool ok = false;

	db_bind_int(q, ":issue", t->issue_id);
	db_bind_int(q, ":state", w->state);
	db_bind_int(q, ":now", t->now);
	db_bind_int(q, ":max", (int64_t)room);
	while ((ok = db_next(q, &row, err)) && row) {
		list[n].state =
		    row_to_taken(q, t, &list[n]) ? DELIVERY_SENDING : DELIVERY_SKIPPED;
		n++;
	}
	db_done(q);
	*more = n == room;
	for (size_t i = 0; ok && i < n; i++) {
		bool goes = list[i].state == DELIVERY_SENDING;

		ok = mark(t->store, list[i].id, list[i].state, goes ? TIME_NONE : t->now,
		    err);
		if (goes)
			list[kept++] = list[i];
	}
	t->count += kept;
	return ok;
}

static bool
take(struct taking *t, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		bool more = true;

		while (more && t->count < t->max) {
			if (!take_some(t, &wanted[i], &more, err))
				return false;
		}
	}
	return true;
}

bool
store_deliveries_take(struct store *s, struct arena *a, int64_t issue_id, int64_t now,
    size_t max, struct delivery **out, size_t *count, struct err *err)
{
	struct taking t = { .store = s,
		.arena = a,
		.issue_id = issue_id,
		.now = now,
		.max = max };
	bool ok = false;

	*out = NULL;
	*count = 0;
	/* In somebody else's transaction nothing would be durable when this returns. */
	if (!store_begin(s, err))
		return false;
	t.list = arena_array(a, max, sizeof(*t.list));
	ok = store_scope_end(s, true, take(&t, err), err);
	if (!ok)
		return false;
	*out = t.list;
	*count = t.count;
	return true;
}

/* ---- settle ---- */

static bool
settle_one(struct store *s, const struct delivery *d, struct err *err)
{
	/* The reply to a reader who was erased meanwhile may quote the address: not kept. */
	struct db_query *q = db_query(s,
	    "UPDATE delivery SET state = :state, status = :status, attempts = :attempts,"
	    " next_try = :next_try, settled = :settled,"
	    " reply = CASE WHEN :state <> :sent AND EXISTS (SELECT 1 FROM reader r"
	    " WHERE r.id = reader_id AND r.state = :erased) THEN NULL ELSE :reply END"
	    " WHERE id = :id",
	    err);

	db_bind_int(q, ":state", d->state);
	db_bind_text(q, ":status", d->status);
	db_bind_int(q, ":attempts", d->attempts);
	db_bind_time(q, ":next_try", d->next_try);
	db_bind_time(q, ":settled", d->settled);
	db_bind_int(q, ":sent", DELIVERY_SENT);
	db_bind_int(q, ":erased", READER_ERASED);
	db_bind_text(q, ":reply", d->reply);
	db_bind_int(q, ":id", d->id);
	if (!db_run(q, err))
		return false;
	return db_changes(s) == 1 ||
	    err_set(err, ERR_BUG, "delivery %lld is not stored", (long long)d->id);
}

static bool
settle(struct store *s, const struct delivery *d, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!settle_one(s, &d[i], err))
			return false;
	}
	return true;
}

bool
store_deliveries_settle(struct store *s, const struct delivery *d, size_t count,
    struct err *err)
{
	bool own = false;

	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, settle(s, d, count, err), err);
}

#define RECOVER "UPDATE delivery SET state = :unknown, reply = :reply WHERE kind = :kind"

/* Written so that delivery_state leads straight to the few rows, whatever the history. */
static bool
recover_kind(struct store *s, const char *sql, int kind, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":unknown", DELIVERY_UNKNOWN);
	db_bind_text(q, ":reply",
	    "planetpost stopped before it could write down the answer");
	db_bind_int(q, ":kind", kind);
	db_bind_int(q, ":sending", DELIVERY_SENDING);
	if (!db_run(q, err))
		return false;
	*count += db_changes(s);
	return true;
}

static bool
recover(struct store *s, int64_t *count, struct err *err)
{
	for (int kind = DELIVERY_ISSUE; kind <= DELIVERY_TEST; kind++) {
		if (!recover_kind(s,
			RECOVER " AND issue_id IN (SELECT id FROM issue)"
				" AND state = :sending",
			kind, count, err) ||
		    !recover_kind(s, RECOVER " AND issue_id IS NULL AND state = :sending",
			kind, count, err))
			return false;
	}
	return true;
}

bool
store_deliveries_recover(struct store *s, int64_t *count, struct err *err)
{
	bool own = false;

	*count = 0;
	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, recover(s, count, err), err);
}

static bool
untake(struct store *s, const struct delivery *d, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct db_query *q = db_query(s,
		    "UPDATE delivery SET state = :queued WHERE id = :id AND state = :sending",
		    err);

		db_bind_int(q, ":queued", DELIVERY_QUEUED);
		db_bind_int(q, ":id", d[i].id);
		db_bind_int(q, ":sending", DELIVERY_SENDING);
		if (!db_run(q, err))
			return false;
	}
	return true;
}

bool
store_deliveries_untake(struct store *s, const struct delivery *d, size_t count,
    struct err *err)
{
	bool own = false;

	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, untake(s, d, count, err), err);
}

/* ---- looking ---- */

bool
store_deliveries_count(struct store *s, int64_t issue_id,
    int64_t by_state[DELIVERY_SKIPPED + 1], struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT state, COUNT(*) FROM delivery WHERE kind = 0 AND issue_id = :issue"
	    " GROUP BY state",
	    err);
	bool row = false;
	bool ok = false;

	memset(by_state, 0, sizeof(*by_state) * (DELIVERY_SKIPPED + 1));
	db_bind_int(q, ":issue", issue_id);
	while ((ok = db_next(q, &row, err)) && row) {
		int64_t state = db_int(q);

		if (state >= 0 && state <= DELIVERY_SKIPPED)
			by_state[state] = db_int(q);
	}
	db_done(q);
	return ok;
}

static void
row_to_delivery(struct db_query *q, struct arena *a, struct delivery *out)
{
	out->id = db_int(q);
	out->kind = (enum delivery_kind)db_int(q);
	out->issue_id = db_int(q);
	out->reader_id = db_int(q);
	out->variant_id = db_int(q);
	out->state = (enum delivery_state)db_int(q);
	out->attempts = db_int(q);
	out->next_try = db_time(q);
	out->settled = db_time(q);
	out->address = db_text(q, a);
	out->reply = db_text(q, a);
	out->status = db_text(q, a);
	out->confirmed = db_time(q);
	out->epoch = db_int(q);
}

/* As for readers: chunk by chunk, so that what is called may write. */
static bool
next_chunk(struct store *s, struct arena *a, int64_t issue_id, unsigned states,
    int64_t after, struct delivery *chunk, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT d.id, d.kind, d.issue_id, d.reader_id, d.variant_id, d.state, d.attempts,"
	    " d.next_try, d.settled, r.address, d.reply, d.status, r.confirmed, r.epoch"
	    " FROM delivery d JOIN reader r ON r.id = d.reader_id"
	    " WHERE d.kind = 0 AND d.issue_id = :issue AND d.reader_id > :after"
	    " AND (:states >> d.state) & 1 ORDER BY d.reader_id LIMIT :max",
	    err);
	bool row = false;
	bool ok = false;

	*count = 0;
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":after", after);
	db_bind_int(q, ":states", states);
	db_bind_int(q, ":max", DB_CHUNK);
	while ((ok = db_next(q, &row, err)) && row)
		row_to_delivery(q, a, &chunk[(*count)++]);
	db_done(q);
	return ok;
}

bool
store_deliveries_each(struct store *s, int64_t issue_id, unsigned states,
    bool (*each)(void *arg, const struct delivery *d, struct err *err), void *arg,
    struct err *err)
{
	struct arena *a = arena_new();
	int64_t after = 0;
	size_t count = DB_CHUNK;
	bool ok = true;

	while (ok && count == DB_CHUNK) {
		struct delivery *chunk = NULL;

		arena_reset(a);
		chunk = arena_array(a, DB_CHUNK, sizeof(*chunk));
		ok = next_chunk(s, a, issue_id, states, after, chunk, &count, err);
		for (size_t i = 0; ok && i < count; i++) {
			after = chunk[i].reader_id;
			ok = each(arg, &chunk[i], err);
		}
	}
	arena_free(a);
	return ok;
}
