/* SPDX-License-Identifier: ISC */
#include "html/feed_links.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "html/tree.h"

enum { FEED_LINKS_MAX = 50 };

static bool
is_feed_type(const char *type)
{
	static const char *const types[] = { "application/rss+xml",
		"application/atom+xml", "application/feed+json", "application/rdf+xml",
		"application/xml", "text/xml", "application/json" };

	/* Parameters may follow; "application/json+oembed" is another type. */
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (ascii_starts_nocase(type, types[i]) &&
		    strchr("; \t", type[strlen(types[i])]))
			return true;
	return false;
}

/* WordPress calls each page's own data an alternate of it. */
static bool
is_page_data(const char *url)
{
	return strstr(url, "/wp-json/") != NULL;
}

static bool
is_feed_link(const struct html_node *n)
{
	const char *rel = n->tag == TAG_LINK ? node_attr(n, "rel") : NULL;
	const char *type = rel ? node_attr(n, "type") : NULL;

	return type && node_attr(n, "href") && ascii_find_nocase(rel, "alternate") &&
	    is_feed_type(type);
}

/* The page's own word about what its addresses are relative to. */
static const char *
page_base(struct arena *a, const struct html_node *root, const char *base)
{
	for (const struct html_node *n = root; n; n = node_next(n, root)) {
		const char *href = n->tag == TAG_BASE ? node_attr(n, "href") : NULL;
		const char *absolute = href ? url_resolve(a, base, href) : NULL;

		if (absolute)
			return absolute;
	}
	return base;
}

size_t
html_feed_links(struct arena *a, const char *html, size_t len, const char *base,
    struct html_feed_link **out)
{
	struct arena *scratch = arena_new();
	struct html_feed_link *links = arena_array(a, FEED_LINKS_MAX, sizeof(*links));
	size_t count = 0;
	struct html_tree tree;

	if (len > LIMIT_ENTRY_TEXT)
		len = LIMIT_ENTRY_TEXT;
	tree = tree_parse(scratch, html, len, len, TREE_PAGE);
	base = page_base(scratch, tree.root, base);
	for (const struct html_node *n = tree.root; n && count < FEED_LINKS_MAX;
	     n = node_next(n, tree.root)) {
		const char *url =
		    is_feed_link(n) ? url_resolve(a, base, node_attr(n, "href")) : NULL;
		const char *title;

		if (!url || !url_is_web(url) || is_page_data(url))
			continue;
		title = node_attr(n, "title");
		links[count].url = url;
		links[count].title =
		    title && *title ? text_one_line(a, title, strlen(title)) : NULL;
		links[count].type = arena_strdup(a, node_attr(n, "type"));
		count++;
	}
	*out = links;
	arena_free(scratch);
	return count;
}
