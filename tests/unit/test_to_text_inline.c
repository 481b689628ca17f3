/* SPDX-License-Identifier: ISC */
/* Plain text of what stands in a line: links, pictures, struck and raised text, ruby, quotes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "html/to_text.h"

#define PICTURE(alt) "<img src=\"x\" alt=\"" alt "\">"
#define LINK(n, text) "<a href=\"u:" n "\">" text "</a>"
/* The code keeps it from being a table in columns: cells stand side by side, with bars. */
#define BARS(one, two) \
	"<table>\n<tbody>\n<tr>\n<td>" one "</td>\n<td>" two \
	"</td>\n</tr>\n<tr>\n<td><pre>d</pre></td>\n</tr>\n</tbody>\n</table>"
#define BARRED(text) text "\n\nd\n"

struct row {
	const char *html;
	const char *want;
};

static void
expect(const struct row *rows, size_t count)
{
	struct arena *a = arena_new();
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const char *got = html_to_text(a, rows[i].html, 40);

		if (strcmp(got, rows[i].want) != 0) {
			print_error("%s: got %s, want %s\n", rows[i].html, got,
			    rows[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
pictures_are_apart_from_words(void **state)
{
	static const struct row rows[] = {
		{ "<p>" PICTURE("b") "c</p>", "[b] c\n" },
		{ "<p>" PICTURE("b") ".</p>", "[b].\n" },
		{ "<p>" PICTURE("b") ",</p>", "[b],\n" },
		{ "<p>" PICTURE("b") ";</p>", "[b];\n" },
		{ "<p>" PICTURE("b") ":</p>", "[b]:\n" },
		{ "<p>" PICTURE("b") "!</p>", "[b]!\n" },
		{ "<p>" PICTURE("b") "?</p>", "[b]?\n" },
		{ "<p>" PICTURE("b") ")</p>", "[b])\n" },
		{ "<p>" PICTURE("b") "]</p>", "[b]]\n" },
		{ "<p>" PICTURE("b") "(</p>", "[b] (\n" },
		{ "<p>x(" PICTURE("b") ")</p>", "x([b])\n" },
		{ "<p>x" PICTURE("b") "</p>", "x [b]\n" },
		{ "<p>x " PICTURE("b") " y</p>", "x [b] y\n" },
		{ "<p>x<br>" PICTURE("b") "<br>y</p>", "x\n[b]\ny\n" },
		{ "<p>" PICTURE("b") "</p><p>c</p>", "[b]\n\nc\n" },
		{ "<p>" PICTURE("b") "<q>c</q></p>", "[b] \u201Cc\u201D\n" },
		{ "<p>" PICTURE("b") "<sup>2</sup></p>", "[b] ^2\n" },
		{ "<p>" PICTURE("b") LINK("1", "u:1") "</p>", "[b] u:1\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

/* What a picture shows, and what its title adds. */
static void
pictures_are_said_once(void **state)
{
	static const struct row rows[] = {
		{ "<p>x<img src=\"x\">y</p>", "xy\n" },
		{ "<p>x<img src=\"x\" alt=\"\">y</p>", "xy\n" },
		{ "<p>x<img src=\"x\" title=\"\">y</p>", "xy\n" },
		{ "<p>x<img src=\"x\" alt=\"\" title=\"\">y</p>", "xy\n" },
		{ "<p><img src=\"x\" alt=\"A\" title=\"B\"></p>", "[A: B]\n" },
		{ "<p><img src=\"x\" alt=\"A\" title=\"A\"></p>", "[A]\n" },
		{ "<p><img src=\"x\" alt=\"A\" title=\"\"></p>", "[A]\n" },
		{ "<p><img src=\"x\" alt=\"\" title=\"B\"></p>", "[B]\n" },
		{ "<p><img src=\"x\" title=\"B\"></p>", "[B]\n" },
		{ "<p>\u00AD" PICTURE("a\u00ADb\u00AD") "</p>", "[ab]\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
cells_side_by_side_have_bars(void **state)
{
	static const struct row rows[] = {
		{ BARS("a", "b"), BARRED("a | b") },
		{ BARS("a ", " b"), BARRED("a | b") },
		{ BARS("a<br>", "b"), BARRED("a\nb") },
		{ BARS("", "b"), BARRED("b") },
		{ BARS("a", "\u00A0 \u00A0"), BARRED("a") },
		{ BARS("a", "\u00A7"), BARRED("a | \u00A7") },
		{ BARS("a", "\u00E0"), BARRED("a | \u00E0") },
		{ BARS("a", "<sup>2</sup>"), BARRED("a | ^2") },
		{ BARS("a", LINK("1", "u:1")), BARRED("a | u:1") },
		{ BARS("a", PICTURE("b")), BARRED("a | [b]") },
		{ BARS("a", "<s>b</s>"), BARRED("a | ~~b~~") },
		{ BARS(PICTURE("a"), "b"), BARRED("[a] | b") },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
only_soft_hyphens_are_dropped(void **state)
{
	static const struct row rows[] = {
		{ "<p>a\u00ADb</p>", "ab\n" },
		{ "<p>\u00ADa\u00AD\u00ADb\u00AD</p>", "ab\n" },
		{ "<p>\u00ED</p>", "\u00ED\n" },
		{ "<p>\u00ED\u00AD\u00ED</p>", "\u00ED\u00ED\n" },
		{ "<p>\u00A7\u00AD\u00A7</p>", "\u00A7\u00A7\n" },
		{ "<p>ab<b>c\u00ADd</b>e</p>", "abcde\n" },
		{ "<pre>a\u00ADb  c</pre>", "ab  c\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
numbers_stand_behind_the_text_of_their_links(void **state)
{
	static const struct row rows[] = {
		{ "<p>x " LINK("1", "a") " y</p>", "x a [1] y\n\n[1] u:1\n" },
		{ "<p>x" LINK("1", " a ") "y</p>", "x a [1] y\n\n[1] u:1\n" },
		{ "<p>" LINK("1", "a<br><br>") "b</p>", "a [1]\n\nb\n\n[1] u:1\n" },
		{ "<p>ab " LINK("1", "") "c</p>", "ab [1]c\n\n[1] u:1\n" },
		{ "<p>ab" LINK("1", "") " c</p>", "ab [1] c\n\n[1] u:1\n" },
		{ "<p>" LINK("1", "") "c</p>", "[1]c\n\n[1] u:1\n" },
		{ "<p>ab<br>" LINK("1", "") "c</p>", "ab\n[1]c\n\n[1] u:1\n" },
		{ "<p>x[y]" LINK("1", "a") "</p>", "x[y] a [1]\n\n[1] u:1\n" },
		{ "<p>x(y)" LINK("1", "a") "</p>", "x(y)a [1]\n\n[1] u:1\n" },
		{ "<p>x " LINK("1", "u:1") " y</p>", "x u:1 y\n" },
		{ "<p><s>" LINK("1", "u:1") "</s></p>", "~~u:1~~\n" },
		{ LINK("1", "<p>u:1</p>") "<p>b</p>", "u:1 [1]\n\nb\n\n[1] u:1\n" },
		{ "abcdefgh" LINK("1", "<p>a</p>b"),
		    "abcdefgh\n\na\n\nb [1]\n\n[1] u:1\n" },
		{ "<p>x<a>a</a></a>y</p>", "xay\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
what_is_raised_keeps_the_blanks_around_it(void **state)
{
	static const struct row rows[] = {
		{ "<p>a<sup>2</sup>b</p>", "a^2b\n" },
		{ "<p>a<sup> 2 </sup>b</p>", "a ^2 b\n" },
		{ "<p>a<sup>2 </sup>b</p>", "a^2 b\n" },
		{ "<p>a<sup> </sup>b</p>", "a b\n" },
		{ "<p>a<sup></sup>b</p>", "ab\n" },
		{ "<p>a</sup>b<sup>2</sup></sup>c</p>", "ab^2c\n" },
		{ "<p>a<sup>1<sup>2</sup>3</sup>b</p>", "a^123b\n" },
		{ "<p>a<sup>" LINK("1", "2") " b</sup>c</p>", "a^2 [1] bc\n\n[1] u:1\n" },
		{ "<p>1<sup>" LINK("1", "1") "</sup>/2</p>", "1 1 [1]/2\n\n[1] u:1\n" },
		{ "<p>x<s><sup>2</sup></s></p>", "x~~^2~~\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
what_is_struck_has_signs_on_both_sides(void **state)
{
	static const struct row rows[] = {
		{ "<p>x <s>a</s> y</p>", "x ~~a~~ y\n" },
		{ "<p>x<s> a </s>y</p>", "x ~~a~~ y\n" },
		{ "<p><s>a<br></s>b</p>", "~~a~~\nb\n" },
		{ "<p>a</s>b</p>", "ab\n" },
		{ "<p><s>a</s></s>b</p>", "~~a~~b\n" },
		{ "<p><s></s>b</p>", "b\n" },
		{ "<p>a<strike>b</strike>c<del>d</del></p>", "a~~b~~c~~d~~\n" },
		{ "<p><s><del>a</del>b</s>c</p>", "~~ab~~c\n" },
		{ "<p>a</p><s>b</s><p>c</p>", "a\n\n~~b~~\n\nc\n" },
		{ "<p><s><q>a</q></s></p>", "~~\u201Ca\u201D~~\n" },
		{ "<p><s>" PICTURE("a") "</s>b</p>", "~~[a]~~ b\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

static void
readings_have_parentheses_once(void **state)
{
	static const struct row rows[] = {
		{ "<p><ruby>a<rt>b</rt></ruby>c</p>", "a(b)c\n" },
		{ "<p><ruby>a <rt>b </rt></ruby>c</p>", "a(b)c\n" },
		{ "<p><ruby>a<rp>[</rp><rt>b</rt><rp>]</rp></ruby>"
		  "<ruby>c<rt>d</rt></ruby></p>",
		    "a[b]c(d)\n" },
		{ "<p>a <q>b</q> c</p>", "a \u201Cb\u201D c\n" },
	};

	(void)state;
	expect(rows, ARRAY_LEN(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_apart_from_words),
		cmocka_unit_test(pictures_are_said_once),
		cmocka_unit_test(cells_side_by_side_have_bars),
		cmocka_unit_test(only_soft_hyphens_are_dropped),
		cmocka_unit_test(numbers_stand_behind_the_text_of_their_links),
		cmocka_unit_test(what_is_raised_keeps_the_blanks_around_it),
		cmocka_unit_test(what_is_struck_has_signs_on_both_sides),
		cmocka_unit_test(readings_have_parentheses_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
