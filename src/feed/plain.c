/* SPDX-License-Identifier: ISC */
/*
 * Titles, names and categories as one line of plain text.  Most hold neither markup nor
 * references, many only references: the HTML parser is asked for the rest alone.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/build.h"
#include "feed/encoding.h"
#include "html/html.h"

/*
 * Elements that programs put into titles.  "List<String>", "<T>" or "the <template> element"
 * is what people write: other names stay visible.  Sorted.
 */
static const char *const title_tags[] = {
	"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "blockquote", "br", "center",
	"cite", "code", "del", "dfn", "div", "em", "embed", "font", "h1", "h2", "h3", "h4",
	"h5", "h6", "hr", "i", "iframe", "img", "ins", "kbd", "li", "mark", "marquee", "math",
	"nobr", "noscript", "object", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
	"script", "small", "span", "strike", "strong", "style", "sub", "sup", "svg", "time",
	"tt", "u", "ul", "var", "wbr"
};

/* True when "<" at the start of text begins a tag of the table, or a comment. */
static bool
is_title_tag(const char *text, size_t len)
{
	const char *name = text + 1 + (len > 1 && text[1] == '/');
	const char *end = text + len;
	size_t n = 0;

	if (!memchr(text, '>', len))
		return false;
	if (len > 3 && memcmp(text, "<!--", 4) == 0)
		return true;
	while (name + n < end && ((text_lower((unsigned char)name[n]) >= 'a'
	    && text_lower((unsigned char)name[n]) <= 'z') || (n && name[n] >= '0'
	    && name[n] <= '9')))
		n++;
	if (n == 0 || name + n >= end || !(strchr("/>", name[n])
	    || text_is_space((unsigned char)name[n])))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(title_tags); i++)
		if (strlen(title_tags[i]) == n && text_starts_nocase(name, title_tags[i]))
			return true;
	return false;
}

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
	else if (reference_code(name, n, &code))
		code = encoding_c1(code);
	if (code == 0)
		return 0;
	text_encode(b, code);
	return n + 2;
}

/*
 * Decodes references, provided that there is nothing else to do; false when only the parser
 * can tell (a name that is not in our table, a tag).
 */
static bool
decode(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;

		if (text[i] == '<' && is_title_tag(text + i, len - i))
			return false;
		if (text[i] != '&') {
			buf_addc(b, text[i++]);
			continue;
		}
		n = add_reference(b, text + i, len - i);
		if (n == 0 && i + 1 < len && !text_is_space((unsigned char)text[i + 1]))
			return false;
		if (n == 0)
			buf_addc(b, '&');
		i += n ? n : 1;
	}
	return true;
}

/* Copies with each "<" that is no tag escaped. */
static void
escape_others(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '<' && !is_title_tag(text + i, len - i))
			buf_adds(b, "&lt;");
		else
			buf_addc(b, text[i]);
	}
}

const char *
plain_of_text(struct build *b, const char *text, size_t len)
{
	char *line = NULL;

	if (len > LIMIT_FIELD)
		len = LIMIT_FIELD;
	line = text_one_line(b->a, text, len);
	return *line ? line : NULL;
}

const char *
plain_of_html(struct build *b, const char *text, size_t len)
{
	struct buf out = BUF_INIT(8 * LIMIT_FIELD);
	const char *line = NULL;

	/* Room for markup around what will be kept. */
	if (len > 4 * LIMIT_FIELD)
		len = 4 * LIMIT_FIELD;
	if (!memchr(text, '<', len) && !memchr(text, '&', len))
		return plain_of_text(b, text, len);
	if (decode(&out, text, len)) {
		line = plain_of_text(b, buf_text(&out), out.len);
	} else {
		buf_reset(&out);
		escape_others(&out, text, len);
		line = html_one_line(b->a, buf_text(&out), out.len);
		line = plain_of_text(b, line, strlen(line));
	}
	buf_clear(&out);
	return line;
}
