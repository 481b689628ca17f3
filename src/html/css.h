/* SPDX-License-Identifier: ISC */
/*
 * The little of CSS that may stay in clean HTML: a table of properties, each with the words it
 * may have as value.  Nothing with a function, an escape, a comment or a length passes, so no
 * address, no expression and no position can.  Colours are left out too: a stranger's black
 * text cannot be read on a dark screen.
 */
#ifndef HTML_CSS_H
#define HTML_CSS_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the harmless declarations of a style attribute: "text-align:center;...". */
void css_clean(struct buf *out, const char *style);
/* Appends one declaration, if it is harmless; property and value in any case. */
void css_add(struct buf *out, const char *property, const char *value);
/* The style takes its element out of sight ("display:none"). */
bool css_is_hidden(const char *style);
/* A length in pixels that the style gives to the property, or -1. */
int css_pixels(const char *style, const char *property);
/* The style has that property with exactly this word. */
bool css_has(const char *style, const char *property, const char *word);

#endif
