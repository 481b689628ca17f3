/* SPDX-License-Identifier: ISC */
#include "html/to_text_private.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void
lines_init(struct text_lines *l, struct buf *out, size_t columns)
{
	l->out = out;
	l->columns = columns;
	buf_init(&l->inner, LIMIT_HTML_CLEAN);
	buf_init(&l->first, LIMIT_FIELD);
	buf_init(&l->rest, LIMIT_FIELD);
}

void
lines_clear(struct text_lines *l)
{
	buf_clear(&l->inner);
	buf_clear(&l->first);
	buf_clear(&l->rest);
}

void
lines_push(struct text_lines *l, const char *first, const char *rest)
{
	struct text_container *c = NULL;

	lines_flush(l);
	if (l->depth == ARRAY_LEN(l->containers))
		return;
	c = &l->containers[l->depth++];
	(void)snprintf(c->first, sizeof(c->first), "%s", first);
	(void)snprintf(c->rest, sizeof(c->rest), "%s", rest);
	c->begun = false;
}

void
lines_pop(struct text_lines *l)
{
	lines_flush(l);
	if (l->depth == 0)
		return;
	l->depth--;
	if (l->kept > l->depth)
		l->kept = l->depth;
}

size_t
lines_width(const struct text_lines *l)
{
	size_t used = 0;

	for (size_t i = 0; i < l->depth; i++)
		used += strlen(l->containers[i].rest);
	/* Deep quotes keep room for words. */
	return used + 20 < l->columns ? l->columns - used : 20;
}

/* An empty line, with the marks of the quotes that go on over it. */
static void
write_blank(struct text_lines *l)
{
	size_t start = l->out->len;

	for (size_t i = 0; i < l->kept; i++)
		buf_adds(l->out, l->containers[i].rest);
	while (l->out->len > start && l->out->data[l->out->len - 1] == ' ')
		buf_truncate(l->out, l->out->len - 1);
	buf_addc(l->out, '\n');
}

/* Prepares the marks of the next block's first and further lines. */
static void
begin_block(struct text_lines *l)
{
	if (l->wants_blank && l->out->len > 0)
		write_blank(l);
	l->wants_blank = false;
	buf_reset(&l->first);
	buf_reset(&l->rest);
	for (size_t i = 0; i < l->depth; i++) {
		struct text_container *c = &l->containers[i];

		buf_adds(&l->first, c->begun ? c->rest : c->first);
		buf_adds(&l->rest, c->rest);
		c->begun = true;
	}
	l->kept = l->depth;
}

/* After the first line of a block its marks are those of further lines. */
static void
next_line(struct text_lines *l)
{
	buf_reset(&l->first);
	buf_add(&l->first, buf_text(&l->rest), l->rest.len);
}

static size_t
trimmed_length(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\n'))
		len--;
	return len;
}

static void
write_line(struct text_lines *l, char *line)
{
	size_t before = l->out->len;

	wrap_text(l->out, line, l->columns, buf_text(&l->first), buf_text(&l->rest));
	if (l->out->len == before)
		write_blank(l);
	next_line(l);
}

void
lines_flush(struct text_lines *l)
{
	size_t len = trimmed_length(buf_text(&l->inner), l->inner.len);
	char *line = l->inner.data;
	char *end = line ? line + len : NULL;

	if (len == 0) {
		buf_reset(&l->inner);
		return;
	}
	*end = '\0';
	begin_block(l);
	l->is_filled = true;
	while (line <= end) {
		char *newline = memchr(line, '\n', (size_t)(end - line));

		if (newline)
			*newline = '\0';
		write_line(l, line);
		line = newline ? newline + 1 : end + 1;
	}
	buf_reset(&l->inner);
}

void
lines_flush_verbatim(struct text_lines *l)
{
	size_t len = trimmed_length(buf_text(&l->inner), l->inner.len);
	const char *line = buf_text(&l->inner);
	const char *end = line + len;

	if (len > 0) {
		begin_block(l);
		l->is_filled = false;
	}
	while (len > 0 && line <= end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		buf_add(l->out, buf_text(&l->first), l->first.len);
		buf_add(l->out, line, (size_t)(stop - line));
		while (l->out->len > 0 && l->out->data[l->out->len - 1] == ' ')
			buf_truncate(l->out, l->out->len - 1);
		buf_addc(l->out, '\n');
		next_line(l);
		line = stop + 1;
	}
	buf_reset(&l->inner);
}

void
lines_part(struct text_lines *l)
{
	lines_flush(l);
	l->wants_blank = true;
}

/* Length of the words at text that single blanks part: they need no folding. */
static size_t
words_run(const char *text, size_t len)
{
	size_t i = 0;

	for (;;) {
		while (i < len && !ascii_is_space(text[i]))
			i++;
		if (i == 0 || i + 1 >= len || text[i] != ' ' ||
		    ascii_is_space(text[i + 1]))
			return i;
		i++;
	}
}

void
lines_add(struct text_lines *l, const char *text, size_t len)
{
	struct buf *inner = &l->inner;
	size_t i = 0;

	while (i < len) {
		size_t run = words_run(text + i, len - i);

		scan_decode(inner, text + i, run);
		i += run;
		if (i == len)
			return;
		while (i < len && ascii_is_space(text[i]))
			i++;
		if (inner->len > 0 && !ascii_is_space(inner->data[inner->len - 1]))
			buf_addc(inner, ' ');
	}
}

/* Where the last word of out's last line begins, when a line may end before it; else 0. */
static size_t
last_word(const struct text_lines *l, size_t line)
{
	size_t at = l->out->len;

	while (at > line + l->rest.len && l->out->data[at - 1] != ' ')
		at--;
	return at > line + l->rest.len ? at : 0;
}

void
lines_amend(struct text_lines *l, const char *mark)
{
	struct buf word = BUF_INIT(LIMIT_FIELD);
	size_t line = 0;
	size_t at = 0;

	if (l->out->len == 0)
		return;
	buf_truncate(l->out, l->out->len - 1);
	for (line = l->out->len; line > 0 && l->out->data[line - 1] != '\n'; line--)
		continue;
	if (l->is_filled &&
	    width_of_text(l->out->data + line, l->out->len - line) +
		    width_of_text(mark, strlen(mark)) >
		l->columns)
		at = last_word(l, line);
	if (at > 0 && l->out->len - at < LIMIT_FIELD) {
		buf_add(&word, l->out->data + at, l->out->len - at);
		buf_truncate(l->out, at - 1);
		buf_addc(l->out, '\n');
		buf_add(l->out, buf_text(&l->rest), l->rest.len);
		buf_add(l->out, buf_text(&word), word.len);
		buf_clear(&word);
	}
	buf_adds(l->out, mark);
	buf_addc(l->out, '\n');
}
