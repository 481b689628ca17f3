/* SPDX-License-Identifier: ISC */
/* What every letter of the newsletter shares, and what is one reader's own in it. */
#ifndef FLOW_LETTER_FIELDS_H
#define FLOW_LETTER_FIELDS_H

#include "flow/context.h"
#include "mail/letter.h"

/* Everything is in run->arena.  ERR_CONFIG when newsletter.from is missing or wrong. */
bool flow_letter_common(struct run *run, const struct issue *issue,
    struct letter_common *out, struct err *err) MUST_CHECK;
/* The reader's own bytes of a letter.  In a. */
bool flow_letter_personal(struct run *run, struct arena *a,
    const struct letter_common *common, const unsigned char key[HASH_SIZE],
    int64_t issue_id, int64_t reader_id, int64_t epoch, int64_t confirmed,
    const char *address, struct letter_personal *out, struct err *err) MUST_CHECK;

/* The envelope sender: one of its own per reader with smtp.verp, when it fits.  In a. */
const char *flow_letter_sender(struct arena *a, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], int64_t issue_id, int64_t reader_id,
    int64_t epoch) MUST_CHECK;

#endif
