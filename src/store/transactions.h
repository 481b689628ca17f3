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

/*
 * For functions that need several statements to hold together.  Opens a transaction unless the
 * caller has one open: then theirs is joined, and they roll it back when the function fails.
 */
bool store_scope_begin(struct store *s, bool *own, struct err *err) MUST_CHECK;
/* Commits when ok, else rolls back; only what store_scope_begin opened.  True when all is well. */
bool store_scope_end(struct store *s, bool own, bool ok, struct err *err) MUST_CHECK;

#endif
