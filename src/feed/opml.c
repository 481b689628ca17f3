/* SPDX-License-Identifier: ISC */
/*
 * OPML 1.0 and 2.0 lists of feeds: outlines with xmlUrl, in any depth.  Planets also publish FOAF
 * (RDF): agents with a name, a weblog and the rss:channel that is its feed.
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
	const char *refused; /* why it is not read to its end, or NULL */
	bool is_foaf;
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

static const char *
title_of(struct arena *a, const struct xml_node *node)
{
	const char *title = attr_line(a, node, "title");

	return title ? title : attr_line(a, node, "text");
}

static void
add_feed(struct list *l, const struct opml_feed *feed)
{
	if (l->count >= LIMIT_SOURCES) {
		l->refused =
		    arena_printf(l->a, "more than %d feeds in one list", LIMIT_SOURCES);
		return;
	}
	l->feeds = arena_grow_list(l->a, l->feeds, l->count, sizeof(*l->feeds));
	l->feeds[l->count++] = *feed;
}

static const char *
feed_url(struct arena *a, const struct xml_node *node)
{
	const char *url = attr_line(a, node, "xmlurl");
	const char *type = xml_attr(node, "type");

	return !url && type && ascii_eq_nocase(type, "rss") ? attr_line(a, node, "url")
							    : url;
}

static bool
is_outline(const struct xml_node *node)
{
	return node->name && strcmp(node->name->local, "outline") == 0;
}

/* The feeds of an outline and of those in it.  group: the title around it. */
static void
collect(struct list *l, const struct xml_node *node, const char *group)
{
	const char *url = is_outline(node) ? feed_url(l->a, node) : NULL;

	if (url)
		add_feed(l,
		    &(struct opml_feed){ url, title_of(l->a, node),
			attr_line(l->a, node, "htmlurl"), group });
	else if (is_outline(node)) {
		const char *title = title_of(l->a, node);

		group = title ? title : group;
	}
	for (const struct xml_node *n = node->first; n; n = n->next)
		collect(l, n, group);
}

/* ---- FOAF ---- */

static bool
is_agent(const struct xml_node *node)
{
	static const char *const names[] = { "agent", "person", "organization", "group" };

	for (size_t i = 0; node->name && i < ARRAY_LEN(names); i++)
		if (strcmp(node->name->local, names[i]) == 0)
			return true;
	return false;
}

/* What an agent's elements say, wherever they stand in it. */
struct agent {
	const char *name, *page;
};

static const char *
about_of(struct arena *a, const struct xml_node *node)
{
	const char *about = xml_attr_ns(node, SPACE_RDF, "about");

	about = about ? about : xml_attr_ns(node, SPACE_RDF, "resource");
	return about && *about ? text_one_line(a, about, strlen(about)) : NULL;
}

static void
collect_agent(struct list *l, const struct xml_node *node, struct agent *agent)
{
	for (const struct xml_node *n = node->first; n; n = n->next) {
		const char *local = n->name ? n->name->local : "";

		if (strcmp(local, "name") == 0 && !agent->name)
			agent->name = xml_word(l->a, n);
		else if ((strcmp(local, "document") == 0 ||
			     strcmp(local, "weblog") == 0) &&
		    !agent->page)
			agent->page = about_of(l->a, n);
		if (strcmp(local, "channel") == 0 && about_of(l->a, n))
			add_feed(l,
			    &(struct opml_feed){ about_of(l->a, n), agent->name,
				agent->page, NULL });
		else
			collect_agent(l, n, agent);
	}
}

/* ---- the parse ---- */

/*
 * Each outline that is a feed is a unit, so that a list of any length is read in the memory of its
 * groups' names.
 */
static enum xml_step
open_element(void *arg, const struct xml_node *node, size_t depth)
{
	const struct list *l = arg;

	if (depth == 0)
		return strcmp(node->name->local, l->is_foaf ? "rdf" : "opml") == 0
		    ? XML_KEEP
		    : XML_STOP;
	if (l->refused)
		return XML_STOP;
	/* A planet is itself a group or an agent around its members. */
	if (l->is_foaf)
		return is_agent(node) && depth > 1 ? XML_UNIT : XML_KEEP;
	if (strcmp(node->name->local, "head") == 0)
		return XML_SKIP;
	return is_outline(node) && (xml_attr(node, "xmlurl") || xml_attr(node, "url"))
	    ? XML_UNIT
	    : XML_KEEP;
}

static void
collect_outline(void *arg, const struct xml_node *node)
{
	struct list *l = arg;
	const char *group = NULL;

	if (l->is_foaf) {
		collect_agent(l, node, &(struct agent){ NULL, NULL });
		return;
	}
	for (const struct xml_node *n = node->parent; n && !group; n = n->parent)
		group = is_outline(n) ? title_of(l->a, n) : NULL;
	collect(l, node, group);
}

/* What is beyond a ceiling would be missing in silence. */
static void
note_warning(void *arg, unsigned line, const char *text)
{
	struct list *l = arg;

	(void)line;
	l->refused = arena_strdup(l->a, text);
}

/* Reads text once; false when it is not well-formed: *result has the cause. */
static bool
read_text(struct arena *scratch, struct list *l, struct xml_source *source,
    struct xml_result *result)
{
	const struct xml_events events = { l, NULL, open_element, collect_outline,
		note_warning };

	memset(result, 0, sizeof(*result));
	l->count = 0;
	xml_parse(scratch, source, &events, result);
	return result->well_formed || result->closed;
}

/*
 * True for the beginning of a list, of which the rest did not come.  It must not be read: the
 * feeds it does not name would be taken for feeds that were taken out.
 */
static bool
is_cut_off(const struct list *l, const char *text)
{
	return l->is_foaf
	    ? !ascii_find_nocase(text, "rdf>")
	    : !ascii_find_nocase(text, "</body") && !ascii_find_nocase(text, "</opml");
}

static bool
refuse_root(const struct prolog *prolog, struct err *err)
{
	return err_set(err, ERR_INPUT, "no OPML: its root element is %s",
	    *prolog->name ? prolog->name : "missing");
}

/* Reads text, mended where it is not well-formed. */
static bool
read_list(struct arena *scratch, struct list *l, struct xml_source *source,
    struct err *err)
{
	struct xml_result result;
	struct buf repaired = BUF_INIT(LIMIT_FEED_BYTES);

	if (!read_text(scratch, l, source, &result)) {
		if (is_cut_off(l, source->text))
			return err_set(err, ERR_INPUT, "%s that is cut off, line %u: %s",
			    l->is_foaf ? "FOAF" : "OPML", result.line, result.cause);
		repair_xml(&repaired, source, NULL, NULL);
		source->text = buf_text(&repaired);
		source->len = repaired.len;
		source->recover = true;
		(void)read_text(scratch, l, source, &result);
		buf_clear(&repaired);
	}
	return !l->refused || err_set(err, ERR_LIMIT, "%s", l->refused);
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
	const char *whole = NULL;
	bool ok = false;

	encoding_decode(scratch, bytes, len, NULL, &text, &encoding);
	whole = arena_strndup(scratch, encoding.text, encoding.len);
	prolog_read(scratch, whole, encoding.len, &prolog);
	l.is_foaf = ascii_eq_nocase(prolog.name, "rdf") ||
	    ascii_eq_nocase(prolog.name, "rdf:rdf");
	source = (struct xml_source){ .text = whole + prolog.root,
		.len = encoding.len - prolog.root,
		.line = prolog.line,
		.entities = prolog.entities,
		.entity_count = prolog.entity_count };
	if (!l.is_foaf && strcmp(prolog.name, "opml") != 0)
		ok = refuse_root(&prolog, err);
	else
		ok = read_list(scratch, &l, &source, err);
	/* A feed of RSS 1.0 is RDF too. */
	if (ok && l.is_foaf && l.count == 0)
		ok = refuse_root(&prolog, err);
	*out = ok ? l.feeds : NULL;
	*count = ok ? l.count : 0;
	buf_clear(&text);
	arena_free(scratch);
	return ok;
}
