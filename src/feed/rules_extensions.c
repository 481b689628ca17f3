/* SPDX-License-Identifier: ISC */
/*
 * What other vocabularies add to RSS and Atom: Dublin Core, content, media, iTunes, podcast,
 * FeedBurner, XHTML bodies.
 */
#include <string.h>

#include "base/text.h"
#include "feed/entry_address.h"
#include "feed/entry_builder.h"
#include "feed/entry_person.h"
#include "feed/entry_text.h"
#include "feed/rules_shared.h"
#include "feed/xml_node.h"

/* "1:02:03", "62:03", "3723": seconds; -1 when it is none of these. */
static int64_t
duration(const char *text)
{
	int64_t total = 0;
	int64_t part = 0;
	bool digit = false;

	for (; text && *text; text++) {
		if (ascii_is_digit(*text) && part < 1000000) {
			part = part * 10 + (*text - '0');
			digit = true;
		} else if (*text == ':' && digit && total < 1000000) {
			total = (total + part) * 60;
			part = 0;
			digit = false;
		} else if (*text == '.' && digit) {
			break;
		} else {
			return -1;
		}
	}
	return digit ? total + part : -1;
}

/* It may stand before the medium, or after it: build_add_entry() gives it to those without one. */
static void
read_duration(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	(void)rule;
	if (d->seconds < 0)
		d->seconds = duration(xml_word(d->build->scratch, node));
}

static bool
is_image(const struct xml_node *node)
{
	const char *medium = xml_attr(node, "medium");
	const char *type = xml_attr(node, "type");

	return (medium && ascii_eq_nocase(medium, "image")) ||
	    (type && ascii_starts_nocase(type, "image"));
}

/* media:content: the medium itself, with its own title, text, picture inside. */
static void
read_media_content(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	struct enclosure e = { .seconds = -1 };
	const struct xml_node *title = NULL;

	/* What a picture shows says more than its title, which often is a file's name. */
	if (is_image(node))
		title = xml_child(node, SPACE_MEDIA, "description");
	if (!title)
		title = xml_child(node, SPACE_MEDIA, "title");
	e.url = draft_url(d, node, xml_attr(node, "url"));
	e.type = arena_strdup(d->build->a, xml_attr(node, "type"));
	e.seconds = duration(xml_attr(node, "duration"));
	e.bytes = byte_count(xml_attr(node, "filesize"));
	if (title)
		e.title =
		    plain_of_html(d->build, xml_text(d->build->scratch, title, NULL));
	if (!d->is_feed && is_image(node))
		draft_add_picture(d, &e);
	else if (!d->is_feed)
		draft_add_enclosure(d, &e);
	if (is_image(node))
		draft_set(d, FIELD_IMAGE, rule->rank, e.url);
	draft_read(d, node);
}

static void
read_keywords(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *text = xml_text(d->build->scratch, node, NULL);

	(void)rule;
	while (*text) {
		size_t part = strcspn(text, ",");
		const char *word = arena_strndup(d->build->scratch, text, part);

		draft_add_category(d, plain_of_html(d->build, word));
		text += part + (text[part] == ',');
	}
}

static void
read_itunes_category(struct draft *d, const struct xml_node *node,
    const struct rule *rule)
{
	const char *text = xml_attr(node, "text");

	(void)rule;
	draft_add_category(d, plain_of_html(d->build, text));
	draft_read(d, node);
}

static void
read_owner(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const struct xml_node *name = xml_child(node, SPACE_ITUNES, "name");
	const struct xml_node *email = xml_child(node, SPACE_ITUNES, "email");
	struct arena *s = d->build->scratch;
	const char *text = name ? xml_word(s, name) : NULL;

	draft_add_person(d, rule->rank, plain_of_html(d->build, text),
	    email ? xml_word(s, email) : NULL, NULL);
}

/* The picture of a channel before there was itunes:image. */
static void
read_itunes_link(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *rel = xml_attr(node, "rel");

	if (rel && ascii_eq_nocase(rel, "image"))
		read_href(d, node, rule);
}

/* Most credits are of a picture, which is not who wrote the entry. */
static void
read_credit(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *role = xml_attr(node, "role");

	if (role && ascii_eq_nocase(role, "author"))
		read_author(d, node, rule);
}

/* "hourly" and its longer brothers (RSS 1.0 syndication module). */
static void
read_update_period(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} periods[] = { { "hourly", 3600 }, { "daily", 86400 }, { "weekly", 7 * 86400 },
		{ "monthly", 30 * 86400 }, { "yearly", 365 * 86400 } };
	const char *text = xml_word(d->build->scratch, node);

	(void)rule;
	for (size_t i = 0; text && i < ARRAY_LEN(periods); i++)
		if (ascii_eq_nocase(text, periods[i].word))
			d->period = periods[i].seconds;
}

static void
read_update_frequency(struct draft *d, const struct xml_node *node,
    const struct rule *rule)
{
	const int64_t n = byte_count(xml_word(d->build->scratch, node));

	(void)rule;
	if (n > 0)
		d->frequency = n;
}

/* clang-format off */
#define X(space, name, scope, field, rank, read) { space, name, scope, field, rank, read }
const struct rule extension_rules[] = {
	X(SPACE_DC, "title", IN_BOTH, FIELD_TITLE, 60, read_html_line),
	X(SPACE_DC, "creator", IN_BOTH, FIELD_AUTHOR, 75, read_author),
	X(SPACE_DC, "author", IN_BOTH, FIELD_AUTHOR, 74, read_author),
	X(SPACE_DC, "contributor", IN_BOTH, FIELD_AUTHOR, 12, read_author),
	X(SPACE_DC, "publisher", IN_FEED, FIELD_AUTHOR, 11, read_author),
	X(SPACE_DC, "date", IN_BOTH, FIELD_PUBLISHED, 70, read_date),
	X(SPACE_DC, "subject", IN_BOTH, FIELD_CATEGORY, 0, read_category),
	X(SPACE_DC, "language", IN_BOTH, FIELD_LANGUAGE, 70, read_word),
	X(SPACE_DC, "description", IN_ENTRY, FIELD_BODY, 40, read_description),
	X(SPACE_DC, "identifier", IN_ENTRY, FIELD_ID, 20, read_word),
	X(SPACE_TERMS, "issued", IN_BOTH, FIELD_PUBLISHED, 65, read_date),
	X(SPACE_TERMS, "created", IN_BOTH, FIELD_PUBLISHED, 60, read_date),
	X(SPACE_TERMS, "modified", IN_BOTH, FIELD_UPDATED, 65, read_date),
	X(SPACE_TERMS, "creator", IN_BOTH, FIELD_AUTHOR, 73, read_author),
	X(SPACE_TERMS, "title", IN_BOTH, FIELD_TITLE, 55, read_html_line),
	X(SPACE_TERMS, "abstract", IN_ENTRY, FIELD_BODY, 35, read_html_body),
	X(SPACE_CONTENT, "encoded", IN_ENTRY, FIELD_BODY, 90, read_html_body),
	X(SPACE_XHTML, "body", IN_ENTRY, FIELD_BODY, 85, read_html_body),
	X(SPACE_XHTML, "div", IN_ENTRY, FIELD_BODY, 84, read_html_body),
	X(SPACE_MEDIA, "group", IN_BOTH, FIELD_OTHER, 0, read_group),
	X(SPACE_MEDIA, "content", IN_BOTH, FIELD_IMAGE, 40, read_media_content),
	X(SPACE_MEDIA, "thumbnail", IN_BOTH, FIELD_IMAGE, 50, read_href),
	X(SPACE_MEDIA, "title", IN_ENTRY, FIELD_TITLE, 30, read_html_line),
	X(SPACE_MEDIA, "description", IN_ENTRY, FIELD_BODY, 25, read_description),
	X(SPACE_MEDIA, "keywords", IN_ENTRY, FIELD_CATEGORY, 0, read_keywords),
	X(SPACE_MEDIA, "category", IN_ENTRY, FIELD_CATEGORY, 0, read_category),
	X(SPACE_MEDIA, "credit", IN_ENTRY, FIELD_AUTHOR, 30, read_credit),
	X(SPACE_ITUNES, "author", IN_BOTH, FIELD_AUTHOR, 60, read_author),
	X(SPACE_ITUNES, "owner", IN_FEED, FIELD_AUTHOR, 50, read_owner),
	X(SPACE_ITUNES, "title", IN_ENTRY, FIELD_TITLE, 40, read_html_line),
	X(SPACE_ITUNES, "summary", IN_ENTRY, FIELD_BODY, 30, read_description),
	X(SPACE_ITUNES, "summary", IN_FEED, FIELD_DESCRIPTION, 40, read_html_line),
	X(SPACE_ITUNES, "subtitle", IN_ENTRY, FIELD_BODY, 20, read_description),
	X(SPACE_ITUNES, "subtitle", IN_FEED, FIELD_DESCRIPTION, 35, read_html_line),
	X(SPACE_ITUNES, "image", IN_BOTH, FIELD_IMAGE, 55, read_href),
	X(SPACE_ITUNES, "link", IN_BOTH, FIELD_IMAGE, 45, read_itunes_link),
	X(SPACE_ITUNES, "keywords", IN_BOTH, FIELD_CATEGORY, 0, read_keywords),
	X(SPACE_ITUNES, "category", IN_BOTH, FIELD_CATEGORY, 0, read_itunes_category),
	X(SPACE_ITUNES, "duration", IN_ENTRY, FIELD_OTHER, 0, read_duration),
	X(SPACE_SY, "updateperiod", IN_FEED, FIELD_OTHER, 0, read_update_period),
	X(SPACE_SY, "updatefrequency", IN_FEED, FIELD_OTHER, 0, read_update_frequency),
	X(SPACE_PODCAST, "images", IN_BOTH, FIELD_IMAGE, 30, read_href),
	{ 0 }
};
/* clang-format on */
