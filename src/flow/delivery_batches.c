/* SPDX-License-Identifier: ISC */

#include "flow/delivery_batches.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/work_pool.h"
#include "flow/answer_book.h"
#include "flow/context.h"
#include "flow/deliver.h"
#include "flow/letter_journal.h"
#include "flow/refusals.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/transactions.h"

enum { SIZE_LEAST = 10, SIZE_FIRST = 20, SIZE_AIM_MS = 250 };

struct batch {
	struct batch *older;
	struct arena *arena;
	struct delivery *rows;
	size_t count;
	size_t next; /* to hand out */
	size_t settled;
	int64_t others; /* store_writes_of_others() when it was taken */
	bool changed;   /* others have written since */
};

/* A batch that is taken, and answers that are written with it. */
struct taking {
	struct run *run;
	struct deliver_options o;
	size_t max;
	const struct answer_page *answers; /* NULL: none */
	struct batch *batch;
	bool wrote; /* the answers */
};

/* The same while letters go out. */
struct taking_ahead {
	struct work work;
	struct taking taking;
	int64_t takings; /* the number of this one */
	bool ok;
	struct err err;
};

static void
batch_free(struct batch *batch)
{
	arena_free(batch->arena);
	free(batch);
}

/*
 * What is taken when the power fails is `unknown` afterwards, so it is as much as goes out in a
 * quarter of a second: a few letters to a slow server, hundreds to a fast one.  Where the next
 * batch is taken ahead each of the two is half of it.
 */
static void
adapt_size(struct batches *b)
{
	const int64_t now = clock_ticks_ms();
	const int64_t spent = now - b->taken_ms;
	const int64_t aim = b->pool ? SIZE_AIM_MS / 2 : SIZE_AIM_MS;

	if (b->size == 0)
		b->size = SIZE_FIRST;
	else if (spent < aim)
		b->size = b->size * 2 < BATCH_MOST ? b->size * 2 : BATCH_MOST;
	else if (spent > 4 * aim)
		b->size = b->size / 2 > SIZE_LEAST ? b->size / 2 : SIZE_LEAST;
	b->taken_ms = now;
}

static struct batch *
batch_new(void)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));

	batch->arena = arena_new();
	return batch;
}

/* Answers that wait for the database are written on the way: one commit instead of two. */
static bool
take_letters(struct taking *t, int64_t now, struct err *err)
{
	const struct answer_page *a = t->answers;
	struct batch *batch = t->batch;
	const bool ok = store_deliveries_take(t->run->store, a ? a->answers : NULL,
	    a ? a->count : 0, batch->arena, t->o.issue_id, now, t->max, &batch->rows,
	    &batch->count, err);

	t->wrote = ok && a;
	return ok;
}

/* Notices go before issues. */
static bool
take_rows(struct taking *t, struct err *err)
{
	const int64_t now = flow_now(t->run);
	struct batch *batch = t->batch;

	if (t->o.issue_id == 0 &&
	    !store_notices_take(t->run->store, batch->arena, now, t->max, &batch->rows,
		&batch->count, err))
		return false;
	return batch->count > 0 || t->o.notices_only || take_letters(t, now, err);
}

/* The journal knows of a taking before it is in the database, and when it is. */
static bool
take_noted(struct batches *b, struct taking *t, struct err *err)
{
	int64_t takings = 0;

	if (!b->journal)
		return take_rows(t, err);
	if (!store_takings(t->run->store, &takings, err))
		return false;
	letter_journal_announce(b->journal, takings + 1);
	if (!take_rows(t, err))
		return false;
	if (t->batch->count > 0)
		letter_journal_taken(b->journal, takings + 1);
	return true;
}

/* What was taken is handed out from now on. */
static void
hand_out_from(struct batches *b, struct batch *batch)
{
	batch->older = b->newest;
	b->newest = batch;
}

static bool
take(struct batches *b, struct run *run, const struct deliver_options *o, size_t max,
    struct err *err)
{
	struct taking t = { .run = run, .o = *o };
	bool ok = false;

	adapt_size(b);
	b->not_ahead = false;
	t.max = max < b->size ? max : b->size;
	t.answers = b->book && b->book->page->count > 0 ? b->book->page : NULL;
	t.batch = batch_new();
	ok = store_writes_of_others(run->store, &t.batch->others, err) &&
	    take_noted(b, &t, err);
	if (ok && t.wrote)
		answer_book_written(b->book);
	if (ok && t.batch->count > 0)
		hand_out_from(b, t.batch);
	else
		batch_free(t.batch);
	return ok;
}

/* ---- ahead ---- */

static size_t
left_of(const struct batch *batch)
{
	return batch ? batch->count - batch->next : 0;
}

/*
 * Soon, so that there is enough to hand out until the taking is done; but not before a few are
 * handed out, since a server may be slow with the very first, nor before others had their turn.
 * Of all that is out or answered then each has its cell of the journal and its place in the book.
 */
static bool
may_take_ahead(const struct batches *b, size_t max)
{
	const struct answer_book *book = b->book;
	const size_t left = left_of(b->newest);

	return b->pool && book && !b->not_ahead && !b->ahead && !b->next && left > 0 &&
	    !b->newest->changed && left < b->newest->count - b->newest->count / 16 &&
	    max > left &&
	    book->page->count + book->out_count + left + REFUSALS_WINDOW + 1 <=
	    JOURNAL_CELLS &&
	    clock_ticks_ms() >= b->others_until_ms;
}

static struct taking_ahead *
ahead_of(struct work *w)
{
	return (struct taking_ahead *)(void *)((char *)w -
	    offsetof(struct taking_ahead, work));
}

/* In the other thread: rows and answers, and that they are on the disk. */
static void
work_ahead(struct work *w, size_t place)
{
	struct taking_ahead *a = ahead_of(w);
	struct err later = ERR_INIT;

	(void)place;
	a->ok = take_rows(&a->taking, &a->err);
	if (!store_group_commit(a->taking.run->store, &later) && a->ok) {
		a->ok = false;
		a->err = later;
	}
}

/*
 * From here on no other process can write, until what is taken is on the disk: whether one has
 * is asked now, and need not be asked meanwhile.
 */
static bool
look_inside(struct batches *b, struct taking_ahead *a, struct err *err)
{
	struct store *store = a->taking.run->store;

	if (!store_writes_of_others(store, &a->taking.batch->others, err) ||
	    (b->journal && !store_takings(store, &a->takings, err)))
		return false;
	a->takings++;
	b->newest->changed = a->taking.batch->others != b->newest->others;
	return !b->newest->changed;
}

static void
ahead_free(struct taking_ahead *a)
{
	if (a->taking.batch)
		batch_free(a->taking.batch);
	free(a);
}

/* What does not work is left to take(), which waits and tells. */
static void
begin_ahead(struct batches *b, struct run *run, const struct deliver_options *o,
    size_t max)
{
	struct taking_ahead *a = NULL;
	struct err why = ERR_INIT;

	b->not_ahead = true;
	if (!store_whole_group_begin(run->store, &why))
		return;
	a = xcalloc(1, sizeof(*a));
	a->work.run = work_ahead;
	a->taking = (struct taking){ .run = run, .o = *o, .batch = batch_new() };
	if (!look_inside(b, a, &why)) {
		if (!store_group_commit(run->store, &why))
			log_debug("send", "%s", why.text);
		ahead_free(a);
		return;
	}
	b->not_ahead = false;
	adapt_size(b);
	max -= left_of(b->newest);
	a->taking.max = max < b->size ? max : b->size;
	if (b->book->page->count > 0)
		a->taking.answers = answer_book_send_off(b->book);
	if (b->journal)
		letter_journal_announce(b->journal, a->takings);
	store_let_log_grow(run->store, true);
	b->ahead = a;
	work_pool_add(b->pool, &a->work);
}

/* The slower the disk is, the longer they wait for their turn, and the longer it is. */
static void
let_others_write(struct batches *b)
{
	const int64_t now = clock_ticks_ms();
	const int64_t share = (now - b->taken_ms) / 8;

	b->others_until_ms = now + (share > b->turn_ms ? share : b->turn_ms);
}

/* It is done, well or not. */
static void
end_ahead(struct batches *b, struct run *run)
{
	struct taking_ahead *a = b->ahead;
	struct taking *t = &a->taking;
	struct err why = ERR_INIT;

	b->ahead = NULL;
	let_others_write(b);
	store_let_log_grow(run->store, false);
	if (!a->ok)
		log_debug("send", "letters were not taken ahead: %s", a->err.text);
	if (t->answers && a->ok && t->wrote)
		answer_book_sent(b->book);
	else if (t->answers && !answer_book_came_back(b->book, &why))
		log_warn("send", "%s", why.text);
	b->not_ahead = !a->ok || t->batch->count == 0;
	if (!b->not_ahead) {
		if (b->journal)
			letter_journal_taken(b->journal, a->takings);
		b->next = t->batch;
		t->batch = NULL;
	}
	ahead_free(a);
}

static void
look_ahead(struct batches *b, struct run *run)
{
	if (b->ahead && work_pool_finished(b->pool, WORK_LOOK))
		end_ahead(b, run);
}

void
batches_finish(struct batches *b, struct run *run)
{
	if (b->ahead && work_pool_finished(b->pool, WORK_WAIT))
		end_ahead(b, run);
}

/* ---- handing out ---- */

/* True: there is one to hand out.  False: there is none now, or *err. */
static bool
have_one(struct batches *b, struct run *run, const struct deliver_options *o, size_t max,
    struct err *err)
{
	look_ahead(b, run);
	if (left_of(b->newest) > 0)
		return true;
	batches_finish(b, run);
	if (b->next) {
		hand_out_from(b, b->next);
		b->next = NULL;
		return true;
	}
	return max > 0 && take(b, run, o, max, err) && left_of(b->newest) > 0;
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
	struct batch *batch = b->newest;
	int64_t now = 0;
	int64_t others = 0;

	/* While letters are taken ahead nobody can. */
	if (batch->changed || b->ahead)
		return true;
	now = clock_ticks_ms();
	if (b->look_ms > 0 && now - b->looked_ms < b->look_ms)
		return true;
	if (!store_writes_of_others(run->store, &others, err))
		return false;
	b->looked_ms = now;
	batch->changed = others != batch->others;
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
	if (!b->newest->changed || d->kind != NOTICE_NONE)
		return true;
	batches_finish(b, run);
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

		if (!have_one(b, run, o, max, err))
			return !err_is_set(err);
		if (may_take_ahead(b, max))
			begin_ahead(b, run, o, max);
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

	batches_finish(b, run);
	if (b->next)
		hand_out_from(b, b->next);
	b->next = NULL;
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
