/* SPDX-License-Identifier: ISC */
/*
 * What in a newsletter belongs to its subscriber alone: the addresses it came to, those by which
 * the subscription is ended or changed, and words that look like tokens of this program.
 */
#ifndef MAIL_NEWSLETTER_PRIVATE_H
#define MAIL_NEWSLETTER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mail/header_fields.h"

enum { PRIVATE_WORDS = 64 };

struct newsletter_private {
	const char *urls[PRIVATE_WORDS]; /* of List-Unsubscribe (RFC 2369) */
	size_t url_count;
	const char *words[PRIVATE_WORDS]; /* the subscriber's addresses, and tokens */
	size_t word_count;
};

/* Reads what the header of a newsletter says.  In a. */
void newsletter_private_read(struct arena *a, const struct header *h,
    struct newsletter_private *out);
/* A link or mail address that must not be passed on. */
bool newsletter_private_url(const struct newsletter_private *p, const char *url);
/* The text has one of the words, or an address that is private. */
bool newsletter_private_in(struct arena *a, const struct newsletter_private *p,
    const char *text, size_t len);
/* The text without them: "..." stands where they stood.  In a. */
const char *newsletter_private_blank(struct arena *a, const struct newsletter_private *p,
    const char *text, size_t len);

#endif
