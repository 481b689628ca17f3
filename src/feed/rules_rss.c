/* SPDX-License-Identifier: ISC */
/*
 * RSS 0.90 to 2.0 and RSS 1.0 (RDF): one vocabulary, many addresses.
 */
#include <string.h>

#include "base/text.h"
#include "feed/entry_address.h"
#include "feed/entry_builder.h"
#include "feed/entry_text.h"
#include "feed/rules_shared.h"
#include "feed/xml_node.h"
#include "format/url.h"

/* "/a", "a": to be resolved; "//host/a", "www.host/a" name a site. */
static bool
is_path(const char *ref)
{
	size_t n = strcspn(ref, ":/?#");

	return ref[n] != ':' && strncmp(ref, "//", 2) != 0 &&
	    !ascii_starts_nocase(ref, "www.");
}

static void
read_rss_link(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *ref = xml_word(d->build->scratch, node);

	/* Atom's link without its namespace, where there is a rel it is not the page. */
	if (!ref && !xml_attr(node, "rel"))
		ref = xml_attr(node, "href");
	if (!ref)
		ref = xml_attr_ns(node, SPACE_RDF, "resource");
	if (!draft_wants(d, FIELD_LINK, rule->rank))
		return;
	draft_set(d, FIELD_LINK, rule->rank, draft_url(d, node, ref));
	/* Where the channel's own link leads may stand behind the items. */
	d->relative = ref && d->text[FIELD_LINK] && is_path(ref) &&
		!xml_base_said(d->build->scratch, node, NULL)
	    ? arena_strdup(d->build->a, ref)
	    : NULL;
}

static void
read_guid(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *permalink = xml_attr(node, "ispermalink");
	const char *id = xml_word(d->build->scratch, node);

	if (!id)
		return;
	draft_set(d, FIELD_ID, rule->rank, plain_of_text(d->build, id));
	if (permalink ? ascii_eq_nocase(permalink, "false") : !url_is_web(id))
		return;
	if (!d->permalink) {
		const char *url = draft_url(d, node, id);

		if (url && url_is_web(url) && !strchr(id, ' '))
			d->permalink = url;
	}
}

static void
read_enclosure(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *url = xml_attr(node, "url");
	struct enclosure e = { .seconds = -1 };

	(void)rule;
	if (!url)
		url = xml_attr(node, "href");
	if (!url)
		url = xml_attr_ns(node, SPACE_RDF, "resource");
	e.url = draft_url(d, node, url);
	e.type = arena_strdup(d->build->a, xml_attr(node, "type"));
	e.bytes = byte_count(xml_attr(node, "length"));
	draft_add_enclosure(d, &e);
	if (e.type && ascii_starts_nocase(e.type, "image/"))
		draft_set(d, FIELD_IMAGE, RANK_ENCLOSED, e.url);
}

static void
read_rss_image(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const struct xml_node *url = xml_child(node, SPACE_RSS, "url");
	const char *ref = url ? xml_word(d->build->scratch, url) : NULL;

	if (!ref)
		ref = xml_attr_ns(node, SPACE_RDF, "resource");
	if (!ref)
		ref = xml_attr(node, "href");
	if (!ref && !xml_has_elements(node))
		ref = xml_word(d->build->scratch, node);
	draft_set(d, rule->field, rule->rank, draft_url(d, node, ref));
}

static void
read_ttl(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *text = xml_word(d->build->scratch, node);
	int64_t minutes = byte_count(text);

	(void)rule;
	if (minutes > 0 && minutes < 60 * 24 * 366)
		d->ttl = minutes * 60;
}

static void
read_skip_hours(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	(void)rule;
	for (const struct xml_node *n = node->first; n; n = n->next) {
		int64_t hour = n->name ? byte_count(xml_word(d->build->scratch, n)) : -1;

		/* 0 to 23 by the specification of 2.0, 1 to 24 by that of 0.91. */
		if (hour >= 0 && hour <= 24)
			d->skip_hours |= UINT32_C(1) << (hour % 24);
	}
}

static void
read_skip_days(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	static const char *const days[] = { "sun", "mon", "tue", "wed", "thu", "fri",
		"sat" };

	(void)rule;
	for (const struct xml_node *n = node->first; n; n = n->next) {
		const char *day = n->name ? xml_word(d->build->scratch, n) : NULL;

		for (unsigned i = 0; day && i < ARRAY_LEN(days); i++)
			if (ascii_starts_nocase(day, days[i]))
				d->skip_days |= 1u << i;
	}
}

static void
read_rss_category(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *term = xml_attr(node, "term");

	if (node->first)
		read_category(d, node, rule);
	else
		draft_add_category(d, plain_of_text(d->build, term));
}

static void
read_channel(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *about = xml_attr_ns(node, SPACE_RDF, "about");

	(void)rule;
	if (!d->text[FIELD_LANGUAGE] && xml_language(node))
		draft_set(d, FIELD_LANGUAGE, RANK_GUESS,
		    arena_strdup(d->build->a, xml_language(node)));
	draft_read(d, node);
	if (about)
		draft_set(d, FIELD_LINK, RANK_GUESS, draft_url(d, node, about));
}

/* clang-format off */
#define RSS(name, scope, field, rank, read) { SPACE_RSS, name, scope, field, rank, read }
const struct rule rss_rules[] = {
	RSS("channel", IN_FEED, FIELD_OTHER, 0, read_channel),
	RSS("title", IN_BOTH, FIELD_TITLE, 90, read_html_line),
	RSS("link", IN_BOTH, FIELD_LINK, 90, read_rss_link),
	RSS("description", IN_FEED, FIELD_DESCRIPTION, 90, read_html_line),
	RSS("description", IN_ENTRY, FIELD_BODY, 60, read_description),
	RSS("tagline", IN_FEED, FIELD_DESCRIPTION, 50, read_html_line),
	RSS("subtitle", IN_FEED, FIELD_DESCRIPTION, 50, read_html_line),
	RSS("summary", IN_ENTRY, FIELD_BODY, 50, read_description),
	RSS("content", IN_ENTRY, FIELD_BODY, 70, read_html_body),
	RSS("fullitem", IN_ENTRY, FIELD_BODY, 75, read_html_body),
	RSS("body", IN_ENTRY, FIELD_BODY, 70, read_html_body),
	RSS("guid", IN_ENTRY, FIELD_ID, 90, read_guid),
	RSS("id", IN_ENTRY, FIELD_ID, 60, read_guid),
	RSS("pubdate", IN_BOTH, FIELD_PUBLISHED, 90, read_date),
	RSS("date", IN_BOTH, FIELD_PUBLISHED, 40, read_date),
	RSS("published", IN_ENTRY, FIELD_PUBLISHED, 50, read_date),
	RSS("lastbuilddate", IN_BOTH, FIELD_UPDATED, 60, read_date),
	RSS("updated", IN_BOTH, FIELD_UPDATED, 70, read_date),
	RSS("modified", IN_BOTH, FIELD_UPDATED, 50, read_date),
	RSS("author", IN_BOTH, FIELD_AUTHOR, 80, read_author),
	RSS("managingeditor", IN_FEED, FIELD_AUTHOR, 70, read_author),
	RSS("webmaster", IN_FEED, FIELD_AUTHOR, 20, read_author),
	RSS("category", IN_BOTH, FIELD_CATEGORY, 0, read_rss_category),
	RSS("language", IN_BOTH, FIELD_LANGUAGE, 90, read_word),
	RSS("enclosure", IN_ENTRY, FIELD_ENCLOSURE, 0, read_enclosure),
	RSS("image", IN_BOTH, FIELD_IMAGE, 60, read_rss_image),
	RSS("ttl", IN_FEED, FIELD_OTHER, 0, read_ttl),
	RSS("skiphours", IN_FEED, FIELD_OTHER, 0, read_skip_hours),
	RSS("skipdays", IN_FEED, FIELD_OTHER, 0, read_skip_days),
	{ 0 }
};
/* clang-format on */
