/* SPDX-License-Identifier: ISC */
/* Several statements that hold together or not at all. */
#ifndef STORE_TRANSACTIONS_H
#define STORE_TRANSACTIONS_H

#include <stdbool.h>

#include "base/err.h"

struct store;

/* They do not nest: ERR_BUG. */
bool store_begin(struct store *s, struct err *err) MUST_CHECK;
bool store_commit(struct store *s, struct err *err) MUST_CHECK;
/* Safe to call when none is open. */
void store_rollback(struct store *s);
/* Commits when ok, else rolls back.  True when all is well. */
bool store_end(struct store *s, bool ok, struct err *err) MUST_CHECK;

/*
 * For functions that need several statements to hold together.  Opens a transaction unless the
 * caller has one open: then theirs is joined, and they roll it back when the function fails.
 */
bool store_scope_begin(struct store *s, struct err *err) MUST_CHECK;
/* store_end() of the outermost, when that opened the transaction; else what is ok stays so. */
bool store_scope_end(struct store *s, bool ok, struct err *err) MUST_CHECK;

/*
 * A group: what follows, up to store_group_commit(), is recorded by one commit, though each
 * transaction in it is begun, committed and rolled back as if it stood alone.  Does not wait:
 * ERR_TEMPORARY when another process writes.
 */
bool store_group_begin(struct store *s, struct err *err) MUST_CHECK;
/*
 * The same for those that hold together: one that is rolled back undoes all.  No page is copied
 * aside, as sqlite does for each that may be undone alone.
 */
bool store_whole_group_begin(struct store *s, struct err *err) MUST_CHECK;
/* A failure, such as a full disk, may undo the whole group at once: then the rest is in vain. */
bool store_group_is_lost(struct store *s);
/* True when all of it is on the disk.  When not, none of it is. */
bool store_group_commit(struct store *s, struct err *err) MUST_CHECK;
/*
 * While it may grow, no commit moves a long log into the database: what that takes is taken
 * when it may not any more.
 */
void store_let_log_grow(struct store *s, bool may_grow);
/*
 * After the commit in which somebody was erased: old pages are in the log until it begins anew.
 * In a group that is when the group has ended; in a transaction that is open yet nothing happens.
 * While others are reading that comes a little later by itself.
 */
void store_begin_log_anew(struct store *s);

#endif
