/* SPDX-License-Identifier: ISC */
/*
 * Letters of random issues: whatever is in them, they keep to their limit, have a way to leave and
 * at least one post.  ROOM_ISSUES=1000 tries as many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "config/settings.h"
#include "digest/group.h"
#include "digest/render.h"
#include "digest/select.h"
#include "digest/templates.h"
#include "format/mime_encoding.h"
#include "model/holes.h"

enum {
	NOW = 1795501800, /* 2026-11-24T06:30:00Z */
	HOUR = 3600,
	ISSUES = 40,
	SOURCES_MOST = 300,
	ENTRIES_MOST = 700,
	HOLE_ROOM = 100
};

static uint32_t
dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

/* So many words of one of several kinds, with links, code and lists among them. */
static const char *
some_html(struct arena *a, uint32_t *seed, size_t words)
{
	static const char *const kinds[] = { "word ", "<b>bold</b> words. ",
		"\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3002", "d\u00e9j\u00e0 vu! ",
		"<a href=\"https://x.example/a/rather/long/path?with=a&amp;query=1\">link</a> ",
		"</p>\n<pre>int x = 1;\nint y = 2;\n</pre>\n<p>",
		"</p>\n<ul>\n<li>One</li>\n<li>two</li>\n</ul>\n<p>",
		"<img src=\"https://x.example/p.png\" alt=\"What it shows\"> " };
	struct buf b = BUF_INIT(1 << 20);
	const uint32_t taste = dice(seed, 8);
	const char *html = NULL;

	buf_adds(&b, "<p>");
	for (size_t i = 0; i < words; i++)
		buf_adds(&b, kinds[dice(seed, 3) ? taste % 5 : dice(seed, 8)]);
	buf_adds(&b, "</p>");
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

static size_t
some_words(uint32_t *seed)
{
	static const uint32_t most[] = { 5, 40, 400, 4000 };

	return dice(seed, most[dice(seed, 4)]);
}

struct issue_of_chance {
	struct arena *a;
	struct settings settings;
	struct source sources[SOURCES_MOST];
	struct entry entries[ENTRIES_MOST];
	size_t source_count;
	size_t entry_count;
	struct variant variant;
};

static void
deal(struct issue_of_chance *t, uint32_t *seed)
{
	const uint32_t most = dice(seed, 3) ? 60 : ENTRIES_MOST;
	struct config *c = &t->settings.config;

	t->source_count = 1 + dice(seed, dice(seed, 3) ? 20 : SOURCES_MOST);
	t->entry_count = 1 + dice(seed, most);
	for (size_t i = 0; i < t->source_count; i++)
		t->sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = "s",
			.name = arena_printf(t->a, "Blog number %zu", i),
			.link = arena_printf(t->a, "https://b%zu.example/", i),
			.max_per_feed = -1 };
	for (size_t i = 0; i < t->entry_count; i++) {
		const size_t words = some_words(seed);

		t->entries[i] = (struct entry){ .id = (int64_t)i + 1,
			.source_id = 1 + dice(seed, (uint32_t)t->source_count),
			.link = arena_printf(t->a, "https://x.example/post/%zu", i),
			.title = dice(seed, 5) ? some_html(t->a, seed, 1 + dice(seed, 9))
					       : NULL,
			.published = NOW - (int64_t)dice(seed, 5 * 24) * HOUR,
			.updated = TIME_NONE,
			.html = some_html(t->a, seed, words),
			.text = "",
			.words = (int64_t)words };
	}
	c->digest.max_items = dice(seed, 2) ? 60 : 2000;
	c->digest.max_per_feed = dice(seed, 2) ? 5 : 2000;
	c->digest.max_bytes = dice(seed, 2) ? 95000 : 14000 + dice(seed, 60000);
	c->digest.body = (enum entry_body)dice(seed, 3);
	c->digest.images = (enum images)dice(seed, 3);
	t->variant = (struct variant){ .length = (enum length_wish)dice(seed, 4),
		.format = dice(seed, 4) ? FORMAT_HTML : FORMAT_TEXT,
		.sources = "*" };
}

static size_t
holes_in(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, HOLE_OPEN)) != NULL; text++)
		n++;
	return n;
}

static void
look_at(struct issue_of_chance *t, struct zone *zone, const struct template_set *set,
    uint32_t number)
{
	const struct issue issue = { .name = "2026-11-24", .date = NOW };
	const struct render_context ctx = { .config = &t->settings.config,
		.zone = zone,
		.templates = set,
		.issue = &issue,
		.images = t->settings.config.digest.images,
		.first_date = NOW,
		.leave_kind = "mail" };
	struct selection sel;
	struct digest d;
	struct rendering r;
	struct err err = ERR_INIT;
	const char *part = NULL;
	size_t size = 0;

	if (!digest_select(t->a, &t->settings.config, t->sources, t->source_count,
		t->entries, t->entry_count, NOW, NULL, 0, &sel, &err))
		fail_msg("issue %u: %s", number, err.text);
	digest_group(t->a, &t->settings.config, zone, t->sources, t->source_count, &sel,
	    digest_tie_end(digest_tie_begin(t->a, &t->settings.config, t->sources,
			       t->source_count, &sel, NULL),
		NULL, 0),
	    &d);
	if (!digest_render(t->a, &ctx, &d, &t->variant, &r, &err))
		fail_msg("issue %u: %s", number, err.text);
	part = r.html ? r.html : r.text;
	(void)mime_prefers_base64(part, strlen(part), &size);
	/* Gmail counts what it has decoded, where we count what is mailed. */
	if (size < strlen(part))
		fail_msg("issue %u: %zu bytes are mailed for %zu", number, size,
		    strlen(part));
	size += holes_in(part) * HOLE_ROOM;
	if (size > (size_t)t->settings.config.digest.max_bytes)
		fail_msg("issue %u: %zu of %lld bytes", number, size,
		    (long long)t->settings.config.digest.max_bytes);
	if (!strstr(part, "https://x.example/post/"))
		fail_msg("issue %u: a letter without a post", number);
	if (!strstr(r.text, hole_mark(HOLE_LEAVE)) ||
	    !strstr(part, hole_mark(HOLE_LEAVE)))
		fail_msg("issue %u: no way to leave", number);
}

static void
no_letter_is_larger_than_its_limit(void **state)
{
	const char *wanted = getenv("ROOM_ISSUES");
	const uint32_t count = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : ISSUES;
	struct issue_of_chance *t = calloc(1, sizeof(*t));
	struct err err = ERR_INIT;
	struct zone *zone = zone_open("UTC", &err);
	struct template_set *set = template_set_open("", "en", "", &err);

	(void)state;
	assert_non_null(t);
	assert_non_null(zone);
	assert_non_null(set);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t seed = i * 7919u + 17u;

		t->a = arena_new();
		settings_default(t->a, "/nowhere", &t->settings);
		deal(t, &seed);
		look_at(t, zone, set, i);
		arena_free(t->a);
	}
	template_set_close(set);
	zone_close(zone);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_letter_is_larger_than_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
