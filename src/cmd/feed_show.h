/* SPDX-License-Identifier: ISC */
/* feed show: what is known of one feed.  feed test: what it answers now. */
#ifndef CMD_FEED_SHOW_H
#define CMD_FEED_SHOW_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"

bool run_feed_show(struct app *app, const struct args *args, struct err *err) MUST_CHECK;
bool run_feed_test(struct app *app, const struct args *args, struct err *err) MUST_CHECK;

#endif
