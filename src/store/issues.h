/* SPDX-License-Identifier: ISC */
/* Issues and the posts they hold. */
#ifndef STORE_ISSUES_H
#define STORE_ISSUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* i->id is filled in; i->name must be new (ERR_INPUT). */
bool store_issue_add(struct store *s, struct issue *i, struct err *err) MUST_CHECK;
/* Newest first; limit 0 = all. */
bool store_issues(struct store *s, struct arena *a, size_t limit, struct issue **out,
    size_t *count, struct err *err) MUST_CHECK;
/* The issue of just that name, whatever its state; *found false when there is none. */
bool store_issue_named(struct store *s, struct arena *a, const char *name,
    struct issue *out, bool *found, struct err *err) MUST_CHECK;
/*
 * ERR_INPUT with the newest issue as hint.  "last": the newest that is being or was sent;
 * "next": the newest draft or approved one.
 */
bool store_issue_find(struct store *s, struct arena *a, const char *name,
    struct issue *out, struct err *err) MUST_CHECK;
/* The newest issue in one of the states (a set of 1u << state), or *found false. */
bool store_issue_in(struct store *s, struct arena *a, unsigned states, struct issue *out,
    bool *found, struct err *err) MUST_CHECK;
/*
 * Replaces a draft's entries (in order) and updates its counts.  ERR_INPUT when it is no draft,
 * or an entry is in another issue or kept out: no entry is ever in two issues.
 */
bool store_issue_fill(struct store *s, int64_t id, const int64_t *entries, size_t count,
    struct err *err) MUST_CHECK;
/*
 * Entries that the issue counts but does not show (PASS_OVER: "and 7 more") or that a filter
 * keeps out of every issue (PASS_FILTERED): neither is selected again.  store_issue_fill()
 * forgets an issue's earlier PASS_OVER entries, so that a draft can be filled afresh.
 */
enum pass_reason { PASS_OVER, PASS_FILTERED };
bool store_issue_pass(struct store *s, int64_t id, const int64_t *entries, size_t count,
    enum pass_reason reason, struct err *err) MUST_CHECK;
/*
 * Subject, intro, state, times, counts, bytes.  Letters of an issue that becomes
 * ISSUE_CANCELLED are withdrawn when they still wait; when none was taken before, it gives its
 * entries back.
 */
bool store_issue_update(struct store *s, const struct issue *i,
    struct err *err) MUST_CHECK;
/*
 * The state alone, in one transaction, when it is one of `from` (a set of 1u << state) now,
 * whatever it was when the issue was read: a send that runs beside may have ended since.
 * ISSUE_CANCELLED withdraws as store_issue_update() does.  *done false: it was none of them.
 */
bool store_issue_steer(struct store *s, int64_t id, unsigned from, enum issue_state to,
    bool *done, struct err *err) MUST_CHECK;
/* Whether its letters stop for a while: none of them is begun. */
bool store_issue_is_paused(struct store *s, int64_t id, bool *paused,
    struct err *err) MUST_CHECK;
/*
 * When the newest issue that was not cancelled was approved, by a clock that was not ahead of
 * now; TIME_NONE: none was.
 */
bool store_issue_last_approved(struct store *s, int64_t now, int64_t *at,
    struct err *err) MUST_CHECK;
/* Gives an issue that is approved the next number, unless it has one; i->number gets it. */
bool store_issue_number(struct store *s, struct issue *i, struct err *err) MUST_CHECK;
/* The issues of a span, oldest first, without those that were cancelled. */
bool store_issues_of_span(struct store *s, struct arena *a, const struct span *span,
    struct issue **out, size_t *count, struct err *err) MUST_CHECK;

bool store_issue_name(struct store *s, struct arena *a, int64_t id, const char **name,
    struct err *err) MUST_CHECK;
/* The name of the issue with that number; *name NULL when there is none. */
bool store_issue_numbered(struct store *s, struct arena *a, int64_t number,
    const char **name, struct err *err) MUST_CHECK;
/* Approved issues, whose letters are queued now, are being sent. */
bool store_issues_send(struct store *s, struct err *err) MUST_CHECK;
/* Issues being sent of which no letter waits any more are sent, at now. */
bool store_issues_close(struct store *s, int64_t now, struct err *err) MUST_CHECK;

#endif
