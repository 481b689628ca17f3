/* SPDX-License-Identifier: ISC */

#include "flow/delivery_batches.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "flow/answer_book.h"
#include "flow/context.h"
#include "flow/deliver.h"
#include "flow/letter_journal.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"

enum { SIZE_LEAST = 10, SIZE_FIRST = 20, SIZE_AIM_MS = 250 };

struct batch {
	struct batch *older;
	struct arena *arena;
	struct delivery *rows;
	size_t count;
	size_t next; /* to hand out */
	size_t settled;
};

static void
batch_free(struct batch *batch)
{
	arena_free(batch->arena);
	free(batch);
}

/*
 * What is taken when the power fails is `unknown` afterwards, so a batch is as large as what
 * goes out in a quarter of a second: a few letters to a slow server, hundreds to a fast one.
 */
static void
adapt_size(struct batches *b)
{
	const int64_t now = clock_ticks_ms();
	const int64_t spent = now - b->taken_ms;

	if (b->size == 0)
		b->size = SIZE_FIRST;
	else if (spent < SIZE_AIM_MS && b->size < BATCH_MOST)
		b->size = b->size * 2 < BATCH_MOST ? b->size * 2 : BATCH_MOST;
	else if (spent > 4 * SIZE_AIM_MS && b->size > SIZE_LEAST)
		b->size = b->size / 2 > SIZE_LEAST ? b->size / 2 : SIZE_LEAST;
	b->taken_ms = now;
}

/* Answers that wait for the database are written on the way: one commit instead of two. */
static bool
take_letters(struct batches *b, struct run *run, const struct deliver_options *o,
    struct batch *batch, size_t max, struct err *err)
{
	const int64_t now = flow_now(run);

	if (!b->book || b->book->count == 0)
		return store_deliveries_take(run->store, batch->arena, o->issue_id, now,
		    max, &batch->rows, &batch->count, err);
	if (!store_deliveries_settle_and_take(run->store, b->book->answers,
		b->book->count, batch->arena, o->issue_id, now, max, &batch->rows,
		&batch->count, err))
		return false;
	answer_book_written(b->book);
	return true;
}

/* Notices go before issues. */
static bool
take_rows(struct batches *b, struct run *run, const struct deliver_options *o,
    struct batch *batch, size_t max, struct err *err)
{
	const int64_t now = flow_now(run);

	if (o->issue_id == 0 &&
	    !store_notices_take(run->store, batch->arena, now, max, &batch->rows,
		&batch->count, err))
		return false;
	return batch->count > 0 || o->notices_only ||
	    take_letters(b, run, o, batch, max, err);
}

/* The journal knows of a taking before it is in the database, and when it is. */
static bool
take_noted(struct batches *b, struct run *run, const struct deliver_options *o,
    struct batch *batch, size_t max, struct err *err)
{
	int64_t takings = 0;

	if (!b->journal)
		return take_rows(b, run, o, batch, max, err);
	if (!store_takings(run->store, &takings, err))
		return false;
	letter_journal_announce(b->journal, takings + 1);
	if (!take_rows(b, run, o, batch, max, err))
		return false;
	if (batch->count > 0)
		letter_journal_taken(b->journal, takings + 1);
	return true;
}

static bool
take(struct batches *b, struct run *run, const struct deliver_options *o, size_t max,
    struct err *err)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));

	adapt_size(b);
	b->changed = false;
	if (!store_writes_of_others(run->store, &b->others, err)) {
		free(batch);
		return false;
	}
	max = max < b->size ? max : b->size;
	batch->arena = arena_new();
	if (!take_noted(b, run, o, batch, max, err) || batch->count == 0) {
		batch_free(batch);
		return !err_is_set(err);
	}
	batch->older = b->newest;
	b->newest = batch;
	return true;
}

void
batches_settled(struct batches *b, const struct delivery *d)
{
	struct batch **at = &b->newest;

	while (*at && (d < (*at)->rows || d >= (*at)->rows + (*at)->count))
		at = &(*at)->older;
	if (!*at)
		return;
	(*at)->settled++;
	if ((*at)->settled == (*at)->count) {
		struct batch *gone = *at;

		*at = gone->older;
		batch_free(gone);
	}
}

/*
 * Whether somebody else has written since the letters were taken.  To ask takes two locks of the
 * database, a tenth of what a letter costs: it is not asked more often than look_ms says.
 */
static bool
look_at_others(struct batches *b, struct run *run, struct err *err)
{
	const int64_t now = clock_ticks_ms();
	int64_t others = 0;

	if (b->changed || (b->look_ms > 0 && now - b->looked_ms < b->look_ms))
		return true;
	if (!store_writes_of_others(run->store, &others, err))
		return false;
	b->looked_ms = now;
	b->changed = others != b->others;
	return true;
}

/*
 * Readers are looked at again when somebody else has written since their letters were taken.
 * *paused: the issue was meanwhile.
 */
static bool
still_goes(struct batches *b, struct run *run, const struct delivery *d, bool *goes,
    bool *paused, struct err *err)
{
	*goes = true;
	*paused = false;
	if (!look_at_others(b, run, err))
		return false;
	if (!b->changed || d->kind != NOTICE_NONE)
		return true;
	return store_issue_is_paused(run->store, d->span.last_id, paused, err) &&
	    store_delivery_goes(run->store, d, flow_now(run), goes, err);
}

/*
 * The letters of a paused issue that are next, up to one of another, go back into the queue,
 * from which none is taken until it is resumed.
 */
static bool
put_back_paused(struct batches *b, struct run *run, struct err *err)
{
	struct batch *batch = b->newest;
	struct delivery *d = &batch->rows[batch->next];
	const size_t left = batch->count - batch->next;
	size_t count = 1;

	while (count < left && d[count].kind == NOTICE_NONE &&
	    d[count].span.last_id == d->span.last_id)
		count++;
	if (!store_deliveries_untake(run->store, d, count, err))
		return false;
	batch->next += count;
	for (size_t i = 0; i < count; i++)
		batches_settled(b, d + i);
	return true;
}

bool
batches_next(struct batches *b, struct run *run, const struct deliver_options *o,
    size_t max, struct delivery **out, struct err *err)
{
	*out = NULL;
	for (;;) {
		struct delivery *d = NULL;
		bool goes = false;
		bool paused = false;

		if (!b->newest || b->newest->next == b->newest->count) {
			if (max == 0)
				return true;
			if (!take(b, run, o, max, err))
				return false;
		}
		if (!b->newest || b->newest->next == b->newest->count)
			return true;
		d = &b->newest->rows[b->newest->next];
		if (!still_goes(b, run, d, &goes, &paused, err))
			return false;
		if (paused) {
			if (!put_back_paused(b, run, err))
				return false;
			continue;
		}
		b->newest->next++;
		if (goes) {
			*out = d;
			return true;
		}
		batches_settled(b, d);
	}
}

void
batches_return(struct batches *b)
{
	b->newest->next--;
}

bool
batches_close(struct batches *b, struct run *run, struct err *err)
{
	bool ok = true;

	while (b->newest) {
		struct batch *batch = b->newest;

		if (ok && batch->next < batch->count)
			ok = store_deliveries_untake(run->store,
			    batch->rows + batch->next, batch->count - batch->next, err);
		b->newest = batch->older;
		batch_free(batch);
	}
	return ok;
}
