/* SPDX-License-Identifier: ISC */
#include "html/footnotes.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "html/rewrite.h"
#include "html/scan.h"

enum {
	MARK_BYTES = 40, /* of a link's text; more is no mark */
	DIGITS_MOST = 4
};

/* What stands before a link. */
enum before { BEFORE_NOTHING, BEFORE_BLANK, BEFORE_WORD };

/* What a link is to the notes of its page. */
enum note_link { NOTE_NONE, NOTE_MARK, NOTE_BACK };

struct walk {
	struct arena *a;
	const char *page;
	size_t page_len;
	struct html_rewrite *out;
	struct html_scan scan;
	size_t raised;    /* <sup> open */
	bool is_in_mark;  /* an <a> was left out, and its end will be */
	bool adds_raised; /* with a <sup> in its place */
	enum before before;
};

/* The scheme is left out: many a feed names its pages by the other one. */
static const char *
without_scheme(const char *url)
{
	const char *found = strstr(url, "://");

	return found ? found + 3 : url;
}

static bool
leads_to_page(const struct walk *w, const struct html_token *t)
{
	const char *href = token_value(w->a, t, "href");

	if (!href)
		return false;
	href = without_scheme(href);
	return strncmp(href, w->page, w->page_len) == 0 &&
	    href[w->page_len + (href[w->page_len] == '/')] == '#';
}

/* The text of the link behind whose start tag s stands; false for one that is long. */
static bool
link_text(struct html_scan s, struct buf *b)
{
	struct html_token t;

	while (scan_next(&s, &t)) {
		if (t.tag == TAG_A && t.kind == SCAN_END)
			return true;
		if (t.tag == TAG_IMG || (t.kind == SCAN_TEXT && t.len > MARK_BYTES) ||
		    b->len > MARK_BYTES)
			return false;
		if (t.kind == SCAN_TEXT)
			scan_decode(b, t.text, t.len);
	}
	return false;
}

static bool
is_one_of(uint32_t c, const uint32_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == c)
			return true;
	}
	return false;
}

/* Arrows, as they are drawn, and what may stand beside them. */
static bool
is_back(const char *text, size_t len)
{
	static const uint32_t arrows[] = { '^', 0x2191, 0x21A9, 0x21B5, 0x21A5, 0x21D1,
		0x21E7, 0x23CE, 0x2934, 0x2912, 0x1F519, 0x1F51D };
	static const uint32_t beside[] = { ' ', 0xA0, 0xFE0E, 0xFE0F };
	size_t found = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(text + i, len - i, &c);
		if (is_one_of(c, arrows, ARRAY_LEN(arrows)))
			found++;
		else if (!is_one_of(c, beside, ARRAY_LEN(beside)))
			return false;
	}
	return found > 0;
}

/* A number or one sign, in brackets or not. */
static bool
is_mark(const char *text, size_t len)
{
	static const uint32_t signs[] = { '*', 0x2020, 0x2021, 0xA7, 0xB6 };
	size_t digits = 0;
	uint32_t c = 0;

	if (len > 2 && strchr("[(", *text) && strchr("])", text[len - 1])) {
		text++;
		len -= 2;
	}
	while (digits < len && ascii_is_digit((unsigned char)text[digits]))
		digits++;
	if (digits == len)
		return len > 0 && len <= DIGITS_MOST;
	return text_decode(text, len, &c) == len && is_one_of(c, signs, ARRAY_LEN(signs));
}

static enum note_link
classify(const struct walk *w, const struct html_token *t)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);
	enum note_link kind = NOTE_NONE;
	const char *text = NULL;
	size_t len = 0;

	if (!leads_to_page(w, t) || !link_text(w->scan, &b))
		goto out;
	text = buf_text(&b);
	len = b.len;
	ascii_trim(&text, &len);
	if (is_back(text, len))
		kind = NOTE_BACK;
	else if (is_mark(text, len))
		kind = NOTE_MARK;
out:
	buf_clear(&b);
	return kind;
}

/*
 * A number without its link would run into the word before it, and one in brackets be taken for
 * a reference of the text part.
 */
static bool
is_raised_here(const struct walk *w)
{
	if (w->raised > 0 || w->scan.at >= w->scan.end)
		return false;
	if (ascii_is_digit((unsigned char)*w->scan.at))
		return w->before == BEFORE_WORD;
	return *w->scan.at == '[' && w->before != BEFORE_NOTHING;
}

static void
begin_mark(struct walk *w)
{
	w->is_in_mark = true;
	w->adds_raised = is_raised_here(w);
	if (w->adds_raised)
		rewrite_tag(w->out, SCAN_START, TAG_SUP);
}

static void
end_mark(struct walk *w)
{
	w->is_in_mark = false;
	if (w->adds_raised)
		rewrite_tag(w->out, SCAN_END, TAG_SUP);
}

static void
follow(struct walk *w, const struct html_token *t)
{
	if (t->tag == TAG_SUP && t->kind == SCAN_START)
		w->raised++;
	else if (t->tag == TAG_SUP && t->kind == SCAN_END && w->raised > 0)
		w->raised--;
	if (t->kind == SCAN_TEXT && t->len > 0) {
		if (!ascii_is_space((unsigned char)t->text[t->len - 1]))
			w->before = BEFORE_WORD;
		else if (w->before != BEFORE_NOTHING ||
		    !ascii_is_only_space(t->text, t->len))
			w->before = BEFORE_BLANK;
	} else if (tag_is(t->tag, TAG_IS_BLOCK) || tag_is(t->tag, TAG_IS_VOID)) {
		w->before = BEFORE_NOTHING;
	}
}

static void
walk_token(struct walk *w, const struct html_token *t)
{
	enum note_link kind = NOTE_NONE;

	follow(w, t);
	if (t->tag == TAG_A && t->kind == SCAN_START)
		kind = classify(w, t);
	if (kind == NOTE_BACK)
		scan_skip_element(&w->scan, TAG_A);
	else if (kind == NOTE_MARK)
		begin_mark(w);
	else if (t->tag == TAG_A && t->kind == SCAN_END && w->is_in_mark)
		end_mark(w);
	else
		rewrite_token(w->out, t);
}

/* False when no link of html can lead to the page, which saves most of the walks. */
static bool
may_name(struct arena *a, const char *html, const char *page, size_t len)
{
	const char *plain = arena_strndup(a, page, len);

	return strpbrk(plain, "&<>\"'") != NULL || strstr(html, plain) != NULL;
}

const char *
html_without_note_links(struct arena *a, const char *html, const char *page)
{
	struct walk w = { .a = a };
	struct html_token t;

	if (!text_is_set(page) || !strchr(html, '#'))
		return html;
	w.page = without_scheme(page);
	w.page_len = strcspn(w.page, "#");
	if (w.page_len > 0 && w.page[w.page_len - 1] == '/')
		w.page_len--;
	if (w.page_len == 0 || !may_name(a, html, w.page, w.page_len))
		return html;
	w.out = rewrite_new();
	scan_init(&w.scan, html, strlen(html));
	while (scan_next(&w.scan, &t))
		walk_token(&w, &t);
	return rewrite_finish(w.out, a);
}
