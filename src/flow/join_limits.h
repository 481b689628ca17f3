/* SPDX-License-Identifier: ISC */
/* Whether an ask to join is heard, and whether its address is written to. */
#ifndef FLOW_JOIN_LIMITS_H
#define FLOW_JOIN_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "config/options.h"
#include "flow/subscribe.h"
#include "store/asks.h"

/*
 * What speaks against an ask whatever its address: its network, all asks together, a full
 * list.  The keeper is told, once a day at most, when there are too many.
 */
bool join_limits_check(struct run *run, const struct ask *ask, enum ask_answer *answer,
    struct err *err) MUST_CHECK;
/* Whether the address itself may be written to: limits, blocks, blocked domains. */
bool join_may_mail(struct run *run, const char *address,
    const unsigned char hash[HASH_SIZE], bool *may, struct err *err) MUST_CHECK;
/*
 * Whether a mail from that address may be answered: once in LIMIT_ANSWER_EVERY, and all letters
 * that mails bring within limits.asks_total.  When it may, the answer is noted as given.
 */
bool join_may_answer(struct run *run, const char *address, bool *may,
    struct err *err) MUST_CHECK;
/*
 * Whether a reader may be mailed a link of their own once more: a few times a day, each kind for
 * itself.  When they may, it is noted as mailed.  letter: LETTER_LINK or LETTER_DATA.
 */
bool join_may_send_link(struct run *run, const struct reader *r, enum ask_letter letter,
    bool *may, struct err *err) MUST_CHECK;
/* Readers who get letters or may again, as list.max_subscribers counts them. */
bool join_limits_readers(struct run *run, int64_t *count, struct err *err) MUST_CHECK;
/* How long asks are remembered, in seconds. */
int64_t join_limits_window(const struct config *c);

#endif
