/* SPDX-License-Identifier: ISC */
/* Which languages there are: those that are built in, and folders of the keeper's directory. */
#include <dirent.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/order.h"
#include "digest/template_places.h"
#include "digest/templates.h"

static const char built_in[] = "templates/";
static const char words_file[] = "messages.ini";

static bool
has_words(struct arena *a, const char *dir, const char *language)
{
	return file_exists(arena_printf(a, "%s/%s/%s", dir, language, words_file)) ||
	    embedded_find(arena_printf(a, "%s%s/%s", built_in, language, words_file));
}

struct tags {
	struct arena *a;
	struct template_language *list;
	size_t count;
};

static void
add_tag(struct tags *t, const char *tag)
{
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->list[i].tag, tag) == 0)
			return;
	}
	t->list = arena_grow_list(t->a, t->list, t->count, sizeof(*t->list));
	t->list[t->count++] = (struct template_language){ .tag = tag };
}

static void
add_embedded(struct tags *t)
{
	for (size_t i = 0; i < embedded_count; i++) {
		const char *name = embedded_files[i].name;
		const char *tag = name + sizeof(built_in) - 1;
		const char *slash = NULL;

		if (strncmp(name, built_in, sizeof(built_in) - 1) != 0)
			continue;
		slash = strchr(tag, '/');
		if (slash && strcmp(slash + 1, words_file) == 0)
			add_tag(t, arena_strndup(t->a, tag, (size_t)(slash - tag)));
	}
}

static void
add_folders(struct tags *t, const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *entry = NULL;

	while (d && t->count < LIMIT_LANGUAGES && (entry = readdir(d))) {
		if (template_is_tag(entry->d_name) && has_words(t->a, dir, entry->d_name))
			add_tag(t, arena_strdup(t->a, entry->d_name));
	}
	if (d)
		closedir(d);
}

static int
by_tag(const void *a, const void *b)
{
	const struct template_language *x = a;
	const struct template_language *y = b;

	return strcmp(x->tag, y->tag);
}

static struct tags
find_tags(struct arena *a, const char *dir)
{
	struct tags t = { .a = a };

	add_embedded(&t);
	if (*dir)
		add_folders(&t, dir);
	list_sort(t.list, t.count, sizeof(*t.list), by_tag);
	return t;
}

static bool
read_name(struct arena *a, const char *dir, struct template_language *l, struct err *err)
{
	struct template_places places;
	struct wording *m = wording_new(a);
	bool ok = true;

	template_places_find(a, dir, l->tag, false, &places);
	for (size_t i = 0; ok && i < places.count; i++) {
		const char *path = NULL;
		const char *text = NULL;

		ok = template_place_read(a, &places.list[i], words_file, &path, &text,
			 err) &&
		    (!text || wording_add(m, path, text, strlen(text), err));
		l->name = wording_raw(m, "language", "name");
		if (*l->name)
			break;
	}
	wording_free(m);
	return ok;
}

bool
template_languages(struct arena *a, const char *dir, struct template_language **out,
    size_t *count, struct err *err)
{
	const struct tags t = find_tags(a, dir);

	*out = t.list;
	*count = t.count;
	for (size_t i = 0; i < t.count; i++) {
		if (!read_name(a, dir, &t.list[i], err))
			return false;
	}
	return true;
}

bool
template_language_check(const char *dir, const char *language, struct err *err)
{
	struct arena *a = arena_new();
	const char *primary = arena_strndup(a, language, strcspn(language, "-"));
	const char *names = "";
	struct tags t;

	if (template_is_tag(language) &&
	    (has_words(a, dir, language) || has_words(a, dir, primary))) {
		arena_free(a);
		return true;
	}
	t = find_tags(a, dir);
	for (size_t i = 0; i < t.count; i++)
		names =
		    arena_printf(a, "%s%s%s", names, i > 0 ? ", " : "", t.list[i].tag);
	(void)err_set(err, ERR_CONFIG, "there are no templates in '%s'", language);
	(void)err_hint(err, "there are: %s; for another, digest.template with a %s",
	    names, words_file);
	arena_free(a);
	return false;
}

bool
template_files(const char *language,
    bool (*visit)(void *arg, const char *name, const char *text, struct err *err),
    void *arg, struct err *err)
{
	static const char english[] = "templates/en/";
	struct arena *a = arena_new();
	struct template_places places;
	bool ok = true;

	template_places_find(a, "", language, true, &places);
	for (size_t i = 0; ok && i < embedded_count; i++) {
		const char *name = embedded_files[i].name + sizeof(english) - 1;
		const char *path = NULL;
		const char *text = NULL;

		if (strncmp(embedded_files[i].name, english, sizeof(english) - 1) != 0)
			continue;
		text = template_places_text(a, &places, name, &path, err);
		ok = text && visit(arg, name, text, err);
	}
	arena_free(a);
	return ok;
}
