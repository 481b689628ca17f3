/* SPDX-License-Identifier: ISC */
#include "flow/export_sources.h"

#include <string.h>

#include "base/order.h"
#include "config/mailbox_address.h"
#include "flow/context.h"
#include "format/html_escape.h"
#include "format/url.h"
#include "store/sources.h"

static const char *
name_of(const struct source *s)
{
	return s->name ? s->name : s->title ? s->title : s->key;
}

static void
add_xml(struct buf *b, const char *before, const char *text, const char *after)
{
	buf_adds(b, before);
	html_escape(b, text, strlen(text), HTML_ALL_QUOTES);
	buf_adds(b, after);
}

/* ---- OPML ---- */

static int
by_group(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;
	const int order = strcmp(x->group ? x->group : "", y->group ? y->group : "");

	return order != 0 ? order : strcmp(x->key, y->key);
}

static void
write_opml(struct run *run, struct source *list, size_t count, struct buf *b)
{
	const char *group = NULL;

	list_sort(list, count, sizeof(*list), by_group);
	add_xml(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
	    "<head><title>",
	    run->config->newsletter.name, "</title></head>\n<body>\n");
	for (size_t i = 0; i < count; i++) {
		const struct source *s = &list[i];
		const char *own = s->group ? s->group : "";

		if (!group || strcmp(group, own) != 0) {
			buf_adds(b, group ? "</outline>\n" : "");
			add_xml(b, "<outline text=\"", own, "\">\n");
			group = own;
		}
		add_xml(b, "<outline type=\"rss\" text=\"", name_of(s), "\" title=\"");
		add_xml(b, "", name_of(s), "\" xmlUrl=\"");
		add_xml(b, "", url_public(run->arena, s->url), "\"");
		if (s->link)
			add_xml(b, " htmlUrl=\"", s->link, "\"");
		buf_adds(b, "/>\n");
	}
	buf_adds(b, group ? "</outline>\n" : "");
	buf_adds(b, "</body>\n</opml>\n");
}

/* ---- FOAF ---- */

static void
write_foaf(struct run *run, struct source *list, size_t count, struct buf *b)
{
	const char *page = run->config->newsletter.link;

	add_xml(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
	    "\txmlns:rdfs=\"http://www.w3.org/2000/01/rdf-schema#\"\n"
	    "\txmlns:foaf=\"http://xmlns.com/foaf/0.1/\"\n"
	    "\txmlns:rss=\"http://purl.org/rss/1.0/\">\n<foaf:Group>\n<foaf:name>",
	    run->config->newsletter.name, "</foaf:name>\n");
	if (*page)
		add_xml(b, "<foaf:homepage rdf:resource=\"", page, "\"/>\n");
	for (size_t i = 0; i < count; i++) {
		const struct source *s = &list[i];

		add_xml(b, "<foaf:member><foaf:Agent>\n<foaf:name>", name_of(s),
		    "</foaf:name>\n");
		/* Without a page it is a weblog of which nothing but the feed is known. */
		buf_adds(b, "<foaf:weblog><foaf:Document");
		if (s->link)
			add_xml(b, " rdf:about=\"", s->link, "\"");
		buf_adds(b, "><rdfs:seeAlso>\n");
		add_xml(b, "<rss:channel rdf:about=\"", url_public(run->arena, s->url),
		    "\"/>\n</rdfs:seeAlso></foaf:Document></foaf:weblog>\n"
		    "</foaf:Agent></foaf:member>\n");
	}
	buf_adds(b, "</foaf:Group>\n</rdf:RDF>\n");
}

/* ---- newsboat's urls ---- */

/* In quotation marks, which newsboat reads with backslashes. */
static void
add_quoted(struct buf *b, const char *before, const char *text)
{
	buf_adds(b, before);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(b, '\\');
		buf_addc(b, (unsigned char)*text < ' ' ? ' ' : *text);
	}
	buf_addc(b, '"');
}

static void
write_urls(struct run *run, struct source *list, size_t count, struct buf *b)
{
	for (size_t i = 0; i < count; i++) {
		buf_adds(b, url_public(run->arena, list[i].url));
		add_quoted(b, " \"~", name_of(&list[i]));
		if (list[i].group && *list[i].group)
			add_quoted(b, " \"", list[i].group);
		buf_addc(b, '\n');
	}
}

/* Nobody else can read a mailbox of this machine, or is to know where it lies. */
static size_t
without_mailboxes(struct source *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!mailbox_address_is(list[i].url))
			list[kept++] = list[i];
	return kept;
}

bool
flow_export_sources(struct run *run, enum source_list_form form, struct buf *out,
    size_t *count, struct err *err)
{
	struct source *list = NULL;

	if (!store_sources(run->store, run->arena, true, &list, count, err))
		return false;
	*count = without_mailboxes(list, *count);
	switch (form) {
	case SOURCE_LIST_OPML:
		write_opml(run, list, *count, out);
		break;
	case SOURCE_LIST_FOAF:
		write_foaf(run, list, *count, out);
		break;
	case SOURCE_LIST_URLS:
		write_urls(run, list, *count, out);
		break;
	}
	return !buf_is_full(out) ||
	    err_set(err, ERR_LIMIT, "the list is longer than %zu bytes", out->max);
}
