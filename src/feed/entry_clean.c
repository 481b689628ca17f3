/* SPDX-License-Identifier: ISC */
/*
 * The door: from what a feed said to what may be stored and mailed.
 */
#include "feed/entry_clean.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "html/clean.h"
#include "html/one_line.h"

enum { HEADING_BASE = 4 }; /* an entry's own title is an h3 in the letter */

/* Plain text of the feed's own summary. */
static const char *
clean_summary(struct arena *a, const struct raw_content *raw)
{
	const char *line = NULL;

	if (!raw->text)
		return NULL;
	line = raw->type == CONTENT_TEXT ? text_one_line(a, raw->text, raw->len)
					 : html_one_line(a, raw->text, raw->len);
	return *line ? line : NULL;
}

/*
 * Said to be text, but a block of HTML from its first character to its last: some feeds name
 * the wrong type, and readers would see tags.
 */
static bool
is_html_block(const char *text, size_t len)
{
	static const char *const blocks[] = { "p", "div", "ul", "ol", "table",
		"blockquote", "article", "section", "pre", "figure" };
	char open[16];
	char close[16];

	ascii_trim(&text, &len);
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		const int n = snprintf(open, sizeof(open), "<%s", blocks[i]);
		const int m = snprintf(close, sizeof(close), "</%s>", blocks[i]);

		if (len > (size_t)(n + m) && strncmp(text, open, (size_t)n) == 0 &&
		    (text[n] == '>' || text[n] == ' ') &&
		    strncmp(text + len - (size_t)m, close, (size_t)m) == 0)
			return true;
	}
	return false;
}

void
entry_clean_page(struct arena *a, struct entry *e, const char *strip, const char *article)
{
	const struct raw_content *raw = &e->content;
	struct html_options options = { .base = raw->base,
		.page = e->link,
		.title = e->title,
		.strip = strip,
		.article = article,
		.heading_base = HEADING_BASE,
		.is_text = raw->type == CONTENT_TEXT && raw->text &&
		    !is_html_block(raw->text, raw->len) };
	struct html_clean clean = { 0 };

	e->summary = clean_summary(a, &e->raw_summary);
	if (!raw->text) {
		e->html = "";
		e->text = "";
		return;
	}
	html_clean(a, raw->text, raw->len, &options, &clean);
	e->html = clean.html;
	e->text = clean.text;
	e->words = (int64_t)clean.words;
	if (!e->image)
		e->image = clean.image;
}

void
entry_clean(struct arena *a, struct entry *e, const char *strip)
{
	entry_clean_page(a, e, strip, NULL);
}
