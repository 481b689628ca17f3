/* SPDX-License-Identifier: ISC */
/* Copies of the database with the date in their names, and how many of them are kept. */
#ifndef FLOW_DAILY_BACKUP_H
#define FLOW_DAILY_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/* The pattern with today's date of the newsletter's zone in place of %F.  In run->arena. */
const char *backup_dated_path(struct run *run, const char *pattern) MUST_CHECK;
/*
 * Of backups that differ by the date in their name the newest `keep` stay, and always `path`,
 * the one just written; those of a date to come are left alone and do not count, since a clock
 * was wrong.  A pattern without one %F has no older ones; keep = 0 keeps all.
 */
bool backup_keep_newest(struct run *run, const char *pattern, const char *path,
    int64_t keep, struct err *err) MUST_CHECK;
/*
 * Today's copy in database.backup_dir, unless it is there already or the setting is empty;
 * then the oldest go, but not after a clock that may have jumped.  What goes wrong is a warning:
 * letters matter more.
 */
void flow_backup_daily(struct run *run);

#endif
