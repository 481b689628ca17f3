/* SPDX-License-Identifier: ISC */
/* What becomes of single elements, their attributes, and what stands beside the post. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/clean.h"

#define HERE "https://v.example/"
#define TWITTER "href='https://twitter.com/share?a'"
#define CELL(attrs) \
	"<table>\n<tbody>\n<tr>\n<td" attrs ">a</td>\n</tr>\n</tbody>\n</table>"
#define LETTERS_34 "abcdefghijklmnopqrstuvwxyz01234567"

struct clean_case {
	const char *html, *want;
};

static struct html_clean
cleaned(struct arena *a, const char *html, size_t len, int heading_base)
{
	const struct html_options opts = { .base = HERE,
		.page = HERE "page",
		.title = "The title",
		.heading_base = heading_base };
	struct html_clean out;

	html_clean(a, html, len, &opts, &out);
	return out;
}

static void
check(const struct clean_case *cases, size_t count, int heading_base)
{
	struct arena *a = arena_new();
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const char *html = cases[i].html;
		const struct html_clean got =
		    cleaned(a, html, strlen(html), heading_base);

		if (strcmp(got.html, cases[i].want) != 0 || got.warning_count > 0) {
			print_error("%s: got %s, want %s\n", html, got.html,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* clang-format off */
static const struct clean_case attributes[] = {
	/* Languages as RFC 5646 writes them: letters, digits and hyphens, 35 at most. */
	{ "<p lang=pt-BR>a</p>", "<p lang=\"pt-BR\">a</p>" },
	{ "<p xml:lang=de>a</p>", "<p lang=\"de\">a</p>" },
	{ "<p lang=en xml:lang=de>a</p>", "<p lang=\"en\">a</p>" },
	{ "<p lang=''>a</p>", "<p>a</p>" },
	{ "<p lang=en_US>a</p>", "<p>a</p>" },
	{ "<p lang=" LETTERS_34 "8>a</p>", "<p lang=\"" LETTERS_34 "8\">a</p>" },
	{ "<p lang=" LETTERS_34 "89>a</p>", "<p>a</p>" },
	{ "<p dir=RTL>a</p><p dir=auto>b</p><p dir=up>c</p>",
		"<p dir=\"rtl\">a</p>\n<p dir=\"auto\">b</p>\n<p>c</p>" },
	{ "<p dir=ltr lang=en style='text-align:right'>a</p>",
		"<p dir=\"ltr\" lang=\"en\" style=\"text-align:right\">a</p>" },
	{ "<p align=right>a</p>", "<p style=\"text-align:right\">a</p>" },
	{ "<span align=right>a</span>", "a" },
	{ "<center>a</center>", "<div style=\"text-align:center\">a</div>" },
	{ "<table align=right><tr><td>a</td></tr></table>", CELL("") },
	{ "<table><tr><td align=right>a</td></tr></table>", CELL(" style=\"text-align:right\"") },
	{ "<table><tr><td valign=top>a</td></tr></table>", CELL(" style=\"vertical-align:top\"") },
	{ "<table><tr><th valign=top>a</th></tr></table>", "<table>\n<tbody>\n<tr>\n"
		"<th style=\"vertical-align:top\">a</th>\n</tr>\n</tbody>\n</table>" },
	{ "<p valign=top>a</p>", "<p>a</p>" },
	{ "<abbr title=' a \n b '>a</abbr>", "<abbr title=\"a b\">a</abbr>" },
	{ "<abbr title=''>a</abbr>", "<abbr>a</abbr>" },
	{ "<a href='/b' title='t' lang=de onclick=x>a</a>",
		"<a href=\"" HERE "b\" title=\"t\" lang=\"de\">a</a>" },
	{ "<a href=' \n/b'>a</a>", "<a href=\"" HERE "b\">a</a>" },
	{ "<a href='tel:+1'>a</a><a href='mailto:'>b</a><a href='tel'>c</a>",
		"<a href=\"tel:+1\">a</a>b<a href=\"" HERE "tel\">c</a>" },
	{ "<a name=b>a</a>", "a" },
	{ "<span>a</span><span lang=de>b</span>", "a<span lang=\"de\">b</span>" },
	{ "<p hidden>a</p><img hidden src=a.png>", "<img src=\"" HERE "a.png\" alt=\"\">" },
	{ "<ol type=1 start=5><li>a</ol>", "<ol start=\"5\" type=\"1\">\n<li>a</li>\n</ol>" },
	{ "<ol type=''><li>a</ol>", "<ol>\n<li>a</li>\n</ol>" },
	{ "<ol reversed>a<li>b<p>c</p></ol>",
		"<ol start=\"1\" reversed=\"\">a\n<li>b\n<p>c</p>\n</li>\n</ol>" },
	{ "<ol start=-99999><li>a</ol>", "<ol start=\"-99999\">\n<li>a</li>\n</ol>" },
	{ "<ol start=-100000><li>a</ol>", "<ol>\n<li>a</li>\n</ol>" },
};

static const struct clean_case elements[] = {
	{ "<input type=checkbox> a <input type=CHECKBOX checked> b <input type=radio> c <input> d",
		"\u2610 a \u2611 b c d" },
	/* What a browser shows without scripts is there already when a picture or player is. */
	{ "<img src=a.png> \n <noscript><p>b</p></noscript>", "<img src=\"" HERE "a.png\" alt=\"\">" },
	{ "<iframe src=/e title=T></iframe><noscript>b</noscript>", "<p><a href=\"" HERE "e\">T</a></p>" },
	{ "<video src=/e title=T></video><noscript>b</noscript>", "<p><a href=\"" HERE "e\">T</a></p>" },
	{ "<audio src=/e title=T></audio><noscript>b</noscript>",
		"<p><a href=\"" HERE "e\">T</a></p>\nb" },
	{ "<img src=a.png>x<noscript>b</noscript>", "<img src=\"" HERE "a.png\" alt=\"\">xb" },
	{ "<noscript>b</noscript>", "b" },
	{ "<summary>a</summary>b", "<p><strong>a</strong></p>\nb" },
	/* Formulas and listings that a script would show. */
	{ "<script type='MATH/TeX'>x</script>", "<code>x</code>" },
	{ "<script type='text/math'>x</script>a", "a" },
	{ "<script src='https://gist.github.com/a/1.js?file=b.js'></script>",
		"<a href=\"https://gist.github.com/a/1\">Gist (github.com)</a>" },
	{ "<script src='https://gist.github.com/a/1#b'></script>",
		"<a href=\"https://gist.github.com/a/1\">Gist (github.com)</a>" },
	{ "<script src='https://gist.github.com/a/1js'></script>",
		"<a href=\"https://gist.github.com/a/1js\">Gist (github.com)</a>" },
	{ "<script src='https://x.example/1.js'></script>a", "a" },
	{ "<span class='katex-html'>a</span><span class='mention-wrap' data-attrs='{\"name\":\"b\"}'>c"
		"</span>", "c" },
	{ "<span class=mention-wrap></span>a", "a" },
	{ "<span class=mention-wrap data-attrs='{\"name\":1}'></span>a", "a" },
	{ "<math alttext='x^2'><mi>x</mi></math>", "<code>x^2</code>" },
	{ "<math><mi>x</mi><annotation encoding='StarMath 5.0'>y</annotation></math>", "x" },
	{ "<math><mi>x</mi><annotation encoding='application/x-TeX'>y</annotation></math>",
		"<code>y</code>" },
	{ "<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>", "\u221A(x+1)" },
	{ "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>", "x_i^2" },
	{ "<math><munderover><mo>S</mo><mrow><mi>i</mi></mrow><mi>n</mi></munderover></math>",
		"S_(i)^n" },
	{ "<math><msub> <mi>x</mi> <mi></mi> </msub></math>", "x_" },
	{ "<math><msup><mi>x</mi><mn>2</mn><mn>3</mn><mn>4</mn></msup></math>", "x^23" },
	{ "<math><mover><mi>x</mi></mover><munder><mi>y</mi><mi>z</mi></munder></math>", "xy_z" },
};

/* Headings sink below the entry's, which is of the fourth level. */
static const struct clean_case headings[] = {
	{ "<h1>a</h1><h2>b</h2><h6>c</h6>", "<h5>a</h5>\n<h6>b</h6>\n<h6>c</h6>" },
	{ "<h4>a</h4><h5>b</h5>", "<h5>a</h5>\n<h6>b</h6>" },
	{ "<h5>a</h5><h6>b</h6>", "<h5>a</h5>\n<h6>b</h6>" },
	{ "<h6>a</h6><h5>b</h5><h6>c</h6>", "<h6>a</h6>\n<h5>b</h5>\n<h6>c</h6>" },
	/* The title again, with what is empty in front of it, is nothing new. */
	{ "<h1>THE  title</h1><h5>a</h5>", "<h5>a</h5>" },
	{ "<h1></h1><h2>The title</h2><h3>The title</h3><h5>a</h5>", "<h5>a</h5>" },
	{ "<h1><b>The</b> title</h1>a", "a" },
	{ "<h5>b</h5><h5>The title</h5>", "<h5>b</h5>\n<h5>The title</h5>" },
	{ "<h5>The titles</h5>", "<h5>The titles</h5>" },
	{ "<p>The title</p>", "<p>The title</p>" },
	{ "<h5>The title<img src=a.png></h5>",
		"<h5>The title<img src=\"" HERE "a.png\" alt=\"\"></h5>" },
	/* Signs that lead from a heading to itself. */
	{ "<h5>a <a href='#b'>Permalink</a></h5>", "<h5>a</h5>" },
	{ "<h5>a <span><a href='#b'>#</a></span></h5>", "<h5>a</h5>" },
	{ "<h5>a <b><i><a href='#b'>#</a></i></b></h5>",
		"<h5>a <b><i><a href=\"" HERE "page#b\">#</a></i></b></h5>" },
	{ "<h5>a <a href='#b'>##</a></h5>", "<h5>a <a href=\"" HERE "page#b\">##</a></h5>" },
	{ "<h5>a <a href='/b'>#</a></h5>", "<h5>a <a href=\"" HERE "b\">#</a></h5>" },
	{ "<h5>a <a>#</a></h5>", "<h5>a #</h5>" },
	{ "<p>a <a href='#b'>#</a></p>", "<p>a <a href=\"" HERE "page#b\">#</a></p>" },
	{ "<h5>a <a href='#b'><img src=a.png alt=''>#</a></h5>", "<h5>a</h5>" },
};

/* What feeds carry besides the entry. */
static const struct clean_case beside[] = {
	/* A link to share among words is unwrapped, behind a label it goes: 14 bytes, or four on
	   each side. */
	{ "<p>12345678901234 <a " TWITTER ">X</a></p>", "<p>12345678901234</p>" },
	{ "<p>123456789012345 <a " TWITTER ">X</a></p>", "<p>123456789012345 X</p>" },
	{ "<p><a " TWITTER ">X</a> 12345678901234</p>", "<p>12345678901234</p>" },
	{ "<p><a " TWITTER ">X</a> 123456789012345</p>", "<p>X 123456789012345</p>" },
	{ "<p>1234 <a " TWITTER ">X</a> 1234</p>", "<p>1234 X 1234</p>" },
	{ "<p>123 <a " TWITTER ">X</a> 1234</p>", "<p>123 1234</p>" },
	{ "<p>1234 <a " TWITTER ">X</a> 123</p>", "<p>1234 123</p>" },
	{ "<p>Words <b>in bold</b><a " TWITTER ">X</a></p>", "<p>Words <b>in bold</b></p>" },
	{ "a<a href='MAILTO:?subject=b'>c</a>", "a" },
	{ "<p class='x sharedaddy'>a</p><p id=sharedaddy>b</p><p class=sharedaddys>c</p>", "<p>c</p>" },
	/* Numbers of lines. */
	{ "<span class=lineno>1 2:\n3</span>a", "a" },
	{ "<span class=lineno>12a</span>", "12a" },
	{ "<p class=lineno>12</p>", "<p>12</p>" },
	{ "<div class=gutter><span>1</span></div>a", "a" },
	{ "<a class=ln href=/b>1</a>a", "a" },
	{ "<span aria-hidden=TRUE>1</span><span aria-hidden=false>2</span>a", "2a" },
	{ "<span style='user-select:none'>1</span><span style='user-select:all'>2</span>a", "2a" },
	/* Buttons of a service, and those that a writer puts there. */
	{ "<p class=button-wrapper>b <a href='" HERE "subscribe?x'>Join</a></p>a", "a" },
	{ "<p class=button-wrapper><a href='" HERE "p/1/comments?x'>Join</a></p>a", "a" },
	{ "<p class=button-wrapper><a>Join</a></p>", "<p>Join</p>" },
	{ "<p class=button><a href='" HERE "subscribe?x'>Join</a></p>",
		"<p><a href=\"" HERE "subscribe?x\">Join</a></p>" },
	{ "<p class=button-wrapper>Join</p>", "<p>Join</p>" },
	/* Forms that ask for an address. */
	{ "<form>Join<p><input type=EMAIL></p></form>a", "a" },
	{ "<div><input type=email>Join</div>", "<div>Join</div>" },
	{ "<form>Join<input></form>", "<div>Join</div>" },
	/* Medium's note is a paragraph's. */
	{ "<p>a</p><div>on Medium, where people are continuing the conversation</div>",
		"<p>a</p>\n<div>on Medium, where people are continuing the conversation</div>" },
	{ "<p>a</p><p>on Medium, where people are continuing the conversation</p>", "<p>a</p>" },
	{ "<p>a</p><p>on Medium, where people are continuing the conversatio</p>",
		"<p>a</p>\n<p>on Medium, where people are continuing the conversatio</p>" },
	/* A link to read more is a paragraph, a division, or bare. */
	{ "<p>a</p><ul><li><a href=/b>Read more</a></li></ul>",
		"<p>a</p>\n<ul>\n<li><a href=\"" HERE "b\">Read more</a></li>\n</ul>" },
	{ "<p>a</p><div><a href=/b>Read more</a></div>", "<p>a</p>" },
	{ "<p>a</p><a href=/b>Read more</a>", "<p>a</p>" },
	/* WordPress's notes. */
	{ "<p>a</p><p>Der Beitrag <a href=/b>T</a> erschien zuerst auf S.</p>", "<p>a</p>" },
	{ "<p>a</p><p>Der Artikel <a href=/b>T</a> erschien zuerst auf <a href=/>S</a>.</p>",
		"<p>a</p>" },
	{ "<p>a</p><p>Der Artikel <a href=/b>T</a> erschien auf S.</p>",
		"<p>a</p>\n<p>Der Artikel <a href=\"" HERE "b\">T</a> erschien auf S.</p>" },
	{ "<p>a</p><p>The post <a href=/b>T</a> first appeared on <a href=/>S</a></p>", "<p>a</p>" },
	{ "<p>a</p><p>The posts <a href=/b>T</a> first appeared on <a href=/>S</a></p>",
		"<p>a</p>\n<p>The posts <a href=\"" HERE "b\">T</a> first appeared on "
		"<a href=\"" HERE "\">S</a></p>" },
	{ "<p>a</p><p>The post <a href=/b>T</a> was first on <a href=/>S</a></p>",
		"<p>a</p>\n<p>The post <a href=\"" HERE "b\">T</a> was first on "
		"<a href=\"" HERE "\">S</a></p>" },
	{ "<p>a</p><p>The post <a href=/b>T</a> first appeared on <a href=/>S</a>, too.</p>",
		"<p>a</p>\n<p>The post <a href=\"" HERE "b\">T</a> first appeared on "
		"<a href=\"" HERE "\">S</a>, too.</p>" },
	{ "<p>a</p><p>The post <b>T</b> first appeared on <a href=/>S</a>.</p>",
		"<p>a</p>\n<p>The post <b>T</b> first appeared on <a href=\"" HERE "\">S</a>.</p>" },
};
/* clang-format on */

static void
attributes_are_checked_and_written_anew(void **state)
{
	(void)state;
	check(attributes, ARRAY_LEN(attributes), 4);
}

static void
elements_are_shown_in_their_own_ways(void **state)
{
	(void)state;
	check(elements, ARRAY_LEN(elements), 4);
}

static void
headings_sink_below_the_entrys(void **state)
{
	static const struct clean_case unmoved[] = { { "<h1>a</h1><h3>b</h3>",
	    "<h1>a</h1>\n<h3>b</h3>" } };
	static const struct clean_case below_first[] = {
		{ "<h1>a</h1><h3>b</h3>", "<h2>a</h2>\n<h4>b</h4>" },
		{ "<h2>a</h2>", "<h2>a</h2>" },
	};

	(void)state;
	check(headings, ARRAY_LEN(headings), 4);
	check(unmoved, ARRAY_LEN(unmoved), 0);
	check(below_first, ARRAY_LEN(below_first), 1);
}

static void
what_stands_beside_the_entry_goes(void **state)
{
	(void)state;
	check(beside, ARRAY_LEN(beside), 4);
}

/* A sign in a heading is looked for in 32 nodes. */
static void
a_heading_is_not_walked_far(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int elements_before = 31; elements_before <= 32; elements_before++) {
		struct buf b = BUF_INIT(1000);
		const char *got;

		buf_adds(&b, "<h5>a <a href='#b'>");
		for (int i = 0; i < elements_before; i++)
			buf_adds(&b, "<wbr>");
		buf_adds(&b, "#</a></h5>");
		got = cleaned(a, buf_text(&b), b.len, 4).html;
		assert_int_equal(strstr(got, "<a") == NULL, elements_before == 31);
		buf_clear(&b);
	}
	arena_free(a);
}

static void
what_is_too_long_is_cut_with_a_warning(void **state)
{
	static char text[LIMIT_ENTRY_TEXT + 2];
	struct arena *a = arena_new();
	struct html_clean got;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	got = cleaned(a, text, LIMIT_ENTRY_TEXT, 4);
	assert_int_equal(got.warning_count, 0);
	assert_int_equal(strlen(got.html), LIMIT_ENTRY_TEXT);
	got = cleaned(a, text, LIMIT_ENTRY_TEXT + 1, 4);
	assert_int_equal(got.warning_count, 1);
	assert_string_equal(got.warnings[0],
	    "content is too long: the rest was left out");
	assert_int_equal(strlen(got.html), LIMIT_ENTRY_TEXT);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_checked_and_written_anew),
		cmocka_unit_test(elements_are_shown_in_their_own_ways),
		cmocka_unit_test(headings_sink_below_the_entrys),
		cmocka_unit_test(what_stands_beside_the_entry_goes),
		cmocka_unit_test(a_heading_is_not_walked_far),
		cmocka_unit_test(what_is_too_long_is_cut_with_a_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
