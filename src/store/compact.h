/* SPDX-License-Identifier: ISC */
/* The room that deleted rows leave in the file, given back. */
#ifndef STORE_COMPACT_H
#define STORE_COMPACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/*
 * Writes the database anew without its gaps, which needs as much room on the disk again for
 * that time.  *before and *after: bytes of the file.  Not inside a transaction.
 */
bool store_compact(struct store *s, int64_t *before, int64_t *after,
    struct err *err) MUST_CHECK;

#endif
