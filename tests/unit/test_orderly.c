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
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/orderly.h"
#include "unit/guarded.h"

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
	{ "a letter without quotes", "<p id=a>x</p>", "p[id=a]('x')" },
	{ "a digit in a name", "<h1 data-9=x_y:z-9>x</h1>", "h1[data-9=x_y:z-9]('x')" },
	{ "no value behind the sign", "<p id= class=a>x</p>", NULL },
	{ "a value with another sign", "<p id=a.b>x</p>", NULL },
	{ "a quote that does not end", "<p id='a>x</p>", NULL },
	{ "a slash in a tag", "<br /><img / alt>", NULL },
	{ "a tag that only begins", "<p>a</p><", NULL },
	{ "an end tag that only begins", "<p>a</", NULL },
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
	{ "an X in capitals", "&#X2019;&#x2B;", "'\xE2\x80\x99+'" },
	{ "a letter among digits", "&#3a;", NULL },
	{ "a number of seven digits", "&#0000043;&#x000002b;", "'++'" },
	{ "a number of eight digits", "&#00000043;", NULL },
	{ "a number of eight digits to the base of 16", "&#x0000002b;", NULL },
	{ "a number beyond all, as 32 bits hold it", "&#4294967361;", NULL },
	{ "a number that only begins", "a &#", NULL },
	{ "a number to the base of 16 that only begins", "a &#x", NULL },
	{ "a number without its end", "a &#12", NULL },
	{ "a number of no digits", "a &#;", NULL },
	{ "a sign alone", "a &", "'a &'" },
	{ "a sign and a semicolon", "a &; b", "'a &; b'" },
	{ "a sign and a word that ends in a semicolon", "a & b;", "'a & b;'" },
	{ "a name of one letter", "a &b;", NULL },
	{ "a name that ends with the text", "a &b", "'a &b'" },
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
	/* What the parser replaces, and what stands beside it. */
	{ "delete", "a\x7F", NULL },
	{ "a tilde", "a~", "'a~'" },
	{ "the last old control character", "a\xC2\x9F", NULL },
	{ "the first behind them", "a\xC2\xA0", "'a\xC2\xA0'" },
	{ "U+FDCF", "a\xEF\xB7\x8F", "'a\xEF\xB7\x8F'" },
	{ "U+FDD0", "a\xEF\xB7\x90", NULL },
	{ "U+FDEF", "a\xEF\xB7\xAF", NULL },
	{ "U+FDF0", "a\xEF\xB7\xB0", "'a\xEF\xB7\xB0'" },
	{ "U+FE1A", "a\xEF\xB8\x9A", "'a\xEF\xB8\x9A'" },
	{ "U+FF3E", "a\xEF\xBC\xBE", "'a\xEF\xBC\xBE'" },
	{ "U+FFFD", "a\xEF\xBF\xBD", "'a\xEF\xBF\xBD'" },
	{ "U+FFFE", "a\xEF\xBF\xBE", NULL },
	{ "U+EFFF", "a\xEE\xBF\xBF", "'a\xEE\xBF\xBF'" },
	{ "U+1F63F", "a\xF0\x9F\x98\xBF", "'a\xF0\x9F\x98\xBF'" },
	{ "U+1FFFD", "a\xF0\x9F\xBF\xBD", "'a\xF0\x9F\xBF\xBD'" },
	{ "U+1FFFE", "a\xF0\x9F\xBF\xBE", NULL },
	{ "U+10FFFF in an attribute", "<p id=\"\xF4\x8F\xBF\xBF\">a</p>", NULL },
	/* Names and attributes. */
	{ "pictures", "<picture><img></picture>", "picture(img())" },
	{ "an unknown name", "<foo>a</foo>", NULL },
	{ "a name of 32 bytes", "<o:789012345678901234567890123456>a",
	    "o:789012345678901234567890123456('a')" },
	{ "a name of 33 bytes", "<o:7890123456789012345678901234567>a", NULL },
	{ "the second twice", "<p id=\"a\" lang=\"b\" lang=\"c\">x</p>",
	    "p[id=a][lang=b]('x')" },
	{ "no blank between attributes", "<p id=\"a\"lang=\"b\">x</p>", NULL },
	{ "a tag that ends with a blank", "<br ", NULL },
	{ "a tag that ends with a slash", "<br/", NULL },
	{ "a tag that ends with a name", "<br id", NULL },
	{ "a tag that ends before a value", "<br id=", NULL },
	{ "a tag that ends in a value", "<br id=a", NULL },
	{ "a tag that ends with a quote", "<br id='", NULL },
	{ "a tag that ends behind a value", "<br id='a'", NULL },
	{ "a listing that only begins", "<pre>", "pre()" },
	{ "an end tag with a blank", "<p>a</p >", "p('a')" },
	{ "an end tag that does not end", "<p>a</p", NULL },
	{ "an end tag with an attribute", "<p>a</p id>", NULL },
	{ "an element of the same kind, and another name", "<o:p>a</o:q>", NULL },
	/* Elements whose content is text. */
	{ "an empty script", "<script></script>", "script()" },
	{ "a script without end", "<script>a", NULL },
	{ "a script whose end is cut off", "<script>a</script", NULL },
	{ "a script whose end has another name", "<script>a</scripts>", NULL },
	{ "the end of a style in a script", "<script>a</style></script>", NULL },
	{ "a script that ends with a sign", "<script>a<", NULL },
	{ "a comment in a style", "<style><!-- a --></style>", "style('<!-- a -->')" },
	{ "signs in a frame", "<iframe>a < b <</iframe>", "iframe('a < b <')" },
	{ "a reference in a style", "<style>a&amp;b</style>", "style('a&amp;b')" },
	/* Comments. */
	{ "the shortest comment, cut off", "<!---", NULL },
	{ "a comment that ends too early", "<!--->", NULL },
	{ "a comment that begins with three", "<!---a-->", NULL },
	{ "a comment that ends with three", "<!--a--->", NULL },
	{ "a comment that ends with a mark", "<!--a--!>", NULL },
	{ "a comment with a dash", "<!--a-b-->c", "'c'" },
	{ "a comment whose end is cut off", "<!--a--", NULL },
	{ "a comment of one dash", "<!-a-->", NULL },
	{ "a comment and no dash", "<!a--->", NULL },
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
	if (orderly_read(a, guarded(html, len), len, room, root))
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

/* The parts of a table that are left out are elements, too. */
static void
test_tables_have_the_same_ceiling(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t depth = LIMIT_HTML_DEPTH - 4; depth < LIMIT_HTML_DEPTH; depth++) {
		struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
		bool ok = false;

		for (size_t i = 0; i < depth; i++)
			buf_adds(&b, "<div>");
		buf_adds(&b, "<table><tr>");
		ok = read_orderly(a, buf_text(&b), b.len, ROOM) != NULL;
		/* table, tbody, tr */
		assert_int_equal(ok, depth + 3 <= LIMIT_HTML_DEPTH);
		buf_reset(&b);
		for (size_t i = 0; i < depth; i++)
			buf_adds(&b, "<div>");
		buf_adds(&b, "<table><td>");
		ok = read_orderly(a, buf_text(&b), b.len, ROOM) != NULL;
		assert_int_equal(ok, depth + 4 <= LIMIT_HTML_DEPTH);
		buf_clear(&b);
	}
	arena_free(a);
}

/* 320 bytes for a node and 128 for an attribute. */
static void
test_memory_is_reckoned(void **state)
{
	static const struct {
		const char *html;
		size_t bytes;
	} rows[] = {
		{ "a", 320 },
		{ "<br>", 320 },
		{ "<br id=a class='b'>", 576 },
		{ "<p id=a id=b>a</p>", 768 },
		{ "a<!-- b -->c", 640 },
		{ "<table><td></td></table>", 4 * 320 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const size_t len = strlen(rows[i].html);

		if (!read_orderly(a, rows[i].html, len, rows[i].bytes) ||
		    read_orderly(a, rows[i].html, len, rows[i].bytes - 1))
			fail_msg("%s: not %zu bytes", rows[i].html, rows[i].bytes);
	}
	arena_free(a);
}

static void
test_a_tag_has_32_attributes(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(LIMIT_FIELD);

	(void)state;
	buf_adds(&b, "<br");
	for (int i = 0; i < 33; i++) {
		const char *html = NULL;

		buf_addf(&b, " a%d", i);
		html = arena_printf(a, "%s>", buf_text(&b));
		assert_int_equal(read_orderly(a, html, strlen(html), ROOM) != NULL,
		    i < 32);
	}
	buf_clear(&b);
	arena_free(a);
}

/* ---- whatever is read here, the parser reads so too ---- */

/* True when it is in good order; then the parser must make the same of it. */
static bool
agrees(struct arena *a, const char *html)
{
	const char *got = read_orderly(a, html, strlen(html), ROOM);
	const char *marked = arena_printf(a, "%s<!>", html);
	const size_t len = strlen(marked);

	if (got)
		expect_line(html, got,
		    line_of(a, tree_parse(a, marked, len, len, TREE_FRAGMENT).root));
	return got != NULL;
}

/* One element in, behind, or crossed with another: those in good order are many. */
static void
test_each_element_with_each_other(void **state)
{
	static const char *const names[] = { "p", "div", "blockquote", "pre", "ul", "li",
		"dl", "dt", "dd", "h2", "h3", "hr", "br", "img", "span", "q", "a", "b",
		"i", "code", "table", "caption", "thead", "tbody", "tfoot", "tr", "td",
		"th", "form", "button", "iframe", "script", "style", "sup", "figure",
		"o:p", "video", "summary" };
	static const struct {
		const char *form; /* 1 and 2 are the elements */
		size_t good;      /* so many pairs are in good order */
	} forms[] = {
		{ "<1>x<2>y</2>z</1>", 574 },
		{ "<1><2>y</1>z", 248 },
		{ "<1>x</1><2>y</2>", 676 },
		{ "<1>x<2>y", 722 },
		{ "<1><2></2></1>", 677 },
		{ "<div><1>x<2>y</2></div>", 211 },
		{ "<ul><li><1>x<li><2>y</ul>", 41 },
		{ "<table><tr><td><1>x<2>y</2></1></td></tr></table>", 600 },
		{ "<table><1><2>y</2></1></table>", 80 },
		{ "<p><1>x</1><2>y", 702 },
		{ "<1><1><2>x</2></1></1>", 387 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
		size_t good = 0;

		for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(names); i++) {
			struct buf b = BUF_INIT(200);

			for (const char *at = forms[f].form; *at; at++) {
				if (*at == '1')
					buf_adds(&b, names[i / ARRAY_LEN(names)]);
				else if (*at == '2')
					buf_adds(&b, names[i % ARRAY_LEN(names)]);
				else
					buf_addc(&b, *at);
			}
			good += agrees(a, buf_text(&b));
			buf_clear(&b);
		}
		arena_reset(a);
		if (good != forms[f].good)
			fail_msg("%s: got %zu in good order, want %zu", forms[f].form,
			    good, forms[f].good);
	}
	arena_free(a);
}

/* Every number of a character up to the wide signs, and the ends of blocks beyond. */
static void
test_each_reference(void **state)
{
	static const unsigned ends[] = { 0x2019, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFDCF,
		0xFDD0, 0xFDEF, 0xFDF0, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFD, 0x1FFFE,
		0x1FFFF, 0x10FFFD, 0x10FFFE, 0x10FFFF, 0x110000 };
	static const char *const names[] = { "amp", "lt", "gt", "quot", "apos", "nbsp",
		"iexcl", "copy", "eacute", "yuml", "times", "hellip", "mdash", "ndash",
		"rsquo", "lsquo", "rdquo", "ldquo", "euro", "trade", "bull", "notin",
		"ampx", "nosuch", "AMP", "GT", "frac12", "sup2", "a9", "z0" };
	static const char *const forms[] = { "a &%s; b", "a &%s b",
		"<p id=\"&%s;\">x</p>", "<p id=\"?a&%s=b\">x</p>", "<p id='?a&%s'>x</p>",
		"&%sx;" };
	struct arena *a = arena_new();
	size_t good = 0;

	(void)state;
	for (unsigned c = 0; c < 0x180 + ARRAY_LEN(ends); c++) {
		const unsigned number = c < 0x180 ? c : ends[c - 0x180];

		good += agrees(a, arena_printf(a, "&#%u;", number));
		good += agrees(a, arena_printf(a, "&#x%x;", number));
		good += agrees(a, arena_printf(a, "&#X%X", number));
	}
	/* All but controls, white space, 0x80 to 0x9f, and what is no character. */
	assert_int_equal(good, 2 * (0x180 - 1 - 5 - 32 + 9));
	good = 0;
	for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(forms); i++) {
		struct buf b = BUF_INIT(200);
		const char *form = forms[i % ARRAY_LEN(forms)];
		const size_t before = strcspn(form, "%");

		buf_add(&b, form, before);
		buf_adds(&b, names[i / ARRAY_LEN(forms)]);
		buf_adds(&b, form + before + 2);
		good += agrees(a, buf_text(&b));
		buf_clear(&b);
	}
	assert_int_equal(good, 106);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_order),
		cmocka_unit_test(test_the_parser_makes_the_same_tree),
		cmocka_unit_test(test_each_element_with_each_other),
		cmocka_unit_test(test_each_reference),
		cmocka_unit_test(test_depth_and_markup_have_ceilings),
		cmocka_unit_test(test_tables_have_the_same_ceiling),
		cmocka_unit_test(test_memory_is_reckoned),
		cmocka_unit_test(test_a_tag_has_32_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
