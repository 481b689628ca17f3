/* SPDX-License-Identifier: ISC */
/* A section that names a feed, ours or a planet's, as a source. */
#ifndef CONFIG_FEED_SECTION_H
#define CONFIG_FEED_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "format/ini.h"

/* One feed as a configuration or a list of feeds names it. */
struct listed_feed {
	const char *url;
	const char *key; /* [feed KEY]; NULL: made from name or host */
	const char *name, *group, *language, *face, *filter, *exclude, *strip,
	    *user_agent;
	const char *categories, *exclude_categories, *languages, *exclude_languages;
	/* How it is asked, in sections of our own alone: no list of feeds may say these. */
	const char *proxy, *headers; /* headers: "Name: value", one a line */
	const char *full_text;      /* selector of a post on its own page, or "article" */
	const char *filter_command; /* program that judges each post, with its words */
	int64_t every, timeout;     /* seconds; 0 = not said */
	int64_t max_per_feed;       /* -1 = not said */
	bool paused;
	const char *file;    /* where it stands */
	const char *section; /* its name there; NULL where there are no sections */
	int line;
};

/*
 * The keys with a meaning here: those that only other programs' lists of feeds have, those of both,
 * and those of our own sections alone.
 */
enum { FEED_KEYS_THEIRS = 2, FEED_KEYS_SHARED = 19, FEED_KEYS_OURS = 6 };
extern const char *const feed_keys[FEED_KEYS_THEIRS + FEED_KEYS_SHARED + FEED_KEYS_OURS];
/* Those of them that say what a feed is, for i below FEED_TEXTS: key and text, NULL = not said. */
enum { FEED_TEXTS = 11 };
struct ini_pair feed_section_text(const struct listed_feed *feed, size_t i);

/* True when the section names a feed: an address as name, [feed NAME], or a key feed. */
bool feed_section_is_one(const struct ini_section *section);
/*
 * The source a section names.  strict: a wrong value is ERR_CONFIG, else it is left out.
 * Unknown keys are no error: they are a planet's, for its templates.  Everything lives in a, or
 * is borrowed from the section; path is borrowed.
 */
bool feed_section_read(struct arena *a, const char *path,
    const struct ini_section *section, bool strict, struct listed_feed *out,
    struct err *err) MUST_CHECK;

/*
 * What one key and value of such a section would say, laid over the feed; an empty value takes a
 * text away.  False, with the feed as it was, for a key that is none and a value that is wrong.
 */
bool feed_section_set(struct arena *a, struct listed_feed *feed, const char *key,
    const char *value) MUST_CHECK;

#endif
