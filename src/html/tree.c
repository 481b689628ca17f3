/* SPDX-License-Identifier: ISC */
/*
 * The only file with the HTML5 parser (gumbo).  Each attempt's memory is an arena of its own,
 * freed as soon as the tree is copied, and the allocator is where it is held back: gumbo walks
 * all open elements at every tag and compares each attribute with all before it in its tag, so
 * that 4 MB of "<b>" would take hours.  It has no limits of its own and no way to stop but a
 * jump out of the allocator; nothing is lost by that, since everything it holds lies in an
 * arena.
 */
#include "html/tree.h"

#include <gumbo.h>

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/orderly.h"
#include "html/tree_memory.h"

enum {
	OPEN_MAX =
	    3 * LIMIT_HTML_DEPTH, /* elements open at once; deep ones are flattened */
	ATTRIBUTES_MAX = 256,     /* in one tag */
	MEMORY_PER_BYTE = 24,     /* real pages stay under 16 */
	MEMORY_LEAST = 8 * 1024 * 1024,
	CUTS_MAX = 3, /* attempts to find how much can be taken */
	/* What gumbo 0.10 gives its two stacks at first, by which they are recognised. */
	OPEN_ELEMENTS_FIRST = 10 * sizeof(void *),
	FORMATTING_FIRST = 5 * sizeof(void *)
};

/* One of gumbo's growing vectors: a new block is allocated, then the old one released. */
struct watched_vector {
	size_t first_size;
	const void *block;
	size_t size;
};

struct parse_memory {
	struct tree_memory memory;
	size_t most;       /* bytes it may take */
	size_t attributes; /* since the last node */
	const void *newest;
	size_t newest_size;
	struct watched_vector open;
	struct watched_vector formatting;
	const char *volatile why;
	jmp_buf stop;
};

static void *
alloc_watched(void *arg, size_t size)
{
	struct parse_memory *m = arg;

	if (size == sizeof(GumboAttribute)) {
		if (++m->attributes > ATTRIBUTES_MAX)
			m->why = "a tag with too many attributes";
	} else if (size == sizeof(GumboNode)) {
		m->attributes = 0;
	}
	if (size > m->most || m->memory.used > m->most)
		m->why = "too much markup";
	if (m->why)
		longjmp(m->stop, 1);
	m->newest = tree_memory_alloc(&m->memory, size);
	m->newest_size = size;
	if (!m->open.block && size == m->open.first_size) {
		m->open.block = m->newest;
	} else if (!m->formatting.block && size == m->formatting.first_size) {
		m->formatting.block = m->newest;
	}
	return (void *)(uintptr_t)m->newest;
}

/* A stack of gumbo's has grown when its old block is given back. */
static void
release_watched(void *arg, void *block)
{
	struct parse_memory *m = arg;
	struct watched_vector *v = block == m->open.block ? &m->open
	    : block == m->formatting.block                ? &m->formatting
							  : NULL;

	tree_memory_release(&m->memory, block);
	if (!v || !block)
		return;
	v->block = m->newest;
	v->size = m->newest_size;
	/* Checked at the next allocation: here gumbo does not expect to be left. */
	if (v->size > 2 * OPEN_MAX * sizeof(void *))
		m->why = "elements nested too deep";
}

/* The parser's output, or NULL when a limit stopped it. */
static const GumboOutput *
parse_within(struct parse_memory *m, const char *html, size_t len, enum tree_mode mode)
{
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = alloc_watched;
	options.deallocator = release_watched;
	options.userdata = m;
	options.max_errors = 0;
	if (mode == TREE_FRAGMENT)
		options.fragment_context = GUMBO_TAG_DIV;
	if (setjmp(m->stop) != 0)
		return NULL;
	return gumbo_parse_with_options(&options, html, len);
}

/* What the parser made, and the arena that all of it lies in. */
struct parsed {
	const GumboOutput *out; /* NULL when a limit stopped the parser */
	struct arena *memory;
};

/* The caller frees the memory; it is NULL when a limit stopped the parser, named in *why. */
static struct parsed
try_parse(const char *html, size_t len, enum tree_mode mode, size_t most,
    const char **why)
{
	struct parse_memory m = {
		.most = most,
		.open = { .first_size = OPEN_ELEMENTS_FIRST },
		.formatting = { .first_size = FORMATTING_FIRST },
	};
	struct parsed made = { .memory = arena_new() };

	tree_memory_init(&m.memory, made.memory);
	made.out = parse_within(&m, html, len, mode);
	if (made.out)
		return made;
	*why = m.why;
	arena_free(made.memory);
	return (struct parsed){ NULL, NULL };
}

static size_t
parser_memory(size_t weight)
{
	return MEMORY_LEAST + weight * MEMORY_PER_BYTE;
}

/*
 * The longest beginning of html that stays within the limits, found by halving.  No two
 * attempts are held at once: the best one is made again when it was not the last.
 */
static struct parsed
parse_beginning(const char *html, size_t len, size_t weight, enum tree_mode mode,
    const char **why)
{
	const size_t most = parser_memory(weight);
	struct parsed made = try_parse(html, len, mode, most, why);
	size_t good = 0;
	size_t bad = len;

	for (size_t i = 0; *why && i < CUTS_MAX; i++) {
		size_t middle = good + (bad - good) / 2;

		arena_free(made.memory);
		made = try_parse(html, middle, mode, most, why);
		if (made.out)
			good = middle;
		else
			bad = middle;
	}
	/* Nothing at all is always within the limits. */
	return made.out ? made : try_parse(html, good, mode, most, why);
}

/* ---- gumbo's tree becomes ours ---- */

#define TRANSLATE(id, name) [GUMBO_TAG_##id] = TAG_##id,
static const unsigned char our_tag[GUMBO_TAG_LAST] = { HTML_TAGS(TRANSLATE) };
#undef TRANSLATE

static struct html_node *
add_node(struct arena *a, struct html_node *parent, enum html_tag tag)
{
	struct html_node *n = arena_alloc(a, sizeof(*n));

	n->tag = tag;
	n->parent = parent;
	n->prev = parent->last;
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

/*
 * A copy of what the parser decoded, as clean UTF-8: it lets numeric references overflow, so
 * that "&#xdddddddd;" becomes a byte that is no character.
 */
static const char *
clean_utf8(struct arena *a, const char *text, size_t *len)
{
	struct buf b = BUF_INIT(4 * (size_t)LIMIT_ENTRY_TEXT);

	*len = strlen(text);
	if (text_is_utf8(text, *len))
		return arena_strndup(a, text, *len);
	text_add_clean(&b, text, *len);
	*len = b.len;
	return arena_take(a, &b);
}

static void
copy_attributes(struct arena *a, struct html_node *n, const GumboVector *from)
{
	struct html_attr *attrs;

	if (from->length == 0)
		return;
	attrs = arena_array(a, from->length, sizeof(*attrs));
	for (unsigned i = 0; i < from->length; i++) {
		const GumboAttribute *g = from->data[i];
		size_t len;

		attrs[i].name = arena_strdup(a, g->name);
		attrs[i].value = clean_utf8(a, g->value, &len);
	}
	n->attrs = attrs;
	n->attr_count = from->length;
}

/* The name of an element that the parser has no number for, in lower case. */
static void
copy_name(struct arena *a, struct html_node *n, const GumboElement *e)
{
	GumboStringPiece piece = e->original_tag;
	char *name;

	n->text = "";
	if (!piece.data || piece.data[0] != '<')
		return;
	gumbo_tag_from_original_text(&piece);
	name = arena_strndup(a, piece.data, piece.length);
	for (size_t i = 0; i < piece.length; i++)
		name[i] = (char)ascii_lower((unsigned char)name[i]);
	n->text = name;
	n->len = piece.length;
}

static struct html_node *
copy_element(struct arena *a, struct html_node *parent, const GumboElement *e)
{
	struct html_node *n = add_node(a, parent, (enum html_tag)our_tag[e->tag]);

	n->foreign = e->tag_namespace != GUMBO_NAMESPACE_HTML;
	copy_attributes(a, n, &e->attributes);
	if (n->tag == TAG_UNKNOWN)
		copy_name(a, n, e);
	return n;
}

static void
copy_text(struct arena *a, struct html_node *parent, const char *text)
{
	struct html_node *n = add_node(a, parent, TAG_TEXT);

	n->text = clean_utf8(a, text, &n->len);
}

/*
 * Copies the children of `from`, an element.  Gumbo's tree is hardly deeper than its stack of
 * open elements, but its repairs can graft branches on branches, so the recursion has its own end.
 */
static void
copy_children(struct arena *a, struct html_node *to, const GumboNode *from, size_t depth)
{
	const GumboVector *children = &from->v.element.children;

	if (depth > 4 * OPEN_MAX)
		return;
	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *child = children->data[i];
		struct html_node *inner = to;

		switch (child->type) {
		case GUMBO_NODE_ELEMENT:
		case GUMBO_NODE_TEMPLATE:
			if (depth < LIMIT_HTML_DEPTH)
				inner = copy_element(a, to, &child->v.element);
			copy_children(a, inner, child, depth + 1);
			break;
		case GUMBO_NODE_TEXT:
		case GUMBO_NODE_CDATA:
		case GUMBO_NODE_WHITESPACE:
			copy_text(a, to, child->v.text.text);
			break;
		case GUMBO_NODE_COMMENT:
		case GUMBO_NODE_DOCUMENT:
			break;
		}
	}
}

struct html_tree
tree_parse(struct arena *a, const char *html, size_t len, size_t weight,
    enum tree_mode mode)
{
	struct html_tree tree = { .root = arena_alloc(a, sizeof(*tree.root)) };
	struct parsed made = { NULL, NULL };

	tree.root->tag = TAG_DIV;
	if (mode == TREE_FRAGMENT &&
	    orderly_read(a, html, len, parser_memory(weight), tree.root))
		return tree;
	made = parse_beginning(html, len, weight, mode, &tree.cut);
	copy_children(a, tree.root, made.out->root, 0);
	arena_free(made.memory);
	return tree;
}

/* ---- walking ---- */

const char *
node_attr(const struct html_node *n, const char *name)
{
	for (unsigned i = 0; i < n->attr_count; i++)
		if (strcmp(n->attrs[i].name, name) == 0)
			return n->attrs[i].value;
	return NULL;
}

bool
node_has_word(const struct html_node *n, const char *attr, const char *const *words,
    size_t count)
{
	const char *at = node_attr(n, attr);

	while (at && *at) {
		size_t len;

		at += strspn(at, HTML_BLANKS);
		len = strcspn(at, HTML_BLANKS);
		for (size_t i = 0; i < count; i++)
			if (strlen(words[i]) == len && memcmp(at, words[i], len) == 0)
				return true;
		at += len;
	}
	return false;
}

bool
node_is_blank(const struct html_node *n)
{
	return n->tag == TAG_TEXT && strspn(n->text, HTML_BLANKS) == n->len;
}

struct html_node *
node_skip(const struct html_node *n, const struct html_node *top)
{
	while (n != top) {
		if (n->next)
			return n->next;
		n = n->parent;
	}
	return NULL;
}

struct html_node *
node_next(const struct html_node *n, const struct html_node *top)
{
	return n->first ? n->first : node_skip(n, top);
}

char *
node_text(struct arena *a, const struct html_node *n, size_t max)
{
	struct buf b = BUF_INIT(max);
	char *text;

	for (const struct html_node *at = n; at && b.len < max; at = node_next(at, n)) {
		if (at->tag == TAG_TEXT) {
			size_t room = max - b.len;

			buf_add(&b, at->text, at->len < room ? at->len : room);
		} else if (tag_is(at->tag, TAG_IS_BLOCK)) {
			buf_addc(&b, ' ');
		}
	}
	text = text_one_line(a, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}
