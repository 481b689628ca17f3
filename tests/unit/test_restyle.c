/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/restyle.h"
#include "unit/occurrences.h"

static const struct element_style rows[] = {
	{ "p", "P", "P", "" },
	{ "a", "A", "A", "link" },
	{ "ul", "UL", "ULR", "" },
	{ "inner_ul", "IUL", "IULR", "" },
	{ "inner_ol", "IOL", "IOLR", "" },
	{ "pre", "PRE", "PRE", "code" },
	{ "code", "CODE", "CODE", "code" },
	{ "img", "IMG", "IMG", "" },
	{ "table", "TABLE", "TABLE", "" },
	{ "td", "TD", "TD", "rule" },
	{ "th", "TH", "THR", "rule" },
	{ "layout_table", "LT", "LT", "" },
	{ "layout_td", "LTD", "LTD", "" },
	{ "h5", "H5", "H5", "" },
	{ "h6", "H6", "H6", "" },
	{ "dl", "DL", "DLR", "list" },
	{ "box", "", "", "x" },
	{ "loose", "", "", "a" },
	{ "picture", "", "", "p" },
};
static const struct element_styles styles = { rows, ARRAY_LEN(rows) };

static const struct {
	const char *name;
	int heading;
	bool rtl;
	const char *html;
	const char *want;
} cases[] = {
	/* clang-format off */
	{ "nothing", 4, false, "", "" },
	{ "text alone", 4, false, "a &lt; b", "<p>a &lt; b</p>" },
	{ "a paragraph", 4, false, "<p>x</p>", "<p style=\"P\">x</p>" },
	{ "unknown elements stay", 4, false, "<p><ins>x</ins><br></p>",
	    "<p style=\"P\"><ins>x</ins><br></p>" },
	{ "class and style join the others", 4, false, "<a href=\"https://x.example/?a=1&amp;b=2\">x</a>",
	    "<p><a href=\"https://x.example/?a=1&amp;b=2\" class=\"link\" style=\"A\">x</a></p>" },
	{ "a reference in an attribute", 4, false, "<a title=\"1 &gt; 0\">x</a>",
	    "<p><a title=\"1 &gt; 0\" class=\"link\" style=\"A\">x</a></p>" },
	{ "its own style comes after ours", 4, false, "<p style=\"text-align:center\">x</p>",
	    "<p style=\"P;text-align:center\">x</p>" },
	{ "its own style alone", 4, false, "<ins style=\"text-align:center\">x</ins>",
	    "<p><ins style=\"text-align:center\">x</ins></p>" },
	{ "its own colours go", 4, false, "<p style=\"color:red\">x</p>", "<p style=\"P\">x</p>" },
	{ "its own class goes", 4, false, "<p class=\"card\">x</p>", "<p style=\"P\">x</p>" },
	{ "an attribute without value", 4, false, "<ol reversed=\"\">", "<ol reversed=\"\">" },
	{ "code in a listing has no box of its own", 4, false, "<pre><code>x</code></pre><code>y</code>",
	    "<pre class=\"code\" style=\"PRE\"><code>x</code></pre>"
	    "<p><code class=\"code\" style=\"CODE\">y</code></p>" },
	{ "links in a listing are links", 4, false, "<pre><a href=\"https://x.example/\">x</a></pre>",
	    "<pre class=\"code\" style=\"PRE\"><a href=\"https://x.example/\" class=\"link\" "
	    "style=\"A\">x</a></pre>" },
	{ "right-to-left posts have their own", 4, true, "<ul><li>x</li></ul>",
	    "<ul style=\"ULR\"><li>x</li></ul>" },
	{ "code stays left-to-right", 4, true, "<pre>x</pre>",
	    "<pre dir=\"ltr\" class=\"code\" style=\"PRE\">x</pre>" },
	{ "unless it says so itself", 4, true, "<pre dir=\"rtl\">x</pre>",
	    "<pre dir=\"rtl\" class=\"code\" style=\"PRE\">x</pre>" },
	{ "words for a picture", 4, false, "<a class=\"picture\" href=\"https://x.example/\">[picture]</a>",
	    "<p><a href=\"https://x.example/\" class=\"p\">[picture]</a></p>" },
	{ "a wide picture is announced narrower", 4, false,
	    "<img src=\"https://x.example/a.png\" width=\"1200\" height=\"800\" alt=\"a\">",
	    "<p><img src=\"https://x.example/a.png\" width=\"526\" height=\"351\" alt=\"a\" "
	    "style=\"IMG\"></p>" },
	{ "a small picture is not", 4, false,
	    "<img src=\"https://x.example/a.png\" width=\"526\" height=\"300\" alt=\"\">",
	    "<p><img src=\"https://x.example/a.png\" width=\"526\" height=\"300\" alt=\"\" "
	    "style=\"IMG\"></p>" },
	{ "one pixel too wide", 4, false, "<p><img width=\"527\" height=\"527\"></p>",
	    "<p style=\"P\"><img width=\"526\" height=\"526\" style=\"IMG\"></p>" },
	{ "a height is rounded up", 4, false, "<p><img height=\"1\" width=\"1052\"><img height=\"3\" "
	    "width=\"1052\"><img height=\"2\" width=\"1052\"></p>",
	    "<p style=\"P\"><img height=\"1\" width=\"526\" style=\"IMG\"><img height=\"2\" "
	    "width=\"526\" style=\"IMG\"><img height=\"1\" width=\"526\" style=\"IMG\"></p>" },
	{ "a height that is one 527th above the pixel", 4, false,
	    "<p><img width=\"527\" height=\"526\"></p>",
	    "<p style=\"P\"><img width=\"526\" height=\"526\" style=\"IMG\"></p>" },
	{ "a width alone", 4, false, "<p><img width=\"9999\"></p>",
	    "<p style=\"P\"><img width=\"526\" style=\"IMG\"></p>" },
	{ "a height in per cent", 4, false, "<p><img width=\"1052\" height=\"50%\"></p>",
	    "<p style=\"P\"><img width=\"526\" height=\"50%\" style=\"IMG\"></p>" },
	{ "a height alone", 4, false, "<p><img height=\"9999\"></p>",
	    "<p style=\"P\"><img height=\"9999\" style=\"IMG\"></p>" },
	{ "per cent of the page", 4, false, "<p><img width=\"100%\" height=\"9\"></p>",
	    "<p style=\"P\"><img width=\"100%\" height=\"9\" style=\"IMG\"></p>" },
	{ "a column has the width it has", 4, false, "<ins width=\"999\">x</ins>",
	    "<p><ins width=\"999\">x</ins></p>" },
	{ "colours anywhere in a style", 4, false, "<p style=\"text-align:center;background:red\">x</p>"
	    "<p style=\"text-align:center;color:red\">y</p>",
	    "<p style=\"P\">x</p><p style=\"P\">y</p>" },
	{ "an empty style", 4, false, "<p style=\"\">x</p>", "<p style=\"P\">x</p>" },
	{ "text outside of blocks is a paragraph", 4, false, "x <b>y</b>\n<dl>z</dl>\n w <br>v",
	    "<p>x <b>y</b></p><dl class=\"list\" style=\"DL\">z</dl><p>\n w <br>v</p>" },
	{ "unless a block stands in its link", 4, false, "x<a>y<p>z</p></a>",
	    "x<a class=\"link\" style=\"A\">y<p class=\"a\" style=\"P\">z</p></a>" },
	{ "blanks are none", 4, false, "<p>x</p> \n<hr> ", "<p style=\"P\">x</p> \n<hr> " },
	{ "a block by itself", 4, true, "<dl>x</dl>", "<dl class=\"list\" style=\"DLR\">x</dl>" },
	{ "behind loose text", 4, false, "<blockquote>x<dl>y</dl><dl>z</dl></blockquote>",
	    "<blockquote>x<dl class=\"list a\" style=\"DL\">y</dl>"
	    "<dl class=\"list\" style=\"DL\">z</dl></blockquote>" },
	{ "lists behind loose text", 4, false, "<div>x<ul><li>y</li></ul>z<ol><li>w</li></ol></div>",
	    "<div>x<ul class=\"a\" style=\"UL\"><li>y</li></ul>z<ol class=\"a\"><li>w</li></ol></div>" },
	{ "behind a division and a picture", 4, false, "<div>x</div><dl>y</dl><div><img>"
	    "<table><tr><td>z</td></tr></table></div>", "<div>x</div><dl class=\"list a\" "
	    "style=\"DL\">y</dl><div><img style=\"IMG\"><div class=\"x a\">"
	    "<table role=\"presentation\" style=\"LT\"><tr><td style=\"LTD\">z</td></tr></table>"
	    "</div></div>" },
	{ "not behind a block", 4, false, "<p>x</p>\n<dl>y</dl>", "<p style=\"P\">x</p>\n"
	    "<dl class=\"list\" style=\"DL\">y</dl>" },
	{ "a table of data", 4, false, "<table><tr><th>a</th><td>b</td></tr></table>",
	    "<div class=\"x\"><table style=\"TABLE\"><tr>"
	    "<th class=\"rule\" style=\"TH\">a</th><td class=\"rule\" style=\"TD\">b</td></tr>"
	    "</table></div>" },
	{ "a table for layout says so", 4, false, "<table><tr><td>b</td></tr></table>",
	    "<div class=\"x\"><table role=\"presentation\" style=\"LT\"><tr>"
	    "<td style=\"LTD\">b</td></tr></table></div>" },
	{ "data inside layout", 4, false,
	    "<table><tr><td><table><tr><th>a</th></tr></table></td><td>b</td></tr></table>",
	    "<div class=\"x\"><table role=\"presentation\" style=\"LT\"><tr>"
	    "<td style=\"LTD\"><div class=\"x\"><table style=\"TABLE\"><tr>"
	    "<th class=\"rule\" style=\"TH\">a</th></tr></table></div></td>"
	    "<td style=\"LTD\">b</td></tr></table></div>" },
	{ "a listing in a list in a quote", 4, false,
	    "<blockquote><ul><li><pre>x</pre></li></ul></blockquote><pre>y</pre>",
	    "<blockquote><ul style=\"UL\"><li><pre class=\"code\" style=\"PRE\">x"
	    "</pre></li></ul></blockquote><pre class=\"code\" style=\"PRE\">y"
	    "</pre>" },
	{ "a list in a list", 4, false,
	    "<ul><li>a<ol><li>b</li></ol></li></ul><ul><li>c</li></ul>",
	    "<ul style=\"UL\"><li>a<ol style=\"IOL\"><li>b</li></ol></li></ul>"
	    "<ul style=\"UL\"><li>c</li></ul>" },
	{ "headings follow the entry's", 4, false, "<h5>a</h5><h6>b</h6>",
	    "<h5 style=\"H5\">a</h5><h6 style=\"H6\">b</h6>" },
	{ "headings skip no level", 4, false, "<h6>a</h6><h6>b</h6>",
	    "<h5 style=\"H5\">a</h5><h6 style=\"H6\">b</h6>" },
	{ "headings side by side", 4, false, "<h5>a</h5><h5>b</h5>",
	    "<h5 style=\"H5\">a</h5><h5 style=\"H5\">b</h5>" },
	{ "headings under a third one", 3, false, "<h5>a</h5><h6>b</h6>",
	    "<h4 style=\"H5\">a</h4><h5 style=\"H6\">b</h5>" },
	{ "no heading is below the sixth level", 5, false, "<h5>a</h5><h6>b</h6>",
	    "<h6 style=\"H5\">a</h6><h6 style=\"H5\">b</h6>" },
	{ "headings under the first", 1, false, "<h5>a</h5><h6>b</h6><h5>c</h5>",
	    "<h2 style=\"H5\">a</h2><h3 style=\"H6\">b</h3><h2 style=\"H5\">c</h2>" },
	{ "headings are never above the entry's", 4, false, "<h2>a</h2>",
	    "<h5 style=\"H5\">a</h5>" },
	{ "loose text in a list", 4, false, "<ul><li>a<p>b</p><ul><li>c</li></ul></li></ul>",
	    "<ul style=\"UL\"><li>a<p class=\"a\" style=\"P\">b</p><ul style=\"IUL\"><li>c</li></ul></li>"
	    "</ul>" },
	{ "blanks are not loose", 4, false, "<div> \n<p>a</p></div>", "<div> \n<p style=\"P\">a</p></div>" },
	{ "a run in a link ends with it", 4, false, "<a>x</a><p>y</p>z<hr>w",
	    "<p><a class=\"link\" style=\"A\">x</a></p><p style=\"P\">y</p><p>z</p><hr><p>w</p>" },
	{ "a picture alone is a run", 4, false, "<img>\n<p>y</p>",
	    "<p><img style=\"IMG\"></p><p style=\"P\">y</p>" },
	{ "an empty element is none", 4, false, "<ins></ins><p>y</p>", "<ins></ins><p style=\"P\">y</p>" },
	{ "a tag without end", 4, false, "x<p", "x" },
	{ "blanks before a run are outside", 4, false, "<hr> <ins>x</ins>", "<hr> <p><ins>x</ins></p>" },
	{ "code behind others in a listing", 4, false, "<pre><ins>x</ins><code>y</code></pre><code>z</code>",
	    "<pre class=\"code\" style=\"PRE\"><ins>x</ins><code>y</code></pre>"
	    "<p><code class=\"code\" style=\"CODE\">z</code></p>" },
	{ "text behind a paragraph's end", 4, false, "</p>x", "</p><p>x</p>" },
	{ "an end inside of text", 4, false, "x</ins>y", "<p>x</ins>y</p>" },
	{ "a listing's end before code", 4, false, "</pre>x<code>y</code>",
	    "</pre><p>x<code class=\"code\" style=\"CODE\">y</code></p>" },
	{ "a list's end before a list", 4, false, "</ul><ul><li>x</li></ul>",
	    "</ul><ul style=\"UL\"><li>x</li></ul>" },
	{ "a table's end before a table", 4, false, "</table><table><tr><th>a</th><td>b</td></tr></table>",
	    "</table></div><div class=\"x\"><table style=\"TABLE\"><tr>"
	    "<th class=\"rule\" style=\"TH\">a</th><td class=\"rule\" style=\"TD\">b</td></tr>"
	    "</table></div>" },
	{ "closed before it is opened", 4, false, "</h5><h5>a</h5>", "</h6><h5 style=\"H5\">a</h5>" },
	{ "closed and never opened", 4, false, "</h5></table></pre>", "</h6></table></div></pre>" },
};
/* clang-format on */

static void
test_apply(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		const char *got = html_restyle(a, &styles, cases[i].html,
		    cases[i].heading, cases[i].rtl);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s:\n got  %s\n want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
		arena_free(a);
	}
	assert_int_equal(failed, 0);
}

/* Tables of data, each in a cell of the one before; the 17th is taken for layout. */
static void
test_deep_tables_are_layout(void **state)
{
	struct arena *a = arena_new();
	const char *html = "x";

	(void)state;
	for (size_t i = 1; i <= 17; i++) {
		const char *got = NULL;

		html = arena_printf(a, "<table><tr><th>a</th><td>%s</td></tr></table>",
		    html);
		got = html_restyle(a, &styles, html, 4, false);
		assert_int_equal(occurrences(got, "role=\"presentation\""), i == 17);
		assert_int_equal(occurrences(got, "\"LTD\""), i == 17);
		assert_int_equal(occurrences(got, "\"TD\""), i < 17 ? i : 16);
	}
	arena_free(a);
}

/* Tables in tables in tables: no stack of ours runs over. */
static void
test_deep(void **state)
{
	enum { DEPTH = 190 };
	struct arena *a = arena_new();
	const char *html = "";
	const char *got = NULL;

	(void)state;
	for (int i = 0; i < DEPTH; i++)
		html = arena_printf(a,
		    "<table><tr><td><h5><pre>%s</pre></h5></td></tr></table>", html);
	got = html_restyle(a, &styles, html, 4, false);
	assert_int_equal(occurrences(got, "<div"), DEPTH);
	assert_int_equal(occurrences(got, "</div>"), DEPTH);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_deep_tables_are_layout),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
