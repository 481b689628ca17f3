/* SPDX-License-Identifier: ISC */
#include "config/style_colours.h"

#include <string.h>

/* What text stands on, in templates/en/style.ini and page.css: paper, cards, boxes, code. */
static const struct colour light_grounds[] = { { 0xf4, 0xf2, 0xed }, { 0xff, 0xff, 0xff },
	{ 0xfa, 0xf9, 0xf6 } };
static const struct colour dark_grounds[] = { { 0x15, 0x17, 0x1a }, { 0x1d, 0x20, 0x24 },
	{ 0x23, 0x27, 0x2c }, { 0x2a, 0x2f, 0x35 } };
/* WCAG 2.2, 1.4.3; a computed colour is a little better than that. */
static const double contrast_least = 4.5;
static const double contrast_computed = 5.5;

static const char *
readable(struct arena *a, const char *value, const struct colour *grounds, size_t count)
{
	struct colour c = { 0, 0, 0 };
	char text[COLOUR_TEXT];

	if (!colour_parse(value, &c))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (colour_contrast(c, grounds[i]) < contrast_least)
			return NULL;
	}
	return arena_strdup(a, colour_text(c, text));
}

const char *
style_colour_light(struct arena *a, const char *value)
{
	return readable(a, value, light_grounds, ARRAY_LEN(light_grounds));
}

const char *
style_colour_dark(struct arena *a, const char *value)
{
	return readable(a, value, dark_grounds, ARRAY_LEN(dark_grounds));
}

void
style_colours_of(const struct config *c, struct style_colours *out)
{
	struct colour light = { 0, 0, 0 };
	struct colour dark = { 0, 0, 0 };

	*out = (struct style_colours){ "", "" };
	if (c->style.colour && colour_parse(c->style.colour, &light)) {
		(void)colour_text(light, out->light);
		dark = colour_lighten(light, dark_grounds, ARRAY_LEN(dark_grounds),
		    contrast_computed);
		(void)colour_text(dark, out->dark);
	}
	if (c->style.colour_dark && colour_parse(c->style.colour_dark, &dark))
		(void)colour_text(dark, out->dark);
}
