/* SPDX-License-Identifier: ISC */
/* One letter to one mailbox: queued, taken, settled. */
#ifndef STORE_DELIVERIES_H
#define STORE_DELIVERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/*
 * Queues a letter of the issue to every reader who is due one (active, frequency fits, or hold
 * that ended before now) and has none yet: UNIQUE(issue, reader).  *queued counts new rows.
 */
bool store_deliveries_queue(struct store *s, int64_t issue_id, int64_t now,
    bool weekly_today, bool weekday_today, int64_t *queued, struct err *err) MUST_CHECK;
/* Queues the issue's letter to one reader, whatever their frequency; *queued 0 or 1. */
bool store_delivery_queue_one(struct store *s, int64_t issue_id, int64_t reader_id,
    int64_t *queued, struct err *err) MUST_CHECK;
/*
 * Takes up to max deliveries of an issue that may go now (queued, or deferred and due), marks
 * them `sending` in one transaction that is durable before this returns, and hands them out
 * with address, epoch and confirmed.  Readers who left meanwhile are marked skipped instead.
 * Those whose time to try again has come are handed out first.  Not inside a transaction.
 */
bool store_deliveries_take(struct store *s, struct arena *a, int64_t issue_id,
    int64_t now, size_t max, struct delivery **out, size_t *count,
    struct err *err) MUST_CHECK;
/* Settles deliveries (state, reply, status, attempts, next_try, settled) in one transaction. */
bool store_deliveries_settle(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
/*
 * After a crash: deliveries still `sending` become `unknown` when their letter could have left,
 * which is what `sending` means; *count tells how many.  Called with the run lock held.
 */
bool store_deliveries_recover(struct store *s, int64_t *count,
    struct err *err) MUST_CHECK;
/* Puts taken but never begun deliveries back to queued (a clean stop). */
bool store_deliveries_untake(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
bool store_deliveries_count(struct store *s, int64_t issue_id,
    int64_t by_state[DELIVERY_SKIPPED + 1], struct err *err) MUST_CHECK;
/* Calls each for every delivery of an issue in one of the states (1u << state), by reader. */
bool store_deliveries_each(struct store *s, int64_t issue_id, unsigned states,
    bool (*each)(void *arg, const struct delivery *d, struct err *err), void *arg,
    struct err *err) MUST_CHECK;
/* How many readers a queueing at now would reach: for the audience check and `issue show`. */
bool store_audience_count(struct store *s, int64_t now, bool weekly_today,
    bool weekday_today, int64_t *count, struct err *err) MUST_CHECK;

#endif
