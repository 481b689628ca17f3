/* SPDX-License-Identifier: ISC */
/* Clean HTML read token by token, and its references decoded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/scan.h"
#include "unit/guarded.h"

static void
references_are_decoded(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "a b", "a b" },
		{ "&amp;", "&" },
		{ "&lt;", "<" },
		{ "&gt;", ">" },
		{ "&quot;", "\"" },
		{ "&#39;", "'" },
		{ "&amp;lt;", "&lt;" },
		{ "a&lt;b&gt;c&amp;d", "a<b>c&d" },
		{ "&", "&" },
		{ "&&amp", "&&amp" },
		{ "&am", "&am" },
		{ "&AMP;", "&AMP;" },
		{ "&nbsp;", "&nbsp;" },
		{ "x &", "x &" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(100);
		const size_t len = strlen(cases[i].text);

		scan_decode(&b, guarded(cases[i].text, len), len);
		if (strcmp(buf_text(&b), cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, buf_text(&b),
			    cases[i].want);
		buf_clear(&b);
	}
}

/* Each token between bars, its kind in front: "<" a start, "/" an end, "." text. */
static void
tokens_follow_each_other(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "", "" },
		{ "words", ".words" },
		{ "<p>a</p>", "<<p>|.a|/</p>" },
		{ "a<br>b<img src=\"x&gt;y\">", ".a|<<br>|.b|<<img src=\"x&gt;y\">" },
		{ "<a href=\"x\">b</a>c", "<<a href=\"x\">|.b|/</a>|.c" },
		{ "<my-tag>", "<<my-tag>" },
		{ "a<", ".a|<<" },
		{ "a</", ".a|/</" },
		{ "<br", "<<br" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].html);
		const char *got = "";
		struct html_scan s;
		struct html_token t;

		scan_init(&s, guarded(cases[i].html, len), len);
		while (scan_next(&s, &t))
			got = arena_printf(a, "%s%s%c%.*s", got, *got ? "|" : "",
			    t.kind == SCAN_START     ? '<'
				: t.kind == SCAN_END ? '/'
						     : '.',
			    (int)t.len, t.text);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].html, got,
			    cases[i].want);
	}
	arena_free(a);
}

static void
attributes_have_values(void **state)
{
	static const struct {
		const char *tag, *name, *want; /* NULL: there is none */
		long number;
	} cases[] = {
		{ "<img src=\"a\" width=\"12\">", "src", "a", -7 },
		{ "<img src=\"a\" width=\"12\">", "width", "12", 12 },
		{ "<img src=\"a\" width=\"12\">", "height", NULL, -7 },
		{ "<img width=\"12%\">", "width", "12%", -7 },
		{ "<img width=\"-3\">", "width", "-3", -3 },
		{ "<img width=\"\">", "width", "", -7 },
		{ "<img width=\"px\">", "width", "px", -7 },
		{ "<a title=\"a &lt; b &amp; c\">", "title", "a < b & c", -7 },
		{ "<a href=\"src=x\">", "src", NULL, -7 },
		{ "<p>", "id", NULL, -7 },
		{ "<p a=\"x\" b=\"\" c=\"4\">", "a", "x", -7 },
		{ "<p a=\"x\" b=\"\" c=\"4\">", "b", "", -7 },
		{ "<p a=\"x\" b=\"\" c=\"4\">", "c", "4", 4 },
		{ "<p a=\"x", "a", NULL, -7 },
		{ "<p a>\"\"", "a", NULL, -7 },
		{ "<p data-id=\"x\" id=\"y\">", "id", "y", -7 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].tag);
		const char *got = NULL;
		struct html_scan s;
		struct html_token t;

		scan_init(&s, cases[i].tag, len);
		assert_true(scan_next(&s, &t));
		got = token_value(a, &t, cases[i].name);
		if (!got != !cases[i].want || (got && strcmp(got, cases[i].want) != 0) ||
		    token_number(&t, cases[i].name, -7) != cases[i].number)
			fail_msg("%s: %s: got %s, %ld", cases[i].tag, cases[i].name,
			    got ? got : "none", token_number(&t, cases[i].name, -7));
	}
	arena_free(a);
}

/* Tables and listings are cut off as a whole, or not at all. */
static void
some_elements_begin_what_is_whole(void **state)
{
	static const struct {
		const char *html;
		bool want;
	} cases[] = { { "<table>", true }, { "<pre>", true }, { "</table>", false },
		{ "</pre>", false }, { "<p>", false }, { "pre", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_scan s;
		struct html_token t;

		scan_init(&s, cases[i].html, strlen(cases[i].html));
		assert_true(scan_next(&s, &t));
		assert_int_equal(token_begins_whole(&t), cases[i].want);
	}
}

static void
elements_are_skipped(void **state)
{
	static const struct {
		const char *html, *want; /* what follows the first element */
	} cases[] = {
		{ "<p>a</p>b", "b" },
		{ "<div>a<div>b</div>c</div>d", "d" },
		{ "<div>a<p>b</p></div><div>c</div>", "<div>c</div>" },
		{ "<div>a", "" },
		{ "<div><div>a</div>", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].html);
		struct html_scan s;
		struct html_token t;

		scan_init(&s, guarded(cases[i].html, len), len);
		assert_true(scan_next(&s, &t));
		scan_skip_element(&s, t.tag);
		if ((size_t)(s.end - s.at) != strlen(cases[i].want) ||
		    memcmp(s.at, cases[i].want, strlen(cases[i].want)) != 0)
			fail_msg("%s: got %.*s, want %s", cases[i].html,
			    (int)(s.end - s.at), s.at, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_decoded),
		cmocka_unit_test(tokens_follow_each_other),
		cmocka_unit_test(attributes_have_values),
		cmocka_unit_test(some_elements_begin_what_is_whole),
		cmocka_unit_test(elements_are_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
