/* SPDX-License-Identifier: ISC */
#include "digest/styles.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	TABLES_MAX = 16, /* nested deeper, a table is layout and nobody looks */
	HEADINGS_MAX = 8,
	WIDTH_MAX = 526, /* the card's 600 less its padding and border */
	WIDTH_MIN = 200,
	LISTING_PADDING = 28
};

/* ---- the pass over clean HTML ---- */

struct pass {
	const struct sheet *sheet;
	struct arena *a;
	struct buf out;
	int heading; /* level the post stands under */
	int last_heading;
	int headings[HEADINGS_MAX]; /* levels as written of the open ones */
	size_t heading_depth;
	bool layout[TABLES_MAX]; /* of the open tables */
	size_t table_depth;
	size_t pre_depth;
	size_t list_depth;
	bool loose; /* text without a margin below it was written last */
	int inset;  /* what lists and quotes around here take of the width */
	bool rtl;
};

/* What elements take of the width of what stands in them, as style.ini sets them apart. */
static int
inset_of(const char *tag)
{
	static const struct {
		const char *tag;
		int inset;
	} insets[] = { { "ul", 24 }, { "ol", 24 }, { "dd", 24 }, { "blockquote", 19 } };

	for (size_t i = 0; i < ARRAY_LEN(insets); i++) {
		if (strcmp(insets[i].tag, tag) == 0)
			return insets[i].inset;
	}
	return 0;
}

/*
 * The width left for a box that scrolls.  It must be said in pixels: a table cell grows with
 * what is in it, scrolling or not, unless that is limited so.
 */
static int
width_left(const struct pass *p)
{
	int width = WIDTH_MAX - p->inset;

	return width > WIDTH_MIN ? width : WIDTH_MIN;
}

/* One start tag, its pieces borrowed from the HTML. */
struct tag {
	char name[16];
	const char *attributes; /* behind the name */
	size_t attributes_len;  /* up to ">" or "/>" */
};

static const struct element_style *
find_style(const struct sheet *s, const char *tag)
{
	for (size_t i = 0; i < s->element_count; i++) {
		if (strcmp(s->elements[i].tag, tag) == 0)
			return &s->elements[i];
	}
	return NULL;
}

static const char *
read_name(const char *p, char name[16])
{
	size_t n = 0;

	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
	    (*p >= '0' && *p <= '9')) {
		if (n + 1 < 16)
			name[n++] = (char)text_lower(*p);
		p++;
	}
	name[n] = '\0';
	return p;
}

/* The end of a tag: its ">" outside quotes, or the closing NUL. */
static const char *
tag_end(const char *p)
{
	char quote = '\0';

	for (; *p; p++) {
		if (quote) {
			if (*p == quote)
				quote = '\0';
		} else if (*p == '"' || *p == '\'') {
			quote = *p;
		} else if (*p == '>') {
			break;
		}
	}
	return p;
}

struct attribute {
	const char *name;
	size_t name_len;
	const char *value; /* without quotes */
	size_t value_len;
};

/* Takes the next attribute off the front; false at the end. */
static bool
next_attribute(const char **p, const char *end, struct attribute *at)
{
	const char *s = *p;

	while (s < end && (text_is_space((unsigned char)*s) || *s == '/'))
		s++;
	at->name = s;
	while (s < end && *s != '=' && !text_is_space((unsigned char)*s))
		s++;
	at->name_len = (size_t)(s - at->name);
	at->value = s;
	at->value_len = 0;
	if (s + 1 < end && *s == '=') {
		char quote = s[1];

		at->value = s + 2;
		s += 2;
		while (s < end && *s != quote)
			s++;
		at->value_len = (size_t)(s - at->value);
		if (s < end)
			s++;
	} else if (s < end && *s == '=') {
		s++;
	}
	*p = s;
	return at->name_len > 0;
}

static bool
is_named(const struct attribute *at, const char *name)
{
	return strlen(name) == at->name_len && strncmp(at->name, name, at->name_len) == 0;
}

static bool
find_attribute(const struct tag *tag, const char *name, struct attribute *at)
{
	const char *p = tag->attributes;

	while (next_attribute(&p, tag->attributes + tag->attributes_len, at)) {
		if (is_named(at, name))
			return true;
	}
	return false;
}

/* True when the value of a style speaks of colour: it would be unreadable in the dark. */
static bool
has_colour(const struct attribute *style)
{
	static const char word[] = "color";
	static const char other[] = "background";

	for (size_t i = 0; i < style->value_len; i++) {
		if (strncmp(style->value + i, word, sizeof(word) - 1) == 0 ||
		    strncmp(style->value + i, other, sizeof(other) - 1) == 0)
			return true;
	}
	return false;
}

static bool
is_too_wide(const struct tag *tag)
{
	struct attribute at;
	long width = 0;

	if (strcmp(tag->name, "img") != 0 || !find_attribute(tag, "width", &at))
		return false;
	for (size_t i = 0; i < at.value_len && width <= WIDTH_MAX; i++) {
		if (at.value[i] < '0' || at.value[i] > '9')
			break;
		width = width * 10 + (at.value[i] - '0');
	}
	return width > WIDTH_MAX;
}

/* Writes the tag's own attributes, but those that are ours to say. */
static void
put_attributes(struct pass *p, const struct tag *tag, struct attribute *style)
{
	const char *s = tag->attributes;
	bool narrowed = is_too_wide(tag);
	struct attribute at;

	while (next_attribute(&s, tag->attributes + tag->attributes_len, &at)) {
		if (is_named(&at, "style")) {
			*style = at;
			continue;
		}
		if (is_named(&at, "class") || (narrowed && is_named(&at, "height")))
			continue;
		if (narrowed && is_named(&at, "width")) {
			buf_addf(&p->out, " width=\"%d\"", WIDTH_MAX);
			continue;
		}
		buf_addc(&p->out, ' ');
		buf_add(&p->out, at.name, at.name_len);
		buf_adds(&p->out, "=\"");
		buf_add(&p->out, at.value, at.value_len);
		buf_addc(&p->out, '"');
	}
}

/* True for blocks that have margins of their own, or begin afresh inside; "div" has none. */
static bool
is_set_apart(const char *name)
{
	static const char *const names[] = { "p", "ul", "ol", "li", "dl", "dt", "dd",
		"pre", "blockquote", "figure", "figcaption", "table", "caption", "tr",
		"td", "th", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "address" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/*
 * Blocks have their margin below, so that a post begins at the top.  One that follows loose
 * text ("as follows:" and a list) would touch it, and has it above too.
 */
static void
put_style(struct pass *p, const char *style)
{
	static const char below[] = "margin:0 0 ";
	const char *size = style + sizeof(below) - 1;
	size_t len;

	if (!p->loose || strncmp(style, below, sizeof(below) - 1) != 0) {
		buf_adds(&p->out, style);
		return;
	}
	len = strcspn(size, ";");
	buf_addf(&p->out, "margin:%.*s 0%s", (int)len, size, size + len);
}

static void
put_tag(struct pass *p, const struct tag *tag, const char *name, const char *key,
    const char *extra, int max_width)
{
	const struct element_style *e = *key ? find_style(p->sheet, key) : NULL;
	const char *ours = !e ? "" : p->rtl ? e->style_rtl : e->style;
	struct attribute own = { 0 };
	bool keeps_own = false;

	buf_addf(&p->out, "<%s%s", name, extra);
	put_attributes(p, tag, &own);
	keeps_own = own.value_len > 0 && !has_colour(&own);
	if (e && *e->class_name)
		buf_addf(&p->out, " class=\"%s\"", e->class_name);
	if (*ours || keeps_own) {
		buf_adds(&p->out, " style=\"");
		put_style(p, ours);
		if (max_width > 0)
			buf_addf(&p->out, ";max-width:%dpx", max_width);
		if (*ours && keeps_own)
			buf_addc(&p->out, ';');
		if (keeps_own)
			buf_add(&p->out, own.value, own.value_len);
		buf_addc(&p->out, '"');
	}
	buf_addc(&p->out, '>');
}

/* ---- elements with something of their own ---- */

/* A table is data when it has a header cell of its own, not one of a table inside it. */
static bool
has_header_cell(const char *html)
{
	size_t depth = 0;

	for (const char *s = strchr(html, '<'); s; s = strchr(s + 1, '<')) {
		char name[16];
		bool closes = s[1] == '/';

		(void)read_name(s + (closes ? 2 : 1), name);
		if (strcmp(name, "table") == 0 && closes && depth-- == 0)
			return false;
		if (strcmp(name, "table") == 0 && !closes)
			depth++;
		if (strcmp(name, "th") == 0 && depth == 0)
			return true;
	}
	return false;
}

static void
open_table(struct pass *p, const struct tag *tag, const char *behind)
{
	bool layout = p->table_depth >= TABLES_MAX || !has_header_cell(behind);
	struct attribute at;

	if (p->table_depth < TABLES_MAX)
		p->layout[p->table_depth] = layout;
	p->table_depth++;
	/* A wide table scrolls in its own box where the mail program can do that. */
	buf_addf(&p->out, "<div style=\"overflow-x:auto;max-width:%dpx\">",
	    width_left(p));
	put_tag(p, tag, "table", layout ? "layout_table" : "table",
	    layout && !find_attribute(tag, "role", &at) ? " role=\"presentation\"" : "",
	    0);
}

static bool
in_layout(const struct pass *p)
{
	return p->table_depth == 0 || p->table_depth > TABLES_MAX ||
	    p->layout[p->table_depth - 1];
}

/*
 * The cleaner sinks headings below level 4; here they follow the level the post really has,
 * and none goes deeper than one below the heading before it.
 */
static void
open_heading(struct pass *p, const struct tag *tag)
{
	int level = tag->name[1] - '0' - 4 + p->heading;
	char name[16];

	if (level > p->last_heading + 1)
		level = p->last_heading + 1;
	if (level <= p->heading)
		level = p->heading + 1;
	if (level > 6)
		level = 6;
	p->last_heading = level;
	if (p->heading_depth < HEADINGS_MAX)
		p->headings[p->heading_depth] = level;
	p->heading_depth++;
	(void)snprintf(name, sizeof(name), "h%d", level);
	put_tag(p, tag, name, level == p->heading + 1 ? "h5" : "h6", "", 0);
}

static void
close_heading(struct pass *p)
{
	int level = 6;

	if (p->heading_depth > 0)
		p->heading_depth--;
	if (p->heading_depth < HEADINGS_MAX && p->headings[p->heading_depth] > 0)
		level = p->headings[p->heading_depth];
	buf_addf(&p->out, "</h%d>", level);
}

static bool
is_heading(const char *name)
{
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0';
}

static bool
is_list(const char *name)
{
	return strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0;
}

static void
open_styled(struct pass *p, const struct tag *tag, const char *behind)
{
	struct attribute at;
	const char *key = tag->name;

	if (strcmp(tag->name, "table") == 0) {
		open_table(p, tag, behind);
		return;
	}
	if (is_heading(tag->name)) {
		open_heading(p, tag);
		return;
	}
	if (strcmp(tag->name, "pre") == 0) {
		p->pre_depth++;
		put_tag(p, tag, "pre", "pre",
		    p->rtl && !find_attribute(tag, "dir", &at) ? " dir=\"ltr\"" : "",
		    width_left(p) - LISTING_PADDING);
		return;
	}
	if (p->pre_depth > 0 && strcmp(tag->name, "a") != 0)
		key = "";
	else if (strcmp(tag->name, "td") == 0 && in_layout(p))
		key = "layout_td";
	else if (p->list_depth > 0 && is_list(tag->name))
		key = tag->name[0] == 'u' ? "inner_ul" : "inner_ol";
	if (is_list(tag->name))
		p->list_depth++;
	put_tag(p, tag, tag->name, key, "", 0);
	p->inset += inset_of(tag->name);
}

static void
open_element(struct pass *p, const struct tag *tag, const char *behind)
{
	open_styled(p, tag, behind);
	if (strcmp(tag->name, "img") == 0)
		p->loose = true;
	else if (is_set_apart(tag->name))
		p->loose = false;
}

static void
close_element(struct pass *p, const char *name)
{
	p->loose = p->loose && !is_set_apart(name);
	if (is_heading(name)) {
		close_heading(p);
		return;
	}
	if (strcmp(name, "pre") == 0 && p->pre_depth > 0)
		p->pre_depth--;
	p->inset -= inset_of(name);
	if (is_list(name) && p->list_depth > 0)
		p->list_depth--;
	buf_addf(&p->out, "</%s>", name);
	if (strcmp(name, "table") == 0) {
		if (p->table_depth > 0)
			p->table_depth--;
		buf_adds(&p->out, "</div>");
	}
}

char *
sheet_apply(struct arena *a, const struct sheet *s, const char *html, int heading,
    bool rtl)
{
	struct pass p = { .sheet = s,
		.a = a,
		.out = BUF_INIT(LIMIT_PART),
		.heading = heading,
		.last_heading = heading,
		.rtl = rtl };
	char *result = NULL;

	while (*html) {
		const char *open = strchr(html, '<');
		struct tag tag = { 0 };
		bool closes = false;

		if (!open)
			open = html + strlen(html);
		buf_add(&p.out, html, (size_t)(open - html));
		p.loose = p.loose || strspn(html, " \t\n") < (size_t)(open - html);
		if (!*open)
			break;
		closes = open[1] == '/';
		tag.attributes = read_name(open + (closes ? 2 : 1), tag.name);
		html = tag_end(open);
		tag.attributes_len = (size_t)(html - tag.attributes);
		if (*html)
			html++;
		if (!*tag.name)
			continue;
		if (closes)
			close_element(&p, tag.name);
		else
			open_element(&p, &tag, html);
	}
	result = arena_strdup(a, buf_is_full(&p.out) ? "" : buf_text(&p.out));
	buf_clear(&p.out);
	return result;
}
