/* SPDX-License-Identifier: ISC */
/*
 * Lists of feeds as other programs keep them, read as they are: Planet and Venus config.ini,
 * Pluto planet.ini, rss2email.cfg, newsboat's urls.  (OPML is XML and read by feed/.)
 */
#ifndef CONFIG_FEED_LISTS_H
#define CONFIG_FEED_LISTS_H

#include "config/options.h"

enum planet_format {
	PLANET_VENUS,
	PLANET_PLUTO,
	PLANET_RSS2EMAIL,
	PLANET_URLS,
	PLANET_OPML,
	PLANET_OURS,
	PLANET_UNKNOWN
};

/* By shape, not by name of the file. */
enum planet_format planet_detect(const char *text, size_t len);

struct planet_list {
	enum planet_format format;
	struct source_spec *sources;
	size_t source_count;
	struct ini_section *planet; /* [Planet] or the keys before any section, or NULL */
	const char *
	    *reading_lists; /* addresses of OPML files it names (content_type = opml) */
	size_t reading_list_count;
	const char **ignored; /* keys that are not ours, for one line in `config check` */
	size_t ignored_count;
};
/* Any format but OPML.  ERR_CONFIG with file and line.  Everything lives in a. */
bool planet_parse(struct arena *a, const char *path, const char *text, size_t len,
    struct planet_list *out, struct err *err) MUST_CHECK;
/* Maps [Planet] keys (name, link, owner_name, ...) to settings that no file of ours set. */
bool planet_apply(struct arena *a, const struct planet_list *list, const char *path,
    struct settings *s, struct err *err) MUST_CHECK;

#endif
