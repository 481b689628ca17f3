/* SPDX-License-Identifier: ISC */
/*
 * What a file of a picture says of itself: its kind and its size, read from its own structure,
 * never from a name or a media type, and without decoding anything.  PNG (RFC 2083), JPEG (ITU
 * T.81 annex B), GIF (GIF89a) and WebP (RFC 9649); SVG, which is a program, is no picture here.
 */
#ifndef FORMAT_PICTURE_H
#define FORMAT_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* The numbers are stored: only appended to. */
enum picture_kind { PICTURE_PNG, PICTURE_JPEG, PICTURE_GIF, PICTURE_WEBP };

struct picture {
	enum picture_kind kind;
	int width, height; /* pixels, 1 to LIMIT_PICTURE_SIDE */
	size_t len; /* bytes up to the picture's own end: what follows is none of it */
};

/*
 * False for what is none of these kinds, is torn or contradicts itself, or has more pixels than
 * LIMIT_PICTURE_PIXELS.  Looks at each byte once at most.
 */
bool picture_read(const char *bytes, size_t len, struct picture *out) MUST_CHECK;
/*
 * The same of a file's first bytes, which may be all there is of it: its kind and its size where
 * they say them, out->len is 0.
 */
bool picture_read_head(const char *bytes, size_t len, struct picture *out) MUST_CHECK;
/* "image/png", and "png" as the ending of a file. */
const char *picture_type(enum picture_kind kind);
const char *picture_ending(enum picture_kind kind);

#endif
