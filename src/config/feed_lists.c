/* SPDX-License-Identifier: ISC */
#include "config/feed_lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/order.h"
#include "base/text.h"
#include "format/ini.h"
#include "config/feed_address.h"
#include "config/option_value.h"
#include "config/options.h"
#include "config/newsboat_urls.h"

/* ---- what is it? ---- */

static bool
begins_with_tag(const char *text, size_t len)
{
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	ascii_trim(&text, &len);
	return len > 0 && text[0] == '<';
}

/* What the sections of an INI file say about whose it is. */
struct shape {
	bool planet;
	bool ours;
	bool feeds;
	bool rss2email;
};

static bool
is_rss2email(const struct ini_section *s)
{
	return strncmp(s->name, "feed.", 5) == 0 && s->name[5];
}

bool
feed_list_section_is_ours(const struct ini_section *s)
{
	return option_is_section(s->name) && !ini_find(s, "feed");
}

static struct shape
shape_of(const struct ini *ini)
{
	struct shape shape = { false, false, false, false };

	for (size_t i = 0; i < ini->section_count; i++) {
		const struct ini_section *s = &ini->sections[i];

		if (strcmp(s->name, "Planet") == 0)
			shape.planet = true;
		else if (is_rss2email(s) || strcmp(s->name, "DEFAULT") == 0)
			shape.rss2email = true;
		else if (feed_list_section_is_ours(s) ||
		    strncmp(s->name, "feed ", 5) == 0 ||
		    (*s->name == '\0' && ini_find(s, "include")))
			shape.ours = true;
		else if (feed_section_is_one(s) || ini_find(s, "url"))
			shape.feeds = true;
	}
	return shape;
}

static enum feed_list_kind
kind_of(const struct ini *ini)
{
	struct shape shape = shape_of(ini);

	if (shape.planet)
		return FEED_LIST_VENUS;
	if (shape.rss2email)
		return FEED_LIST_RSS2EMAIL;
	if (shape.ours)
		return FEED_LIST_OURS;
	if (!shape.feeds)
		return FEED_LIST_UNKNOWN;
	return ini->dialect == INI_PLUTO ? FEED_LIST_PLUTO : FEED_LIST_VENUS;
}

void
feed_list_recognize(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out)
{
	struct err ignored = ERR_INIT;

	memset(out, 0, sizeof(*out));
	out->path = arena_strdup(a, path);
	if (begins_with_tag(text, len))
		out->kind = FEED_LIST_OPML;
	else if (newsboat_urls_detect(text, len))
		out->kind = FEED_LIST_URLS;
	else if (ini_parse(a, path, text, len, true, &out->ini, &ignored))
		out->kind = kind_of(&out->ini);
	else
		out->kind = FEED_LIST_UNKNOWN;
}

/* ---- reading ---- */

static void
add_text(struct arena *a, const char ***list, size_t *count, const char *text)
{
	*list = arena_grow_list(a, *list, *count, sizeof(**list));
	(*list)[(*count)++] = text;
}

/* Keys with a meaning for a letter; the others are for a planet's own pages. */
static const char *const PLANET_KEYS[] = { "name", "title", "link", "owner_name",
	"owner_email", "feed_timeout", "spider_threads", "new_feed_items",
	"items_per_page", "activity_threshold", "filter", "exclude" };

static int
compare_places(const void *x, const void *y)
{
	const char *const *a = *(const char *const *const *)x;
	const char *const *b = *(const char *const *const *)y;
	const int order = strcmp(*a, *b);

	return order != 0 ? order : ORDER(a, b);
}

/* Each once, where it stood first: a list of thousands of feeds may say as many keys. */
static void
ignored_once(struct feed_list *list)
{
	const char ***sorted = xcalloc(list->ignored_count, sizeof(*sorted));
	const char *last = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < list->ignored_count; i++)
		sorted[i] = &list->ignored[i];
	list_sort(sorted, list->ignored_count, sizeof(*sorted), compare_places);
	for (size_t i = 0; i < list->ignored_count; i++) {
		const char *name = *sorted[i];

		if (last && strcmp(last, name) == 0)
			*sorted[i] = NULL;
		last = name;
	}
	for (size_t i = 0; i < list->ignored_count; i++)
		if (list->ignored[i])
			list->ignored[kept++] = list->ignored[i];
	list->ignored_count = kept;
	free(sorted);
}

static void
note_keys(struct arena *a, struct feed_list *list, const struct ini_section *s,
    const char *const *known, size_t count)
{
	for (size_t i = 0; i < s->key_count; i++)
		if (!text_is_among(s->keys[i].name, known, count))
			add_text(a, &list->ignored, &list->ignored_count,
			    s->keys[i].name);
}

static void
add_source(struct arena *a, struct feed_list *list, const struct listed_feed *spec)
{
	list->sources =
	    arena_grow_list(a, list->sources, list->source_count, sizeof(*list->sources));
	list->sources[list->source_count++] = *spec;
}

/* What is not a feed: [Planet], template and filter sections, [DEFAULT], our own. */
static bool
is_feed_here(const struct ini_section *s, const char *url)
{
	return *url && (feed_section_is_one(s) || !feed_list_section_is_ours(s));
}

static const char *
feed_address(const struct ini_section *s)
{
	const struct ini_key *key = ini_find(s, "feed");

	if (strstr(s->name, "://"))
		return s->name;
	if (!key)
		key = ini_find(s, "url");
	return key ? key->value : "";
}

static bool
read_section(struct arena *a, const char *path, const struct ini_section *s,
    struct feed_list *list, struct err *err)
{
	const struct ini_key *type = ini_find(s, "content_type");
	const struct ini_key *active = ini_find(s, "active"); /* rss2email */
	const char *url = feed_address(s);
	struct listed_feed spec;
	bool is_active = true;

	if (!is_feed_here(s, url))
		return true;
	url = feed_address_of_list(a, list, url);
	if (!url)
		return true;
	if (type && *type->value) {
		/* Venus has lists in other forms too (csv, html), which nobody reads here. */
		if (ascii_eq_nocase(type->value, "opml") ||
		    ascii_eq_nocase(type->value, "foaf"))
			add_text(a, &list->reading_lists, &list->reading_list_count, url);
		else
			add_text(a, &list->ignored, &list->ignored_count,
			    arena_printf(a, "%s (content_type %s)", url, type->value));
		return true;
	}
	if (!feed_section_read(a, path, s, false, &spec, err))
		return false;
	if (!spec.key && is_rss2email(s))
		spec.key = s->name + sizeof("feed.") - 1;
	else if (!spec.key && !strstr(s->name, "://"))
		spec.key = s->name;
	if (active && option_parse_bool(active->value, &is_active) && !is_active)
		spec.paused = true;
	note_keys(a, list, s, feed_keys, FEED_KEYS_THEIRS + FEED_KEYS_SHARED);
	add_source(a, list, &spec);
	return true;
}

static bool
read_sections(struct arena *a, struct feed_list *list, struct err *err)
{
	const struct ini *ini = &list->ini;

	for (size_t i = 0; i < ini->section_count; i++) {
		const struct ini_section *s = &ini->sections[i];

		if (strcmp(s->name, "Planet") == 0 ||
		    (*s->name == '\0' && ini->dialect == INI_PLUTO)) {
			list->planet = s;
			note_keys(a, list, s, PLANET_KEYS, ARRAY_LEN(PLANET_KEYS));
		} else if (!read_section(a, list->path, s, list, err)) {
			return false;
		}
		if (list->source_count > LIMIT_SOURCES)
			return err_set(err, ERR_CONFIG, "%s names more than %d feeds",
			    list->path, LIMIT_SOURCES);
	}
	ignored_once(list);
	return true;
}

bool
feed_list_fill(struct arena *a, struct feed_list *list, const char *text, size_t len,
    struct err *err)
{
	switch (list->kind) {
	case FEED_LIST_URLS:
		return newsboat_urls_parse(a, list->path, text, len, list, err);
	case FEED_LIST_VENUS:
	case FEED_LIST_PLUTO:
	case FEED_LIST_RSS2EMAIL:
	case FEED_LIST_OURS:
		return read_sections(a, list, err);
	case FEED_LIST_OPML:
		list->xml = arena_strndup(a, text, len);
		list->xml_len = len;
		return true;
	case FEED_LIST_UNKNOWN:
		break;
	}
	(void)err_set(err, ERR_CONFIG, "%s is no list of feeds that is known",
	    list->path);
	return err_hint(err,
	    "read are planet config.ini and planet.ini, OPML, rss2email.cfg and "
	    "newsboat's urls");
}

bool
feed_list_read(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out, struct err *err)
{
	feed_list_recognize(a, path, text, len, out);
	return feed_list_fill(a, out, text, len, err);
}
