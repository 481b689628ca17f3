/* SPDX-License-Identifier: ISC */
#include "digest/template_places.h"

#include <string.h>

#include "base/ascii.h"
#include "base/embed.h"
#include "base/file.h"

static const char last_language[] = "en";
static const char built_in[] = "templates/";

enum { FILE_MAX = 1024 * 1024, LANGUAGE_MAX = 40 };

bool
template_is_tag(const char *language)
{
	const size_t len = strlen(language);

	for (size_t i = 0; i < len; i++) {
		if (!ascii_is_alphanumeric((unsigned char)language[i]) &&
		    language[i] != '-')
			return false;
	}
	return len > 0 && len < LANGUAGE_MAX;
}

/* ---- the places ---- */

static void
add_dir(struct arena *a, struct template_places *p, const char *dir, const char *language)
{
	if (*dir)
		p->list[p->count++].dir =
		    language ? arena_printf(a, "%s/%s", dir, language) : dir;
}

static void
add_built_in(struct template_places *p, const char *language)
{
	p->list[p->count++].language = language;
}

void
template_places_find(struct arena *a, const char *dir, const char *language, bool is_own,
    struct template_places *out)
{
	const char *tags[2] = { NULL, NULL };
	size_t count = 0;

	memset(out, 0, sizeof(*out));
	dir = dir ? dir : "";
	if (language && template_is_tag(language)) {
		const size_t primary = strcspn(language, "-");

		tags[count++] = arena_strdup(a, language);
		if (language[primary])
			tags[count++] = arena_strndup(a, language, primary);
	}
	for (size_t i = 0; i < count; i++)
		add_dir(a, out, dir, tags[i]);
	if (is_own)
		add_dir(a, out, dir, NULL);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(tags[i], last_language) != 0)
			add_built_in(out, tags[i]);
	}
	if (!is_own)
		add_dir(a, out, dir, NULL);
	add_built_in(out, last_language);
}

bool
template_place_read(struct arena *a, const struct template_place *place, const char *name,
    const char **path, const char **text, struct err *err)
{
	const struct embedded_file *f = NULL;
	struct buf b = BUF_INIT(FILE_MAX);
	bool ok = true;

	*text = NULL;
	if (!place->dir) {
		*path = arena_printf(a, "%s%s/%s", built_in, place->language, name);
		f = embedded_find(*path);
		*text = f ? f->text : NULL;
		return true;
	}
	*path = arena_printf(a, "%s/%s", place->dir, name);
	if (file_exists(*path)) {
		ok = file_read(*path, &b, err);
		*text = ok ? arena_strndup(a, buf_text(&b), b.len) : NULL;
	}
	buf_clear(&b);
	return ok;
}

const char *
template_places_text(struct arena *a, const struct template_places *places,
    const char *name, const char **path, struct err *err)
{
	const char *text = NULL;

	for (size_t i = 0; i < places->count && !text; i++) {
		if (!template_place_read(a, &places->list[i], name, path, &text, err))
			return NULL;
	}
	if (!text)
		err_set(err, ERR_BUG, "template %s is not built in", name);
	return text;
}
