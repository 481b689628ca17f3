/* SPDX-License-Identifier: ISC */
/* What the parser may take, what is left of a page that takes more, and how its tree is walked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/tree.h"

/* A declaration in front, so that the parser reads it, and the same markup so many times. */
static struct html_tree
parse_many(struct arena *a, const char *markup, size_t count, size_t weight)
{
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	struct html_tree tree;

	buf_adds(&b, "<!>");
	for (size_t i = 0; i < count; i++)
		buf_adds(&b, markup);
	tree = tree_parse(a, buf_text(&b), b.len, weight, TREE_FRAGMENT);
	buf_clear(&b);
	return tree;
}

static struct html_tree
parse(struct arena *a, const char *html)
{
	const char *whole = arena_printf(a, "%s<!>", html);

	return tree_parse(a, whole, strlen(whole), strlen(whole), TREE_FRAGMENT);
}

static size_t
children_of(const struct html_node *n)
{
	size_t count = 0;

	for (const struct html_node *child = n->first; child; child = child->next)
		count++;
	return count;
}

static void
expect_cut(const struct html_tree *tree, const char *want)
{
	if (want)
		assert_string_equal(tree->cut, want);
	else
		assert_null(tree->cut);
}

/* 24 bytes for each of the page above eight megabytes.  A beginning is found in eighths. */
static void
markup_has_a_ceiling(void **state)
{
	static const struct {
		size_t count, weight;
		const char *cut;
		size_t left;
	} rows[] = {
		{ 44000, 0, "too much markup", 44000 * 7 / 8 - 1 },
		{ 44000, 100000, NULL, 44000 },
		/* Five eighths of these are too many, and half of an eighth is not looked for. */
		{ 72000, 0, "too much markup", 72000 / 2 - 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		const struct html_tree tree =
		    parse_many(a, "<br>", rows[i].count, rows[i].weight);

		expect_cut(&tree, rows[i].cut);
		assert_int_equal(children_of(tree.root), rows[i].left);
		arena_free(a);
	}
}

static void
a_tag_has_some_attributes(void **state)
{
	static const struct {
		size_t attributes, tags;
		const char *cut;
	} rows[] = {
		{ 256, 1, NULL },
		{ 200, 3, NULL },
		{ 300, 1, "a tag with too many attributes" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
		struct html_tree tree;

		buf_adds(&b, "<br");
		for (size_t k = 0; k < rows[i].attributes; k++)
			buf_addf(&b, " a%zu=%zu", k, k);
		buf_adds(&b, ">");
		tree = parse_many(a, buf_text(&b), rows[i].tags, 0);
		expect_cut(&tree, rows[i].cut);
		if (!rows[i].cut) {
			assert_int_equal(children_of(tree.root), rows[i].tags);
			assert_int_equal(tree.root->last->attr_count, rows[i].attributes);
			assert_string_equal(node_attr(tree.root->last, "a199"), "199");
		}
		buf_clear(&b);
	}
	arena_free(a);
}

static size_t
depth_of(const struct html_node *n)
{
	size_t depth = 0;

	for (; n->parent; n = n->parent)
		depth++;
	return depth;
}

/* What lies deeper is flattened: its text stays, in the deepest element there is. */
static void
elements_are_nested_to_a_limit(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t depth = LIMIT_HTML_DEPTH - 1; depth <= LIMIT_HTML_DEPTH + 2;
	     depth++) {
		const struct html_tree tree = parse_many(a, "<div>x", depth, 0);
		const struct html_node *n = tree.root;

		assert_null(tree.cut);
		while (n->last)
			n = n->last;
		assert_int_equal(n->tag, TAG_TEXT);
		assert_string_equal(n->text, "x");
		assert_int_equal(depth_of(n) - 1,
		    depth < LIMIT_HTML_DEPTH ? depth : LIMIT_HTML_DEPTH);
	}
	assert_null(parse_many(a, "<div>", 600, 0).cut);
	assert_string_equal(parse_many(a, "<div>", 700, 0).cut,
	    "elements nested too deep");
	arena_free(a);
}

static void
names_and_references_are_as_html_has_them(void **state)
{
	struct arena *a = arena_new();
	const struct html_tree tree =
	    parse(a, "<FOO-Bar A=1 b='&lt;'>x</FOO-Bar><svg><A/></svg>&#xdddddddd;");
	const struct html_node *foo = tree.root->first;

	(void)state;
	assert_int_equal(foo->tag, TAG_UNKNOWN);
	assert_string_equal(foo->text, "foo-bar");
	assert_int_equal(foo->len, 7);
	assert_int_equal(foo->attr_count, 2);
	assert_string_equal(node_attr(foo, "a"), "1");
	assert_string_equal(node_attr(foo, "b"), "<");
	assert_null(node_attr(foo, "A"));
	assert_false(foo->foreign);
	assert_true(foo->next->foreign);
	assert_true(foo->next->first->foreign);
	assert_ptr_equal(foo->next->prev, foo);
	assert_null(foo->prev);
	/* A number that is no character. */
	assert_string_equal(foo->next->next->text, "\uFFFD");
	arena_free(a);
}

static void
attributes_have_words(void **state)
{
	static const char *const wanted[] = { "one", "two" };
	static const struct {
		const char *html;
		bool want;
	} rows[] = {
		{ "<p class='one'>", true },
		{ "<p class='two'>", true },
		{ "<p class=' x\tone '>", true },
		{ "<p class='x two'>", true },
		{ "<p class='three'>", false },
		{ "<p class='on'>", false },
		{ "<p class='ones'>", false },
		{ "<p class='One'>", false },
		{ "<p class=''>", false },
		{ "<p class=' '>", false },
		{ "<p>", false },
		{ "<p id='one'>", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (node_has_word(parse(a, rows[i].html).root->first, "class", wanted,
			ARRAY_LEN(wanted)) != rows[i].want)
			fail_msg("%s: not %d", rows[i].html, rows[i].want);
	arena_free(a);
}

static void
text_is_taken_up_to_a_limit(void **state)
{
	static const struct {
		size_t max;
		const char *want;
	} rows[] = { { 0, "" }, { 1, "a" }, { 3, "abc" }, { 4, "abc" }, { 5, "abc d" },
		{ 7, "abc def" }, { 100, "abc def g" } };
	struct arena *a = arena_new();
	const struct html_node *span =
	    parse(a, "<span>abc<p>def</p> \n g</span>h").root->first;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(node_text(a, span, rows[i].max), rows[i].want);
	arena_free(a);
}

static void
nodes_are_walked_in_order(void **state)
{
	static const char *const blanks[] = { " ", "\t\r\n\f", " x", "x ", "\u00A0" };
	struct arena *a = arena_new();
	const struct html_node *root = parse(a, "<p>a<b>c</b></p><i>d</i>").root;
	const struct html_node *p = root->first;
	const struct html_node *b = p->last;

	(void)state;
	assert_ptr_equal(node_next(root, root), p);
	assert_ptr_equal(node_next(p->first, root), b);
	assert_ptr_equal(node_next(b->first, root), root->last);
	assert_ptr_equal(node_skip(p, root), root->last);
	assert_null(node_next(b->first, p));
	assert_null(node_skip(p, p));
	assert_null(node_next(root->last->first, root));
	for (size_t i = 0; i < ARRAY_LEN(blanks); i++) {
		const struct html_node text = { .tag = TAG_TEXT,
			.text = blanks[i],
			.len = strlen(blanks[i]) };

		assert_int_equal(node_is_blank(&text), i < 2);
	}
	assert_false(node_is_blank(p));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_has_a_ceiling),
		cmocka_unit_test(a_tag_has_some_attributes),
		cmocka_unit_test(elements_are_nested_to_a_limit),
		cmocka_unit_test(names_and_references_are_as_html_has_them),
		cmocka_unit_test(attributes_have_words),
		cmocka_unit_test(text_is_taken_up_to_a_limit),
		cmocka_unit_test(nodes_are_walked_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
