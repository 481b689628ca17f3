/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_html.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/html_escape.h"
#include "format/url.h"
#include "html/tree.h"
#include "mail/newsletter_words.h"

enum {
	FOOTER_MOST = 600, /* bytes of a block that goes with the link in it */
	LINE_MOST = 300,
	LINKS_MOST = 2,   /* other links in it */
	NODES_MOST = 200, /* looked at in it, and beside a link */
	SHARE_MOST = 40,  /* of the whole letter, in per cent: else it is no footer */
	WORDS_SHOWN = 8192,
	LINK_TEXT = 160
};

struct pass {
	struct arena *a;
	const struct newsletter_private *p;
	struct newsletter_html *out;
	struct html_node *root;
};

/* ---- what is its subscriber's ---- */

static bool
is_block(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_BLOCK) || tag == TAG_TD || tag == TAG_TH ||
	    tag == TAG_LI;
}

static struct html_node *
block_of(const struct pass *s, const struct html_node *n)
{
	struct html_node *up = n->parent;

	while (up != s->root && !is_block(up->tag))
		up = up->parent;
	return up != s->root && up->tag != TAG_BODY && up->tag != TAG_HTML ? up : NULL;
}

static bool
is_private_link(const struct pass *s, const struct html_node *n)
{
	const char *href = n->tag == TAG_A ? node_attr(n, "href") : NULL;

	return href &&
	    (newsletter_private_url(s->p, href) ||
		newsletter_words_leave(node_text(s->a, n, LINK_TEXT)));
}

static size_t
count_other_links(const struct pass *s, const struct html_node *top)
{
	size_t count = 0;

	for (const struct html_node *n = node_next(top, top); n; n = node_next(n, top))
		count += n->tag == TAG_A && node_attr(n, "href") && !n->dropped &&
		    !is_private_link(s, n);
	return count;
}

/* Bytes of text inside; more than most when it has more, or more nodes than are looked at. */
static size_t
text_within(const struct html_node *top, size_t most)
{
	size_t len = top->tag == TAG_TEXT ? top->len : 0;
	size_t seen = 0;

	for (const struct html_node *n = node_next(top, top); n && len <= most;
	     n = node_next(n, top)) {
		if (++seen > NODES_MOST)
			return most + 1;
		len += n->tag == TAG_TEXT && !node_is_blank(n) ? n->len : 0;
	}
	return len;
}

static bool
is_small_part(const struct pass *s, size_t len, size_t most)
{
	return len <= most && len * 100 <= s->out->seen * SHARE_MOST;
}

/* A block of a few words, with this and hardly another link, is there for its sake. */
static void
drop_block(const struct pass *s, const struct html_node *n)
{
	struct html_node *block = block_of(s, n);

	if (block && is_small_part(s, text_within(block, FOOTER_MOST), FOOTER_MOST) &&
	    count_other_links(s, block) <= LINKS_MOST)
		block->dropped = true;
}

static bool
ends_line(const struct html_node *n)
{
	return !n || n->tag == TAG_BR || is_block(n->tag);
}

/* Where the line that n is in begins, or that many nodes before n. */
static struct html_node *
line_begin(const struct pass *s, struct html_node *n)
{
	size_t steps = 0;

	while (n->parent != s->root && !is_block(n->parent->tag))
		n = n->parent;
	while (!ends_line(n->prev) && steps++ < NODES_MOST)
		n = n->prev;
	return n;
}

/* The line between two breaks, when it is short and of a few nodes. */
static void
drop_line(const struct pass *s, struct html_node *n)
{
	struct html_node *from = line_begin(s, n);
	size_t len = 0;
	size_t nodes = 0;

	for (const struct html_node *at = from; !ends_line(at) && len <= LINE_MOST;
	     at = at->next) {
		len += text_within(at, LINE_MOST);
		nodes++;
	}
	if (nodes > NODES_MOST || !is_small_part(s, len, LINE_MOST))
		return;
	for (struct html_node *at = from; !ends_line(at); at = at->next)
		at->dropped = true;
}

static void
drop_around(const struct pass *s, struct html_node *n)
{
	drop_block(s, n);
	drop_line(s, n);
	n->dropped = true;
}

static void
look_at_link(struct pass *s, struct html_node *n)
{
	const char *href = node_attr(n, "href");

	if (!href)
		return;
	if (is_private_link(s, n)) {
		drop_around(s, n);
	} else if (newsletter_words_browser(node_text(s->a, n, LINK_TEXT))) {
		if (!s->out->browser && url_is_web(href))
			s->out->browser = href;
		drop_around(s, n);
	}
}

static void
look_at_text(struct pass *s, struct html_node *n)
{
	if (!newsletter_private_in(s->a, s->p, n->text, n->len))
		return;
	/* What is left behind when the block is no footer. */
	n->text = newsletter_private_blank(s->a, s->p, n->text, n->len);
	n->len = strlen(n->text);
	drop_block(s, n);
}

/* Not read by people, and not to be read by the rules. */
static bool
is_unseen(const struct html_node *n)
{
	return n->tag == TAG_STYLE || n->tag == TAG_SCRIPT || n->tag == TAG_HEAD ||
	    n->tag == TAG_TITLE || n->tag == TAG_TEMPLATE || n->tag == TAG_NOSCRIPT;
}

static void
measure(struct pass *s)
{
	const struct html_node *n = node_next(s->root, s->root);

	while (n) {
		s->out->seen += n->tag == TAG_TEXT && !node_is_blank(n) ? n->len : 0;
		n = is_unseen(n) ? node_skip(n, s->root) : node_next(n, s->root);
	}
}

static void
drop_private(struct pass *s)
{
	struct html_node *n = node_next(s->root, s->root);

	while (n) {
		const struct html_node *block = block_of(s, n);

		if (n->tag == TAG_A)
			look_at_link(s, n);
		else if (n->tag == TAG_TEXT)
			look_at_text(s, n);
		if (block && block->dropped)
			n = node_skip(block, s->root);
		else
			n = n->dropped || is_unseen(n) ? node_skip(n, s->root)
						       : node_next(n, s->root);
	}
}

/* ---- written again ---- */

static void
write_picture(struct buf *b, const struct html_node *n)
{
	const char *alt = node_attr(n, "alt");
	const char *width = node_attr(n, "width");

	/* A counter is nothing that words could stand for. */
	if (width && (strcmp(width, "1") == 0 || strcmp(width, "0") == 0))
		return;
	buf_adds(b, "[picture");
	if (text_is_set(alt)) {
		buf_adds(b, ": ");
		html_escape(b, alt, strlen(alt), HTML_KEEP_QUOTES);
	}
	buf_adds(b, "]");
}

static void
write_attributes(const struct pass *s, struct buf *b, const struct html_node *n)
{
	static const char *const kept[] = { "href", "src", "alt", "width", "height",
		"style", "class", "dir", "lang", "colspan", "rowspan", "align", "hidden",
		"aria-hidden", "start", "type", "datetime", "cite" };

	for (size_t i = 0; i < n->attr_count; i++) {
		const struct html_attr *x = &n->attrs[i];
		bool is_kept = false;

		for (size_t k = 0; k < ARRAY_LEN(kept); k++)
			is_kept |= strcmp(x->name, kept[k]) == 0;
		if (!is_kept ||
		    newsletter_private_in(s->a, s->p, x->value, strlen(x->value)))
			continue;
		buf_addf(b, " %s=\"", x->name);
		html_escape(b, x->value, strlen(x->value), HTML_ALL_QUOTES);
		buf_addc(b, '"');
	}
}

/* The tree is no deeper than LIMIT_HTML_DEPTH. */
static void
write_node(const struct pass *s, struct buf *b, const struct html_node *n)
{
	const char *src = n->tag == TAG_IMG ? node_attr(n, "src") : NULL;
	const bool is_plain = n->tag == TAG_BODY || n->tag == TAG_HTML ||
	    n->tag == TAG_UNKNOWN || n->foreign;

	if (n->dropped || is_unseen(n))
		return;
	if (n->tag == TAG_TEXT) {
		html_escape(b, n->text, n->len, HTML_KEEP_QUOTES);
		return;
	}
	if (src && ascii_starts_nocase(src, "cid:")) {
		write_picture(b, n);
		return;
	}
	if (!is_plain) {
		buf_addf(b, "<%s", tag_name(n->tag));
		write_attributes(s, b, n);
		buf_addc(b, '>');
	}
	for (const struct html_node *c = n->first; c; c = c->next)
		write_node(s, b, c);
	if (!is_plain && !tag_is(n->tag, TAG_IS_VOID))
		buf_addf(b, "</%s>", tag_name(n->tag));
}

/* ---- a digest of ours: templates/LANGUAGE/digest.html, source.html, entry.html ---- */

struct taking {
	const struct pass *s;
	struct newsletter_posts posts;
	struct newsletter_post *post; /* being read, or NULL */
	const char *source;           /* its name */
	const char *aside; /* the link beside it: of a post without a title, or "" */
	int level;         /* of headings of sources; 0: none was seen */
	struct buf body;   /* of the post */
};

static int
heading_level(const struct html_node *n)
{
	return n->tag >= TAG_H1 && n->tag <= TAG_H6 ? (int)(n->tag - TAG_H1) + 1 : 0;
}

static const struct html_node *
first_element(const struct html_node *n)
{
	const struct html_node *c = n->first;

	while (c && c->tag == TAG_TEXT && node_is_blank(c))
		c = c->next;
	return c && c->tag != TAG_TEXT ? c : NULL;
}

/* Its blog's picture or letter stands in front of the name. */
static bool
is_source(const struct html_node *n)
{
	static const char *const mark[] = { "c" };
	const struct html_node *c = heading_level(n) > 0 ? first_element(n) : NULL;

	return c && (c->tag == TAG_SPAN || c->tag == TAG_IMG) &&
	    node_has_word(c, "class", mark, 1);
}

/* The text of n without what is small in it, and without a source's mark. */
static const char *
name_in(struct arena *a, const struct html_node *n)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);

	for (const struct html_node *c = n->first; c; c = c->next) {
		if (c->tag == TAG_SMALL ||
		    (c->tag == TAG_SPAN && is_source(n) && c->prev == NULL))
			continue;
		if (c->tag == TAG_TEXT)
			buf_add(&b, c->text, c->len);
		else
			buf_adds(&b, node_text(a, c, LIMIT_FIELD));
	}
	return text_visible_line(a, arena_take(a, &b));
}

static const char *
link_in(const struct html_node *top)
{
	for (const struct html_node *n = node_next(top, top); n; n = node_next(n, top)) {
		const char *href = n->tag == TAG_A ? node_attr(n, "href") : NULL;

		if (href && !n->dropped && url_is_web(href))
			return href;
	}
	return "";
}

static const char *
link_aside(const struct html_node *heading)
{
	for (const struct html_node *c = heading->first; c; c = c->next)
		if (c->tag == TAG_SMALL)
			return link_in(c);
	return "";
}

static void
end_post(struct taking *t)
{
	if (t->post)
		t->post->text = arena_take(t->s->a, &t->body);
	t->post = NULL;
}

static void
begin_post(struct taking *t, const char *title, const char *link)
{
	end_post(t);
	t->post = newsletter_posts_add(t->s->a, &t->posts);
	if (!t->post)
		return;
	t->post->title = title;
	t->post->author = t->source;
	t->post->link = link;
	t->post->is_html = true;
	t->aside = "";
	buf_init(&t->body, LIMIT_NEWSLETTER_TEXT);
}

static void take_part(struct taking *t, const struct html_node *n);

/* Of another language than the digest: heading and text stand in a block of their own. */
static bool
take_inside(struct taking *t, const struct html_node *n)
{
	const struct html_node *c = n->tag == TAG_DIV ? first_element(n) : NULL;

	if (!c || heading_level(c) != t->level + 1)
		return false;
	for (c = n->first; c; c = c->next)
		take_part(t, c);
	return true;
}

static void
take_part(struct taking *t, const struct html_node *n)
{
	static const char *const untitled[] = { "s" };
	const int level = heading_level(n);

	if (n->dropped || (n->tag == TAG_TEXT && !t->post))
		return;
	if (is_source(n)) {
		end_post(t);
		t->level = level;
		t->source = name_in(t->s->a, n);
		t->aside = link_aside(n);
	} else if (t->level == 0) {
		return;
	} else if (level > 0 && level <= t->level) {
		/* Another day, or the list of what is not shown. */
		end_post(t);
		t->source = t->aside = "";
	} else if (level == t->level + 1) {
		begin_post(t, name_in(t->s->a, n), link_in(n));
	} else if (n->tag == TAG_P && node_has_word(n, "class", untitled, 1) &&
	    *t->source) {
		begin_post(t, "", link_in(n));
	} else if (!take_inside(t, n)) {
		if (!t->post && *t->aside && n->tag != TAG_TEXT)
			begin_post(t, "", t->aside);
		t->aside = "";
		if (t->post)
			write_node(t->s, &t->body, n);
	}
}

static bool
is_cell(const struct html_node *n, const char *class_name)
{
	const char *const words[] = { class_name };

	return n->tag == TAG_TD && node_has_word(n, "class", words, 1);
}

static const struct html_node *
find_cell(const struct pass *s, const char *class_name)
{
	const struct html_node *n = node_next(s->root, s->root);

	while (n && !is_cell(n, class_name))
		n = node_next(n, s->root);
	return n;
}

/* Titles alone: the contents are all there is. */
static void
take_contents(struct taking *t, const struct html_node *cell)
{
	for (const struct html_node *n = node_next(cell, cell); n;
	     n = node_next(n, cell)) {
		const char *href = n->tag == TAG_A ? node_attr(n, "href") : NULL;

		if (href && url_is_web(href) && !n->dropped) {
			begin_post(t,
			    text_visible_line(t->s->a,
				node_text(t->s->a, n, LIMIT_FIELD)),
			    href);
			end_post(t);
		}
	}
}

static void
take_posts(const struct pass *s)
{
	struct taking t = { .s = s, .source = "", .aside = "" };
	const struct html_node *body = find_cell(s, "b");
	const struct html_node *contents = find_cell(s, "n");

	for (const struct html_node *n = body ? body->first : NULL; n; n = n->next)
		take_part(&t, n);
	end_post(&t);
	if (t.posts.count == 0 && !body && contents && find_cell(s, "f") &&
	    find_cell(s, "h"))
		take_contents(&t, contents);
	s->out->posts = t.posts;
}

void
newsletter_html_read(struct arena *a, const char *html,
    const struct newsletter_private *p, struct newsletter_html *out)
{
	struct pass s = { .a = a, .p = p, .out = out };
	struct buf b = BUF_INIT(2 * (size_t)LIMIT_NEWSLETTER_TEXT);
	struct html_tree tree;

	memset(out, 0, sizeof(*out));
	tree = tree_parse(a, html, strlen(html), strlen(html), TREE_PAGE);
	s.root = tree.root;
	measure(&s);
	drop_private(&s);
	out->words = node_text(a, s.root, WORDS_SHOWN);
	take_posts(&s);
	for (const struct html_node *c = s.root->first; c; c = c->next)
		write_node(&s, &b, c);
	/* Half a tag at the end is nothing to a reader. */
	out->html = arena_take(a, &b);
}
