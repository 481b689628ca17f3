/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a post in a letter.  Promises: styles change nothing of what a post says, its
 * own tags stay balanced, nothing of it opens a hole, and the letter fits.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/settings.h"
#include "digest/select.h"
#include "digest/group.h"
#include "digest/render.h"
#include "digest/templates.h"
#include "html/clean.h"
#include "html/restyle.h"
#include "html/to_text.h"

enum { NOW = 1795501800, MAX_BYTES = 12000, TITLE_MAX = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
broken(const char *promise, const char *first, const char *second)
{
	fprintf(stderr, "%s\n--- first\n%s\n--- second\n%s\n", promise, first, second);
	abort();
}

static size_t
count(const char *text, const char *piece)
{
	size_t n = 0;

	for (const char *at = strstr(text, piece); at; at = strstr(at + 1, piece))
		n++;
	return n;
}

/* Loose text between blocks becomes a paragraph, with air around it: blank lines do not count. */
static bool
is_same_but_for_blanks(const char *one, const char *other)
{
	static const char blanks[] = " \n";

	for (;;) {
		one += strspn(one, blanks);
		other += strspn(other, blanks);
		if (*one != *other)
			return false;
		if (*one == '\0')
			return true;
		one++;
		other++;
	}
}

static void
expect_same_words(struct arena *a, const struct element_styles *styles, const char *html)
{
	const char *before = html_to_text(a, html, 72);
	const char *styled = html_restyle(a, styles, html, 4, false);
	const char *after = html_to_text(a, styled, 72);

	if (!is_same_but_for_blanks(before, after))
		broken("styles change the text", before, after);
	if (count(styled, "<table") != count(styled, "</table>") ||
	    count(styled, "<div") != count(styled, "</div>"))
		broken("tags are not balanced", html, styled);
}

static void
render(struct arena *a, struct template_set *templates, const struct entry *e)
{
	struct settings settings;
	struct source source = { .id = 1,
		.key = "x",
		.url = "https://v.example/feed",
		.name = e->title,
		.max_per_feed = -1 };
	struct issue issue = { .name = "2026-11-24", .date = NOW };
	struct variant variant = { .length = LENGTH_WHOLE, .sources = "*" };
	struct render_context ctx = { .zone = NULL,
		.templates = templates,
		.issue = &issue,
		.first_date = NOW,
		.leave_kind = "mail" };
	struct selection sel;
	struct digest d;
	struct rendering r;
	struct err err = ERR_INIT;
	struct zone *zone = zone_open("UTC", &err);

	settings_default(a, "/nowhere", &settings);
	settings.config.digest.max_bytes = MAX_BYTES;
	settings.config.newsletter.name = "Planet";
	ctx.config = &settings.config;
	ctx.images = settings.config.digest.images;
	ctx.zone = zone;
	if (!zone ||
	    !digest_select(a, ctx.config, &source, 1, e, 1, NOW, NULL, 0, &sel, &err))
		broken("nothing is selected", err.text, "");
	digest_group(a, ctx.config, zone, &source, 1, &sel, NULL, &d);
	if (!digest_render(a, &ctx, &d, &variant, &r, &err))
		broken("nothing is rendered", err.text, "");
	if (r.bytes > MAX_BYTES)
		broken("the letter does not fit", r.html, "");
	if (count(r.html, "\x01") != 2 || count(r.text, "\x01") != 2)
		broken("a hole that is not ours", r.html, r.text);
	if (count(r.html, "<td") != count(r.html, "</td>"))
		broken("the letter's cells are not balanced", r.html, "");
	zone_close(zone);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct template_set *templates;
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	const struct html_options opts = { .base = "https://v.example/",
		.heading_base = 4 };
	struct buf input = BUF_INIT(LIMIT_ENTRY_TEXT);
	struct html_clean c;
	struct entry e = { .id = 1,
		.source_id = 1,
		.link = "https://v.example/1",
		.published = NOW - 1,
		.updated = TIME_NONE,
		.first_seen = NOW - 1 };

	if (!templates)
		templates = template_set_open("", "en", "", &err);
	if (!templates)
		broken("no templates", err.text, "");
	text_add_clean(&input, (const char *)bytes, size);
	html_clean(a, buf_text(&input), input.len, &opts, &c);
	expect_same_words(a, &templates->styles.elements, c.html);
	/* Not clean at all: nothing is promised but to come back. */
	if (!html_restyle(a, &templates->styles.elements, buf_text(&input), 3, true))
		abort();
	e.html = c.html;
	e.text = c.text;
	e.words = (int64_t)c.words;
	e.title = text_one_line(a, buf_text(&input),
	    input.len < TITLE_MAX ? input.len : TITLE_MAX);
	e.author = e.title;
	render(a, templates, &e);
	buf_clear(&input);
	arena_free(a);
	return 0;
}
