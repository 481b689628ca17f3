/* SPDX-License-Identifier: ISC */
/*
 * From unseen entries to renderings: select, group, budget, render.  Pure: values in, values
 * out; the clock, the zone and the settings are arguments.
 */
#ifndef DIGEST_DIGEST_H
#define DIGEST_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "config/options.h"
#include "model/model.h"

/* ---- select.c ---- */

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

/* ---- group.c ---- */

struct digest_source { /* a run of entries of one source under one heading */
	const struct source *source;
	const struct entry **entries;
	size_t count;
	size_t more; /* entries of this source that are over the limit */
};
struct digest_day {          /* or a group of sources, or everything */
	int64_t day;         /* days since 1970-01-01 in the newsletter's zone; TIME_NONE
	                             when not grouped by day */
	const char *heading; /* name of the group; NULL when not grouped by group */
	struct digest_source *sources;
	size_t count;
};
struct digest {
	struct digest_day *days;
	size_t day_count;
	size_t entry_count, source_count;
	size_t minutes; /* to read it all, 230 words a minute */
	struct digest_source
	    *others; /* sources of which all entries are over the limits */
	size_t other_count;
};
void digest_group(struct arena *a, const struct config *c, const struct zone *zone,
    const struct source *sources, size_t source_count, const struct selection *sel,
    struct digest *out);

/* ---- render.c ---- */

/* Templates of one language: digest.html digest.txt subject and partials, loaded once. */
struct template_set;
/*
 * dir: directory of templates that come before the built-in ones, or "".  Owned by the caller.
 */
struct template_set *template_set_open(const char *dir, const char *language,
    struct err *err) MUST_CHECK;
void template_set_close(struct template_set *t);

struct render_context {
	const struct config *config;
	const struct zone *zone;
	const struct template_set *templates;
	const struct issue *issue; /* name, date, intro */
	const char *leave_kind; /* "web" or "mail": which words stand beside the link */
	bool has_web;           /* pages answer: archive, preferences, in browser */
};
/*
 * Renders one variant.  Entries fall from full to summary to title, largest first, until the
 * encoded HTML part fits config.digest.max_bytes (ERR_LIMIT when it cannot and overflow =
 * error).  *bytes gets the encoded size of the HTML part.  Everything lives in a.
 */
bool digest_render(struct arena *a, const struct render_context *ctx,
    const struct digest *d, const struct variant *v, struct rendering *out, size_t *bytes,
    struct err *err) MUST_CHECK;
/* "24 November 2026", as a letter says since when somebody reads.  In a. */
const char *digest_long_date(struct arena *a, const struct template_set *t,
    const struct zone *z, int64_t instant, struct err *err) MUST_CHECK;

#endif
