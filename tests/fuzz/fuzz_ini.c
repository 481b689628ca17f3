/* SPDX-License-Identifier: ISC */
/*
 * The INI reader, the planets' lists, and the line editor on any bytes.  Promises held:
 * what was read strictly has clean text; a section set, appended or removed by the editor is
 * seen so by the reader.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/ini.h"
#include "config/feed_lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static size_t
count_sections(const struct ini *ini, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < ini->section_count; i++)
		count += strcmp(ini->sections[i].name, name) == 0;
	return count;
}

static void
check_keys(const struct ini *ini)
{
	for (size_t i = 0; i < ini->section_count; i++) {
		const struct ini_section *s = &ini->sections[i];

		for (size_t k = 0; k < s->key_count; k++) {
			promise(
			    s->keys[k].name && s->keys[k].value && s->keys[k].line > 0);
			promise(text_is_utf8(s->keys[k].value, strlen(s->keys[k].value)));
			promise(ini_find(s, s->keys[k].name) != NULL);
		}
	}
}

/* The editor works on what the strict reader accepts. */
static void
edit(struct arena *a, const char *text, const struct ini *ini)
{
	static const struct ini_pair PAIR = { "url", "https://x.example/" };
	struct buf out = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err err = ERR_INIT;
	struct ini after;

	ini_append_section(&out, text, "feed fuzz-new", &PAIR, 1);
	if (ini_parse(a, "f", buf_text(&out), out.len, false, &after, &err))
		promise(count_sections(&after, "feed fuzz-new") ==
		    count_sections(ini, "feed fuzz-new") + 1);
	for (size_t i = 0; i < ini->section_count && i < 4; i++) {
		const char *name = ini->sections[i].name;

		buf_reset(&out);
		if (*name == '\0' || !ini_set_key(&out, text, name, "fuzz-key", "v"))
			continue;
		promise(strstr(buf_text(&out), "v") != NULL);
		buf_reset(&out);
		promise(ini_remove_section(&out, text, name));
		if (ini_parse(a, "f", buf_text(&out), out.len, false, &after, &err) &&
		    after.dialect == ini->dialect)
			promise(count_sections(&after, name) == 0);
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed_list list;
	struct ini ini;
	char *text = arena_strndup(a, (const char *)bytes, size);

	promise(ini_parse(a, "f", text, size, true, &ini, &err));
	check_keys(&ini);
	err_clear(&err);
	if (ini_parse(a, "f", text, size, false, &ini, &err)) {
		check_keys(&ini);
		edit(a, text, &ini);
	} else {
		promise(err_is_set(&err));
	}
	err_clear(&err);
	if (feed_list_read(a, "f", text, size, &list, &err))
		for (size_t i = 0; i < list.source_count; i++)
			promise(list.sources[i].url && *list.sources[i].url);
	arena_free(a);
	return 0;
}
