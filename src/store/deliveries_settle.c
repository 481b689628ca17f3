/* SPDX-License-Identifier: ISC */
/*
 * What became of letters.  Most of them went, to readers whose letters lie together in the table:
 * those are settled by one statement that walks from one to the next, where one for each letter
 * would look each up from the root again, in the table and in the index of what is being sent.
 */
#include "store/deliveries.h"

#include <string.h>

#include "base/order.h"
#include "store/db.h"
#include "store/transactions.h"

enum {
	STRETCH_LEAST = 4, /* letters that one statement is worth */
	STEP_MOST = 4      /* from reader to reader: what lies between is looked at too */
};

/* What all statements on a letter or a notice bind. */
static void
bind_settled(struct db_query *q, const struct delivery *d)
{
	db_bind_int(q, ":state", d->state);
	db_bind_text(q, ":status", d->status);
	db_bind_int(q, ":attempts", d->attempts);
	db_bind_time(q, ":next_try", d->next_try);
	db_bind_time(q, ":settled", d->settled);
	db_bind_int(q, ":sent", DELIVERY_SENT);
	db_bind_int(q, ":erased", READER_ERASED);
	db_bind_text(q, ":reply", d->reply);
}

/* The reply to a reader who was erased meanwhile may quote the address: not kept. */
#define SETTLE \
	" SET state = :state, status = :status, attempts = :attempts," \
	" next_try = :next_try, settled = :settled," \
	" reply = CASE WHEN :state <> :sent AND EXISTS (SELECT 1 FROM reader r" \
	" WHERE r.id = reader_id AND r.state = :erased) THEN NULL ELSE :reply END"

static bool
are_stored(struct store *s, size_t count, struct err *err)
{
	return db_changes(s) == (int64_t)count ||
	    err_set(err, ERR_BUG, "a letter that was settled is not stored");
}

static bool
settle_one(struct store *s, const struct delivery *d, struct err *err)
{
	struct db_query *q = NULL;

	if (d->kind == NOTICE_NONE) {
		q = db_query(s,
		    "UPDATE delivery" SETTLE
		    " WHERE issue_id = :issue AND reader_id = :reader AND part = :part",
		    err);
		db_bind_int(q, ":issue", d->span.last_id);
		db_bind_int(q, ":reader", d->reader_id);
		db_bind_int(q, ":part", d->part);
	} else {
		q = db_query(s, "UPDATE notice" SETTLE " WHERE id = :id", err);
		db_bind_int(q, ":id", d->notice_id);
	}
	bind_settled(q, d);
	return db_run(q, err) && are_stored(s, 1, err);
}

/* ---- those that went ---- */

/* Nothing but the reply is their own. */
static bool
is_usual(const struct delivery *d)
{
	return d->kind == NOTICE_NONE && d->state == DELIVERY_SENT && d->reply &&
	    d->status && d->next_try == TIME_NONE;
}

static int
by_place(const void *a, const void *b)
{
	const struct delivery *x = *(const struct delivery *const *)a;
	const struct delivery *y = *(const struct delivery *const *)b;

	if (x->span.last_id != y->span.last_id)
		return ORDER(x->span.last_id, y->span.last_id);
	if (x->part != y->part)
		return ORDER(x->part, y->part);
	return ORDER(x->reader_id, y->reader_id);
}

/* The next letter lies behind this one, and became the same at the same time. */
static bool
goes_on(const struct delivery *d, const struct delivery *next)
{
	return d->span.last_id == next->span.last_id && d->part == next->part &&
	    d->reader_id < next->reader_id &&
	    next->reader_id - d->reader_id <= STEP_MOST &&
	    d->attempts == next->attempts && d->settled == next->settled &&
	    strcmp(d->status, next->status) == 0;
}

/*
 * NOT INDEXED: by the table itself, whose order is not changed meanwhile.  OR FAIL: what was done
 * when it fails is undone with the whole transaction; else sqlite copies each page into a file
 * first.
 */
static bool
settle_stretch(struct store *s, const struct delivery *const *d, size_t count,
    struct db_text_of *replies, struct err *err)
{
	struct db_texts texts = { replies, count, 0 };
	struct db_query *q = db_query(s,
	    "UPDATE OR FAIL delivery NOT INDEXED SET state = 2, status = :status,"
	    " attempts = :attempts, next_try = NULL, settled = :settled,"
	    " reply = text_of(:replies, reader_id)"
	    " WHERE issue_id = :issue AND reader_id BETWEEN :first AND :last"
	    " AND part = :part AND text_of(:replies, reader_id) IS NOT NULL",
	    err);

	for (size_t i = 0; i < count; i++)
		replies[i] = (struct db_text_of){ d[i]->reader_id, d[i]->reply };
	db_bind_text(q, ":status", d[0]->status);
	db_bind_int(q, ":attempts", d[0]->attempts);
	db_bind_time(q, ":settled", d[0]->settled);
	db_bind_texts(q, ":replies", &texts);
	db_bind_int(q, ":issue", d[0]->span.last_id);
	db_bind_int(q, ":first", d[0]->reader_id);
	db_bind_int(q, ":last", d[count - 1]->reader_id);
	db_bind_int(q, ":part", d[0]->part);
	return db_run(q, err) && are_stored(s, count, err);
}
_Static_assert(DELIVERY_SENT == 2, "as the statement has it");

/* In the order of the table, stretch by stretch. */
static bool
settle_sent(struct store *s, struct arena *a, const struct delivery **d, size_t count,
    struct err *err)
{
	struct db_text_of *replies = arena_array(a, count, sizeof(*replies));
	size_t n = 0;

	list_sort(d, count, sizeof(*d), by_place);
	for (size_t i = 0; i < count; i += n) {
		n = 1;
		while (i + n < count && goes_on(d[i + n - 1], d[i + n]))
			n++;
		if (n < STRETCH_LEAST)
			n = 1;
		if (n > 1 ? !settle_stretch(s, d + i, n, replies, err)
			  : !settle_one(s, d[i], err))
			return false;
	}
	return true;
}

/* What was refused may be said twice of a letter, the later word last: in its order. */
static bool
settle(struct store *s, struct arena *a, const struct delivery *d, size_t count,
    struct err *err)
{
	const struct delivery **sent = arena_array(a, count, sizeof(*sent));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_usual(&d[i]))
			sent[n++] = &d[i];
		else if (!settle_one(s, &d[i], err))
			return false;
	}
	return settle_sent(s, a, sent, n, err);
}

bool
store_deliveries_settle(struct store *s, const struct delivery *d, size_t count,
    struct err *err)
{
	struct arena *a = arena_new();
	const bool ok = store_scope_begin(s, err) &&
	    store_scope_end(s, settle(s, a, d, count, err), err);

	arena_free(a);
	return ok;
}
