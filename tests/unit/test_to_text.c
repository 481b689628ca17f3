/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html/to_text.h"

struct text_case {
	const char *name;
	const char *html;
	const char *want;
};

/* clang-format off */
#define LINKED(n) "<p><a href=\"u:" n "\">a</a></p>"
static const struct text_case cases[] = {
	{ "more than ten links", LINKED("1") LINKED("2") LINKED("3") LINKED("4") LINKED("5")
		LINKED("6") LINKED("7") LINKED("8") LINKED("9") LINKED("10") LINKED("11"),
		"a [1]\n\na [2]\n\na [3]\n\na [4]\n\na [5]\n\na [6]\n\na [7]\n\n"
		"a [8]\n\na [9]\n\na [10]\n\na [11]\n\n"
		"[1] u:1\n[2] u:2\n[3] u:3\n[4] u:4\n[5] u:5\n[6] u:6\n[7] u:7\n"
		"[8] u:8\n[9] u:9\n[10] u:10\n[11] u:11\n" },
	{ "raised in what is raised", "<p>x<sup>1<sup>2</sup></sup></p>", "x^12\n" },
	{ "a blank before a reading", "<p><ruby>\u6F22 <rt>\u304B</rt></ruby></p>",
		"\u6F22(\u304B)\n" },
	{ "blanks of all kinds are one", "<p>a  b\t\nc   </p>", "a b c\n" },
	{ "a head above one column is no table", "<table>\n<tbody>\n<tr>\n<th>N</th>\n</tr>\n<tr>\n"
		"<td>1</td>\n</tr>\n</tbody>\n</table>", "N\n1\n" },
	{ "a cell over all rows that follow", "<table>\n<tbody>\n<tr>\n<td rowspan=\"0\">a</td>\n"
		"<td>b</td>\n</tr>\n<tr>\n<td>c</td>\n</tr>\n<tr>\n<td>d</td>\n</tr>\n</tbody>\n</table>",
		"a  b\n   c\n   d\n" },
	{ "a cell over more columns than there are", "<table>\n<tbody>\n<tr>\n<td>x</td>\n"
		"<td colspan=\"100\">a</td>\n</tr>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>",
		"x  a\nc  d\n" },
	{ "empty", "", "" },
	{ "paragraphs", "<p>a &amp; b</p>\n<p>c</p>", "a & b\n\nc\n" },
	{ "line break", "<p>a<br>\nb</p>", "a\nb\n" },
	{ "filled", "<p>one two three four five six</p>", "one two three four\nfive six\n" },
	{ "quote", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n<p>c</p>",
		"> a\n>\n> b\n\nc\n" },
	{ "nested list", "<p>x</p>\n<ul>\n<li>a\n<ol start=\"3\">\n<li>b</li>\n<li>c</li>\n"
		"</ol>\n</li>\n<li>d</li>\n</ul>\n<p>y</p>",
		"x\n\n- a\n  3. b\n  4. c\n- d\n\ny\n" },
	{ "letters and roman numbers",
		"<ol type=\"a\">\n<li>x</li>\n</ol>\n<ol type=\"I\" start=\"4\">\n<li>y</li>\n</ol>",
		"a. x\n\nIV. y\n" },
	{ "the last letter", "<ol type=\"a\" start=\"26\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"z. x\n27. y\n" },
	{ "capital letters", "<ol type=\"A\">\n<li>x</li>\n<li>y</li>\n</ol>", "A. x\nB. y\n" },
	{ "small roman numbers", "<ol type=\"i\" start=\"99\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"xcix. x\n100. y\n" },
	{ "no letter for nothing", "<ol type=\"a\" start=\"0\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"0. x\na. y\n" },
	{ "nor a roman number", "<ol type=\"I\" start=\"0\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"0. x\nI. y\n" },
	{ "numbers below nothing", "<ol start=\"-1\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"-1. x\n0. y\n" },
	{ "all roman letters", "<ol type=\"I\" start=\"49\">\n<li>x</li>\n<li>y</li>\n</ol>",
		"XLIX. x\nL. y\n" },
	{ "code", "<p>a</p>\n<pre><code>if (x)\n    y  = 1;\n</code></pre>\n<p>b</p>",
		"a\n\nif (x)\n    y  = 1;\n\nb\n" },
	{ "link", "<p><a href=\"https://x.example/\">text</a> and <a href=\"https://x.example/\">"
		"more</a></p>", "text [1] and\nmore [1]\n\n[1] https://x.example/\n" },
	{ "address as text", "<p><a href=\"https://x.example/\">https://x.example</a></p>",
		"https://x.example\n" },
	{ "half of an address", "<p><a href=\"https://x.example/\">x.example</a></p>",
		"x.example [1]\n\n[1] https://x.example/\n" },
	{ "an address of mail", "<p><a href=\"mailto:a@x.example\">a@x.example</a></p>",
		"a@x.example\n" },
	{ "picture", "<p><img src=\"https://x.example/a.png\" alt=\"A cat\"></p>", "[A cat]\n" },
	{ "table", "<table>\n<caption>Cap</caption>\n<thead>\n<tr>\n<th>Name</th>\n<th>N</th>\n</tr>\n"
		"</thead>\n<tbody>\n<tr>\n<td>one two</td>\n<td>1</td>\n</tr>\n</tbody>\n</table>",
		"Cap\n\nName     N\n-------  -\none two  1\n" },
	{ "table with a filled column", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td>one two three "
		"four five six</td>\n</tr>\n<tr>\n<td>bb</td>\n<td>x</td>\n</tr>\n</tbody>\n</table>",
		"a   one two three\n    four five six\nbb  x\n" },
	{ "table that lays out a page", "<table>\n<tbody>\n<tr>\n<td>\n<ul>\n<li>a</li>\n</ul>\n"
		"</td>\n<td>\n<p>b</p>\n</td>\n</tr>\n</tbody>\n</table>", "- a\n\nb\n" },
	{ "more ends of cells than columns", "<table></td></td></td></td></td></td></td></td></td>"
		"</td></td></td></td>a</table>", "a\n" },
	{ "link in a table", "<table>\n<tbody>\n<tr>\n<td><a href=\"https://x.example/\">a</a></td>\n"
		"<td>b</td>\n</tr>\n</tbody>\n</table>", "a [1]  b\n\n[1] https://x.example/\n" },
	{ "picture in words", "<p>a.<img src=\"x\" alt=\"b\">c</p>", "a. [b] c\n" },
	{ "picture before a full stop", "<p>a <img src=\"x\" alt=\"b\">.</p>", "a [b].\n" },
	{ "pictures side by side", "<p><img src=\"x\" alt=\"a\"><img src=\"x\" alt=\"b\"></p>",
		"[a] [b]\n" },
	{ "linked pictures", "<p><a href=\"u:1\"><img src=\"x\" alt=\"a\"></a><a href=\"u:2\">"
		"<img src=\"x\" alt=\"b\"></a>c</p>", "[a] [1] [b] [2] c\n\n[1] u:1\n[2] u:2\n" },
	{ "links side by side", "<p><a href=\"u:1\">a</a><a href=\"u:2\">b</a>s</p>",
		"a [1] b [2]s\n\n[1] u:1\n[2] u:2\n" },
	{ "blank inside a link", "<p><a href=\"u:1\">a </a>b</p>", "a [1] b\n\n[1] u:1\n" },
	{ "line end inside a link", "<p><a href=\"u:1\">a<br></a>b</p>", "a [1]\nb\n\n[1] u:1\n" },
	{ "link around blocks", "<a href=\"u:1\">\n<p>a</p>\n<p>x</p>\n</a>\n<p>b</p>",
		"a\n\nx [1]\n\nb\n\n[1] u:1\n" },
	{ "link around a linked item", "<ul>\n<li><a href=\"u:1\"><div>one two three four</div></a>"
		"</li>\n</ul>", "- one two three\n  four [1]\n\n[1] u:1\n" },
	{ "no room for the mark", "<a href=\"u:1\"><p>one two three fourr</p></a>",
		"one two three\nfourr [1]\n\n[1] u:1\n" },
	{ "link around a picture in a block", "<a href=\"u:1\"><div><img src=\"x\" alt=\"a\">"
		"</div></a>", "[a] [1]\n\n[1] u:1\n" },
	{ "reference at a line's end", "<p>one two <a href=\"u:1\">three fourr</a></p>",
		"one two three\nfourr [1]\n\n[1] u:1\n" },
	{ "power", "<p>10<sup>6</sup> m<sup>2</sup> 10<sup>-3</sup> x<sup>n</sup></p>",
		"10^6 m^2 10^-3 x^n\n" },
	{ "long power", "<p>x<sup>a + b</sup> 2<sup>2n</sup> e<sup>(a-b)</sup></p>",
		"x^(a + b) 2^(2n)\ne^(a-b)\n" },
	{ "ordinals", "<p>1<sup>st</sup> M<sup>me</sup> XX<sup>e</sup> 2<sup>a</sup> "
		"X<sup>TM</sup></p>", "1st Mme XXe 2a XTM\n" },
	{ "notes", "<p>too.<sup>1</sup> a<sup>[2]</sup></p>", "too.^1 a^2\n" },
	{ "a note elsewhere", "<p>b<a href=\"u:#fn2\"><sup>3</sup></a></p>",
		"b^3 [1]\n\n[1] u:#fn2\n" },
	{ "a note's source is kept", "<p>a<sup><a href=\"u:1\">1</a></sup></p>",
		"a^1 [1]\n\n[1] u:1\n" },
	{ "fractions", "<p>1<sup>1</sup>/<sub>2</sub> H<sub>2</sub>O</p>", "1 1/2 H2O\n" },
	{ "small print", "<p><sup>a b</sup> c<sup> 2</sup></p>", "a b c ^2\n" },
	{ "struck", "<p>a <s>b c</s> <del> d </del>e<del></del> <ins>f</ins></p>",
		"a ~~b c~~ ~~d~~ e f\n" },
	{ "struck link", "<p><s>a <a href=\"u:1\">b</a></s></p>", "~~a b [1]~~\n\n[1] u:1\n" },
	{ "struck in itself", "<p><s>a <del>b</del> c</s></p>", "~~a b c~~\n" },
	{ "struck paragraphs", "<del><p>a</p><p>b</p></del><p>c</p>", "~~a\n\nb~~\n\nc\n" },
	{ "ruby", "<p><ruby>\u6F22\u5B57<rt>\u304B</rt></ruby></p>", "\u6F22\u5B57(\u304B)\n" },
	{ "ruby with parentheses", "<p><ruby>\u6F22<rp>[</rp><rt>\u304B</rt><rp>]</rp></ruby></p>",
		"\u6F22[\u304B]\n" },
	{ "soft hyphens", "<p>hy\u00ADphen\u00AD <img src=\"x\" alt=\"a\u00ADb\"></p>",
		"hyphen [ab]\n" },
	{ "heading", "<p>a</p>\n<h5>b</h5>\n<p>c</p>",
		"a\n\n## b\n\nc\n" },
	{ "deeper heading", "<h5>a</h5>\n<h6>b</h6>", "## a\n\n### b\n" },
	{ "no deeper heading comes first", "<h6>a</h6>\n<h6>b</h6>", "## a\n\n### b\n" },
	{ "long heading", "<h5>one two three four five</h5>",
		"## one two three\n## four five\n" },
	{ "heading in an item", "<ul>\n<li><h5>a</h5>\n<p>b</p>\n</li>\n</ul>",
		"- ## a\n\n  b\n" },
	{ "link around a heading", "<a href=\"u:1\"><h5>a</h5></a><p>b</p>",
		"## a [1]\n\nb\n\n[1] u:1\n" },
	{ "no bar before nothing", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td></td>\n<td>"
		"\u00A0</td>\n<td><ul><li>b</li></ul></td>\n</tr>\n</tbody>\n</table>",
		"a\n\n- b\n" },
	{ "bars between texts", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td></td>\n<td>"
		"b</td>\n</tr>\n<tr>\n<td></td>\n<td>c</td>\n<td></td>\n</tr>\n<tr>"
		"\n<td><pre>d</pre></td>\n</tr>\n</tbody>\n</table>",
		"a | b\nc\n\nd\n" },
	{ "link behind a bar", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td>"
		"<a href=\"u:1\">u:1</a></td>\n</tr>\n<tr>\n<td><pre>d</pre></td>"
		"\n</tr>\n</tbody>\n</table>",
		"a | u:1\n\nd\n" },
	{ "empty corner", "<table>\n<tbody>\n<tr>\n<th></th>\n<th>N</th>\n</tr>\n<tr>"
		"\n<th>a</th>\n<td>1</td>\n</tr>\n</tbody>\n</table>",
		"   N\n-  -\na  1\n" },
	{ "corner that is no header", "<table>\n<tbody>\n<tr>\n<td></td>\n<th>N</th>"
		"\n</tr>\n<tr>\n<td>a</td>\n<td>1</td>\n</tr>\n</tbody>\n</table>",
		"   N\n-  -\na  1\n" },
	{ "cell over columns", "<table>\n<tbody>\n<tr>\n<td colspan=\"2\">a</td>\n<td>"
		"b</td>\n</tr>\n<tr>\n<td>c</td>\n<td>d</td>\n<td>e</td>\n</tr>"
		"\n</tbody>\n</table>",
		"a     b\nc  d  e\n" },
	{ "cell over rows", "<table>\n<tbody>\n<tr>\n<td rowspan=\"2\">a</td>\n<td>"
		"b</td>\n</tr>\n<tr>\n<td>c</td>\n</tr>\n<tr>\n<td>d</td>\n<td>e</td>"
		"\n</tr>\n</tbody>\n</table>",
		"a  b\n   c\nd  e\n" },
	{ "cell over all rows", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td rowspan=\"0\">"
		"b</td>\n</tr>\n<tr>\n<td>c</td>\n</tr>\n<tr>\n<td>d</td>\n</tr>"
		"\n</tbody>\n</table>",
		"a  b\nc\nd\n" },
	{ "hostile spans", "<table>\n<tbody>\n<tr>"
		"\n<td colspan=\"1000000\" rowspan=\"99999999999999999999\">a</td>"
		"\n</tr>\n<tr>\n<td>b</td>\n<td>c</td>\n</tr>\n</tbody>\n</table>",
		"a\nb | c\n" },
	{ "wide spans", "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td colspan=\"1000000\">"
		"b</td>\n</tr>\n<tr>\n<td colspan=\"-3\">c</td>\n<td>d</td>\n</tr>"
		"\n</tbody>\n</table>",
		"a  b\nc  d\n" },
	{ "no word is broken while another column has blanks", "<table>\n<tbody>\n<tr>"
		"\n<td>abcdefghij</td>\n<td>a b c d e f g h</td>\n</tr>\n</tbody>\n</table>",
		"abcdefghij  a b c d\n            e f g h\n" },
	{ "words longer than all there is", "<table>\n<tbody>\n<tr>\n<td>abcdefghijklm</td>"
		"\n<td>abcdefghijkl</td>\n</tr>\n</tbody>\n</table>",
		"abcdefghi  abcdefghi\njklm       jkl\n" },
	{ "wide characters", "<p>\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC"
		"\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC</p>",
		"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97"
		"\xA5\xE6\x9C\xAC\xE8\xAA\x9E\n\xE6\x97\xA5\xE6\x9C\xAC\n" },
};
/* clang-format on */

static void
test_text(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = html_to_text(a, cases[i].html, 19);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* A quote takes two columns; what it holds has the others. */
static void
test_tables_in_quotes(void **state)
{
	static const char row[] = "<table>\n<tbody>\n<tr>\n<td>aaaaaaaaaaaaaaa</td>\n"
				  "<td>bbbbb ccccc ddddd</td>\n</tr>\n</tbody>\n</table>";
	static const struct {
		size_t columns;
		const char *want;
	} widths[] = {
		{ 36, "> aaaaaaaaaaaaaaa  bbbbb ccccc ddddd\n" },
		{ 35, "> aaaaaaaaaaaaaaa  bbbbb ccccc\n>                  ddddd\n" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		assert_string_equal(html_to_text(a,
					arena_printf(a, "<blockquote>\n%s\n</blockquote>",
					    row),
					widths[i].columns),
		    widths[i].want);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_tables_in_quotes),
	};

	return cmocka_run_group_tests_name("totext", tests, NULL, NULL);
}
