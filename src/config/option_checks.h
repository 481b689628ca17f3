/* SPDX-License-Identifier: ISC */
/* What the table of options cannot say about a value. */
#ifndef CONFIG_OPTION_CHECKS_H
#define CONFIG_OPTION_CHECKS_H

#include "base/arena.h"
#include "config/options.h"

/*
 * Returns the value as it is to be kept (itself, or in a), or NULL with *wanted = what is
 * allowed, static.
 */
const char *option_check(struct arena *a, const struct option *o, const char *value,
    const char **wanted);

/* 0 for "Sunday" to 6 for "Saturday", ASCII case ignored; -1 for any other word. */
int option_weekday(const char *name);

#endif
