/* SPDX-License-Identifier: ISC */
#include "html/layout_tables.h"

#include <string.h>

#include "html/rewrite.h"

enum { TABLES_MAX = 16 }; /* nested deeper, nobody looks and a table stays */

bool
table_is_layout(struct html_scan scan)
{
	struct html_token t;
	size_t depth = 0;

	while (scan_next(&scan, &t)) {
		if (t.tag == TAG_TABLE && t.kind == SCAN_END && depth-- == 0)
			return true;
		if (t.tag == TAG_TABLE && t.kind == SCAN_START)
			depth++;
		if (t.tag == TAG_TH && depth == 0)
			return false;
	}
	return true;
}

static bool
is_part(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_GRID) || tag == TAG_COLGROUP || tag == TAG_COL;
}

struct opening {
	struct html_rewrite *out;
	bool is_open[TABLES_MAX]; /* of the tables at hand: they are left out */
	size_t depth;
};

static bool
is_opened(const struct opening *o)
{
	return o->depth > 0 && o->depth <= TABLES_MAX && o->is_open[o->depth - 1];
}

static void
open_token(struct opening *o, const struct html_scan *s, const struct html_token *t)
{
	bool was_opened = false;

	if (t->kind == SCAN_TEXT) {
		rewrite_token(o->out, t);
		return;
	}
	if (t->tag == TAG_TABLE && t->kind == SCAN_START) {
		if (o->depth < TABLES_MAX)
			o->is_open[o->depth] = table_is_layout(*s);
		o->depth++;
	}
	was_opened = is_opened(o);
	if (t->tag == TAG_TABLE && t->kind == SCAN_END && o->depth > 0)
		o->depth--;
	if (!was_opened)
		rewrite_token(o->out, t);
	else if (t->tag == TAG_TD || t->tag == TAG_CAPTION)
		rewrite_tag(o->out, t->kind, TAG_DIV);
	else if (!is_part(t->tag))
		rewrite_token(o->out, t);
}

const char *
html_open_layout_tables(struct arena *a, const char *html)
{
	struct opening o = { .depth = 0 };
	struct html_scan s;
	struct html_token t;

	if (!strstr(html, "<table"))
		return html;
	o.out = rewrite_new();
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t))
		open_token(&o, &s, &t);
	return rewrite_finish(o.out, a);
}
