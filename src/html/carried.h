/* SPDX-License-Identifier: ISC */
/*
 * Pictures that a letter carries with it: in its HTML each is <img src="cid:ID"> (RFC 2392).
 * Where they cannot come along, as on a page, words stand in their place.
 */
#ifndef HTML_CARRIED_H
#define HTML_CARRIED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/media_words.h"

struct carried_tag {
	const char *start, *end; /* the tag, in the HTML */
	const char *id;          /* its Content-ID */
	size_t id_len;
};
/* The next at or behind *at, which is moved behind it; false when there is none. */
bool carried_next(const char **at, struct carried_tag *out) MUST_CHECK;
/* Content-IDs "NAME.logo@DOMAIN" are the newsletter's own: where it has a name, that. */
bool carried_is_logo(const struct carried_tag *tag);
/* Which of them stay; NULL instead of a function: none. */
typedef bool (*carried_stays)(void *arg, const struct carried_tag *tag);
/*
 * html, as the program writes it, with "[picture: alt]" in place of those that do not stay.
 * Lives in a, or is html itself when nothing is changed.
 */
const char *html_carried_as_words(struct arena *a, const char *html,
    const struct media_words *words, carried_stays stays, void *arg) MUST_CHECK;

#endif
