/* SPDX-License-Identifier: ISC */
/* The form of preferences as a reader's wishes, and what of it cannot be. */
#ifndef WEB_PREFERENCE_FORM_H
#define WEB_PREFERENCE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"
#include "web/page.h"

/* What must be mended before the form can be saved. */
struct preference_problems {
	const char *zone, *hold, *sources, *address; /* what is wrong, or NULL */
};

enum hold_wish { HOLD_AS_IT_IS, HOLD_BEGIN, HOLD_END };

struct preference_wishes {
	struct reader reader;    /* with everything that was wished in it */
	enum hold_wish hold;     /* what to do about a hold; its day stands in reader */
	const char *new_address; /* checked; NULL: it stays */
	struct preference_problems problems;
	bool has_problem;
};

/* The sources there are to choose from, by group and name. */
struct preference_sources {
	struct source *list;
	size_t count;
};
bool preference_sources_load(struct page *p, struct preference_sources *out,
    struct err *err) MUST_CHECK;

/* A choice of sources (struct variant) that can be asked often. */
struct source_choice {
	char mode;          /* '*', '+' or '-' */
	const int64_t *ids; /* ascending */
	size_t count;
};
struct source_choice source_choice_of(struct page *p, const char *sources);
bool source_choice_takes(const struct source_choice *c, int64_t id);

/* was: as stored.  Problems are no failure. */
bool preference_form_read(struct page *p, const struct reader *was,
    const struct preference_sources *sources, struct preference_wishes *out,
    struct err *err) MUST_CHECK;
/*
 * The choice of sources when some of `shown` (a part of all) are ticked and the others not, and
 * the rest of the choice stays.  In the page's arena.
 */
const char *preference_tick(struct page *p, const char *chosen,
    const struct source *shown, size_t count);
/* The day on which a hold ends: "2026-12-24" in that reader's zone; "" when there is none. */
const char *preference_hold_day(struct page *p, const struct reader *r);

#endif
