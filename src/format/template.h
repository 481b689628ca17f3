/* SPDX-License-Identifier: ISC */
/*
 * Mustache (https://mustache.github.io/mustache.5.html) without lambdas and inheritance:
 * {{name}} escaped for HTML, {{{name}}} and {{&name}} as it is, {{#section}}, {{^inverted}},
 * {{! comment}}, {{> partial}}, {{= delimiters =}}, dotted names, the implicit iterator {{.}}.
 * A template knows keys only, never the program.
 *
 * Escaping is the default and depends on the template's mode: HTML text and attributes, or
 * none for plain text.  A value marked as HTML is already clean and is written as it is by
 * {{name}} in HTML mode.
 */
#ifndef FORMAT_TEMPLATE_H
#define FORMAT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ---- values ---- */
struct template_value; /* text, html, list or map; lives in an arena */

struct template_value *template_map(struct arena *a) MUST_CHECK;
struct template_value *template_list(struct arena *a) MUST_CHECK;
/* Setters copy nothing but the pointer: key and text must live as long as the arena. */
void template_put_text(struct template_value *map, const char *key, const char *text);
/* Already escaped or clean HTML. */
void template_put_html(struct template_value *map, const char *key, const char *html);
void template_put_int(struct template_value *map, const char *key, int64_t n);
/* False values make sections disappear: false, "", NULL, the empty list. */
void template_put_bool(struct template_value *map, const char *key, bool truth);
void template_put(struct template_value *map, const char *key,
    struct template_value *value);
void template_append(struct template_value *list, struct template_value *item);
void template_append_text(struct template_value *list, const char *text);

/* ---- templates ---- */
enum template_mode { TEMPLATE_HTML, TEMPLATE_TEXT };
struct template;

/*
 * Parses source; name is for messages ("digest.html line 12: section 'day' is not closed",
 * ERR_CONFIG).  Borrowed: source must live as long as the template.  Owned by the caller.
 */
struct template *template_new(const char *name, const char *source,
    enum template_mode mode, struct err *err) MUST_CHECK;
void template_free(struct template *t);

/* Finds the partial of a name; NULL = there is none (renders as nothing). */
struct template_partials {
	const struct template *(*find)(void *arg, const char *name);
	void *arg;
};

/*
 * Appends the rendering.  A key that no map on the way has is ERR_CONFIG when strict (naming
 * template, line and key), else nothing.
 */
bool template_render(const struct template *t, const struct template_value *root,
    const struct template_partials *partials, bool strict, struct buf *out,
    struct err *err) MUST_CHECK;

#endif
