/* SPDX-License-Identifier: ISC */
/* What an answer means for a delivery: pure, so that each rule can be tested by itself. */
#ifndef FLOW_DELIVERY_OUTCOME_H
#define FLOW_DELIVERY_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "transport/transport.h"

/* RFC 5321 4.5.4.1: how long a letter is tried, from when it was queued. */
enum { DELIVERY_LIFETIME = 4 * 86400 };

/*
 * Counts the attempt and sets state, next_try and settled (= now) of a delivery that was handed
 * over.  pauses: durations separated by blanks, "10m 2h": how long to wait after the first,
 * second ... attempt; the last one repeats until the letter's lifetime ends, when it is refused.
 * A letter that breaks connections is refused after the pauses given.  What is no word about
 * the letter costs no attempt: without any answer it is queued again, and a server that puts
 * off MAIL is asked again after the first pause.
 */
void delivery_settle(struct delivery *d, const struct outcome *o, const char *pauses,
    int64_t now);
/* Its lifetime has ended. */
bool delivery_is_over(const struct delivery *d, int64_t now);

#endif
