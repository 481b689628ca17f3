/* SPDX-License-Identifier: ISC */
/* Plain text as HTML: paragraphs, lines, and the addresses that stand in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "html/from_text.h"
#include "unit/guarded.h"

#define LINK(url) "<a href=\"" url "\">" url "</a>"

static const struct {
	const char *text;
	const char *want;
} cases[] = {
	{ "", "" },
	{ "a", "<p>a</p>" },
	{ "\n\n a\n", "<p> a</p>" },
	{ "a\nb", "<p>a<br>\nb</p>" },
	{ "a\n\nb", "<p>a</p>\n<p>b</p>" },
	{ "a\n \t\r\n\nb\n\n", "<p>a</p>\n<p>b</p>\n" },
	{ "a < b & \"c\"", "<p>a &lt; b &amp; &quot;c&quot;</p>" },
	{ "http://a.example/x", "<p>" LINK("http://a.example/x") "</p>" },
	{ "https://a.example", "<p>" LINK("https://a.example") "</p>" },
	{ "http://a", "<p>" LINK("http://a") "</p>" },
	{ "https://a", "<p>" LINK("https://a") "</p>" },
	{ "http://", "<p>http://</p>" },
	{ "https://", "<p>https://</p>" },
	{ "http://...", "<p>http://...</p>" },
	{ "ftp://a.example", "<p>ftp://a.example</p>" },
	{ "https:/a.example/x/y/z", "<p>https:/a.example/x/y/z</p>" },
	{ "see http://a.example/x.", "<p>see " LINK("http://a.example/x") ".</p>" },
	{ "http://a.example/?!, b", "<p>" LINK("http://a.example/") "?!, b</p>" },
	{ "(http://a.example/x)", "<p>(" LINK("http://a.example/x") ")</p>" },
	{ "http://a.example/x_(y) z", "<p>" LINK("http://a.example/x_(y)") " z</p>" },
	{ "<http://a.example/>", "<p>&lt;" LINK("http://a.example/") "&gt;</p>" },
	{ "\"http://a.example/\"", "<p>&quot;" LINK("http://a.example/") "&quot;</p>" },
	{ "xhttp://a.example/", "<p>xhttp://a.example/</p>" },
	{ "1http://a.example/", "<p>1http://a.example/</p>" },
	{ "http://a.example/?a=1&b=2",
	    "<p>" LINK("http://a.example/?a=1&amp;b=2") "</p>" },
	{ "http://a.example/ http://b.example/",
	    "<p>" LINK("http://a.example/") " " LINK("http://b.example/") "</p>" },
	{ "http://a.example/,http://b.example/",
	    "<p>" LINK("http://a.example/,http://b.example/") "</p>" },
	{ "http://a.example/\nb", "<p>" LINK("http://a.example/") "<br>\nb</p>" },
	{ "http://a.example/\xC3\xA9 x",
	    "<p>" LINK("http://a.example/\xC3\xA9") " x</p>" },
};

static void
text_becomes_paragraphs_and_links(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = html_from_text(a,
		    guarded(cases[i].text, strlen(cases[i].text)), strlen(cases[i].text));

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].text, got,
			    cases[i].want);
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
		cmocka_unit_test(text_becomes_paragraphs_and_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
