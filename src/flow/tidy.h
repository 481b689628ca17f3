/* SPDX-License-Identifier: ISC */
/* What is kept for a time only goes when its time is over. */
#ifndef FLOW_TIDY_H
#define FLOW_TIDY_H

#include "flow/context.h"

/*
 * Drops the text of entries (fetch.keep_entries), letters that can be made again and what became
 * of each (database.keep_letters): one count per issue and state stays, and the archive's own.
 * Messages that were no issue go with them.
 */
bool flow_tidy(struct run *run, struct err *err) MUST_CHECK;
/* The same, unless it was done less than a day ago: it reads whole tables. */
bool flow_tidy_daily(struct run *run, struct err *err) MUST_CHECK;

#endif
