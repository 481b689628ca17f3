/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html/html.h"

struct text_case {
	const char *name;
	const char *html;
	const char *want;
};

static const struct text_case cases[] = {
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
	{ "code", "<p>a</p>\n<pre><code>if (x)\n    y  = 1;\n</code></pre>\n<p>b</p>",
		"a\n\nif (x)\n    y  = 1;\n\nb\n" },
	{ "link", "<p><a href=\"https://x.example/\">text</a> and <a href=\"https://x.example/\">"
		"more</a></p>", "text [1] and more\n[1]\n\n[1] https://x.example/\n" },
	{ "address as text", "<p><a href=\"https://x.example/\">x.example</a></p>",
		"x.example\n" },
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
	{ "wide characters", "<p>\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC"
		"\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC</p>",
		"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97"
		"\xA5\xE6\x9C\xAC\xE8\xAA\x9E\n\xE6\x97\xA5\xE6\x9C\xAC\n" },
};

static void
test_text(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = html_to_text(a, cases[i].html, 19);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got, cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("totext", tests, NULL, NULL);
}
