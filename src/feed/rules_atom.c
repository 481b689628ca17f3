/* SPDX-License-Identifier: ISC */
/*
 * Atom 1.0 (RFC 4287) and 0.3: text constructs in all their types, persons, links by rel.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/entry_address.h"
#include "feed/entry_builder.h"
#include "feed/entry_person.h"
#include "feed/entry_text.h"
#include "feed/rules_shared.h"
#include "feed/xml_node.h"
#include "format/mime_encoding.h"

enum construct { KIND_TEXT, KIND_HTML, KIND_XHTML, KIND_BASE64, KIND_XML };

/*
 * RFC 4287 3.1.1 and 4.1.3.3; in 0.3 a media type and a mode (xml, escaped, base64).  Where
 * both disagree with what is inside, children mean markup.
 */
static enum construct
kind_of(const struct xml_node *node)
{
	const char *type = xml_attr(node, "type");
	const char *mode = xml_attr(node, "mode");
	bool has_elements = xml_has_elements(node);

	if (mode && ascii_eq_nocase(mode, "base64"))
		return KIND_BASE64;
	if (has_elements)
		return KIND_XHTML;
	if (!type || !*type)
		return mode && ascii_eq_nocase(mode, "escaped") ? KIND_HTML : KIND_TEXT;
	if (ascii_eq_nocase(type, "html") || ascii_starts_nocase(type, "text/html"))
		return KIND_HTML;
	if (ascii_eq_nocase(type, "xhtml") ||
	    ascii_starts_nocase(type, "application/xhtml"))
		return KIND_XHTML;
	if (ascii_eq_nocase(type, "text") || ascii_starts_nocase(type, "text/"))
		return KIND_TEXT;
	if (ascii_find_nocase(type, "+xml") || ascii_find_nocase(type, "/xml"))
		return KIND_XML;
	return strchr(type, '/') ? KIND_BASE64 : KIND_TEXT;
}

/* What base64 content decoded to: text of some kind, or a picture that is none of ours. */
static bool
add_decoded(struct buf *out, const char *text, size_t len, const char *type)
{
	struct buf bytes = BUF_INIT(LIMIT_ENTRY_TEXT);
	bool ok = !(type &&
		      (ascii_starts_nocase(type, "image/") ||
			  ascii_starts_nocase(type, "audio/") ||
			  ascii_starts_nocase(type, "video/"))) &&
	    mime_base64_decode(&bytes, text, len) &&
	    text_is_utf8(buf_text(&bytes), bytes.len);

	if (ok)
		text_add_clean(out, buf_text(&bytes), bytes.len);
	buf_clear(&bytes);
	return ok;
}

/* The text of a construct in *raw, in the build's arena; false when there is none. */
static bool
read_construct(struct draft *d, const struct xml_node *node, struct raw_content *raw)
{
	struct build *b = d->build;
	enum construct kind = kind_of(node);
	struct buf out = BUF_INIT(LIMIT_ENTRY_TEXT);
	size_t len = 0;
	const char *text = NULL;

	raw->type = kind == KIND_TEXT || kind == KIND_XML ? CONTENT_TEXT : CONTENT_HTML;
	if (kind == KIND_XHTML && xml_has_elements(node)) {
		const char *type = xml_attr(node, "type");

		xml_to_html(&out, node,
		    type &&
			(ascii_eq_nocase(type, "html") ||
			    ascii_starts_nocase(type, "text/html")));
	} else if (kind == KIND_BASE64) {
		const char *type = xml_attr(node, "type");

		text = xml_text(b->scratch, node, &len);
		/* A type that demands base64 over what is none: it is text. */
		if (!add_decoded(&out, text, len, type) && !memchr(text, '=', len) &&
		    len < 1000)
			text_add_clean(&out, text, len);
		if (type &&
		    (ascii_eq_nocase(type, "text") ||
			ascii_eq_nocase(type, "text/plain")))
			raw->type = CONTENT_TEXT;
	} else {
		raw->text = xml_text_kept(b->a, node, &raw->len);
		return raw->len > 0;
	}
	raw->len = out.len;
	raw->text = arena_take(b->a, &out);
	return raw->len > 0;
}

/* One line of plain text: a title, a subtitle. */
static void
read_construct_line(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	struct raw_content raw = { 0 };

	if (!draft_wants(d, rule->field, rule->rank) || !read_construct(d, node, &raw))
		return;
	draft_set(d, rule->field, rule->rank,
	    raw.type == CONTENT_TEXT ? plain_of_text(d->build, raw.text)
				     : plain_of_html(d->build, raw.text));
}

/* The XHTML "div" that holds all: what it says of base and language counts; else node. */
static const struct xml_node *
only_element(const struct xml_node *node)
{
	const struct xml_node *only = NULL;

	for (const struct xml_node *n = node->first; n; n = n->next) {
		if (n->name && only)
			return node;
		if (n->name)
			only = n;
	}
	return only ? only : node;
}

static void
read_construct_body(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	struct build *b = d->build;
	struct raw_content raw = { 0 };
	const char *src = xml_attr(node, "src");
	const char *type = xml_attr(node, "type");

	/* Content elsewhere: the page of the entry, when it names no other. */
	if (src && (!type || ascii_find_nocase(type, "html")))
		draft_set(d, FIELD_LINK, RANK_BESIDE, draft_url(d, node, src));
	if (!read_construct(d, node, &raw))
		return;
	raw.base = xml_base_said(b->a, only_element(node), b->context->url);
	raw.language = arena_strdup(b->a, xml_language(only_element(node)));
	draft_add_body(d, rule->rank, &raw);
}

static void
read_person(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	struct build *b = d->build;
	const struct xml_node *email = NULL;
	const char *name = NULL;
	const char *url = NULL;
	bool has_parts = false;

	for (const struct xml_node *n = node->first; n; n = n->next) {
		const char *local = n->name ? n->name->local : "";

		if (strcmp(local, "name") == 0) {
			name = plain_of_text(b, xml_word(b->scratch, n));
		} else if (strcmp(local, "email") == 0) {
			email = n;
		} else if (strcmp(local, "uri") == 0 || strcmp(local, "url") == 0 ||
		    strcmp(local, "homepage") == 0) {
			url = draft_url(d, n, xml_word(b->scratch, n));
		} else {
			continue;
		}
		has_parts = true;
	}
	if (has_parts)
		draft_add_person(d, rule->rank, name,
		    email ? xml_word(b->scratch, email) : NULL, url);
	else
		read_author(d, node, rule);
}

/* ---- links ---- */

static void
add_link_enclosure(struct draft *d, const struct xml_node *node, const char *url)
{
	const char *title = xml_attr(node, "title");
	struct enclosure e = { .url = url, .seconds = -1 };

	e.type = arena_strdup(d->build->a, xml_attr(node, "type"));
	e.title = plain_of_text(d->build, title);
	e.bytes = byte_count(xml_attr(node, "length"));
	draft_add_enclosure(d, &e);
	if (e.type && ascii_starts_nocase(e.type, "image/"))
		draft_set(d, FIELD_IMAGE, RANK_ENCLOSED, url);
}

/* rel is a short name, or the registry's address in front of one. */
static const char *
rel_of(const struct xml_node *node)
{
	static const char registry[] = "http://www.iana.org/assignments/relation/";
	const char *rel = xml_attr(node, "rel");

	if (!rel || !*rel)
		return "alternate";
	return ascii_starts_nocase(rel, registry) ? rel + sizeof(registry) - 1 : rel;
}

static bool
is_page_type(const char *type)
{
	return !type || ascii_find_nocase(type, "html") ||
	    ascii_starts_nocase(type, "text/");
}

static void
read_link(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	static const struct {
		const char *rel;
		enum field field;
		unsigned rank;
	} rels[] = {
		{ "self", FIELD_SELF, 90 },
		{ "hub", FIELD_HUB, 90 },
		{ "next", FIELD_NEXT, 90 },
		{ "prev-archive", FIELD_NEXT, 60 },
		{ "prev-archive", FIELD_ARCHIVE, 90 },
		{ "icon", FIELD_IMAGE, 20 },
	};
	const char *rel = rel_of(node);
	const char *href = xml_attr(node, "href");
	const char *url =
	    draft_url(d, node, href ? href : xml_word(d->build->scratch, node));

	if (!url)
		return;
	if (ascii_eq_nocase(rel, "enclosure") && !d->is_feed) {
		add_link_enclosure(d, node, url);
	} else if (ascii_eq_nocase(rel, "alternate")) {
		unsigned bonus = is_page_type(xml_attr(node, "type")) ? 2 : 0;

		/* RFC 4287 4.2.7.2: names of relations are case-sensitive. */
		bonus += strcmp(rel, "alternate") == 0;

		draft_set(d, FIELD_LINK, rule->rank + bonus, url);
	}
	for (size_t i = 0; i < ARRAY_LEN(rels); i++)
		if (ascii_eq_nocase(rel, rels[i].rel))
			draft_set(d, rels[i].field, rels[i].rank, url);
	if (ascii_eq_nocase(rel, "related") || ascii_eq_nocase(rel, "via"))
		draft_set(d, FIELD_EXTERNAL, RANK_BESIDE, url);
}

static void
read_atom_category(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *term = xml_attr(node, "term");
	const char *label = xml_attr(node, "label");

	if (!term || !*term)
		term = label;
	if (term && *term)
		draft_add_category(d, plain_of_html(d->build, term));
	else
		read_category(d, node, rule);
}

/* What an aggregated entry says of the feed it came from serves where it is silent itself. */
static void
read_source(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	for (const struct xml_node *n = node->first; n; n = n->next)
		if (xml_is(n, SPACE_ATOM, "author"))
			read_person(d, n, rule);
}

/* clang-format off */
#define ATOM(name, scope, field, rank, read) { SPACE_ATOM, name, scope, field, rank, read }
const struct rule atom_rules[] = {
	ATOM("title", IN_BOTH, FIELD_TITLE, 80, read_construct_line),
	ATOM("subtitle", IN_FEED, FIELD_DESCRIPTION, 80, read_construct_line),
	ATOM("tagline", IN_FEED, FIELD_DESCRIPTION, 70, read_construct_line),
	ATOM("info", IN_FEED, FIELD_DESCRIPTION, 30, read_construct_line),
	ATOM("link", IN_BOTH, FIELD_LINK, 80, read_link),
	ATOM("id", IN_BOTH, FIELD_ID, 80, read_word),
	ATOM("guid", IN_ENTRY, FIELD_ID, 50, read_word),
	ATOM("published", IN_BOTH, FIELD_PUBLISHED, 80, read_date),
	ATOM("issued", IN_BOTH, FIELD_PUBLISHED, 70, read_date),
	ATOM("created", IN_BOTH, FIELD_PUBLISHED, 60, read_date),
	ATOM("pubdate", IN_BOTH, FIELD_PUBLISHED, 50, read_date),
	ATOM("updated", IN_BOTH, FIELD_UPDATED, 90, read_date),
	ATOM("modified", IN_BOTH, FIELD_UPDATED, 80, read_date),
	ATOM("content", IN_ENTRY, FIELD_BODY, 80, read_construct_body),
	ATOM("summary", IN_ENTRY, FIELD_BODY, 50, read_construct_body),
	ATOM("description", IN_ENTRY, FIELD_BODY, 45, read_construct_body),
	ATOM("author", IN_BOTH, FIELD_AUTHOR, 90, read_person),
	ATOM("contributor", IN_BOTH, FIELD_AUTHOR, 10, read_person),
	ATOM("category", IN_BOTH, FIELD_CATEGORY, 0, read_atom_category),
	ATOM("logo", IN_FEED, FIELD_IMAGE, 70, read_address),
	ATOM("icon", IN_FEED, FIELD_IMAGE, 50, read_address),
	ATOM("source", IN_ENTRY, FIELD_AUTHOR, 5, read_source),
	{ 0 }
};
/* clang-format on */
