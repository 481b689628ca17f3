/* SPDX-License-Identifier: ISC */
/*
 * What all transports share (private to mail/): the loop over letters, the last look at an
 * envelope, and one run function for each method.
 */
#ifndef TRANSPORT_PRIVATE_H
#define TRANSPORT_PRIVATE_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/*
 * Puts one letter where it goes and fills *o.  False when the transport cannot go on: the
 * letter is then settled as deferred.
 */
typedef bool (
    *deliver_put)(void *arg, const struct letter *l, struct outcome *o, struct err *err);

/* One letter after the other: next, look, put, settle; until there is none or stop. */
bool deliver_each(const struct letter_source *src, deliver_put put, void *arg,
    struct err *err) MUST_CHECK;
/*
 * False, with *o filled as refused, for an envelope that must not reach any peer: a sender or
 * recipient that address_check refuses, a name that is no plain file name.  reply borrows
 * reason.
 */
bool deliver_look(const struct letter *l, struct err *reason, struct outcome *o);

typedef bool (*deliver_run)(const struct transport_settings *t,
    const struct letter_source *src, struct err *err);

bool outbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
bool mbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
bool stdout_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
bool maildir_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
bool sendmail_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
/* SMTP and LMTP. */
bool relay_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;
void relay_describe(const struct config *c, struct buf *out);

#endif
