/* SPDX-License-Identifier: ISC */
/*
 * How single elements are read: the readers that the tables of several dialects share.
 */
#include "feed/rules_shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/entry_address.h"
#include "feed/entry_builder.h"
#include "feed/entry_person.h"
#include "feed/entry_text.h"
#include "feed/xml_node.h"

void
read_word(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	if (draft_wants(d, rule->field, rule->rank))
		draft_set(d, rule->field, rule->rank,
		    plain_of_text(d->build, xml_text(d->build->scratch, node, NULL)));
}

/*
 * Titles are text in RSS 0.91 and HTML in what most programs write; markup inside the element
 * is text whose tags go.
 */
void
read_html_line(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	if (draft_wants(d, rule->field, rule->rank))
		draft_set(d, rule->field, rule->rank,
		    plain_of_html(d->build, xml_text(d->build->scratch, node, NULL)));
}

void
read_date(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	size_t len = 0;
	const char *text = xml_text(d->build->scratch, node, &len);

	draft_set_time(d, rule->field, rule->rank, text, len, node->line);
}

void
read_author(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	size_t len = 0;
	const char *text = xml_text(d->build->scratch, node, &len);

	/* "<" may begin an address here: markup only where there is a closing tag. */
	if (ascii_find_nocase(text, "</") || memchr(text, '&', len))
		text = plain_of_html(d->build, text);
	else
		text = plain_of_text(d->build, text);
	draft_add_person_text(d, rule->rank, text);
}

void
read_category(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	(void)rule;
	draft_add_category(d,
	    plain_of_html(d->build, xml_text(d->build->scratch, node, NULL)));
}

static void
read_body_as(struct draft *d, const struct xml_node *node, const struct rule *rule,
    enum content_type type)
{
	struct build *b = d->build;
	struct raw_content raw = { 0 };

	if (xml_has_elements(node)) {
		struct buf html = BUF_INIT(LIMIT_ENTRY_TEXT);

		xml_to_html(&html, node, true);
		raw.len = html.len;
		raw.text = arena_take(b->a, &html);
	} else {
		raw.text = xml_text_kept(b->a, node, &raw.len);
	}
	raw.type = type;
	raw.base = xml_base_said(b->a, node, b->context->url);
	raw.language = arena_strdup(b->a, xml_language(node));
	draft_add_body(d, rule->rank, &raw);
}

void
read_html_body(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	read_body_as(d, node, rule, CONTENT_HTML);
}

/* True when "<", which has a ">" behind it, or "&" begins a tag or a reference of HTML. */
static bool
begins_markup(const char *text, size_t len, bool has_gt)
{
	size_t n = *text == '<' && len > 1 && text[1] == '/' ? 2 : 1;
	size_t name = n;

	if (*text == '&' && len > 1 && text[1] == '#')
		return true;
	while (n < len &&
	    (ascii_is_letter(text[n]) || (n > name && ascii_is_digit(text[n]))))
		n++;
	if (*text == '&')
		return n > name && n < len && text[n] == ';';
	if (len > 1 && (text[1] == '!' || text[1] == '?'))
		return true;
	return n > name && has_gt &&
	    (text[n] == '>' || text[n] == '/' || ascii_is_space((unsigned char)text[n]));
}

/*
 * Text in a place where HTML is expected: no tag, no reference, but lines or addresses, which
 * HTML would run together.  "<3" and "<https://example.org/>" are no tags.
 */
static bool
is_plain_text(const char *text, size_t len)
{
	bool has_lines = memchr(text, '\n', len) != NULL;
	bool has_address = false;
	size_t last_gt = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '>')
			last_gt = i;
	for (size_t i = 0; i < len; i++) {
		if ((text[i] == '&' || text[i] == '<') &&
		    begins_markup(text + i, len - i, i < last_gt))
			return false;
		if (i >= 4 && len - i > 3 && ascii_starts(text + i, len - i, "://"))
			has_address = true;
	}
	return has_lines || has_address;
}

void
read_description(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *type = xml_attr(node, "type");
	size_t len = 0;
	const char *text = xml_text(d->build->scratch, node, &len);

	ascii_trim(&text, &len);
	if (xml_has_elements(node) || (type && ascii_find_nocase(type, "html")))
		read_html_body(d, node, rule);
	else if ((type && ascii_eq_nocase(type, "plain")) || is_plain_text(text, len))
		read_body_as(d, node, rule, CONTENT_TEXT);
	else
		read_html_body(d, node, rule);
}

void
read_address(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	if (draft_wants(d, rule->field, rule->rank))
		draft_set(d, rule->field, rule->rank,
		    draft_url(d, node, xml_word(d->build->scratch, node)));
}

void
read_href(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	static const char *const names[] = { "href", "url", "src", "resource" };
	const char *ref = NULL;

	if (!draft_wants(d, rule->field, rule->rank))
		return;
	for (size_t i = 0; i < ARRAY_LEN(names) && !ref; i++)
		ref = xml_attr(node, names[i]);
	if (!ref)
		ref = xml_attr_ns(node, SPACE_RDF, "resource");
	if (!ref)
		ref = xml_word(d->build->scratch, node);
	draft_set(d, rule->field, rule->rank, draft_url(d, node, ref));
}

void
read_group(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	(void)rule;
	draft_read(d, node);
}

int64_t
byte_count(const char *text)
{
	char *end = NULL;
	long long n = 0;

	if (!text || !*text)
		return -1;
	n = strtoll(text, &end, 10);
	return *ascii_skip_space(end, NULL) || n < 0 ? -1 : (int64_t)n;
}
