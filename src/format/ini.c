/* SPDX-License-Identifier: ISC */
#include "format/ini.h"

#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "format/ini_line.h"

struct parser {
	struct arena *arena;
	struct ini *ini;
	struct ini_key *keys; /* of the section that is being read; grown by xgrow_list */
	size_t key_count;
	struct buf value; /* of the last of them */
	bool lines;       /* its first line was empty: line breaks are kept */
};

static void
add_section(struct parser *p, const char *name, size_t len, int line)
{
	struct ini *ini = p->ini;

	ini->sections = arena_grow_list(p->arena, ini->sections, ini->section_count,
	    sizeof(*ini->sections));
	struct ini_section *s = &ini->sections[ini->section_count++];
	s->name = arena_strndup(p->arena, name, len);
	s->line = line;
	s->keys = NULL;
	s->key_count = 0;
}

/* Stores the value of the last key, once it is known that no more lines belong to it. */
static void
close_key(struct parser *p)
{
	if (p->key_count > 0 && !p->keys[p->key_count - 1].value)
		p->keys[p->key_count - 1].value =
		    arena_strndup(p->arena, buf_text(&p->value), p->value.len);
}

/* Gives the last section its keys: thousands of sections have one or two each. */
static void
close_section(struct parser *p)
{
	close_key(p);
	if (p->key_count == 0)
		return;
	struct ini_section *s = &p->ini->sections[p->ini->section_count - 1];

	s->keys = arena_copy(p->arena, p->keys, p->key_count, sizeof(*p->keys));
	s->key_count = p->key_count;
	p->key_count = 0;
}

static void
add_key(struct parser *p, const struct ini_line *line)
{
	if (p->ini->section_count == 0)
		add_section(p, "", 0, line->number);

	p->keys = xgrow_list(p->keys, p->key_count, sizeof(*p->keys));
	struct ini_key *key = &p->keys[p->key_count++];
	key->name = ini_key_name(p->arena, line->name, line->name_len);
	key->written = key->name;
	if (strncmp(key->name, line->name, line->name_len) != 0)
		key->written = arena_strndup(p->arena, line->name, line->name_len);
	key->line = line->number;
	key->value = NULL;
	buf_reset(&p->value);
	buf_add(&p->value, line->value, line->value_len);
	p->lines = line->value_len == 0;
}

static void
add_more(struct parser *p, const struct ini_line *line)
{
	if (p->value.len > 0)
		buf_addc(&p->value, p->lines ? '\n' : ' ');
	buf_add(&p->value, line->value, line->value_len);
}

static bool
refuse_line(const struct parser *p, const struct ini_line *line, struct err *err)
{
	const char *text = line->kind == LINE_SECTION ? line->start : line->value;
	size_t len = (size_t)(line->next - line->start);

	if (line->kind != LINE_SECTION)
		len = line->value_len;
	ascii_trim(&text, &len);
	(void)err_set(err, ERR_CONFIG,
	    "%s line %d: '%.*s' is neither [section] nor key = value", p->ini->path,
	    line->number, len > 60 ? 60 : (int)len, text);
	return err_hint(err,
	    "comments stand on lines of their own and begin with # or ;");
}

static bool
use_line(struct parser *p, const struct ini_line *line, bool lenient, struct err *err)
{
	if (line->kind == LINE_NEITHER || (line->trailing && !lenient)) {
		if (!lenient)
			return refuse_line(p, line, err);
		if (p->ini->skipped++ == 0)
			p->ini->skipped_line = line->number;
	}
	if (line->trailing)
		p->ini->repaired = true;
	if (line->kind == LINE_MORE) {
		add_more(p, line);
	} else if (line->kind == LINE_KEY) {
		close_key(p);
		add_key(p, line);
	} else if (line->kind == LINE_SECTION) {
		close_section(p);
		add_section(p, line->name, line->name_len, line->number);
	}
	return true;
}

/* Refuses what is no UTF-8 text, and says in which line. */
static bool
check_text(const char *path, const char *text, size_t len, struct err *err)
{
	int number = 1;

	for (const char *at = text; at < text + len; number++) {
		const char *eol = memchr(at, '\n', (size_t)(text + len - at));
		size_t line_len = (size_t)((eol ? eol : text + len) - at);

		if (!text_is_utf8(at, line_len))
			return err_set(err, ERR_CONFIG, "%s line %d: not UTF-8", path,
			    number);
		for (size_t i = 0; i < line_len; i++)
			if ((unsigned char)at[i] < ' ' && at[i] != '\t' && at[i] != '\r')
				return err_set(err, ERR_CONFIG,
				    "%s line %d: control character 0x%02x", path, number,
				    (unsigned)(unsigned char)at[i]);
		at += line_len + 1;
	}
	return true;
}

/* A list of feeds from before UTF-8 is read as windows-1252, which Western editors wrote. */
static void
repair_text(struct buf *clean, const char *text, size_t len)
{
	struct buf utf8 = BUF_INIT(LIMIT_CONFIG_FILE * 3);

	if (!text_is_utf8(text, len) &&
	    charset_to_utf8(&utf8, "windows-1252", text, len, NULL))
		text_add_clean(clean, buf_text(&utf8), utf8.len);
	else
		text_add_clean(clean, text, len);
	buf_clear(&utf8);
}

bool
ini_parse(struct arena *a, const char *path, const char *text, size_t len, bool lenient,
    struct ini *out, struct err *err)
{
	struct parser p = { .arena = a,
		.ini = out,
		.value = BUF_INIT(LIMIT_CONFIG_FILE * 3) };
	struct buf clean = BUF_INIT(LIMIT_CONFIG_FILE * 3);
	struct ini_scanner scanner;
	struct ini_line line;
	bool ok = false;

	memset(out, 0, sizeof(*out));
	out->path = arena_strdup(a, path);
	if (len > LIMIT_CONFIG_FILE) {
		(void)err_set(err, ERR_CONFIG, "%s is larger than %d bytes", path,
		    LIMIT_CONFIG_FILE);
		goto out;
	}
	if (!lenient && !check_text(path, text, len, err))
		goto out;
	if (lenient && !text_is_clean(text, len)) {
		repair_text(&clean, text, len);
		out->repaired = true;
		text = buf_text(&clean);
		len = clean.len;
	}
	out->dialect = ini_detect(text, len);
	ini_scan_begin(&scanner, out->dialect, text, len);
	while (ini_scan_next(&scanner, &line))
		if (!use_line(&p, &line, lenient, err))
			goto out;
	close_section(&p);
	ok = true;
out:
	buf_clear(&clean);
	free(p.keys);
	buf_clear(&p.value);
	return ok;
}

static bool
name_is(const struct ini_line *line, const char *name)
{
	return line->name_len == strlen(name) &&
	    memcmp(line->name, name, line->name_len) == 0;
}

static bool
has_scheme(const struct ini_line *line)
{
	return ascii_find(line->name, line->name + line->name_len, "://") != NULL;
}

/*
 * Indented lines continue a value, but not for Pluto, so one file is read one way throughout.
 * Pluto writes indented keys right under a section, or keys above all sections; both are errors
 * for the readers of Planet and Venus.
 */
enum ini_dialect
ini_detect(const char *text, size_t len)
{
	struct ini_scanner scanner;
	struct ini_line line;
	size_t sections = 0;
	size_t addresses = 0;
	bool pluto = false;

	ini_scan_begin(&scanner, INI_OURS, text, len);
	while (ini_scan_next(&scanner, &line)) {
		if (line.kind == LINE_SECTION) {
			if (name_is(&line, "Planet"))
				return INI_VENUS;
			sections++;
			addresses += has_scheme(&line);
		} else if (line.kind == LINE_KEY) {
			pluto = pluto || ascii_is_space((unsigned char)line.start[0]) ||
			    (sections == 0 && !name_is(&line, "include"));
		}
	}
	if (pluto)
		return INI_PLUTO;
	return sections > 0 && sections == addresses ? INI_VENUS : INI_OURS;
}

const struct ini_key *
ini_find(const struct ini_section *s, const char *name)
{
	for (size_t i = s->key_count; i > 0; i--) {
		const struct ini_key *key = &s->keys[i - 1];

		if (key->name[0] == name[0] && strcmp(key->name, name) == 0)
			return key;
	}
	return NULL;
}
