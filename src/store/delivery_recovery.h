/* SPDX-License-Identifier: ISC */
/*
 * What becomes of letters that a run left in state `sending`, and of all that wait when the
 * database is older than what was sent.
 */
#ifndef STORE_DELIVERY_RECOVERY_H
#define STORE_DELIVERY_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"

struct store;

/* A letter that had been handed out when its run ended, as its journal has it. */
struct delivery_left {
	struct delivery d; /* which; when answered, everything that is settled too */
	int64_t attempts;  /* before it was handed out */
	bool answered;
};
struct delivery_recovery {
	const struct delivery_left *left;
	size_t count;
	/* Those that are not in `left` had not been handed out: they wait on.  Else unknown. */
	bool others_wait;
};
/*
 * Settles what is still `sending`, in one transaction: answers are written, letters handed out
 * without one are unknown.  r NULL: nothing is known, and so all are unknown.  *count tells
 * how many are.  Called with the run lock held.
 */
bool store_deliveries_recover(struct store *s, const struct delivery_recovery *r,
    int64_t *count, struct err *err) MUST_CHECK;

/* What waits of the issues up to that number, and notices made up to that instant. */
struct delivery_doubt {
	int64_t number;
	int64_t until;
};
bool store_doubtful_count(struct store *s, const struct delivery_doubt *doubt,
    int64_t *count, struct err *err) MUST_CHECK;
/* They may have gone: unknown, and sent only when somebody asks for it. */
bool store_doubtful_unknown(struct store *s, const struct delivery_doubt *doubt,
    int64_t *count, struct err *err) MUST_CHECK;

#endif
