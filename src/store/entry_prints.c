/* SPDX-License-Identifier: ISC */
#include "store/entry_prints.h"

#include "base/limits.h"
#include "store/db.h"
#include "store/transactions.h"

bool
store_print_add(struct store *s, int64_t print, int64_t entry_id, struct err *err)
{
	struct db_query *q = NULL;

	if (print == 0)
		return true;
	q = db_query(s,
	    "INSERT INTO entry_print_new (fingerprint, entry_id) SELECT :print, :id"
	    " WHERE NOT EXISTS (SELECT 1 FROM entry_print WHERE fingerprint = :print)"
	    " ON CONFLICT DO NOTHING",
	    err);
	db_bind_int(q, ":print", print);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err);
}

static bool
run_on(struct store *s, const char *sql, int64_t print, int64_t entry_id, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":print", print);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err);
}

bool
store_print_forget(struct store *s, int64_t print, int64_t entry_id, struct err *err)
{
	return run_on(s,
		   "DELETE FROM entry_print WHERE fingerprint = :print AND entry_id = :id",
		   print, entry_id, err) &&
	    run_on(s,
		"DELETE FROM entry_print_new WHERE fingerprint = :print"
		" AND entry_id = :id",
		print, entry_id, err);
}

static bool
move_all(struct store *s, struct err *err)
{
	return db_exec(s,
	    "INSERT INTO entry_print (fingerprint, entry_id)"
	    " SELECT fingerprint, entry_id FROM entry_print_new ORDER BY fingerprint;"
	    "DELETE FROM entry_print_new",
	    err);
}

bool
store_prints_move(struct store *s, struct err *err)
{
	int64_t count = 0;
	bool own = false;

	if (!db_number(s, "SELECT COUNT(*) FROM entry_print_new", &count, err))
		return false;
	return count < LIMIT_NEW_PRINTS ||
	    (store_scope_begin(s, &own, err) &&
		store_scope_end(s, own, move_all(s, err), err));
}
