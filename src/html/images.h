/* SPDX-License-Identifier: ISC */
/*
 * The pictures of clean HTML, shown, linked or left out.
 */
#ifndef HTML_IMAGES_H
#define HTML_IMAGES_H

#include "base/arena.h"
#include "html/media_words.h"
#include "model/model.h"

/*
 * How they are shown in a letter.  IMAGES_NONE: only alt texts stay; IMAGES_LINK: "[picture:
 * alt]", in the words given, linked to it; IMAGES_REMOTE: as it is.  A title that is a sentence
 * stands under its picture.  Lives in a.
 */
char *html_images(struct arena *a, const char *html, enum images how,
    const struct media_words *words) MUST_CHECK;

#endif
