/* SPDX-License-Identifier: ISC */
/*
 * A picture, a player and a link of the same thing, said once.
 */
#ifndef HTML_MEDIA_ONCE_H
#define HTML_MEDIA_ONCE_H

#include <stddef.h>

#include "base/arena.h"
#include "html/media_words.h"

/*
 * Clean HTML in which a thing stands once: of a player, the words the cleaner found for it
 * ("Video (YouTube)") go where another link of the post, or one of the count others, leads to
 * the same, and its still stays; of a picture in several sizes the first stays, with the
 * description that any of them has.  Pictures with a legend, in tables, and small ones stay.
 * words are the language's, for the still.  Lives in a, or is html itself.
 */
const char *html_media_once(struct arena *a, const char *html, const char *const *others,
    size_t count, const struct media_words *words) MUST_CHECK;

#endif
