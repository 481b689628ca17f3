/* SPDX-License-Identifier: ISC */
/*
 * The keeper's colours ([style]): by day as they say, by night as they say or computed, both
 * readable on what letters and pages have behind them.
 */
#ifndef CONFIG_STYLE_COLOURS_H
#define CONFIG_STYLE_COLOURS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/colour.h"
#include "config/options.h"

struct style_colours {
	char light[COLOUR_TEXT]; /* "" = that of the templates */
	char dark[COLOUR_TEXT];
};

/* Strict colours of the settings, fit to be written into a style sheet. */
void style_colours_of(const struct config *c, struct style_colours *out);
/* The colour as "#rrggbb" in a; NULL for what is none, or cannot be read there. */
const char *style_colour_light(struct arena *a, const char *value);
const char *style_colour_dark(struct arena *a, const char *value);

#endif
