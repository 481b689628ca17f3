/* SPDX-License-Identifier: ISC */
#include "digest/styles.h"

#include <string.h>

#include "base/attr.h"

/* As it may stand in an attribute: double quotes round a font's name would end it. */
static const char *
attribute_value(struct arena *a, const char *style)
{
	char *copy = arena_strdup(a, style);

	for (char *p = copy; *p; p++) {
		if (*p == '"')
			*p = '\'';
	}
	return copy;
}

static bool
has_element(const struct element_style *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Elements have a row when they have a style, or a class. */
static void
load_elements(struct arena *a, const struct wording *m, struct element_styles *out,
    struct err *err)
{
	static const char *const sections[] = { "content", "class" };
	const struct template_value *values = wording_section(a, m, "value");
	struct element_style *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		const char *key = NULL;
		size_t at = 0;

		while ((key = wording_next_key(m, sections[i], &at))) {
			const char *style = NULL;
			const char *rtl = NULL;

			if (has_element(list, count, key))
				continue;
			style = wording_fill(a, m, "content", key, values, err);
			rtl = wording_fill(a, m, "content_rtl", key, values, err);
			list = arena_grow_list(a, list, count, sizeof(*list));
			list[count++] = (struct element_style){ .name = key,
				.style = attribute_value(a, style),
				.style_rtl = attribute_value(a, *rtl ? rtl : style),
				.class_name = wording_raw(m, "class", key) };
		}
	}
	*out = (struct element_styles){ list, count };
}

bool
styles_load(struct arena *a, const struct wording *m, struct styles *out, struct err *err)
{
	struct template_value *values = wording_section(a, m, "value");
	const char *key = NULL;
	size_t at = 0;

	out->values = template_map(a);
	while ((key = wording_next_key(m, "value", &at)))
		template_put_html(out->values, key,
		    attribute_value(a, wording_raw(m, "value", key)));
	at = 0;
	while ((key = wording_next_key(m, "inline", &at))) {
		const char *style = wording_fill(a, m, "inline", key, values, err);

		template_put_html(out->values, key, attribute_value(a, style));
	}
	load_elements(a, m, &out->elements, err);
	return !err_is_set(err);
}
