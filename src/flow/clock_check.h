/* SPDX-License-Identifier: ISC */
/* A machine's clock that was wrong for a run, as with an empty battery, costs nothing later. */
#ifndef FLOW_CLOCK_CHECK_H
#define FLOW_CLOCK_CHECK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/*
 * Looks for what a clock ahead of now wrote, puts it right and warns, once since nothing of it
 * is found again.  A clock that stands before this program was written is warned of and mends
 * nothing: it is the one that is wrong.
 */
bool flow_clock_check(struct run *run, struct err *err) MUST_CHECK;
/*
 * False for a week after a run that came more than 30 days after the one before: the clock may
 * have jumped, and what is tidied away does not come back.
 */
bool flow_clock_may_tidy(struct run *run, bool *may, struct err *err) MUST_CHECK;

#endif
