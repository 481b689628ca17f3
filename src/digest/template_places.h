/* SPDX-License-Identifier: ISC */
/*
 * Where the templates of a language are: the keeper's folder of that language, the keeper's
 * directory, what is built in, and English for what nobody translated.  Private to digest/.
 */
#ifndef DIGEST_TEMPLATE_PLACES_H
#define DIGEST_TEMPLATE_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { PLACES_MAX = 6 };
struct template_place {
	const char *dir;      /* a directory of the keeper's, or NULL */
	const char *language; /* of what is built in, or NULL */
};
struct template_places {
	struct template_place list[PLACES_MAX]; /* nearest first */
	size_t count;
};

/* A language tag that is also a name of a directory: letters, digits, "-". */
bool template_is_tag(const char *language);
/*
 * is_own: the language is the newsletter's, so that what lies in dir itself is in it; else that
 * comes behind what is built in.  "pt-BR" is looked for as pt-BR and pt.  In a.
 */
void template_places_find(struct arena *a, const char *dir, const char *language,
    bool is_own, struct template_places *out);
/*
 * The text of a file in one place; *text is NULL when it has none.  path is how messages call
 * it.  In a; false when it is there and cannot be read.
 */
bool template_place_read(struct arena *a, const struct template_place *place,
    const char *name, const char **path, const char **text, struct err *err) MUST_CHECK;
/* The nearest text of that name, NULL with err set when there is none.  In a. */
const char *template_places_text(struct arena *a, const struct template_places *places,
    const char *name, const char **path, struct err *err) MUST_CHECK;

#endif
