/* SPDX-License-Identifier: ISC */
/* The text part's small decisions: raised text, marks of lists, links, tables at their limits. */
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
#include "html/to_text.h"
#include "unit/occurrences.h"

struct text_case {
	const char *html, *want;
};

#define TABLE(rows) "<table>\n<tbody>\n" rows "</tbody>\n</table>"
#define ROW(cells) "<tr>\n" cells "\n</tr>\n"
#define TD(text) "<td>" text "</td>"
#define TH(text) "<th>" text "</th>"
#define DIGITS_39 "012345678901234567890123456789012345678"

static void
check(const struct text_case *cases, size_t count, size_t columns)
{
	struct arena *a = arena_new();
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const char *got = html_to_text(a, cases[i].html, columns);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].html, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* clang-format off */
static const struct text_case raised[] = {
	/* One letter, Latin or Greek, is an exponent; a word is none, nor are other scripts. */
	{ "x<sup>a</sup>x<sup>z</sup>x<sup>A</sup>x<sup>Z</sup>", "x^ax^zx^Ax^Z\n" },
	{ "x<sup>@</sup>x<sup>[</sup>x<sup>`</sup>x<sup>{</sup>", "x@x[x`x{\n" },
	{ "x<sup>\u0391</sup>x<sup>\u03C9</sup>x<sup>\u0390</sup>x<sup>\u03CA</sup>",
		"x^\u0391x^\u03C9x\u0390x\u03CA\n" },
	{ "x<sup>ab</sup>x<sup>a b</sup>x<sup>a1b</sup>", "xabxa bx^(a1b)\n" },
	{ "x<sup>\u0436</sup>x<sup>!</sup>x<sup>2\u00A03</sup>", "x\u0436x!x2\u00A03\n" },
	/* Signs, alone and beside numbers. */
	{ "x<sup>+</sup>x<sup>-</sup>x<sup>/</sup>x<sup>=</sup>", "x^+x^-x^/x^=\n" },
	{ "x<sup>\u2212</sup>x<sup>\u2013</sup>x<sup>\u00B1</sup>x<sup>\u00D7</sup>x<sup>\u00B7</sup>",
		"x^\u2212x^\u2013x^\u00B1x^\u00D7x^\u00B7\n" },
	{ "x<sup>-3</sup>x<sup>3-</sup>x<sup>\u22123</sup>x<sup>23</sup>", "x^-3x^3-x^\u22123x^23\n" },
	{ "x<sup>2-3</sup>x<sup>--3</sup>x<sup>-n</sup>x<sup>1,2</sup>x<sup>1.5</sup>",
		"x^(2-3)x^(--3)x^(-n)x^(1,2)x^(1.5)\n" },
	{ "x<sup>(1)</sup>x<sup>(a+b)</sup>", "x^(1)x^(a+b)\n" },
	/* The number of a note, in brackets or not. */
	{ "x<sup>[2]</sup>x<sup>[ab]</sup>x<sup>[]</sup>x<sup>[1</sup>x<sup>1]</sup>",
		"x^2x[ab]x[]x[1x1]\n" },
	{ "x<sup>12]</sup>x<sup>[12</sup>x<sup>[1]</sup>", "x12]x[12x^1\n" },
	{ "<sup>2</sup>x", "^2x\n" },
	{ "<sup>2n</sup>x", "2nx\n" },
	{ "a <sup>2</sup> b <sup>-2</sup>", "a ^2 b -2\n" },
	{ "a<br><sup>2</sup>", "a\n^2\n" },
	/* Ordinals and abbreviations of one letter. */
	{ "n<sup>o</sup> m<sup>o</sup> N<sup>o</sup>", "no m^o No\n" },
	{ "1<sup>a</sup> 2<sup>d</sup> 3<sup>e</sup> 4<sup>h</sup> 5<sup>o</sup> 6<sup>r</sup> 7<sup>s</sup>",
		"1a 2d 3e 4h 5o 6r 7s\n" },
	{ "1<sup>b</sup> A<sup>e</sup> Z<sup>e</sup> a<sup>e</sup> @<sup>e</sup> [<sup>e</sup>",
		"1^b Ae Ze a^e @^e [^e\n" },
	/* Fractions. */
	{ "1<sup>1</sup>/2 a<sup>1</sup>/2 1<sup>1</sup>\u20442 <sup>3</sup>\u20444",
		"1 1/2 a1/2 1 1\u20442 3\u20444\n" },
	{ "1<sup>1</sup>.", "1^1.\n" },
	/* Forty bytes may be an exponent. */
	{ "x<sup>" DIGITS_39 "9</sup>", "x^" DIGITS_39 "9\n" },
	{ "x<sup>" DIGITS_39 "90</sup>", "x" DIGITS_39 "90\n" },
	{ "x<sup> 2 </sup>y", "x ^2 y\n" },
	{ "x<sup></sup>y<sup> </sup>z", "xy z\n" },
};

static const struct text_case blocks[] = {
	{ "<p>a</p>\n<hr>\n<p>b</p>", "a\n\n* * *\n\nb\n" },
	{ "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dd>c</dd>\n</dl>\n<p>d</p>", "a\n    b\n    c\n\nd\n" },
	{ "<p><q>a</q> b</p>", "\u201Ca\u201D b\n" },
	{ "<figure>\n<img src=\"x\" alt=\"a\" title=\"b\">\n<figcaption>c</figcaption>\n</figure>d",
		"[a: b]\nc\n\nd\n" },
	{ "<img src=\"x\" alt=\"a\" title=\"a\">b", "[a] b\n" },
	{ "<img src=\"x\" alt=\"\" title=\"b\"><img src=\"y\" alt=\"\">(<img src=\"z\" alt=\"c\">)",
		"[b] ([c])\n" },
	{ "a <img src=\"x\" alt=\"b\">, <img src=\"x\" alt=\"c\">; <img src=\"x\" alt=\"d\">x",
		"a [b], [c]; [d] x\n" },
	{ "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n</blockquote>c",
		"> > a\n>\n> b\n\nc\n" },
	{ "<blockquote>\n<pre>a  \n\n b</pre>\n</blockquote>", "> a\n>\n>  b\n" },
	{ "<pre>\n\na\n\n</pre>b", "\n\na\n\nb\n" },
	{ "<p>a<br><br>b</p>", "a\n\nb\n" },
	{ "<li>a</li>", "- a\n" },
	{ "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>",
		"- a\n\n  b\n- c\n" },
	{ "<ul>\n<li></li>\n<li>a</li>\n</ul>", "- a\n" },
	/* Numbers. */
	{ "<ol start=\"2\" reversed=\"\">\n<li>a</li>\n<li>b</li>\n<li value=\"7\">c</li>\n<li>d</li>\n"
		"</ol>", "2. a\n1. b\n7. c\n6. d\n" },
	{ "<ol type=\"i\">\n<li>a</li>\n<li value=\"4\">a</li>\n<li>a</li>\n<li value=\"8\">a</li>\n"
		"<li>a</li>\n<li>a</li>\n</ol>", "i. a\niv. a\nv. a\nviii. a\nix. a\nx. a\n" },
	{ "<ol type=\"I\" start=\"39\">\n<li>a</li>\n<li>a</li>\n<li value=\"88\">a</li>\n"
		"<li value=\"90\">a</li>\n</ol>", "XXXIX. a\nXL. a\nLXXXVIII. a\nXC. a\n" },
	{ "<ol type=\"A\" start=\"25\">\n<li>a</li>\n<li>a</li>\n<li>a</li>\n</ol>",
		"Y. a\nZ. a\n27. a\n" },
	{ "<ol start=\"999999\">\n<li>a</li>\n<li>b</li>\n</ol>", "999999. a\n0. b\n" },
	{ "<ol type=\"1\" start=\"99999\">\n<li>a</li>\n</ol>", "99999. a\n" },
	{ "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\nc</li>\n</ul>d", "- a\n  - b\n  c\n\nd\n" },
	/* Struck, beside blanks. */
	{ "a<s> b </s>c", "a ~~b~~ c\n" },
	{ "<s><img src=\"x\" alt=\"a\"></s> b", "~~[a]~~ b\n" },
	{ "<ruby><rt>a</rt></ruby>", "(a)\n" },
	{ "<p>a\u00AD</p>\n<p>\u00ADb\u00A0</p>", "a\n\nb\u00A0\n" },
	{ "<s>a<br></s>b", "~~a~~\nb\n" },
	{ "<ruby>a<rt>b</rt></ruby><ruby>c<rp>(</rp><rt>d</rt><rp>)</rp></ruby><ruby>e <rt>f</rt></ruby>",
		"a(b)c(d)e(f)\n" },
};

static const struct text_case links[] = {
	{ "<a href=\"tel:+1\">+1</a> <a href=\"tel:+1\">tel:+1</a>", "+1 tel:+1\n" },
	{ "<a href=\"mailto:a@b\"> a@b </a>c", "a@b c\n" },
	{ "<a href=\"http://x//\">http://x</a> <a href=\"http://x\">http://x/</a>", "http://x http://x/\n" },
	{ "<a href=\"http://x/y\">http://x</a>", "http://x [1]\n\n[1] http://x/y\n" },
	{ "<a href=\"http://x\">http://xy</a>", "http://xy [1]\n\n[1] http://x\n" },
	{ "<a href=\"u:2\">a</a> <a href=\"u:1\">b</a> <a href=\"u:2\">c</a>",
		"a [1] b [2] c [1]\n\n[1] u:2\n[2] u:1\n" },
	{ "<a href=\"u:1\"></a>a", "[1]a\n\n[1] u:1\n" },
	{ "<a>a</a>", "a\n" },
	{ "<p>a</p>\n<a href=\"u:1\">\n<pre>b\nc</pre>\n</a>", "a\n\nb\nc [1]\n\n[1] u:1\n" },
};

static const struct text_case tables[] = {
	{ TABLE(ROW(TH("a") "\n" TH("b")) ROW(TH("c") "\n" TH("d")) ROW(TD("e") "\n" TD("f"))),
		"a  b\nc  d\n-  -\ne  f\n" },
	{ TABLE(ROW(TH("a") "\n" TH("b")) ROW(TH("c") "\n" TH("d"))), "a  b\nc  d\n" },
	{ TABLE(ROW(TD("a") "\n" TD("b")) ROW(TH("c") "\n" TH("d"))), "a  b\nc  d\n" },
	{ TABLE(ROW(TH("a") "\n" TD("b")) ROW(TD("c") "\n" TD("d"))), "a  b\nc  d\n" },
	{ TABLE(ROW(TD("a<br>b") "\n" TD("<p>c</p>\n<p>d</p>"))), "a b  c d\n" },
	{ TABLE(ROW(TD("") "\n" TD("a"))), "  a\n" },
	{ TABLE(ROW(TD("a") "\n" TD(""))), "a\n" },
	{ "<table>\n<caption></caption>\n<tbody>\n" ROW(TD("a") "\n" TD("b")) "</tbody>\n</table>",
		"a  b\n" },
	{ "<p>a</p>\n" TABLE(ROW(TD("b") "\n" TD("c"))) "\n<p>d</p>", "a\n\nb  c\n\nd\n" },
	{ TABLE(ROW("<td colspan=\"0\">a</td>\n" TD("b")) ROW(TD("c") "\n" TD("d"))), "a  b\nc  d\n" },
	{ TABLE(ROW("<td colspan=\"2\">a</td>\n" TD("b")) ROW(TD("c") "\n" TD("d") "\n" TD("e"))),
		"a     b\nc  d  e\n" },
	{ TABLE(ROW("<td rowspan=\"2\">a</td>\n" TD("b")) ROW(TD("c")) ROW(TD("d") "\n" TD("e"))),
		"a  b\n   c\nd  e\n" },
	{ TABLE(ROW("<td rowspan=\"1\">a</td>\n" TD("b")) ROW(TD("c"))), "a  b\nc\n" },
	{ TABLE(ROW(TD("a")) ROW(TD("b") "\n" TD("c"))), "a\nb  c\n" },
	{ TABLE(ROW(TD("a<b>b</b><span>c</span><wbr>d") "\n" TD("e"))), "abcd  e\n" },
	{ TABLE(ROW(TD("a") "\n" TD("b"))) "c", "a  b\n\nc\n" },
	{ "<table>" TD("a") TD("b") "</table>", "a | b\n" },
	{ "<ul>\n<li>" TABLE(ROW(TD("a") "\n" TD("b"))) "</li>\n</ul>", "- a  b\n" },
};

#define HOLDING(what) TABLE(ROW(TD("a") "\n" TD(what)))

/* What a drawn cell cannot hold: the table is read like the blocks it is made of. */
static const struct text_case no_tables[] = {
	{ HOLDING("<h2>b</h2>"), "a\n\n## b\n" },
	{ HOLDING("<pre>b</pre>"), "a\n\nb\n" },
	{ HOLDING("<ul>\n<li>b</li>\n</ul>"), "a\n\n- b\n" },
	{ HOLDING("<ol>\n<li>b</li>\n</ol>"), "a\n\n1. b\n" },
	{ HOLDING("<dl>\n<dt>b</dt>\n<dd>c</dd>\n</dl>"), "a\n\nb\n    c\n" },
	{ HOLDING("<blockquote>\n<p>b</p>\n</blockquote>"), "a\n\n> b\n" },
	{ HOLDING("<figure>\n<img src=\"x\" alt=\"b\">\n</figure>"), "a\n\n[b]\n" },
	{ HOLDING("b\n<hr>"), "a | b\n\n* * *\n" },
	{ HOLDING(TABLE(ROW(TD("b")))), "a\n\nb\n" },
	/* No end tag of the table. */
	{ "<table>\n<tbody>\n" ROW(TD("a") "\n" TD("b")), "a | b\n" },
};

/* Twenty columns: cells are filled, but none narrower than eight. */
static const struct text_case narrow_tables[] = {
	{ TABLE(ROW(TD("aaaaaaaa") "\n" TD("bbbbb bbbb"))), "aaaaaaaa  bbbbb bbbb\n" },
	{ TABLE(ROW(TD("aaaaaaaa") "\n" TD("bbbbb bbbbb"))), "aaaaaaaa  bbbbb\n          bbbbb\n" },
	{ TABLE(ROW(TD("aaaa aaaa a") "\n" TD("bbbbb bbbb"))), "aaaa aaaa  bbbbb\na          bbbb\n" },
	{ TABLE(ROW(TD("aaaa aaaa") "\n" TD("bbbb bbbb") "\n" TD("c"))),
		"aaaa aaaa | bbbb\nbbbb | c\n" },
	{ TABLE(ROW(TD("a a a a a a a a") "\n" TD("bbbbbbbbbb"))), "a a a a   bbbbbbbbbb\na a a a\n" },
	/* The second word is the longest. */
	{ TABLE(ROW(TD("a bbbbbbbbbb") "\n" TD("c d e f g h i j"))),
		"a           c d e f\nbbbbbbbbbb  g h i j\n" },
	/* A word that is broken begins a line of its own. */
	{ TABLE(ROW(TD("a bbbbbbbbbbbb") "\n" TD("cccccccccccc"))),
		"a          ccccccccc\nbbbbbbbbb  ccc\nbbb\n" },
};

/* Of columns that are as wide as each other the first is filled; here one blank is too much. */
static const struct text_case tie[] = {
	{ TABLE(ROW(TD("aaaa aaaaa") "\n" TD("bbbb bbbbb"))), "aaaa       bbbb bbbbb\naaaaa\n" },
};
/* clang-format on */

static void
raised_text_keeps_its_meaning(void **state)
{
	(void)state;
	check(raised, ARRAY_LEN(raised), 72);
}

static void
blocks_and_inline_elements_are_plain(void **state)
{
	(void)state;
	check(blocks, ARRAY_LEN(blocks), 72);
}

static void
links_are_numbered_unless_their_address_is_said(void **state)
{
	(void)state;
	check(links, ARRAY_LEN(links), 72);
}

static void
tables_are_drawn(void **state)
{
	(void)state;
	check(tables, ARRAY_LEN(tables), 72);
	check(no_tables, ARRAY_LEN(no_tables), 72);
	check(narrow_tables, ARRAY_LEN(narrow_tables), 20);
	check(tie, ARRAY_LEN(tie), 21);
}

/* A hundred addresses, each twice; the last has the number 100. */
static void
many_links_keep_their_numbers(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 16);
	const char *got;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_addf(&b, "<a href=\"u:%d\">a</a> ", i % 100);
	got = html_to_text(a, buf_text(&b), 100000);
	assert_non_null(strstr(got, "a [99] a [100] a [1] a [2]"));
	assert_non_null(strstr(got, "a [99] a [100]\n\n[1] u:0\n[2] u:1\n"));
	assert_string_equal(got + strlen(got) - strlen("[100] u:99\n"), "[100] u:99\n");
	buf_clear(&b);
	arena_free(a);
}

/* True when a table with these numbers of columns and rows, its first cell so long, is drawn. */
static bool
is_drawn(int columns, int rows, int first, int caption)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	bool drawn;

	buf_adds(&b, "<table>\n<caption>");
	for (int i = 0; i < caption; i++)
		buf_addc(&b, i % 2 && i + 1 < caption ? ' ' : 'c');
	buf_adds(&b, "</caption>\n<tbody>\n");
	for (int row = 0; row < rows; row++) {
		buf_adds(&b, "<tr>\n");
		for (int column = 0; column < columns; column++) {
			buf_adds(&b, "<td>");
			for (int i = 0; i < (row + column == 0 ? first : 1); i++)
				buf_addc(&b, i % 2 && i + 1 < first ? ' ' : 'a');
			buf_adds(&b, "</td>\n");
		}
		buf_adds(&b, "</tr>\n");
	}
	buf_adds(&b, "</tbody>\n</table>");
	drawn = strstr(html_to_text(a, buf_text(&b), 72), " | ") == NULL;
	buf_clear(&b);
	arena_free(a);
	return drawn;
}

static void
tables_have_limits(void **state)
{
	(void)state;
	assert_true(is_drawn(12, 2, 1, 1));
	assert_false(is_drawn(13, 2, 1, 1));
	assert_true(is_drawn(2, 399, 1, 1));
	assert_false(is_drawn(2, 400, 1, 1));
	assert_true(is_drawn(2, 2, 600, 600));
	assert_false(is_drawn(2, 2, 601, 1));
	assert_false(is_drawn(2, 2, 1, 601));
}

static const char *
nested(struct arena *a, const char *tags, size_t count)
{
	struct buf b = BUF_INIT(1 << 16);
	const char *html = NULL;

	for (size_t i = 0; i < count; i++)
		buf_adds(&b, tags);
	buf_adds(&b, "x");
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

/* No clean HTML is nested so deep: marks end somewhere. */
static void
deep_quotes_and_lists_have_a_ceiling(void **state)
{
	enum { MOST = LIMIT_HTML_DEPTH + 4 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t depth = MOST - 1; depth <= MOST + 1; depth++) {
		const size_t marks = depth < MOST ? depth : MOST;
		const char *got = html_to_text(a, nested(a, "<blockquote>", depth), 72);

		assert_int_equal(occurrences(got, "> "), marks);
		assert_int_equal(strlen(got), 2 * marks + 2);
		got = html_to_text(a, nested(a, "<ol><li>", depth), 72);
		assert_int_equal(occurrences(got, "1. "), marks);
	}
	arena_free(a);
}

static void
words_are_counted_without_addresses(void **state)
{
	static const struct {
		const char *html;
		size_t words;
	} cases[] = {
		{ "", 0 },
		{ "<p>a</p>", 1 },
		{ "<p>a b</p>\n<p>c</p>", 3 },
		/* A link's number is one, its address is none. */
		{ "<p>a <a href=\"u:1 u\">b</a></p>", 3 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t words = 99;

		(void)!html_to_text_count(a, cases[i].html, 72, &words);
		if (words != cases[i].words)
			fail_msg("%s: got %zu", cases[i].html, words);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raised_text_keeps_its_meaning),
		cmocka_unit_test(blocks_and_inline_elements_are_plain),
		cmocka_unit_test(links_are_numbered_unless_their_address_is_said),
		cmocka_unit_test(tables_are_drawn),
		cmocka_unit_test(many_links_keep_their_numbers),
		cmocka_unit_test(tables_have_limits),
		cmocka_unit_test(deep_quotes_and_lists_have_a_ceiling),
		cmocka_unit_test(words_are_counted_without_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
