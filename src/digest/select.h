/* SPDX-License-Identifier: ISC */
/*
 * Which unseen entries an issue takes: filters, dates and limits of the settings.  Pure: the
 * clock is an argument.
 */
#ifndef DIGEST_SELECT_H
#define DIGEST_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/options.h"
#include "model/model.h"

enum select_reason {
	SELECT_CHOSEN,
	SELECT_FILTERED, /* filter or exclude */
	SELECT_FUTURE,   /* dated ahead, future = drop */
	SELECT_OLD,      /* older than the window */
	SELECT_OVER      /* beyond max_items or max_per_feed: "and 7 more" */
};
struct selection {
	const struct entry **chosen; /* in the order of the issue */
	size_t chosen_count;
	const struct entry **over; /* not shown in full but counted and linked */
	size_t over_count;
	const struct entry **dropped; /* will never be mailed: filtered */
	size_t dropped_count;
	size_t by_reason[SELECT_OVER + 1];
};
/* ERR_CONFIG when a filter is no regular expression (POSIX extended). */
bool digest_select(struct arena *a, const struct config *c, const struct source *sources,
    size_t source_count, const struct entry *entries, size_t entry_count, int64_t now,
    struct selection *out, struct err *err) MUST_CHECK;
/* The instant by which an entry is sorted and grouped: published, updated, or first seen. */
int64_t entry_instant(const struct entry *e);

#endif
