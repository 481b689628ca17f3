/* SPDX-License-Identifier: ISC */
#include "config/feed_lists.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "format/ini.h"
#include "config/option_value.h"
#include "config/settings.h"
#include "config/newsboat_urls.h"

/* ---- what is it? ---- */

static bool
begins_with_tag(const char *text, size_t len)
{
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	text_trim(&text, &len);
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
		else if (section_is_ours(s, true) || strncmp(s->name, "feed ", 5) == 0 ||
		    (*s->name == '\0' && ini_find(s, "include")))
			shape.ours = true;
		else if (section_is_feed(s) || ini_find(s, "url"))
			shape.feeds = true;
	}
	return shape;
}

enum planet_format
planet_detect(const char *text, size_t len)
{
	struct arena *a = NULL;
	struct err ignored = ERR_INIT;
	struct ini ini;
	enum planet_format format = PLANET_UNKNOWN;

	if (begins_with_tag(text, len))
		return PLANET_OPML;
	if (urls_detect(text, len))
		return PLANET_URLS;
	a = arena_new();
	if (ini_parse(a, "", text, len, true, &ini, &ignored)) {
		struct shape shape = shape_of(&ini);

		if (shape.planet)
			format = PLANET_VENUS;
		else if (shape.rss2email)
			format = PLANET_RSS2EMAIL;
		else if (shape.ours)
			format = PLANET_OURS;
		else if (ini.dialect == INI_PLUTO && shape.feeds)
			format = PLANET_PLUTO;
		else if (shape.feeds)
			format = PLANET_VENUS;
	}
	arena_free(a);
	return format;
}

/* ---- reading ---- */

static bool
in_list(const char *const *names, const char *name)
{
	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
add_text(struct arena *a, const char ***list, size_t *count, const char *text)
{
	*list = arena_grow_list(a, *list, *count, sizeof(**list));
	(*list)[(*count)++] = text;
}

static bool
is_address(const char *text)
{
	return url_is_web(text) || text_starts_nocase(text, "file:///");
}

/* Keys with a meaning for a letter; the others are for a planet's own pages. */
static const char *const PLANET_KEYS[] = { "name", "title", "link", "owner_name",
	"owner_email", "feed_timeout", "spider_threads", "new_feed_items",
	"items_per_page", "activity_threshold", "filter", "exclude", NULL };
static const char *const FEED_KEYS[] = { "name", "title", "group", "language", "face",
	"avatar", "filter", "exclude", "strip", "max_per_feed", "paused", "url", "feed",
	"link", "content_type", "active", NULL };

static void
note_ignored(struct arena *a, struct planet_list *list, const char *name)
{
	for (size_t i = 0; i < list->ignored_count; i++)
		if (strcmp(list->ignored[i], name) == 0)
			return;
	add_text(a, &list->ignored, &list->ignored_count, name);
}

static void
note_keys(struct arena *a, struct planet_list *list, const struct ini_section *s,
    const char *const *known)
{
	for (size_t i = 0; i < s->key_count; i++)
		if (!in_list(known, s->keys[i].name))
			note_ignored(a, list, s->keys[i].name);
}

static void
add_source(struct arena *a, struct planet_list *list, const struct source_spec *spec)
{
	list->sources =
	    arena_grow_list(a, list->sources, list->source_count, sizeof(*list->sources));
	list->sources[list->source_count++] = *spec;
}

/* What is not a feed: [Planet], template and filter sections, [DEFAULT], our own. */
static bool
is_feed_here(const struct ini_section *s, const char *url)
{
	return is_address(url) && (section_is_feed(s) || !section_is_ours(s, true));
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
    struct planet_list *list, struct err *err)
{
	const struct ini_key *type = ini_find(s, "content_type");
	const struct ini_key *active = ini_find(s, "active"); /* rss2email */
	const char *url = feed_address(s);
	struct source_spec spec;

	if (!is_feed_here(s, url))
		return true;
	if (type && *type->value) {
		/* Venus has lists in other forms too (foaf, csv, html), which nobody reads here. */
		if (text_eq_nocase(type->value, "opml"))
			add_text(a, &list->reading_lists, &list->reading_list_count, url);
		else
			note_ignored(a, list,
			    arena_printf(a, "%s (content_type %s)", url, type->value));
		return true;
	}
	if (!source_from_section(a, path, s, false, &spec, err))
		return false;
	if (!spec.key && is_rss2email(s))
		spec.key = s->name + sizeof("feed.") - 1;
	else if (!spec.key && !strstr(s->name, "://"))
		spec.key = s->name;
	if (active &&
	    (text_eq_nocase(active->value, "false") ||
		text_eq_nocase(active->value, "no") || strcmp(active->value, "0") == 0))
		spec.paused = true;
	note_keys(a, list, s, FEED_KEYS);
	add_source(a, list, &spec);
	return true;
}

static bool
read_ini(struct arena *a, const char *path, const char *text, size_t len,
    struct planet_list *out, struct err *err)
{
	struct ini ini;

	if (!ini_parse(a, path, text, len, true, &ini, err))
		return false;
	for (size_t i = 0; i < ini.section_count; i++) {
		struct ini_section *s = &ini.sections[i];

		if (strcmp(s->name, "Planet") == 0 ||
		    (*s->name == '\0' && ini.dialect == INI_PLUTO)) {
			out->planet = s;
			note_keys(a, out, s, PLANET_KEYS);
		} else if (!read_section(a, path, s, out, err)) {
			return false;
		}
		if (out->source_count > LIMIT_SOURCES)
			return err_set(err, ERR_CONFIG, "%s names more than %d feeds",
			    path, LIMIT_SOURCES);
	}
	return true;
}

bool
planet_parse(struct arena *a, const char *path, const char *text, size_t len,
    struct planet_list *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	out->format = planet_detect(text, len);
	path = arena_strdup(a, path);
	switch (out->format) {
	case PLANET_URLS:
		return urls_parse(a, path, text, len, out, err);
	case PLANET_VENUS:
	case PLANET_PLUTO:
	case PLANET_RSS2EMAIL:
	case PLANET_OURS:
		return read_ini(a, path, text, len, out, err);
	case PLANET_OPML:
		return err_set(err, ERR_CONFIG, "%s is XML: it is read as OPML", path);
	case PLANET_UNKNOWN:
		break;
	}
	(void)err_set(err, ERR_CONFIG, "%s is no list of feeds that is known", path);
	return err_hint(err,
	    "read are planet config.ini and planet.ini, OPML, rss2email.cfg and "
	    "newsboat's urls");
}
