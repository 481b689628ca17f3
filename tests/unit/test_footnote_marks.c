/* SPDX-License-Identifier: ISC */
/* Which links within a page are marks of notes and ways back, and what is left of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/footnotes.h"

#define PAGE "https://b.example/p"

/* What a link to the page says; what is left of "<p>x LINK</p>", or NULL when it stays. */
static const struct {
	const char *text, *left;
} marks[] = {
	{ "1", "<p>x 1</p>" },
	{ "12", "<p>x 12</p>" },
	{ "1234", "<p>x 1234</p>" },
	{ "12345", NULL },
	{ " 1 ", "<p>x 1</p>" },
	{ "[1]", "<p>x <sup>[1]</sup></p>" },
	{ "(1)", "<p>x (1)</p>" },
	{ "[1", NULL },
	{ "1]", NULL },
	{ "1a", NULL },
	{ "[12", NULL },
	{ "12]", NULL },
	{ "[12)", "<p>x <sup>[12)</sup></p>" },
	{ "[]", NULL },
	{ "", "<p>x</p>" },
	{ "*", "<p>x *</p>" },
	{ "\u2020", "<p>x \u2020</p>" },
	{ "\u2021", "<p>x \u2021</p>" },
	{ "\u00A7", "<p>x \u00A7</p>" },
	{ "\u00B6", "<p>x \u00B6</p>" },
	{ "(*)", "<p>x (*)</p>" },
	{ "**", NULL },
	{ "*1", NULL },
	{ "\u2022", NULL },
	{ "a", NULL },
	/* Ways back, as they are drawn. */
	{ "^", "<p>x</p>" },
	{ "\u2191", "<p>x</p>" },
	{ "\u21A9", "<p>x</p>" },
	{ "\u21A9\uFE0E", "<p>x</p>" },
	{ "\u21A9\uFE0F", "<p>x</p>" },
	{ "\u21A9\u00A0", "<p>x</p>" },
	{ " \u21B5 \u21B5", "<p>x</p>" },
	{ "\U0001F519", "<p>x</p>" },
	{ "\U0001F51D", "<p>x</p>" },
	{ "\u2192", NULL },
	{ "\u21A9 back", NULL },
	{ "\u00A0", "<p>x</p>" },
	{ "<b>\u21A9</b>", "<p>x</p>" },
	{ "<img src=\"u\" alt=\"1\">", NULL },
	/* Forty bytes may be a mark with its markup, more are a text. */
	{ "\u21A9                                     ", "<p>x</p>" },
	{ "\u21A9                                      ", NULL },
	{ "\u21A9                                     <b></b>", "<p>x</p>" },
	{ "\u21A9                                    <b>  </b>", NULL },
};

static void
a_link_is_a_mark_by_what_it_says(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *html = arena_printf(a,
		    "<p>x <a href=\"" PAGE "#n\">%s</a></p>", marks[i].text);
		const char *got = html_without_note_links(a, html, PAGE);
		const bool stays = strstr(got, "<a ") != NULL;

		if (stays != (marks[i].left == NULL) ||
		    (!stays && strcmp(got, marks[i].left) != 0)) {
			print_error("%s: got %s\n", marks[i].text, got);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

#define TO(text) "<a href=\"" PAGE "#n\">" text "</a>"

/* A number that would run into a word is raised, one in brackets everywhere but at first. */
static void
marks_are_raised_where_they_would_be_misread(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "<p>x" TO("1") "</p>", "<p>x<sup>1</sup></p>" },
		{ "<p>x " TO("1") "</p>", "<p>x 1</p>" },
		{ "<p>x" TO("*") "</p>", "<p>x*</p>" },
		{ "<p>" TO("1") " x</p>", "<p>1 x</p>" },
		{ "<p>" TO("[1]") " x</p>", "<p>[1] x</p>" },
		{ "<p>x" TO("[1]") "</p>", "<p>x<sup>[1]</sup></p>" },
		{ "<p>x<br>" TO("[1]") "</p>", "<p>x<br>\n[1]</p>" },
		{ "<p>x<img src=\"u\">" TO("[1]") "</p>", "<p>x<img src=\"u\">[1]</p>" },
		{ "<p>x</p>\n" TO("[1]"), "<p>x</p>\n[1]" },
		{ "<p>x <b>y</b>" TO("1") "</p>", "<p>x <b>y</b><sup>1</sup></p>" },
		{ "<p>x<sup>" TO("1") "</sup></p>", "<p>x<sup>1</sup></p>" },
		{ "<p>x<sup>a</sup>" TO("1") "</p>", "<p>x<sup>a</sup><sup>1</sup></p>" },
		{ "<p>x" TO("1") TO("2") "</p>", "<p>x<sup>1</sup><sup>2</sup></p>" },
		{ "<p>x" TO("1") "<a href=\"u:1\">y</a></p>",
		    "<p>x<sup>1</sup><a href=\"u:1\">y</a></p>" },
		{ "<p>x" TO("<b>1</b>") "</p>", "<p>x<b>1</b></p>" },
		{ "<p>x" TO("^") "y</p>", "<p>xy</p>" },
		{ "<p>x<sup>a" TO("1") "</sup></p>", "<p>x<sup>a1</sup></p>" },
		{ "<p>x <a>1</a>" TO("1") "</p>", "<p>x <a>1</a><sup>1</sup></p>" },
	};
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = html_without_note_links(a, cases[i].html, PAGE);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].html, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* By another scheme, with a slash at its end or without; not by a longer name. */
static void
the_page_is_known_by_its_address(void **state)
{
	static const struct {
		const char *page, *href;
		bool is_known;
	} cases[] = {
		{ "https://b.example/p", "https://b.example/p#n", true },
		{ "https://b.example/p", "http://b.example/p#n", true },
		{ "https://b.example/p", "https://b.example/p/#n", true },
		{ "https://b.example/p/", "https://b.example/p#n", true },
		{ "https://b.example/p#x", "https://b.example/p#n", true },
		{ "https://b.example/p", "https://b.example/p//#n", false },
		{ "https://b.example/p", "https://b.example/p?#n", false },
		{ "https://b.example/p", "https://b.example/p2#n", false },
		{ "https://b.example/p", "https://b.example/p", false },
		{ "https://b.example/p", "https://b.example/", false },
		{ "https://b.example/'", "https://b.example/'#n", true },
		{ "https:///", "https:///#n", false },
		{ "#", "#n", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *html =
		    arena_printf(a, "<p>x <a href=\"%s\">1</a> #</p>", cases[i].href);
		const char *got = html_without_note_links(a, html, cases[i].page);

		if ((strstr(got, "<a ") == NULL) != cases[i].is_known)
			fail_msg("%s on %s: got %s", cases[i].href, cases[i].page, got);
	}
	assert_string_equal(html_without_note_links(a, "<p>x <a>1</a> #</p>", PAGE),
	    "<p>x <a>1</a> #</p>");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_a_mark_by_what_it_says),
		cmocka_unit_test(marks_are_raised_where_they_would_be_misread),
		cmocka_unit_test(the_page_is_known_by_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
