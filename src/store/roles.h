/* SPDX-License-Identifier: ISC */
/*
 * Least power: what a process that strangers talk to may do with the database, whatever they
 * make it want.  SQLite's authorizer enforces it, statement by statement.
 */
#ifndef STORE_ROLES_H
#define STORE_ROLES_H

#include "store/open.h"

struct store;

/* Restricts an open store to what its mode may do; the others may do everything. */
void store_take_role(struct store *s, enum store_mode mode);

#endif
