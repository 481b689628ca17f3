/* SPDX-License-Identifier: ISC */
/*
 * The pages that a post links to, and which of them can be what it is about: not home pages,
 * its own blog, works of reference, shops, or ways to share and follow.  Pure; private to
 * digest/.
 */
#ifndef DIGEST_STORY_LINKS_H
#define DIGEST_STORY_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

struct story_link {
	uint64_t page;       /* hash of the address as url_identity() has it */
	const char *address; /* that address */
	bool counts;         /* it can be what a post is about */
	bool is_own;         /* on the blog's own site */
};
struct story_links {
	struct story_link *list; /* each page once, in the order of the post */
	size_t count;
	struct story_link own; /* the post's own page */
	bool has_page;         /* it has one, which is not the blog's home page */
	bool is_pointer;       /* that is on another's site: a post about a link */
};

/* Those of an entry of a source, at most LIMIT_STORY_LINKS.  Lives in a. */
void story_links_read(struct arena *a, const struct entry *e, const struct source *s,
    struct story_links *out);
/* The pages of HTML, as many as there is room for; returns how many. */
size_t story_pages(struct arena *a, const char *html, uint64_t *out,
    size_t max) MUST_CHECK;
/* True when the address names a day or a month within two months of an instant. */
bool story_link_is_fresh(const char *address, int64_t instant) MUST_CHECK;

#endif
