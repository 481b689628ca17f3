/* SPDX-License-Identifier: ISC */
/* A newsletter that is plain text: taken apart, or without what is its subscriber's. */
#ifndef MAIL_NEWSLETTER_TEXT_H
#define MAIL_NEWSLETTER_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/newsletter.h"
#include "mail/newsletter_private.h"

/* As they are found. */
struct newsletter_posts {
	struct newsletter_post *list;
	size_t count;
};
/* Another, of which nothing is said; NULL when there are LIMIT_NEWSLETTER_POSTS.  In a. */
struct newsletter_post *newsletter_posts_add(struct arena *a,
    struct newsletter_posts *posts);

/*
 * The messages of a digest as RFC 1153 has it, Mailman's and ours; none when text is no such
 * digest.  All text functions take clean UTF-8 with lines ended by LF; results live in a.
 */
struct newsletter_posts newsletter_text_messages(struct arena *a, const char *text,
    const struct newsletter_private *p);
/* The posts of a digest of this program that is one text (templates/LANGUAGE/digest.txt). */
struct newsletter_posts newsletter_text_posts(struct arena *a, const char *text,
    const struct newsletter_private *p);
/*
 * The text without lines by which its subscriber leaves, and the footer they stand in.
 * *browser, if not NULL, is the same letter on the web, as a line says, or NULL.
 */
const char *newsletter_text_clean(struct arena *a, const char *text,
    const struct newsletter_private *p, const char **browser);
/* The address at the beginning of a text, alone in its line, and what follows it. */
const char *newsletter_text_link(struct arena *a, const char *text, const char **rest);

#endif
