/* SPDX-License-Identifier: ISC */
#include "store/asks.h"

#include <string.h>

#include "store/db.h"
#include "store/transactions.h"

bool
store_ask_put(struct store *s, const struct ask_row *row, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT OR REPLACE INTO ask (hash, reader_id, asked, tries, reminded, evidence)"
	    " VALUES (:hash, NULLIF(:reader, 0), :asked, :tries, :reminded, :evidence)",
	    err);

	db_bind_bytes(q, ":hash", row->hash, HASH_SIZE);
	db_bind_int(q, ":reader", row->reader_id);
	db_bind_int(q, ":asked", row->asked);
	db_bind_int(q, ":tries", row->tries);
	db_bind_int(q, ":reminded", row->reminded);
	db_bind_text(q, ":evidence", row->evidence);
	return db_run(q, err);
}

#define ASK_COLUMNS "hash, reader_id, asked, tries, reminded, evidence"

static void
row_to_ask(struct db_query *q, struct arena *a, void *row)
{
	struct ask_row *out = row;

	if (!db_bytes(q, out->hash, HASH_SIZE))
		err_set(db_failure(q), ERR_STORE, "an ask in the database is damaged");
	out->reader_id = db_int(q);
	out->asked = db_int(q);
	out->tries = db_int(q);
	out->reminded = db_int(q) != 0;
	out->evidence = db_text(q, a);
}

bool
store_ask_get(struct store *s, struct arena *a, const unsigned char hash[HASH_SIZE],
    struct ask_row *out, bool *found, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT " ASK_COLUMNS " FROM ask WHERE hash = :hash", err);

	memset(out, 0, sizeof(*out));
	db_bind_bytes(q, ":hash", hash, HASH_SIZE);
	return db_one(q, a, row_to_ask, out, found, err);
}

bool
store_ask_end(struct store *s, const unsigned char hash[HASH_SIZE], struct err *err)
{
	struct db_query *q = db_query(s, "DELETE FROM ask WHERE hash = :hash", err);

	db_bind_bytes(q, ":hash", hash, HASH_SIZE);
	return db_run(q, err);
}

bool
store_asks_before(struct store *s, struct arena *a, int64_t before, bool only_new,
    size_t max, struct ask_row **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    only_new ? "SELECT " ASK_COLUMNS
		       " FROM ask WHERE asked < :before AND reminded = 0"
		       " AND reader_id IS NOT NULL ORDER BY asked LIMIT :max"
		     : "SELECT " ASK_COLUMNS
		       " FROM ask WHERE asked < :before ORDER BY asked LIMIT :max",
	    err);

	db_bind_int(q, ":before", before);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_ask, out, count, err);
}

/* ---- limits ---- */

bool
store_ask_log(struct store *s, const struct ask_log_line *line, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO ask_log (at, cause, letter, hash, network)"
	    " VALUES (:at, :cause, :letter, :hash, :network)",
	    err);

	db_bind_int(q, ":at", line->at);
	db_bind_int(q, ":cause", line->cause);
	db_bind_int(q, ":letter", line->letter);
	db_bind_bytes(q, ":hash", line->hash, HASH_SIZE);
	db_bind_text(q, ":network", line->network);
	return db_run(q, err);
}

/* The instants that a query whose values are bound brings; gives it back. */
static bool
read_times(struct db_query *q, struct arena *a, int64_t since, size_t max, int64_t **out,
    size_t *count, struct err *err)
{
	db_bind_int(q, ":since", since);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), db_row_int, out, count, err);
}

bool
store_ask_times_address(struct store *s, struct arena *a,
    const unsigned char hash[HASH_SIZE], enum ask_letter letter, int64_t since,
    size_t max, int64_t **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT at FROM ask_log WHERE hash = :hash AND letter = :letter AND at > :since"
	    " ORDER BY at DESC LIMIT :max",
	    err);

	db_bind_bytes(q, ":hash", hash, HASH_SIZE);
	db_bind_int(q, ":letter", letter);
	return read_times(q, a, since, max, out, count, err);
}

bool
store_ask_times_network(struct store *s, struct arena *a, const char *network,
    int64_t since, size_t max, int64_t **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT at FROM ask_log WHERE network = :network AND at > :since"
	    " ORDER BY at DESC LIMIT :max",
	    err);

	db_bind_text(q, ":network", network);
	return read_times(q, a, since, max, out, count, err);
}

bool
store_ask_times_cause(struct store *s, struct arena *a, enum event_cause cause,
    int64_t since, size_t max, int64_t **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT at FROM ask_log WHERE at > :since AND cause = :cause"
	    " ORDER BY at DESC LIMIT :max",
	    err);

	db_bind_int(q, ":cause", cause);
	return read_times(q, a, since, max, out, count, err);
}

/* ---- left alone ---- */

bool
store_ask_block(struct store *s, const unsigned char hash[HASH_SIZE], int64_t until,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT OR REPLACE INTO ask_block (hash, until) VALUES (:hash, :until)", err);

	db_bind_bytes(q, ":hash", hash, HASH_SIZE);
	db_bind_int(q, ":until", until);
	return db_run(q, err);
}

bool
store_ask_is_blocked(struct store *s, const unsigned char hash[HASH_SIZE], int64_t now,
    bool *blocked, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT 1 FROM ask_block WHERE hash = :hash AND until > :now", err);

	db_bind_bytes(q, ":hash", hash, HASH_SIZE);
	db_bind_int(q, ":now", now);
	return db_any(q, blocked, err);
}

bool
store_asks_tidy(struct store *s, int64_t before, int64_t now, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s,
		db_run_int(s, "DELETE FROM ask_log WHERE at < :before", ":before", before,
		    err) &&
		    db_run_int(s, "DELETE FROM ask_block WHERE until <= :now", ":now",
			now, err),
		err);
}
