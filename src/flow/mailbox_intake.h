/* SPDX-License-Identifier: ISC */
/*
 * Mail that waits in a mailbox, a maildir or one over POP3S, is dealt with as if it had come in
 * by a pipe.  Each message is read in the confined child; what was done for a few dozen of them
 * is committed at once, and only then are they marked as seen, so that a crash loses none.
 */
#ifndef FLOW_MAILBOX_INTAKE_H
#define FLOW_MAILBOX_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/mail_in.h"

struct incoming_reader;
struct mailbox_login;
struct run;

/* How many there were, and of which outcome of mail_in.h. */
struct mail_tally {
	int64_t messages, moved, bounced, answered, not_understood;
	bool has_notice; /* a notice was queued: wake the sender */
};
void mail_tally_add(struct mail_tally *t, const struct mail_result *r);

/*
 * All messages of a mailbox (transport/mailbox.h has its form), until the run is interrupted.
 * Errors are of the mailbox, the store or the settings; what was counted was dealt with.
 */
bool flow_mailbox_read(struct run *run, struct incoming_reader *reader,
    const char *source, const struct mailbox_login *login, struct mail_tally *tally,
    struct err *err) MUST_CHECK;
/*
 * The mailbox of bounce.source; nothing when that is none.  The child that reads it is started
 * before its password is looked up.
 */
bool flow_mail_fetch(struct run *run, struct mail_tally *tally,
    struct err *err) MUST_CHECK;

/*
 * Whether a person is to be told what flow_mail_fetch() answered (why NULL: all went well): at
 * once what only they can mend, a server that is not reached after six hours, and each once a
 * day.
 */
bool flow_mail_is_news(struct run *run, const struct err *why, bool *is_news,
    struct err *err) MUST_CHECK;

#endif
