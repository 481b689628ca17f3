/* SPDX-License-Identifier: ISC */
#include "html/one_line.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/tree.h"

/* Elements whose content is no text. */
static bool
is_mute(enum html_tag tag)
{
	return tag == TAG_SCRIPT || tag == TAG_STYLE || tag == TAG_TEMPLATE ||
	    tag == TAG_SVG || tag == TAG_IFRAME || tag == TAG_NOEMBED ||
	    tag == TAG_NOFRAMES;
}

/* A blank behind each block that ends between n and the next node. */
static void
end_blocks(struct buf *b, const struct html_node *n, const struct html_node *next)
{
	for (; next && n != next->parent; n = n->parent)
		if (tag_is(n->tag, TAG_IS_BLOCK))
			buf_addc(b, ' ');
}

static void
add_text(struct buf *b, const struct html_node *root)
{
	const struct html_node *n = root->first;

	while (n) {
		const char *alt = n->tag == TAG_IMG ? node_attr(n, "alt") : NULL;
		const struct html_node *next =
		    is_mute(n->tag) ? node_skip(n, root) : node_next(n, root);

		if (n->tag == TAG_TEXT)
			buf_add(b, n->text, n->len);
		else if (alt)
			buf_adds(b, alt);
		else if (n->tag == TAG_BR || tag_is(n->tag, TAG_IS_BLOCK))
			buf_addc(b, ' ');
		end_blocks(b, n, next);
		n = next;
	}
}

char *
html_one_line(struct arena *a, const char *html, size_t len)
{
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
	struct arena *scratch;
	struct html_tree tree;
	char *line;

	/* Most titles are text, and the parser is not cheap. */
	if (!memchr(html, '<', len) && !memchr(html, '&', len))
		return text_one_line(a, html, len);
	if (len > LIMIT_ENTRY_TEXT)
		len = LIMIT_ENTRY_TEXT;
	scratch = arena_new();
	tree = tree_parse(scratch, html, len, len, TREE_FRAGMENT);
	add_text(&b, tree.root);
	line = text_one_line(a, buf_text(&b), b.len);
	buf_clear(&b);
	arena_free(scratch);
	return line;
}
