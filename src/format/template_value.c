/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>

#include "format/template_parts.h"

static struct tvalue *
new_value(struct arena *a, enum tvalue_kind kind, const char *text)
{
	struct tvalue *v = arena_alloc(a, sizeof(*v));

	*v = (struct tvalue){ .kind = kind, .text = text, .arena = a };
	return v;
}

struct tvalue *
tvalue_map(struct arena *a)
{
	return new_value(a, TVALUE_MAP, NULL);
}

struct tvalue *
tvalue_list(struct arena *a)
{
	return new_value(a, TVALUE_LIST, NULL);
}

static void
append(struct tvalue *group, const char *key, const struct tvalue *value)
{
	group->members = arena_grow_list(group->arena, group->members, group->count,
	    sizeof(*group->members));
	group->members[group->count++] = (struct tmember){ key, value };
}

void
tvalue_set(struct tvalue *map, const char *key, struct tvalue *value)
{
	for (size_t i = 0; i < map->count; i++) {
		if (strcmp(map->members[i].key, key) == 0) {
			map->members[i].value = value;
			return;
		}
	}
	append(map, key, value);
}

/* A missing or empty text is false. */
static struct tvalue *
new_text(struct arena *a, enum tvalue_kind kind, const char *text)
{
	return new_value(a, text && *text != '\0' ? kind : TVALUE_FALSE, text);
}

void
tvalue_set_text(struct tvalue *map, const char *key, const char *text)
{
	tvalue_set(map, key, new_text(map->arena, TVALUE_TEXT, text));
}

void
tvalue_set_html(struct tvalue *map, const char *key, const char *html)
{
	tvalue_set(map, key, new_text(map->arena, TVALUE_HTML, html));
}

void
tvalue_set_int(struct tvalue *map, const char *key, int64_t n)
{
	tvalue_set_text(map, key, arena_printf(map->arena, "%" PRId64, n));
}

void
tvalue_set_bool(struct tvalue *map, const char *key, bool truth)
{
	enum tvalue_kind kind = truth ? TVALUE_TRUE : TVALUE_FALSE;

	tvalue_set(map, key, new_value(map->arena, kind, NULL));
}

void
tvalue_add(struct tvalue *list, struct tvalue *item)
{
	append(list, NULL, item);
}

void
tvalue_add_text(struct tvalue *list, const char *text)
{
	append(list, NULL, new_text(list->arena, TVALUE_TEXT, text));
}

const struct tvalue *
tvalue_member(const struct tvalue *v, const char *key, size_t len)
{
	if (v->kind != TVALUE_MAP)
		return NULL;
	for (size_t i = 0; i < v->count; i++) {
		const char *have = v->members[i].key;

		if (strncmp(have, key, len) == 0 && have[len] == '\0')
			return v->members[i].value;
	}
	return NULL;
}
