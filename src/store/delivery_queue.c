/* SPDX-License-Identifier: ISC */
#include "store/delivery_queue.h"

#include "base/attr.h"
#include "base/clock.h"
#include "store/db.h"
#include "store/transactions.h"

/*
 * Readers of one transaction, which takes some thousandths of a second; and the pause between
 * two of them when the turn of others has not come for so long: whoever leaves by the page waits
 * some hundredths of a second for it, not for all readers.
 */
enum { QUEUE_CHUNK = 2000, WITHDRAW_CHUNK = 2000, OUR_TURN_MS = 25, OTHERS_TURN_MS = 4 };

/* The partial indices of the schema and the statements below name these numbers. */
_Static_assert(DELIVERY_QUEUED == 0 && DELIVERY_SENDING == 1 && DELIVERY_DEFERRED == 3 &&
	DELIVERY_WITHDRAWN == 7 && READER_ACTIVE == 1 && ISSUE_CANCELLED == 6,
    "numbers that stand in SQL");

bool
store_newest_issue(struct store *s, struct span *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT number, id FROM issue WHERE number IS NOT NULL AND state <> 6"
	    " ORDER BY number DESC LIMIT 1",
	    err);

	*out = (struct span){ 0, 0, 0 };
	if (db_next(q)) {
		out->last = db_int(q);
		out->last_id = db_int(q);
		out->after = out->last - 1;
	}
	return db_done(q, err);
}

bool
store_issue_number_at(struct store *s, int64_t t, int64_t *number, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COALESCE(MAX(number), 0) FROM issue WHERE approved <= :t", err);

	db_bind_int(q, ":t", t);
	return db_only_int(q, number, err);
}

/* ---- who is due ---- */

#define IS_BEHIND "r.state = 1 AND r.last_issue < :newest"
/* Two kinds: those whom each issue is sent, and those with an instant of their own. */
#define DUE_EACH IS_BEHIND " AND r.due IS NULL"
#define DUE_OWN IS_BEHIND " AND r.due <= :now"

static void
bind_due(struct db_query *q, int64_t now, int64_t newest)
{
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":newest", newest);
}

bool
store_audience_count(struct store *s, int64_t now, int64_t newest, int64_t *count,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT (SELECT COUNT(*) FROM reader r NOT INDEXED WHERE " DUE_EACH ")"
	    " + (SELECT COUNT(*) FROM reader r INDEXED BY reader_due WHERE " DUE_OWN ")",
	    err);

	bind_due(q, now, newest);
	return db_only_int(q, count, err);
}

/* Counted here: GROUP BY would sort all readers in memory first. */
bool
store_audience_by_rhythm(struct store *s, int64_t *by_rhythm, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT c.rhythm FROM reader r NOT INDEXED CROSS JOIN cadence c"
	    " ON c.id = r.cadence_id WHERE r.state = 1",
	    err);

	for (int i = 0; i <= RHYTHM_MONTHLY; i++)
		by_rhythm[i] = 0;
	while (db_next(q)) {
		const int64_t rhythm = db_int(q);

		if (rhythm >= 0 && rhythm <= RHYTHM_MONTHLY)
			by_rhythm[rhythm]++;
	}
	return db_done(q, err);
}

#define CHOOSY " JOIN variant v ON v.id = r.variant_id WHERE v.sources <> '*' AND "

static void
row_to_span(struct db_query *q, struct arena *a, void *row)
{
	struct empty_span *out = row;

	(void)a;
	out->after = db_int(q);
	out->variant_id = db_int(q);
}

bool
store_queue_spans(struct store *s, const struct queue_plan *plan, struct arena *a,
    struct empty_span **out, size_t *count, struct err *err)
{
	struct db_query *q = NULL;
	int64_t choosy = 0;

	*out = NULL;
	*count = 0;
	/* Mostly everybody wants all sources: then nobody is looked at. */
	if (!db_number(s, "SELECT EXISTS (SELECT 1 FROM variant WHERE sources <> '*')",
		&choosy, err) ||
	    choosy == 0)
		return !err_is_set(err);
	q = db_query(s,
	    plan->everybody
		? "SELECT DISTINCT r.last_issue, r.variant_id FROM reader r NOT INDEXED" CHOOSY
		      IS_BEHIND " AND (r.due IS NULL OR r.due <= :now)"
		: "SELECT DISTINCT r.last_issue, r.variant_id FROM reader r"
		  " INDEXED BY reader_due" CHOOSY DUE_OWN,
	    err);
	bind_due(q, plan->now, plan->newest.last);
	return db_list(q, a, sizeof(**out), row_to_span, out, count, err);
}

/* ---- what waits is taken back ---- */

struct waiting {
	int64_t issue_id, reader_id, part, after;
	int64_t number; /* of the issue */
};

static bool
withdraw_one(struct store *s, const struct waiting *w, int64_t now, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE delivery SET state = :withdrawn, next_try = NULL, settled = :now"
	    " WHERE issue_id = :issue AND reader_id = :reader AND part = :part",
	    err);

	db_bind_int(q, ":withdrawn", DELIVERY_WITHDRAWN);
	db_bind_time(q, ":now", now);
	db_bind_int(q, ":issue", w->issue_id);
	db_bind_int(q, ":reader", w->reader_id);
	db_bind_int(q, ":part", w->part);
	return db_run(q, err);
}

bool
store_watermark_put_back(struct store *s, int64_t reader_id, const struct span *span,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE reader SET last_issue = :after WHERE id = :reader"
	    " AND last_issue = :last AND :after < :last",
	    err);

	db_bind_int(q, ":after", span->after);
	db_bind_int(q, ":last", span->last);
	db_bind_int(q, ":reader", reader_id);
	return db_run(q, err);
}

static void
row_to_waiting(struct db_query *q, struct arena *a, void *row)
{
	struct waiting *out = row;

	(void)a;
	out->issue_id = db_int(q);
	out->reader_id = db_int(q);
	out->part = db_int(q);
	out->after = db_int(q);
	out->number = db_int(q);
}

#define WAITING \
	"SELECT d.issue_id, d.reader_id, d.part, d.after," \
	" (SELECT number FROM issue WHERE id = d.issue_id) FROM delivery d" \
	" CROSS JOIN reader r ON r.id = d.reader_id WHERE "
#define THEY_ARE_DUE IS_BEHIND " AND (r.due IS NULL OR r.due <= :now) LIMIT :max"

/* Letters that still wait when their reader's next one is due. */
static bool
withdraw_some(struct store *s, struct arena *a, int64_t now, int64_t newest,
    const char *sql, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);
	struct waiting *list = NULL;

	bind_due(q, now, newest);
	db_bind_int(q, ":max", WITHDRAW_CHUNK);
	if (!db_list(q, a, sizeof(*list), row_to_waiting, &list, count, err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		const struct span span = { list[i].after, list[i].number,
			list[i].issue_id };

		if (!withdraw_one(s, &list[i], now, err) ||
		    !store_watermark_put_back(s, list[i].reader_id, &span, err))
			return false;
	}
	return true;
}

bool
store_deliveries_withdraw_overtaken(struct store *s, int64_t now, int64_t newest,
    int64_t *count, struct err *err)
{
	static const char *const sql[] = {
		WAITING "d.state = 0 AND " THEY_ARE_DUE,
		WAITING "d.state = 3 AND " THEY_ARE_DUE,
	};
	struct arena *a = arena_new();
	bool ok = true;

	*count = 0;
	for (size_t i = 0; ok && i < ARRAY_LEN(sql); i++) {
		size_t n = WITHDRAW_CHUNK;

		while (ok && n == WITHDRAW_CHUNK) {
			arena_reset(a);
			ok = store_scope_begin(s, err) &&
			    store_scope_end(s,
				withdraw_some(s, a, now, newest, sql[i], &n, err), err);
			*count += ok ? (int64_t)n : 0;
		}
	}
	arena_free(a);
	return ok;
}

bool
store_deliveries_withdraw(struct store *s, int64_t reader_id, int64_t *after,
    struct err *err)
{
	enum { MOST = 64 }; /* parts of one span; spans that wait replace each other */
	struct arena *a = arena_new();
	struct waiting *list = NULL;
	struct db_query *q = db_query(s,
	    "SELECT issue_id, reader_id, part, after,"
	    " (SELECT number FROM issue WHERE id = issue_id)"
	    " FROM delivery WHERE reader_id = :reader"
	    " AND issue_id IN (SELECT id FROM issue WHERE number IS NOT NULL)"
	    " AND state IN (0, 3) LIMIT :max",
	    err);
	const int64_t last = *after;
	size_t n = 0;
	bool ok = false;

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":max", MOST);
	ok = db_list(q, a, sizeof(*list), row_to_waiting, &list, &n, err);
	for (size_t i = 0; ok && i < n; i++) {
		ok = withdraw_one(s, &list[i], TIME_NONE, err);
		if (list[i].number == last && list[i].after < *after)
			*after = list[i].after;
	}
	arena_free(a);
	return ok;
}

/* ---- queue ---- */

/* What the set statements look up, in tables of this connection alone. */
static bool
fill_tables(struct store *s, const struct queue_plan *plan, struct err *err)
{
	if (!db_exec(s,
		"CREATE TEMP TABLE IF NOT EXISTS next_slot"
		" (cadence_id INTEGER PRIMARY KEY, due INTEGER);"
		"CREATE TEMP TABLE IF NOT EXISTS empty_span"
		" (after INTEGER, variant_id INTEGER, PRIMARY KEY (after, variant_id))"
		" WITHOUT ROWID;"
		"CREATE TEMP TABLE IF NOT EXISTS due_now (id INTEGER PRIMARY KEY);"
		"DELETE FROM temp.next_slot; DELETE FROM temp.empty_span;"
		"DELETE FROM temp.due_now",
		err))
		return false;
	for (size_t i = 0; i < plan->slot_count; i++) {
		struct db_query *q = db_query(s,
		    "INSERT INTO temp.next_slot (cadence_id, due) VALUES (:id, :due)",
		    err);

		db_bind_int(q, ":id", plan->slots[i].cadence_id);
		db_bind_time(q, ":due", plan->slots[i].due);
		if (!db_run(q, err))
			return false;
	}
	for (size_t i = 0; i < plan->empty_count; i++) {
		struct db_query *q = db_query(s,
		    "INSERT INTO temp.empty_span (after, variant_id) VALUES (:after, :id)",
		    err);

		db_bind_int(q, ":after", plan->empty[i].after);
		db_bind_int(q, ":id", plan->empty[i].variant_id);
		if (!db_run(q, err))
			return false;
	}
	return true;
}

#define QUEUE_LETTERS \
	"INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id, epoch," \
	" attempts, queued, confirmed) SELECT :issue, r.id, 1, 0, r.last_issue, r.variant_id," \
	" r.epoch, 0, :now, r.confirmed FROM "
/*
 * A letter that was withdrawn goes after all when its reader came back from a hold before a
 * newer issue.  Whatever else became of one, it is not sent twice.
 */
#define ONCE \
	" ON CONFLICT (issue_id, reader_id, part) DO UPDATE SET state = 0," \
	" after = excluded.after, variant_id = excluded.variant_id, epoch = excluded.epoch," \
	" confirmed = excluded.confirmed, attempts = 0, queued = excluded.queued," \
	" next_try = NULL, settled = NULL, status = NULL, reply = NULL WHERE delivery.state = 7"
#define NOT_EMPTY \
	" AND (:empty = 0 OR NOT EXISTS (SELECT 1 FROM temp.empty_span e" \
	" WHERE e.after = r.last_issue AND e.variant_id = r.variant_id))"

struct value {
	const char *name;
	int64_t number;
};

static bool
run_set(struct store *s, const char *sql, const struct value *values, size_t count,
    int64_t *changed, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	for (size_t i = 0; i < count; i++)
		db_bind_int(q, values[i].name, values[i].number);
	if (!db_run(q, err))
		return false;
	*changed = db_changes(s);
	return true;
}

static void
count_set(struct queue_result *result, int64_t letters, int64_t readers)
{
	result->queued += letters;
	result->nothing += readers - letters;
}

#define IN_CHUNK " AND r.id > :low AND r.id <= :high"
/*
 * OR FAIL: what a statement has done is not undone alone when it fails, as the whole transaction
 * is; else sqlite copies every page of readers into a file first.
 */
#define UPDATE_READERS "UPDATE OR FAIL reader AS r "
#define NEXT_SLOT "(SELECT n.due FROM temp.next_slot n WHERE n.cadence_id = r.cadence_id)"

static bool
has_slots(const struct queue_plan *plan)
{
	for (size_t i = 0; i < plan->slot_count; i++) {
		if (plan->slots[i].due != TIME_NONE)
			return true;
	}
	return false;
}

/*
 * The watermarks of those whom the next issue is sent as it is approved.  Few of them have a
 * rhythm of their own; not to touch `due` of the others saves a tenth of the whole.
 */
static bool
move_each(struct store *s, const struct queue_plan *plan, const struct value *values,
    size_t count, int64_t *readers, struct err *err)
{
	int64_t own = 0;

	if (has_slots(plan) &&
	    !run_set(s,
		UPDATE_READERS
		"NOT INDEXED SET last_issue = :newest, due = " NEXT_SLOT
		" WHERE " DUE_EACH IN_CHUNK " AND r.cadence_id IN"
		" (SELECT cadence_id FROM temp.next_slot WHERE due IS NOT NULL)",
		values, count, &own, err))
		return false;
	if (!run_set(s,
		UPDATE_READERS "NOT INDEXED SET last_issue = :newest"
			       " WHERE " DUE_EACH IN_CHUNK,
		values, count, readers, err))
		return false;
	*readers += own;
	return true;
}

/*
 * Those whom the next issue is sent as it is approved.  NOT INDEXED: by the table itself, from
 * id to id, so that no set of all readers is built up in memory.
 */
static bool
queue_each(struct store *s, const struct queue_plan *plan, int64_t low, int64_t high,
    struct queue_result *result, struct err *err)
{
	/* The letters' statement takes them all, the readers' the first three. */
	const struct value values[] = { { ":newest", plan->newest.last }, { ":low", low },
		{ ":high", high }, { ":issue", plan->newest.last_id },
		{ ":empty", (int64_t)plan->empty_count }, { ":now", plan->now } };
	int64_t letters = 0;
	int64_t readers = 0;

	if (!run_set(s,
		QUEUE_LETTERS "reader r NOT INDEXED WHERE " DUE_EACH IN_CHUNK NOT_EMPTY
			      " ORDER BY r.id" ONCE,
		values, ARRAY_LEN(values), &letters, err) ||
	    !move_each(s, plan, values, 3, &readers, err))
		return false;
	count_set(result, letters, readers);
	return true;
}

static bool
choose_own(struct store *s, const struct queue_plan *plan, int64_t *chosen,
    struct err *err)
{
	const struct value due[] = { { ":now", plan->now }, { ":max", QUEUE_CHUNK } };

	return db_exec(s, "DELETE FROM temp.due_now", err) &&
	    run_set(s,
		"INSERT INTO temp.due_now (id) SELECT r.id FROM reader r"
		" INDEXED BY reader_due WHERE r.state = 1 AND r.due <= :now LIMIT :max",
		due, ARRAY_LEN(due), chosen, err);
}

/* Their slot came without a newer issue: they get the next one as it is approved. */
static bool
leave_slots_open(struct store *s, int64_t now, struct err *err)
{
	const struct value value = { ":now", now };
	int64_t readers = 0;

	return run_set(s,
	    UPDATE_READERS
	    "SET due = NULL"
	    " WHERE r.id IN (SELECT id FROM temp.due_now) AND r.due <= :now",
	    &value, 1, &readers, err);
}

/* Those whose instant has come, so many at a time.  *more: there may be others. */
static bool
queue_own(struct store *s, const struct queue_plan *plan, bool *more,
    struct queue_result *result, struct err *err)
{
	const struct value values[] = { { ":newest", plan->newest.last },
		{ ":issue", plan->newest.last_id },
		{ ":empty", (int64_t)plan->empty_count }, { ":now", plan->now } };
	int64_t chosen = 0;
	int64_t letters = 0;
	int64_t readers = 0;

	if (!choose_own(s, plan, &chosen, err) ||
	    !run_set(s,
		QUEUE_LETTERS "temp.due_now n CROSS JOIN reader r ON r.id = n.id"
			      " WHERE r.last_issue < :newest" NOT_EMPTY
			      " ORDER BY n.id" ONCE,
		values, ARRAY_LEN(values), &letters, err) ||
	    !run_set(s,
		UPDATE_READERS
		"SET last_issue = :newest, due = " NEXT_SLOT
		" WHERE r.id IN (SELECT id FROM temp.due_now) AND r.last_issue < :newest",
		values, 1, &readers, err) ||
	    (readers < chosen && !leave_slots_open(s, plan->now, err)))
		return false;
	*more = chosen == QUEUE_CHUNK;
	count_set(result, letters, readers);
	return true;
}

/*
 * Others ask for the lock again and again; between two transactions they need an instant.
 * *since: their last turn, in ticks.
 */
static void
let_others_write(int64_t *since)
{
	if (clock_ticks_ms() - *since < OUR_TURN_MS)
		return;
	clock_sleep_ms(OTHERS_TURN_MS);
	*since = clock_ticks_ms();
}

static bool
queue_everybody(struct store *s, const struct queue_plan *plan,
    struct queue_result *result, struct err *err)
{
	int64_t since = clock_ticks_ms();
	int64_t last = 0;

	if (!db_number(s, "SELECT COALESCE(MAX(id), 0) FROM reader", &last, err))
		return false;
	for (int64_t low = 0; low < last; low += QUEUE_CHUNK) {
		if (!store_scope_begin(s, err) ||
		    !store_scope_end(s,
			queue_each(s, plan, low, low + QUEUE_CHUNK, result, err), err))
			return false;
		if (low + QUEUE_CHUNK < last)
			let_others_write(&since);
	}
	return true;
}

static bool
queue_all(struct store *s, const struct queue_plan *plan, struct queue_result *result,
    struct err *err)
{
	int64_t since = 0;
	bool more = true;

	if (plan->everybody && !queue_everybody(s, plan, result, err))
		return false;
	since = clock_ticks_ms();
	while (more) {
		if (!store_scope_begin(s, err) ||
		    !store_scope_end(s, queue_own(s, plan, &more, result, err), err))
			return false;
		if (more)
			let_others_write(&since);
	}
	return true;
}

bool
store_deliveries_queue(struct store *s, const struct queue_plan *plan,
    struct queue_result *result, struct err *err)
{
	bool ok = false;

	*result = (struct queue_result){ 0, 0 };
	if (!fill_tables(s, plan, err))
		return false;
	/* What a power cut forgets of it is queued again. */
	db_put_off_syncs(s, true);
	ok = queue_all(s, plan, result, err);
	db_put_off_syncs(s, false);
	return ok;
}
