/* SPDX-License-Identifier: ISC */
/* All files of a configuration, in their order, into one struct settings. */
#include "config/settings.h"

#include <glob.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "config/duplicate_feeds.h"
#include "config/feed_lists.h"
#include "config/planet_apply.h"
#include "config/relays.h"

struct loader {
	struct arena *arena;
	const struct settings_paths *paths;
	struct settings *settings;
	/* Their [Planet] sections wait until all files were read: what our own set wins. */
	struct feed_list *planets;
	size_t planet_count;
	size_t source_room; /* elements of settings->sources */
};

static bool load_file(struct loader *l, const char *path, struct err *err);

/* `more`: how many may follow from its file, so that a list of thousands is not copied. */
static void
add_source(struct loader *l, const struct listed_feed *spec, size_t more)
{
	struct settings *s = l->settings;
	const size_t count = s->source_count;

	if (count == l->source_room) {
		l->source_room += 1 + (more > count ? more : count);
		struct listed_feed *list =
		    arena_array(l->arena, l->source_room, sizeof(*list));
		if (count > 0)
			memcpy(list, s->sources, count * sizeof(*list));
		s->sources = list;
	}
	s->sources[s->source_count++] = *spec;
}

static const char *const *const own_keys = feed_keys + FEED_KEYS_THEIRS;
enum { OWN_KEYS = FEED_KEYS_SHARED + FEED_KEYS_OURS };

static bool
is_feed_key(const char *name)
{
	return text_is_among(name, own_keys, OWN_KEYS);
}

/* A setting of all feeds that stands in one feed's section would be obeyed by nobody. */
static bool
refuse_general_keys(const char *path, const struct ini_section *section, struct err *err)
{
	static const char *const SECTIONS[] = { "digest", "fetch", "health" };

	for (size_t i = 0; i < section->key_count; i++) {
		const struct ini_key *key = &section->keys[i];

		for (size_t k = 0; !is_feed_key(key->name) && k < ARRAY_LEN(SECTIONS);
		     k++) {
			if (!option_find(SECTIONS[k], key->name))
				continue;
			(void)err_set(err, ERR_CONFIG,
			    "'%s' in [%s] is a setting for all feeds, %s line %d",
			    key->written, section->name, path, key->line);
			return err_hint(err,
			    "it belongs to [%s]; of one feed: name, group, language, "
			    "face, filter, exclude, categories, languages, strip, "
			    "max_per_feed, user_agent, proxy, headers, full_text, "
			    "filter_command, every, timeout, "
			    "paused",
			    SECTIONS[k]);
		}
	}
	return true;
}

/* A key that is nobody's is kept for templates, but a slip of the keyboard is told. */
static void
warn_near_keys(struct loader *l, const char *path, const struct ini_section *section)
{
	for (size_t i = 0; i < section->key_count; i++) {
		const struct ini_key *key = &section->keys[i];
		const char *near = is_feed_key(key->name)
		    ? NULL
		    : nearest_word(key->name, own_keys, OWN_KEYS);

		if (near)
			settings_warn(l->arena, l->settings,
			    "%s line %d: '%s' in [%s] is not known; did you mean '%s'?",
			    path, key->line, key->written, section->name, near);
	}
}

static bool
load_include(struct loader *l, const char *path, const struct ini_key *key,
    struct err *err)
{
	const char *pattern = settings_path(l->arena, l->settings, path, key->value);
	glob_t found = { 0 };
	bool ok = true;

	if (!strpbrk(pattern, "*?[")) {
		ok = load_file(l, pattern, err);
		if (!ok)
			(void)err_hint(err, "included by %s line %d", path, key->line);
		return ok;
	}
	int result = glob(pattern, 0, NULL, &found);
	if (result == GLOB_NOMATCH)
		settings_warn(l->arena, l->settings, "%s line %d: no file is like %s",
		    path, key->line, pattern);
	else if (result != 0)
		ok = err_set(err, ERR_CONFIG, "cannot look for %s, %s line %d", pattern,
		    path, key->line);
	for (size_t i = 0; ok && result == 0 && i < found.gl_pathc; i++)
		ok = load_file(l, found.gl_pathv[i], err);
	globfree(&found);
	return ok;
}

static bool
load_key(struct loader *l, const char *path, const struct ini_section *section,
    const struct ini_key *key, struct err *err)
{
	if (strcmp(key->name, "include") == 0)
		return load_include(l, path, key, err);
	if (*section->name == '\0')
		return err_set(err, ERR_CONFIG,
		    "'%s' stands before any [section], %s line %d", key->written, path,
		    key->line);
	return settings_set(l->arena, l->settings, section->name, key->written,
	    key->value, path, key->line, err);
}

/* A mistake hides none behind it: whoever mends a file is told all of them at once. */
static bool
load_section(struct loader *l, const char *path, const struct ini_section *section,
    struct err *err)
{
	bool ok = true;

	for (size_t i = 0; i < section->key_count; i++) {
		struct err mistake = ERR_INIT;

		if (!load_key(l, path, section, &section->keys[i], &mistake))
			ok = err_also(err, &mistake);
	}
	return ok;
}

static bool
load_own_section(struct loader *l, const char *path, const struct ini_section *section,
    size_t more, struct err *err)
{
	struct listed_feed spec;

	if (*section->name == '\0' || option_is_section(section->name))
		return load_section(l, path, section, err);
	if (relay_section_is_one(section->name))
		return relay_section_read(l->arena, l->settings, path, section, err);
	if (!feed_section_is_one(section))
		/* It knows what to say of a section that is nobody's. */
		return settings_set(l->arena, l->settings, section->name, "", "", path,
		    section->line, err);
	if (!feed_section_read(l->arena, path, section, true, &spec, err) ||
	    !refuse_general_keys(path, section, err))
		return false;
	warn_near_keys(l, path, section);
	add_source(l, &spec, more);
	return true;
}

/*
 * A file of our own, as it was read to recognize it; or strictly, again, when that passed over
 * anything, since a slip in it must not pass in silence.
 */
static bool
load_own(struct loader *l, const struct feed_list *list, const struct buf *text,
    struct err *err)
{
	const char *path = list->path;
	struct ini ini = list->ini;
	bool ok = true;

	if ((list->kind != FEED_LIST_OURS || ini.skipped > 0 || ini.repaired) &&
	    !ini_parse(l->arena, path, buf_text(text), text->len, false, &ini, err))
		return false;
	for (size_t i = 0; i < ini.section_count; i++) {
		struct err mistake = ERR_INIT;

		if (!load_own_section(l, path, &ini.sections[i], ini.section_count - i,
			&mistake))
			ok = err_also(err, &mistake);
	}
	return ok;
}

/* A planet's file with its feeds; it may hold sections of ours too. */
static bool
load_planet(struct loader *l, struct feed_list *list, const struct buf *text,
    struct err *err)
{
	bool ok = true;

	if (!feed_list_fill(l->arena, list, buf_text(text), text->len, err))
		return false;
	l->planets =
	    arena_grow_list(l->arena, l->planets, l->planet_count, sizeof(*l->planets));
	l->planets[l->planet_count++] = *list;
	for (size_t i = 0; i < list->source_count; i++)
		add_source(l, &list->sources[i], list->source_count - i);
	for (size_t i = 0; i < list->ini.section_count; i++) {
		struct err mistake = ERR_INIT;

		if (feed_list_section_is_ours(&list->ini.sections[i]) &&
		    !load_section(l, list->path, &list->ini.sections[i], &mistake))
			ok = err_also(err, &mistake);
	}
	return ok;
}

/* A relay of that file has a password in it. */
static bool
relay_has_password(const struct settings *s, const char *path)
{
	const struct config *c = &s->config;

	for (size_t i = 0; i < c->relay_count; i++)
		if (strcmp(c->relays[i].file, path) == 0 &&
		    *c->relays[i].smtp.password != '\0')
			return true;
	return false;
}

/* A password in a file that others can read is no secret any more. */
static bool
check_exposure(const struct settings *s, const char *path, struct err *err)
{
	const struct option *o = option_find("smtp", "password");
	const struct origin *origin = &s->origins[o - options];
	mode_t mode = 0;

	if (!relay_has_password(s, path) &&
	    (!origin->file || strcmp(origin->file, path) != 0 ||
		*s->config.smtp.password == '\0'))
		return true;
	if (!file_is_exposed(path, &mode) || (mode & 04) == 0)
		return true;
	(void)err_set(err, ERR_CONFIG,
	    "%s holds a password and others can read it (mode %04o)", path,
	    (unsigned)(mode & 07777));
	return err_hint(err,
	    "chmod 640 and chgrp planetpost, or move the password to a file: "
	    "smtp.password_file");
}

static bool
refuse_list(const char *path, struct err *err)
{
	(void)err_set(err, ERR_CONFIG, "%s is a list of feeds, not a configuration",
	    path);
	(void)err_hint(err, "%s", path);
	return err_next(err, NEXT_IMPORT_FEEDS);
}

static bool
note_file(struct loader *l, const char *path, struct err *err)
{
	struct settings *s = l->settings;

	if (s->file_count == LIMIT_CONFIG_INCLUDES)
		return err_set(err, ERR_CONFIG,
		    "%s: more than %d files; does one include itself?", path,
		    LIMIT_CONFIG_INCLUDES);
	s->files = arena_grow_list(l->arena, s->files, s->file_count, sizeof(*s->files));
	s->files[s->file_count++] = path;
	return true;
}

static bool
read_config(const struct loader *l, const char *path, struct buf *text, struct err *err)
{
	const struct settings_paths *p = l->paths;
	struct err cause = ERR_INIT;

	if (p->edited && strcmp(p->edited, path) == 0) {
		buf_add(text, p->edited_text->data, p->edited_text->len);
		return true;
	}
	if (file_read(path, text, &cause))
		return true;
	return err_set(err, ERR_CONFIG, "%s", cause.text);
}

static bool
load_file(struct loader *l, const char *path, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	struct feed_list list;
	bool ok = false;

	path = arena_strdup(l->arena, path);
	if (!note_file(l, path, err) || !read_config(l, path, &text, err))
		goto out;
	feed_list_recognize(l->arena, path, buf_text(&text), text.len, &list);
	switch (list.kind) {
	case FEED_LIST_VENUS:
	case FEED_LIST_PLUTO:
		ok = load_planet(l, &list, &text, err);
		break;
	case FEED_LIST_RSS2EMAIL:
	case FEED_LIST_URLS:
	case FEED_LIST_OPML:
		ok = refuse_list(path, err);
		break;
	case FEED_LIST_OURS:
	case FEED_LIST_UNKNOWN:
		ok = load_own(l, &list, &text, err);
		break;
	}
	ok = ok && check_exposure(l->settings, path, err);
out:
	buf_clear(&text);
	return ok;
}

static const char *
state_dir(struct arena *a, const struct settings_paths *p)
{
	if (p->data_dir)
		return p->data_dir;
	if (p->env_data && *p->env_data)
		return p->env_data;
	if (p->is_root)
		return "/var/lib/planetpost";
	if (p->xdg_state && *p->xdg_state == '/')
		return arena_printf(a, "%s/planetpost", p->xdg_state);
	if (p->home && *p->home)
		return arena_printf(a, "%s/.local/state/planetpost", p->home);
	return ".";
}

static const char SYSTEM_FILE[] = "/etc/planetpost/planetpost.conf";

/* The file of this user, or NULL when there is no home. */
static const char *
user_file(struct arena *a, const struct settings_paths *p)
{
	if (p->xdg_config && *p->xdg_config == '/')
		return arena_printf(a, "%s/planetpost/planetpost.conf", p->xdg_config);
	if (p->home && *p->home)
		return arena_printf(a, "%s/.config/planetpost/planetpost.conf", p->home);
	return NULL;
}

const char *
settings_default_file(struct arena *a, const struct settings_paths *paths)
{
	const char *user = user_file(a, paths);

	if (paths->file_count > 0)
		return paths->files[0];
	if (paths->env_config && *paths->env_config)
		return paths->env_config;
	return paths->is_root || !user ? SYSTEM_FILE : user;
}

static bool
load_files(struct loader *l, const struct settings_paths *p, struct err *err)
{
	const char *user = user_file(l->arena, p);

	for (size_t i = 0; i < p->file_count; i++)
		if (!load_file(l, p->files[i], err))
			return false;
	if (p->file_count > 0)
		return true;
	if (p->env_config && *p->env_config)
		return load_file(l, p->env_config, err);
	if (user && file_exists(user))
		return load_file(l, user, err);
	return file_exists(SYSTEM_FILE) ? load_file(l, SYSTEM_FILE, err) : true;
}

/*
 * Letters as files lie in one place wherever the command is given: beside the configuration
 * that was named, else in the data directory.
 */
static void
place_outbox(struct arena *a, struct settings *s, const struct settings_paths *p)
{
	const bool named = p->file_count > 0 || (p->env_config && *p->env_config);

	if (settings_is_set(s, option_find("transport", "outbox")))
		return;
	s->config.transport.outbox = named && s->file_count > 0
	    ? settings_path(a, s, s->files[0], "./outbox")
	    : settings_path(a, s, NULL, "$STATE/outbox");
}

/* An option or the environment says where the database lives: stronger than any file. */
static bool
force_data_dir(struct arena *a, struct settings *s, const struct settings_paths *p,
    struct err *err)
{
	if (!p->data_dir && !(p->env_data && *p->env_data))
		return true;
	return settings_set(a, s, "database", "path",
	    option_find("database", "path")->initial, NULL, 0, err);
}

/*
 * One list of feeds_from, kept for the run: what a planet's keeper wrote for the page serves the
 * letter too.  A list that cannot be read is told when its feeds are wanted; one over the web
 * gives feeds alone.
 */
static void
load_list(struct loader *l, const char *path)
{
	struct settings *s = l->settings;
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err unread = ERR_INIT;
	struct feed_list list;

	if (!url_is_web(path) && file_exists(path) && file_read(path, &text, &unread) &&
	    feed_list_read(l->arena, path, buf_text(&text), text.len, &list, &unread)) {
		s->lists =
		    arena_grow_list(l->arena, s->lists, s->list_count, sizeof(*s->lists));
		s->lists[s->list_count++] = list;
		planet_apply(l->arena, &list, s);
	}
	buf_clear(&text);
}

static void
load_lists(struct loader *l)
{
	const char *where = l->settings->config.feeds.feeds_from;
	const char *path = NULL;

	while ((path = text_next_word(l->arena, &where, "\n")) != NULL)
		load_list(l, path);
}

bool
settings_load(struct arena *a, const struct settings_paths *paths, struct settings *out,
    struct err *err)
{
	struct loader l = { .arena = a, .paths = paths, .settings = out };

	settings_default(a, state_dir(a, paths), out);
	out->home = paths->home && *paths->home ? paths->home : NULL;
	if (!load_files(&l, paths, err))
		return false;
	for (size_t i = 0; i < l.planet_count; i++)
		planet_apply(a, &l.planets[i], out);
	if (out->config.list.optin_single)
		settings_warn(a, out,
		    "list.optin = single: who asks by page or mail confirms all the same; only "
		    "rows of sub add and sub import with confirmed_by are taken unasked");
	place_outbox(a, out, paths);
	out->config.smtp_is_relay = settings_is_set(out, option_find("smtp", "host"));
	duplicate_feeds_drop(a, out);
	if (!force_data_dir(a, out, paths, err))
		return false;
	load_lists(&l);
	return true;
}
