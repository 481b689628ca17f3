/* SPDX-License-Identifier: ISC */
/*
 * A letter whose posts are messages of their own: multipart/mixed of an opening text, a
 * multipart/digest (RFC 2046 5.1.5) and a closing text, made of a text with the marks of
 * model/digest_parts.h.
 */
#ifndef MAIL_LETTER_DIGEST_H
#define MAIL_LETTER_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/address.h"

/* True when the text has a post that is to be a message. */
bool letter_is_digest(const char *text, size_t len);

struct digest_frame {
	const struct mailbox
	    *from;            /* the newsletter: messages are sent from its address */
	const char *boundary; /* as letter_encode() got it */
	/* Appends a text as the body of a part, with its fields before it. */
	bool (*add_text)(struct buf *out, const char *text, size_t len, struct err *err);
};
/*
 * Appends Content-Type and body, CRLF.  Authors are the names in From; Reply-To is there where
 * the feed gave an address that is one.
 */
bool letter_write_digest(struct buf *out, const struct digest_frame *frame,
    const char *text, size_t len, struct err *err) MUST_CHECK;

#endif
