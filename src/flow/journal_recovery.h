/* SPDX-License-Identifier: ISC */
/* Before letters go: what an earlier run left, and a database that was put back. */
#ifndef FLOW_JOURNAL_RECOVERY_H
#define FLOW_JOURNAL_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/deliver.h"

struct run;
struct letter_journal;

/* "unknown" or "send".  ERR_USAGE. */
bool restored_parse(const char *word, enum restored *out, struct err *err) MUST_CHECK;
/*
 * Settles what an earlier run left in state `sending`, and tells how many letters are unknown
 * by it.  j: NULL = there is no journal, and all of them are.  When the database is older than
 * the journal nothing may go before somebody has said what is right (ERR_HUMAN).
 */
bool journal_recover(struct run *run, struct letter_journal *j, enum restored restored,
    int64_t *unknown, struct err *err) MUST_CHECK;

#endif
