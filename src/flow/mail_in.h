/* SPDX-License-Identifier: ISC */
/*
 * MAIL IN: what is done for one message that came to us, once it is a value (mail/incoming).
 * From alone moves nobody: a command without a token is answered by a letter whose reply has
 * one, and that at most once an hour.
 */
#ifndef FLOW_MAIL_IN_H
#define FLOW_MAIL_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/incoming.h"

struct run;

enum mail_outcome {
	MAIL_DONE,           /* a reader moved */
	MAIL_ANSWERED,       /* somebody is written to, or would be but for the limits */
	MAIL_BOUNCED,        /* a letter of a reader came back */
	MAIL_NOTHING,        /* nobody has to do anything */
	MAIL_NOT_UNDERSTOOD, /* to be kept for the keeper */
	MAIL_NO_USER,        /* there is nothing behind that address */
	MAIL_NO_COMMANDS     /* list.command_address is not set */
};
struct mail_result {
	enum mail_outcome outcome;
	const char *what; /* in a word or two, for the log; no address in it */
	bool has_notice;  /* a notice was queued: wake the sender after the commit */
};
/* In one commit, or the caller's.  Errors are of the store or the settings, never of m. */
bool flow_mail_in(struct run *run, const struct incoming *m, struct mail_result *out,
    struct err *err) MUST_CHECK;

/* What came in, ever, by outcome: for status. */
bool flow_mail_counts(struct run *run, int64_t by_outcome[MAIL_NO_COMMANDS + 1],
    struct err *err) MUST_CHECK;

#endif
