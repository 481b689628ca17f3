/* SPDX-License-Identifier: ISC */
/* feed show: what is known of one feed.  feed test: what it answers now. */
#ifndef CMD_FEED_SHOW_H
#define CMD_FEED_SHOW_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"
#include "cmd/each_name.h"

bool feed_show_one(struct naming *n, const char *name, struct err *err) MUST_CHECK;
bool feed_test_one(struct naming *n, const char *name, struct err *err) MUST_CHECK;

#endif
