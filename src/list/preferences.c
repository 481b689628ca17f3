/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "list/list.h"
#include "model/names.h"

char *
variant_key(struct arena *a, enum entry_body body, enum letter_format format)
{
	return arena_printf(a, "%s %s", format_name(format), body_name(body));
}

bool
variant_parse(const char *key, struct variant *out)
{
	char word[16];
	const size_t len = strcspn(key, " ");

	if (key[len] != ' ' || len >= sizeof(word))
		return false;
	memcpy(word, key, len);
	word[len] = '\0';
	out->id = 0;
	out->key = key;
	return format_parse(word, &out->format) && body_parse(key + len + 1, &out->body);
}
