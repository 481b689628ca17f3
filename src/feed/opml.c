/* SPDX-License-Identifier: ISC */
/*
 * OPML 1.0 and 2.0 lists of feeds: outlines with xmlUrl, in any depth.
 */
#include "feed/opml.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feed/encoding.h"
#include "feed/xml_node.h"
#include "feed/xml_prolog.h"
#include "feed/xml_repair.h"
#include "html/one_line.h"

struct list {
	struct arena *a;
	struct opml_feed *feeds;
	size_t count;
};

static const char *
attr_line(struct arena *a, const struct xml_node *node, const char *name)
{
	const char *value = xml_attr(node, name);
	const char *line = NULL;

	if (!value)
		return NULL;
	line = strchr(value, '<') || strchr(value, '&')
	    ? html_one_line(a, value, strlen(value))
	    : text_one_line(a, value, strlen(value));
	return *line ? line : NULL;
}

static void
add_feed(struct list *l, const struct xml_node *node, const char *url, const char *group)
{
	struct opml_feed *f = NULL;
	const char *name = NULL;

	if (l->count >= LIMIT_SOURCES)
		return;
	l->feeds = arena_grow_list(l->a, l->feeds, l->count, sizeof(*l->feeds));
	name = attr_line(l->a, node, "title");
	f = &l->feeds[l->count++];
	f->url = url;
	f->name = name ? name : attr_line(l->a, node, "text");
	f->link = attr_line(l->a, node, "htmlurl");
	f->group = group;
}

/* group: the title of the outline that encloses node. */
static void
collect(struct list *l, const struct xml_node *node, const char *group)
{
	for (const struct xml_node *n = node->first; n; n = n->next) {
		const char *url = NULL;
		const char *name = group;

		if (!n->name)
			continue;
		if (strcmp(n->name->local, "outline") == 0) {
			url = attr_line(l->a, n, "xmlurl");
			if (!url && xml_attr(n, "type") &&
			    ascii_eq_nocase(xml_attr(n, "type"), "rss"))
				url = attr_line(l->a, n, "url");
			if (url)
				add_feed(l, n, url, group);
			name = attr_line(l->a, n, "title");
			if (!name)
				name = attr_line(l->a, n, "text");
			if (!name || url)
				name = group;
		}
		collect(l, n, name);
	}
}

/* ---- the parse ---- */

/*
 * Each outline on the level below body is a unit, so that a list of any length is read in the
 * memory of its largest group.
 */
static enum xml_step
open_element(void *arg, const struct xml_node *node, size_t depth)
{
	(void)arg;
	if (depth == 0)
		return strcmp(node->name->local, "opml") == 0 ? XML_KEEP : XML_STOP;
	if (strcmp(node->name->local, "head") == 0)
		return XML_SKIP;
	return strcmp(node->name->local, "outline") == 0 ? XML_UNIT : XML_KEEP;
}

static void
collect_outline(void *arg, const struct xml_node *node)
{
	struct xml_node around = { .first = NULL };
	struct xml_node alone = *node;

	alone.next = NULL;
	around.first = &alone;
	collect(arg, &around, NULL);
}

static void
ignore_warning(void *arg, unsigned line, const char *text)
{
	(void)arg;
	(void)line;
	(void)text;
}

/* Reads text once; false when it is not well-formed. */
static bool
read_text(struct arena *scratch, struct list *l, struct xml_source *source)
{
	const struct xml_events events = { l, NULL, open_element, collect_outline,
		ignore_warning };
	struct xml_result result = { 0 };

	l->count = 0;
	xml_parse(scratch, source, &events, &result);
	return result.well_formed || result.closed;
}

bool
opml_parse(struct arena *a, const void *bytes, size_t len, struct opml_feed **out,
    size_t *count, struct err *err)
{
	struct arena *scratch = arena_new();
	struct list l = { .a = a };
	struct buf text = BUF_INIT(LIMIT_FEED_BYTES);
	struct encoding encoding = { 0 };
	struct prolog prolog = { 0 };
	struct xml_source source = { 0 };
	bool ok = false;

	*out = NULL;
	*count = 0;
	encoding_decode(scratch, bytes, len, NULL, &text, &encoding);
	prolog_read(scratch, arena_strndup(scratch, encoding.text, encoding.len),
	    encoding.len, &prolog);
	if (strcmp(prolog.name, "opml") != 0) {
		err_set(err, ERR_INPUT, "no OPML: its root element is %s",
		    *prolog.name ? prolog.name : "missing");
		goto out;
	}
	source = (struct xml_source){ .text = encoding.text + prolog.root,
		.len = encoding.len - prolog.root,
		.line = prolog.line,
		.entities = prolog.entities,
		.entity_count = prolog.entity_count };
	if (!read_text(scratch, &l, &source)) {
		struct buf repaired = BUF_INIT(LIMIT_FEED_BYTES);

		repair_xml(&repaired, &source, NULL, NULL);
		source.text = buf_text(&repaired);
		source.len = repaired.len;
		source.recover = true;
		(void)read_text(scratch, &l, &source);
		buf_clear(&repaired);
	}
	*out = l.feeds;
	*count = l.count;
	ok = true;
out:
	buf_clear(&text);
	arena_free(scratch);
	return ok;
}
