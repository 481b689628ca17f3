/* SPDX-License-Identifier: ISC */
/*
 * A digest as the names and values that templates see: planetpost-templates(5) lists them.
 * Private to digest/.
 */
#ifndef DIGEST_VIEW_H
#define DIGEST_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "format/template.h"
#include "digest/group.h"
#include "digest/render.h"
#include "digest/fit.h"

struct view {
	struct arena *a;
	const struct render_context *ctx;
	const struct wording *words;
	const struct digest *digest;
	struct fit *fit;
	const char *subject;
	struct err *err; /* the first failure stays here; asked once at the end */
};

struct template_value *view_make(const struct view *v) MUST_CHECK;
/* The names that a subject may use: name, date, posts, blogs, issue, title. */
struct template_value *view_subject(const struct view *v) MUST_CHECK;

/* ---- view_days.c ---- */

/* Days with their sources and entries, and the rows of the contents. */
struct template_value *view_days(const struct view *v) MUST_CHECK;
/* Sources of which nothing is shown. */
struct template_value *view_others(const struct view *v) MUST_CHECK;

/* ---- view_entry.c ---- */

/*
 * Title of an entry; made of its text, or of what its picture shows, when it has none.  Whole:
 * where there is little room it goes through view_cut().
 */
const char *view_title(const struct view *v, const struct entry *e);
/* Text of at most so many columns, cut at a word where one ends near, with an ellipsis. */
const char *view_cut(const struct view *v, const char *text, size_t columns);
const char *view_source_name(const struct view *v, const struct source *s);
/* Text filled at 72 columns. */
const char *view_wrap(const struct view *v, const char *text, const char *first,
    const char *indent);
const char *view_isolate(const struct view *v, const char *text);
/* The parts that are not empty, joined two by two by a pattern of [words]. */
const char *view_join(const struct view *v, const char *const *parts, size_t count,
    const char *pattern);
/* What the entry takes: "11 min", or "listen 62 min" where it is heard or watched. */
const char *view_time(const struct view *v, const struct entry *e);
/* The direction of text where it is not that of the letter: "rtl" or "ltr", else "". */
const char *view_direction(const struct view *v, bool rtl);
/* lang and dir of an entry where they differ from the letter's, else "". */
void view_set_language(const struct view *v, struct template_value *map,
    const struct fit_item *item);
struct template_value *view_entry(const struct view *v, struct fit_item *item,
    bool by_day) MUST_CHECK;

#endif
