/* SPDX-License-Identifier: ISC */
#include "store/readers.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/bounce_log.h"
#include "store/db.h"
#include "store/new_address.h"
#include "store/notes.h"
#include "store/transactions.h"
#include "store/variants.h"

/* In the order of row_to_reader. */
#define READER_COLUMNS \
	"r.id, r.address, r.address_key, r.state, r.last_issue, r.due, r.hold_skip," \
	" r.confirmed_by, r.created, r.confirmed, r.hold_until, r.epoch, r.soft_bounces," \
	" v.id, v.length, v.format, v.sources, v.language, v.pictures, c.rhythm, c.day," \
	" c.minute, c.zone"
#define FROM_READER \
	" FROM reader r JOIN variant v ON v.id = r.variant_id" \
	" JOIN cadence c ON c.id = r.cadence_id "

static void
row_to_reader(struct db_query *q, struct arena *a, void *row)
{
	struct reader *out = row;

	out->id = db_int(q);
	out->address = db_text(q, a);
	out->address_key = db_text(q, a);
	out->state = (enum reader_state)db_int(q);
	out->last_issue = db_int(q);
	out->due = db_time(q);
	out->hold_skip = db_int(q) != 0;
	out->confirmed_by = db_text(q, a);
	out->created = db_time(q);
	out->confirmed = db_time(q);
	out->hold_until = db_time(q);
	out->epoch = db_int(q);
	out->soft_bounces = db_int(q);
	out->variant.id = db_int(q);
	out->variant.length = (enum length_wish)db_int(q);
	out->variant.format = (enum letter_format)db_int(q);
	out->variant.sources = db_text(q, a);
	out->variant.language = db_text(q, a);
	out->variant.pictures = (enum picture_wish)db_int(q);
	out->cadence.rhythm = (enum rhythm)db_int(q);
	out->cadence.day = (int)db_int(q);
	out->cadence.minute = (int)db_int(q);
	out->cadence.zone = db_text(q, a);
}

static void
bind_reader(struct db_query *q, const struct reader *r, int64_t cadence_id)
{
	db_bind_text(q, ":address", r->address);
	db_bind_text(q, ":address_key", r->address_key);
	db_bind_int(q, ":state", r->state);
	db_bind_int(q, ":cadence", cadence_id);
	db_bind_int(q, ":variant", r->variant.id);
	db_bind_int(q, ":last_issue", r->last_issue);
	db_bind_time(q, ":due", r->due);
	db_bind_int(q, ":hold_skip", r->hold_skip);
	db_bind_text(q, ":confirmed_by", r->confirmed_by);
	db_bind_time(q, ":created", r->created);
	db_bind_time(q, ":confirmed", r->confirmed);
	db_bind_time(q, ":hold_until", r->hold_until);
	db_bind_int(q, ":epoch", r->epoch);
	db_bind_int(q, ":soft_bounces", r->soft_bounces);
}

static bool
add(struct store *s, struct reader *r, struct err *err)
{
	struct db_query *q = NULL;

	if ((r->variant.id == 0 && !store_variant_intern(s, &r->variant, err)) ||
	    (r->cadence_id == 0 &&
		!store_cadence_intern(s, &r->cadence, &r->cadence_id, err)))
		return false;
	q = db_query(s,
	    "INSERT INTO reader (address, address_key, state, cadence_id, variant_id,"
	    " last_issue, due, hold_skip, confirmed_by, created, confirmed, hold_until, epoch,"
	    " soft_bounces) VALUES (:address, :address_key, :state, :cadence, :variant,"
	    " :last_issue, :due, :hold_skip, :confirmed_by, :created, :confirmed, :hold_until,"
	    " :epoch, :soft_bounces) ON CONFLICT (address_key) DO NOTHING",
	    err);
	bind_reader(q, r, r->cadence_id);
	if (!db_run(q, err))
		return false;
	if (db_changes(s) == 0)
		return err_set(err, ERR_INPUT, "%s is on the list already", r->address);
	r->id = db_last_id(s);
	return true;
}

bool
store_reader_add(struct store *s, struct reader *r, struct err *err)
{
	return store_scope_begin(s, err) && store_scope_end(s, add(s, r, err), err);
}

bool
store_reader_get(struct store *s, struct arena *a, int64_t id, struct reader *out,
    bool *found, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT " READER_COLUMNS FROM_READER "WHERE r.id = :id", err);

	db_bind_int(q, ":id", id);
	return db_one(q, a, row_to_reader, out, found, err);
}

bool
store_reader_find(struct store *s, struct arena *a, const char *address_key,
    struct reader *out, bool *found, struct err *err)
{
	/* Of a list that comes in nobody is known: one index says so. */
	struct db_query *q =
	    db_query(s, "SELECT id FROM reader WHERE address_key = :key", err);
	int64_t id = 0;

	db_bind_text(q, ":key", address_key);
	return db_one(q, NULL, db_row_int, &id, found, err) &&
	    (!*found || store_reader_get(s, a, id, out, found, err));
}

static bool
update(struct store *s, const struct reader *r, struct err *err)
{
	struct variant variant = r->variant;
	struct db_query *q = NULL;
	struct reader bound = *r;
	int64_t cadence = 0;

	if (!store_variant_intern(s, &variant, err) ||
	    !store_cadence_intern(s, &r->cadence, &cadence, err))
		return false;
	bound.variant = variant;
	q = db_query(s,
	    "UPDATE OR IGNORE reader SET address = :address, address_key = :address_key,"
	    " state = :state, cadence_id = :cadence, variant_id = :variant,"
	    " last_issue = :last_issue, due = :due, hold_skip = :hold_skip,"
	    " confirmed_by = :confirmed_by, created = :created, confirmed = :confirmed,"
	    " hold_until = :hold_until, epoch = :epoch, soft_bounces = :soft_bounces"
	    " WHERE id = :id",
	    err);
	bind_reader(q, &bound, cadence);
	db_bind_int(q, ":id", r->id);
	return db_run(q, err);
}

/* Either the row is not there, or its new address is another reader's. */
static bool
why_not_updated(struct store *s, const struct reader *r, struct err *err)
{
	struct arena *a = arena_new();
	struct reader other;
	bool found = false;
	const bool ok = store_reader_get(s, a, r->id, &other, &found, err);

	arena_free(a);
	if (!ok)
		return false;
	if (!found)
		return err_set(err, ERR_BUG, "reader %lld is not stored",
		    (long long)r->id);
	return err_set(err, ERR_INPUT, "%s is on the list already", r->address);
}

bool
store_reader_update(struct store *s, const struct reader *r, struct err *err)
{
	if (!store_scope_begin(s, err))
		return false;
	return store_scope_end(s,
	    update(s, r, err) && (db_changes(s) == 1 || why_not_updated(s, r, err)), err);
}

/*
 * Reads a chunk, closes the query, calls: so that what is called may write and commit, and no
 * long snapshot keeps the log from being cleared.
 */
static bool
next_chunk(struct store *s, struct arena *a, unsigned states, int64_t after,
    struct reader **chunk, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " READER_COLUMNS FROM_READER
	    "WHERE r.id > :after AND (:states >> r.state) & 1 ORDER BY r.id LIMIT :max",
	    err);

	db_bind_int(q, ":after", after);
	db_bind_int(q, ":states", states);
	db_bind_int(q, ":max", DB_CHUNK);
	return db_list_of(q, a, sizeof(**chunk), DB_CHUNK, row_to_reader, chunk, count,
	    err);
}

bool
store_readers_each(struct store *s, unsigned states,
    bool (*each)(void *arg, const struct reader *r, struct err *err), void *arg,
    struct err *err)
{
	struct arena *a = arena_new();
	int64_t after = 0;
	size_t count = DB_CHUNK;
	bool ok = true;

	while (ok && count == DB_CHUNK) {
		struct reader *chunk = NULL;

		arena_reset(a);
		ok = next_chunk(s, a, states, after, &chunk, &count, err);
		for (size_t i = 0; ok && i < count; i++) {
			after = chunk[i].id;
			ok = each(arg, &chunk[i], err);
		}
	}
	arena_free(a);
	return ok;
}

bool
store_readers_off_hold(struct store *s, struct arena *a, int64_t now, size_t max,
    struct reader **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " READER_COLUMNS FROM_READER
	    "WHERE r.due <= :now AND r.state = :hold ORDER BY r.due LIMIT :max",
	    err);

	db_bind_int(q, ":now", now);
	db_bind_int(q, ":hold", READER_HOLD);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_reader, out, count, err);
}

bool
store_readers_any(struct store *s, int64_t now, bool *any, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT 1 FROM reader WHERE state = :active"
	    " OR (state = :hold AND due <= :now) LIMIT 1",
	    err);

	db_bind_int(q, ":active", READER_ACTIVE);
	db_bind_int(q, ":hold", READER_HOLD);
	db_bind_int(q, ":now", now);
	return db_any(q, any, err);
}

bool
store_readers_own_due(struct store *s, int64_t now, bool *any, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT 1 FROM reader r INDEXED BY reader_due WHERE r.due <= :now"
	    " AND r.state = :active LIMIT 1",
	    err);

	db_bind_int(q, ":now", now);
	db_bind_int(q, ":active", READER_ACTIVE);
	return db_any(q, any, err);
}

bool
store_readers_count(struct store *s, int64_t by_state[READER_ERASED + 1], struct err *err)
{
	/* One walk without sorting; the columns are the states in the order of their enum. */
	struct db_query *q = db_query(s,
	    "SELECT COUNT(*) FILTER (WHERE state = 0), COUNT(*) FILTER (WHERE state = 1),"
	    " COUNT(*) FILTER (WHERE state = 2), COUNT(*) FILTER (WHERE state = 3),"
	    " COUNT(*) FILTER (WHERE state = 4), COUNT(*) FILTER (WHERE state = 5),"
	    " COUNT(*) FILTER (WHERE state = 6) FROM reader",
	    err);
	const bool row = db_next(q);

	_Static_assert(READER_ERASED == 6, "columns of the statement");
	for (int i = 0; i <= READER_ERASED; i++)
		by_state[i] = row ? db_int(q) : 0;
	return db_done(q, err);
}

/* ---- erasing ---- */

bool
store_address_hash(struct store *s, const char *address_key, unsigned char out[HASH_SIZE],
    struct err *err)
{
	unsigned char key[HASH_SIZE];

	if (!store_key(s, key, err))
		return false;
	hash_hmac(key, sizeof(key), address_key, strlen(address_key), out);
	return true;
}

bool
store_reader_is_erased(struct store *s, const char *address_key, bool *erased,
    struct err *err)
{
	unsigned char hash[HASH_SIZE];
	struct db_query *q = NULL;
	int64_t any = 0;

	*erased = false;
	/* Mostly nobody is: then no address is hashed. */
	if (!db_number(s, "SELECT EXISTS (SELECT 1 FROM erased)", &any, err))
		return false;
	if (any == 0)
		return true;
	if (!store_address_hash(s, address_key, hash, err))
		return false;
	q = db_query(s, "SELECT 1 FROM erased WHERE hash = :hash", err);
	db_bind_bytes(q, ":hash", hash, sizeof(hash));
	return db_any(q, erased, err);
}

static bool
add_erased(struct store *s, const char *address_key, struct err *err)
{
	unsigned char hash[HASH_SIZE];
	struct db_query *q = NULL;

	if (!store_address_hash(s, address_key, hash, err))
		return false;
	q = db_query(s, "INSERT INTO erased (hash) VALUES (:hash) ON CONFLICT DO NOTHING",
	    err);
	db_bind_bytes(q, ":hash", hash, sizeof(hash));
	return db_run(q, err);
}

static bool
run_forget(struct store *s, const char *sql, int64_t id, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	db_bind_int(q, ":deferred", DELIVERY_DEFERRED);
	db_bind_int(q, ":skipped", DELIVERY_SKIPPED);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

#define FORGET \
	" SET reply = NULL, next_try = NULL," \
	" state = CASE WHEN state IN (:queued, :deferred) THEN :skipped ELSE state END"

/*
 * Letters that have not left stay here; servers quote addresses in their replies.  issue_id IN:
 * a step into the primary key for each issue instead of a walk through all deliveries.
 */
static bool
forget_deliveries(struct store *s, int64_t id, struct err *err)
{
	return run_forget(s,
		   "UPDATE delivery" FORGET
		   " WHERE issue_id IN (SELECT id FROM issue) AND reader_id = :id",
		   id, err) &&
	    run_forget(s,
		"UPDATE notice" FORGET
		", address = NULL, reply_to = NULL, subject = NULL, text = NULL,"
		" html = NULL WHERE reader_id = :id AND state <> 1",
		id, err);
}

static bool
forget_reader(struct store *s, int64_t id, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE reader SET address = NULL, address_key = NULL, state = :erased,"
	    " confirmed_by = NULL, created = NULL, confirmed = NULL, hold_until = NULL,"
	    " due = NULL, hold_skip = 0, epoch = epoch + 1, soft_bounces = 0"
	    " WHERE id = :id",
	    err);

	db_bind_int(q, ":erased", READER_ERASED);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

static bool
erase(struct store *s, int64_t id, bool keep_hash, struct err *err)
{
	struct arena *a = arena_new();
	struct reader r;
	bool found = false;
	bool ok = false;

	if (!store_reader_get(s, a, id, &r, &found, err))
		goto out;
	if (!found) {
		err_set(err, ERR_INPUT, "there is no reader %lld", (long long)id);
		goto out;
	}
	ok = (!keep_hash || !r.address_key || add_erased(s, r.address_key, err)) &&
	    db_run_int(s, "DELETE FROM ask WHERE reader_id = :id", ":id", id, err) &&
	    store_new_address_end(s, id, err) && store_bounces_forget(s, id, err) &&
	    forget_deliveries(s, id, err) &&
	    db_run_int(s, "DELETE FROM reader_event WHERE reader_id = :id", ":id", id,
		err) &&
	    forget_reader(s, id, err);
out:
	arena_free(a);
	return ok;
}

static void
best_effort(struct store *s, const char *pragma)
{
	struct err ignored = ERR_INIT;
	int64_t answer = 0;

	if (!db_number(s, pragma, &answer, &ignored))
		return;
}

static bool
erase_now(struct store *s, int64_t id, bool keep_hash, struct err *err)
{
	bool ok = false;

	/* What is deleted meanwhile is overwritten with zeros. */
	best_effort(s, "PRAGMA secure_delete = ON");
	if (store_scope_begin(s, err))
		ok = store_scope_end(s, erase(s, id, keep_hash, err), err);
	best_effort(s, "PRAGMA secure_delete = FAST");
	if (ok)
		store_begin_log_anew(s);
	return ok;
}

bool
store_reader_erase(struct store *s, int64_t id, struct err *err)
{
	return erase_now(s, id, true, err);
}

bool
store_reader_forget(struct store *s, int64_t id, struct err *err)
{
	return erase_now(s, id, false, err);
}
