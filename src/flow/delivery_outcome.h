/* SPDX-License-Identifier: ISC */
/* What an answer means for a delivery: pure, so that each rule can be tested by itself. */
#ifndef FLOW_DELIVERY_OUTCOME_H
#define FLOW_DELIVERY_OUTCOME_H

#include <stdint.h>

#include "model/model.h"
#include "transport/transport.h"

/*
 * Counts the attempt and sets state, next_try and settled (= now) of a delivery that was handed
 * over.  pauses: durations separated by blanks, "10m 2h": how long to wait after the first,
 * second ... attempt.  A letter deferred once more than they are is refused.
 */
void delivery_settle(struct delivery *d, const struct outcome *o, const char *pauses,
    int64_t now);

#endif
