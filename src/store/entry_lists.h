/* SPDX-License-Identifier: ISC */
/* Posts in numbers: what may come into an issue, what is in one, what is seen. */
#ifndef STORE_ENTRY_LISTS_H
#define STORE_ENTRY_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* Marks entries of a source as seen now, so that their text is kept. */
bool store_entries_seen(struct store *s, const int64_t *ids, size_t count, int64_t now,
    struct err *err) MUST_CHECK;
/*
 * Entries that no issue holds and no decision keeps out, of listed and unpaused sources, max at
 * most, newest first, with everything.
 */
bool store_entries_unmailed(struct store *s, struct arena *a, size_t max,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;
/* With everything, in the issue's order. */
bool store_entries_of_issue(struct store *s, struct arena *a, int64_t issue_id,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;
/* Ids of the sources whose posts the issues of a span show. */
bool store_sources_of_span(struct store *s, struct arena *a, const struct span *span,
    int64_t **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * HTML of posts of a source that were mailed, with ids below `before`, the newest first: at most
 * max, into out.
 */
bool store_entry_texts_before(struct store *s, struct arena *a, int64_t source_id,
    int64_t before, const char **out, size_t max, size_t *count,
    struct err *err) MUST_CHECK;
/* Every entry ever stored; the table is read from end to end. */
bool store_entries_count(struct store *s, int64_t *total, struct err *err) MUST_CHECK;
/* Those that may come into the next issue. */
bool store_entries_count_unmailed(struct store *s, int64_t *unmailed,
    struct err *err) MUST_CHECK;
/*
 * Drops the text of entries mailed or kept out and not seen since `before`; identities stay
 * for ever.
 */
bool store_entries_tidy(struct store *s, int64_t before, int64_t *dropped,
    struct err *err) MUST_CHECK;

/* The PASS_OVER entries of an issue, without html and text. */
bool store_entries_over(struct store *s, struct arena *a, int64_t issue_id,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;

#endif
