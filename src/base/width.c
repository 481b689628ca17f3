/* SPDX-License-Identifier: ISC */
/*
 * Columns of a terminal, by Unicode's tables in libunistring: those of wcwidth() depend on the
 * locale.
 */
#include "base/width.h"

#include <uniwidth.h>

#include "base/text.h"

int
width_of_char(uint32_t c)
{
	/* No marks below U+0300; a soft hyphen counts, as most terminals show it. */
	if (c < 0x300)
		return c < 0x20 || (c >= 0x7F && c < 0xA0) ? 0 : 1;
	const int width = uc_width(c, "UTF-8");

	return width > 0 ? width : 0; /* -1: a control */
}

/* What a character adds after the one before it: emoji joined or tinted are one picture. */
static int
width_after(uint32_t c, uint32_t before)
{
	int width = width_of_char(c);

	if (width == 2 && before == 0x200D)
		return 0;
	if (c >= 0x1F3FB && c <= 0x1F3FF && width_of_char(before) == 2)
		return 0;
	return width;
}

size_t
width_fit(const char *text, size_t len, size_t columns)
{
	uint32_t before = 0;
	size_t used = 0;
	size_t i = 0;

	while (i < len) {
		uint32_t c = 0;
		size_t n = text_decode(text + i, len - i, &c);

		used += (size_t)width_after(c, before);
		if (used > columns)
			break;
		i += n;
		before = c;
	}
	return i;
}

size_t
width_of_text(const char *text, size_t len)
{
	uint32_t before = 0;
	size_t used = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = (unsigned char)text[i];

		if (c >= ' ' && c < 0x7F) {
			used++;
			i++;
			before = c;
			continue;
		}
		i += text_decode(text + i, len - i, &c);
		used += (size_t)width_after(c, before);
		before = c;
	}
	return used;
}
