/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/attr.h"
#include "list/list.h"

static const char *const frequency_names[] = {
	[FREQUENCY_DAILY] = "daily",
	[FREQUENCY_WEEKDAYS] = "weekdays",
	[FREQUENCY_WEEKLY] = "weekly",
};
static const char *const body_names[] = {
	[BODY_TITLE] = "title",
	[BODY_SUMMARY] = "summary",
	[BODY_FULL] = "full",
};
static const char
    *const format_names[] = { [FORMAT_HTML] = "html", [FORMAT_TEXT] = "text" };

static bool
find(const char *const *names, size_t count, const char *text, size_t *index)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], text) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

const char *
frequency_name(enum frequency f)
{
	return frequency_names[f];
}

bool
frequency_parse(const char *text, enum frequency *out)
{
	size_t i = 0;

	if (!find(frequency_names, ARRAY_LEN(frequency_names), text, &i))
		return false;
	*out = (enum frequency)i;
	return true;
}

const char *
body_name(enum entry_body b)
{
	return body_names[b];
}

bool
body_parse(const char *text, enum entry_body *out)
{
	size_t i = 0;

	if (!find(body_names, ARRAY_LEN(body_names), text, &i))
		return false;
	*out = (enum entry_body)i;
	return true;
}

const char *
format_name(enum letter_format f)
{
	return format_names[f];
}

bool
format_parse(const char *text, enum letter_format *out)
{
	size_t i = 0;

	if (!find(format_names, ARRAY_LEN(format_names), text, &i))
		return false;
	*out = (enum letter_format)i;
	return true;
}

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
