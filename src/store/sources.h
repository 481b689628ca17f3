/* SPDX-License-Identifier: ISC */
/* The feeds that are polled: their rows, and what a poll has changed. */
#ifndef STORE_SOURCES_H
#define STORE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* All, ordered by key.  listed_only: without those the configuration names no more. */
bool store_sources(struct store *s, struct arena *a, bool listed_only,
    struct source **out, size_t *count, struct err *err) MUST_CHECK;
/* Those that are polled, neither paused nor named no more: how many. */
bool store_sources_count_polled(struct store *s, size_t *count,
    struct err *err) MUST_CHECK;
/* Those of them whose time has come: how many. */
bool store_sources_count_due(struct store *s, int64_t now, size_t *count,
    struct err *err) MUST_CHECK;
/* And which, ordered by key; expected: how many were counted, though there may be others now. */
bool store_sources_due(struct store *s, struct arena *a, int64_t now, size_t expected,
    struct source **out, size_t *count, struct err *err) MUST_CHECK;
/* ERR_INPUT with the nearest key as hint when there is none; name: key, URL or display name. */
bool store_source_find(struct store *s, struct arena *a, const char *name,
    struct source *out, struct err *err) MUST_CHECK;
/* That its trouble was told. */
bool store_source_told(struct store *s, int64_t id, enum source_state state,
    struct err *err) MUST_CHECK;
/*
 * The key of a source listed before that belongs to the same page and has all of the posts,
 * those that came at now not counted, in a; *key NULL when there is none.
 */
bool store_source_twin(struct store *s, struct arena *a, const struct source *src,
    const char *link, const int64_t *posts, size_t count, int64_t now, const char **key,
    struct err *err) MUST_CHECK;
/* The same feed at another address; ERR_STORE when another source has that already. */
bool store_source_move(struct store *s, int64_t id, const char *url,
    struct err *err) MUST_CHECK;
/*
 * What went wrong before is forgotten: it is asked by the next round, and judged anew.  whole:
 * its document is asked for in full.
 */
bool store_source_begin_anew(struct store *s, int64_t id, bool whole, int64_t now,
    struct err *err) MUST_CHECK;
/* How many posts of it are known, and how many of them are in issues; walks along all posts. */
bool store_source_posts(struct store *s, int64_t id, int64_t *posts, int64_t *mailed,
    struct err *err) MUST_CHECK;
/*
 * Writes what a poll changed that brought no document: validators, pace, health, next_poll.  Half
 * the cost of the whole row.
 */
bool store_source_asked(struct store *s, const struct source *src,
    struct err *err) MUST_CHECK;
/* Writes what a poll changed: validators, title, link, language, health, next_poll. */
bool store_source_polled(struct store *s, const struct source *src,
    struct err *err) MUST_CHECK;

#endif
