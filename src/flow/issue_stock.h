/* SPDX-License-Identifier: ISC */
/*
 * What the letters of a send have in common: sources, the entries of issues, and what was read
 * of them.  Loaded by the first letter that needs it, for the letters of readers with other
 * wishes behind it.
 */
#ifndef FLOW_ISSUE_STOCK_H
#define FLOW_ISSUE_STOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"

struct rendering_base;
struct rendering_key;
struct run;
struct post_cache;
struct issue_stock;

/* The entries of an issue: those that it shows, with their texts, and those over its limits. */
struct stocked_issue {
	struct entry *entries;
	size_t count;
	struct entry *over;
	size_t over_count;
};

/* Free accepts NULL. */
struct issue_stock *issue_stock_new(void) MUST_CHECK;
void issue_stock_free(struct issue_stock *s);
/*
 * To be called before a letter is begun, and at no other time: gives up what it holds when that
 * is LIMIT_ISSUES_KNOWN bytes or LIMIT_POSTS_KNOWN.  Accepts NULL.
 */
void issue_stock_tidy(struct issue_stock *s);
/*
 * The entries of an issue, out of run->stock or loaded into it; into run->arena when there is no
 * stock, or no room: then *is_kept becomes false, and stays what it is else.
 */
bool issue_stock_entries(struct run *run, int64_t issue_id, struct stocked_issue *out,
    bool *is_kept, struct err *err) MUST_CHECK;
/* All sources, by the same rules. */
bool issue_stock_sources(struct run *run, struct source **out, size_t *count,
    bool *is_kept, struct err *err) MUST_CHECK;
/*
 * The rendering of that key, which the others of its issue are stored as differences from; in
 * the stock, or in run->arena as above.  *out is NULL when there is none.
 */
bool issue_stock_base(struct run *run, const struct rendering_key *key,
    const struct rendering_base **out, struct err *err) MUST_CHECK;
/* What was read of the entries of the stock: of no others; NULL without a stock. */
struct post_cache *issue_stock_posts(struct issue_stock *s);

#endif
