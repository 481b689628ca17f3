/* SPDX-License-Identifier: ISC */
#include "feed/xml_node.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/html_escape.h"
#include "format/url.h"

bool
xml_is(const struct xml_node *node, enum space space, const char *local)
{
	return node && node->name && node->name->space == space &&
	    strcmp(node->name->local, local) == 0;
}

const char *
xml_attr_ns(const struct xml_node *node, enum space space, const char *local)
{
	for (size_t i = 0; i < node->attr_count; i++) {
		const struct xml_name *name = node->attrs[i].name;

		if (name->space == space && strcmp(name->local, local) == 0)
			return node->attrs[i].value;
	}
	return NULL;
}

const char *
xml_attr(const struct xml_node *node, const char *local)
{
	return xml_attr_ns(node, SPACE_NONE, local);
}

const struct xml_node *
xml_child(const struct xml_node *node, enum space space, const char *local)
{
	for (const struct xml_node *n = node->first; n; n = n->next)
		if (xml_is(n, space, local))
			return n;
	return NULL;
}

bool
xml_has_elements(const struct xml_node *node)
{
	for (const struct xml_node *n = node->first; n; n = n->next)
		if (n->name)
			return true;
	return false;
}

static void
add_text(struct buf *b, const struct xml_node *node)
{
	for (const struct xml_node *n = node->first; n; n = n->next) {
		if (n->name)
			add_text(b, n);
		else
			buf_add(b, n->text, n->len);
	}
}

const char *
xml_text(struct arena *a, const struct xml_node *node, size_t *len)
{
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
	size_t unused = 0;

	if (!len)
		len = &unused;
	*len = 0;
	if (!node->first)
		return "";
	if (!node->first->next && !node->first->name) {
		*len = node->first->len;
		return node->first->text;
	}
	add_text(&b, node);
	*len = b.len;
	return arena_take(a, &b);
}

const char *
xml_text_kept(struct arena *texts, const struct xml_node *node, size_t *len)
{
	const struct xml_node *only = node->first;
	const char *text = NULL;

	if (only && !only->next && !only->name && only->kept) {
		*len = only->len;
		return only->text;
	}
	text = xml_text(texts, node, len);
	/* In several pieces it was joined there already. */
	return only && !only->next && !only->name ? arena_strndup(texts, text, *len)
						  : text;
}

const char *
xml_word(struct arena *a, const struct xml_node *node)
{
	size_t len = 0;
	const char *text = xml_text(a, node, &len);

	ascii_trim(&text, &len);
	return len ? arena_strndup(a, text, len) : NULL;
}

const char *
xml_language(const struct xml_node *node)
{
	for (; node; node = node->parent) {
		const char *lang = xml_attr_ns(node, SPACE_XML, "lang");

		if (lang)
			return *lang ? lang : NULL;
	}
	return NULL;
}

/* xml:base, or CDF's BASE of a channel; NULL or "" when there is none. */
static const char *
own_base(const struct xml_node *node)
{
	if (node->name && node->name->space == SPACE_CDF)
		return xml_attr(node, "base");
	return xml_attr_ns(node, SPACE_XML, "base");
}

const char *
xml_base(struct arena *a, const struct xml_node *node, const char *base)
{
	const char *own = NULL;
	const char *resolved = NULL;

	if (!node)
		return base;
	base = xml_base(a, node->parent, base);
	own = own_base(node);
	if (!own || !*own)
		return base;
	resolved = url_resolve(a, base, own);
	return resolved ? resolved : base;
}

const char *
xml_base_said(struct arena *a, const struct xml_node *node, const char *base)
{
	for (const struct xml_node *n = node; n; n = n->parent) {
		const char *own = own_base(n);

		if (own && *own)
			return xml_base(a, node, base);
	}
	return NULL;
}

/* ---- as HTML ---- */

/* Elements without content and end tag (HTML 13.1.2). */
static const char *const void_elements[] = { "area", "base", "br", "col", "embed", "hr",
	"img", "input", "link", "meta", "param", "source", "track", "wbr" };

static bool
is_void(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(void_elements); i++)
		if (strcmp(name, void_elements[i]) == 0)
			return true;
	return false;
}

static void
add_start_tag(struct buf *out, const struct xml_node *n)
{
	buf_addc(out, '<');
	buf_adds(out, n->name->local);
	for (size_t i = 0; i < n->attr_count; i++) {
		const struct xml_attr *at = &n->attrs[i];
		const char *prefix = at->name->space == SPACE_XML ? "xml:" : "";

		if (at->name->space != SPACE_NONE && at->name->space != SPACE_XML &&
		    strcmp(at->name->local, "href") != 0)
			continue;
		buf_addc(out, ' ');
		buf_adds(out, prefix);
		buf_adds(out, at->name->written);
		buf_adds(out, "=\"");
		html_escape(out, at->value, strlen(at->value), HTML_DOUBLE_QUOTES);
		buf_addc(out, '"');
	}
	buf_addc(out, '>');
}

void
xml_to_html(struct buf *out, const struct xml_node *node, bool text_is_html)
{
	for (const struct xml_node *n = node->first; n; n = n->next) {
		if (!n->name) {
			if (text_is_html)
				buf_add(out, n->text, n->len);
			else
				html_escape(out, n->text, n->len, HTML_KEEP_QUOTES);
			continue;
		}
		add_start_tag(out, n);
		if (!n->first && is_void(n->name->local))
			continue;
		xml_to_html(out, n, text_is_html);
		buf_adds(out, "</");
		buf_adds(out, n->name->local);
		buf_addc(out, '>');
	}
}
