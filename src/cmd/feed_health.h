/* SPDX-License-Identifier: ISC */
/* feed health, release and drop: feeds that need a person, and what is held for one. */
#ifndef CMD_FEED_HEALTH_H
#define CMD_FEED_HEALTH_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"
#include "cmd/each_name.h"

extern const struct cmd_option health_options[];
bool prepare_feed_health(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
bool run_feed_health(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
bool run_feed_release(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
/* What is held of it is dropped. */
bool feed_settle_one(struct naming *n, const char *name, struct err *err) MUST_CHECK;

#endif
