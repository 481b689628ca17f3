/* SPDX-License-Identifier: ISC */
/*
 * Text on its way into clean HTML: escaped, its white space folded, without controls and the
 * characters that only confuse (byte order marks, unpaired changes of direction).
 */
#include "html/write.h"

#include "base/text.h"
#include "format/html_escape.h"
#include "html/write_text.h"

enum byte_class {
	BYTE_PLAIN,
	BYTE_BLANK,
	BYTE_MARKUP, /* & < > " */
	BYTE_CONTROL,
	BYTE_LEAD /* may begin one of the odd characters below */
};

#define CONTROLS_8(n) \
	[n] = 3, [(n) + 1] = 3, [(n) + 2] = 3, [(n) + 3] = 3, [(n) + 4] = 3, \
	[(n) + 5] = 3, [(n) + 6] = 3, [(n) + 7] = 3
/* clang-format off */
static const unsigned char byte_class[256] = {
	CONTROLS_8(0), [8] = BYTE_CONTROL, ['\t'] = BYTE_BLANK, ['\n'] = BYTE_BLANK,
	[11] = BYTE_CONTROL, ['\f'] = BYTE_BLANK, ['\r'] = BYTE_BLANK, [14] = BYTE_CONTROL,
	[15] = BYTE_CONTROL, CONTROLS_8(16), CONTROLS_8(24), [' '] = BYTE_BLANK,
	['&'] = BYTE_MARKUP, ['<'] = BYTE_MARKUP, ['>'] = BYTE_MARKUP, ['"'] = BYTE_MARKUP,
	[127] = BYTE_CONTROL, [0xC2] = BYTE_LEAD, [0xE2] = BYTE_LEAD, [0xEF] = BYTE_LEAD,
};
/* clang-format on */
#undef CONTROLS_8

static enum byte_class
class_of(char c)
{
	return (enum byte_class)byte_class[(unsigned char)c];
}

/* +1 for a character that changes the direction, -1 for one that ends it. */
static int
direction_step(uint32_t c)
{
	if ((c >= 0x202A && c <= 0x202B) || c == 0x202D || c == 0x202E ||
	    (c >= 0x2066 && c <= 0x2068))
		return 1;
	return c == 0x202C || c == 0x2069 ? -1 : 0;
}

/* True when every change of direction in the text ends in it. */
static bool
is_paired(const char *text, size_t len)
{
	long open = 0;

	for (size_t i = 0; i < len && open >= 0;) {
		uint32_t c;

		i += text_decode(text + i, len - i, &c);
		open += direction_step(c);
	}
	return open == 0;
}

enum char_class
text_char_class(uint32_t c)
{
	if ((c >= 0x80 && c <= 0x9F) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF)
		return CHAR_DROPPED;
	if (direction_step(c) != 0)
		return CHAR_DIRECTION;
	if (c == 0xA0 || (c >= 0x200B && c <= 0x200F) || c == 0x2060)
		return CHAR_INVISIBLE;
	return CHAR_VISIBLE;
}

void
writer_attr(struct html_writer *w, const char *name, const char *value)
{
	struct buf *out = &w->attrs;

	buf_addc(out, ' ');
	buf_adds(out, name);
	buf_adds(out, "=\"");
	for (const char *at = value; *at;) {
		const char *run = at;

		while (class_of(*at) == BYTE_PLAIN || class_of(*at) == BYTE_LEAD)
			at++;
		buf_add(out, run, (size_t)(at - run));
		if (class_of(*at) == BYTE_MARKUP)
			buf_adds(out, html_reference(*at));
		else if (class_of(*at) == BYTE_BLANK)
			buf_addc(out, ' ');
		if (*at)
			at++;
	}
	buf_addc(out, '"');
}

/* White space inside preformatted text, where it is content. */
static void
write_verbatim(struct html_writer *w, char c)
{
	const struct html_frame *inner = &w->frames[w->depth - 1];
	char written = c == '\r' ? '\n' : c == '\f' ? ' ' : c;

	/* The parser eats a line's end right behind <pre>. */
	if (written == '\n' && inner->tag == TAG_PRE && w->out->len == inner->inner)
		return;
	writer_begin_content(w);
	buf_addc(w->out, written);
	if (written == '\n')
		writer_at_edge(w);
}

/* One of the characters that need a look; returns its length. */
static size_t
write_odd(struct html_writer *w, const char *text, size_t len, size_t at)
{
	uint32_t c;
	size_t size = text_decode(text + at, len - at, &c);

	switch (text_char_class(c)) {
	case CHAR_DROPPED:
		return size;
	case CHAR_DIRECTION:
		if (!is_paired(text, len))
			return size;
		writer_begin_invisible(w);
		break;
	case CHAR_INVISIBLE:
		writer_begin_invisible(w);
		break;
	case CHAR_VISIBLE:
		writer_begin_content(w);
		break;
	}
	buf_add(w->out, text + at, size);
	return size;
}

/* Length of the run that can be written as it is: plain characters and single blanks. */
static size_t
plain_run(const char *text, size_t len)
{
	size_t i = 0;

	for (;;) {
		while (i < len && class_of(text[i]) == BYTE_PLAIN)
			i++;
		if (i == 0 || i + 1 >= len || text[i] != ' ' ||
		    class_of(text[i + 1]) != BYTE_PLAIN)
			return i;
		i++;
	}
}

void
writer_text(struct html_writer *w, const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t run = i;

		i += plain_run(text + i, len - i);
		if (!writer_takes_text(w, i - run))
			return;
		if (i > run) {
			writer_begin_content(w);
			buf_add(w->out, text + run, i - run);
			continue;
		}
		switch (class_of(text[i])) {
		case BYTE_PLAIN:
		case BYTE_CONTROL:
			i++;
			break;
		case BYTE_BLANK:
			if (w->pre > 0)
				write_verbatim(w, text[i]);
			else
				writer_want_space(w);
			i++;
			break;
		case BYTE_MARKUP:
			writer_begin_content(w);
			if (text[i] == '"')
				buf_addc(w->out, '"');
			else
				buf_adds(w->out, html_reference(text[i]));
			i++;
			break;
		case BYTE_LEAD:
			i += write_odd(w, text, len, i);
			break;
		}
	}
}
