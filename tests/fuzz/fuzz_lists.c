/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as another program's list of feeds: OPML, config.ini and planet.ini of planets,
 * rss2email.cfg, newsboat's urls.  Promises: every feed has an address that can be asked; texts
 * are clean; and what `import` writes of it into our configuration is read back as it was, and
 * leaves a configuration that stands.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/feed_address.h"
#include "config/feed_lists.h"
#include "config/settings.h"
#include "feed/opml.h"
#include "format/url.h"

enum { SOURCES_MAX = 24, PAIRS_MAX = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

static void
check_line(const char *text)
{
	require(!text || text_is_utf8(text, strlen(text)));
}

static void
read_outlines(struct arena *a, struct feed_list *list)
{
	struct opml_feed *feeds = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;

	if (!opml_parse(a, list->xml, list->xml_len, &feeds, &count, &err)) {
		require(err_is_set(&err) && count == 0);
		return;
	}
	list->sources = arena_array(a, count, sizeof(*list->sources));
	for (size_t i = 0; i < count; i++) {
		const char *url = feed_address_of_list(a, list, feeds[i].url);

		check_line(feeds[i].link);
		if (url)
			list->sources[list->source_count++] =
			    (struct listed_feed){ .url = url,
				    .name = feeds[i].name,
				    .group = feeds[i].group,
				    .max_per_feed = -1 };
	}
}

static size_t
pairs_of(const struct listed_feed *s, struct ini_pair pairs[PAIRS_MAX])
{
	const struct ini_pair all[PAIRS_MAX] = { { "name", s->name },
		{ "group", s->group }, { "language", s->language }, { "face", s->face },
		{ "filter", s->filter }, { "exclude", s->exclude } };
	size_t n = 0;

	for (size_t i = 0; i < PAIRS_MAX; i++)
		if (all[i].value && *all[i].value)
			pairs[n++] = all[i];
	return n;
}

/* True when the section, read by itself, names the same feed: then it is written. */
static bool
is_read_back(struct arena *a, const struct listed_feed *s, const struct ini_pair *pairs,
    size_t count)
{
	struct buf alone = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err err = ERR_INIT;
	struct listed_feed again;
	struct ini ini;
	bool ok = false;

	ini_append_section(&alone, "", s->url, pairs, count);
	ok = ini_parse(a, "f", buf_text(&alone), alone.len, false, &ini, &err) &&
	    ini.section_count == 1 &&
	    feed_section_read(a, "f", &ini.sections[0], true, &again, &err) &&
	    strcmp(again.url, s->url) == 0;
	buf_clear(&alone);
	return ok;
}

/* Writes all feeds into a configuration, which stays one. */
static void
check_import(struct arena *a, const struct feed_list *list)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	struct buf next = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err err = ERR_INIT;
	struct ini ini;
	size_t written = 0;

	buf_adds(&text, "[newsletter]\nname = Planet\n");
	for (size_t i = 0; i < list->source_count && i < SOURCES_MAX; i++) {
		struct ini_pair pairs[PAIRS_MAX];
		const size_t count = pairs_of(&list->sources[i], pairs);

		if (!is_read_back(a, &list->sources[i], pairs, count))
			continue;
		buf_reset(&next);
		ini_append_section(&next, buf_text(&text), list->sources[i].url, pairs,
		    count);
		buf_reset(&text);
		buf_add(&text, buf_text(&next), next.len);
		written++;
	}
	require(ini_parse(a, "f", buf_text(&text), text.len, false, &ini, &err));
	require(ini.section_count == written + 1);
	require(strcmp(ini.sections[0].keys[0].value, "Planet") == 0);
	for (size_t i = 1; i < ini.section_count; i++) {
		struct listed_feed feed;

		require(feed_section_read(a, "f", &ini.sections[i], true, &feed, &err));
	}
	buf_clear(&next);
	buf_clear(&text);
}

static void
check_sources(const struct feed_list *list)
{
	require(list->source_count <= LIMIT_SOURCES);
	for (size_t i = 0; i < list->source_count; i++) {
		const struct listed_feed *s = &list->sources[i];

		require(s->url &&
		    (url_is_web(s->url) || ascii_starts_nocase(s->url, "file:")));
		check_line(s->name);
		check_line(s->group);
	}
	for (size_t i = 0; i < list->refused_count; i++)
		check_line(list->refused[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	char *text = arena_strndup(a, (const char *)bytes, size);
	struct err err = ERR_INIT;
	struct feed_list list;

	if (feed_list_read(a, "f", text, size, &list, &err)) {
		if (list.kind == FEED_LIST_OPML)
			read_outlines(a, &list);
		check_sources(&list);
		check_import(a, &list);
	} else {
		require(err_is_set(&err));
	}
	arena_free(a);
	return 0;
}
