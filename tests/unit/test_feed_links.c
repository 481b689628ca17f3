/* SPDX-License-Identifier: ISC */
/* The feeds that a page names, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/feed_links.h"

#define RSS "rel=alternate type=application/rss+xml"

/* Each as "address (title) type;". */
static const struct {
	const char *page, *want;
} cases[] = {
	/* clang-format off */
	{ "", "" },
	{ "<link " RSS " href=/f>", "https://x.example/f () application/rss+xml;" },
	{ "<link " RSS " href=f title=' a \n b '><link rel='x ALTERNATE' type='text/xml\t' href=g title=''>",
		"https://x.example/a/f (a b) application/rss+xml;https://x.example/a/g () text/xml\t;" },
	{ "<link rel=alternate type=application/feed+json href=f>"
		"<link rel=alternate type=application/rdf+xml href=g>"
		"<link rel=alternate type='application/xml;x' href=h>",
		"https://x.example/a/f () application/feed+json;https://x.example/a/g () application/rdf+xml;"
		"https://x.example/a/h () application/xml;x;" },
	{ "<base><base href=/b/><base href=/c/><link " RSS " href=f>",
		"https://x.example/b/f () application/rss+xml;" },
	{ "<a " RSS " href=f>x</a>", "" },
	{ "<link type=application/rss+xml href=f>", "" },
	{ "<link rel=self type=application/rss+xml href=f>", "" },
	{ "<link rel=alternate href=f>", "" },
	{ "<link rel=alternate type=application/rss+xmls href=f>", "" },
	{ "<link " RSS ">", "" },
	{ "<link " RSS " href='mailto:a@x.example'>", "" },
	{ "<link " RSS " href='/wp-json/wp/v2/posts/7'><link " RSS " href=/f>",
		"https://x.example/f () application/rss+xml;" },
	/* clang-format on */
};

static void
pages_name_their_feeds(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_feed_link *links = NULL;
		const size_t count = html_feed_links(a, cases[i].page,
		    strlen(cases[i].page), "https://x.example/a/b", &links);
		const char *got = "";

		for (size_t k = 0; k < count; k++)
			got = arena_printf(a, "%s%s (%s) %s;", got, links[k].url,
			    links[k].title ? links[k].title : "", links[k].type);
		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].page, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
fifty_of_them_are_told(void **state)
{
	struct arena *a = arena_new();
	struct html_feed_link *links = NULL;
	struct buf b = BUF_INIT(1 << 14);

	(void)state;
	for (int i = 0; i < 51; i++)
		buf_addf(&b, "<link " RSS " href=/%d>", i);
	assert_int_equal(html_feed_links(a, buf_text(&b), b.len, "https://x.example/",
			     &links),
	    50);
	assert_string_equal(links[49].url, "https://x.example/49");
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_name_their_feeds),
		cmocka_unit_test(fifty_of_them_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
