/* SPDX-License-Identifier: ISC */
/* What every letter of the newsletter shares, and what is one reader's own in it. */
#ifndef FLOW_LETTER_FIELDS_H
#define FLOW_LETTER_FIELDS_H

#include "flow/context.h"
#include "mail/letter.h"

/* Everything is in run->arena.  ERR_CONFIG when newsletter.from is missing or wrong. */
bool flow_letter_common(struct run *run, const struct issue *issue,
    struct letter_common *out, struct err *err) MUST_CHECK;
/* The same of a notice that is sent now. */
bool flow_notice_common(struct run *run, struct letter_common *out,
    struct err *err) MUST_CHECK;
/*
 * The own bytes of the letter d: address, Message-ID, links.  Those of a test letter look alike
 * and do nothing.  In a.
 */
bool flow_letter_personal(struct run *run, struct arena *a,
    const struct letter_common *common, const unsigned char key[HASH_SIZE],
    const struct delivery *d, struct letter_personal *out, struct err *err) MUST_CHECK;

/* The envelope sender: one of its own per letter with smtp.verp, when it fits.  In a. */
const char *flow_letter_sender(struct arena *a, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], const struct delivery *d) MUST_CHECK;

#endif
