/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html/cut.h"
#include "html/feed_links.h"
#include "html/images.h"
#include "html/one_line.h"

struct cut_case {
	const char *name;
	const char *html;
	size_t chars;
	const char *want;
	const char *excerpt;
	bool cut;
};

/* clang-format off */
static const struct cut_case cases[] = {
	{ "all of it", "<p>One two.</p>", 20, "<p>One two.</p>", "One two.", false },
	{ "a sentence", "<p>One two. Three four.</p>", 12, "<p>One two.</p>", "One two.", true },
	{ "a word", "<p>One <b>two three</b> four</p>", 9, "<p>One <b>two\xE2\x80\xA6</b></p>",
		"One two\xE2\x80\xA6", true },
	{ "a block", "<p>One two</p>\n<p>three four</p>", 10, "<p>One two</p>", "One two", true },
	{ "a reference is one character", "<p>a &amp;&lt; b</p>", 6, "<p>a &amp;&lt; b</p>",
		"a &< b", false },
	{ "a table that does not fit", "<p>One</p>\n<table>\n<tbody>\n<tr>\n<td>a b c d</td>\n"
		"</tr>\n</tbody>\n</table>", 6, "<p>One</p>", "One", true },
	{ "code that does not fit comes first", "<pre>a b c d e f g</pre>\n<p>One</p>", 6,
		"<p>One</p>", "One", true },
	{ "a sentence in Han", "<p>\u65E5\u672C\u3002\u8A9E</p>", 3, "<p>\u65E5\u672C\u3002</p>",
		"\u65E5\u672C\u3002", true },
	{ "a quotation mark is one character", "<p>&quot;a&quot; bc d</p>", 6,
		"<p>\"a\" bc\u2026</p>", "\"a\" bc\u2026", true },
	{ "blanks count once", "<p>a  \n b</p>", 3, "<p>a b</p>", "a b", false },
	{ "quotes belong to their sentence", "<p>He said \u201Cno more of it.\u201D Then he left again for good.</p>",
		35, "<p>He said \u201Cno more of it.\u201D</p>", "He said \u201Cno more of it.\u201D", true },
	{ "so do brackets", "<p>It was late. (Or early in the day.) Nobody knew that then.</p>", 45,
		"<p>It was late. (Or early in the day.)</p>", "It was late. (Or early in the day.)", true },
	{ "Prof. ends none", "<p>There we met old Prof. Smith and e.g. Dr. Jones of York.</p>", 30,
		"<p>There we met old Prof. Smith\u2026</p>", "There we met old Prof. Smith\u2026", true },
	{ "nor do initials", "<p>A book by J. R. R. Tolkien and others.</p>", 20,
		"<p>A book by J. R. R.\u2026</p>", "A book by J. R. R.\u2026", true },
	{ "nor the day of a month", "<p>Es war am 3. M\u00e4rz in Wien sehr warm.</p>", 16,
		"<p>Es war am 3.\u2026</p>", "Es war am 3.\u2026", true },
	{ "what goes on small is no end", "<p>At last Yahoo! was sold to somebody.</p>", 20,
		"<p>At last Yahoo! was\u2026</p>", "At last Yahoo! was\u2026", true },
	{ "a stub is no end", "<p>There was nothing that we could do. Hmm. We waited on.</p>", 47,
		"<p>There was nothing that we could do.</p>", "There was nothing that we could do.", true },
	{ "never behind a heading", "<p>One two three four five.</p>\n<h5>Six</h5>\n<p>Seven eight</p>", 33,
		"<p>One two three four five.</p>", "One two three four five.", true },
	{ "nor what announces", "<p>One two three four five six.</p>\n<p>All of these six:</p>\n<p>a b</p>", 47,
		"<p>One two three four five six.</p>", "One two three four five six.", true },
	{ "nor code", "<p>One two three four five.</p>\n<pre>x = 1</pre>\n<p>Seven eight</p>", 36,
		"<p>One two three four five.</p>", "One two three four five.", true },
	{ "a bracket of Han", "<p>\u300C\u65e5\u672c\u3002\u300D\u65e5\u672c\u8a9e</p>", 6,
		"<p>\u300C\u65e5\u672c\u3002\u300D</p>", "\u300C\u65e5\u672c\u3002\u300D", true },
	{ "five words are no stub", "<p>There was nothing that we could do. We did not know it. It was late "
		"then.</p>", 60, "<p>There was nothing that we could do. We did not know it.</p>",
		"There was nothing that we could do. We did not know it.", true },
	{ "four are one", "<p>There was nothing that we could do. We did not know. It was late "
		"then.</p>", 58, "<p>There was nothing that we could do.</p>",
		"There was nothing that we could do.", true },
	{ "never behind a long heading", "<p>One two three four five six seven eight nine.</p>\n"
		"<h5>Six seven eight nine ten</h5>\n<p>Eleven twelve</p>", 74,
		"<p>One two three four five six seven eight nine.</p>",
		"One two three four five six seven eight nine.", true },
	{ "text in front of a heading", "One two three four five six<h5>Seven</h5>\n<p>Eight nine</p>",
		36, "One two three four five six", "One two three four five six", true },
	{ "one character in a block", "<p>a</p>\n<p>bcd</p>", 2, "<p>a</p>", "a", true },
	{ "blocks and breaks part words", "<p>a</p><p>b<br>c</p>d", 20, "<p>a</p>\n<p>b<br>\nc</p>\nd",
		"a b c d", false },
	{ "one of Han", "<p>\u65e5\u672c\u8a9e</p>", 1, "<p>\u65e5\u2026</p>", "\u65e5\u2026", true },
	{ "Han", "<p>\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E</p>", 2,
		"<p>\xE6\x97\xA5\xE6\x9C\xAC\xE2\x80\xA6</p>",
		"\xE6\x97\xA5\xE6\x9C\xAC\xE2\x80\xA6", true },
};
/* clang-format on */

static void
test_cut(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cut_case *t = &cases[i];
		bool cut;
		bool excerpt_cut;
		const char *got = html_cut(a, t->html, t->chars, SIZE_MAX, &cut);
		const char *excerpt = html_excerpt(a, t->html, t->chars, &excerpt_cut);

		if (strcmp(got, t->want) != 0 || cut != t->cut) {
			print_error("%s: got %s (%d), want %s (%d)\n", t->name, got, cut,
			    t->want, t->cut);
			failed++;
		}
		if (strcmp(excerpt, t->excerpt) != 0) {
			print_error("%s: got excerpt %s, want %s\n", t->name, excerpt,
			    t->excerpt);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
bytes_of_html_are_what_counts(void **state)
{
	static const char html[] =
	    "<p>One two. <a href=\"https://x.example/\">Three</a> four.</p>\n"
	    "<p><img src=\"u:1\" alt=\"\"></p>\n<p>Five.</p>";
	static const struct {
		size_t bytes;
		const char *want;
		bool cut;
	} table[] = {
		{ sizeof(html) - 1, html, false },
		/* Up to the last character that is seen. */
		{ sizeof(html) - sizeof("</p>"), html, false },
		{ sizeof(html) - sizeof("</p>") - 1,
		    "<p>One two. <a href=\"https://x.example/\">Three</a> four.</p>",
		    true },
		{ 20, "<p>One two.</p>", true },
		{ 63, "<p>One two. <a href=\"https://x.example/\">Three</a> four.</p>",
		    true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		bool cut = false;
		const char *got = html_cut(a, html, SIZE_MAX, table[i].bytes, &cut);

		if (strcmp(got, table[i].want) != 0 || cut != table[i].cut)
			fail_msg("%zu: got %s", table[i].bytes, got);
	}
	arena_free(a);
}

struct caption_case {
	const char *name;
	const char *html;
	const char *shown;
	const char *link;
};

/* clang-format off */
static const struct caption_case caption_cases[] = {
	{ "a joke", "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"Buoys\" "
		"title=\"The third is honest.\"></p>",
		"<p><img alt=\"Buoys\" src=\"u:1\" width=\"9\" height=\"8\"><br>\n"
		"<small>The third is honest.</small></p>",
		"<p><a class=\"picture\" href=\"u:1\">[picture: Buoys]</a><br>\n<small>The third is honest.</small>"
		"</p>" },
	{ "said by alt too", "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"The third is honest.\" "
		"title=\"The third is honest.\"></p>",
		"<p><img alt=\"\" src=\"u:1\" width=\"9\" height=\"8\"><br>\n"
		"<small>The third is honest.</small></p>",
		"<p><a class=\"picture\" href=\"u:1\">[picture: The third is honest.]</a></p>" },
	{ "a name", "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"\" title=\"IMG_2034\"></p>",
		"<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"\" title=\"IMG_2034\"></p>",
		"<p><a class=\"picture\" href=\"u:1\">[picture]</a></p>" },
	{ "no blanks between words", "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\" title=\""
		"\u4e09\u756a\u76ee\u306e\u6d6e\u6a19\u306f\u6b63\u76f4\"></p>",
		"<p><img alt=\"a\" src=\"u:1\" width=\"9\" height=\"8\"><br>\n<small>"
		"\u4e09\u756a\u76ee\u306e\u6d6e\u6a19\u306f\u6b63\u76f4</small></p>",
		"<p><a class=\"picture\" href=\"u:1\">[picture: a]</a><br>\n<small>"
		"\u4e09\u756a\u76ee\u306e\u6d6e\u6a19\u306f\u6b63\u76f4</small></p>" },
};
/* clang-format on */

static void
a_sentence_that_only_a_mouse_would_show_stands_under_the_picture(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(caption_cases) / sizeof(caption_cases[0]); i++) {
		const struct caption_case *t = &caption_cases[i];
		const char *shown =
		    html_images(a, t->html, IMAGES_REMOTE, media_words_stored());
		const char *link =
		    html_images(a, t->html, IMAGES_LINK, media_words_stored());

		if (strcmp(shown, t->shown) != 0 || strcmp(link, t->link) != 0) {
			print_error("%s: got %s and %s, want %s and %s\n", t->name, shown,
			    link, t->shown, t->link);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

struct image_case {
	const char *name;
	const char *html;
	const char *none;
	const char *link;
};

/* clang-format off */
static const struct image_case image_cases[] = {
	{ "with alt", "<p>a <img src=\"https://x.example/a.png\" alt=\"A cat\"></p>",
		"<p>a A cat</p>",
		"<p>a <a class=\"picture\" href=\"https://x.example/a.png\">[picture: A cat]</a></p>" },
	{ "without alt", "<p><img src=\"https://x.example/a.png\" alt=\"\"></p>\n<p>b</p>",
		"<p>b</p>", "<p><a class=\"picture\" href=\"https://x.example/a.png\">[picture]</a></p>\n<p>b</p>" },
	{ "beside words", "<p>a.<img src=\"u:1\" alt=\"b\">c</p>", "<p>a. b c</p>",
		"<p>a. <a class=\"picture\" href=\"u:1\">[picture: b]</a> c</p>" },
	{ "a link beside words", "<p>a<a href=\"u:2\"><img src=\"u:1\" alt=\"b\"></a>c <a "
		"href=\"u:3\"><img src=\"u:1\" alt=\"d\"></a>.</p>",
		"<p>a <a href=\"u:2\">b</a> c <a href=\"u:3\">d</a>.</p>",
		"<p>a <a class=\"picture\" href=\"u:2\">[picture: b]</a> c "
		"<a class=\"picture\" href=\"u:3\">[picture: d]</a>.</p>" },
	{ "side by side", "<p><img src=\"u:1\" alt=\"b\"><img src=\"u:2\" alt=\"c\"></p>",
		"<p>b c</p>", "<p><a class=\"picture\" href=\"u:1\">[picture: b]</a> "
		"<a class=\"picture\" href=\"u:2\">[picture: c]</a></p>" },
	{ "in a link", "<a href=\"https://x.example/\"><img src=\"https://x.example/a.png\" "
		"alt=\"A\"></a>", "<a href=\"https://x.example/\">A</a>",
		"<a class=\"picture\" href=\"https://x.example/\">[picture: A]</a>" },
};
/* clang-format on */

static void
test_images(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(image_cases) / sizeof(image_cases[0]); i++) {
		const struct image_case *t = &image_cases[i];
		const char *none =
		    html_images(a, t->html, IMAGES_NONE, media_words_stored());
		const char *link =
		    html_images(a, t->html, IMAGES_LINK, media_words_stored());
		/* Their size is not known. */
		const char *remote =
		    html_images(a, t->html, IMAGES_REMOTE, media_words_stored());

		if (strcmp(none, t->none) != 0 || strcmp(link, t->link) != 0 ||
		    strcmp(remote, t->link) != 0) {
			print_error("%s: got %s and %s, want %s and %s\n", t->name, none,
			    link, t->none, t->link);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
test_one_line(void **state)
{
	struct arena *a = arena_new();
	static const char *const table[][2] = {
		{ "plain  text\n", "plain text" },
		{ "A &amp; B", "A & B" },
		{ "A &amp;amp; B", "A &amp; B" },
		{ "<b>x</b> y<br>z", "x y z" },
		{ "a<script>b</script>", "a" },
		{ "a<p>b</p>c", "a b c" },
		{ "<div><p>a<b>b</b></p></div><i>c</i>d", "ab cd" },
		{ "a<img alt='b'>c<img>d", "abcd" },
		{ "a<style>b</style>c", "ac" },
		{ "a<template>b</template>c", "ac" },
		{ "a<svg>b</svg>c", "ac" },
		{ "a<iframe>b</iframe>c", "ac" },
		{ "a<noembed>b</noembed>c", "ac" },
		{ "a<noframes>b</noframes>c", "ac" },
		{ "a<noscript>b</noscript>c", "abc" },
	};
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *got = html_one_line(a, table[i][0], strlen(table[i][0]));

		if (strcmp(got, table[i][1]) != 0) {
			print_error("%s: got %s, want %s\n", table[i][0], got,
			    table[i][1]);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
test_feed_links(void **state)
{
	static const char page[] =
	    "<html><head><base href=\"/b/\">"
	    "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"News\" href=\"f.xml\">"
	    "<link rel=\"alternate\" type=\"text/html\" hreflang=\"de\" href=\"/de\">"
	    "<link rel=\"stylesheet\" href=\"s.css\"></head><body>x</body></html>";
	struct arena *a = arena_new();
	struct html_feed_link *links;
	size_t count =
	    html_feed_links(a, page, sizeof(page) - 1, "https://x.example/a/", &links);

	(void)state;
	assert_int_equal(count, 1);
	assert_string_equal(links[0].url, "https://x.example/b/f.xml");
	assert_string_equal(links[0].title, "News");
	assert_string_equal(links[0].type, "application/rss+xml");
	arena_free(a);
}

static void
test_types_of_feed_links(void **state)
{
	static const struct {
		const char *link;
		size_t want;
	} table[] = { { "type=\"application/atom+xml\" href=\"/f\"", 1 },
		{ "type=\"application/rss+xml; charset=utf-8\" href=\"/f\"", 1 },
		{ "type=\"Application/RSS+XML\" href=\"/f\"", 1 },
		{ "type=\"application/json\" href=\"/feed.json\"", 1 },
		{ "type=\"application/json+oembed\" href=\"/oembed?format=json\"", 0 },
		{ "type=\"text/xml+oembed\" href=\"/oembed?format=xml\"", 0 },
		{ "type=\"application/json\" href=\"/wp-json/wp/v2/posts/7\"", 0 },
		{ "media=\"handheld\" href=\"https://m.x.example/\"", 0 },
		{ "type=\"image/png\" href=\"/favicon.png\"", 0 },
		{ "type=\"application/rss+xml\"", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct arena *a = arena_new();
		struct html_feed_link *links = NULL;
		const char *page =
		    arena_printf(a, "<link rel=\"alternate\" %s>", table[i].link);
		const size_t got =
		    html_feed_links(a, page, strlen(page), "https://x.example/", &links);

		if (got != table[i].want)
			fail_msg("%s: got %zu, want %zu", table[i].link, got,
			    table[i].want);
		arena_free(a);
	}
}

static const struct media_words german = { .picture = "[Bild]",
	.picture_before = "[Bild: ",
	.picture_after = "]",
	.kinds = { "Film", "Ton", "Bild", "Schriftst\u00fcck", "Seite", "Objekt" } };

static const struct word_case {
	const char *name;
	const char *html;
	const char *want;
} word_cases[] = {
	{ "a player", "<p><a href=\"u:1\">Video (YouTube)</a></p>",
	    "<p><a href=\"u:1\">Film (YouTube)</a></p>" },
	{ "below its poster",
	    "<p><a href=\"u:1\"><img src=\"u:2\" alt=\"\"><br>Audio (x.example)</a></p>",
	    "<p><a href=\"u:1\"><img src=\"u:2\" alt=\"\"><br>Ton (x.example)</a></p>" },
	{ "on a line of its own below a still",
	    "<p><a href=\"u:1\"><img src=\"u:2\" alt=\"\">\n\nAudio (x.example)</a></p>",
	    "<p><a href=\"u:1\"><img src=\"u:2\" alt=\"\">\n\nTon (x.example)</a></p>" },
	{ "two words",
	    "<a href=\"u:1\">Embedded page (a.b)</a> <a href=\"u:2\">Document "
	    "(Scribd)</a> end",
	    "<a href=\"u:1\">Seite (a.b)</a> <a href=\"u:2\">Schriftst\u00fcck (Scribd)</a> "
	    "end" },
	{ "the author's words",
	    "<p>Video (YouTube) <a href=\"u:1\">Video (YouTube) of it</a></p>",
	    "<p>Video (YouTube) <a href=\"u:1\">Video (YouTube) of it</a></p>" },
	{ "a title", "<p><a href=\"u:1\">Video</a></p>",
	    "<p><a href=\"u:1\">Video</a></p>" },
	{ "a picture of the text",
	    "<p>[picture: a] <a href=\"u:1\">[picture: a &amp; b]</a> <a href=\"u:1\">see [picture: a]</a></p>",
	    "<p>[picture: a] <a href=\"u:1\">[Bild: a &amp; b]</a> <a href=\"u:1\">see [picture: a]</a></p>" },
	{ "nothing in brackets", "<a href=\"u:1\">Video ()</a>",
	    "<a href=\"u:1\">Video ()</a>" },
};

static void
words_for_players_and_pictures_are_those_of_the_letter(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(word_cases) / sizeof(word_cases[0]); i++) {
		const struct word_case *t = &word_cases[i];

		assert_string_equal(html_media_words(a, t->html, &german), t->want);
		assert_ptr_equal(html_media_words(a, t->html, media_words_stored()),
		    t->html);
	}
	assert_string_equal(html_images(a, "<p><img src=\"u:1\" alt=\"Katze\"></p>",
				IMAGES_LINK, &german),
	    "<p><a class=\"picture\" href=\"u:1\">[Bild: Katze]</a></p>");
	assert_string_equal(html_images(a, "<p><img src=\"u:1\" alt=\"\"></p>",
				IMAGES_LINK, &german),
	    "<p><a class=\"picture\" href=\"u:1\">[Bild]</a></p>");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(bytes_of_html_are_what_counts),
		cmocka_unit_test(test_images),
		cmocka_unit_test(words_for_players_and_pictures_are_those_of_the_letter),
		cmocka_unit_test(
		    a_sentence_that_only_a_mouse_would_show_stands_under_the_picture),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_feed_links),
		cmocka_unit_test(test_types_of_feed_links),
	};

	return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
