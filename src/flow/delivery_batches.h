/* SPDX-License-Identifier: ISC */
/*
 * Deliveries in hand: taken from the store in batches, each with its own memory that goes when
 * its last letter is settled.  So memory stays flat however long the list, and a slow
 * connection may keep a letter of an old batch while others go on.
 *
 * With a pool the next batch is taken beside the letters that go out: the disk is not waited
 * for, which would take as long as the letters themselves.  Meanwhile nobody else may use the
 * store: batches_finish() comes before whatever else does.
 */
#ifndef FLOW_DELIVERY_BATCHES_H
#define FLOW_DELIVERY_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"

struct run;
struct deliver_options;

struct batch;
struct letter_journal;
struct answer_book;
struct taking_ahead;
enum { BATCH_MOST = 560 };
struct batches {
	struct letter_journal *journal; /* told of each taking; NULL: none is kept */
	struct answer_book *book; /* written with each taking, in one commit; NULL: not */
	struct work_pool
	    *pool; /* of one thread, with a book: it takes ahead; NULL: nobody */
	struct taking_ahead *ahead; /* at work, or NULL */
	struct batch *newest;       /* the one being handed out */
	struct batch *next;         /* taken ahead, or NULL */
	int64_t others_until_ms;    /* the database is left to them before the next */
	int64_t turn_ms;            /* so long at least, between two taken ahead */
	bool not_ahead;             /* it was in vain: not before the next taking */
	size_t size;                /* how many are taken at once; 0 before the first */
	int64_t taken_ms;           /* when the last were taken */
	int64_t look_ms; /* so long it is not looked at again; 0: with each letter */
	int64_t looked_ms;
};

/*
 * The next delivery to compose, to a reader who is still to get it, or *out NULL when nothing
 * may go now.  max: at most so many are taken from the store now.  Letters of an issue that was
 * paused since they were taken are put back; those of others go on.
 */
bool batches_next(struct batches *b, struct run *run, const struct deliver_options *o,
    size_t max, struct delivery **out, struct err *err) MUST_CHECK;
/* The delivery handed out last was not begun: batches_close() puts it back too. */
void batches_return(struct batches *b);
/* d was settled; its batch's memory goes with its last. */
void batches_settled(struct batches *b, const struct delivery *d);
/* Nobody uses the store any more: what is being taken ahead is waited for. */
void batches_finish(struct batches *b, struct run *run);
/* Puts what was never handed out back into the queue, and releases everything. */
bool batches_close(struct batches *b, struct run *run, struct err *err) MUST_CHECK;

#endif
