/* SPDX-License-Identifier: ISC */
#include "store/notices.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/notes.h"
#include "store/transactions.h"

bool
store_notice_add(struct store *s, const struct notice *n, int64_t now, int64_t *id,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO notice (kind, reader_id, address, issue_id, variant_id, created,"
	    " state, attempts, reply_to, language, subject, text, html) VALUES (:kind,"
	    " NULLIF(:reader, 0), :address, NULLIF(:issue, 0), NULLIF(:variant, 0), :now, 0, 0,"
	    " :reply_to, :language, :subject, :text, :html)",
	    err);

	db_bind_int(q, ":kind", n->kind);
	db_bind_int(q, ":reader", n->reader_id);
	db_bind_text(q, ":address", n->address);
	db_bind_int(q, ":issue", n->issue_id);
	db_bind_int(q, ":variant", n->variant_id);
	db_bind_int(q, ":now", now);
	db_bind_text(q, ":reply_to", n->reply_to);
	db_bind_text(q, ":language", n->language);
	db_bind_text(q, ":subject", n->subject);
	db_bind_text(q, ":text", n->text);
	db_bind_text(q, ":html", n->html);
	if (!db_run(q, err))
		return false;
	if (id)
		*id = db_last_id(s);
	return true;
}

/* ---- take ---- */

/*
 * What goes to somebody who does not read: their goodbye, whether they want to again, and what
 * they asked for of their own.
 */
static bool
goes_to_leaver(enum notice_kind kind)
{
	return kind == NOTICE_GOODBYE || kind == NOTICE_CONFIRMATION ||
	    kind == NOTICE_REMINDER || kind == NOTICE_HELP || kind == NOTICE_LINK ||
	    kind == NOTICE_DATA || kind == NOTICE_MOVED;
}

/* False when the reader must not get it any more. */
static bool
row_to_taken(struct db_query *q, struct arena *a, struct delivery *out)
{
	enum reader_state state = READER_ACTIVE;

	*out =
	    (struct delivery){ .part = 1, .next_try = TIME_NONE, .settled = TIME_NONE };
	out->notice_id = db_int(q);
	out->kind = (enum notice_kind)db_int(q);
	out->reader_id = db_int(q);
	out->span.last_id = db_int(q);
	out->span.last = db_int(q);
	out->span.after = out->span.last > 0 ? out->span.last - 1 : 0;
	out->variant_id = db_int(q);
	out->attempts = db_int(q);
	out->queued = db_time(q);
	out->address = db_text(q, a);
	out->epoch = db_int(q);
	out->confirmed = db_time(q);
	if (out->reader_id != 0)
		state = (enum reader_state)db_int(q);
	return out->address && state != READER_ERASED &&
	    (goes_to_leaver(out->kind) ||
		(state != READER_LEFT && state != READER_REMOVED));
}

static bool
mark(struct store *s, int64_t id, enum delivery_state state, int64_t settled,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE notice SET state = :state, next_try = NULL, settled = :settled"
	    " WHERE id = :id",
	    err);

	db_bind_int(q, ":state", state);
	db_bind_time(q, ":settled", settled);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

#define TAKEN \
	"SELECT n.id, n.kind, n.reader_id, n.issue_id, i.number, n.variant_id, n.attempts," \
	" n.created, COALESCE(n.address, r.address), r.epoch, r.confirmed, r.state" \
	" FROM notice n LEFT JOIN reader r ON r.id = n.reader_id" \
	" LEFT JOIN issue i ON i.id = n.issue_id "

static bool
take_from(struct store *s, struct arena *a, bool again, int64_t now, size_t max,
    struct delivery *list, size_t *count, struct err *err)
{
	/* Those that are tried again, or those that never went. */
	struct db_query *q = db_query(s,
	    again ? TAKEN
		"WHERE n.state = 3 AND n.next_try <= :now ORDER BY n.next_try LIMIT :max"
		  : TAKEN "WHERE n.state = 0 ORDER BY n.next_try, n.id LIMIT :max",
	    err);
	const size_t first = *count;
	size_t kept = first;
	size_t n = first;
	bool ok = false;

	if (again)
		db_bind_int(q, ":now", now);
	db_bind_int(q, ":max", (int64_t)(max - first));
	while (db_next(q)) {
		const bool goes = row_to_taken(q, a, &list[n]);

		list[n++].state = goes ? DELIVERY_SENDING : DELIVERY_SKIPPED;
	}
	ok = db_done(q, err);
	for (size_t i = first; ok && i < n; i++) {
		const bool goes = list[i].state == DELIVERY_SENDING;

		ok = mark(s, list[i].notice_id, list[i].state, goes ? TIME_NONE : now,
		    err);
		if (goes)
			list[kept++] = list[i];
	}
	*count = kept;
	return ok;
}

bool
store_notices_take(struct store *s, struct arena *a, int64_t now, size_t max,
    struct delivery **out, size_t *count, struct err *err)
{
	struct delivery *list = arena_array(a, max, sizeof(*list));
	size_t n = 0;

	*out = NULL;
	*count = 0;
	/* In somebody else's transaction nothing would be durable when this returns. */
	if (!store_begin(s, err))
		return false;
	if (!store_end(s,
		take_from(s, a, false, now, max, list, &n, err) &&
		    take_from(s, a, true, now, max, list, &n, err) &&
		    (n == 0 || store_takings_count(s, err)),
		err))
		return false;
	*out = list;
	*count = n;
	return true;
}

/* ---- looking ---- */

static void
row_to_notice(struct db_query *q, struct arena *a, void *row)
{
	struct notice *out = row;

	out->kind = (enum notice_kind)db_int(q);
	out->reader_id = db_int(q);
	out->address = db_text(q, a);
	out->issue_id = db_int(q);
	out->variant_id = db_int(q);
	out->created = db_int(q);
	out->reply_to = db_text(q, a);
	out->language = db_text(q, a);
	out->subject = db_text(q, a);
	out->text = db_text(q, a);
	out->html = db_text(q, a);
}

bool
store_notice_get(struct store *s, struct arena *a, int64_t id, struct notice *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT kind, reader_id, address, issue_id, variant_id, created, reply_to, language,"
	    " subject, text, html"
	    " FROM notice WHERE id = :id",
	    err);
	bool found = false;

	db_bind_int(q, ":id", id);
	if (!db_one(q, a, row_to_notice, out, &found, err))
		return false;
	return found || err_set(err, ERR_BUG, "notice %lld is not stored", (long long)id);
}

static void
row_to_gone(struct db_query *q, struct arena *a, void *row)
{
	struct delivery *out = row;

	*out = (struct delivery){ .part = 1, .next_try = TIME_NONE };
	out->notice_id = db_int(q);
	out->kind = (enum notice_kind)db_int(q);
	out->reader_id = db_int(q);
	out->state = (enum delivery_state)db_int(q);
	out->queued = db_time(q);
	out->settled = db_time(q);
	out->status = db_text(q, a);
	out->reply = db_text(q, a);
	out->address = db_text(q, a);
}

bool
store_notice_delivery(struct store *s, struct arena *a, int64_t id, struct delivery *out,
    bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT n.id, n.kind, n.reader_id, n.state, n.created, n.settled, n.status,"
	    " n.reply, COALESCE(n.address, r.address)"
	    " FROM notice n LEFT JOIN reader r ON r.id = n.reader_id WHERE n.id = :id",
	    err);

	db_bind_int(q, ":id", id);
	return db_one(q, a, row_to_gone, out, found, err);
}

bool
store_notice_ids(struct store *s, struct arena *a, int64_t **out, size_t *count,
    struct err *err)
{
	return db_list(db_query(s, "SELECT id FROM notice ORDER BY id DESC", err), a,
	    sizeof(**out), db_row_int, out, count, err);
}

static void
row_to_record(struct db_query *q, struct arena *a, void *row)
{
	struct notice_record *out = row;

	out->created = db_int(q);
	out->state = (enum delivery_state)db_int(q);
	out->settled = db_time(q);
	out->subject = db_text(q, a);
}

bool
store_notices_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct notice_record **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT created, state, settled, subject FROM notice WHERE reader_id = :reader"
	    " ORDER BY id DESC LIMIT :max",
	    err);

	db_bind_int(q, ":reader", reader_id);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_record, out, count, err);
}

bool
store_notices_tidy(struct store *s, int64_t t, struct err *err)
{
	return db_run_int(s,
	    "DELETE FROM notice WHERE state NOT IN (0, 1, 3)"
	    " AND COALESCE(settled, created) < :t AND id < (SELECT MAX(id) FROM notice)",
	    ":t", t, err);
}

bool
store_notices_waiting(struct store *s, int64_t *count, struct err *err)
{
	return db_number(s, "SELECT COUNT(*) FROM notice WHERE state IN (0, 1, 3)", count,
	    err);
}

bool
store_notices_newest(struct store *s, int64_t *id, struct err *err)
{
	return db_number(s, "SELECT COALESCE(MAX(id), 0) FROM notice", id, err);
}

bool
store_notices_leave_out(struct store *s, int64_t id, int64_t now, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE notice SET state = :skipped, next_try = NULL, settled = :now"
	    " WHERE id <= :id AND state IN (0, 3)",
	    err);

	db_bind_int(q, ":skipped", DELIVERY_SKIPPED);
	db_bind_time(q, ":now", now);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

bool
store_notices_gone(struct store *s, int64_t since, int64_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COUNT(*) FROM notice WHERE state IN (:sent, :refused, :unknown)"
	    " AND settled > :since",
	    err);

	db_bind_int(q, ":since", since);
	db_bind_int(q, ":sent", DELIVERY_SENT);
	db_bind_int(q, ":refused", DELIVERY_REFUSED);
	db_bind_int(q, ":unknown", DELIVERY_UNKNOWN);
	return db_only_int(q, count, err);
}

static void
row_to_address(struct db_query *q, struct arena *a, void *row)
{
	struct notice_address *out = row;

	out->id = db_int(q);
	out->address = db_text(q, a);
}

bool
store_notices_untried(struct store *s, struct arena *a, enum notice_kind kind, size_t max,
    struct notice_address **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT n.id, COALESCE(n.address, r.address) FROM notice n"
	    " LEFT JOIN reader r ON r.id = n.reader_id WHERE n.state = 0 AND n.kind = :kind"
	    " AND n.attempts = 0 AND COALESCE(n.address, r.address) IS NOT NULL"
	    " ORDER BY n.id LIMIT :max",
	    err);

	db_bind_int(q, ":kind", kind);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_address, out, count, err);
}

bool
store_notice_refuse(struct store *s, int64_t id, int64_t now, const char *reply,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE notice SET state = :refused, settled = :now, reply = :reply,"
	    " next_try = NULL WHERE id = :id AND state = 0",
	    err);

	db_bind_int(q, ":refused", DELIVERY_REFUSED);
	db_bind_int(q, ":now", now);
	db_bind_text(q, ":reply", reply);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}
