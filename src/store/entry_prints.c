/* SPDX-License-Identifier: ISC */
#include "store/entry_prints.h"

#include "base/limits.h"
#include "store/db.h"
#include "store/print_filter.h"
#include "store/transactions.h"

static bool
run_on(struct store *s, const char *sql, int64_t print, int64_t entry_id, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_int(q, ":print", print);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err);
}

enum {
	ASKED_EACH = 1000, /* so often it is considered */
	READ_SHARE = 64 /* to look so many up one by one costs as much as to read all */
};

/* All prints of both trees: those that are new now will move. */
static bool
read_all(struct store *s, struct print_filter *f, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT fingerprint FROM entry_print UNION ALL"
	    " SELECT fingerprint FROM entry_print_new",
	    err);

	while (db_next(q))
		print_filter_add(f, db_int(q));
	return db_done(q, err);
}

/* Each post has one print, hardly more, so that the number of the last post says how many. */
static bool
consider_reading(struct store *s, struct print_filter **known, struct err *err)
{
	struct print_filter *all = NULL;
	int64_t posts = 0;

	if (!db_number(s, "SELECT COALESCE(MAX(id), 0) FROM entry", &posts, err))
		return false;
	if ((int64_t)print_filter_asked(*known) < posts / READ_SHARE)
		return true;
	all = print_filter_new();
	print_filter_begin(all, (size_t)posts);
	if (!read_all(s, all, err)) {
		print_filter_free(all);
		return false;
	}
	print_filter_free(*known);
	*known = all;
	return true;
}

bool
store_print_may_be_old(struct store *s, int64_t print, bool *may, struct err *err)
{
	struct print_filter **known = db_prints(s);

	*may = false;
	if (print == 0)
		return true;
	if (!*known)
		*known = print_filter_new();
	*may = print_filter_may_have(*known, print);
	return print_filter_asked(*known) % ASKED_EACH != ASKED_EACH - 1 ||
	    consider_reading(s, known, err);
}

bool
store_print_add(struct store *s, int64_t print, int64_t entry_id, struct err *err)
{
	static const char *const sql[] = {
		"INSERT INTO entry_print_new (fingerprint, entry_id) VALUES (:print, :id)"
		" ON CONFLICT DO NOTHING",
		"INSERT INTO entry_print_new (fingerprint, entry_id) SELECT :print, :id"
		" WHERE NOT EXISTS (SELECT 1 FROM entry_print WHERE fingerprint = :print)"
		" ON CONFLICT DO NOTHING",
	};
	bool may_be_old = false;

	if (print == 0)
		return true;
	if (!store_print_may_be_old(s, print, &may_be_old, err) ||
	    !run_on(s, sql[may_be_old], print, entry_id, err))
		return false;
	print_filter_add(*db_prints(s), print);
	return true;
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

	if (!db_number(s, "SELECT COUNT(*) FROM entry_print_new", &count, err))
		return false;
	return count < LIMIT_NEW_PRINTS ||
	    (store_scope_begin(s, err) && store_scope_end(s, move_all(s, err), err));
}
