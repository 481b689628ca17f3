/* SPDX-License-Identifier: ISC */
/*
 * A struct newsletter as bytes between the child that reads strangers' mail and its owner, who
 * does not trust them: what is no clean text, out of range, too short or too long is nothing.
 */
#ifndef MAIL_NEWSLETTER_WIRE_H
#define MAIL_NEWSLETTER_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/newsletter.h"

void newsletter_wire_write(const struct newsletter *n, struct buf *out);
/* False, with *out as of no message, when it is not what newsletter_wire_write() writes.  In a. */
bool newsletter_wire_read(struct arena *a, const char *bytes, size_t len,
    struct newsletter *out) MUST_CHECK;

#endif
