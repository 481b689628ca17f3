/* SPDX-License-Identifier: ISC */
#include "digest/styles.h"

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

bool
styles_load(struct arena *a, const struct wording *m, struct styles *out, struct err *err)
{
	struct template_value *values = wording_section(a, m, "value");
	const char *key = NULL;
	size_t at = 0;
	struct element_style *list = NULL;
	size_t count = 0;

	out->values = template_map(a);
	while ((key = wording_next_key(m, "value", &at)))
		template_put_html(out->values, key,
		    attribute_value(a, wording_raw(m, "value", key)));
	at = 0;
	while ((key = wording_next_key(m, "inline", &at))) {
		const char *style = wording_fill(a, m, "inline", key, values, err);

		template_put_html(out->values, key, attribute_value(a, style));
	}
	at = 0;
	while (wording_next_key(m, "content", &at))
		count++;
	list = arena_array(a, count + 1, sizeof(*list));
	out->elements = (struct element_styles){ list, count };
	at = 0;
	for (struct element_style *e = list;
	     (key = wording_next_key(m, "content", &at)) != NULL; e++) {
		e->name = key;
		e->style =
		    attribute_value(a, wording_fill(a, m, "content", key, values, err));
		e->style_rtl = attribute_value(a,
		    wording_fill(a, m, "content_rtl", key, values, err));
		if (!*e->style_rtl)
			e->style_rtl = e->style;
		e->class_name = wording_raw(m, "class", key);
	}
	return !err_is_set(err);
}
