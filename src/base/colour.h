/* SPDX-License-Identifier: ISC */
/*
 * Colours as style sheets write them, and whether one can be read on another: the contrast of
 * WCAG 2.2 (relative luminance of sRGB).
 */
#ifndef BASE_COLOUR_H
#define BASE_COLOUR_H

#include <stdbool.h>
#include <stddef.h>

struct colour {
	unsigned char red, green, blue;
};
enum { COLOUR_TEXT = sizeof("#rrggbb") };

/* "#rgb" or "#rrggbb", nothing else: what is written into a style sheet comes from here. */
bool colour_parse(const char *text, struct colour *out);
/* As "#rrggbb"; returns out. */
const char *colour_text(struct colour c, char out[COLOUR_TEXT]);
/* From 1 to 21; letters of usual size need 4.5. */
double colour_contrast(struct colour a, struct colour b);
/*
 * The nearest to c, mixed with white, that has this contrast on each of the grounds; white when
 * none has.
 */
struct colour colour_lighten(struct colour c, const struct colour *grounds, size_t count,
    double contrast);

#endif
