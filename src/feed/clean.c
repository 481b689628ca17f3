/* SPDX-License-Identifier: ISC */
/*
 * The door: from what a feed said to what may be stored and mailed.
 */
#include <string.h>

#include "base/text.h"
#include "base/url.h"
#include "feed/feed.h"
#include "html/html.h"

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

void
entry_clean(struct arena *a, struct entry *e, const char *strip)
{
	const struct raw_content *raw = &e->content;
	struct html_options options = { .base = raw->base ? raw->base : e->link,
	    .title = e->title, .strip = strip, .heading_base = HEADING_BASE,
	    .is_text = raw->type == CONTENT_TEXT };
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
