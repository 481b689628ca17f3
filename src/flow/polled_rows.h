/* SPDX-License-Identifier: ISC */
/* Answers whose only consequence is a row of their source: kept aside, written many at a time. */
#ifndef FLOW_POLLED_ROWS_H
#define FLOW_POLLED_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "flow/gather.h"
#include "model/model.h"

struct commit_group;

struct polled_row {
	struct source source;
	struct gather_failure why; /* of a failure */
	bool never_arrived;
};
struct polled_rows {
	struct arena *arena; /* borrowed; what the rows say lives there */
	struct polled_row *list;
	size_t count, most;
};

/* most: 0 when nobody knows how many there will be. */
void polled_rows_init(struct polled_rows *rows, struct arena *a, size_t most);
/*
 * The text of a row outlives the answer: what it borrows is copied.  The caller sees to it that
 * there are no more than most.  The row stays in its place until the next is added.
 */
struct polled_row *polled_rows_add(struct polled_rows *rows, const struct source *s);
/* Writes all of them and ends the group; they are still there. */
bool polled_rows_write(const struct polled_rows *rows, struct commit_group *group,
    struct err *err) MUST_CHECK;
/* Drops those that say nothing of their feed without a network: a 404 is still a 404. */
void polled_rows_drop_unreached(struct polled_rows *rows);
/* Why each failed, by key: they came as the network would have it. */
const struct gather_failure *polled_rows_failures(const struct polled_rows *rows);

#endif
