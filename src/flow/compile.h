/* SPDX-License-Identifier: ISC */
/* COMPILE: from what nobody was mailed yet to an issue with its renderings. */
#ifndef FLOW_COMPILE_H
#define FLOW_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "digest/select.h"
#include "digest/group.h"
#include "model/model.h"

struct run;
struct post_cache;

/* An issue as a value, before anything is written down: for preview and for freezing. */
struct compiled {
	struct issue issue; /* the newest of a span */
	int64_t first_date; /* of the oldest issue; its own for one alone */
	struct source *sources;
	size_t source_count;
	struct selection selection;
	struct digest digest;
	struct post_cache *posts; /* what is known of all entries, or NULL */
};
struct compile_window {
	int64_t since, until; /* TIME_NONE = open: only entries of that time */
};
/*
 * Selects and groups what is unmailed, for a variant's readers or for the issue (NULL).  In
 * run->arena.
 */
bool flow_compile(struct run *run, const struct compile_window *w,
    const struct variant *v, struct compiled *out, struct err *err) MUST_CHECK;
/* The same as one letter with the issues before it, oldest first, which a reader has missed. */
bool flow_compile_next(struct run *run, const struct compile_window *w,
    const struct issue *missed, size_t count, const struct variant *v,
    struct compiled *out, struct err *err) MUST_CHECK;
/*
 * For issues that are written down, oldest first, as one letter: their entries from
 * the variant's sources, grouped together.
 */
bool flow_compile_issues(struct run *run, const struct issue *issues, size_t count,
    const struct variant *v, struct compiled *out, struct err *err) MUST_CHECK;
/* Renders one variant of it.  In run->arena. */
bool flow_render(struct run *run, const struct compiled *c, const struct variant *v,
    struct rendering *out, struct err *err) MUST_CHECK;
/*
 * Gives it a name that no issue has: that which it has, the date, and for a second one on that
 * day a number.  In run->arena.
 */
bool flow_issue_free_name(struct run *run, struct issue *i, struct err *err) MUST_CHECK;

struct compile_report {
	bool due; /* the schedule asks for an issue now */
	bool built;
	bool nobody;        /* not built: there are posts, and nobody would get them */
	struct issue issue; /* when built */
	size_t waiting;     /* unmailed entries when it is not due */
	int64_t next;       /* when the next issue is due; TIME_NONE = at the next run */
};
/*
 * Builds the issue that is due: a draft, frozen at once when approval = auto.  A draft that
 * waits gets what is new below what it holds.  Nothing new is no issue (digest.empty = skip);
 * posts that nobody would get are kept.  force: although none is due and nobody reads.
 */
bool flow_issue_build(struct run *run, bool force, struct compile_report *report,
    struct err *err) MUST_CHECK;
/* Freezes a draft, dated now: number, the archive's rendering, state approved; one commit. */
bool flow_issue_freeze(struct run *run, struct issue *issue, struct err *err) MUST_CHECK;

#endif
