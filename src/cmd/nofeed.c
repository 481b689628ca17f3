/* SPDX-License-Identifier: ISC */
/* What is no feed: said with the feeds that a web page names, all of them. */
#include "base/limits.h"
#include "format/url.h"
#include "cmd/commands.h"
#include "feed/feed.h"

const char *
page_feeds(struct arena *a, const struct feed_links *links, const char *indent)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);
	const char *text = NULL;

	for (size_t i = 0; i < links->count; i++)
		buf_addf(&b, "%s%s%zu  %s%s%s%s", i > 0 ? "\n" : "", indent, i + 1,
		    links->item[i].url, links->item[i].title ? "   \"" : "",
		    links->item[i].title ? links->item[i].title : "",
		    links->item[i].title ? "\"" : "");
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

bool
refuse_page(struct app *app, const char *where, const struct feed_links *links,
    struct err *err)
{
	if (links->count == 0)
		return err_set(err, ERR_INPUT,
		    "%s is a web page, not a feed, and names none", where);
	err_set(err, ERR_INPUT, "%s is a web page, not a feed; it names %zu feed%s",
	    where, links->count, links->count == 1 ? "" : "s");
	err_why(err, "%s", page_feeds(app->arena, links, ""));
	if (url_is_web(links->item[0].url))
		err_hint(err, "planetpost feed add %s", links->item[0].url);
	return false;
}
