/* SPDX-License-Identifier: ISC */
/* What is one reader's own in a letter. */
#ifndef FLOW_LETTER_FIELDS_H
#define FLOW_LETTER_FIELDS_H

#include "base/arena.h"
#include "base/hash.h"
#include "mail/letter.h"

struct letterhead;
struct notice;

/*
 * The own bytes of the letter d: address, Message-ID, links.  Those of a test letter look alike
 * and do nothing.  In a.
 */
bool flow_letter_personal(struct arena *a, const struct letterhead *head,
    struct hash_key *key, const struct delivery *d, struct letter_personal *out,
    struct err *err) MUST_CHECK;

/* What a notice has otherwise than an issue: whom an answer reaches, and no way to leave. */
void flow_letter_of_notice(const struct notice *n, struct letterhead *head,
    struct letter_personal *personal);

/* The envelope sender: one of its own per letter with smtp.verp, when it fits.  In a. */
const char *flow_letter_sender(struct arena *a, const struct letter_common *common,
    struct hash_key *key, const struct delivery *d) MUST_CHECK;

#endif
