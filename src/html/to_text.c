/* SPDX-License-Identifier: ISC */
/*
 * Plain text of clean HTML.  It reads the tokens once; what a block means for the text is in
 * one switch for its start and one for its end, inline elements are in to_text_inline.c.
 */
#include "html/to_text_private.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* ---- lists ---- */

static void
begin_list(struct text_writer *w, const struct html_token *t)
{
	const char *type = token_value(w->a, t, "type");
	struct text_list *list = NULL;

	if (w->list_depth == 0)
		lines_part(&w->lines);
	else
		lines_flush(&w->lines);
	if (w->list_depth == ARRAY_LEN(w->lists))
		return;
	list = &w->lists[w->list_depth++];
	list->ordered = t->tag == TAG_OL;
	list->type = type && *type ? *type : '1';
	list->number = token_number(t, "start", 1);
	list->step = token_value(w->a, t, "reversed") ? -1 : 1;
}

static void
end_list(struct text_writer *w)
{
	lines_flush(&w->lines);
	if (w->list_depth > 0)
		w->list_depth--;
	if (w->list_depth == 0)
		lines_part(&w->lines);
}

/* Up to ninety-nine, at most "lxxxviii": what is larger is written in digits. */
static void
roman(char *out, size_t size, long number)
{
	static const struct {
		long value;
		const char *text;
	} parts[] = {
		{ 90, "xc" },
		{ 50, "l" },
		{ 40, "xl" },
		{ 10, "x" },
		{ 9, "ix" },
		{ 5, "v" },
		{ 4, "iv" },
		{ 1, "i" },
	};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		for (; number >= parts[i].value; number -= parts[i].value)
			len +=
			    (size_t)snprintf(out + len, size - len, "%s", parts[i].text);
	}
}

/* "3. ", "c. ", "III. ", "- ". */
static void
item_mark(const struct text_list *list, char *out, size_t size)
{
	char text[INDENT_MAX - 3];
	bool is_upper = list->type == 'A' || list->type == 'I';
	bool is_letter = (list->type == 'a' || list->type == 'A') && list->number >= 1 &&
	    list->number <= 26;
	bool is_roman = (list->type == 'i' || list->type == 'I') && list->number >= 1 &&
	    list->number < 100;

	if (!list->ordered) {
		(void)snprintf(out, size, "- ");
		return;
	}
	if (is_letter)
		(void)snprintf(text, sizeof(text), "%c", (int)('a' + list->number - 1));
	else if (is_roman)
		roman(text, sizeof(text), list->number);
	else
		(void)snprintf(text, sizeof(text), "%ld", list->number % 1000000);
	for (size_t i = 0; is_upper && text[i]; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
	(void)snprintf(out, size, "%s. ", text);
}

static void
begin_item(struct text_writer *w, const struct html_token *t)
{
	struct text_list none = { .ordered = false };
	struct text_list *list = w->list_depth > 0 ? &w->lists[w->list_depth - 1] : &none;
	char mark[INDENT_MAX];
	char rest[INDENT_MAX] = "";

	list->number = token_number(t, "value", list->number);
	item_mark(list, mark, sizeof(mark));
	memset(rest, ' ', strlen(mark));
	list->number += list->step;
	lines_push(&w->lines, mark, rest);
}

/* ---- other elements ---- */

/*
 * Lines of dashes and of equals signs part sources and days in a letter; a heading inside an
 * entry has the quieter mark that people write in mails, the same on all lines of a long one.
 * The first is never a heading below another, as in the styled letter.
 */
static void
begin_heading(struct text_writer *w, enum html_tag tag)
{
	const char *mark = tag == TAG_H6 && w->has_heading ? "### " : "## ";

	w->has_heading = true;
	lines_part(&w->lines);
	lines_push(&w->lines, mark, mark);
}

static void
write_rule(struct text_writer *w)
{
	lines_part(&w->lines);
	buf_adds(&w->lines.inner, "* * *");
	lines_part(&w->lines);
}

static void
start_tag(struct text_writer *w, const struct html_token *t)
{
	struct text_lines *l = &w->lines;

	if (tag_is(t->tag, TAG_IS_HEADING)) {
		begin_heading(w, t->tag);
		return;
	}
	switch ((int)t->tag) {
	case TAG_P:
	case TAG_TABLE:
	case TAG_FIGURE:
	case TAG_DL:
		/* A paragraph that only begins a list item stays beside its mark. */
		if (t->tag != TAG_P || l->depth == 0 || l->containers[l->depth - 1].begun)
			lines_part(l);
		else
			lines_flush(l);
		break;
	case TAG_PRE:
		lines_part(l);
		w->pre++;
		break;
	case TAG_BLOCKQUOTE:
		lines_part(l);
		lines_push(l, "> ", "> ");
		break;
	case TAG_UL:
	case TAG_OL:
		begin_list(w, t);
		break;
	case TAG_LI:
		begin_item(w, t);
		break;
	case TAG_DD:
		lines_push(l, "    ", "    ");
		break;
	case TAG_HR:
		write_rule(w);
		break;
	case TAG_BR:
		buf_addc(&l->inner, '\n');
		break;
	case TAG_TD:
	case TAG_TH:
		w->spans.wants_bar = l->inner.len > 0;
		break;
	default:
		if (tag_is(t->tag, TAG_IS_BLOCK))
			lines_flush(l);
		break;
	}
}

static void
end_tag(struct text_writer *w, const struct html_token *t)
{
	struct text_lines *l = &w->lines;

	if (tag_is(t->tag, TAG_IS_HEADING) || t->tag == TAG_BLOCKQUOTE) {
		lines_pop(l);
		l->wants_blank = true;
		return;
	}
	switch ((int)t->tag) {
	case TAG_P:
	case TAG_TABLE:
	case TAG_FIGURE:
	case TAG_DL:
		lines_part(l);
		break;
	case TAG_PRE:
		lines_flush_verbatim(l);
		l->wants_blank = true;
		if (w->pre > 0)
			w->pre--;
		break;
	case TAG_UL:
	case TAG_OL:
		end_list(w);
		break;
	case TAG_LI:
	case TAG_DD:
		lines_pop(l);
		/* Items stand close together, unless they hold paragraphs of their own. */
		l->wants_blank = false;
		break;
	case TAG_TD:
	case TAG_TH:
		break;
	default:
		if (tag_is(t->tag, TAG_IS_BLOCK))
			lines_flush(l);
		break;
	}
}

static char *
make_text(struct arena *a, struct arena *scratch, const char *html, size_t columns,
    size_t *words)
{
	struct buf out = BUF_INIT(4 * (size_t)LIMIT_HTML_CLEAN);
	struct text_writer *w = arena_alloc(scratch, sizeof(*w));
	struct html_scan s;
	struct html_token t;

	w->a = scratch;
	w->links.a = scratch;
	lines_init(&w->lines, &out, columns);
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		if ((t.kind == SCAN_START && t.tag == TAG_TABLE && table_write(w, &s)) ||
		    inline_token(w, &t))
			continue;
		if (t.kind == SCAN_START)
			start_tag(w, &t);
		else
			end_tag(w, &t);
	}
	lines_flush(&w->lines);
	*words = wrap_count_words(buf_text(&out), out.len);
	links_write(&w->links, &out);
	lines_clear(&w->lines);
	return arena_take(a, &out);
}

char *
html_to_text_count(struct arena *a, const char *html, size_t columns, size_t *words)
{
	struct arena *scratch = arena_new();
	char *text = make_text(a, scratch, html, columns, words);

	arena_free(scratch);
	return text;
}

char *
html_to_text(struct arena *a, const char *html, size_t columns)
{
	return html_to_text_count(a, html, columns, &(size_t){ 0 });
}
