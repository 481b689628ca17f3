/* SPDX-License-Identifier: ISC */
/*
 * What a message reports: that a letter did not arrive (RFC 3464 and what came before it), that
 * somebody calls it spam (RFC 5965 and what came before it), or nothing.
 */
#ifndef MAIL_MAIL_REPORT_H
#define MAIL_MAIL_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mail/incoming.h"
#include "mail/message_parts.h"

/* Recipients as they are found, each address once; reported ones first come, first kept. */
struct report {
	struct incoming_recipient *recipients;
	size_t count;
};

/* Sets kind, why and recipients of out; the header's facts must be in it.  In a. */
void report_read(struct arena *a, const struct message_parts *m, struct incoming *out);

/* Adds one, unless its address is there, or there are LIMIT_INCOMING_RECIPIENTS. */
void report_add(struct arena *a, struct report *r, const struct incoming_recipient *x);
/* Fields of RFC 3464 in a text, a paragraph each.  True when any names a recipient. */
bool report_status_read(struct arena *a, const struct message_parts *m,
    struct report *out);
/*
 * A complaint; *is_report tells that it was one of RFC 5965 at all, when it is about something
 * else ("not spam", authentication).
 */
bool report_feedback_read(struct arena *a, const struct message_parts *m,
    struct report *out, bool *is_report);
/* A bounce in words for people.  True when it is one; recipients may still be unknown. */
bool report_text_read(struct arena *a, const struct message_parts *m,
    const struct incoming *about, struct report *out);
/* True when the header says that a person's program answered: a vacation, "we got your mail". */
bool report_is_away(struct arena *a, const struct message_parts *m,
    const struct incoming *about);
/* The texts for people, without the message they quote; *original is where it begins, or NULL. */
const char *report_text(struct arena *a, const struct message_parts *m,
    const char **original);

#endif
