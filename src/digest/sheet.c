/* SPDX-License-Identifier: ISC */
#include "digest/sheet.h"

bool
sheet_load(struct arena *a, const struct messages *m, struct sheet *out, struct err *err)
{
	struct tvalue *values = messages_section(a, m, "value");
	const char *key = NULL;
	size_t at = 0;
	size_t room = 0;

	out->inlined = messages_section(a, m, "value");
	while ((key = messages_next_key(m, "inline", &at))) {
		const char *style = messages_fill(a, m, "inline", key, values, err);

		tvalue_set_html(out->inlined, key, style);
	}
	at = 0;
	while (messages_next_key(m, "content", &at))
		room++;
	out->elements = arena_array(a, room + 1, sizeof(*out->elements));
	out->element_count = 0;
	at = 0;
	while ((key = messages_next_key(m, "content", &at))) {
		struct element_style *e = &out->elements[out->element_count++];

		e->tag = key;
		e->style = messages_fill(a, m, "content", key, values, err);
		e->style_rtl = messages_fill(a, m, "content_rtl", key, values, err);
		if (!*e->style_rtl)
			e->style_rtl = e->style;
		e->class_name = messages_raw(m, "class", key);
	}
	return !err_is_set(err);
}
