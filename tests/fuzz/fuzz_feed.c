/* SPDX-License-Identifier: ISC */
/*
 * Feeds and lists of feeds as strangers send them.  Promises that are checked: all texts are
 * clean UTF-8, titles are one line, links can be followed safely, ceilings hold, and what is
 * repaired is well-formed or says so.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "feed/entry_clean.h"
#include "feed/feed.h"
#include "feed/jsonfeed_write.h"
#include "feed/opml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

static void
check_line(const char *text)
{
	if (!text)
		return;
	require(*text && text_is_utf8(text, strlen(text)));
	for (const char *c = text; *c; c++)
		require((unsigned char)*c >= 0x20);
}

static void
check_link(const char *url)
{
	check_line(url);
	require(!url ||
	    (strlen(url) <= LIMIT_URL && !ascii_starts_nocase(url, "javascript:") &&
		!ascii_starts_nocase(url, "data:") &&
		!ascii_starts_nocase(url, "file:")));
}

static void
check_body(const struct raw_content *raw)
{
	require(!raw->text ||
	    (raw->len <= LIMIT_ENTRY_TEXT && raw->text[raw->len] == '\0' &&
		text_is_utf8(raw->text, raw->len)));
}

static void
check_entry(const struct entry *e)
{
	check_line(e->title);
	check_line(e->author);
	check_line(e->guid);
	check_link(e->link);
	check_link(e->image);
	check_body(&e->content);
	check_body(&e->raw_summary);
	require(e->category_count <= LIMIT_ENTRY_CATEGORIES);
	require(e->enclosure_count <= LIMIT_ENTRY_ENCLOSURES);
	for (size_t i = 0; i < e->category_count; i++)
		check_line(e->categories[i]);
	for (size_t i = 0; i < e->enclosure_count; i++)
		check_link(e->enclosures[i].url);
}

static void
check_feed(struct arena *a, struct feed *f)
{
	struct buf json = BUF_INIT(64 << 20);

	check_line(f->title);
	check_line(f->description);
	check_link(f->link);
	require(f->format && f->encoding && f->entry_count <= LIMIT_FEED_ENTRIES);
	require(f->warning_count <= LIMIT_FEED_WARNINGS);
	for (size_t i = 0; i < f->entry_count; i++)
		check_entry(&f->entries[i]);
	for (size_t i = 0; i < f->warning_count; i++)
		check_line(f->warnings[i]);
	if (f->entry_count > 0)
		entry_clean(a, &f->entries[0], NULL);
	feed_write_json(f, &json);
	require(text_is_utf8(buf_text(&json), json.len));
	buf_clear(&json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct feed_context context = { .url = len % 2 ? "https://example.org/f"
							     : NULL,
		.now = 1795500000 };
	struct arena *a = arena_new();
	struct feed *f = NULL;
	struct feed_links links = { .count = 0 };
	struct opml_feed *list = NULL;
	size_t count = 0;
	struct err err = ERR_INIT;
	struct err err2 = ERR_INIT;

	if (feed_parse(a, bytes, len, &context, &f, &links, &err))
		check_feed(a, f);
	else
		require(err.kind == ERR_INPUT && !f);
	if (opml_parse(a, bytes, len, &list, &count, &err2))
		for (size_t i = 0; i < count; i++)
			check_line(list[i].url);
	arena_free(a);
	return 0;
}
