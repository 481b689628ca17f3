/* SPDX-License-Identifier: ISC */
/*
 * Work that is done beside the thread that has it to do, on the machine's other processors.
 * What is done, and with what, is the caller's; here is who does it and when.
 */
#ifndef BASE_WORK_POOL_H
#define BASE_WORK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct work_pool;

/* A part of what the caller works on; not touched by the caller while the pool has it. */
struct work {
	/* place is 0 in the caller's own thread, else the number of the other, from 1 on. */
	void (*run)(struct work *w, size_t place);
	uint64_t order;    /* of those that wait the smallest is begun first */
	struct work *next; /* the pool's */
};

enum work_patience {
	WORK_LOOK, /* only what is finished already */
	WORK_WAIT  /* works itself, then waits for the others */
};

/* How many processors this process may use. */
size_t work_pool_processors(void);
/*
 * With that many threads beside the caller's; fewer, or none, where the system has none to
 * spare.  They take no signals.
 */
struct work_pool *work_pool_open(size_t threads) MUST_CHECK;
/* Drops what has not begun and waits for what has.  Accepts NULL. */
void work_pool_close(struct work_pool *pool);
void work_pool_add(struct work_pool *pool, struct work *w);
/* One that is finished, in any order, back to its owner; NULL when there is none (any more). */
struct work *work_pool_finished(struct work_pool *pool, enum work_patience patience);

#endif
