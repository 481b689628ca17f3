/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>

#include "format/template_parts.h"

static struct template_value *
new_value(struct arena *a, enum template_value_kind kind, const char *text)
{
	struct template_value *v = arena_alloc(a, sizeof(*v));

	*v = (struct template_value){ .kind = kind, .text = text, .arena = a };
	return v;
}

struct template_value *
template_map(struct arena *a)
{
	return new_value(a, TEMPLATE_VALUE_MAP, NULL);
}

struct template_value *
template_list(struct arena *a)
{
	return new_value(a, TEMPLATE_VALUE_LIST, NULL);
}

static void
append(struct template_value *group, const char *key, const struct template_value *value)
{
	group->members = arena_grow_list(group->arena, group->members, group->count,
	    sizeof(*group->members));
	group->members[group->count++] = (struct template_map_member){ key, value };
}

void
template_put(struct template_value *map, const char *key, struct template_value *value)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *have = map->members[i].key;

		if (*have == *key && strcmp(have, key) == 0) {
			map->members[i].value = value;
			return;
		}
	}
	append(map, key, value);
}

/* A missing or empty text is false. */
static struct template_value *
new_text(struct arena *a, enum template_value_kind kind, const char *text)
{
	return new_value(a, text && *text != '\0' ? kind : TEMPLATE_VALUE_FALSE, text);
}

void
template_put_text(struct template_value *map, const char *key, const char *text)
{
	template_put(map, key, new_text(map->arena, TEMPLATE_VALUE_TEXT, text));
}

void
template_put_html(struct template_value *map, const char *key, const char *html)
{
	template_put(map, key, new_text(map->arena, TEMPLATE_VALUE_HTML, html));
}

void
template_put_int(struct template_value *map, const char *key, int64_t n)
{
	template_put_text(map, key, arena_printf(map->arena, "%" PRId64, n));
}

void
template_put_bool(struct template_value *map, const char *key, bool truth)
{
	enum template_value_kind kind =
	    truth ? TEMPLATE_VALUE_TRUE : TEMPLATE_VALUE_FALSE;

	template_put(map, key, new_value(map->arena, kind, NULL));
}

void
template_append(struct template_value *list, struct template_value *item)
{
	append(list, NULL, item);
}

void
template_append_text(struct template_value *list, const char *text)
{
	append(list, NULL, new_text(list->arena, TEMPLATE_VALUE_TEXT, text));
}

const struct template_value *
template_member(const struct template_value *v, const char *key, size_t len)
{
	if (v->kind != TEMPLATE_VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < v->count; i++) {
		const char *have = v->members[i].key;

		if (len > 0 && *have == *key && strncmp(have, key, len) == 0 &&
		    have[len] == '\0')
			return v->members[i].value;
	}
	return NULL;
}
