/* SPDX-License-Identifier: ISC */
/*
 * Feeds that arrive together are committed together, each with its validators: one wait for
 * the disk instead of hundreds.  Never for long, since others want to write too.
 */
#ifndef FLOW_COMMIT_GROUP_H
#define FLOW_COMMIT_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/* All zero but the store: none is open. */
struct commit_group {
	struct store *store; /* borrowed */
	bool is_open;
	int64_t began_ms;
	size_t posts; /* added by it; the caller counts them */
};
/* Opens a transaction, unless there is one of this group. */
bool commit_group_begin(struct commit_group *g, struct err *err) MUST_CHECK;
/* Nothing of the group is kept when it fails. */
bool commit_group_end(struct commit_group *g, struct err *err) MUST_CHECK;
/* The same, if it has been open for long enough. */
bool commit_group_end_old(struct commit_group *g, struct err *err) MUST_CHECK;
/* The same for good: no other will be begun. */
bool commit_group_close(struct commit_group *g, struct err *err) MUST_CHECK;

#endif
