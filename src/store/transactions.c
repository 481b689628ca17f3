/* SPDX-License-Identifier: ISC */
#include "store/transactions.h"

#include "store/db.h"

/*
 * IMMEDIATE: whoever will write takes the lock at the beginning, where waiting is possible,
 * and not in the middle, where two that have read could only give up.
 */
bool
store_begin(struct store *s, struct err *err)
{
	if (db_in_transaction(s))
		return err_set(err, ERR_BUG, "a transaction is open already");
	return db_run(db_query(s, db_is_read_only(s) ? "BEGIN" : "BEGIN IMMEDIATE", err),
	    err);
}

bool
store_commit(struct store *s, struct err *err)
{
	if (!db_in_transaction(s))
		return err_set(err, ERR_BUG, "no transaction is open");
	if (db_run(db_query(s, "COMMIT", err), err))
		return true;
	store_rollback(s);
	return false;
}

void
store_rollback(struct store *s)
{
	struct err ignored = ERR_INIT;

	/* A full disk has rolled back by itself; nothing is left that could fail usefully. */
	if (s && db_in_transaction(s) && !db_exec(s, "ROLLBACK", &ignored))
		err_clear(&ignored);
}

bool
store_scope_begin(struct store *s, bool *own, struct err *err)
{
	*own = !db_in_transaction(s);
	if (!*own || store_begin(s, err))
		return true;
	*own = false;
	return false;
}

bool
store_scope_end(struct store *s, bool own, bool ok, struct err *err)
{
	if (own && ok)
		return store_commit(s, err);
	if (own)
		store_rollback(s);
	return ok;
}
