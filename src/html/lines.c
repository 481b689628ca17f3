/* SPDX-License-Identifier: ISC */
#include "html/lines.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/rewrite.h"

struct line_reader {
	struct arena *a;
	const char *html;
	struct html_line *lines;
	size_t count;
	struct buf text;     /* of the line at hand */
	struct buf pictures; /* of the line at hand */
	size_t from;         /* where its first token begins */
	size_t to;           /* where its last one ends */
	size_t bound;        /* headings, listings and tables open */
	struct buf links;    /* of the line at hand */
	const char *href;    /* of the link at hand, in a; NULL = none */
	bool is_begun;
};

static bool
is_binding(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_HEADING) || tag == TAG_PRE || tag == TAG_TABLE;
}

static void
end_line(struct line_reader *r)
{
	const char *text = NULL;

	if (!r->is_begun)
		return;
	text = text_one_line(r->a, buf_text(&r->text), r->text.len);
	if (*text || r->pictures.len > 0) {
		r->lines = arena_grow_list(r->a, r->lines, r->count, sizeof(*r->lines));
		r->lines[r->count++] = (struct html_line){ .text = text,
			.pictures = arena_strdup(r->a, buf_text(&r->pictures)),
			.from = r->from,
			.to = r->to,
			.links = arena_strdup(r->a, buf_text(&r->links)),
			.is_bound = r->bound > 0 };
	}
	buf_reset(&r->text);
	buf_reset(&r->pictures);
	buf_reset(&r->links);
	r->is_begun = false;
}

/* What shows something begins the line or makes it longer.  A link is told once. */
static void
reach(struct line_reader *r, const struct html_token *t)
{
	if (!r->is_begun)
		r->from = (size_t)(t->text - r->html);
	r->is_begun = true;
	r->to = (size_t)(t->text - r->html) + t->len;
	if (r->href)
		buf_addf(&r->links, " %s", r->href);
	r->href = NULL;
}

static void
read_picture(struct line_reader *r, const struct html_token *t)
{
	struct token_attr at = { 0 };

	reach(r, t);
	buf_addc(&r->pictures, ' ');
	if (token_find_attr(t, "src", &at))
		scan_decode(&r->pictures, at.value, at.value_len);
}

static void
read_tag(struct line_reader *r, const struct html_token *t)
{
	if (t->tag == TAG_IMG && t->kind == SCAN_START) {
		read_picture(r, t);
		return;
	}
	if (t->tag == TAG_A)
		r->href = t->kind == SCAN_START ? token_value(r->a, t, "href") : NULL;
	if (!tag_is(t->tag, TAG_IS_BLOCK) && t->tag != TAG_BR)
		return;
	end_line(r);
	if (!is_binding(t->tag))
		return;
	if (t->kind == SCAN_START)
		r->bound++;
	else if (r->bound > 0)
		r->bound--;
}

size_t
html_lines(struct arena *a, const char *html, size_t most, struct html_line **out)
{
	struct line_reader r = { .a = a,
		.html = html,
		.text = BUF_INIT(LIMIT_HTML_CLEAN),
		.pictures = BUF_INIT(LIMIT_HTML_CLEAN),
		.links = BUF_INIT(LIMIT_HTML_CLEAN) };
	struct html_scan s;
	struct html_token t;

	scan_init(&s, html, strlen(html));
	while (r.count < most && scan_next(&s, &t)) {
		if (t.kind != SCAN_TEXT) {
			read_tag(&r, &t);
			continue;
		}
		if (!ascii_is_only_space(t.text, t.len))
			reach(&r, &t);
		if (r.is_begun)
			scan_decode(&r.text, t.text, t.len);
	}
	if (r.count < most)
		end_line(&r);
	buf_clear(&r.text);
	buf_clear(&r.pictures);
	buf_clear(&r.links);
	*out = r.lines;
	return r.count;
}

/* Text and pictures of the line; its tags stay, so that those around them stay balanced. */
static bool
is_of_line(const struct html_token *t)
{
	return t->kind == SCAN_TEXT || t->tag == TAG_IMG || t->tag == TAG_WBR;
}

char *
html_without_lines(struct arena *a, const char *html, const struct html_line *lines,
    const bool *is_dropped, size_t count)
{
	struct html_rewrite *r = rewrite_new();
	struct html_scan s;
	struct html_token t;
	size_t at = 0;

	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		const size_t from = (size_t)(t.text - html);

		while (at < count && lines[at].to <= from)
			at++;
		if (at < count && is_dropped[at] && from >= lines[at].from &&
		    is_of_line(&t))
			continue;
		/* The break that ended a line goes with it. */
		if (t.tag == TAG_BR && t.kind == SCAN_START && at > 0 &&
		    is_dropped[at - 1] && (at == count || from < lines[at].from))
			continue;
		rewrite_token(r, &t);
	}
	return rewrite_finish(r, a);
}
