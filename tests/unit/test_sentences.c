/* SPDX-License-Identifier: ISC */
/* Where sentences of clean HTML begin and end, and the HTML of some of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/clean.h"
#include "html/sentences.h"

/* "0:a.|0:b|1!c:" is two sentences of the first block, and one that announces in the next. */
static const char *
line_of(struct arena *a, const struct html_sentence *list, size_t count)
{
	const char *got = "";

	for (size_t i = 0; i < count; i++)
		got = arena_printf(a, "%s%s%zu%s%s%s%s:%s", got, i ? "|" : "",
		    list[i].block - list[0].block, list[i].has_stop ? "." : "",
		    list[i].is_heading ? "h" : "", list[i].announces ? "!" : "",
		    list[i].follows_gap ? "g" : "", list[i].text);
	return got;
}

/* clang-format off */
static const struct {
	const char *html, *want;
} cases[] = {
	{ "", "" },
	{ "<p> </p>", "" },
	{ "<p>One two</p>", "0:One two" },
	{ "<p>One. Two! Three? Four</p>", "0.:One.|0.:Two!|0.:Three?|0:Four" },
	{ "<p>One.Two</p>", "0:One.Two" },
	{ "<p>One. two.</p>", "0.:One. two." },
	{ "<p>One Dr. Who. Two</p>", "0.:One Dr. Who.|0:Two" },
	{ "<p>\u201COne.\u201D Two (three.) Four</p>", "0.:\u201COne.\u201D|0.:Two (three.)|0:Four" },
	{ "<p>One.x) Two</p>", "0:One.x) Two" },
	{ "<p>One  \n two</p>", "0:One two" },
	{ "<p>a &lt; b &amp;c</p>", "0:a < b &c" },
	{ "<p>One:</p>\n<p>Two\uFF1A</p>", "0!:One:|2!:Two\uFF1A" },
	/* Scripts without blanks. */
	{ "<p>\u4E00\u3002\u4E8C\u3002\u300D\u4E09</p>",
		"0.:\u4E00\u3002|0.:\u4E8C\u3002\u300D|0:\u4E09" },
	{ "<p>\u4E00\u3002\uFF01\u4E8C</p>", "0.:\u4E00\u3002\uFF01|0:\u4E8C" },
	/* Blocks and breaks end them, and what is whole leaves a gap. */
	{ "<p>One<br>two</p>", "0:One|1:two" },
	{ "<h5>One</h5>\n<p>Two</p>", "0h:One|2:Two" },
	{ "<p>One.</p>\n<pre>x</pre>\n<p>Two.</p>\n<p>Three.</p>", "0.:One.|3.g:Two.|5.:Three." },
	{ "<p>One <img src=\"u:1\" alt=\"x\"> two</p>", "0:One two" },
	/* No element holds two of them in part. */
	{ "<p><b>One.</b> Two</p>", "0.:One.|0:Two" },
	{ "<p><b>One. Two</b></p>", "0:One. Two" },
	{ "<p><b>One.</b><i> Two</i></p>", "0.:One.|0:Two" },
	{ "<p>One <b>two.</b> Three</p>", "0.:One two.|0:Three" },
	{ "<p>One <b>two. three</b> Four. Five</p>", "0.:One two. three Four.|0:Five" },
};
/* clang-format on */

static void
sentences_end_where_readers_see_it(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_sentence *list = NULL;
		const size_t count = html_sentences(a, cases[i].html, 100, &list);
		const char *got = line_of(a, list, count);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].html, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* Where they stand in the source, with the tags that are theirs, and how long they are. */
static void
sentences_know_their_places(void **state)
{
	static const char html[] = "<p><b>One</b> be. <i>Two</i></p>";
	struct arena *a = arena_new();
	struct html_sentence *list = NULL;

	(void)state;
	assert_int_equal(html_sentences(a, html, 100, &list), 2);
	assert_int_equal(list[0].from, strlen("<p>"));
	assert_int_equal(list[0].to, strlen("<p><b>One</b> be."));
	assert_int_equal(list[0].chars, 7);
	assert_int_equal(list[0].text_len, 7);
	assert_int_equal(list[1].from, strlen("<p><b>One</b> be. "));
	assert_int_equal(list[1].to, strlen("<p><b>One</b> be. <i>Two</i>"));
	assert_int_equal(list[1].chars, 3);
	/* No more than are wanted. */
	assert_int_equal(html_sentences(a, html, 1, &list), 1);
	assert_string_equal(list[0].text, "One be.");
	arena_free(a);
}

/* clang-format off */
static const struct {
	const char *html, *kept; /* one sign each, "+" is kept */
	const char *want;
} picks[] = {
	{ "<p>One. Two. Three.</p>", "+++", "<p>One. Two. Three.</p>" },
	{ "<p>One. Two. Three.</p>", "---", "" },
	{ "<p>One. Two. Three.</p>", "+--", "<p>One.</p>" },
	{ "<p>One. Two. Three.</p>", "-+-", "<p>[\u2026] Two.</p>" },
	{ "<p>One. Two. Three.</p>", "+-+", "<p>One. [\u2026] Three.</p>" },
	{ "<p>One. Two. Three.</p>", "-++", "<p>[\u2026] Two. Three.</p>" },
	{ "<p>One. Two.</p>\n<p>Three.</p>", "+-+", "<p>One.</p>\n<p>[\u2026] Three.</p>" },
	{ "<p>One.</p>\n<p>Two.</p>", "++", "<p>One.</p>\n<p>Two.</p>" },
	{ "<p>One.</p>\n<pre>x</pre>\n<p>Two.</p>", "++", "<p>One.</p>\n<p>[\u2026] Two.</p>" },
	{ "<p>One <b>two.</b> <i>Three.</i></p>", "+-", "<p>One <b>two.</b></p>" },
	{ "<p>One <b>two.</b> <i>Three.</i></p>", "-+", "<p>[\u2026] <i>Three.</i></p>" },
	{ "<p><img src=\"u:1\" alt=\"x\"></p>\n<p>One. Two.</p>", "+-",
		"<p><img src=\"u:1\" alt=\"x\"></p>\n<p>One.</p>" },
	{ "<p>One. Two.</p>\n<p><img src=\"u:1\" alt=\"x\"></p>\n<p>Three.</p>", "+-+",
		"<p>One.</p>\n<p>[\u2026] Three.</p>" },
};
/* clang-format on */

static void
some_sentences_are_html_again(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(picks); i++) {
		struct html_sentence *list = NULL;
		const size_t count = html_sentences(a, picks[i].html, 100, &list);
		bool kept[8] = { false };
		const char *got;

		assert_int_equal(count, strlen(picks[i].kept));
		for (size_t k = 0; k < count; k++)
			kept[k] = picks[i].kept[k] == '+';
		got = html_of_sentences(a, picks[i].html, list, kept, count);
		if (strcmp(got, picks[i].want) != 0) {
			print_error("%s %s: got %s, want %s\n", picks[i].html,
			    picks[i].kept, got, picks[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- what the parser is held to ---- */

/* Many paragraphs, then a piece so many times; the warning, "" for none. */
static const char *
warning_of(struct arena *a, const char *before, const char *piece, size_t times,
    const char *behind)
{
	struct buf b = BUF_INIT(1 << 22);
	const struct html_options opts = { .heading_base = 4 };
	struct html_clean out;

	for (int i = 0; i < 200; i++)
		buf_adds(&b, "<p>Words</p>");
	buf_adds(&b, before);
	for (size_t i = 0; i < times; i++)
		buf_addf(&b, "%s%zu", piece, i);
	buf_adds(&b, behind);
	html_clean(a, buf_text(&b), b.len, &opts, &out);
	buf_clear(&b);
	assert_memory_equal(out.html, "<p>Words</p>", 12);
	assert_true(out.warning_count <= 1);
	return out.warning_count ? out.warnings[0] : "";
}

static void
the_parser_is_stopped_at_limits(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(warning_of(a, "<p", " a", 256, ">x</p>"), "");
	assert_string_equal(warning_of(a, "<p", " a", 300, ">x</p>"),
	    "a tag with too many attributes: the rest was left out");
	assert_string_equal(warning_of(a, "<p", " a", 250, "><p b c d e f g>x</p>"), "");
	assert_string_equal(warning_of(a, "", "<div>", 600, ""), "");
	assert_string_equal(warning_of(a, "", "<div>", 700, ""),
	    "elements nested too deep: the rest was left out");
	assert_string_equal(warning_of(a, "<x>", "<p>", 5000, ""), "");
	assert_string_equal(warning_of(a, "<x>", "<p>", 100000, ""),
	    "too much markup: the rest was left out");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_end_where_readers_see_it),
		cmocka_unit_test(sentences_know_their_places),
		cmocka_unit_test(some_sentences_are_html_again),
		cmocka_unit_test(the_parser_is_stopped_at_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
