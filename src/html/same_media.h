/* SPDX-License-Identifier: ISC */
/*
 * The same sound, film or picture under several addresses.
 */
#ifndef HTML_SAME_MEDIA_H
#define HTML_SAME_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True when two addresses lead to the same sound or film: a video of YouTube or Vimeo by its
 * name in any form of address; a file whatever its scheme, query and the counting service in
 * front ("https://count.example/cdn.example/a.mp3").
 */
bool media_is_same(const char *a, const char *b);
/* True when two files differ only in their ending: one sound in two formats. */
bool media_is_same_but_format(const char *a, const char *b);

/* The name of a picture's file, by which its sizes know each other; points into url. */
struct picture_name {
	const char *text;
	size_t len;
};
enum { PICTURE_NAME_LEAST = 3 }; /* shorter names of files tell nothing apart */
struct picture_name picture_name(const char *url);
/* True when two addresses are one, or sizes of one picture. */
bool picture_is_same(const char *a, const char *b);

#endif
