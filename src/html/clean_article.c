/* SPDX-License-Identifier: ISC */
/*
 * The post on its own page, among menus, comments and what else stands there: by the keeper's
 * selector, or by where the prose is, as Readability looks for it (Arc90, 2009): by names that
 * blog software gives it, else by <article> or <main>, else by the element whose paragraphs
 * have the most text that is no link.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"

enum {
	PROSE_NAMED = 60,  /* bytes that a place of a known name must have */
	PROSE_FOUND = 140, /* bytes of paragraphs that show a place without a name */
	OUTER_MORE = 5 /* an outer place must have a quarter more than the inner one */
};

/* What blog software calls the text of a post. */
static const char *const TEXT_NAMES[] = { "entry-content", "post-content",
	"article-content", "post-body", "article-body", "entry-body", "e-content",
	"post__content", "article__body", "content__article-body", "td-post-content",
	"h-entry", "markdown-body", "articleBody" };

/* What stands beside it. */
static const char *const BESIDE_NAMES[] = { "comments", "comment-list", "comment-respond",
	"related", "related-posts", "sidebar", "widget", "sharedaddy", "share-buttons",
	"post-navigation", "nav-links", "breadcrumb", "breadcrumbs", "newsletter-signup",
	"cookie-notice", "author-bio", "site-footer", "site-header", "skip-link",
	"screen-reader-text", "jp-relatedposts" };

struct place {
	struct html_node *node;
	size_t prose;
};

struct search {
	struct place named, article, found;
};

/* Bytes of text inside an element that are no link, and of those what its paragraphs have. */
struct prose {
	size_t text;
	size_t paragraphs; /* of its own and, halved, of its children */
};

static void
offer(struct place *best, struct html_node *n, size_t prose)
{
	/* What is inside comes first: what is around it needs more than a title to win. */
	if (!best->node || prose * 4 >= best->prose * OUTER_MORE)
		*best = (struct place){ n, prose };
}

/* Never part of a post's text, whatever it is called. */
static bool
is_furniture(enum html_tag tag)
{
	static const enum html_tag tags[] = { TAG_NAV, TAG_ASIDE, TAG_FOOTER, TAG_FORM,
		TAG_HEAD, TAG_SCRIPT, TAG_STYLE, TAG_NOSCRIPT, TAG_TEMPLATE, TAG_BUTTON,
		TAG_SELECT };

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (tag == tags[i])
			return true;
	return false;
}

static bool
is_beside(const struct html_node *n)
{
	return is_furniture(n->tag) ||
	    node_has_word(n, "class", BESIDE_NAMES, ARRAY_LEN(BESIDE_NAMES)) ||
	    node_has_word(n, "id", BESIDE_NAMES, ARRAY_LEN(BESIDE_NAMES));
}

static bool
is_named(const struct html_node *n)
{
	return node_has_word(n, "class", TEXT_NAMES, ARRAY_LEN(TEXT_NAMES)) ||
	    node_has_word(n, "id", TEXT_NAMES, ARRAY_LEN(TEXT_NAMES)) ||
	    node_has_word(n, "itemprop", TEXT_NAMES, ARRAY_LEN(TEXT_NAMES));
}

static bool
is_paragraph(enum html_tag tag)
{
	return tag == TAG_P || tag == TAG_PRE || tag == TAG_BLOCKQUOTE || tag == TAG_UL ||
	    tag == TAG_OL;
}

static size_t
text_bytes(const struct html_node *n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n->len; i++)
		bytes += strchr(HTML_BLANKS, n->text[i]) == NULL;
	return bytes;
}

/* Each node is looked at once, children first; what stands beside the post is dropped. */
static struct prose
measure(struct search *s, struct html_node *n)
{
	struct prose all = { 0 };

	if (n->tag == TAG_TEXT)
		return (struct prose){ .text = text_bytes(n) };
	for (struct html_node *k = n->first; k; k = k->next) {
		struct prose one = { 0 };

		k->dropped = k->tag != TAG_TEXT && k->tag != TAG_BODY && is_beside(k);
		if (k->dropped)
			continue;
		one = measure(s, k);
		all.text += k->tag == TAG_A ? 0 : one.text;
		all.paragraphs += is_paragraph(k->tag) ? one.text : one.paragraphs / 2;
	}
	if (is_named(n))
		offer(&s->named, n, all.text);
	if (n->tag == TAG_ARTICLE || n->tag == TAG_MAIN)
		offer(&s->article, n, all.text);
	if (!is_paragraph(n->tag) && all.paragraphs > s->found.prose)
		s->found = (struct place){ n, all.paragraphs };
	return all;
}

struct html_node *
article_find(struct arena *scratch, const char *selector, struct html_node *root)
{
	struct search s = { 0 };

	if (!ascii_eq_nocase(selector, "article"))
		return strip_find(scratch, selector, root);
	(void)measure(&s, root);
	if (s.named.node && s.named.prose >= PROSE_NAMED)
		return s.named.node;
	if (s.article.node && s.article.prose >= PROSE_NAMED)
		return s.article.node;
	return s.found.prose >= PROSE_FOUND ? s.found.node : NULL;
}
