/* SPDX-License-Identifier: ISC */
/*
 * Inside of struct template_set: the templates, words and looks of one language.
 * Private to digest/.
 */
#ifndef DIGEST_TEMPLATES_H
#define DIGEST_TEMPLATES_H

#include <stddef.h>

#include "base/arena.h"
#include "format/template.h"
#include "digest/wording.h"
#include "digest/styles.h"

struct named_template {
	const char *name; /* "entry.html" */
	struct template *form;
};
struct template_set {
	struct arena *arena;
	struct messages *words;
	struct messages *style_values;
	struct styles styles;
	struct named_template *list;
	size_t count;
};

/* NULL when there is none of that name. */
const struct template *template_set_find(const struct template_set *t, const char *name);

#endif
