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
	SELECT_HELD,     /* a pattern of its source cannot be read */
	SELECT_OVER      /* beyond max_items or max_per_feed: "and 7 more" */
};
/* A source whose entries wait until its pattern is put right, and what is wrong with it. */
struct held_source {
	const struct source *source;
	const char *why;
};
struct selection {
	const struct entry **chosen; /* in the order of the issue */
	size_t chosen_count;
	const struct entry **over; /* not shown in full but counted and linked */
	size_t over_count;
	const struct entry **dropped; /* will never be mailed: filtered */
	size_t dropped_count;
	size_t by_reason[SELECT_OVER + 1];
	struct held_source *held;
	size_t held_count;
};
/*
 * ERR_CONFIG when a general filter is no regular expression.  One of a source holds only that
 * source: nothing of it is chosen nor dropped.  The entries of the ids in `first`, what a draft
 * holds already, come first and in that order, when they may still be mailed; they count in the
 * limits, and what is new goes below them.
 */
bool digest_select(struct arena *a, const struct config *c, const struct source *sources,
    size_t source_count, const struct entry *entries, size_t entry_count, int64_t now,
    const int64_t *first, size_t first_count, struct selection *out,
    struct err *err) MUST_CHECK;
/*
 * The same for the first issue of a newsletter: digest.window, else the last seven days; when
 * that is empty the newest entry of each source.  What is older is dropped, but what a draft
 * holds stays.
 */
bool digest_select_first(struct arena *a, const struct config *c,
    const struct source *sources, size_t source_count, const struct entry *entries,
    size_t entry_count, int64_t now, const int64_t *first, size_t first_count,
    struct selection *out, struct err *err) MUST_CHECK;
/* The instant by which an entry is sorted and grouped: published, updated, or first seen. */
int64_t entry_instant(const struct entry *e);

#endif
