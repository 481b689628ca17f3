/* SPDX-License-Identifier: ISC */
/* EXPORT: issues as mail that belongs to nobody. */
#ifndef FLOW_EXPORT_H
#define FLOW_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

struct run;

struct export_options {
	const char *month; /* "2026-11" or NULL = all */
	bool as_shown;     /* with as much of each post as web.archive_full says */
};
/*
 * Writes every issue sent as mboxrd, oldest first, without any reader's address or token.
 * *count tells how many.
 */
bool flow_export_mbox(struct run *run, const struct export_options *o, FILE *out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
