/* SPDX-License-Identifier: ISC */
/* A letter of two posts of two blogs, to be changed by a test and rendered. */
#ifndef TESTS_RENDER_FIXTURE_H
#define TESTS_RENDER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "config/settings.h"
#include "digest/select.h"
#include "digest/group.h"
#include "digest/render.h"
#include "digest/templates.h"
#include "model/holes.h"

/* 2026-11-24T06:30:00Z, a Tuesday. */
enum { NOW = 1795501800, HOUR = 3600 };

/* One letter of two posts of two blogs, and what a case changes of it. */
struct letter {
	struct arena *a;
	struct settings settings;
	struct zone *zone;
	struct template_set *templates;
	struct source sources[40];
	size_t source_count;
	struct entry entries[60];
	size_t entry_count;
	struct issue issue;
	int64_t first_date; /* of the oldest issue in the letter; 0: of the only one */
	struct variant variant;
	struct rendering out;
	bool has_web;
};

static inline void
letter_open(struct letter *l)
{
	struct err err = ERR_INIT;

	memset(l, 0, sizeof(*l));
	l->a = arena_new();
	settings_default(l->a, "/nowhere", &l->settings);
	l->settings.config.newsletter.name = "Planet <Test>";
	l->settings.config.newsletter.language = "en";
	l->settings.config.digest.body = BODY_WHOLE;
	l->zone = zone_open("UTC", &err);
	l->templates = template_set_open("", "en", "", &err);
	if (!l->zone || !l->templates)
		fail_msg("%s", err.text);
	l->sources[0] = (struct source){ .id = 1,
		.key = "ann",
		.name = "Ann & Co",
		.link = "https://ann.example/",
		.max_per_feed = -1 };
	l->sources[1] =
	    (struct source){ .id = 2, .key = "bo", .title = "bo", .max_per_feed = -1 };
	l->entries[0] = (struct entry){ .id = 1,
		.source_id = 1,
		.link = "https://ann.example/1",
		.title = "Tea < coffee",
		.author = "Ann",
		.published = NOW - HOUR,
		.updated = TIME_NONE,
		.html = "<p>One &amp; two.</p>",
		.text = "One & two.",
		.words = 700 };
	l->entries[1] = (struct entry){ .id = 2,
		.source_id = 2,
		.link = "https://bo.example/2",
		.published = TIME_NONE,
		.updated = TIME_NONE,
		.first_seen = NOW - 24 * HOUR,
		.html = "<p>No title here.</p>",
		.text = "No title here.",
		.words = 3 };
	l->source_count = l->entry_count = 2;
	l->issue = (struct issue){ .name = "2026-11-24", .date = NOW };
	l->variant = (struct variant){ .length = LENGTH_DEFAULT, .sources = "*" };
}

static inline bool
letter_render(struct letter *l, struct err *err)
{
	struct selection sel;
	struct digest d;
	const struct render_context ctx = { .config = &l->settings.config,
		.zone = l->zone,
		.templates = l->templates,
		.issue = &l->issue,
		.images = l->settings.config.digest.images,
		.first_date = l->first_date ? l->first_date : l->issue.date,
		.leave_kind = l->has_web ? "web" : "mail",
		.has_web = l->has_web };

	if (!digest_select(l->a, &l->settings.config, l->sources, l->source_count,
		l->entries, l->entry_count, NOW, NULL, 0, &sel, err))
		return false;
	digest_group(l->a, &l->settings.config, l->zone, l->sources, l->source_count,
	    &sel,
	    digest_tie_end(digest_tie_begin(l->a, &l->settings.config, l->sources,
			       l->source_count, &sel, NULL),
		NULL, 0),
	    &d);
	return digest_render(l->a, &ctx, &d, &l->variant, &l->out, err);
}

static inline void
letter_close(struct letter *l)
{
	template_set_close(l->templates);
	zone_close(l->zone);
	arena_free(l->a);
}

static inline void
must_render(struct letter *l)
{
	struct err err = ERR_INIT;

	if (!letter_render(l, &err))
		fail_msg("%s", err.text);
}

static inline void
has(const char *what, const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("%s: \"%s\" is missing in:\n%s", what, piece, text);
}

static inline void
has_not(const char *what, const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("%s: \"%s\" stands in:\n%s", what, piece, text);
}

#endif
