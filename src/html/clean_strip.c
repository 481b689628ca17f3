/* SPDX-License-Identifier: ISC */
/*
 * A source's own boilerplate, taken out by its setting `strip`: simple selectors ("div.share",
 * "#footer", ".a.b", "aside") or the whole text of a line.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { NAMES_MAX = 4 };

struct strip_rule {
	const char *line;             /* a text; NULL for a selector */
	const char *element;          /* "" = any */
	const char *id;               /* NULL = any */
	const char *names[NAMES_MAX]; /* classes it must have */
	size_t name_count;
};

struct strip_rules {
	struct strip_rule *rules;
	size_t count;
	bool has_lines;
};

static bool
is_name_char(char c)
{
	return ascii_is_alphanumeric(c) || c == '-' || c == '_' ||
	    (unsigned char)c >= 0x80;
}

static size_t
name_length(const char *text)
{
	size_t len = 0;

	while (is_name_char(text[len]))
		len++;
	return len;
}

/* Reads "element.class#id"; false when text is no selector. */
static bool
read_selector(struct arena *a, const char *text, struct strip_rule *rule)
{
	size_t len = name_length(text);
	const char *at = text + len;

	rule->element = arena_strndup(a, text, len);
	if (*at == '\0')
		return tag_find(text, len) != TAG_UNKNOWN;
	if (len > 0 && tag_find(text, len) == TAG_UNKNOWN && !strchr(rule->element, '-'))
		return false;
	while (*at == '.' || *at == '#') {
		const char *name;

		len = name_length(at + 1);
		if (len == 0)
			return false;
		name = arena_strndup(a, at + 1, len);
		if (*at == '#')
			rule->id = name;
		else if (rule->name_count < NAMES_MAX)
			rule->names[rule->name_count++] = name;
		at += len + 1;
	}
	return *at == '\0';
}

static void
add_rule(struct arena *a, struct strip_rules *all, const char *text, size_t len)
{
	struct strip_rule rule = { .line = NULL };
	const char *line;

	ascii_trim(&text, &len);
	if (len == 0)
		return;
	line = text_one_line(a, text, len);
	if (!read_selector(a, line, &rule)) {
		rule = (struct strip_rule){ .line = line };
		all->has_lines = true;
	}
	all->rules = arena_grow_list(a, all->rules, all->count, sizeof(*all->rules));
	all->rules[all->count++] = rule;
}

static const struct strip_rules *
read_rules(struct arena *a, const char *text)
{
	struct strip_rules *all = arena_alloc(a, sizeof(*all));

	while (*text) {
		size_t len = strcspn(text, "\r\n");

		add_rule(a, all, text, len);
		text += len;
		text += strspn(text, "\r\n");
	}
	return all->count > 0 ? all : NULL;
}

static const char *
name_of(const struct html_node *n)
{
	return n->tag == TAG_UNKNOWN ? n->text : tag_name(n->tag);
}

static bool
matches(const struct strip_rule *rule, const struct html_node *n)
{
	const char *id;

	if (*rule->element && !ascii_eq_nocase(rule->element, name_of(n)))
		return false;
	id = rule->id ? node_attr(n, "id") : NULL;
	if (rule->id && (!id || strcmp(id, rule->id) != 0))
		return false;
	for (size_t i = 0; i < rule->name_count; i++)
		if (!node_has_word(n, "class", &rule->names[i], 1))
			return false;
	return true;
}

/* A block without blocks inside: what a reader calls a line. */
static bool
is_line(const struct html_node *n)
{
	if (!tag_is(n->tag, TAG_IS_BLOCK))
		return false;
	for (const struct html_node *k = n->first; k; k = node_next(k, n))
		if (tag_is(k->tag, TAG_IS_BLOCK))
			return false;
	return true;
}

static bool
is_stripped(struct arena *a, const struct strip_rules *all, const struct html_node *n)
{
	const char *text = NULL;

	if (all->has_lines && (is_line(n) || n->tag == TAG_TEXT))
		text = node_text(a, n, LIMIT_FIELD);
	for (size_t i = 0; i < all->count; i++) {
		const struct strip_rule *rule = &all->rules[i];

		if (rule->line ? text && ascii_eq_nocase(text, rule->line)
			       : n->tag != TAG_TEXT && matches(rule, n))
			return true;
	}
	return false;
}

void
strip_apply(struct arena *scratch, const char *rules, struct html_node *root)
{
	const struct strip_rules *all = rules ? read_rules(scratch, rules) : NULL;
	struct html_node *n = root->first;

	while (all && n) {
		if (is_stripped(scratch, all, n)) {
			n->dropped = true;
			n = node_skip(n, root);
		} else {
			n = node_next(n, root);
		}
	}
}

struct html_node *
strip_find(struct arena *scratch, const char *rules, struct html_node *root)
{
	const struct strip_rules *all = read_rules(scratch, rules);

	for (struct html_node *n = root->first; all && n; n = node_next(n, root)) {
		for (size_t i = 0; n->tag != TAG_TEXT && i < all->count; i++)
			if (!all->rules[i].line && matches(&all->rules[i], n))
				return n;
	}
	return NULL;
}
