/* SPDX-License-Identifier: ISC */
/*
 * Who gets a letter now, as set operations over all readers.  A reader is due when they are
 * active, an issue newer than their watermark is approved, and their instant has come.  They
 * get one letter for the span behind the watermark, and the watermark moves, in one
 * transaction: so nobody misses an issue and nobody gets one twice.
 */
#ifndef STORE_DELIVERY_QUEUE_H
#define STORE_DELIVERY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* The newest issue that was approved and not cancelled: its number and id; 0: there is none. */
bool store_newest_issue(struct store *s, struct span *out, struct err *err) MUST_CHECK;
/* The highest number of an issue approved at or before t; 0 when there is none. */
bool store_issue_number_at(struct store *s, int64_t t, int64_t *number,
    struct err *err) MUST_CHECK;

/* The next slot of a cadence: what `due` becomes for readers who get a letter now. */
struct next_slot {
	int64_t cadence_id;
	int64_t due; /* TIME_NONE for those who get each issue */
};
/* A span that holds no entry of a variant's sources: "nothing for them". */
struct empty_span {
	int64_t after;
	int64_t variant_id;
};
struct queue_plan {
	int64_t now;
	struct span newest; /* last and last_id are used */
	/*
	 * The newest issue came after all readers were last looked at.  Else only those are
	 * whose instant has come: they are few and found at once.
	 */
	bool everybody;
	const struct next_slot *slots;
	size_t slot_count;
	const struct empty_span *empty;
	size_t empty_count;
};
/*
 * Each (watermark, variant) among readers who are due and whose sources are not all.  Of the
 * plan now, newest and everybody are used.
 */
bool store_queue_spans(struct store *s, const struct queue_plan *plan, struct arena *a,
    struct empty_span **out, size_t *count, struct err *err) MUST_CHECK;

struct queue_result {
	int64_t queued;  /* letters */
	int64_t nothing; /* readers whose watermark moved without one */
};
/*
 * Takes back the letters that still wait although their reader's next one is due: the
 * watermarks go back, so that these issues are in the next letter's span.  Comes before
 * store_queue_spans().
 */
bool store_deliveries_withdraw_overtaken(struct store *s, int64_t now, int64_t newest,
    int64_t *count, struct err *err) MUST_CHECK;
/*
 * Queues a letter to every reader who is due.  Readers whose slot comes without a newer issue
 * get the next one as it is approved.  Each transaction takes a bounded number of readers:
 * what a crash leaves is still due.  Not inside a transaction.
 */
bool store_deliveries_queue(struct store *s, const struct queue_plan *plan,
    struct queue_result *result, struct err *err) MUST_CHECK;

/* How many readers are due: for the audience check and `issue show`.  Reads all readers. */
bool store_audience_count(struct store *s, int64_t now, int64_t newest, int64_t *count,
    struct err *err) MUST_CHECK;

/* Active readers by rhythm: for `sub stats`.  by_rhythm has RHYTHM_MONTHLY + 1 places. */
bool store_audience_by_rhythm(struct store *s, int64_t *by_rhythm,
    struct err *err) MUST_CHECK;

/*
 * Takes back what waits for a reader, who goes on hold, changes rhythm or leaves: *after gets
 * the watermark from before the oldest letter taken back, or stays as it is.
 */
bool store_deliveries_withdraw(struct store *s, int64_t reader_id, int64_t *after,
    struct err *err) MUST_CHECK;
/*
 * The letter of a span did not go after all: the reader's watermark is what it was before it,
 * unless they have had a newer letter since (this one was sent again on demand).
 */
bool store_watermark_put_back(struct store *s, int64_t reader_id, const struct span *span,
    struct err *err) MUST_CHECK;

#endif
