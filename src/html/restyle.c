/* SPDX-License-Identifier: ISC */
#include "html/restyle.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/layout_tables.h"
#include "html/scan.h"

enum {
	TABLES_MAX = 16, /* nested deeper, a table is layout and nobody looks */
	HEADINGS_MAX = 8,
	WIDTH_MAX = 526 /* the card's 600 less its padding and border */
};

/* One walk through a post. */
struct restyling {
	struct arena *a;
	const struct element_styles *styles;
	struct html_scan scan;
	struct buf out;
	int heading; /* level the post stands under */
	bool has_heading;
	int headings[HEADINGS_MAX]; /* levels as written of the open ones */
	size_t heading_depth;
	bool layout[TABLES_MAX]; /* of the open tables */
	size_t table_depth;
	size_t pre_depth;
	size_t list_depth;
	bool loose; /* text without a margin below it was written last */
	bool rtl;
	/* Text outside of any block becomes a paragraph, to stand apart from its neighbours. */
	size_t block_depth;
	size_t inline_depth; /* of what is open in the run */
	size_t run;          /* where it begins in out; NO_RUN */
	bool run_shows;      /* it has more than blanks */
};
static const size_t NO_RUN = SIZE_MAX;

static const struct element_style *
find_style(const struct element_styles *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->list[i].name, name) == 0)
			return &s->list[i];
	}
	return NULL;
}

/* True for blocks that have margins of their own, or begin afresh inside; "div" has none. */
static bool
is_set_apart(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_BLOCK) && tag != TAG_DIV;
}

/* ---- attributes ---- */

/* True when the value of a style speaks of colour: it would be unreadable in the dark. */
static bool
has_colour(const struct token_attr *style)
{
	const char *end = style->value + style->value_len;

	return ascii_find(style->value, end, "color") ||
	    ascii_find(style->value, end, "background");
}

/* The number in an attribute of pixels, 0 when it is none, or more than anybody draws. */
static long
pixels(const struct html_token *t, const char *name)
{
	struct token_attr at = { 0 };
	long n = 0;

	if (t->tag != TAG_IMG || !token_find_attr(t, name, &at))
		return 0;
	for (size_t i = 0; i < at.value_len && n < 100000; i++) {
		if (at.value[i] < '0' || at.value[i] > '9')
			return 0; /* a width in per cent is below the limit */
		n = n * 10 + (at.value[i] - '0');
	}
	return n;
}

/* Writes the tag's own attributes but class and style; *style gets the latter. */
static void
put_attributes(struct restyling *r, const struct html_token *t, struct token_attr *style)
{
	const long width = pixels(t, "width");
	const long height = pixels(t, "height");
	const bool is_wide = width > WIDTH_MAX;
	struct token_attr at = { 0 };

	while (token_next_attr(t, &at)) {
		if (token_attr_is(&at, "style")) {
			*style = at;
			continue;
		}
		if (token_attr_is(&at, "class"))
			continue;
		buf_addc(&r->out, ' ');
		buf_add(&r->out, at.name, at.name_len);
		if (is_wide && token_attr_is(&at, "width"))
			buf_addf(&r->out, "=\"%d\"", WIDTH_MAX);
		else if (is_wide && height > 0 && token_attr_is(&at, "height"))
			buf_addf(&r->out, "=\"%ld\"",
			    (height * WIDTH_MAX + width - 1) / width);
		else
			buf_addf(&r->out, "=\"%.*s\"", (int)at.value_len, at.value);
	}
}

static const char *
class_of(const struct restyling *r, const char *row)
{
	const struct element_style *e = *row ? find_style(r->styles, row) : NULL;

	return e ? e->class_name : "";
}

/* Blocks have their margin below; one that follows loose text would touch it. */
static void
put_class(struct restyling *r, enum html_tag as, const char *name)
{
	const bool touches = r->loose && is_set_apart(as) &&
	    !(r->list_depth > 0 && (as == TAG_UL || as == TAG_OL));
	const char *loose = touches ? class_of(r, "loose") : "";

	if (*name || *loose)
		buf_addf(&r->out, " class=\"%s%s%s\"", name, *name && *loose ? " " : "",
		    loose);
}

/* Writes a start tag: extra is a further attribute or "", row the name of its style or "". */
static void
put_tag(struct restyling *r, const struct html_token *t, enum html_tag as,
    const char *extra, const char *row)
{
	const struct element_style *e = *row ? find_style(r->styles, row) : NULL;
	const char *ours = !e ? "" : r->rtl ? e->style_rtl : e->style;
	struct token_attr own = { 0 };
	bool keeps_own = false;

	buf_addf(&r->out, "<%s%s", tag_name(as), extra);
	put_attributes(r, t, &own);
	keeps_own = own.value_len > 0 && !has_colour(&own);
	put_class(r, as, class_of(r, row));
	if (*ours || keeps_own) {
		buf_addf(&r->out, " style=\"%s", ours);
		if (*ours && keeps_own)
			buf_addc(&r->out, ';');
		if (keeps_own)
			buf_add(&r->out, own.value, own.value_len);
		buf_addc(&r->out, '"');
	}
	buf_addc(&r->out, '>');
}

/* ---- elements with something of their own ---- */

static void
open_table(struct restyling *r, const struct html_token *t)
{
	bool layout = r->table_depth >= TABLES_MAX || table_is_layout(r->scan);

	if (r->table_depth < TABLES_MAX)
		r->layout[r->table_depth] = layout;
	r->table_depth++;
	/* A wide table scrolls in its own box where the mail program can do that. */
	buf_adds(&r->out, "<div");
	put_class(r, TAG_TABLE, class_of(r, "box"));
	buf_addc(&r->out, '>');
	r->loose = false;
	if (layout)
		put_tag(r, t, TAG_TABLE, " role=\"presentation\"", "layout_table");
	else
		put_tag(r, t, TAG_TABLE, "", "table");
}

static bool
in_layout(const struct restyling *r)
{
	return r->table_depth == 0 || r->table_depth > TABLES_MAX ||
	    r->layout[r->table_depth - 1];
}

/*
 * The cleaner leaves headings of levels 5 and 6; here they follow the level the post really has,
 * and the first goes no deeper than one below it.
 */
static void
open_heading(struct restyling *r, const struct html_token *t)
{
	int level = r->heading + (t->tag == TAG_H6 && r->has_heading ? 2 : 1);

	if (level > 6)
		level = 6;
	r->has_heading = true;
	if (r->heading_depth < HEADINGS_MAX)
		r->headings[r->heading_depth] = level;
	r->heading_depth++;
	put_tag(r, t, (enum html_tag)(TAG_H1 + level - 1), "",
	    level == r->heading + 1 ? "h5" : "h6");
}

static void
close_heading(struct restyling *r)
{
	int level = 6;

	if (r->heading_depth > 0)
		r->heading_depth--;
	if (r->heading_depth < HEADINGS_MAX && r->headings[r->heading_depth] > 0)
		level = r->headings[r->heading_depth];
	buf_addf(&r->out, "</h%d>", level);
}

/* Code reads from left to right in every language. */
static void
open_listing(struct restyling *r, const struct html_token *t)
{
	bool needs_direction =
	    r->rtl && !token_find_attr(t, "dir", &(struct token_attr){ 0 });

	r->pre_depth++;
	put_tag(r, t, TAG_PRE, needs_direction ? " dir=\"ltr\"" : "", "pre");
}

static bool
is_list(enum html_tag tag)
{
	return tag == TAG_UL || tag == TAG_OL;
}

/* Which row of the table an element without a rule of its own takes its style from. */
static const char *
style_row(const struct restyling *r, enum html_tag tag)
{
	/* Code inside a listing has no box of its own. */
	if (r->pre_depth > 0 && tag != TAG_A)
		return "";
	if (tag == TAG_TD && in_layout(r))
		return "layout_td";
	if (r->list_depth > 0 && is_list(tag))
		return tag == TAG_UL ? "inner_ul" : "inner_ol";
	return tag_name(tag);
}

/* ---- text outside of blocks ---- */

static void
end_run(struct restyling *r)
{
	char *run = NULL;

	if (r->run != NO_RUN && r->run_shows && r->inline_depth == 0 &&
	    !buf_is_full(&r->out)) {
		while (ascii_is_space((unsigned char)r->out.data[r->out.len - 1]))
			buf_truncate(&r->out, r->out.len - 1);
		run = arena_strndup(r->a, r->out.data + r->run, r->out.len - r->run);
		buf_truncate(&r->out, r->run);
		buf_addf(&r->out, "<p>%s</p>", run);
		r->loose = false;
	}
	r->run = NO_RUN;
	r->inline_depth = 0;
	r->run_shows = false;
}

/* Before a token is written: where the run begins, goes on or ends. */
static void
follow_run(struct restyling *r, const struct html_token *t)
{
	if (t->kind != SCAN_TEXT && tag_is(t->tag, TAG_IS_BLOCK)) {
		if (r->block_depth == 0)
			end_run(r);
		if (t->tag == TAG_HR)
			return;
		if (t->kind == SCAN_START)
			r->block_depth++;
		else if (r->block_depth > 0)
			r->block_depth--;
		return;
	}
	if (r->block_depth > 0)
		return;
	if (t->kind == SCAN_TEXT && ascii_is_only_space(t->text, t->len) &&
	    r->run == NO_RUN)
		return;
	if (r->run == NO_RUN)
		r->run = r->out.len;
	r->run_shows = r->run_shows || t->tag == TAG_IMG ||
	    (t->kind == SCAN_TEXT && !ascii_is_only_space(t->text, t->len));
	if (t->kind == SCAN_START && !tag_is(t->tag, TAG_IS_VOID))
		r->inline_depth++;
	else if (t->kind == SCAN_END && r->inline_depth > 0)
		r->inline_depth--;
}

/* The one class that posts come with, see html/images.h. */
static bool
is_picture_link(const struct html_token *t)
{
	return t->tag == TAG_A && token_find_attr(t, "class", &(struct token_attr){ 0 });
}

static void
open_element(struct restyling *r, const struct html_token *t)
{
	if (t->tag == TAG_TABLE) {
		open_table(r, t);
	} else if (tag_is(t->tag, TAG_IS_HEADING)) {
		open_heading(r, t);
	} else if (t->tag == TAG_PRE) {
		open_listing(r, t);
	} else {
		put_tag(r, t, t->tag, "",
		    is_picture_link(t) ? "picture" : style_row(r, t->tag));
		r->list_depth += is_list(t->tag);
	}
	if (t->tag == TAG_IMG)
		r->loose = true;
	else if (is_set_apart(t->tag))
		r->loose = false;
}

static void
close_element(struct restyling *r, enum html_tag tag)
{
	r->loose = r->loose && !is_set_apart(tag);
	if (tag_is(tag, TAG_IS_HEADING)) {
		close_heading(r);
		return;
	}
	if (tag == TAG_PRE && r->pre_depth > 0)
		r->pre_depth--;
	if (is_list(tag) && r->list_depth > 0)
		r->list_depth--;
	buf_addf(&r->out, "</%s>", tag_name(tag));
	if (tag == TAG_TABLE) {
		if (r->table_depth > 0)
			r->table_depth--;
		buf_adds(&r->out, "</div>");
	}
}

static void
put_text(struct restyling *r, const struct html_token *t)
{
	buf_add(&r->out, t->text, t->len);
	r->loose = r->loose || strspn(t->text, " \t\n") < t->len;
}

char *
html_restyle(struct arena *a, const struct element_styles *styles, const char *html,
    int heading, bool rtl)
{
	struct restyling r = { .a = a,
		.styles = styles,
		.run = NO_RUN,
		.out = BUF_INIT(LIMIT_PART),
		.heading = heading,
		.rtl = rtl };
	struct html_token t;
	char *result = NULL;

	scan_init(&r.scan, html, strlen(html));
	while (scan_next(&r.scan, &t)) {
		follow_run(&r, &t);
		if (t.kind == SCAN_TEXT)
			put_text(&r, &t);
		else if (t.tag != TAG_UNKNOWN && t.kind == SCAN_START)
			open_element(&r, &t);
		else if (t.tag != TAG_UNKNOWN)
			close_element(&r, t.tag);
	}
	if (r.block_depth == 0)
		end_run(&r);
	result = arena_strdup(a, buf_is_full(&r.out) ? "" : buf_text(&r.out));
	buf_clear(&r.out);
	return result;
}
