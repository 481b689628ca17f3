/* SPDX-License-Identifier: ISC */
#include "digest/templates.h"
#include "digest/body_cache.h"

#include "digest/template_check.h"
#include "digest/template_places.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"

enum { TEMPLATES_MAX = 200 };

/* Letters in another language than was asked for would surprise their readers. */
static bool
check_language(const char *dir, const char *language, struct err *err)
{
	char *own = *dir ? file_join(dir, "messages.ini") : NULL;
	const bool found = own && file_exists(own);

	free(own);
	if (found)
		return true;
	return template_language_check(dir, language, err) ||
	    err_wrap(err, "newsletter.language");
}

static bool
load_ini(struct arena *a, const struct template_places *places, const char *name,
    struct wording *m, struct err *err)
{
	for (size_t i = 0; i < places->count; i++) {
		const char *path = NULL;
		const char *text = NULL;

		if (!template_place_read(a, &places->list[i], name, &path, &text, err))
			return false;
		if (text && places->list[i].dir &&
		    !template_check_words(a, path, text, name, err))
			return false;
		if (text && !wording_add(m, path, text, strlen(text), err))
			return false;
	}
	return true;
}

static bool
check_dirs(const struct template_places *places, struct err *err)
{
	for (size_t i = 0; i < places->count; i++) {
		if (places->list[i].dir && !template_check_dir(places->list[i].dir, err))
			return false;
	}
	return true;
}

static bool
has_ending(const char *name, const char *ending)
{
	const char *dot = strrchr(name, '.');

	return dot && strcmp(dot, ending) == 0;
}

/*
 * HTML templates are indented for people; in a letter every byte counts.  Blanks at the
 * beginnings of lines go, lines stay, so that messages still name the right one.
 */
static const char *
unindent(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text);
	size_t n = 0;

	while (*text) {
		text += strspn(text, " \t");
		while (*text && *text != '\n')
			out[n++] = *text++;
		if (*text)
			out[n++] = *text++;
	}
	out[n] = '\0';
	return out;
}

const char *
template_set_text(struct arena *a, const char *dir, const char *language,
    const char *name, struct err *err)
{
	struct template_places places;
	const char *path = NULL;
	const char *text = NULL;

	template_places_find(a, dir, language, true, &places);
	text = template_places_text(a, &places, name, &path, err);
	return text ? unindent(a, text) : NULL;
}

static bool
load_template(struct template_set *t, const struct template_places *places,
    const char *name, struct err *err)
{
	const char *path = NULL;
	const char *text = template_places_text(t->arena, places, name, &path, err);
	bool html = has_ending(name, ".html");
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
load_templates(struct template_set *t, const struct template_places *places,
    struct err *err)
{
	static const char start[] = "templates/en/";

	t->list = xcalloc(TEMPLATES_MAX, sizeof(*t->list));
	for (size_t i = 0; i < embedded_count; i++) {
		const char *name = embedded_files[i].name;

		if (strncmp(name, start, sizeof(start) - 1) != 0)
			continue;
		name += sizeof(start) - 1;
		if (!has_ending(name, ".html") && !has_ending(name, ".txt"))
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

/* Comes before the keeper's and the built-in style.ini. */
static bool
add_style(struct template_set *t, const char *style, struct err *err)
{
	return wording_add(t->style_values, "[style]", style, strlen(style), err);
}

static struct template_set *
set_open(const char *dir, const char *language, bool is_own, const char *style,
    struct err *err)
{
	struct template_set *t = xcalloc(1, sizeof(*t));
	struct template_places places;

	t->arena = arena_new();
	t->language = arena_strdup(t->arena, language);
	t->words = wording_new(t->arena);
	t->bodies = body_cache_new();
	t->style_values = wording_new(t->arena);
	template_places_find(t->arena, dir, language, is_own, &places);
	if (!check_dirs(&places, err) ||
	    !load_ini(t->arena, &places, "messages.ini", t->words, err) ||
	    !add_style(t, style, err) ||
	    !load_ini(t->arena, &places, "style.ini", t->style_values, err) ||
	    !styles_load(t->arena, t->style_values, &t->styles, err) ||
	    !load_media(t, err) || !load_templates(t, &places, err)) {
		(void)err_wrap(err, "templates");
		template_set_close(t);
		return NULL;
	}
	return t;
}

struct template_set *
template_set_open(const char *dir, const char *language, const char *style,
    struct err *err)
{
	return check_language(dir, language, err)
	    ? set_open(dir, language, true, style, err)
	    : NULL;
}

struct template_set *
template_set_open_other(const char *dir, const char *language, const char *style,
    struct err *err)
{
	return template_language_check(dir, language, err)
	    ? set_open(dir, language, false, style, err)
	    : NULL;
}

static void
close_one(struct template_set *t)
{
	for (size_t i = 0; i < t->count; i++)
		template_free(t->list[i].form);
	free(t->list);
	body_cache_free(t->bodies);
	wording_free(t->words);
	wording_free(t->style_values);
	arena_free(t->arena);
	free(t);
}

void
template_set_close(struct template_set *t)
{
	while (t) {
		struct template_set *next = t->next;

		close_one(t);
		t = next;
	}
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
