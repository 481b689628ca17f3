/* SPDX-License-Identifier: ISC */
/* The HTML of a newsletter: what is its subscriber's is taken out, a digest of ours taken apart. */
#ifndef MAIL_NEWSLETTER_HTML_H
#define MAIL_NEWSLETTER_HTML_H

#include <stddef.h>

#include "base/arena.h"
#include "mail/newsletter.h"
#include "mail/newsletter_private.h"
#include "mail/newsletter_text.h"

struct newsletter_html {
	const char *html; /* the whole letter, balanced; not cleaned */
	const char
	    *browser;      /* the same letter on the web, as its own link says; or NULL */
	const char *words; /* the first of what a reader sees */
	size_t seen;       /* bytes of text that a reader sees */
	struct newsletter_posts posts; /* of a digest of ours; none: it is no such */
};

/* html: clean UTF-8.  Never fails: what a limit cuts off is left out.  Everything lives in a. */
void newsletter_html_read(struct arena *a, const char *html,
    const struct newsletter_private *p, struct newsletter_html *out);

#endif
