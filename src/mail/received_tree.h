/* SPDX-License-Identifier: ISC */
/*
 * A stranger's message as a tree of parts (RFC 2045, 2046), for newsletters: a digest of two
 * hundred messages is as welcome as a letter of one.  Each level is read once, and there are at
 * most LIMIT_MIME_DEPTH of them, so time grows with the length alone.
 */
#ifndef MAIL_RECEIVED_TREE_H
#define MAIL_RECEIVED_TREE_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/header_fields.h"

struct mime_node {
	const char
	    *type; /* "text/html", in lower case; as RFC 2046 says where it is not said */
	struct header header; /* of the part itself */
	const char *body;     /* as it was sent; borrowed from the message */
	size_t len;
	struct mime_node
	    *first; /* parts of a multipart; the message in a message/rfc822 */
	struct mime_node *next; /* the part beside it */
};

/*
 * bytes begins with the header of the message, or with the From_ line of an mbox.  Never fails:
 * what has no sound boundary is one part; parts beyond LIMIT_MIME_PARTS are left out.  Lives in a,
 * and borrows bytes.
 */
struct mime_node *received_tree_read(struct arena *a, const char *bytes, size_t len);
/* The body of a text part as clean UTF-8, at most LIMIT_NEWSLETTER_TEXT bytes of it.  In a. */
const char *mime_node_text(struct arena *a, const struct mime_node *n);
/*
 * The first part of that type in n, itself included, but for attachments and what is in messages
 * inside; NULL when there is none.
 */
const struct mime_node *mime_node_find(const struct mime_node *n, const char *type);

#endif
