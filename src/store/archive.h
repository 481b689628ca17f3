/* SPDX-License-Identifier: ISC */
/* What everybody may see of the issues that went out; reads only. */
#ifndef STORE_ARCHIVE_H
#define STORE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

struct archive_month {
	const char *name; /* "2026-11" */
	int64_t issues, entries;
};
/* The months in which issues went out, newest first.  In a. */
bool store_archive_months(struct store *s, struct arena *a, struct archive_month **out,
    size_t *count, struct err *err) MUST_CHECK;
/*
 * Up to max issues that went out, newest first; of one month, or of all (NULL).  In a.
 */
bool store_archive_issues(struct store *s, struct arena *a, const char *month, size_t max,
    struct issue **out, size_t *count, struct err *err) MUST_CHECK;

struct archive_title {
	const char *title; /* NULL when it has none */
	const char *source;
};
/* The first posts of an issue, up to max.  In a. */
bool store_archive_titles(struct store *s, struct arena *a, int64_t issue_id, size_t max,
    struct archive_title **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * The letter of one issue alone in a variant; *found false when it is not kept.  out or letterhead
 * may be NULL when that is not wanted.  In a.
 */
bool store_archive_letter(struct store *s, struct arena *a, const struct issue *issue,
    const struct variant *v, struct rendering *out, const char **letterhead, bool *found,
    struct err *err) MUST_CHECK;
/* Up to max issues that went out and of which no letter in that variant is kept.  In a. */
bool store_archive_missing(struct store *s, struct arena *a, int64_t variant_id,
    size_t max, struct issue **out, size_t *count, struct err *err) MUST_CHECK;

#endif
