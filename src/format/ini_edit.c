/* SPDX-License-Identifier: ISC */
/* Changing INI text by whole lines, so that a person's comments and order stay. */
#include <string.h>

#include "base/text.h"
#include "format/ini.h"
#include "format/ini_line.h"

static bool
section_is(const struct ini_line *line, const char *section)
{
	return line->kind == LINE_SECTION && line->name_len == strlen(section) &&
	    memcmp(line->name, section, line->name_len) == 0;
}

/* The line end the text uses, so that a file from Windows stays one. */
static const char *
line_end(const char *text)
{
	const char *lf = strchr(text, '\n');

	return lf && lf > text && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* A line break in a value would begin a key or a section: it becomes a blank. */
static void
add_on_one_line(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_addc(out, (unsigned char)*text < ' ' && *text != '\t' ? ' ' : *text);
}

static void
add_pair(struct buf *out, const char *key, const char *value, const char *eol)
{
	add_on_one_line(out, key);
	buf_adds(out, *value ? " = " : " =");
	add_on_one_line(out, value);
	buf_adds(out, eol);
}

void
ini_append_section(struct buf *out, const char *text, const char *section,
    const struct ini_pair *pairs, size_t count)
{
	buf_adds(out, text);
	ini_put_section(out, section, pairs, count);
}

void
ini_put_section(struct buf *out, const char *section, const struct ini_pair *pairs,
    size_t count)
{
	const char *eol = line_end(buf_text(out));

	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_adds(out, eol);
	if (out->len > 0)
		buf_adds(out, eol);
	buf_addc(out, '[');
	add_on_one_line(out, section);
	buf_addc(out, ']');
	buf_adds(out, eol);
	for (size_t i = 0; i < count; i++)
		add_pair(out, pairs[i].key, pairs[i].value, eol);
}

/*
 * Where the lines of a section end: behind its last key and the comments that stand right
 * under it; comments right above the next section belong to that.  *behind is where the blank
 * lines that follow end.
 */
static const char *
section_end(struct ini_scanner from, const char **behind)
{
	const char *end = from.at;  /* behind the last line that is surely ours */
	const char *note = from.at; /* behind the comments right under it */
	struct ini_line line;
	bool apart = false;

	while (ini_scan_next(&from, &line) && line.kind != LINE_SECTION) {
		if (line.kind == LINE_BLANK) {
			apart = true;
		} else if (line.kind != LINE_COMMENT) {
			end = note = line.next;
			apart = false;
		} else if (!apart) {
			note = line.next;
		}
	}
	if (line.kind != LINE_SECTION || apart)
		end = note;
	from.at = end;
	*behind = end;
	while (ini_scan_next(&from, &line) && line.kind == LINE_BLANK)
		*behind = line.next;
	return end;
}

bool
ini_remove_section(struct buf *out, const char *text, const char *section)
{
	const char *copied = text;
	const char *above = NULL; /* the comments directly above the present line */
	struct ini_scanner scanner;
	struct ini_line line;
	bool found = false;

	ini_scan_begin(&scanner, ini_detect(text, strlen(text)), text, strlen(text));
	while (ini_scan_next(&scanner, &line)) {
		if (section_is(&line, section)) {
			const char *from = above ? above : line.start;

			buf_add(out, copied, (size_t)(from - copied));
			(void)section_end(scanner, &copied);
			found = true;
			scanner.open = false;
			while (scanner.at < copied)
				if (!ini_scan_next(&scanner, &line))
					break;
			above = NULL;
		} else if (line.kind != LINE_COMMENT) {
			above = NULL;
		} else if (!above) {
			above = line.start;
		}
	}
	if (found)
		buf_adds(out, copied);
	return found;
}

bool
ini_rename_section(struct buf *out, const char *text, const char *section,
    const char *name)
{
	struct ini_scanner scanner;
	struct ini_line line;

	ini_scan_begin(&scanner, ini_detect(text, strlen(text)), text, strlen(text));
	while (ini_scan_next(&scanner, &line)) {
		if (!section_is(&line, section))
			continue;
		buf_add(out, text, (size_t)(line.name - text));
		add_on_one_line(out, name);
		buf_adds(out, line.name + line.name_len);
		return true;
	}
	return false;
}

static bool
key_is(const struct ini_line *line, const char *key)
{
	size_t len = strlen(key);

	if (line->kind != LINE_KEY || line->name_len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int a = ascii_lower((unsigned char)line->name[i]);
		int b = ascii_lower((unsigned char)key[i]);

		if ((a == '-' ? '_' : a) != (b == '-' ? '_' : b))
			return false;
	}
	return true;
}

/* Where a key stands in the text, or where it would be added. */
struct place {
	bool has_section;
	struct ini_line key; /* the last of that name: the one that counts */
	const char
	    *key_end;    /* behind its continuation lines; NULL: there is no such key */
	const char *end; /* behind the section's last line */
};

static struct place
find_place(const char *text, const char *section, const char *key)
{
	struct place found = { false, { 0 }, NULL, NULL };
	struct ini_scanner scanner;
	struct ini_line line;
	const char *unused = NULL;
	bool here = false;
	bool in_key = false;

	ini_scan_begin(&scanner, ini_detect(text, strlen(text)), text, strlen(text));
	while (ini_scan_next(&scanner, &line)) {
		if (line.kind == LINE_SECTION) {
			here = section_is(&line, section);
			if (here) {
				found.has_section = true;
				found.end = section_end(scanner, &unused);
			}
		}
		if (line.kind != LINE_MORE && line.kind != LINE_BLANK &&
		    line.kind != LINE_COMMENT)
			in_key = false;
		if (here && key_is(&line, key)) {
			found.key = line;
			found.key_end = line.next;
			in_key = true;
		} else if (in_key && line.kind == LINE_MORE) {
			found.key_end = line.next;
		}
	}
	return found;
}

bool
ini_set_key(struct buf *out, const char *text, const char *section, const char *key,
    const char *value)
{
	struct place place = find_place(text, section, key);
	const char *eol = line_end(text);

	if (!place.has_section)
		return false;
	if (place.key_end) {
		/* What stands before the value stays, as somebody may have aligned it. */
		buf_add(out, text, (size_t)(place.key.value - text));
		if (place.key.value[-1] == '=' || place.key.value[-1] == ':')
			buf_addc(out, ' ');
		add_on_one_line(out, value);
		buf_adds(out, eol);
		buf_adds(out, place.key_end);
		return true;
	}
	buf_add(out, text, (size_t)(place.end - text));
	if (place.end > text && place.end[-1] != '\n')
		buf_adds(out, eol);
	add_pair(out, key, value, eol);
	buf_adds(out, place.end);
	return true;
}
