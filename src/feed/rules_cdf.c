/* SPDX-License-Identifier: ISC */
/*
 * CDF, Microsoft's Channel Definition Format of 1997: almost everything is an attribute, and
 * values are often in VALUE.
 */
#include <string.h>

#include "feed/entry_builder.h"
#include "feed/entry_text.h"
#include "feed/rules_shared.h"
#include "feed/xml_node.h"

static const char *
value_of(struct draft *d, const struct xml_node *node)
{
	const char *value = xml_attr(node, "value");

	return value ? value : xml_word(d->build->scratch, node);
}

static void
read_cdf_line(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	draft_set(d, rule->field, rule->rank, plain_of_html(d->build, value_of(d, node)));
}

static void
read_abstract(struct draft *d, const struct xml_node *node, const struct rule *rule)
{
	const char *value = value_of(d, node);
	struct raw_content raw = { .type = CONTENT_HTML };

	if (!value)
		return;
	raw.len = strlen(value);
	raw.text = arena_strndup(d->build->a, value, raw.len);
	raw.base = xml_base_said(d->build->a, node, d->build->context->url);
	draft_add_body(d, rule->rank, &raw);
}

/* clang-format off */
#define CDF(name, scope, field, rank, read) { SPACE_CDF, name, scope, field, rank, read }
const struct rule cdf_rules[] = {
	CDF("title", IN_BOTH, FIELD_TITLE, 80, read_cdf_line),
	CDF("abstract", IN_FEED, FIELD_DESCRIPTION, 80, read_cdf_line),
	CDF("abstract", IN_ENTRY, FIELD_BODY, 80, read_abstract),
	CDF("a", IN_BOTH, FIELD_LINK, 80, read_href),
	CDF("logo", IN_BOTH, FIELD_IMAGE, 60, read_href),
	{ 0 }
};
/* clang-format on */
