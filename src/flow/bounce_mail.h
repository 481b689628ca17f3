/* SPDX-License-Identifier: ISC */
/*
 * What is done when a letter comes back, by mail or in the SMTP dialogue, and when time has
 * passed since.  Only a token that checks speaks for a reader.
 */
#ifndef FLOW_BOUNCE_MAIL_H
#define FLOW_BOUNCE_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/incoming.h"
#include "model/model.h"

struct run;

enum bounce_effect {
	BOUNCE_OF_NOBODY, /* no token in it is one of ours */
	BOUNCE_KNOWN,     /* it was told before, or its reader is gone */
	BOUNCE_COUNTED,
	BOUNCE_STOPPED,
	BOUNCE_REMOVED,
	BOUNCE_IN_STORM, /* counted; letters go on, since a mail server is to blame */
	BOUNCE_OF_OURS /* a receiver refuses us: it is told, and counts against nobody */
};
/* A message of INCOMING_BOUNCE or INCOMING_COMPLAINT. */
bool flow_bounce_mail(struct run *run, const struct incoming *m,
    enum bounce_effect *effect, struct err *err) MUST_CHECK;
/*
 * The letters of an issue that servers refused for good since an instant.  In one commit.
 */
bool flow_bounce_refused(struct run *run, int64_t issue_id, int64_t since,
    struct err *err) MUST_CHECK;
/*
 * Probes that are due are queued; who got one and sent nothing back reads again.  Old bounces
 * are forgotten.
 */
bool flow_bounces_tend(struct run *run, struct err *err) MUST_CHECK;
/* The keeper knows better: all is forgotten, and who had stopped reads again. */
bool flow_bounces_forget(struct run *run, struct reader *r, struct err *err) MUST_CHECK;

#endif
