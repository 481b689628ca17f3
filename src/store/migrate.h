/* SPDX-License-Identifier: ISC */
/* The steps of the schema, and bringing a database to the last one. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/open.h"

struct store_step {
	int number;
	const char *sql;
};
/* The steps the program carries, in order: numbers 1 to *count. */
bool store_steps(struct arena *a, struct store_step **out, size_t *count,
    struct err *err) MUST_CHECK;
/*
 * Brings a writable database to the last step, or says why not; see store_open().  A new one
 * gets its keys.
 */
bool store_migrate(struct store *s, const struct store_options *o,
    const struct store_step *steps, size_t count, struct err *err) MUST_CHECK;

#endif
