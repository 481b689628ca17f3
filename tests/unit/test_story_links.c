/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/limits.h"
#include "digest/story_links.h"

/* ---- what a post can be about ---- */

#define SLUG "choosing-boring-technology"

/* Links of a blog at https://own.example/blog. */
static const struct {
	const char *address;
	bool counts;
} link_cases[] = {
	{ "https://x.example/", false },
	{ "https://x.example/" SLUG, true },
	{ "https://x.example/one_two_tri", true },
	{ "https://x.example/-a-b", true },
	{ "https://x.example/longer-parts", true },
	{ "https://x.example/longer-part", false }, /* two words of eleven bytes */
	{ "https://x.example/abcdefghijklmnopq", true },
	{ "https://x.example/abcdefghijklmnop", false },
	{ "https://x.example/12345", true },
	{ "https://x.example/1234", false },
	{ "https://x.example/a12345", true },
	{ "https://x.example/a1234", false },
	/* Behind what news stand in, a year, a month or a day. */
	{ "https://x.example/blog/soup", true },
	{ "https://x.example/blog/sou", false },
	{ "https://x.example/announcements/soup", true },
	{ "https://x.example/weblog/soup", true },
	{ "https://x.example/soup/blog", false },
	{ "https://x.example/soup/bone", false },
	{ "https://x.example/2026/soup", true },
	{ "https://x.example/10/soup", true },
	{ "https://x.example/1/soup", true },
	{ "https://x.example/123/soup", false },
	{ "https://x.example/blog/2026", false },
	/* A query that chooses. */
	{ "https://x.example/?p=123", true },
	{ "https://x.example/?p=abc", false },
	{ "https://x.example/?123", false },
	{ "https://x.example/?1=a", true },
	{ "https://x.example/a1?p=abc", false },
	{ "https://x.example/1//soup", true },
	{ "https://x.example/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z",
	    false },
	{ "https://youtu.be/abc", true },
	{ "https://youtu.be/", false },
	{ "https://youtu.be/a/b", false },
	/* Somebody's page, and what was written there. */
	{ "https://x.example/one-two-three/@ann", false },
	{ "https://x.example/@ann-of-the-hill", false },
	{ "https://x.example/@ann/123456", true },
	/* Flaws, wherever they stand. */
	{ "https://github.com/CVE-2026-1", true },
	{ "https://github.com/cve-12345", true },
	{ "https://github.com/cve-1234", false },
	{ "https://github.com/dve-2026-1", false },
	/* Projects and what happens in them. */
	{ "https://github.com/a/" SLUG, false },
	{ "https://github.com/a/b/pull/5", true },
	{ "https://github.com/a/b/releases/tag/v1", true },
	{ "https://github.com/a/b/advisories/5", true },
	{ "https://bitbucket.org/a/" SLUG, false },
	{ "https://sr.ht/a/" SLUG, false },
	{ "https://github.com/a/b/releases", false },
	{ "https://github.com/a/pull/5", false },
	{ "https://github.com/a/b/tree/main", false },
	{ "https://gist.github.com/a/" SLUG, false },
	{ "https://notgithub.com/" SLUG, true },
	/* Works of reference, by host, by its first label, by a part of the path. */
	{ "https://wikipedia.org/" SLUG, false },
	{ "https://en.wikipedia.org/" SLUG, false },
	{ "https://notwikipedia.org/" SLUG, true },
	{ "https://a.co/" SLUG, false },
	{ "https://xkcd.com/" SLUG, false },
	{ "https://api.x.example/" SLUG, false },
	{ "https://wiki.x.example/" SLUG, false },
	{ "https://docs.x.example/" SLUG, false },
	{ "https://docsx.x.example/" SLUG, true },
	{ "https://x.example/tag/" SLUG, false },
	{ "https://x.example/" SLUG "/about", false },
	{ "https://x.example/tagx/" SLUG, true },
	/* The blog's own. */
	{ "https://own.example/blog/" SLUG, false },
	{ "https://own.example/blog", false },
	{ "https://own.example/blog?p=123", false },
	{ "https://own.example/blogs/" SLUG, true },
	{ "https://own.example/" SLUG, true },
};

static void
read_links(struct arena *a, const char *html, const char *own, struct story_links *out)
{
	const struct entry e = { .html = html, .link = own };
	const struct source s = { .link = "https://own.example/blog/",
		.url = "https://own.example/blog/feed.xml" };

	story_links_read(a, &e, &s, out);
}

static void
links_that_count(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(link_cases); i++) {
		struct story_links links;

		read_links(a,
		    arena_printf(a, "<p>See <a href=\"%s\">it</a>.</p>",
			link_cases[i].address),
		    NULL, &links);
		if (links.count != 1 || links.list[0].counts != link_cases[i].counts)
			fail_msg("%s: want that it %s", link_cases[i].address,
			    link_cases[i].counts ? "counts" : "does not count");
	}
	arena_free(a);
}

/* ---- which links there are ---- */

static const struct {
	const char *name, *html, *want; /* addresses, a * behind the own */
} page_cases[] = {
	{ "none", "<p>Words.</p>", "" },
	{ "no HTML", NULL, "" },
	{ "in the order of the post",
	    "<a href=\"https://b.example/1\">b</a> <a href=\"https://a.example/1\">"
	    "a</a>",
	    "https://b.example/1 https://a.example/1" },
	{ "twice, with another fragment",
	    "<a href=\"https://b.example/1\">b</a> "
	    "<a href=\"https://b.example/1#x\">b</a>",
	    "https://b.example/1" },
	{ "an answer in a thread is the thread",
	    "<a href=\"https://f.example/t/slug/104131/466\">f</a> "
	    "<a href=\"https://f.example/t/slug/104131/467\">g</a>",
	    "https://f.example/t/slug/104131/466" },
	{ "with numbers of one digit",
	    "<a href=\"https://f.example/t/slug/1/2\">f</a> "
	    "<a href=\"https://f.example/t/slug/1/3\">g</a>",
	    "https://f.example/t/slug/1/2" },
	{ "with numbers of twelve",
	    "<a href=\"https://f.example/t/slug/123456789012/123456789012\">f</a> "
	    "<a href=\"https://f.example/t/slug/123456789012/123456789013\">g</a>",
	    "https://f.example/t/slug/123456789012/123456789012" },
	{ "thirteen are none",
	    "<a href=\"https://f.example/t/slug/1/1234567890123\">f</a> "
	    "<a href=\"https://f.example/t/slug/1/1234567890124\">g</a> "
	    "<a href=\"https://f.example/t/slug/1234567890123/1\">f</a> "
	    "<a href=\"https://f.example/t/slug/1234567890123/2\">g</a>",
	    "https://f.example/t/slug/1/1234567890123 "
	    "https://f.example/t/slug/1/1234567890124 "
	    "https://f.example/t/slug/1234567890123/1 "
	    "https://f.example/t/slug/1234567890123/2" },
	{ "no thread",
	    "<a href=\"https://f.example/s/slug/104131/466\">f</a> "
	    "<a href=\"https://f.example/s/slug/104131/467\">g</a> "
	    "<a href=\"https://f.example/t/slug/a/466\">g</a> "
	    "<a href=\"https://f.example/t/slug/a/467\">g</a>",
	    "https://f.example/s/slug/104131/466 "
	    "https://f.example/s/slug/104131/467 https://f.example/t/slug/a/466 "
	    "https://f.example/t/slug/a/467" },
	{ "a name, and a link of another element",
	    "<a name=\"n\">x</a><q href=\"https://q.example/1\">y</q>", "" },
	{ "a name alone", "<a name=\"n\">x</a>", "" },
	{ "its own",
	    "<a href=\"https://own.example/blog/1\">x</a> "
	    "<a href=\"https://own.example/\">y</a>",
	    "https://own.example/blog/1* https://own.example" },
	{ "escaped", "<a href=\"https://x.example/?a=1&amp;b=2\">x</a>",
	    "https://x.example?a=1&b=2" },
	{ "no address of the web",
	    "<a href=\"mailto:ann@x.example\">x</a> "
	    "<a href=\"https://x.example/1\">y</a>",
	    "https://x.example/1" },
};

static void
each_page_is_taken_once(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(page_cases); i++) {
		struct story_links links;
		const char *got = "";

		read_links(a, page_cases[i].html, NULL, &links);
		for (size_t k = 0; k < links.count; k++)
			got = arena_printf(a, "%s%s%s%s", got, k > 0 ? " " : "",
			    links.list[k].address, links.list[k].is_own ? "*" : "");
		if (strcmp(got, page_cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", page_cases[i].name, got,
			    page_cases[i].want);
	}
	arena_free(a);
}

static void
a_post_has_a_page_or_points_to_one(void **state)
{
	static const struct {
		const char *link;
		bool has_page, is_pointer;
	} cases[] = {
		{ NULL, false, false },
		{ "", false, false },
		{ "https://own.example/blog", false, false },
		{ "https://own.example/blog/", false, false },
		{ "https://own.example/blog/1", true, false },
		{ "https://x.example/" SLUG, true, true },
		{ "https://x.example/", false, true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct story_links links;

		read_links(a, "", cases[i].link, &links);
		if (links.has_page != cases[i].has_page ||
		    links.is_pointer != cases[i].is_pointer)
			fail_msg("%s: got %d and %d", cases[i].link, links.has_page,
			    links.is_pointer);
		if (links.has_page &&
		    (!links.own.is_own || !links.own.counts || !links.own.address))
			fail_msg("%s: is not its own", cases[i].link);
	}
	arena_free(a);
}

/* Where the feed names no site, its host is it. */
static void
a_blog_without_a_page_is_its_host(void **state)
{
	struct arena *a = arena_new();
	const struct entry e = { .html = "<a href=\"https://own.example/1\">x</a>"
					 "<a href=\"https://x.example/1\">y</a>" };
	const struct source s = { .url = "https://own.example/feed.xml" };
	const struct source none = { .link = "" };
	struct story_links links;

	(void)state;
	story_links_read(a, &e, &s, &links);
	assert_int_equal(links.count, 2);
	assert_true(links.list[0].is_own);
	assert_false(links.list[1].is_own);
	story_links_read(a, &e, &none, &links);
	assert_int_equal(links.count, 2);
	assert_false(links.list[0].is_own);
	arena_free(a);
}

static void
no_more_links_than_the_limit(void **state)
{
	struct arena *a = arena_new();
	struct story_links links;
	uint64_t pages[3] = { 0 };
	const char *html = "";

	(void)state;
	for (int i = 0; i < LIMIT_STORY_LINKS + 2; i++)
		html =
		    arena_printf(a, "%s<a href=\"https://x.example/%d\">x</a>", html, i);
	read_links(a, html, NULL, &links);
	assert_int_equal(links.count, LIMIT_STORY_LINKS);
	assert_string_equal(links.list[0].address, "https://x.example/0");
	assert_int_equal(story_pages(a, html, pages, 2), 2);
	assert_true(pages[0] == links.list[0].page);
	assert_true(pages[1] == links.list[1].page);
	assert_true(pages[2] == 0);
	assert_int_equal(story_pages(a,
			     "<a href=\"mailto:x\">x</a><a href=\"https://x.example/1\">",
			     pages, 3),
	    1);
	assert_true(pages[0] == links.list[1].page);
	arena_free(a);
}

/* ---- fresh ones ---- */

static const struct {
	const char *path, *now;
	bool want;
} month_cases[] = {
	{ "2026/11/soup", "2026-11-24T00:00:00Z", true },
	{ "2026/10/soup", "2026-11-24T00:00:00Z", true },
	{ "2026/12/soup", "2026-11-24T00:00:00Z", true },
	{ "2026/09/soup", "2026-11-24T00:00:00Z", false },
	{ "2027/01/soup", "2026-11-24T00:00:00Z", false },
	{ "2025/11/soup", "2026-11-24T00:00:00Z", false },
	{ "2026/12/soup", "2027-01-15T00:00:00Z", true },
	{ "2026/11/soup", "2027-01-15T00:00:00Z", false },
	{ "2027/2/soup", "2027-01-15T00:00:00Z", true },
	{ "2027/3/soup", "2027-01-15T00:00:00Z", false },
	{ "2026/11", "2026-11-24T00:00:00Z", true },
	{ "soup/2026/11/1", "2026-11-24T00:00:00Z", true },
	{ "2026/nov/soup", "2026-11-24T00:00:00Z", true },
	{ "2026/Dec/soup", "2026-11-24T00:00:00Z", true },
	{ "2027/jan/soup", "2027-01-15T00:00:00Z", true },
	{ "2026/jun/soup", "2026-11-24T00:00:00Z", false },
	{ "2026/nova/soup", "2026-11-24T00:00:00Z", false },
	{ "2026/13/soup", "2027-01-15T00:00:00Z", false },
	{ "2027/00/soup", "2027-01-15T00:00:00Z", false },
	{ "2026/111/soup", "2026-11-24T00:00:00Z", false },
	{ "2026", "2026-11-24T00:00:00Z", false },
	{ "2026-11-07-soup", "2026-11-24T00:00:00Z", true },
	{ "2026/09/soup", "2026-10-31T23:59:59Z", true },
	{ "2026/09/soup", "2026-11-01T00:00:00Z", false },
	{ "2027/tea/soup", "2027-01-15T00:00:00Z", false },
	{ "2026-08-07-soup/11", "2026-11-24T00:00:00Z", false },
	{ "2026-11-07-soup/08", "2026-11-24T00:00:00Z", true },
	{ "2026-11-07", "2026-11-24T00:00:00Z", true },
	{ "2026-11-7", "2026-11-24T00:00:00Z", false },
	{ "2026_11_07", "2026-11-24T00:00:00Z", false },
	{ "2026-08-07-soup", "2026-11-24T00:00:00Z", false },
	{ "20261107", "2026-11-24T00:00:00Z", true },
	{ "20260807", "2026-11-24T00:00:00Z", false },
	{ "2026110", "2026-11-24T00:00:00Z", false },
	{ "202611071", "2026-11-24T00:00:00Z", false },
	{ "2026110a", "2026-11-24T00:00:00Z", false },
	{ "a2026/11/soup", "2026-11-24T00:00:00Z", false },
	{ "?y=2026/11", "2026-11-24T00:00:00Z", false },
};

static void
addresses_that_name_a_month(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(month_cases); i++) {
		char address[100];
		int64_t now = 0;

		assert_true(clock_parse(month_cases[i].now, &now));
		(void)snprintf(address, sizeof(address), "https://x.example/%s",
		    month_cases[i].path);
		if (story_link_is_fresh(address, now) != month_cases[i].want)
			fail_msg("%s at %s: want %d", month_cases[i].path,
			    month_cases[i].now, month_cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_that_count),
		cmocka_unit_test(each_page_is_taken_once),
		cmocka_unit_test(a_post_has_a_page_or_points_to_one),
		cmocka_unit_test(a_blog_without_a_page_is_its_host),
		cmocka_unit_test(no_more_links_than_the_limit),
		cmocka_unit_test(addresses_that_name_a_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
