/* SPDX-License-Identifier: ISC */
#include "digest/digest.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "format/html_escape.h"

static bool
is_name(const char *name, size_t len, const char *known)
{
	return strlen(known) == len && strncmp(name, known, len) == 0;
}

const char *
personal_value(const struct personal *p, const char *name, size_t len)
{
	const char *value = NULL;

	if (is_name(name, len, "leave"))
		value = p->leave;
	else if (is_name(name, len, "manage"))
		value = p->manage;
	else if (is_name(name, len, "address"))
		value = p->address;
	else if (is_name(name, len, "since"))
		value = p->since;
	return value ? value : "";
}

/* Takes the line begun in b back, and returns where the next one begins. */
static const char *
skip_line(struct buf *b, const char *p, const char *end)
{
	const char *line_end = memchr(p, '\n', (size_t)(end - p));
	size_t len = b->len;

	while (len > 0 && b->data[len - 1] != '\n')
		len--;
	buf_truncate(b, len);
	return line_end ? line_end + 1 : end;
}

char *
rendering_fill(struct arena *a, const char *text, size_t len, const struct personal *p,
    bool html)
{
	const char *end = text + len;
	struct buf b = BUF_INIT(LIMIT_LETTER);
	char *result = NULL;

	while (text < end) {
		const char *open = memchr(text, HOLE_OPEN, (size_t)(end - text));
		const char *close =
		    open ? memchr(open, HOLE_CLOSE, (size_t)(end - open)) : NULL;
		const char *value = "";

		if (!close) {
			buf_add(&b, text, (size_t)(end - text));
			break;
		}
		buf_add(&b, text, (size_t)(open - text));
		text = close + 1;
		if (!p) {
			text = skip_line(&b, text, end);
			continue;
		}
		value = personal_value(p, open + 1, (size_t)(close - open - 1));
		if (html)
			html_escape(&b, value, strlen(value), HTML_ALL_QUOTES);
		else
			buf_adds(&b, value);
	}
	result = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return result;
}
