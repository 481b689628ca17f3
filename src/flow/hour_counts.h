/* SPDX-License-Identifier: ISC */
/*
 * What mail servers were given in the last hour, from run to run: smtp.per_hour is the
 * provider's hour, and knows nothing of our runs.
 */
#ifndef FLOW_HOUR_COUNTS_H
#define FLOW_HOUR_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "transport/hour_count.h"

struct run;

/* A server whose hour is full, and when another letter may begin there. */
struct full_hour {
	const char *name; /* "smtp", or of the relay */
	int64_t per_hour, until;
};

/* One for each server of the settings, or NULL where none has a per_hour.  In run->arena. */
bool hour_counts_load(struct run *run, struct hour_count **out,
    struct err *err) MUST_CHECK;
/* The same, written down; out NULL: nothing. */
bool hour_counts_save(struct run *run, const struct hour_count *list,
    struct err *err) MUST_CHECK;
/* Servers that take no further letter now, as far as is written down.  In run->arena. */
bool hour_counts_full(struct run *run, struct full_hour **list, size_t *count,
    struct err *err) MUST_CHECK;

#endif
