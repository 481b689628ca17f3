/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "html/lines.h"

struct line_case {
	const char *name;
	const char *html;
	const char
	    *lines; /* text of each and its pictures, bound ones with "!"; '|' between */
	size_t dropped;
	const char *without; /* that one */
};

/* clang-format off */
static const struct line_case cases[] = {
	{ "paragraphs", "<p>One &amp; <b>two</b></p>\n<p>Three</p>", "One & two|Three", 0,
		"<p>Three</p>" },
	{ "breaks", "<p>One<br>two<br>three</p>", "One|two|three", 1, "<p>One<br>\nthree</p>" },
	{ "the first of a paragraph", "<p>One<br>two</p>", "One|two", 0, "<p>two</p>" },
	{ "the last of a paragraph", "<p>One<br>two</p>", "One|two", 1, "<p>One</p>" },
	{ "a link", "<p>Go</p>\n<p><a href=\"u:1\">Subscribe <i>now</i></a></p>",
		"Go|Subscribe now", 1, "<p>Go</p>" },
	{ "text without a block", "One\n<p>Two</p>\nthree", "One|Two|three", 2,
		"One\n<p>Two</p>" },
	{ "a list", "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>", "One|Two", 0,
		"<ul>\n<li>Two</li>\n</ul>" },
	{ "pictures", "<p><img src=\"u:1?a=1&amp;b=2\" alt=\"x\"></p>\n<p>Two</p>",
		" u:1?a=1&b=2|Two", 0, "<p>Two</p>" },
	{ "a picture in a line", "<p>One <img src=\"u:1\" alt=\"x\"> more</p>", "One more u:1", 0,
		"" },
	{ "bound ones", "<h5>One</h5>\n<pre>a\nb</pre>\n<table>\n<tbody>\n<tr>\n<td>c</td>\n"
		"</tr>\n</tbody>\n</table>\n<p>d</p>", "!One|!a b|!c|d", 3,
		"<h5>One</h5>\n<pre>a\nb</pre>\n<table>\n<tbody>\n<tr>\n<td>c</td>\n</tr>\n"
		"</tbody>\n</table>" },
	{ "an element over two lines", "<p>One <b>two<br>three</b></p>", "One two|three", 0,
		"<p><b>three</b></p>" },
	{ "a break within a word", "<p>One<wbr>x<br>two</p>", "Onex|two", 0, "<p>two</p>" },
	{ "the end of nothing", "</pre><p>One</p>\n<p>Two</p>", "One|Two", 0, "<p>Two</p>" },
	{ "nothing", "<hr>", "", 0, "<hr>" },
};
/* clang-format on */

static void
lines_are_what_a_reader_sees(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct line_case *t = &cases[i];
		struct html_line *lines = NULL;
		const size_t count = html_lines(a, t->html, SIZE_MAX, &lines);
		bool *dropped = arena_array(a, count + 1, sizeof(*dropped));
		const char *got = "";

		for (size_t k = 0; k < count; k++)
			got = arena_printf(a, "%s%s%s%s%s", got, k ? "|" : "",
			    lines[k].is_bound ? "!" : "", lines[k].text,
			    lines[k].pictures);
		if (strcmp(got, t->lines) != 0) {
			print_error("%s: got %s, want %s\n", t->name, got, t->lines);
			failed++;
		}
		dropped[t->dropped] = true;
		got = html_without_lines(a, t->html, lines, dropped, count);
		if (strcmp(got, t->without) != 0) {
			print_error("%s: got %s, want %s\n", t->name, got, t->without);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* The first lines, where they stand, and the links that lead away from them. */
static void
lines_know_their_places_and_links(void **state)
{
	static const char html[] =
	    "<p><a href=\"u:1\">One</a> <a href=\"u:2&amp;x\">two</a>"
	    "<a href=\"u:3\"></a></p>\n"
	    "<p> <a href=\"u:4\">three<br>four</a> </p>";
	static const struct {
		const char *text, *links, *before, *upto; /* of the source */
	} want[] = {
		{ "One two", " u:1 u:2&x", "<p><a href=\"u:1\">", "two" },
		{ "three", " u:4", "<a href=\"u:4\">", "three" },
		{ "four", "", "three<br>", "four" },
	};
	struct arena *a = arena_new();
	struct html_line *lines = NULL;

	(void)state;
	assert_int_equal(html_lines(a, html, 3, &lines), 3);
	for (size_t i = 0; i < 3; i++) {
		const char *before = strstr(html, want[i].before);
		const char *upto = strstr(html, want[i].upto);

		assert_string_equal(lines[i].text, want[i].text);
		assert_string_equal(lines[i].links, want[i].links);
		assert_string_equal(lines[i].pictures, "");
		assert_int_equal(lines[i].from,
		    (size_t)(before - html) + strlen(want[i].before));
		assert_int_equal(lines[i].to,
		    (size_t)(upto - html) + strlen(want[i].upto));
	}
	assert_int_equal(html_lines(a, html, 2, &lines), 2);
	assert_string_equal(lines[1].text, "three");
	assert_int_equal(html_lines(a, html, 0, &lines), 0);
	assert_int_equal(html_lines(a, html, 9, &lines), 3);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_what_a_reader_sees),
		cmocka_unit_test(lines_know_their_places_and_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
