/* SPDX-License-Identifier: ISC */
/* A reader's wishes as words, as commands, lists of readers and pages give them. */
#ifndef FLOW_READER_WISHES_H
#define FLOW_READER_WISHES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"

struct run;

/* NULL: not said.  The words "default" or "" give a wish back to the newsletter. */
struct reader_wishes {
	const char *rhythm;   /* each daily weekdays weekly monthly */
	const char *day;      /* a weekday, or 1 to 31 */
	const char *hour;     /* "7", "18:30" */
	const char *zone;     /* "Europe/Paris" */
	const char *format;   /* html text digest plain */
	const char *length;   /* title summary full */
	const char *language; /* "fr": one that has templates */
	const char *pictures; /* none link first inline remote */
	const char *sources;  /* "all", "only KEY KEY", "all but KEY KEY" */
};

/*
 * Puts what is said into *r.  ERR_INPUT names the wish that cannot be understood, and what can
 * be.  Text of *r that is new lives in a.
 */
bool flow_wishes_apply(struct run *run, struct arena *a, const struct reader_wishes *w,
    struct reader *r, struct err *err) MUST_CHECK;
/* "weekly Monday 18:30 Europe/Paris": when they get letters.  In a. */
char *flow_cadence_words(struct arena *a, const struct cadence *c) MUST_CHECK;
/* A choice of sources as flow_wishes_apply() takes it, with the sources' keys.  In a. */
bool flow_sources_words(struct run *run, struct arena *a, const struct variant *v,
    const char **out, struct err *err) MUST_CHECK;

#endif
