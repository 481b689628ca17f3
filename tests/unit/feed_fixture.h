/* SPDX-License-Identifier: ISC */
/* A feed parsed from a string, and how tests say what they got. */
#ifndef FEED_FIXTURE_H
#define FEED_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "feed/entry_clean.h"
#include "feed/feed.h"
#include "unit/guarded.h"

struct parsed {
	struct arena *arena;
	struct feed *feed; /* NULL: no feed */
	struct feed_links links;
	struct err err;
};

static inline struct parsed
parse_bytes(const void *bytes, size_t len, const char *url, const char *type)
{
	struct parsed p = { .arena = arena_new(), .err = ERR_INIT };
	const struct feed_context context = { .url = url,
		.content_type = type,
		.now = 1795500000 }; /* 2026-11-24 */

	/* The answer is true with a feed alone. */
	if (feed_parse(p.arena, guarded(bytes, len), len, &context, &p.feed, &p.links,
		&p.err) != (p.feed != NULL))
		fail_msg("%.*s: the answer and the feed differ", (int)len,
		    (const char *)bytes);
	return p;
}

static inline struct parsed
parse_text(const char *text)
{
	return parse_bytes(text, strlen(text), "https://example.org/blog/feed", NULL);
}

static inline void
parsed_free(struct parsed *p)
{
	arena_free(p->arena);
}

static inline void
expect_text(const char *name, const char *field, const char *got, const char *want)
{
	got = got ? got : "(none)";
	want = want ? want : "(none)";
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s: got \"%s\", want \"%s\"", name, field, got, want);
}

static inline void
expect_time(const char *name, const char *field, int64_t got, const char *want)
{
	char text[CLOCK_TEXT] = "";

	expect_text(name, field, got == TIME_NONE ? NULL : clock_rfc3339(got, text),
	    want);
}

static inline void
expect_number(const char *name, const char *field, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: %s: got %lld, want %lld", name, field, (long long)got,
		    (long long)want);
}

/* True when one of the feed's warnings contains text. */
static inline bool
has_warning(const struct feed *f, const char *text)
{
	for (size_t i = 0; i < f->warning_count; i++)
		if (strstr(f->warnings[i], text))
			return true;
	return false;
}

#endif
