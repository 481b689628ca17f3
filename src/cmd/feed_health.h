/* SPDX-License-Identifier: ISC */
/* feed health, release and drop: feeds that need a person, and what is held for one. */
#ifndef CMD_FEED_HEALTH_H
#define CMD_FEED_HEALTH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"
#include "model/model.h"

/* What is wrong with it, in words; NULL when nothing is known to be.  In a. */
const char *health_words(struct arena *a, const struct source *s);

/* The command that mends it, or looks closer.  In a. */
const char *health_mend(struct arena *a, const struct source *s);
/* Where it seems to be now: it moved there, or the page in its place names it; else NULL. */
const char *health_target(struct arena *a, const struct source *s);

extern const struct cmd_option health_options[];
bool prepare_feed_health(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
bool run_feed_health(struct app *app, const struct args *args, int *code,
    struct err *err) MUST_CHECK;
bool run_feed_release(struct app *app, const struct args *args, int *code,
    struct err *err) MUST_CHECK;
bool run_feed_drop(struct app *app, const struct args *args, int *code,
    struct err *err) MUST_CHECK;

#endif
