/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/footnotes.h"

#define PAGE "https://b.example/p"
#define TO(fragment, text) "<a href=\"" PAGE "#" fragment "\">" text "</a>"

/* clang-format off */
static const struct {
	const char *name, *html, *want;
} cases[] = {
	{ "a raised number", "<p>One<sup>" TO("fn1", "1") "</sup>.</p>",
		"<p>One<sup>1</sup>.</p>" },
	{ "a number raised inside", "<p>One" TO("fn1", "<sup>[12]</sup>") ".</p>",
		"<p>One<sup>[12]</sup>.</p>" },
	{ "one that only a sheet raises", "<p>One" TO("footnote-1", "1") ".</p>",
		"<p>One<sup>1</sup>.</p>" },
	{ "one in brackets behind a blank", "<p>One " TO("n3", "[3]") ".</p>",
		"<p>One <sup>[3]</sup>.</p>" },
	{ "the number of the note itself", "<p>" TO("ref-1", "[1]") " Said so.</p>",
		"<p>[1] Said so.</p>" },
	{ "a number behind a blank", "<p>Parts: " TO("p1", "1") " " TO("p2", "2") "</p>",
		"<p>Parts: 1 2</p>" },
	{ "a sign", "<p>One" TO("fn1", "*") "\u2020</p>", "<p>One*\u2020</p>" },
	{ "an arrow back", "<p>Note. " TO("fnref:1", "\u21A9\uFE0E") "</p>", "<p>Note.</p>" },
	{ "a bare arrow is gone with its item", "<ul>\n<li>Note</li>\n<li>" TO("r", "^")
		"</li>\n</ul>", "<ul>\n<li>Note</li>\n</ul>" },
	{ "the other scheme, and a slash", "<p>One<sup><a href=\"http://b.example/p/#fn1\">1</a>"
		"</sup></p>", "<p>One<sup>1</sup></p>" },
	{ "a note of another page", "<p>One<sup><a href=\"https://c.example/p#fn1\">1</a></sup></p>",
		"<p>One<sup><a href=\"https://c.example/p#fn1\">1</a></sup></p>" },
	{ "a page that begins alike", "<p><a href=\"https://b.example/p2#fn1\">1</a></p>",
		"<p><a href=\"https://b.example/p2#fn1\">1</a></p>" },
	{ "a section", "<p>" TO("graphs", "graphs") "</p>", "<p>" TO("graphs", "graphs") "</p>" },
	{ "a year", "<p>" TO("y", "20262") "</p>", "<p>" TO("y", "20262") "</p>" },
	{ "a picture", "<p>" TO("z", "<img src=\"u:1\" alt=\"1\">") "</p>",
		"<p>" TO("z", "<img src=\"u:1\" alt=\"1\">") "</p>" },
	{ "the page itself", "<p><a href=\"" PAGE "\">1</a> #</p>",
		"<p><a href=\"" PAGE "\">1</a> #</p>" },
};
/* clang-format on */

static void
notes_lead_nowhere_within_their_page(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = html_without_note_links(a, cases[i].html, PAGE);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
an_address_with_references_is_known(void **state)
{
	static const char html[] =
	    "<p>One<sup><a href=\"https://b.example/?p=1&amp;x=2#fn1\">1</a></sup></p>";
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(html_without_note_links(a, html,
				"https://b.example/?p=1&x=2"),
	    "<p>One<sup>1</sup></p>");
	arena_free(a);
}

static void
without_an_address_nothing_changes(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_ptr_equal(html_without_note_links(a, cases[i].html, NULL),
		    cases[i].html);
		assert_ptr_equal(html_without_note_links(a, cases[i].html, ""),
		    cases[i].html);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_lead_nowhere_within_their_page),
		cmocka_unit_test(an_address_with_references_is_known),
		cmocka_unit_test(without_an_address_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
