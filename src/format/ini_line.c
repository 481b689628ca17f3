/* SPDX-License-Identifier: ISC */
#include "format/ini_line.h"

#include <string.h>

#include "base/text.h"

static const char BOM[] = "\xEF\xBB\xBF";

void
ini_scan_begin(struct ini_scanner *s, enum ini_dialect dialect, const char *text,
    size_t len)
{
	s->at = text;
	s->end = text + len;
	if (ascii_starts(text, len, BOM))
		s->at += strlen(BOM);
	s->dialect = dialect;
	s->open = false;
	s->number = 0;
}

/* The name goes to the last ] of the line, since addresses of feeds may hold a "]" too. */
static bool
read_section(struct ini_line *line, const char *text, size_t len)
{
	size_t close = len;

	while (close > 0 && text[close - 1] != ']')
		close--;
	if (close < 2)
		return false;
	line->kind = LINE_SECTION;
	line->name = text + 1;
	line->name_len = close - 2;
	ascii_trim(&line->name, &line->name_len);
	line->trailing = close < len;
	return true;
}

static bool
read_key(struct ini_line *line, const char *text, size_t len)
{
	size_t mark = 0;

	while (mark < len && text[mark] != '=' && text[mark] != ':')
		mark++;
	if (mark == 0 || mark == len)
		return false;
	line->kind = LINE_KEY;
	line->name = text;
	line->name_len = mark;
	line->value = text + mark + 1;
	line->value_len = len - mark - 1;
	ascii_trim(&line->name, &line->name_len);
	ascii_trim(&line->value, &line->value_len);
	if (line->value_len == 0)
		line->value = text + mark + 1;
	return line->name_len > 0;
}

static void
classify(struct ini_scanner *s, struct ini_line *line, const char *text, size_t len)
{
	bool indented = len > 0 && ascii_is_space((unsigned char)text[0]);

	ascii_trim(&text, &len);
	if (len == 0) {
		line->kind = LINE_BLANK;
	} else if (text[0] == '#' || text[0] == ';') {
		line->kind = LINE_COMMENT;
	} else if (indented && s->open && s->dialect != INI_PLUTO) {
		line->kind = LINE_MORE;
		line->value = text;
		line->value_len = len;
	} else if (text[0] == '[' && read_section(line, text, len)) {
		s->open = false;
	} else if (text[0] != '[' && read_key(line, text, len)) {
		s->open = true;
	} else {
		line->kind = LINE_NEITHER;
		line->value = text;
		line->value_len = len;
		s->open = false;
	}
}

bool
ini_scan_next(struct ini_scanner *s, struct ini_line *line)
{
	const char *eol = NULL;

	memset(line, 0, sizeof(*line));
	if (s->at >= s->end)
		return false;
	eol = memchr(s->at, '\n', (size_t)(s->end - s->at));
	line->start = s->at;
	line->next = eol ? eol + 1 : s->end;
	line->number = ++s->number;
	/* The CR of CRLF is white space and goes when the line is trimmed. */
	classify(s, line, s->at, (size_t)((eol ? eol : s->end) - s->at));
	s->at = line->next;
	return true;
}

char *
ini_key_name(struct arena *a, const char *written, size_t len)
{
	char *name = arena_strndup(a, written, len);

	for (char *p = name; *p; p++) {
		*p = (char)ascii_lower((unsigned char)*p);
		if (*p == '-')
			*p = '_';
	}
	return name;
}
