/* SPDX-License-Identifier: ISC */
#include "flow/letter_settings.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/option_value.h"

/* That of templates is none: the files of its directory are as they are now. */
static const struct {
	const char *section, *name;
} shown[] = {
	{ "newsletter", "name" },
	{ "newsletter", "link" },
	{ "newsletter", "description" },
	{ "newsletter", "language" },
	{ "newsletter", "postal_address" },
	{ "digest", "schedule" },
	{ "digest", "group_by" },
	{ "digest", "overflow" },
	{ "digest", "max_bytes" },
	{ "digest", "body" },
	{ "digest", "short_bytes" },
	{ "digest", "stories" },
	{ "digest", "images" },
	{ "digest", "image_bytes" },
	{ "digest", "subject" },
	{ "style", "colour" },
	{ "style", "colour_dark" },
};

static const char *
key_of(struct arena *a, const struct option *o)
{
	return arena_printf(a, "%s.%s", o->section, o->name);
}

void
letter_settings_write(struct json_writer *w, const struct config *c)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(LIMIT_PART);

	json_begin_object(w);
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		const struct option *o = option_find(shown[i].section, shown[i].name);

		buf_reset(&b);
		option_print(o, c, &b);
		if (strcmp(buf_text(&b), o->initial) != 0)
			json_member(w, key_of(a, o), buf_text(&b));
	}
	json_end_object(w);
	buf_clear(&b);
	arena_free(a);
}

void
letter_settings_read(struct arena *a, const struct json_value *from, struct config *c)
{
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		const struct option *o = option_find(shown[i].section, shown[i].name);
		const char *text = json_text(json_get(from, key_of(a, o)));

		/* A word that this version has not leaves the letter as it is set now. */
		(void)!option_read(o, text ? arena_strdup(a, text) : o->initial, c);
	}
}
