/* SPDX-License-Identifier: ISC */
/*
 * Lists of feeds as other programs keep them, read as they are: Planet and Venus config.ini,
 * Pluto planet.ini, rss2email.cfg, newsboat's urls.  (OPML is XML and read by feed/.)
 */
#ifndef CONFIG_FEED_LISTS_H
#define CONFIG_FEED_LISTS_H

#include "config/feed_section.h"
#include "format/ini.h"

enum feed_list_kind {
	FEED_LIST_VENUS,
	FEED_LIST_PLUTO,
	FEED_LIST_RSS2EMAIL,
	FEED_LIST_URLS,
	FEED_LIST_OPML,
	FEED_LIST_OURS,
	FEED_LIST_UNKNOWN
};

/* One file, read and parsed once.  Everything lives in the arena it was read into. */
struct feed_list {
	enum feed_list_kind kind;
	const char *path;
	struct ini ini; /* the sections of all kinds but OPML and URLS */
	/* OPML alone: a copy of its bytes, for feed/ to parse. */
	const char *xml;
	size_t xml_len;
	struct listed_feed *sources;
	size_t source_count;
	/* [Planet], or the keys before any section, or NULL. */
	const struct ini_section *planet;
	/* Addresses of OPML and FOAF files it names (content_type = opml, foaf). */
	const char **reading_lists;
	size_t reading_list_count;
	/* Where a feed should stand and what is there is no address; each as written. */
	const char **refused;
	size_t refused_count;
	/* Keys that are not ours, for one line in `config check`. */
	const char **ignored;
	size_t ignored_count;
};
/* What a file is, by its shape and not by its name: fills kind, path and ini, no feeds. */
void feed_list_recognize(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out);
/* The feeds of a list that was recognized.  ERR_CONFIG with file and line. */
bool feed_list_fill(struct arena *a, struct feed_list *list, const char *text, size_t len,
    struct err *err) MUST_CHECK;
/* Both.  Of OPML only the bytes are kept. */
bool feed_list_read(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out, struct err *err) MUST_CHECK;

/*
 * True for a section of a planet's file that holds options of ours.  A planet may well call a
 * feed [web] or [list]: that one has a key feed.
 */
bool feed_list_section_is_ours(const struct ini_section *section);

#endif
