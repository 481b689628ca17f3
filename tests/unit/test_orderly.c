/* SPDX-License-Identifier: ISC */
/*
 * HTML in good order is read without the parser, and gives the parser's tree.  The trees here
 * are written by hand as one line: elements with their attributes and children in parentheses,
 * text in quotes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/orderly.h"

enum { ROOM = 8 * 1024 * 1024 };

static const struct {
	const char *name;
	const char *html;
	const char *tree; /* NULL: it is left to the parser */
} cases[] = {
	{ "text", "one two", "'one two'" },
	{ "paragraphs", "<p>a</p>\n<p>b</p>", "p('a') '\n' p('b')" },
	{ "a paragraph that the next one ends", "<p>a<p>b", "p('a') p('b')" },
	{ "a block ends the paragraph", "<p>a<ul><li>b</ul>", "p('a') ul(li('b'))" },
	{ "items without end tags", "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>",
	    "ul(li('a') li('b' ul(li('c'))) li('d'))" },
	{ "names in capitals", "<P CLASS=\"X\">a</P>", "p[class=X]('a')" },
	{ "quotes and none", "<img src='a' width=20 alt>",
	    "img[src=a][width=20][alt=]()" },
	{ "the first of two attributes", "<p id=\"a\" id=\"b\">x</p>", "p[id=a]('x')" },
	{ "the second without a value", "<p id=\"a\" id class=\"b\">x</p>", NULL },
	{ "references", "a &amp; b&nbsp;&eacute;&#8217;&#x2019; AT&T",
	    "'a & b\xC2\xA0\xC3\xA9\xE2\x80\x99\xE2\x80\x99 AT&T'" },
	{ "a query in an attribute", "<a href=\"?a=1&b=2&copy=3&amp;d\">x</a>",
	    "a[href=?a=1&b=2&copy=3&d]('x')" },
	{ "a reference without its end in an attribute", "<a href=\"&copy/\">x</a>",
	    NULL },
	{ "a reference without its end", "a &copyb", NULL },
	{ "a number that stands for another", "&#150;", NULL },
	{ "a line's end as a number", "<pre>&#10;a</pre>", NULL },
	{ "the line's end behind pre", "<pre>\n\na</pre>", "pre('\na')" },
	{ "comments", "a<!-- b --><!---->c", "'a' 'c'" },
	{ "a comment that ends early", "<!-->a-->", NULL },
	{ "a comment with dashes", "<!-- a -- b -->", NULL },
	{ "CDATA", "<![CDATA[a]]>", NULL },
	{ "elements out of order", "<b><i>a</b></i>", NULL },
	{ "a paragraph in a link", "<p><a href=\"x\">a<p>b</a>", NULL },
	{ "a link in a link", "<a href=\"x\">a<a href=\"y\">b</a></a>", NULL },
	{ "an end tag of nothing", "a</p>", NULL },
	{ "the end of a division that none is", "a</div>", NULL },
	{ "a heading in a heading", "<h1>a<h2>b</h2></h1>", NULL },
	{ "unclosed at the end", "<div><b>a", "div(b('a'))" },
	{ "a tag cut off", "<p>a</p><a href=\"x", NULL },
	{ "a sign that is no tag", "1 < 2", NULL },
	{ "an end of no element", "<q>a<:q>", NULL },
	{ "an element of no content", "<br/>a<hr>b<img></img>",
	    "br() 'a' hr() 'b' img()" },
	{ "a line's end tag", "a</br>", NULL },
	{ "an element closed in its own tag", "<p>a<span/>b</p>", NULL },
	{ "a table", "<table><tr><td>a<td>b</table>", NULL },
	{ "a table whose cells end", "<table> <tr><td>a</td><th>b</th></tr></table>",
	    "table(' ' tbody(tr(td('a') th('b'))))" },
	{ "text between cells", "<table><tr>x<td>a</td></tr></table>", NULL },
	{ "a paragraph of a cell is not around it",
	    "<table><tr><td><p>a</p></td></tr></table>", "table(tbody(tr(td(p('a')))))" },
	{ "a frame", "<iframe src=\"x\"></iframe>", "iframe[src=x]()" },
	{ "a script", "<script>if (a < b) c();</script>d",
	    "script('if (a < b) c();') 'd'" },
	{ "a script that hides its end", "<script><!-- </script> --></script>", NULL },
	{ "style in capitals", "<style>p{}</STYLE>", NULL },
	{ "SVG", "<svg><p></p></svg>", NULL },
	{ "an element that HTML does not know", "<o:p>a</o:p>", "o:p('a')" },
	{ "a form whose text the parser moves", "<form>a</form>", NULL },
	{ "what has a meaning elsewhere", "<select><option>a</select>", NULL },
	{ "three alike in each other", "<b><b><b>a</b></b></b>", NULL },
	{ "a control character", "a\rb", NULL },
	{ "an old control character", "a\xC2\x85", NULL },
	{ "a number that is no character", "a\xEF\xB7\x9A", NULL },
	{ "the last number of a plane", "a\xF0\x9F\xBF\xBF", NULL },
	{ "a smiling face", "\xF0\x9F\x98\x80", "'\xF0\x9F\x98\x80'" },
	{ "bytes that are no UTF-8", "a\xFF", NULL },
};

static void
write_nodes(struct buf *b, const struct html_node *n)
{
	for (const struct html_node *first = n; n; n = n->next) {
		if (n != first)
			buf_addc(b, ' ');
		if (n->tag == TAG_TEXT) {
			buf_addf(b, "'%s'", n->text);
			continue;
		}
		buf_adds(b, n->tag == TAG_UNKNOWN ? n->text : tag_name(n->tag));
		for (unsigned i = 0; i < n->attr_count; i++)
			buf_addf(b, "[%s=%s]", n->attrs[i].name, n->attrs[i].value);
		buf_addc(b, '(');
		write_nodes(b, n->first);
		buf_addc(b, ')');
	}
}

static const char *
line_of(struct arena *a, const struct html_node *root)
{
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
	const char *line = NULL;

	write_nodes(&b, root->first);
	line = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return line;
}

/* What is in good order, as it is told here; "" for an empty root. */
static const char *
read_orderly(struct arena *a, const char *html, size_t len, size_t room)
{
	struct html_node *root = arena_alloc(a, sizeof(*root));

	root->tag = TAG_DIV;
	if (orderly_read(a, html, len, room, root))
		return line_of(a, root);
	assert_null(root->first);
	return NULL;
}

static void
expect_line(const char *name, const char *got, const char *want)
{
	if ((got || want) && (!got || !want || strcmp(got, want) != 0))
		fail_msg("%s: got %s, want %s", name, got ? got : "nothing",
		    want ? want : "nothing");
}

static void
test_good_order(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_line(cases[i].name,
		    read_orderly(a, cases[i].html, strlen(cases[i].html), ROOM),
		    cases[i].tree);
	arena_free(a);
}

/* The empty declaration at the end is a comment for the parser, and for nobody else. */
static void
test_the_parser_makes_the_same_tree(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *html = arena_printf(a, "%s<!>", cases[i].html);
		const size_t len = strlen(html);

		if (!cases[i].tree)
			continue;
		assert_null(read_orderly(a, html, len, ROOM));
		expect_line(cases[i].name,
		    line_of(a, tree_parse(a, html, len, len, TREE_FRAGMENT).root),
		    cases[i].tree);
	}
	arena_free(a);
}

static void
test_depth_and_markup_have_ceilings(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);

	(void)state;
	for (size_t i = 0; i < LIMIT_HTML_DEPTH; i++)
		buf_adds(&b, "<div>");
	assert_non_null(read_orderly(a, buf_text(&b), b.len, ROOM));
	buf_adds(&b, "<br>");
	assert_null(read_orderly(a, buf_text(&b), b.len, ROOM));
	buf_reset(&b);
	for (size_t i = 0; i < 1000; i++)
		buf_adds(&b, "<br>");
	assert_non_null(read_orderly(a, buf_text(&b), b.len, ROOM));
	assert_null(read_orderly(a, buf_text(&b), b.len, 100000));
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_order),
		cmocka_unit_test(test_the_parser_makes_the_same_tree),
		cmocka_unit_test(test_depth_and_markup_have_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
