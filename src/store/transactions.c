/* SPDX-License-Identifier: ISC */
#include "store/transactions.h"

#include "store/db.h"

/*
 * IMMEDIATE: whoever will write takes the lock at the beginning, where waiting is possible,
 * and not in the middle, where two that have read could only give up.
 */
static bool
begin_own(struct store *s, struct err *err)
{
	return db_run(db_query(s, db_is_read_only(s) ? "BEGIN" : "BEGIN IMMEDIATE", err),
	    err);
}

bool
store_begin(struct store *s, struct err *err)
{
	struct db_group *group = db_group(s);

	if (db_in_transaction(s))
		return err_set(err, ERR_BUG, "a transaction is open already");
	if (!group->is_open)
		return begin_own(s, err);
	group->in_step =
	    group->is_whole || db_run(db_query(s, "SAVEPOINT step", err), err);
	return group->in_step;
}

bool
store_commit(struct store *s, struct err *err)
{
	struct db_group *group = db_group(s);

	if (!db_in_transaction(s))
		return err_set(err, ERR_BUG, "no transaction is open");
	if (group->is_whole ||
	    db_run(db_query(s, group->is_open ? "RELEASE step" : "COMMIT", err), err)) {
		group->in_step = false;
		return true;
	}
	store_rollback(s);
	return false;
}

void
store_rollback(struct store *s)
{
	struct err ignored = ERR_INIT;
	struct db_group *group = s ? db_group(s) : NULL;

	/* A full disk has rolled back by itself; nothing is left that could fail usefully. */
	if (s && db_in_transaction(s) &&
	    !db_exec(s,
		group->is_open && !group->is_whole ? "ROLLBACK TO step; RELEASE step"
						   : "ROLLBACK",
		&ignored))
		err_clear(&ignored);
	if (group)
		group->in_step = false;
}

bool
store_end(struct store *s, bool ok, struct err *err)
{
	if (ok)
		return store_commit(s, err);
	store_rollback(s);
	return false;
}

bool
store_scope_begin(struct store *s, struct err *err)
{
	struct db_scope *scope = db_scope(s);

	if (scope->depth == 0) {
		scope->is_own = !db_in_transaction(s);
		if (scope->is_own && !store_begin(s, err))
			return false;
	}
	scope->depth++;
	return true;
}

bool
store_scope_end(struct store *s, bool ok, struct err *err)
{
	struct db_scope *scope = db_scope(s);

	scope->depth--;
	return scope->depth == 0 && scope->is_own ? store_end(s, ok, err) : ok;
}

/* ---- groups ---- */

static bool
begin_group(struct store *s, bool is_whole, struct err *err)
{
	struct db_group *group = db_group(s);
	bool ok = false;

	if (group->is_open || db_in_transaction(s))
		return err_set(err, ERR_BUG, "a transaction is open already");
	db_wait_for_locks(s, 0);
	ok = begin_own(s, err);
	db_wait_for_locks(s, -1);
	*group = (struct db_group){ .is_open = ok, .is_whole = ok && is_whole };
	return ok;
}

bool
store_group_begin(struct store *s, struct err *err)
{
	return begin_group(s, false, err);
}

bool
store_whole_group_begin(struct store *s, struct err *err)
{
	return begin_group(s, true, err);
}

bool
store_group_is_lost(struct store *s)
{
	return db_group_is_lost(s);
}

bool
store_group_commit(struct store *s, struct err *err)
{
	const struct db_group group = *db_group(s);
	bool ok = false;

	if (group.in_step)
		store_rollback(s);
	*db_group(s) = (struct db_group){ .is_open = false };
	if (db_group_is_lost(s))
		return err_set(err, ERR_SYSTEM, "the database gave the group up");
	ok = store_commit(s, err);
	if (ok && group.log_anew)
		store_begin_log_anew(s);
	return ok;
}

void
store_let_log_grow(struct store *s, bool may_grow)
{
	db_let_log_grow(s, may_grow);
}

void
store_begin_log_anew(struct store *s)
{
	struct db_group *group = db_group(s);
	struct err ignored = ERR_INIT;
	int64_t answer = 0;

	if (db_in_transaction(s))
		return;
	if (group->is_open)
		group->log_anew = true;
	else if (!db_number(s, "PRAGMA wal_checkpoint(TRUNCATE)", &answer, &ignored))
		err_clear(&ignored);
}
