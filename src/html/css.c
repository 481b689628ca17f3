/* SPDX-License-Identifier: ISC */
#include "html/css.h"

#include <string.h>

#include "base/text.h"

enum { WORDS_MAX = 12, PIXELS_MAX = 100000 };

/*
 * Values that only repeat what is there anyway (normal, none, left) are not in the table:
 * word processors write them by the hundred.
 */
static const struct css_property {
	const char *name;
	const char *words[WORDS_MAX];
} properties[] = {
	{ "direction", { "ltr", "rtl" } },
	{ "font-style", { "italic", "oblique" } },
	{ "font-variant", { "small-caps" } },
	{ "font-weight", { "bold", "bolder", "600", "700", "800", "900" } },
	{ "list-style-type",
	    { "disc", "circle", "square", "decimal", "lower-alpha", "upper-alpha",
		"lower-latin", "upper-latin", "lower-roman", "upper-roman", "none" } },
	{ "text-align", { "center", "right", "left", "justify", "start", "end" } },
	{ "text-decoration", { "underline", "line-through", "overline" } },
	{ "text-decoration-line", { "underline", "line-through", "overline" } },
	{ "text-transform", { "uppercase", "lowercase", "capitalize" } },
	{ "vertical-align", { "top", "middle", "bottom", "sub", "super" } },
};

/* One "name: value" of a style; pointers into it. */
struct declaration {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

/* Reads the next declaration from *at; false at the end. */
static bool
next_declaration(const char **at, struct declaration *d)
{
	while (**at) {
		const char *start = *at;
		size_t len = strcspn(start, ";");
		const char *colon = memchr(start, ':', len);

		*at = start + len + (start[len] == ';' ? 1 : 0);
		if (!colon)
			continue;
		d->name = start;
		d->name_len = (size_t)(colon - start);
		d->value = colon + 1;
		d->value_len = len - d->name_len - 1;
		ascii_trim(&d->name, &d->name_len);
		ascii_trim(&d->value, &d->value_len);
		return true;
	}
	return false;
}

static bool
equals(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && ascii_starts_nocase(text, word);
}

/* The value without "!important". */
static size_t
plain_length(const char *value, size_t len)
{
	const char *mark = memchr(value, '!', len);

	if (!mark)
		return len;
	len = (size_t)(mark - value);
	ascii_trim(&value, &len);
	return len;
}

static void
add_checked(struct buf *out, const struct declaration *d)
{
	size_t len = plain_length(d->value, d->value_len);

	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		const struct css_property *p = &properties[i];

		if (!equals(d->name, d->name_len, p->name))
			continue;
		for (size_t k = 0; k < WORDS_MAX && p->words[k]; k++)
			if (equals(d->value, len, p->words[k]))
				buf_addf(out, "%s%s:%s", out->len > 0 ? ";" : "", p->name,
				    p->words[k]);
		return;
	}
}

void
css_clean(struct buf *out, const char *style)
{
	struct declaration d;

	while (next_declaration(&style, &d))
		add_checked(out, &d);
}

void
css_add(struct buf *out, const char *property, const char *value)
{
	struct declaration d = { property, strlen(property), value, strlen(value) };

	ascii_trim(&d.value, &d.value_len);
	add_checked(out, &d);
}

bool
css_has(const char *style, const char *property, const char *word)
{
	struct declaration d;

	while (next_declaration(&style, &d))
		if (equals(d.name, d.name_len, property) &&
		    equals(d.value, plain_length(d.value, d.value_len), word))
			return true;
	return false;
}

bool
css_is_hidden(const char *style)
{
	return css_has(style, "display", "none") ||
	    css_has(style, "visibility", "hidden") || css_pixels(style, "font-size") == 0;
}

int
css_pixels(const char *style, const char *property)
{
	struct declaration d;

	while (next_declaration(&style, &d)) {
		int pixels = 0;
		size_t i = 0;

		if (!equals(d.name, d.name_len, property))
			continue;
		for (; i < d.value_len && ascii_is_digit(d.value[i]); i++)
			if (pixels < PIXELS_MAX)
				pixels = pixels * 10 + (d.value[i] - '0');
		if (i == 0)
			continue;
		if (i == d.value_len || ascii_starts_nocase(d.value + i, "px"))
			return pixels;
	}
	return -1;
}
