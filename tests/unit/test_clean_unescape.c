/* SPDX-License-Identifier: ISC */
/* Content that was escaped once too often, told from text about HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "format/html_escape.h"
#include "html/clean_private.h"

/* What stands there for readers, and whether it is markup that was escaped too often. */
static const struct {
	const char *shown;
	bool is_markup;
} cases[] = {
	/* A paragraph or a division begins the text, and ends. */
	{ "<p>a</p>", true },
	{ "<div>a</div>", true },
	{ "<p>a</p> <div>b</div>", true },
	{ " \t\r\n<p>a</p>", true },
	{ "<P>a</p>", true },
	{ "<p>a", false },
	{ "a</p>", false },
	{ "a <p>b</p>", false },
	{ "The <p> tag", false },
	{ "<b>a</b>", false },
	{ "a <b>b</b>", false },
	{ "a", false },
	{ "a <p", false },
	{ "<p", false },
	/* Paragraphs part it, wherever it begins. */
	{ "a <p>b <p>c", true },
	{ "a <div>b</div> <div>c</div>", false },
	/* Links into the web. */
	{ "a <a href=\"http://x.example/\">b</a>", true },
	{ "a <A HREF=\"HTTPS://x.example/\">b</A>", true },
	{ "a <a href=\"http>b</a>", true },
	{ "a <a href=\"/x\">b</a>", false },
	{ "a <a href=\"htt\">b</a> \"http", false },
	{ "a <b href=\"http://x.example/\">b</b>", false },
	{ "a <a href=\"http://x.example/\">b", false },
	/* Pictures. */
	{ "a <img src=\"b.png\">", true },
	{ "a <img src=\">", true },
	{ "a <img alt=\"b\">", false },
	{ "a <b src=\"b.png\">c</b>", false },
	/* Breaks. */
	{ "a<br>b", false },
	{ "a<br>b<br>c", true },
	{ "a<br/>b<br />c", true },
	{ "a<hr>b<hr>c", false },
	/* What has an end tag has as many as start tags, unless it may end without one. */
	{ "<p>a</p><b>c", false },
	{ "<p>a</p>c</b>", false },
	{ "<p>a<hr>b</p>", true },
	{ "<p><ul><li>a<li>b</ul></p>", true },
	{ "<p><strong>a</strong></p>", true },
	{ "<p><b></b></p>", true },
	/* Nobody writes other elements into a post. */
	{ "<p>a <foo> b</p>", false },
	{ "<p>a <foo>b</foo></p>", false },
	{ "<p>a</p><form></form>", false },
	{ "<p>a <abcdefghijklmno>b</abcdefghijklmno></p>", false },
	/* What only looks like a tag: no name has sixteen letters, and all are followed by a blank,
	   a slash or their end. */
	{ "<p>a <abcdefghijklmnop>b</abcdefghijklmnop></p>", true },
	{ "<p>1 < 2</p>", true },
	{ "<p>a <> b</p>", true },
	{ "<p>a <foo! b</p>", true },
	{ "<p>a <<b>b</b></p>", true },
	{ "<p>a</p> <b c", true },
	{ "<p>a</p> <foo", true },
	{ "<p>a <b/>b</b></p>", true },
	{ "<p class=\"x\">a</p>", true },
	{ "<p\nclass=\"x\">a</p>", true },
	{ "<p.>a</p>", false },
};

static void
markup_is_told_from_text_about_it(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(4096);
		const char *want = cases[i].is_markup ? cases[i].shown : NULL;
		const char *got;

		html_escape(&b, cases[i].shown, strlen(cases[i].shown), HTML_KEEP_QUOTES);
		got = unescape_find(a, buf_text(&b), b.len);
		if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0)) {
			print_error("%s: got %s\n", cases[i].shown,
			    got ? got : "nothing");
			failed++;
		}
		buf_clear(&b);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
beside_a_real_element_nothing_was_escaped_too_often(void **state)
{
	static const char before[] = "<b>x</b>&lt;p&gt;a&lt;/p&gt;";
	static const char behind[] = "&lt;p&gt;a&lt;/p&gt;<b>x</b>";
	struct arena *a = arena_new();

	(void)state;
	assert_null(unescape_find(a, before, strlen(before)));
	assert_null(unescape_find(a, behind, strlen(behind)));
	assert_null(unescape_find(a, "a &gt; b", 8));
	assert_null(unescape_find(a, "", 0));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_told_from_text_about_it),
		cmocka_unit_test(beside_a_real_element_nothing_was_escaped_too_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
