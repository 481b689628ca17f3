/* SPDX-License-Identifier: ISC */
/* What happened to a reader, a line for each move. */
#ifndef STORE_READER_HISTORY_H
#define STORE_READER_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* In the caller's transaction, which holds the move too. */
bool store_history_add(struct store *s, int64_t reader_id,
    const struct reader_event_line *line, struct err *err) MUST_CHECK;
/* How many events of those kinds (bits) there were since then; walks along all history. */
bool store_history_count(struct store *s, unsigned events, int64_t since, int64_t *count,
    struct err *err) MUST_CHECK;
/* How many lines of a reader after an instant have that detail. */
bool store_history_count_of(struct store *s, int64_t reader_id, const char *detail,
    int64_t since, int64_t *count, struct err *err) MUST_CHECK;
/* All lines of a reader, oldest first.  In a. */
bool store_history(struct store *s, struct arena *a, int64_t reader_id,
    struct reader_event_line **out, size_t *count, struct err *err) MUST_CHECK;

#endif
