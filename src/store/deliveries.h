/* SPDX-License-Identifier: ISC */
/*
 * Letters to readers: taken, settled, counted.  Who gets one is decided by delivery_queue.h.
 * A letter is named by the last issue of its span, its reader and its part.
 */
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
 * Takes up to max letters that may go now (queued, or deferred and due), of one issue or of
 * all (issue_id 0), marks them `sending` in one transaction that is durable before this
 * returns, and hands them out with the reader's address, epoch and confirmed.  Letters to
 * readers who left meanwhile are marked skipped instead; those to readers who may come back
 * are withdrawn, so that their issues are in the next letter.  Those nobody has answered yet
 * come first, by issue, variant and span; then those to be tried again; last those that were
 * refused in doubt or broke a connection.  Not inside a transaction.
 *
 * Answers, when there are any, are settled in the same one, as store_deliveries_settle() would:
 * one commit, and none of both when it fails.
 */
bool store_deliveries_take(struct store *s, const struct delivery *settled,
    size_t settled_count, struct arena *a, int64_t issue_id, int64_t now, size_t max,
    struct delivery **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * Whether a letter that was taken may still go: its reader may have left or gone on hold since.
 * If not, it becomes what taking it now would have made of it.
 */
bool store_delivery_goes(struct store *s, const struct delivery *d, int64_t now,
    bool *goes, struct err *err) MUST_CHECK;
/* A number that is another one when another connection has written since. */
bool store_writes_of_others(struct store *s, int64_t *number, struct err *err) MUST_CHECK;
/*
 * Settles letters and notices (state, reply, status, attempts, next_try, settled) in one
 * transaction.
 */
bool store_deliveries_settle(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
/* Puts taken but never begun letters and notices back to queued (a clean stop). */
bool store_deliveries_untake(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
/* Letters of one issue by state, those whose rows were tidied away among them. */
bool store_deliveries_count(struct store *s, int64_t issue_id,
    int64_t by_state[DELIVERY_STATES], struct err *err) MUST_CHECK;
/*
 * Drops what became of letters that were settled before t and do not wait; their counts by issue
 * and state stay.  In transactions of bounded size; not inside another.
 */
bool store_deliveries_tidy(struct store *s, int64_t t, int64_t *dropped,
    struct err *err) MUST_CHECK;
/* How many wait (queued, deferred, sending), of one issue or of all (issue_id 0). */
bool store_deliveries_waiting(struct store *s, int64_t issue_id, int64_t *count,
    struct err *err) MUST_CHECK;
/* Calls each for every letter of an issue in one of the states (1u << state), by reader. */
bool store_deliveries_each(struct store *s, int64_t issue_id, unsigned states,
    bool (*each)(void *arg, const struct delivery *d, struct err *err), void *arg,
    struct err *err) MUST_CHECK;
/* Their letter whose newest issue has that number, by its part; *found false: there is none. */
bool store_delivery_ending(struct store *s, struct arena *a, int64_t number,
    int64_t reader_id, int64_t part, struct delivery *out, bool *found,
    struct err *err) MUST_CHECK;
/* Their letter that holds the issue of that number, the oldest one not withdrawn; part 1. */
bool store_delivery_holding(struct store *s, struct arena *a, int64_t number,
    int64_t reader_id, struct delivery *out, bool *found, struct err *err) MUST_CHECK;
/* What became of a letter, for its reader. */
struct delivery_record {
	const char *issue; /* name of the newest one in it */
	int64_t queued, settled;
	enum delivery_state state;
	const char *reply; /* the server's last words, or NULL */
};
/* Those of a reader, newest first, max at most.  In a. */
bool store_deliveries_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct delivery_record **out, size_t *count, struct err *err) MUST_CHECK;
/* *after becomes the number behind which what waits for a reader begins, when that is lower. */
bool store_deliveries_waiting_after(struct store *s, int64_t reader_id, int64_t *after,
    struct err *err) MUST_CHECK;

/*
 * What a person decides about letters of an issue in one of the states (1u << state): `to`
 * DELIVERY_QUEUED sends them again with the same Message-ID, for readers who still read;
 * DELIVERY_SKIPPED leaves it at that.  The issue is being sent again when any wait.
 */
bool store_deliveries_decide(struct store *s, int64_t issue_id, unsigned states,
    enum delivery_state to, int64_t now, int64_t *count, struct err *err) MUST_CHECK;

#endif
