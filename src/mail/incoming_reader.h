/* SPDX-License-Identifier: ISC */
/*
 * Reads strangers' mail in a confined child (base/confine.h): what crashes, hangs or fools the
 * parser gets no further than that child, and its message is "not understood".
 */
#ifndef MAIL_INCOMING_READER_H
#define MAIL_INCOMING_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "mail/incoming.h"

struct incoming_reader;

/*
 * Starts the child, which is a copy of this process: do it before the store is opened.
 * ERR_SYSTEM when this system cannot confine it: then no strangers' mail is read.  NULL then.
 */
struct incoming_reader *incoming_reader_new(struct err *err) MUST_CHECK;
/* Accepts NULL. */
void incoming_reader_free(struct incoming_reader *r);
/*
 * One message (see incoming_parse()).  Never fails: INCOMING_NOTHING with WHY_NOT_UNDERSTOOD
 * when the child did not come back with an answer that can be.  In a.
 */
void incoming_reader_read(struct incoming_reader *r, struct arena *a, const char *bytes,
    size_t len, struct incoming *out);
/* Messages that cost a child its life. */
size_t incoming_reader_failures(const struct incoming_reader *r);

#endif
