/* SPDX-License-Identifier: ISC */
/* Roots of feeds and what stands around them, bases of addresses, tags in titles, lists. */
#include "feed_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "feed/entry_text.h"
#include "feed/opml.h"

static void
the_root_tells_the_format(void **state)
{
	static const struct {
		const char *text, *format;
	} cases[] = {
		{ "<rss version='0.90'><channel/></rss>", "rss090" },
		{ "<rss version='0.9'><channel/></rss>", "rss090" },
		{ "<rss version='0.91'><channel/></rss>", "rss091" },
		{ "<rss version='0.92'><channel/></rss>", "rss092" },
		{ "<rss version='0.93'><channel/></rss>", "rss093" },
		{ "<rss version='0.94'><channel/></rss>", "rss094" },
		{ "<rss version='1.0'><channel/></rss>", "rss10" },
		{ "<rss version='2.0'><channel/></rss>", "rss20" },
		{ "<rss version='0.911'><channel/></rss>", "rss20" },
		{ "<rss><channel/></rss>", "rss20" },
		{ "<channel/>", "rss20" },
		{ "<CHANNEL/>", "cdf" },
		{ "<feed/>", "atom10" },
		{ "<feed version='0.3'/>", "atom03" },
		{ "<feed version='1.0'/>", "atom10" },
		{ "<feed xmlns='http://purl.org/atom/ns#'/>", "atom03" },
		{ "<feed xmlns='http://example.com/newformat#'/>", "atom03" },
		{ "<feed xmlns:a='urn:a' xmlns='http://example.com/newformat#'/>",
		    "atom03" },
		{ "<feed xmlns:a='urn:a' xmlns:b='urn:b' "
		  "xmlns='http://example.com/newformat#'/>",
		    "atom03" },
		{ "<feed xmlns='http://www.w3.org/2005/Atom'/>", "atom10" },
		{ "<entry/>", "atom10" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_text(cases[i].text);

		expect_text(cases[i].text, "format", p.feed ? p.feed->format : NULL,
		    cases[i].format);
		parsed_free(&p);
	}
}

static void
a_channel_may_be_the_root(void **state)
{
	struct parsed p =
	    parse_text("<channel xml:lang='de'><title>T</title><item><title>x"
		       "</title></item></channel>");

	(void)state;
	assert_non_null(p.feed);
	expect_text("channel", "title", p.feed->title, "T");
	expect_text("channel", "language", p.feed->language, "de");
	assert_int_equal(p.feed->entry_count, 1);
	parsed_free(&p);
}

static void
what_follows_the_root_is_left_out_with_a_warning(void **state)
{
	struct parsed p =
	    parse_text("<rss><channel><title>T</title></channel></rss>\n</x>");

	(void)state;
	assert_non_null(p.feed);
	expect_text("behind", "title", p.feed->title, "T");
	assert_false(p.feed->damaged);
	assert_int_equal(p.feed->warning_count, 1);
	assert_true(has_warning(p.feed, "line 2: "));
	assert_true(has_warning(p.feed, "; what follows was left out"));
	parsed_free(&p);
}

/* All that is said of a feed, each in front of a stroke. */
static const char *
warnings_of(const struct parsed *p)
{
	const char *text = "";

	for (size_t i = 0; p->feed && i < p->feed->warning_count; i++)
		text = arena_printf(p->arena, "%s%s|", text, p->feed->warnings[i]);
	return text;
}

#define CHANNEL(text) "<rss version='2.0'><channel>" text "</channel></rss>"
#define ITEM(date) "<item><pubDate>" date "</pubDate></item>"

/* clang-format off */
static const struct { const char *name, *text, *want; } warnings[] = {
	{ "nothing", CHANNEL(""), "" },
	{ "a blank in front", "\n<?xml version='1.0'?>" CHANNEL(""),
	    "line 1: white space in front of the XML declaration; skipped|" },
	{ "damage once", CHANNEL("\n<title>a & b</title>"), "line 2: unescaped '&'; repaired|" },
	{ "lines in front count", "<br />\n<b>x</b>\n" CHANNEL("\n<title>a & b</title>"),
	    "line 1: text in front of the root element; skipped|line 4: unescaped '&'; repaired|" },
	{ "the first of many dates without a zone",
	    CHANNEL(ITEM("2026-11-23 10:00") "\n" ITEM("2026-11-22 10:00") ITEM("2026-11-21 10:00")),
	    "line 1: date \"2026-11-23 10:00\" has no zone; read as UTC|" },
	{ "each date that is none, of which 40 bytes are shown",
	    CHANNEL(ITEM("one day") "\n" ITEM("a day of which nobody knows when it was to be")),
	    "line 1: date \"one day\" cannot be read|"
	    "line 2: date \"a day of which nobody knows when it was \" cannot be read|" },
	{ "a zone that nobody knows", CHANNEL(ITEM("24 Nov 2026 05:00 XYZ")),
	    "line 1: date \"24 Nov 2026 05:00 XYZ\" has an unknown zone; read as UTC|" },
	/* It is six o'clock on the 24th. */
	{ "a day from now", CHANNEL(ITEM("2026-11-25T06:00:00Z")), "" },
	{ "more than a day from now", CHANNEL(ITEM("2026-11-25T06:00:01Z")),
	    "line 1: date \"2026-11-25T06:00:01Z\" lies in the future|" },
	{ "and those behind a declaration",
	    "<br />\n<?xml version='1.0'?>\n\n" CHANNEL("\n<title>a & b</title>"),
	    "line 1: text in front of the root element; skipped|line 5: unescaped '&'; repaired|" },
};
/* clang-format on */

static void
what_is_wrong_is_said_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(warnings); i++) {
		struct parsed p = parse_text(warnings[i].text);

		expect_text(warnings[i].name, "warnings", warnings_of(&p),
		    warnings[i].want);
		parsed_free(&p);
	}
}

/* What no repair makes well-formed is read as far as it goes. */
static void
what_cannot_be_repaired_is_recovered(void **state)
{
	struct buf b = BUF_INIT(1 << 16);
	struct parsed p;

	(void)state;
	buf_adds(&b, "<!DOCTYPE rss [<!ENTITY e '");
	for (int i = 0; i < 100; i++)
		buf_adds(&b, "1234567890");
	buf_adds(&b,
	    "'>]><rss version='2.0'><channel><title>T</title><item><title>one</title>"
	    "</item><item><description>");
	for (int i = 0; i < 1100; i++)
		buf_adds(&b, "&e;");
	buf_adds(&b, "</description></item></channel></rss>");
	p = parse_text(buf_text(&b));
	assert_non_null(p.feed);
	expect_text("laughs", "title", p.feed->title, "T");
	expect_text("laughs", "entry", p.feed->entries[0].title, "one");
	assert_true(p.feed->damaged);
	expect_text("laughs", "warnings", warnings_of(&p),
	    "line 1: entities expand to more than the ceiling; repaired|"
	    "line 1: entities expand to more than the ceiling; recovered, some of it may be "
	    "missing|");
	parsed_free(&p);
	buf_clear(&b);
}

#define RDF(text) \
	"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' " \
	"xmlns='http://purl.org/rss/1.0/'>" text "</rdf:RDF>"
#define NETSCAPE " xmlns='http://my.netscape.com/rdf/simple/0.9/'"

/* The channel's own namespace tells it, and of RDF alone. */
static void
a_channel_tells_which_rdf_it_is(void **state)
{
	static const struct {
		const char *text, *format;
	} cases[] = {
		{ RDF("<channel/>"), "rss10" },
		{ RDF("<channel" NETSCAPE "/>"), "rss090" },
		{ RDF("<channel><x" NETSCAPE "/></channel>"), "rss10" },
		{ RDF("<channel><x><y" NETSCAPE "/></x></channel>"), "rss10" },
		{ "<rss version='2.0'><channel" NETSCAPE "/></rss>", "rss20" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_text(cases[i].text);

		expect_text(cases[i].text, "format", p.feed ? p.feed->format : NULL,
		    cases[i].format);
		parsed_free(&p);
	}
}

/* What a script printed in front of a feed is forgiven up to 8192 bytes. */
static void
a_root_is_looked_for_behind_junk(void **state)
{
	static const char feed[] = "<rss><channel><title>T</title></channel></rss>";

	(void)state;
	for (size_t junk = 8192; junk <= 8193; junk++) {
		struct buf b = BUF_INIT(1 << 14);
		struct parsed p;

		buf_adds(&b, "<br />\n");
		while (b.len < junk)
			buf_addc(&b, 'x');
		buf_adds(&b, feed);
		p = parse_text(buf_text(&b));
		if (junk == 8192) {
			assert_non_null(p.feed);
			expect_text("junk", "title", p.feed->title, "T");
			assert_true(p.feed->damaged);
			expect_text("junk", "warning", p.feed->warnings[0],
			    "line 1: text in front of the root element; skipped");
		} else {
			assert_null(p.feed);
		}
		parsed_free(&p);
		buf_clear(&b);
	}
}

/* Behind junk a feed begins with its declaration, whatever its root is called then. */
static void
behind_junk_a_feed_begins_with_its_declaration_or_a_root(void **state)
{
	static const struct {
		const char *text;
		bool is_feed;
	} cases[] = {
		{ "<br><?xml version='1.0'?><a:rss xmlns:a=''><channel><title>T</title></channel></a:rss>",
		    true },
		{ "<br><a:rss xmlns:a=''><channel><title>T</title></channel></a:rss>",
		    false },
		{ "<br><feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>",
		    true },
		{ "<br><?xml version='1.0'?><p/>"
		  "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_text(cases[i].text);

		if ((p.feed != NULL) != cases[i].is_feed)
			fail_msg("%s", cases[i].text);
		if (p.feed) {
			expect_text(cases[i].text, "title", p.feed->title, "T");
			assert_true(p.feed->damaged);
		}
		parsed_free(&p);
	}
}

static void
a_feed_that_is_too_large_is_not_read(void **state)
{
	static const struct feed_context context = { .now = 0 };
	struct arena *a = arena_new();
	struct feed *feed = NULL;
	struct err err = ERR_INIT;

	(void)state;
	assert_false(
	    feed_parse(a, "", LIMIT_FEED_BYTES + 1, &context, &feed, NULL, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	expect_text("large", "error", err.text, "larger than 67108864 bytes");
	assert_null(feed);
	arena_free(a);
}

static void
bytes_that_are_no_characters_are_counted(void **state)
{
	static const char text[] =
	    "<rss><channel><title>\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1"
	    "\xE1\xE1\xE1\xE1\xE1\xE1\xFF</title></channel></rss>";
	struct parsed p =
	    parse_bytes(text, sizeof(text) - 1, NULL, "text/xml; charset=iso-8859-7");

	(void)state;
	assert_non_null(p.feed);
	assert_int_equal(p.feed->warning_count, 1);
	expect_text("bytes", "warning", p.feed->warnings[0],
	    "1 bytes fit no character of ISO-8859-7; replaced");
	parsed_free(&p);
}

/* ---- addresses ---- */

#define FEED "https://f.example/feed"

/* What is relative in an entry's content is relative to its page, its home or its feed. */
static void
content_has_the_base_that_its_writer_saw(void **state)
{
	static const struct {
		const char *home, *link, *base;
	} cases[] = {
		{ "https://h.example/", "https://h.example/p/1",
		    "https://h.example/p/1" },
		{ "https://www.h.example/", "http://H.example/p/1",
		    "http://h.example/p/1" },
		{ "https://h.example/", "https://f.example/p/1",
		    "https://f.example/p/1" },
		{ "https://h.example/", "https://o.example/p/1", "https://h.example/" },
		{ "https://h.example/", "https://h.example:8080/p",
		    "https://h.example/" },
		{ "https://h.example:8080/", "https://h.example:8080/p",
		    "https://h.example:8080/p" },
		{ "https://h.example:8080/", "https://h.example:8081/p",
		    "https://h.example:8080/" },
		{ "https://h.example/", "https://hh.example/p", "https://h.example/" },
		{ "https://f.example/", "https://o.example/p/1", FEED },
		{ "", "https://o.example/p/1", FEED },
		{ "", "https://f.example/p/1", "https://f.example/p/1" },
		{ "", "", FEED },
		{ "ftp://h.example/", "https://o.example/p/1", FEED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(1 << 12);
		struct parsed p;

		buf_addf(&b,
		    "<rss><channel><link>%s</link><item><link>%s</link><description>x"
		    "</description></item></channel></rss>",
		    cases[i].home, cases[i].link);
		p = parse_bytes(buf_text(&b), b.len, FEED, NULL);
		assert_non_null(p.feed);
		expect_text(cases[i].link, cases[i].home, p.feed->entries[0].content.base,
		    cases[i].base);
		parsed_free(&p);
		buf_clear(&b);
	}
}

/* What the link of a feed's only post becomes; it stands in the form as @. */
static void
expect_link(const char *form, const char *url, const char *link, const char *want)
{
	const char *at = strchr(form, '@');
	struct buf b = BUF_INIT(1 << 12);
	struct parsed p;

	buf_add(&b, form, (size_t)(at - form));
	buf_adds(&b, link);
	buf_adds(&b, at + 1);
	p = parse_bytes(buf_text(&b), b.len, url, NULL);
	assert_non_null(p.feed);
	expect_text(link, "link", p.feed->entries[0].link, want);
	parsed_free(&p);
	buf_clear(&b);
}

/* A feed that moved away names pages of its home; what names a site is there. */
static void
paths_lead_to_the_home_of_a_feed_that_moved(void **state)
{
	static const struct {
		const char *link, *want;
	} cases[] = {
		{ "/p", "http://h.example/p" },
		{ "p", "http://h.example/p" },
		{ "?p", "http://h.example/?p" },
		{ "//o.example/p", "https://o.example/p" },
		{ "www.o.example/p", "http://www.o.example/p" },
		{ "https://o.example/p", "https://o.example/p" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_link("<rss><channel><item><title>x</title><link>@</link></item>"
			    "<link>http://h.example/</link></channel></rss>",
		    FEED, cases[i].link, cases[i].want);
	}
}

static void
links_without_a_base_stay_as_written(void **state)
{
	static const struct {
		const char *link, *want;
	} cases[] = {
		{ "a/b", "a/b" },
		{ "a?b:c", "a?b:c" },
		{ "a/b:c", "a/b:c" },
		{ "#a:b", "#a:b" },
		{ "x:y", NULL },
		{ " www.x.example/?a&amp;amp;b&amp;c", "http://www.x.example/?a&b&c" },
		{ "WWW.x.example", "http://www.x.example/" },
		{ "https://x.example/?a&amp;amp;b", "https://x.example/?a&b" },
		{ "https://x.example/?a&amp;amp", "https://x.example/?a&amp" },
		{ "gemini://x.example/", "gemini://x.example/" },
		{ "foo://x.example/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_link("<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
			    "<link href='@'/></entry></feed>",
		    NULL, cases[i].link, cases[i].want);
	}
}

/* ---- titles ---- */

static const struct {
	const char *text, *want;
} titles[] = {
	{ "<script>a</script", "<script>a</script" },
	{ "<style>a</styles>b</style>c", "c" },
	{ "<style>a</style2>b</style>c", "c" },
	{ "<style>a</style>b<style>c", "b<style>c" },
	{ "<script>a</SCRIPT >b", "b" },
	{ "a<style>b</style>", "a" },
	{ "<script src=x>a", "a" },
	{ "<script>a", "<script>a" },
	{ "<!--a-->b", "b" },
	{ "<!---->b", "b" },
	{ "<!-->b", "<!-->b" },
	{ "<!--->b", "<!--->b" },
	{ "<!--a--", "<!--a--" },
	{ "a<!--b", "a<!--b" },
	{ "<b>a</b><b>", "a<b>" },
	{ "<b>a<b>b</b>c</b>", "abc" },
	{ "<b>a<b>b</b>c", "<b>abc" },
	{ "<p>a", "a" },
	{ "<p> a", "<p> a" },
	{ "<p class=x> a", "a" },
	{ "<p>", "<p>" },
	{ "</b>a", "</b>a" },
	{ "a</b>", "a" },
	{ "a </b>", "a </b>" },
	{ "a </a>", "a </a>" },
	{ "a </wbr>", "a </wbr>" },
	{ "<a href=x>a", "a" },
	{ "<br/>a<br>b<br\n/>c", "a b c" },
	{ "<br", "<br" },
	{ "<b/>a</b>", "a" },
	{ "<b>a</b", "<b>a</b" },
	{ "<br x='>'>a", "a" },
	{ "<br x= '>'>a", "a" },
	{ "<br x=\"'>\">a", "a" },
	{ "<br x'>a' y='b'>", "a' y='b'>" },
	{ "<1>a</1>", "<1>a</1>" },
	{ "<h1>a</h1>", "a" },
	{ "<h7>a</h7>", "<h7>a</h7>" },
	{ "<b2>a</b2>", "<b2>a</b2>" },
	/* References, which are decoded once. */
	{ "a &amp; b &lt;c&gt; &#146; &#x41;&#38;amp;", "a & b <c> \u2019 A&amp;" },
	{ "&thetasym;&notin;&nosuch;", "\u03D1\u2209&nosuch;" },
	{ "a & b &", "a & b &" },
	{ "a &b", "a &b" },
	{ "&amp", "&" },
	{ "&#0;a", "\uFFFDa" },
	{ "&\u00A0;", "&\u00A0;" },
	{ "<", "<" },
	{ "a <", "a <" },
	{ "</", "</" },
};

static void
tags_of_titles_are_told_from_signs(void **state)
{
	struct arena *a = arena_new();
	struct build b = { .a = a, .scratch = a };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		expect_text(titles[i].text, "title", plain_of_html(&b, titles[i].text),
		    titles[i].want);
	arena_free(a);
}

/* Behind its name a tag has 4096 bytes at most; what has more is text. */
static void
a_tag_of_a_title_is_not_long(void **state)
{
	struct arena *a = arena_new();
	struct build b = { .a = a, .scratch = a };

	(void)state;
	for (size_t len = 4096; len <= 4097; len++) {
		struct buf text = BUF_INIT(1 << 13);
		const char *got;

		buf_adds(&text, "<br alt=");
		while (text.len < strlen("<br") + len - 1)
			buf_addc(&text, 'x');
		buf_adds(&text, ">y");
		got = plain_of_html(&b, buf_text(&text));
		if (len == 4096)
			expect_text("short", "title", got, "y");
		else
			assert_memory_equal(got, "<br alt=xxx", 11);
		buf_clear(&text);
	}
	arena_free(a);
}

/* ---- lists ---- */

static void
lists_name_groups_by_what_is_around(void **state)
{
	static const struct {
		const char *body, *want; /* "url,name,link,group;" each */
	} cases[] = {
		{ "<outline title='G' url='u:1'><outline xmlUrl='u:2' text='a'/></outline>",
		    "u:2,a,,G;" },
		{ "<outline text='G' url='u:1'><outline text=''><outline xmlUrl='u:2'/>"
		  "</outline></outline>",
		    "u:2,,,G;" },
		{ "<outline type='RSS' url='u:1' text='a'/>", "u:1,a,,;" },
		{ "<outline type='link' url='u:1' text='a'/>", "" },
		{ "<outline title='' text='b' xmlUrl='u:1' htmlUrl='u:3'/>",
		    "u:1,b,u:3,;" },
		{ "<outline title='a &amp;amp; &lt;b&gt;b&lt;/b&gt;' xmlUrl='u:1'/>",
		    "u:1,a & b,,;" },
		{ "<outline text='A'><outline text='B'><outline xmlUrl='u:1'/></outline>"
		  "<outline xmlUrl='u:2'/></outline><outline xmlUrl='u:3'/>",
		    "u:1,,,B;u:2,,,A;u:3,,,;" },
		{ "<outline xmlUrl='u:1' text='a'><outline xmlUrl='u:2' text='b'/></outline>",
		    "u:1,a,,;u:2,b,,;" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct opml_feed *feeds = NULL;
		size_t count = 0;
		const char *got = "";
		const char *text =
		    arena_printf(a, "<opml><body>%s</body></opml>", cases[i].body);

		assert_true(opml_parse(a, text, strlen(text), &feeds, &count, &err));
		for (size_t k = 0; k < count; k++)
			got = arena_printf(a, "%s%s,%s,%s,%s;", got, feeds[k].url,
			    feeds[k].name ? feeds[k].name : "",
			    feeds[k].link ? feeds[k].link : "",
			    feeds[k].group ? feeds[k].group : "");
		expect_text(cases[i].body, "list", got, cases[i].want);
		arena_free(a);
	}
}

/* A list of which something would be left out is refused. */
static void
a_list_that_is_too_deep_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct opml_feed *feeds = NULL;
	size_t count = 1;
	struct buf b = BUF_INIT(1 << 16);

	(void)state;
	buf_adds(&b, "<opml><body>");
	for (int i = 0; i < LIMIT_XML_DEPTH; i++)
		buf_adds(&b, "<outline>");
	buf_adds(&b, "<outline xmlUrl='u:1'/>");
	for (int i = 0; i < LIMIT_XML_DEPTH; i++)
		buf_adds(&b, "</outline>");
	buf_adds(&b, "</body></opml>");
	assert_false(opml_parse(a, buf_text(&b), b.len, &feeds, &count, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_int_equal(count, 0);
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_root_tells_the_format),
		cmocka_unit_test(a_channel_may_be_the_root),
		cmocka_unit_test(what_follows_the_root_is_left_out_with_a_warning),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(what_cannot_be_repaired_is_recovered),
		cmocka_unit_test(a_channel_tells_which_rdf_it_is),
		cmocka_unit_test(a_root_is_looked_for_behind_junk),
		cmocka_unit_test(
		    behind_junk_a_feed_begins_with_its_declaration_or_a_root),
		cmocka_unit_test(a_feed_that_is_too_large_is_not_read),
		cmocka_unit_test(bytes_that_are_no_characters_are_counted),
		cmocka_unit_test(content_has_the_base_that_its_writer_saw),
		cmocka_unit_test(paths_lead_to_the_home_of_a_feed_that_moved),
		cmocka_unit_test(links_without_a_base_stay_as_written),
		cmocka_unit_test(tags_of_titles_are_told_from_signs),
		cmocka_unit_test(a_tag_of_a_title_is_not_long),
		cmocka_unit_test(lists_name_groups_by_what_is_around),
		cmocka_unit_test(a_list_that_is_too_deep_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
