/* SPDX-License-Identifier: ISC */
/*
 * A database that is as it was before each try without one of its steps (failing_steps.h).
 */
#ifndef TESTS_FAILING_FIXTURE_H
#define TESTS_FAILING_FIXTURE_H

#include "unit/failing_steps.h"
#include "unit/store_fixture.h"

#include "store/db.h"

static inline void
copy_database(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

	assert_non_null(b);
	SAME_INT("copied", sqlite3_backup_step(b, -1), SQLITE_DONE);
	SAME_INT("copied", sqlite3_backup_finish(b), SQLITE_OK);
}

/* It is done when no step failed, and says why when one did. */
static inline void
expect_honest(const char *name, struct store *s, bool done, const struct err *err)
{
	if (db_in_transaction(s))
		fail_msg("%s: without step %ld it leaves a transaction open", name,
		    fails);
	if (done != (steps <= fails) || done == err_is_set(err))
		fail_msg("%s: %s without step %ld of %ld: %s", name,
		    done ? "done" : "fails", fails, steps, err->text);
}

#endif
