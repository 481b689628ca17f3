/* SPDX-License-Identifier: ISC */
/*
 * Reads newsletters in a confined child (base/confine.h): what crashes or hangs the reading gets
 * no further than that child, and its message is left out.
 */
#ifndef MAIL_NEWSLETTER_READER_H
#define MAIL_NEWSLETTER_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "mail/newsletter.h"

struct newsletter_reader;

/* The child is started.  ERR_SYSTEM when this system cannot confine it; NULL then. */
struct newsletter_reader *newsletter_reader_new(struct err *err) MUST_CHECK;
/* Accepts NULL. */
void newsletter_reader_free(struct newsletter_reader *r);
/*
 * One message, see newsletter_read().  False when the child did not come back with an answer that
 * can be: *out is as of no message.  In a.
 */
bool newsletter_reader_read(struct newsletter_reader *r, struct arena *a,
    const char *bytes, size_t len, struct newsletter *out) MUST_CHECK;

#endif
