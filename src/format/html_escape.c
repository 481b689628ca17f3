/* SPDX-License-Identifier: ISC */
#include "format/html_escape.h"

const char *
html_reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
html_escape(struct buf *out, const char *text, size_t len, enum html_quotes quotes)
{
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		const char *reference = html_reference(text[i]);

		if (!reference || (text[i] == '"' && quotes == HTML_KEEP_QUOTES) ||
		    (text[i] == '\'' && quotes != HTML_ALL_QUOTES))
			continue;
		buf_add(out, text + done, i - done);
		buf_adds(out, reference);
		done = i + 1;
	}
	buf_add(out, text + done, len - done);
}
