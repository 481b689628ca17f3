/* SPDX-License-Identifier: ISC */
/*
 * Titles, names and categories as one line of plain text.  Most hold neither markup nor
 * references, many only references: the HTML parser is asked for the rest alone.
 */
#include "feed/entry_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/title_tags.h"
#include "feed/windows_1252.h"
#include "feed/xml_entities.h"
#include "html/one_line.h"

/* Appends the character that "&...;" stands for; returns its length, 0 when it is not known. */
static size_t
add_reference(struct buf *b, const char *text, size_t len)
{
	size_t room = len < 12 ? len : 12;
	const char *end = memchr(text, ';', room);
	const char *name = text + 1;
	size_t n = end ? (size_t)(end - name) : 0;
	uint32_t code = 0;

	if (n == 0)
		return 0;
	if (*name != '#')
		code = entity_code(name, n);
	else if (entity_number(name, n, &code))
		code = windows_1252_char(code);
	if (code == 0)
		return 0;
	text_encode(b, code);
	return n + 2;
}

/* Decodes references; false when only the parser can tell: a name that is not in our table. */
static bool
decode(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;

		if (text[i] != '&') {
			buf_addc(b, text[i++]);
			continue;
		}
		n = add_reference(b, text + i, len - i);
		if (n == 0 && i + 1 < len && !ascii_is_space((unsigned char)text[i + 1]))
			return false;
		if (n == 0)
			buf_addc(b, '&');
		i += n ? n : 1;
	}
	return true;
}

const char *
plain_of_text(struct build *b, const char *text)
{
	char *line = NULL;

	if (!text)
		return NULL;
	line = text_one_line(b->a, text, strnlen(text, LIMIT_FIELD));
	return *line ? line : NULL;
}

const char *
plain_of_html(struct build *b, const char *text)
{
	struct buf marked = BUF_INIT(20 * LIMIT_FIELD);
	struct buf out = BUF_INIT(8 * LIMIT_FIELD);
	const char *line = NULL;
	/* Room for markup around what will be kept. */
	size_t len = text ? strnlen(text, 4 * LIMIT_FIELD) : 0;

	if (len == 0 || (!memchr(text, '<', len) && !memchr(text, '&', len)))
		return plain_of_text(b, text);
	if (!title_mark_tags(b->scratch, text, len, &marked) && decode(&out, text, len)) {
		line = plain_of_text(b, buf_text(&out));
	} else {
		line = html_one_line(b->a, buf_text(&marked), marked.len);
		line = plain_of_text(b, line);
	}
	buf_clear(&out);
	buf_clear(&marked);
	return line;
}
