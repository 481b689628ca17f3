/* SPDX-License-Identifier: ISC */
#include "digest/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"

static const char last_language[] = "en";

enum { FILE_MAX = 1024 * 1024, LANGUAGE_MAX = 40, TEMPLATES_MAX = 200 };

/* Where files are looked for, nearest first. */
struct places {
	const char *dir; /* the keeper's, or "" */
	const char *languages[3];
	size_t language_count;
};

/* A language tag that is also a name of a directory: letters, digits, "-". */
static bool
is_tag(const char *language)
{
	return *language && strlen(language) < LANGUAGE_MAX &&
	    strspn(language,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
	    strlen(language);
}

/* "pt-BR": pt-BR, then pt, then en. */
static void
find_places(struct arena *a, const char *dir, const char *language, struct places *out)
{
	size_t n = 0;

	out->dir = dir ? dir : "";
	if (language && is_tag(language)) {
		size_t primary = strcspn(language, "-");

		out->languages[n++] = arena_strdup(a, language);
		if (language[primary])
			out->languages[n++] = arena_strndup(a, language, primary);
	}
	out->languages[n++] = last_language;
	out->language_count = n;
}

static const char *
find_embedded(struct arena *a, const char *language, const char *name, const char **path)
{
	const struct embedded_file *f = NULL;

	*path = arena_printf(a, "templates/%s/%s", language, name);
	f = embedded_find(*path);
	return f ? f->text : NULL;
}

/* "en, fr": the languages that are built in; in a. */
static const char *
built_in_languages(struct arena *a)
{
	static const char start[] = "templates/";
	static const char end[] = "/messages.ini";
	struct buf b = BUF_INIT(FILE_MAX);
	const char *names = NULL;

	for (size_t i = 0; i < embedded_count; i++) {
		const char *name = embedded_files[i].name;
		const size_t len = strlen(name);

		if (strncmp(name, start, sizeof(start) - 1) != 0 ||
		    len < sizeof(start) + sizeof(end) ||
		    strcmp(name + len - (sizeof(end) - 1), end) != 0)
			continue;
		buf_addf(&b, "%s%.*s", b.len > 0 ? ", " : "",
		    (int)(len - (sizeof(start) - 1) - (sizeof(end) - 1)),
		    name + sizeof(start) - 1);
	}
	names = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return names;
}

/* Letters in another language than was asked for would surprise their readers. */
static bool
check_language(struct arena *a, const struct places *places, const char *language,
    struct err *err)
{
	char *own = *places->dir ? file_join(places->dir, "messages.ini") : NULL;
	bool found = own && file_exists(own);
	const char *path = NULL;

	free(own);
	/* The last place is the language of those that nobody translated. */
	for (size_t i = 0; i + 1 < places->language_count && !found; i++)
		found = find_embedded(a, places->languages[i], "messages.ini", &path);
	if (found || places->language_count == 1)
		return true;
	(void)err_set(err, ERR_CONFIG,
	    "newsletter.language: there are no templates in '%s'", language);
	return err_hint(err,
	    "there are: %s; for another, digest.template with a messages.ini",
	    built_in_languages(a));
}

/* One file of the keeper's directory; *text stays NULL when there is none. */
static bool
read_own(struct arena *a, const struct places *places, const char *name,
    const char **path, const char **text, struct err *err)
{
	bool ok = true;
	char *full = NULL;
	struct buf b = BUF_INIT(FILE_MAX);

	*text = NULL;
	if (!*places->dir)
		return true;
	full = file_join(places->dir, name);
	if (file_exists(full)) {
		ok = file_read(full, &b, err);
		*path = arena_strdup(a, full);
		*text = ok ? arena_strndup(a, buf_text(&b), b.len) : NULL;
	}
	buf_clear(&b);
	free(full);
	return ok;
}

static bool
load_ini(struct arena *a, const struct places *places, const char *name,
    struct wording *m, struct err *err)
{
	const char *path = NULL;
	const char *text = NULL;

	if (!read_own(a, places, name, &path, &text, err))
		return false;
	if (text && !wording_add(m, path, text, strlen(text), err))
		return false;
	for (size_t i = 0; i < places->language_count; i++) {
		text = find_embedded(a, places->languages[i], name, &path);
		if (text && !wording_add(m, path, text, strlen(text), err))
			return false;
	}
	return true;
}

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name);
	size_t e = strlen(end);

	return n > e && strcmp(name + n - e, end) == 0;
}

/*
 * HTML templates are indented for people; in a letter every byte counts.  Blanks at the
 * beginnings of lines go, lines stay, so that messages still name the right one.
 */
static const char *
unindent(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;

	while (*text) {
		text += strspn(text, " \t");
		while (*text && *text != '\n')
			out[n++] = *text++;
		if (*text)
			out[n++] = *text++;
	}
	return out;
}

/* The nearest text of that name, NULL on failure; *path is where it was found. */
static const char *
find_text(struct arena *a, const struct places *places, const char *name,
    const char **path, struct err *err)
{
	const char *text = NULL;

	if (!read_own(a, places, name, path, &text, err))
		return NULL;
	for (size_t i = 0; !text && i < places->language_count; i++)
		text = find_embedded(a, places->languages[i], name, path);
	if (!text)
		err_set(err, ERR_BUG, "template %s is not built in", name);
	return text;
}

const char *
template_set_text(struct arena *a, const char *dir, const char *language,
    const char *name, struct err *err)
{
	struct places places = { 0 };
	const char *path = NULL;
	const char *text = NULL;

	find_places(a, dir, language, &places);
	text = find_text(a, &places, name, &path, err);
	return text ? unindent(a, text) : NULL;
}

static bool
load_template(struct template_set *t, const struct places *places, const char *name,
    struct err *err)
{
	const char *path = NULL;
	const char *text = find_text(t->arena, places, name, &path, err);
	bool html = ends_with(name, ".html");
	struct named_template *new = NULL;

	if (!text)
		return false;
	if (html)
		text = unindent(t->arena, text);
	new = &t->list[t->count];
	new->name = arena_strdup(t->arena, name);
	new->form = template_new(path, text, html ? TEMPLATE_HTML : TEMPLATE_TEXT, err);
	if (!new->form)
		return false;
	t->count++;
	return true;
}

/* Every template that English has; the keeper's and other languages' come in its place. */
static bool
load_templates(struct template_set *t, const struct places *places, struct err *err)
{
	static const char start[] = "templates/en/";

	t->list = xcalloc(TEMPLATES_MAX, sizeof(*t->list));
	for (size_t i = 0; i < embedded_count; i++) {
		const char *name = embedded_files[i].name;

		if (strncmp(name, start, sizeof(start) - 1) != 0)
			continue;
		name += sizeof(start) - 1;
		if (!ends_with(name, ".html") && !ends_with(name, ".txt"))
			continue;
		if (t->count == TEMPLATES_MAX)
			return err_set(err, ERR_BUG, "more than %d templates",
			    TEMPLATES_MAX);
		if (!load_template(t, places, name, err))
			return false;
	}
	return true;
}

static bool
load_media(struct template_set *t, struct err *err)
{
	t->media = wording_media(t->arena, t->words, err);
	return !err_is_set(err);
}

struct template_set *
template_set_open(const char *dir, const char *language, struct err *err)
{
	struct template_set *t = xcalloc(1, sizeof(*t));
	struct places places = { 0 };

	t->arena = arena_new();
	t->words = wording_new(t->arena);
	t->style_values = wording_new(t->arena);
	find_places(t->arena, dir, language, &places);
	if (!check_language(t->arena, &places, language, err)) {
		template_set_close(t);
		return NULL;
	}
	if (!load_ini(t->arena, &places, "messages.ini", t->words, err) ||
	    !load_ini(t->arena, &places, "style.ini", t->style_values, err) ||
	    !styles_load(t->arena, t->style_values, &t->styles, err) ||
	    !load_media(t, err) || !load_templates(t, &places, err)) {
		(void)err_wrap(err, "templates");
		template_set_close(t);
		return NULL;
	}
	return t;
}

void
template_set_close(struct template_set *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		template_free(t->list[i].form);
	free(t->list);
	wording_free(t->words);
	wording_free(t->style_values);
	arena_free(t->arena);
	free(t);
}

const struct template *
template_set_find(const struct template_set *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->list[i].name, name) == 0)
			return t->list[i].form;
	}
	return NULL;
}
