/* SPDX-License-Identifier: ISC */
#include "html/from_text.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "format/html_escape.h"

/* Length of "https://" or "http://" at text, 0 when neither stands there. */
static size_t
scheme_length(const char *text, size_t len)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		const size_t scheme = strlen(schemes[i]);

		if (len > scheme && memcmp(text, schemes[i], scheme) == 0)
			return scheme;
	}
	return 0;
}

/* Length of the web address at text, 0 when there is none. */
static size_t
address_length(const char *text, size_t len)
{
	const size_t scheme = scheme_length(text, len);
	size_t end = scheme;
	bool opened = false;

	if (scheme == 0)
		return 0;
	while (
	    end < len && (unsigned char)text[end] > ' ' && !strchr("<>\"", text[end])) {
		opened = opened || text[end] == '(';
		end++;
	}
	/* What ends the sentence is not part of the address; nor is a bracket around it. */
	while (end > scheme &&
	    (strchr(".,;:!?'*]}", text[end - 1]) || (text[end - 1] == ')' && !opened)))
		end--;
	return end > scheme ? end : 0;
}

static bool
may_begin_address(const char *line, size_t at)
{
	char before = at > 0 ? line[at - 1] : ' ';

	return line[at] == 'h' && !ascii_is_alphanumeric(before);
}

static void
add_line(struct buf *b, const char *line, size_t len)
{
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		size_t link =
		    may_begin_address(line, i) ? address_length(line + i, len - i) : 0;

		if (link == 0)
			continue;
		html_escape(b, line + done, i - done, HTML_DOUBLE_QUOTES);
		buf_adds(b, "<a href=\"");
		html_escape(b, line + i, link, HTML_DOUBLE_QUOTES);
		buf_adds(b, "\">");
		html_escape(b, line + i, link, HTML_DOUBLE_QUOTES);
		buf_adds(b, "</a>");
		done = i + link;
		i = done - 1;
	}
	html_escape(b, line + done, len - done, HTML_DOUBLE_QUOTES);
}

char *
html_from_text(struct arena *a, const char *text, size_t len)
{
	/* Each byte can become a reference of six, and an address is written twice. */
	struct buf b = BUF_INIT(16 * (size_t)LIMIT_ENTRY_TEXT);
	const char *end = text + len;
	bool in_paragraph = false;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		size_t length = (size_t)(stop - text);

		if (ascii_is_only_space(text, length)) {
			if (in_paragraph)
				buf_adds(&b, "</p>\n");
			in_paragraph = false;
		} else {
			buf_adds(&b, in_paragraph ? "<br>\n" : "<p>");
			add_line(&b, text, length);
			in_paragraph = true;
		}
		text = newline ? newline + 1 : end;
	}
	if (in_paragraph)
		buf_adds(&b, "</p>");
	return arena_take(a, &b);
}
