/* SPDX-License-Identifier: ISC */
/*
 * Inline elements in plain text: links and their numbers, pictures, struck and raised text,
 * ruby, quotes.
 */
#include "html/to_text_private.h"

#include <string.h>

#include "base/text.h"

static bool
is_space_or_break(char c)
{
	return c == ' ' || c == '\n';
}

/* Moves the starts of elements that hold nothing yet behind what was put before their text. */
static void
move_starts(struct text_spans *s, size_t from, size_t to)
{
	if (s->link_start >= from)
		s->link_start = to;
	if (s->raised_start >= from)
		s->raised_start = to;
}

static void
write_bar(struct buf *inner)
{
	while (inner->len > 0 && inner->data[inner->len - 1] == ' ')
		buf_truncate(inner, inner->len - 1);
	if (inner->len > 0 && inner->data[inner->len - 1] != '\n')
		buf_adds(inner, " | ");
}

/* Before a sign of ours that counts as text: what waits for text is written. */
static void
before_text(struct text_writer *w, char next)
{
	struct text_spans *s = &w->spans;
	struct buf *inner = &w->lines.inner;
	size_t from = inner->len;

	if (!s->wants_bar && !s->wants_space && (s->struck == 0 || s->is_struck))
		return;
	if (s->wants_bar)
		write_bar(inner);
	else if (s->wants_space && inner->len > 0 &&
	    !is_space_or_break(inner->data[inner->len - 1]) && !strchr(".,;:!?)]", next))
		buf_addc(inner, ' ');
	s->wants_bar = false;
	s->wants_space = false;
	if (s->struck > 0 && !s->is_struck) {
		buf_adds(inner, "~~");
		s->is_struck = true;
	}
	move_starts(s, from, inner->len);
}

/* Hyphens that only show where a line ends in a word: here they would show anywhere. */
static void
drop_soft_hyphens(struct buf *b, size_t start)
{
	size_t to = start;

	if (b->len <= start || !memchr(b->data + start, '\xAD', b->len - start))
		return;
	for (size_t i = start; i < b->len; i++) {
		if (b->data[i] == '\xC2' && i + 1 < b->len && b->data[i + 1] == '\xAD')
			i++;
		else
			b->data[to++] = b->data[i];
	}
	buf_truncate(b, to);
}

static void
add(struct text_writer *w, const char *text, size_t len)
{
	size_t start = w->lines.inner.len;

	if (w->pre > 0)
		scan_decode(&w->lines.inner, text, len);
	else
		lines_add(&w->lines, text, len);
	drop_soft_hyphens(&w->lines.inner, start);
}

/* Length of the blanks that text begins with, no-break ones among them. */
static size_t
blanks(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		if (ascii_is_space((unsigned char)text[i]))
			i++;
		else if (text[i] == '\xC2' && text[i + 1] == '\xA0')
			i += 2;
		else
			break;
	}
	return i;
}

/* Text of the page, as it stands there. */
static void
write_text(struct text_writer *w, const char *text, size_t len)
{
	size_t lead = blanks(text, len);

	/* Many an empty cell holds a no-break blank. */
	if (lead == len && w->spans.wants_bar)
		return;
	add(w, text, lead);
	if (lead == len)
		return;
	before_text(w, text[lead]);
	add(w, text + lead, len - lead);
}

/* ---- links ---- */

/*
 * Puts a mark right behind the text since start, before the blanks and line ends that end it;
 * text already written in blocks of its own gets it on its last line.
 */
static void
write_mark(struct text_writer *w, size_t start, size_t out, const char *mark)
{
	struct text_lines *l = &w->lines;
	struct buf *inner = &l->inner;
	bool is_written = l->out->len > out;
	size_t floor = is_written || start > inner->len ? 0 : start;
	size_t len = inner->len;
	size_t breaks = 0;

	while (len > floor && is_space_or_break(inner->data[len - 1]))
		breaks += inner->data[--len] == '\n';
	if (len == 0 && is_written) {
		lines_amend(l, mark);
		return;
	}
	floor = inner->len;
	buf_truncate(inner, len);
	if (*mark == ' ' && (len == 0 || is_space_or_break(inner->data[len - 1])))
		mark++;
	buf_adds(inner, mark);
	if (breaks == 0 && len < floor)
		buf_addc(inner, ' ');
	for (; breaks > 0; breaks--)
		buf_addc(inner, '\n');
}

static void
begin_link(struct text_writer *w, const struct html_token *t)
{
	const struct buf *inner = &w->lines.inner;

	/* Links that only a style sheet keeps apart: "[1]Reply[2]Share". */
	if (inner->len > 0 && inner->data[inner->len - 1] == ']')
		w->spans.wants_space = true;
	w->spans.href = token_value(w->a, t, "href");
	w->spans.link_start = inner->len;
	w->spans.link_out = w->lines.out->len;
}

/* Puts the number behind the link's text, unless that is the address itself. */
static void
end_link(struct text_writer *w)
{
	struct text_spans *s = &w->spans;
	struct buf *inner = &w->lines.inner;
	const char *href = s->href;
	struct buf mark = BUF_INIT(LIMIT_FIELD);

	s->href = NULL;
	if (!href)
		return;
	/* Text already written in a block of its own lies before link_start. */
	if (s->link_start <= inner->len && inner->len > 0) {
		if (links_is_said(inner->data + s->link_start, inner->len - s->link_start,
			href))
			return;
	}
	buf_addc(&mark, ' ');
	links_add_mark(&mark, links_number(&w->links, href));
	write_mark(w, s->link_start, s->link_out, buf_text(&mark));
	buf_clear(&mark);
}

/* ---- other elements ---- */

static void
write_picture(struct text_writer *w, const struct html_token *t)
{
	const char *alt = token_value(w->a, t, "alt");
	const char *title = token_value(w->a, t, "title");
	struct buf *inner = &w->lines.inner;
	size_t start;

	if (title && alt && strcmp(title, alt) == 0)
		title = NULL;
	if ((!alt || !*alt) && (!title || !*title))
		return;
	w->spans.wants_space = inner->len > 0 && inner->data[inner->len - 1] != '(';
	before_text(w, '[');
	start = inner->len;
	buf_addc(inner, '[');
	if (alt && *alt)
		buf_adds(inner, alt);
	if (alt && *alt && title && *title)
		buf_adds(inner, ": ");
	if (title && *title)
		buf_adds(inner, title);
	buf_addc(inner, ']');
	drop_soft_hyphens(inner, start);
	w->spans.wants_space = true;
}

static void
begin_raised(struct text_writer *w)
{
	if (w->spans.raised++ > 0)
		return;
	w->spans.raised_start = w->lines.inner.len;
	w->spans.raised_out = w->lines.out->len;
}

static void
end_raised(struct text_writer *w, const struct html_token *t)
{
	struct text_spans *s = &w->spans;
	struct buf *inner = &w->lines.inner;
	struct buf content = BUF_INIT(LIMIT_HTML_CLEAN);
	const char *text = NULL;
	const char *mark = NULL;
	size_t len = 0;

	if (s->raised == 0 || --s->raised > 0)
		return;
	if (s->raised_out != w->lines.out->len || s->raised_start >= inner->len)
		return;
	buf_add(&content, inner->data + s->raised_start, inner->len - s->raised_start);
	text = buf_text(&content);
	len = content.len;
	ascii_trim(&text, &len);
	/* The blanks around it stay, whichever side of the tags they stand on. */
	buf_truncate(inner, s->raised_start + (size_t)(text - buf_text(&content)));
	/* The number of a link inside is not raised. */
	mark = len > 0 ? strstr(text, " [") : NULL;
	if (mark && mark < text + len) {
		raised_write(inner, text, (size_t)(mark - text), t->text + t->len);
		buf_add(inner, mark, (size_t)(text + len - mark));
	} else if (len > 0) {
		raised_write(inner, text, len, t->text + t->len);
	}
	if (text + len < buf_text(&content) + content.len)
		buf_addc(inner, ' ');
	buf_clear(&content);
}

static void
begin_struck(struct text_writer *w)
{
	if (w->spans.struck++ == 0)
		w->spans.struck_out = w->lines.out->len;
}

static void
end_struck(struct text_writer *w)
{
	struct text_spans *s = &w->spans;

	if (s->struck == 0 || --s->struck > 0)
		return;
	if (s->is_struck)
		write_mark(w, 0, s->struck_out, "~~");
	s->is_struck = false;
}

/* A reading without its parentheses would run into the word that it explains. */
static void
write_reading(struct text_writer *w, char parenthesis)
{
	struct buf *inner = &w->lines.inner;

	if (w->spans.has_rp)
		return;
	while (inner->len > 0 && inner->data[inner->len - 1] == ' ')
		buf_truncate(inner, inner->len - 1);
	buf_addc(inner, parenthesis);
}

/* False for an element that is not inline. */
static bool
start_element(struct text_writer *w, const struct html_token *t)
{
	switch ((int)t->tag) {
	case TAG_A:
		begin_link(w, t);
		break;
	case TAG_IMG:
		write_picture(w, t);
		break;
	case TAG_SUP:
		begin_raised(w);
		break;
	case TAG_S:
	case TAG_DEL:
	case TAG_STRIKE:
		begin_struck(w);
		break;
	case TAG_RUBY:
		w->spans.has_rp = false;
		break;
	case TAG_RP:
		w->spans.has_rp = true;
		break;
	case TAG_RT:
		write_reading(w, '(');
		break;
	case TAG_Q:
		before_text(w, '"');
		buf_adds(&w->lines.inner, "\xE2\x80\x9C");
		break;
	default:
		return false;
	}
	return true;
}

static bool
end_element(struct text_writer *w, const struct html_token *t)
{
	switch ((int)t->tag) {
	case TAG_A:
		end_link(w);
		break;
	case TAG_SUP:
		end_raised(w, t);
		break;
	case TAG_S:
	case TAG_DEL:
	case TAG_STRIKE:
		end_struck(w);
		break;
	case TAG_RT:
		write_reading(w, ')');
		break;
	case TAG_Q:
		buf_adds(&w->lines.inner, "\xE2\x80\x9D");
		break;
	default:
		return false;
	}
	return true;
}

bool
inline_token(struct text_writer *w, const struct html_token *t)
{
	switch (t->kind) {
	case SCAN_TEXT:
		write_text(w, t->text, t->len);
		return true;
	case SCAN_START:
		return start_element(w, t);
	case SCAN_END:
		return end_element(w, t);
	}
	return false;
}
