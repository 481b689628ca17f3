/* SPDX-License-Identifier: ISC */
#include "mail/header_fields.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/mime_words.h"

/* The end of the line at p, without its line end; *next is where the following one begins. */
static const char *
line_end(const char *p, const char *end, const char **next)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	const char *stop = nl ? nl : end;

	*next = nl ? nl + 1 : end;
	while (stop > p && stop[-1] == '\r')
		stop--;
	return stop;
}

size_t
header_name_length(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && line[n] > ' ' && line[n] < 0x7F && line[n] != ':')
		n++;
	return n < len && line[n] == ':' ? n : 0;
}

static const char *
unfolded(struct arena *a, const char *at, const char *end)
{
	struct buf b = BUF_INIT(LIMIT_HEADER_VALUE);
	const char *text = NULL;
	size_t len = 0;
	const char *copy = NULL;

	if (end - at > LIMIT_HEADER_VALUE)
		end = at + LIMIT_HEADER_VALUE;
	for (; at < end; at++) {
		if (*at != '\r' && *at != '\n' && *at != '\0')
			buf_addc(&b, *at);
	}
	text = buf_text(&b);
	len = b.len;
	ascii_trim(&text, &len);
	copy = arena_strndup(a, text, len);
	buf_clear(&b);
	return copy;
}

/* The line goes on: blanks, and something behind them.  Blanks alone end a header. */
static bool
is_folded(const char *next, const char *end)
{
	while (next < end && (*next == ' ' || *next == '\t'))
		next++;
	return next < end && next[-1] != '\n' && *next != '\n' && *next != '\r';
}

void
header_read(struct arena *a, const char *text, size_t len, struct header *out)
{
	const char *end = text + len;
	const char *next = text;
	struct header_field *fields = NULL;
	size_t count = 0;

	while (next < end) {
		const char *line = next;
		const char *stop = line_end(line, end, &next);
		const size_t name = header_name_length(line, (size_t)(stop - line));

		if (ascii_is_only_space(line, (size_t)(stop - line)))
			break;
		while (is_folded(next, end))
			stop = line_end(next, end, &next);
		if (name == 0 || count == LIMIT_INCOMING_FIELDS)
			continue;
		fields = arena_grow_list(a, fields, count, sizeof(*fields));
		fields[count++] = (struct header_field){ arena_strndup(a, line, name),
			unfolded(a, line + name + 1, stop) };
	}
	*out = (struct header){ fields, count, (size_t)(next - text) };
}

size_t
header_find(const struct header *h, const char *name, size_t from)
{
	while (from < h->count && !ascii_eq_nocase(h->fields[from].name, name))
		from++;
	return from;
}

const char *
header_get(const struct header *h, const char *name)
{
	const size_t i = header_find(h, name, 0);

	return i < h->count ? h->fields[i].value : NULL;
}

const char *
header_text(const struct header *h, const char *name)
{
	const char *value = header_get(h, name);

	return value ? value : "";
}

/* ---- values ---- */

static const char *
parameter_value(struct arena *a, const char *at)
{
	const char *end = NULL;

	at += strspn(at, " \t");
	if (*at == '"') {
		at++;
		end = at + strcspn(at, "\"");
	} else {
		end = at + strcspn(at, "; \t");
	}
	return arena_strndup(a, at, (size_t)(end - at));
}

const char *
header_parameter(struct arena *a, const char *value, const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = strchr(value, ';'); at; at = strchr(at, ';')) {
		at++;
		at += strspn(at, " \t");
		if (!ascii_starts_nocase(at, name))
			continue;
		at += len;
		at += strspn(at, " \t");
		if (*at == '=')
			return parameter_value(a, at + 1);
	}
	return NULL;
}

const char *
header_decoded(struct arena *a, const char *value)
{
	struct buf b = BUF_INIT(4 * (size_t)LIMIT_HEADER_VALUE);
	const char *text = NULL;

	mime_words_decode(&b, value, strlen(value));
	text = text_visible_line(a, buf_text(&b));
	buf_clear(&b);
	return text;
}
