/* SPDX-License-Identifier: ISC */
/*
 * A struct incoming as bytes between the child that reads strangers' mail and its owner.  The
 * owner does not trust them: a number out of range, a text that is no clean line, a byte too few
 * or too many, and it is nothing.
 */
#ifndef MAIL_INCOMING_WIRE_H
#define MAIL_INCOMING_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/incoming.h"

void incoming_wire_write(const struct incoming *m, struct buf *out);
/*
 * False, with *out empty (every text is ""), when the bytes are not what incoming_wire_write()
 * writes.  In a.
 */
bool incoming_wire_read(struct arena *a, const char *bytes, size_t len,
    struct incoming *out) MUST_CHECK;

#endif
