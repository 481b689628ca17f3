/* SPDX-License-Identifier: ISC */
/* What relative addresses in an entry's content are relative to. */
#include "feed_fixture.h"

#define ATOM(attr, home, link, content) \
	"<feed xmlns='http://www.w3.org/2005/Atom'" attr ">" \
	"<link href='" home "'/><entry><link href='" link \
	"'/><content type='html'>" content "</content></entry></feed>"
#define RSS(home, link, content) \
	"<rss version='2.0'><channel><link>" home "</link><item>" \
	"<link>" link "</link><description>" content \
	"</description></item></channel></rss>"
#define HREF(ref) "&lt;a href='" ref "'>x&lt;/a>"
#define BLOG "https://blog.example/feed.xml"

static const struct {
	const char *name;
	const char *url; /* of the feed, or NULL */
	const char *text;
	const char *href; /* NULL: no link is left */
} cases[] = {
	/* clang-format off */
	{ "the entry's page", BLOG, RSS("https://blog.example/", "https://blog.example/2026/one/",
	    HREF("two")), "https://blog.example/2026/one/two" },
	{ "a footnote", BLOG, RSS("https://blog.example/", "https://blog.example/2026/one/",
	    HREF("#fn-1")), "https://blog.example/2026/one/#fn-1" },
	{ "the same in Atom", BLOG, ATOM("", "/", "/2026/one/", HREF("../two/")),
	    "https://blog.example/2026/two/" },
	{ "xml:base goes before it", BLOG, ATOM(" xml:base='https://other.example/x/'",
	    "https://blog.example/", "https://blog.example/one", HREF("y")),
	    "https://other.example/x/y" },
	{ "xml:base of the XHTML inside", BLOG, "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
	    "<content type='xhtml' xml:base='a/'><span xmlns='http://www.w3.org/1999/xhtml' "
	    "xml:base='b/'><a href='c'>x</a></span></content></entry></feed>",
	    "https://blog.example/a/b/c" },
	{ "xml:base without a base of its own, and an address that needs none", NULL,
	    ATOM(" xml:base='/2026/'", "/", "/2026/one", HREF("https://blog.example/")),
	    "https://blog.example/" },
	{ "the feed moved to another host", "https://feeds.example/blog",
	    RSS("https://blog.example/", "https://blog.example/one", HREF("/two")),
	    "https://blog.example/two" },
	{ "and its entries go over that host", "https://feeds.example/blog",
	    RSS("https://blog.example/", "https://go.example/?to=one", HREF("/two")),
	    "https://blog.example/two" },
	{ "an entry about somebody else's page", BLOG,
	    RSS("https://blog.example/", "https://news.example/story", HREF("/about")),
	    "https://blog.example/about" },
	{ "www or not is the same site", BLOG,
	    RSS("https://blog.example/", "https://www.blog.example/one/", HREF("two")),
	    "https://www.blog.example/one/two" },
	{ "nothing but a feed", BLOG, RSS("", "", HREF("two")), "https://blog.example/two" },
	{ "no address of the feed", NULL, RSS("https://blog.example/", "", HREF("two")),
	    "https://blog.example/two" },
	{ "nothing to go by", NULL, RSS("", "", HREF("two")), NULL },
	{ "JSON Feed", BLOG, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\","
	    "\"items\":[{\"id\":\"1\",\"url\":\"https://blog.example/one/\","
	    "\"content_html\":\"<a href='two'>x</a>\"}]}", "https://blog.example/one/two" },
};
/* clang-format on */

static void
relative_addresses_are_those_of_the_entry_s_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p =
		    parse_bytes(cases[i].text, strlen(cases[i].text), cases[i].url, NULL);
		const char *want = "x";

		if (!p.feed || p.feed->entry_count != 1)
			fail_msg("%s: no entry: %s", cases[i].name, p.err.text);
		entry_clean(p.arena, &p.feed->entries[0], NULL);
		if (cases[i].href)
			want =
			    arena_printf(p.arena, "<a href=\"%s\">x</a>", cases[i].href);
		expect_text(cases[i].name, "html", p.feed->entries[0].html, want);
		parsed_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative_addresses_are_those_of_the_entry_s_page),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
