/* SPDX-License-Identifier: ISC */
/*
 * The pictures of clean HTML, shown, linked or left out.
 */
#ifndef HTML_IMAGES_H
#define HTML_IMAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/media_words.h"
#include "model/model.h"

struct image_style {
	enum images how;
	const struct media_words *words;
	/* By address: which a letter carries, of IMAGES_REMOTE whose size is known. */
	const struct carried_picture *const *carried;
	size_t carried_count;
};

/*
 * How they are shown in a letter.  IMAGES_NONE: only alt texts stay; IMAGES_LINK: "[picture:
 * alt]", in the words given, linked to it; IMAGES_FIRST: the first that is carried by its
 * Content-ID, linked to itself, others as links; IMAGES_INLINE: all that are carried so;
 * IMAGES_REMOTE: as it is, with its width and height, and as a link where nobody knows them.
 * A title that is a sentence stands under its picture.  Links that are only words for a picture
 * have the class "picture"; of a player's still there are no words beside those of the player.
 * Lives in a.
 */
char *html_images_styled(struct arena *a, const char *html,
    const struct image_style *style) MUST_CHECK;
/* The same without any that are carried. */
char *html_images(struct arena *a, const char *html, enum images how,
    const struct media_words *words) MUST_CHECK;
/* True when pictures are shown, carried or from elsewhere. */
bool images_are_shown(enum images how);
struct html_token;
/* True when the tag of a picture says its width and its height. */
bool images_has_size(const struct html_token *t);
/* True when letters carry them. */
bool images_are_carried(enum images how);

#endif
