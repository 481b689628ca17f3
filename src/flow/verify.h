/* SPDX-License-Identifier: ISC */
/* Whether a letter that somebody holds is one that was sent, and which. */
#ifndef FLOW_VERIFY_H
#define FLOW_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "mail/received.h"
#include "model/model.h"

struct run;

enum verdict {
	VERDICT_SAME,      /* byte for byte what was sent */
	VERDICT_DIFFERENT, /* it is that letter, changed */
	VERDICT_GONE,      /* it is that letter, which can no longer be made again */
	VERDICT_UNSENT,    /* it would be that letter, but that was not sent */
	VERDICT_TEST,      /* a test letter: no reader was sent it */
	VERDICT_NOTICE,    /* a letter that is no issue: its bytes are not kept */
	VERDICT_UNKNOWN    /* nothing in it is of this newsletter */
};
struct verification {
	enum verdict verdict;
	/*
	 * Of the first four and of a notice; address NULL: the reader was erased, or nobody
	 * knows who it was; part 0: what became of it is no longer stored.
	 */
	struct delivery delivery;
	struct issue issue;                  /* the newest it covers */
	struct letter_difference difference; /* VERDICT_DIFFERENT */
	const char *why;                     /* VERDICT_GONE, VERDICT_UNSENT */
};
/* Looks a letter up by its tokens and its Message-ID and compares it.  In run->arena. */
bool flow_verify(struct run *run, const char *text, size_t len, struct verification *out,
    struct err *err) MUST_CHECK;

/*
 * The bytes of a letter that was sent, made again from the store; the run need not be able to
 * write.  ERR_INPUT when it was not sent, was tidied away, or its reader was erased.
 */
bool flow_sent_letter(struct run *run, const struct delivery *d, struct issue *issue,
    struct buf *out, struct err *err) MUST_CHECK;

#endif
