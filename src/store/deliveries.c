/* SPDX-License-Identifier: ISC */
/*
 * Whatever happens, a row that says `sending` was durable before the first byte of its letter
 * could leave.
 */
#include "store/deliveries.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/delivery_queue.h"
#include "store/notes.h"
#include "store/transactions.h"

/* In the order of row_to_delivery. */
#define DELIVERY_COLUMNS \
	"d.issue_id, i.number, d.after, d.reader_id, d.part, d.variant_id, d.state," \
	" d.attempts, d.next_try, d.settled, d.queued, d.status, d.reply, d.epoch," \
	" d.confirmed, r.address"
#define FROM_DELIVERY \
	" FROM delivery d JOIN reader r ON r.id = d.reader_id" \
	" JOIN issue i ON i.id = d.issue_id "

static void
row_to_delivery(struct db_query *q, struct arena *a, void *row)
{
	struct delivery *out = row;

	*out = (struct delivery){ .kind = NOTICE_NONE };
	out->span.last_id = db_int(q);
	out->span.last = db_int(q);
	out->span.after = db_int(q);
	out->reader_id = db_int(q);
	out->part = db_int(q);
	out->variant_id = db_int(q);
	out->state = (enum delivery_state)db_int(q);
	out->attempts = db_int(q);
	out->next_try = db_time(q);
	out->settled = db_time(q);
	out->queued = db_time(q);
	out->status = db_text(q, a);
	out->reply = db_text(q, a);
	out->epoch = db_int(q);
	out->confirmed = db_time(q);
	out->address = db_text(q, a);
}

static void
bind_letter(struct db_query *q, const struct delivery *d)
{
	db_bind_int(q, ":issue", d->span.last_id);
	db_bind_int(q, ":reader", d->reader_id);
	db_bind_int(q, ":part", d->part);
}

/* ---- take ---- */

struct taking {
	struct store *store;
	struct arena *arena;
	int64_t issue_id;
	int64_t now;
	size_t max;
	struct delivery *list;
	bool *as_queued; /* of each: the reader is as when it was queued */
	size_t count;
};

/* What becomes of a letter whose reader changed while it waited or was being sent. */
static enum delivery_state
taken_as(enum reader_state reader)
{
	switch (reader) {
	case READER_ACTIVE:
		return DELIVERY_SENDING;
	case READER_HOLD:
	case READER_BOUNCED:
	case READER_REMOVED:
		/* They may come back, and then its issues are in their next letter. */
		return DELIVERY_WITHDRAWN;
	case READER_PENDING:
	case READER_LEFT:
	case READER_ERASED:
		break;
	}
	return DELIVERY_SKIPPED;
}

static void
row_to_taken(struct db_query *q, const struct taking *t, size_t at)
{
	struct delivery *out = &t->list[at];
	struct delivery queued;

	row_to_delivery(q, t->arena, out);
	queued = *out;
	out->next_try = TIME_NONE;
	out->settled = TIME_NONE;
	out->epoch = db_int(q);
	out->confirmed = db_time(q);
	out->state = taken_as((enum reader_state)db_int(q));
	t->as_queued[at] = queued.state == DELIVERY_QUEUED && !queued.status &&
	    queued.epoch == out->epoch && queued.confirmed == out->confirmed;
}

static bool
mark(struct store *s, const struct delivery *d, int64_t now, struct err *err)
{
	const int64_t settled = d->state == DELIVERY_SENDING ? TIME_NONE : now;
	struct db_query *q = db_query(s,
	    "UPDATE delivery SET state = :state, next_try = NULL, settled = :settled,"
	    " epoch = :epoch, confirmed = :confirmed"
	    " WHERE issue_id = :issue AND reader_id = :reader AND part = :part",
	    err);

	bind_letter(q, d);
	db_bind_int(q, ":state", d->state);
	db_bind_time(q, ":settled", settled);
	db_bind_int(q, ":epoch", d->epoch);
	db_bind_time(q, ":confirmed", d->confirmed);
	return db_run(q, err) &&
	    (d->state != DELIVERY_WITHDRAWN ||
		store_watermark_put_back(s, d->reader_id, &d->span, err));
}

/* Taken as it was queued, with others of its kind. */
static bool
is_usual(const struct taking *t, size_t at, const struct delivery *like)
{
	const struct delivery *d = &t->list[at];

	return t->as_queued[at] && d->state == DELIVERY_SENDING &&
	    d->span.last_id == like->span.last_id && d->span.after == like->span.after &&
	    d->variant_id == like->variant_id && d->part == like->part;
}

/*
 * How many letters from `at` on, before `end`, are those that one statement finds from reader to
 * reader; 0 when they are too few, or too far between.
 */
static size_t
stretch(const struct taking *t, size_t at, size_t end)
{
	enum { LEAST = 4 };
	const struct delivery *first = &t->list[at];
	size_t n = 0;

	while (at + n < end && is_usual(t, at + n, first) &&
	    (n == 0 || first[n - 1].reader_id < first[n].reader_id))
		n++;
	return n >= LEAST && first[n - 1].reader_id - first->reader_id < 2 * (int64_t)n
	    ? n
	    : 0;
}

/*
 * NOT INDEXED: by the table itself, whose order is not changed meanwhile.  OR FAIL: what was done
 * when it fails is undone with the whole transaction; else sqlite copies each page into a file
 * first.
 */
static bool
mark_stretch(struct store *s, const struct delivery *d, size_t count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE OR FAIL delivery NOT INDEXED SET state = 1, next_try = NULL, settled = NULL"
	    " WHERE issue_id = :issue AND reader_id BETWEEN :first AND :last"
	    " AND part = :part AND state = 0 AND variant_id = :variant AND after = :after"
	    " AND status IS NULL",
	    err);

	db_bind_int(q, ":issue", d->span.last_id);
	db_bind_int(q, ":first", d->reader_id);
	db_bind_int(q, ":last", d[count - 1].reader_id);
	db_bind_int(q, ":part", d->part);
	db_bind_int(q, ":variant", d->variant_id);
	db_bind_int(q, ":after", d->span.after);
	if (!db_run(q, err))
		return false;
	return db_changes(s) == (int64_t)count ||
	    err_set(err, ERR_BUG, "other letters were marked than were taken");
}
_Static_assert(DELIVERY_QUEUED == 0 && DELIVERY_SENDING == 1,
    "as the statements have it");

/* CROSS JOIN: the letters first, by the small index that holds what waits. */
#define TAKEN \
	"SELECT " DELIVERY_COLUMNS ", r.epoch, r.confirmed, r.state" \
	" FROM delivery d CROSS JOIN reader r ON r.id = d.reader_id" \
	" CROSS JOIN issue i ON i.id = d.issue_id "
#define OF_ISSUE " AND (:issue = 0 OR d.issue_id = :issue) AND i.state <> 3"
_Static_assert(ISSUE_PAUSED == 3, "as the statements have it");

/*
 * Letters nobody has answered yet come first, so that none of them waits for the trouble of
 * another; last those that were refused in doubt, and those that broke a connection.
 */
#define QUEUED "WHERE d.state = 0" OF_ISSUE
#define IN_ORDER " ORDER BY d.issue_id, d.variant_id, d.after LIMIT :max"
#define AGAIN "WHERE d.state = 3 AND d.next_try <= :now" OF_ISSUE
#define LONGEST_FIRST " ORDER BY d.next_try LIMIT :max"
static const struct wanted {
	bool again;
	const char *sql;
} wanted[] = {
	{ false, TAKEN QUEUED " AND d.status IS NULL" IN_ORDER },
	{ true, TAKEN AGAIN " AND d.status IS NOT '" STATUS_BROKE_OFF "'" LONGEST_FIRST },
	{ false, TAKEN QUEUED " AND d.status IS NOT NULL" IN_ORDER },
	{ true, TAKEN AGAIN " AND d.status IS '" STATUS_BROKE_OFF "'" LONGEST_FIRST },
};

/* What was read up to `end`; what is not to be sent is left out. */
static bool
mark_all(struct taking *t, size_t end, struct err *err)
{
	size_t n = 0;

	for (size_t i = t->count; i < end; i += n) {
		const size_t many = stretch(t, i, end);
		const bool ok = many > 0 ? mark_stretch(t->store, &t->list[i], many, err)
					 : mark(t->store, &t->list[i], t->now, err);

		if (!ok)
			return false;
		n = many > 0 ? many : 1;
		if (t->list[i].state != DELIVERY_SENDING)
			continue;
		memmove(&t->list[t->count], &t->list[i], n * sizeof(*t->list));
		t->count += n;
	}
	return true;
}

/*
 * Reads up to the wanted number before it marks them, since marking moves rows in the index
 * that is read.  *more: there may be further ones.
 */
static bool
take_some(struct taking *t, const struct wanted *w, bool *more, struct err *err)
{
	struct db_query *q = db_query(t->store, w->sql, err);
	const size_t room = t->max - t->count;
	size_t end = t->count;

	db_bind_int(q, ":issue", t->issue_id);
	if (w->again)
		db_bind_int(q, ":now", t->now);
	db_bind_int(q, ":max", (int64_t)room);
	while (db_next(q))
		row_to_taken(q, t, end++);
	*more = end - t->count == room;
	return db_done(q, err) && mark_all(t, end, err);
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
	return t->count == 0 || store_takings_count(t->store, err);
}

bool
store_writes_of_others(struct store *s, int64_t *number, struct err *err)
{
	return db_number(s, "PRAGMA data_version", number, err);
}

bool
store_delivery_goes(struct store *s, const struct delivery *d, int64_t now, bool *goes,
    struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT state FROM reader WHERE id = :reader", err);
	struct delivery as = *d;

	db_bind_int(q, ":reader", d->reader_id);
	as.state = db_next(q) ? taken_as((enum reader_state)db_int(q)) : DELIVERY_SKIPPED;
	*goes = as.state == DELIVERY_SENDING;
	return db_done(q, err) &&
	    (*goes ||
		(store_scope_begin(s, err) &&
		    store_scope_end(s, mark(s, &as, now, err), err)));
}

/* ---- behind what is settled ---- */

static bool
settle_and_take(struct taking *t, const struct delivery *settled, size_t count,
    struct err *err)
{
	return store_deliveries_settle(t->store, settled, count, err) && take(t, err);
}

bool
store_deliveries_take(struct store *s, const struct delivery *settled,
    size_t settled_count, struct arena *a, int64_t issue_id, int64_t now, size_t max,
    struct delivery **out, size_t *count, struct err *err)
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
	t.as_queued = arena_array(a, max, sizeof(*t.as_queued));
	ok = store_end(s, settle_and_take(&t, settled, settled_count, err), err);
	if (!ok)
		return false;
	*out = t.list;
	*count = t.count;
	return true;
}

static bool
untake_one(struct store *s, const struct delivery *d, struct err *err)
{
	struct db_query *q = NULL;

	if (d->kind == NOTICE_NONE) {
		q = db_query(s,
		    "UPDATE delivery SET state = :queued WHERE state = :sending"
		    " AND issue_id = :issue AND reader_id = :reader AND part = :part",
		    err);
		bind_letter(q, d);
	} else {
		q = db_query(s,
		    "UPDATE notice SET state = :queued WHERE state = :sending"
		    " AND id = :id",
		    err);
		db_bind_int(q, ":id", d->notice_id);
	}
	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	db_bind_int(q, ":sending", DELIVERY_SENDING);
	return db_run(q, err);
}

static bool
untake(struct store *s, const struct delivery *d, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!untake_one(s, &d[i], err))
			return false;
	}
	return true;
}

bool
store_deliveries_untake(struct store *s, const struct delivery *d, size_t count,
    struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, untake(s, d, count, err), err);
}

/* ---- looking ---- */

/* Counted here: GROUP BY would sort all letters of the issue in memory first. */
bool
store_deliveries_count(struct store *s, int64_t issue_id,
    int64_t by_state[DELIVERY_STATES], struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT state, 1 FROM delivery WHERE issue_id = :issue"
	    " UNION ALL SELECT state, letters FROM issue_count WHERE issue_id = :issue",
	    err);

	memset(by_state, 0, sizeof(*by_state) * DELIVERY_STATES);
	db_bind_int(q, ":issue", issue_id);
	while (db_next(q)) {
		int64_t state = db_int(q);

		if (state >= 0 && state < DELIVERY_STATES)
			by_state[state] += db_int(q);
	}
	return db_done(q, err);
}

#define AND_GOES_ON \
	" AND (:issue = 0 OR issue_id = :issue)" \
	" AND issue_id NOT IN (SELECT id FROM issue WHERE state = 3)"

bool
store_deliveries_waiting(struct store *s, int64_t issue_id, int64_t *count,
    struct err *err)
{
	/* Three looks into indices that hold nothing but what waits. */
	struct db_query *q = db_query(s,
	    "SELECT (SELECT COUNT(*) FROM delivery WHERE state = 0" AND_GOES_ON ")"
	    " + (SELECT COUNT(*) FROM delivery WHERE state = 1" AND_GOES_ON ")"
	    " + (SELECT COUNT(*) FROM delivery WHERE state = 3" AND_GOES_ON ")",
	    err);

	db_bind_int(q, ":issue", issue_id);
	return db_only_int(q, count, err);
}

bool
store_delivery_ending(struct store *s, struct arena *a, int64_t number, int64_t reader_id,
    int64_t part, struct delivery *out, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " DELIVERY_COLUMNS FROM_DELIVERY
	    "WHERE i.number = :number AND d.reader_id = :reader AND d.part = :part",
	    err);

	db_bind_int(q, ":number", number);
	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":part", part);
	return db_one(q, a, row_to_delivery, out, found, err);
}

bool
store_delivery_holding(struct store *s, struct arena *a, int64_t number,
    int64_t reader_id, struct delivery *out, bool *found, struct err *err)
{
	/* CROSS JOIN: issue by issue, each with one look at the primary key. */
	struct db_query *q = db_query(s,
	    "SELECT " DELIVERY_COLUMNS " FROM issue i CROSS JOIN delivery d"
	    " ON d.issue_id = i.id AND d.reader_id = :reader AND d.part = 1"
	    " JOIN reader r ON r.id = d.reader_id"
	    " WHERE i.number >= :number AND d.after < :number AND d.state <> :withdrawn"
	    " ORDER BY i.number LIMIT 1",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":number", number);
	db_bind_int(q, ":withdrawn", DELIVERY_WITHDRAWN);
	return db_one(q, a, row_to_delivery, out, found, err);
}

static void
row_to_record(struct db_query *q, struct arena *a, void *row)
{
	struct delivery_record *out = row;

	out->issue = db_text(q, a);
	out->queued = db_time(q);
	out->settled = db_time(q);
	out->state = (enum delivery_state)db_int(q);
	out->reply = db_text(q, a);
}

bool
store_deliveries_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct delivery_record **out, size_t *count, struct err *err)
{
	/* CROSS JOIN: issue by issue, each with one look at the primary key. */
	struct db_query *q = db_query(s,
	    "SELECT i.name, d.queued, d.settled, d.state, d.reply"
	    " FROM issue i CROSS JOIN delivery d"
	    " ON d.issue_id = i.id AND d.reader_id = :reader"
	    " WHERE i.number IS NOT NULL ORDER BY i.number DESC LIMIT :max",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_record, out, count, err);
}

bool
store_deliveries_waiting_after(struct store *s, int64_t reader_id, int64_t *after,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT MIN(after) FROM delivery WHERE reader_id = :reader AND issue_id IN"
	    " (SELECT id FROM issue WHERE number IS NOT NULL) AND state IN (0, 3)"
	    " HAVING COUNT(*) > 0",
	    err);

	db_bind_int(q, ":reader", reader_id);
	if (db_next(q)) {
		const int64_t first = db_int(q);

		*after = first < *after ? first : *after;
	}
	return db_done(q, err);
}

/* As for readers: chunk by chunk, so that what is called may write. */
static bool
next_chunk(struct store *s, struct arena *a, int64_t issue_id, unsigned states,
    const struct delivery *after, struct delivery **chunk, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " DELIVERY_COLUMNS FROM_DELIVERY
	    "WHERE d.issue_id = :issue AND (d.reader_id, d.part) > (:reader, :part)"
	    " AND (:states >> d.state) & 1 ORDER BY d.reader_id, d.part LIMIT :max",
	    err);

	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":reader", after->reader_id);
	db_bind_int(q, ":part", after->part);
	db_bind_int(q, ":states", states);
	db_bind_int(q, ":max", DB_CHUNK);
	return db_list_of(q, a, sizeof(**chunk), DB_CHUNK, row_to_delivery, chunk, count,
	    err);
}

bool
store_deliveries_each(struct store *s, int64_t issue_id, unsigned states,
    bool (*each)(void *arg, const struct delivery *d, struct err *err), void *arg,
    struct err *err)
{
	struct arena *a = arena_new();
	struct delivery after = { .part = 0 };
	size_t count = DB_CHUNK;
	bool ok = true;

	while (ok && count == DB_CHUNK) {
		struct delivery *chunk = NULL;

		arena_reset(a);
		ok = next_chunk(s, a, issue_id, states, &after, &chunk, &count, err);
		for (size_t i = 0; ok && i < count; i++) {
			after = chunk[i];
			ok = each(arg, &chunk[i], err);
		}
	}
	arena_free(a);
	return ok;
}

/* ---- tidying ---- */

/* Letters of one transaction. */
enum { TIDY_CHUNK = 20000 };

/* Readers (low, high] of an issue: about so many letters.  high is the last one's at the end. */
static bool
find_high(struct store *s, int64_t issue, int64_t low, int64_t *high, bool *more,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COALESCE(MAX(reader_id), :low), COUNT(*) FROM (SELECT reader_id"
	    " FROM delivery WHERE issue_id = :issue AND reader_id > :low"
	    " ORDER BY reader_id LIMIT :max)",
	    err);

	db_bind_int(q, ":low", low);
	db_bind_int(q, ":issue", issue);
	db_bind_int(q, ":max", TIDY_CHUNK);
	if (db_next(q)) {
		*high = db_int(q);
		*more = db_int(q) == TIDY_CHUNK;
	}
	return db_done(q, err);
}

#define TIDIED \
	" FROM delivery WHERE issue_id = :issue AND reader_id > :low" \
	" AND reader_id <= :high AND state NOT IN (0, 1, 3) AND COALESCE(settled, 0) < :t"

static bool
run_tidy(struct store *s, const char *sql, int64_t issue, int64_t low, int64_t high,
    int64_t t, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":issue", issue);
	db_bind_int(q, ":low", low);
	db_bind_int(q, ":high", high);
	db_bind_int(q, ":t", t);
	return db_run(q, err);
}

static bool
tidy_chunk(struct store *s, int64_t issue, int64_t low, int64_t high, int64_t t,
    struct err *err)
{
	return run_tidy(s,
		   "INSERT INTO issue_count (issue_id, state, letters)"
		   " SELECT issue_id, state, COUNT(*)" TIDIED
		   " GROUP BY issue_id, state ON CONFLICT (issue_id, state)"
		   " DO UPDATE SET letters = letters + excluded.letters",
		   issue, low, high, t, err) &&
	    run_tidy(s, "DELETE" TIDIED, issue, low, high, t, err);
}

static bool
tidy_issue(struct store *s, int64_t issue, int64_t t, int64_t *dropped, struct err *err)
{
	int64_t low = INT64_MIN;
	bool more = true;

	while (more) {
		int64_t high = 0;

		if (!find_high(s, issue, low, &high, &more, err) ||
		    !store_scope_begin(s, err) ||
		    !store_scope_end(s, tidy_chunk(s, issue, low, high, t, err), err))
			return false;
		*dropped += db_changes(s);
		low = high;
	}
	return true;
}

/* The next issue approved before t of which letters are there; 0: none. */
static bool
next_to_tidy(struct store *s, int64_t after, int64_t t, int64_t *id, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT i.id FROM issue i WHERE i.id > :after AND i.approved < :t"
	    " AND EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = i.id)"
	    " ORDER BY i.id LIMIT 1",
	    err);

	db_bind_int(q, ":after", after);
	db_bind_int(q, ":t", t);
	return db_only_int(q, id, err);
}

bool
store_deliveries_tidy(struct store *s, int64_t t, int64_t *dropped, struct err *err)
{
	int64_t issue = 0;

	*dropped = 0;
	for (;;) {
		if (!next_to_tidy(s, issue, t, &issue, err))
			return false;
		if (issue == 0)
			return true;
		if (!tidy_issue(s, issue, t, dropped, err))
			return false;
	}
}

/* ---- what a person decides ---- */

static bool
decide(struct store *s, int64_t issue_id, unsigned states, enum delivery_state to,
    int64_t now, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE delivery SET state = :to, attempts = 0, next_try = NULL, settled = NULL,"
	    " queued = :now, status = NULL,"
	    " reply = CASE WHEN :to = :queued THEN NULL ELSE reply END"
	    " WHERE issue_id = :issue AND (:states >> state) & 1 AND (:to <> :queued"
	    " OR EXISTS (SELECT 1 FROM reader r WHERE r.id = reader_id AND r.state = :active))",
	    err);

	db_bind_int(q, ":to", to);
	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":states", states);
	db_bind_int(q, ":active", READER_ACTIVE);
	if (!db_run(q, err))
		return false;
	*count = db_changes(s);
	if (*count == 0 || to != DELIVERY_QUEUED)
		return true;
	q = db_query(s, "UPDATE issue SET state = :sending WHERE id = :issue", err);
	db_bind_int(q, ":sending", ISSUE_SENDING);
	db_bind_int(q, ":issue", issue_id);
	return db_run(q, err);
}

bool
store_deliveries_decide(struct store *s, int64_t issue_id, unsigned states,
    enum delivery_state to, int64_t now, int64_t *count, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, decide(s, issue_id, states, to, now, count, err), err);
}
