/* SPDX-License-Identifier: ISC */
/*
 * The templates, words and looks of one language: digest.html, digest.txt, subject.txt and
 * their partials, messages.ini and style.ini, the keeper's before the built-in ones.
 */
#ifndef DIGEST_TEMPLATES_H
#define DIGEST_TEMPLATES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "digest/styles.h"
#include "digest/wording.h"
#include "format/template.h"
#include "html/media_words.h"

struct named_template {
	const char *name; /* "entry.html" */
	struct template *form;
};
struct template_set {
	const char *language;      /* as it was asked for */
	struct template_set *next; /* of another language; closed together */
	struct arena *arena;
	struct wording *words;
	struct wording *style_values;
	struct styles styles;
	struct media_words media;
	struct body_cache *bodies; /* of letters that were made with these, or NULL */
	struct named_template *list;
	size_t count;
};

/*
 * dir: directory of templates that come before the built-in ones, or ""; in it folders of
 * languages come first.  language as in BCP 47: "pt-BR" is looked for as pt-BR, pt and en.
 * style: lines of a style.ini that come before any other, or "".  Owned by the caller; closing
 * accepts NULL.
 */
struct template_set *template_set_open(const char *dir, const char *language,
    const char *style, struct err *err) MUST_CHECK;
/*
 * Those of a language that is not the newsletter's: what lies in the directory itself, in the
 * newsletter's words, comes behind the built-in ones.
 */
struct template_set *template_set_open_other(const char *dir, const char *language,
    const char *style, struct err *err) MUST_CHECK;
void template_set_close(struct template_set *t);
/* ERR_CONFIG, with the languages that are there, when there are none in that one. */
bool template_language_check(const char *dir, const char *language,
    struct err *err) MUST_CHECK;

/*
 * The files that are built in for a language, what it has not from English: calls visit with
 * each name ("digest.html") and text until one fails.
 */
bool template_files(const char *language,
    bool (*visit)(void *arg, const char *name, const char *text, struct err *err),
    void *arg, struct err *err) MUST_CHECK;

struct template_language {
	const char *tag;  /* "de" */
	const char *name; /* in the language itself: "Deutsch" */
};
/* The languages that there are, built in or folders of dir, by their tags.  In a. */
bool template_languages(struct arena *a, const char *dir, struct template_language **out,
    size_t *count, struct err *err) MUST_CHECK;
/*
 * Another text of the same places, as it is: "page.css".  HTML's and its own indentation is left
 * out.  In a; NULL on failure.
 */
const char *template_set_text(struct arena *a, const char *dir, const char *language,
    const char *name, struct err *err) MUST_CHECK;
/* NULL when there is none of that name. */
const struct template *template_set_find(const struct template_set *t, const char *name);

#endif
