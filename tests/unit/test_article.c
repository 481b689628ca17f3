/* SPDX-License-Identifier: ISC */
/* The post on a whole page: found by names, by elements, by prose, by the keeper's selector. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "html/clean.h"
#include "unit/guarded.h"

#define PROSE \
	"<p>It was a long way down to the harbour, and the fog lay on it like a lid.</p>" \
	"<p>Nobody spoke, for the boats had been gone since Tuesday and the wind was rising.</p>" \
	"<p>On the quay stood the old crane, which had not moved in years, and under it a dog.</p>"
#define CLEAN \
	"<p>It was a long way down to the harbour, and the fog lay on it like a lid.</p>\n" \
	"<p>Nobody spoke, for the boats had been gone since Tuesday and the wind was rising.</p>\n" \
	"<p>On the quay stood the old crane, which had not moved in years, and under it a dog.</p>"
#define MENU \
	"<nav><ul><li><a href='/'>Home</a></li><li><a href='/a'>All posts</a></li></ul></nav>"
#define ASIDE \
	"<aside><p>Subscribe to our newsletter, it is free and comes each Friday.</p></aside>"
#define COMMENTS \
	"<div id='comments'><p>First! What a lovely text, I have read it twice and then again.</p></div>"
#define PAGE(body) \
	"<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body>" MENU \
	    body \
	"<footer><p>Copyright by all of us, and a good many words about cookies.</p></footer>" \
	"</body></html>"

static const struct {
	const char *name, *selector, *page, *want;
} cases[] = {
	/* clang-format off */
	{ "the name that WordPress gives it", "article",
	    PAGE("<article><h1>T</h1><div class='entry-content'>" PROSE "</div>" COMMENTS
	    "</article>" ASIDE), CLEAN },
	{ "the name of a microformat", "article",
	    PAGE("<div class='h-card'><p>I am Ann.</p></div><div class='e-content'>" PROSE "</div>"),
	    CLEAN },
	{ "the name of schema.org", "article",
	    PAGE("<div itemprop='articleBody'>" PROSE "</div>"), CLEAN },
	{ "no name, but an element", "article", PAGE("<article>" PROSE "</article>" ASIDE), CLEAN },
	{ "the longer of two articles", "article",
	    PAGE("<article><p>A teaser of another post, which has some words too, as teasers have."
	    "</p></article><article>" PROSE "</article><article><p>Read also this.</p></article>"),
	    CLEAN },
	{ "main", "article", PAGE("<main>" PROSE "</main>"), CLEAN },
	{ "nothing but prose", "article",
	    PAGE("<div id='a'><div id='b'><p>Short.</p></div><div id='c'>" PROSE "</div></div>"),
	    CLEAN },
	{ "comments are no post", "article",
	    PAGE("<div class='post-content'>" PROSE COMMENTS "</div>"), CLEAN },
	{ "a menu alone is no post", "article", PAGE("<p>Log in.</p>"), "" },
	{ "a selector", "div.text", PAGE("<div class='text wide'>" PROSE "</div><p>Other.</p>"),
	    CLEAN },
	{ "the first selector of some that fits", "#gone\n#here",
	    PAGE("<div id='here'>" PROSE "</div>"), CLEAN },
	{ "a selector that fits nothing", "#gone", PAGE("<article>" PROSE "</article>"), "" },
	{ "a script in it is none", "#x",
	    PAGE("<div id='x'><script>alert(1)</script><p onclick='x()'>Words.</p></div>"),
	    "<p>Words.</p>" },
	{ "no page at all", "article", "", "" },
	/* clang-format on */
};

static void
posts_are_found_on_their_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		const struct html_options o = { .base = "https://a.example/p",
			.title = "T",
			.article = cases[i].selector,
			.heading_base = 4 };
		struct html_clean got;

		html_clean(a, guarded(cases[i].page, strlen(cases[i].page)),
		    strlen(cases[i].page), &o, &got);
		if (strcmp(got.html, cases[i].want) != 0)
			fail_msg("%s:\n got  %s\n want %s", cases[i].name, got.html,
			    cases[i].want);
		arena_free(a);
	}
}

/* Each of very many places that might be the post is looked at once. */
static void
pages_of_many_places_take_no_longer(void **state)
{
	enum { MANY = 20000 };
	struct buf b = BUF_INIT(4 << 20);
	struct arena *a = arena_new();
	const struct html_options o = { .article = "article", .heading_base = 4 };
	struct html_clean got;

	(void)state;
	for (int i = 0; i < MANY; i++)
		buf_adds(&b, "<div class='entry-content'><p>x, y</p></div>");
	html_clean(a, buf_text(&b), b.len, &o, &got);
	if (!strstr(got.html, "x, y"))
		fail_msg("got %s", got.html);
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_are_found_on_their_pages),
		cmocka_unit_test(pages_of_many_places_take_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
