/* SPDX-License-Identifier: ISC */
/*
 * The look as a table: style.ini names the inline styles of templates ([inline]), and the
 * style and class of each element of a post's own HTML ([content], [class], [content_rtl]).
 * Values may use the names of [value] ("color:{{ink}}").  Private to digest/.
 */
#ifndef DIGEST_STYLES_H
#define DIGEST_STYLES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "format/template.h"
#include "digest/wording.h"
#include "html/restyle.h"

struct styles {
	struct element_styles elements;
	struct template_value *values; /* names of [inline] and [value], marked as HTML */
};

/* Resolves the values of a style.ini that was read into m.  Lives in a. */
bool styles_load(struct arena *a, const struct wording *m, struct styles *out,
    struct err *err) MUST_CHECK;

#endif
