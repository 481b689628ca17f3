/* SPDX-License-Identifier: ISC */
#include "base/colour.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"

enum { WHITE = 255, STEPS = 64 };

static unsigned char
channel(const char *digits, bool is_short)
{
	const int high = ascii_hex_value(digits[0]);
	const int low = is_short ? high : ascii_hex_value(digits[1]);

	return (unsigned char)(high * 16 + low);
}

bool
colour_parse(const char *text, struct colour *out)
{
	const size_t len = strlen(text);
	const bool is_short = len == 4;
	const size_t each = is_short ? 1 : 2;

	if (*text != '#' || (len != 4 && len != 7) ||
	    strspn(text + 1, "0123456789abcdefABCDEF") != len - 1)
		return false;
	*out = (struct colour){ channel(text + 1, is_short),
		channel(text + 1 + each, is_short),
		channel(text + 1 + 2 * each, is_short) };
	return true;
}

const char *
colour_text(struct colour c, char out[COLOUR_TEXT])
{
	(void)snprintf(out, COLOUR_TEXT, "#%02x%02x%02x", c.red, c.green, c.blue);
	return out;
}

static double
linear(unsigned char value)
{
	const double v = value / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double
luminance(struct colour c)
{
	return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) +
	    0.0722 * linear(c.blue);
}

double
colour_contrast(struct colour a, struct colour b)
{
	const double one = luminance(a) + 0.05;
	const double two = luminance(b) + 0.05;

	return one > two ? one / two : two / one;
}

static bool
is_read_on(struct colour c, const struct colour *grounds, size_t count, double contrast)
{
	for (size_t i = 0; i < count; i++) {
		if (colour_contrast(c, grounds[i]) < contrast)
			return false;
	}
	return true;
}

static unsigned char
mixed(unsigned char value, int step)
{
	return (unsigned char)(value + (WHITE - value) * step / STEPS);
}

struct colour
colour_lighten(struct colour c, const struct colour *grounds, size_t count,
    double contrast)
{
	struct colour light = c;

	for (int step = 1; step <= STEPS && !is_read_on(light, grounds, count, contrast);
	     step++)
		light = (struct colour){ mixed(c.red, step), mixed(c.green, step),
			mixed(c.blue, step) };
	return light;
}
