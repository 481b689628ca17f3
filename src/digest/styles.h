/* SPDX-License-Identifier: ISC */
/*
 * The look as a table: style.ini names the inline styles of templates ([inline]), and the
 * style and class of each element of a post's own HTML ([content], [class], [content_rtl]).
 * Values may use the names of [value] ("color:{{ink}}").  Private to digest/.
 */
#ifndef DIGEST_STYLES_H
#define DIGEST_STYLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "format/template.h"
#include "digest/wording.h"

struct element_style {
	const char *tag;
	const char *style;
	const char *style_rtl;  /* for right-to-left posts */
	const char *class_name; /* "" = none */
};
struct sheet {
	struct element_style *elements;
	size_t element_count;
	struct tvalue *inlined; /* names of [inline] and [value], marked as HTML */
};

/* Resolves the values of a style.ini that was read into m.  Lives in a. */
bool sheet_load(struct arena *a, const struct messages *m, struct sheet *out,
    struct err *err) MUST_CHECK;

/*
 * Clean HTML (balanced, attributes in double quotes) with style and class on its elements.
 * heading is the level of the heading the post stands under: its own headings sink below and
 * skip no level.  Tables without header cells are layout and say so; wide ones scroll in a
 * box of their own; code stays left-to-right.  Pictures wider than width_max are announced
 * narrower.  Lives in a.
 */
char *sheet_apply(struct arena *a, const struct sheet *s, const char *html, int heading,
    bool rtl) MUST_CHECK;

#endif
