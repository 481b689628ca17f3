/* SPDX-License-Identifier: ISC */
/* Whole feeds of each vocabulary, with much of what it has, and all that is understood of them. */
#include <stdio.h>

#include "feed_fixture.h"

#include "base/buf.h"
#include "feed/jsonfeed_write.h"

#define SPACES \
	"xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' " \
	"xmlns:content='http://purl.org/rss/1.0/modules/content/' " \
	"xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' " \
	"xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dcterms='http://purl.org/dc/terms/'"
#define HEAD "{\"version\":\"https://jsonfeed.org/version/1.1\","
#define OURS(format, more, warnings) \
	"\"_planetpost\":{\"format\":\"" format \
	"\",\"encoding\":\"UTF-8\",\"damaged\":false," more "\"warnings\":[" warnings \
	"]},"

static const struct {
	const char *name, *text, *json;
} feeds[] = {
	{ "a podcast in RSS 2.0",
	    "<rss version='2.0' " SPACES "><channel><title>Tea &amp;amp; Talk</title>"
	    "<link>https://t.example/</link><description>All &lt;b&gt;about&lt;/b&gt; tea"
	    "</description><language>en-GB</language><ttl>90</ttl>"
	    "<itunes:image href='/cover.png'/>"
	    "<atom:link rel='self' href='https://t.example/feed'/>"
	    "<atom:link rel='hub' href='https://hub.example/'/>"
	    "<atom:link rel='next' href='https://t.example/feed?2'/>"
	    "<managingEditor>ed@t.example (Ed Itor)</managingEditor>"
	    "<lastBuildDate>Tue, 24 Nov 2026 06:00:00 GMT</lastBuildDate>"
	    "<item><title>One</title><link>/1</link><guid isPermaLink='false'>g1</guid>"
	    "<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><dc:creator>Ann</dc:creator>"
	    "<category>tea</category><category domain='x'>talk</category>"
	    "<enclosure url='/1.mp3' type='audio/mpeg' length='1234'/>"
	    "<itunes:duration>1:02:03</itunes:duration>"
	    "<description>short</description>"
	    "<content:encoded>&lt;p&gt;long &lt;img src='a.png'&gt;&lt;/p&gt;</content:encoded>"
	    "</item>"
	    "<item><guid>https://t.example/2</guid><dc:date>2026-11-22T10:00:00Z</dc:date>"
	    "<dcterms:modified>2026-11-23T00:00:00Z</dcterms:modified>"
	    "<title>Two</title>"
	    "<media:content url='/2.jpg' type='image/jpeg' fileSize='10'/>"
	    "<media:content url='/2.ogg' type='audio/ogg' duration='61'>"
	    "<media:title>Sound</media:title></media:content>"
	    "<media:keywords>cup, black tea</media:keywords>"
	    "<author>bo@t.example</author><description>Text</description></item>"
	    "</channel></rss>",
	    HEAD
	    "\"title\":\"Tea & Talk\",\"home_page_url\":\"https://t.example/\","
	    "\"feed_url\":\"https://t.example/feed\",\"description\":\"All about tea\","
	    "\"next_url\":\"https://t.example/feed?2\","
	    "\"icon\":\"https://t.example/cover.png\","
	    "\"authors\":[{\"name\":\"Ed Itor\",\"url\":\"mailto:ed@t.example\"}],"
	    "\"language\":\"en-GB\","
	    "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"https://hub.example/\"}]," OURS(
		"rss20", "\"updated\":\"2026-11-24T06:00:00Z\",\"ttl\":5400,",
		"") "\"items\":[{\"id\":\"g1\",\"url\":\"https://t.example/1\",\"title\":\"One\","
		    "\"content_html\":\"<p>long <img src=\\\"https://t.example/a.png\\\" alt=\\\"\\\">"
		    "</p>\",\"summary\":\"short\",\"image\":\"https://t.example/a.png\","
		    "\"date_published\":\"2026-11-23T10:00:00Z\","
		    "\"authors\":[{\"name\":\"Ann\"}],\"tags\":[\"tea\",\"talk\"],"
		    ""
		    "\"attachments\":[{\"url\":\"https://t.example/1.mp3\","
		    "\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":1234,"
		    "\"duration_in_seconds\":3723}]},"
		    "{\"id\":\"https://t.example/2\",\"url\":\"https://t.example/2\","
		    "\"title\":\"Two\",\"content_html\":\"Text\","
		    "\"image\":\"https://t.example/2.jpg\","
		    "\"date_published\":\"2026-11-22T10:00:00Z\","
		    "\"date_modified\":\"2026-11-23T00:00:00Z\","
		    "\"authors\":[{\"name\":\"bo@t.example\",\"url\":\"mailto:bo@t.example\"}],"
		    "\"tags\":[\"cup\",\"black tea\"],"
		    "\"attachments\":[{\"url\":\"https://t.example/2.jpg\","
		    "\"mime_type\":\"image/jpeg\",\"size_in_bytes\":10},"
		    "{\"url\":\"https://t.example/2.ogg\",\"mime_type\":\"audio/ogg\","
		    "\"title\":\"Sound\",\"duration_in_seconds\":61}]}]}" },
	{ "Atom 1.0",
	    "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' "
	    "xml:base='https://a.example/b/'><title type='html'>A &amp;lt; B</title>"
	    "<subtitle type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>so <i>it</i> is"
	    "</div></subtitle><link href='.'/><link rel='self' href='atom'/>"
	    "<link rel='prev-archive' href='old'/><icon>i.ico</icon>"
	    "<updated>2026-11-24T05:00:00Z</updated>"
	    "<author><name>Ann</name><uri>/ann</uri></author>"
	    "<entry><id>urn:1</id><title>One</title><link href='1'/>"
	    "<link rel='enclosure' href='1.ogg' type='audio/ogg' length='7' title='Sound'/>"
	    "<link rel='via' href='https://else.example/x'/>"
	    "<published>2026-11-23T10:00:00+01:00</published>"
	    "<updated>2026-11-23T11:00:00Z</updated>"
	    "<author><name>Bo</name><email>bo@a.example</email></author>"
	    "<author><name>Cy</name></author><contributor><name>Dee</name></contributor>"
	    "<category term='t' label='T'/><category label='L'/>"
	    "<summary>sum</summary><content type='html'>&lt;p>c&lt;/p></content>"
	    "</entry>"
	    "<entry><id>urn:2</id><title>Two</title>"
	    "<content src='2.html' type='text/html'/></entry>"
	    "<entry><id>urn:3</id><content type='text'>a &lt; b</content></entry></feed>",
	    HEAD
	    "\"title\":\"A < B\",\"home_page_url\":\"https://a.example/b/\","
	    "\"feed_url\":\"https://a.example/b/atom\",\"description\":\"so it is\","
	    "\"next_url\":\"https://a.example/b/old\","
	    "\"icon\":\"https://a.example/b/i.ico\","
	    "\"authors\":[{\"name\":\"Ann\",\"url\":\"https://a.example/ann\"}],"
	    "\"language\":\"de\"," OURS("atom10", "\"updated\":\"2026-11-24T05:00:00Z\",",
		"") "\"items\":[{\"id\":\"urn:1\",\"url\":\"https://a.example/b/1\","
		    "\"external_url\":\"https://else.example/x\",\"title\":\"One\","
		    "\"content_html\":\"<p>c</p>\",\"summary\":\"sum\","
		    "\"date_published\":\"2026-11-23T09:00:00Z\","
		    "\"date_modified\":\"2026-11-23T11:00:00Z\","
		    "\"authors\":[{\"name\":\"Bo\",\"url\":\"mailto:bo@a.example\"},"
		    "{\"name\":\"Cy\"}],\"tags\":[\"t\",\"L\"],"
		    "\"attachments\":[{\"url\":\"https://a.example/b/1.ogg\","
		    "\"mime_type\":\"audio/ogg\",\"title\":\"Sound\",\"size_in_bytes\":7}]},"
		    "{\"id\":\"urn:2\",\"url\":\"https://a.example/b/2.html\",\"title\":\"Two\","
		    "\"content_html\":\"\"},"
		    "{\"id\":\"urn:3\",\"content_html\":\"<p>a &lt; b</p>\","
		    "\"content_text\":\"a < b\"}]}" },
	{ "JSON Feed 1.1",
	    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\","
	    "\"home_page_url\":\"https://j.example/\",\"feed_url\":\"https://j.example/f\","
	    "\"description\":\"D\",\"next_url\":\"https://j.example/f2\","
	    "\"icon\":\"https://j.example/i\",\"language\":\"pl\","
	    "\"authors\":[{\"name\":\"Ann\",\"url\":\"https://ann.example/\"}],"
	    "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"https://hub.example/\"}],"
	    "\"items\":[{\"id\":\"1\",\"url\":\"https://j.example/1\","
	    "\"external_url\":\"https://e.example/\",\"title\":\"One\","
	    "\"content_html\":\"<p>x</p>\",\"summary\":\"s\",\"image\":\"https://j.example/p.png\","
	    "\"date_published\":\"2026-11-23T10:00:00Z\","
	    "\"date_modified\":\"2026-11-23T11:00:00Z\",\"tags\":[\"a\",\"b\"],"
	    "\"authors\":[{\"name\":\"Bo\"},{\"name\":\"Cy\"}],"
	    "\"attachments\":[{\"url\":\"https://j.example/a.mp3\",\"mime_type\":\"audio/mpeg\","
	    "\"title\":\"T\",\"size_in_bytes\":0,\"duration_in_seconds\":61.7},"
	    "{\"url\":\"/b.mp3\",\"size_in_bytes\":-1,\"duration_in_seconds\":-1}]},"
	    "{\"id\":2,\"content_text\":\"plain\"}]}",
	    HEAD
	    "\"title\":\"J\",\"home_page_url\":\"https://j.example/\","
	    "\"feed_url\":\"https://j.example/f\",\"description\":\"D\","
	    "\"next_url\":\"https://j.example/f2\",\"icon\":\"https://j.example/i\","
	    "\"authors\":[{\"name\":\"Ann\",\"url\":\"https://ann.example/\"}],"
	    "\"language\":\"pl\","
	    "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"https://hub.example/\"}]," OURS(
		"json11", "",
		"") "\"items\":[{\"id\":\"1\",\"url\":\"https://j.example/1\","
		    "\"external_url\":\"https://e.example/\",\"title\":\"One\","
		    "\"content_html\":\"<p>x</p>\",\"summary\":\"s\","
		    "\"image\":\"https://j.example/p.png\","
		    "\"date_published\":\"2026-11-23T10:00:00Z\","
		    "\"date_modified\":\"2026-11-23T11:00:00Z\","
		    "\"authors\":[{\"name\":\"Bo\"},{\"name\":\"Cy\"}],\"tags\":[\"a\",\"b\"],"
		    ""
		    "\"attachments\":[{\"url\":\"https://j.example/a.mp3\","
		    "\"mime_type\":\"audio/mpeg\",\"title\":\"T\",\"size_in_bytes\":0,"
		    "\"duration_in_seconds\":61},{\"url\":\"https://t.example/b.mp3\","
		    "\"mime_type\":\"application/octet-stream\"}]},"
		    "{\"id\":\"2\",\"content_html\":\"<p>plain</p>\",\"content_text\":\"plain\"}]}" },
	{ "RSS 1.0",
	    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	    "xmlns='http://purl.org/rss/1.0/' " SPACES ">"
	    "<channel rdf:about='https://r.example/'><title>R</title>"
	    "<link>https://r.example/</link><description>D</description>"
	    "<dc:language>ja</dc:language></channel>"
	    "<item rdf:about='https://r.example/1'><title>One</title>"
	    "<link>https://r.example/1</link><dc:subject>s</dc:subject>"
	    "<dc:creator>Ann</dc:creator><dc:date>2026-11-23</dc:date>"
	    "<description>d</description></item></rdf:RDF>",
	    HEAD
	    "\"title\":\"R\",\"home_page_url\":\"https://r.example/\","
	    "\"description\":\"D\",\"language\":\"ja\"," OURS("rss10", "",
		"") "\"items\":[{\"id\":\"https://r.example/1\",\"url\":\"https://r.example/1\","
		    "\"title\":\"One\",\"content_html\":\"d\","
		    "\"date_published\":\"2026-11-23T00:00:00Z\","
		    "\"authors\":[{\"name\":\"Ann\"}],\"tags\":[\"s\"]}]}" },
};

/* JSON without the blanks between its parts. */
static const char *
packed(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '"' && (n == 0 || text[-1] != '\\'))
			quoted = !quoted;
		if (quoted || (*text != ' ' && *text != '\n'))
			out[n++] = *text;
	}
	out[n] = '\0';
	return out;
}

static void
whole_feeds_are_understood(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
		struct parsed p = parse_bytes(feeds[i].text, strlen(feeds[i].text),
		    "https://t.example/feed", NULL);
		struct buf out = BUF_INIT(1 << 20);
		const char *got = NULL;
		size_t at = 0;

		if (!p.feed)
			fail_msg("%s: %s", feeds[i].name, p.err.text);
		for (size_t k = 0; k < p.feed->entry_count; k++)
			entry_clean(p.arena, &p.feed->entries[k], NULL);
		feed_write_json(p.feed, &out);
		got = packed(p.arena, buf_text(&out));
		while (got[at] && got[at] == feeds[i].json[at])
			at++;
		if (got[at] || feeds[i].json[at]) {
			print_error("%s: got ...%.200s, want ...%.200s\n", feeds[i].name,
			    got + (at > 30 ? at - 30 : 0),
			    feeds[i].json + (at > 30 ? at - 30 : 0));
			failed++;
		}
		buf_clear(&out);
		parsed_free(&p);
	}
	assert_int_equal(failed, 0);
}

/* An entry that says of itself nothing but words is known by them. */
static void
an_entry_without_id_is_known_by_its_words(void **state)
{
	struct parsed p = parse_text("<rss version='2.0'><channel><title>T</title><item>"
				     "<title>x</title></item></channel></rss>");
	struct buf out = BUF_INIT(1 << 20);
	const char *id = NULL;

	(void)state;
	assert_non_null(p.feed);
	p.feed->entries[0].fingerprint = UINT64_C(0x0123456789abcdef);
	feed_write_json(p.feed, &out);
	id = strstr(buf_text(&out), "\"id\": \"0123456789abcdef\"");
	assert_non_null(id);
	buf_clear(&out);
	parsed_free(&p);
}

/* One item of a podcast, and a value in it. */
static struct parsed
parse_item(const char *before, const char *value, const char *after)
{
	struct buf b = BUF_INIT(10000);
	struct parsed p;

	buf_addf(&b,
	    "<rss version='2.0' " SPACES "><channel><title>T</title>%s%s%s"
	    "</channel></rss>",
	    before, value, after);
	p = parse_text(buf_text(&b));
	buf_clear(&b);
	return p;
}

static void
durations_are_seconds(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none */
	} cases[] = {
		{ "3723", 3723 },
		{ "62:03", 3723 },
		{ "1:02:03", 3723 },
		{ "0", 0 },
		{ "12.75", 12 },
		{ "1:02.5", 62 },
		{ " 7 ", 7 },
		{ "", -1 },
		{ "x", -1 },
		{ "7x", -1 },
		{ ":5", -1 },
		{ "5:", -1 },
		{ "1::2", -1 },
		{ ".5", -1 },
		{ "-5", -1 },
		{ "9999999", 9999999 },
		{ "99999999", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_item(
		    "<item><enclosure url='https://a.example/1.mp3'/><itunes:duration>",
		    cases[i].text, "</itunes:duration></item>");

		assert_non_null(p.feed);
		expect_number(cases[i].text, "seconds",
		    p.feed->entries[0].enclosures[0].seconds, cases[i].want);
		parsed_free(&p);
	}
}

/* Wherever it stands it is that of the media, of those that say none; a picture has none. */
static void
a_duration_is_that_of_the_media(void **state)
{
	static const char *const orders[][3] = {
		{ "<itunes:duration>1:02</itunes:duration>", "", "" },
		{ "", "<itunes:duration>1:02</itunes:duration>", "" },
		{ "", "",
		    "<itunes:duration>1:02</itunes:duration><itunes:duration>9</itunes:duration>" },
		{ "", "<itunes:duration>soon</itunes:duration>",
		    "<itunes:duration>62</itunes:duration>" },
	};
	static const struct {
		const char *url;
		int64_t seconds;
	} want[] = {
		{ "https://a.example/1.mp3", 62 },
		{ "https://a.example/1.png", -1 },
		{ "https://a.example/2.ogg", 7 },
		{ "https://a.example/2", -1 },
		{ "https://a.example/3", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		char item[900];
		struct parsed p;

		(void)snprintf(item, sizeof(item),
		    "<item>%s<enclosure url='https://a.example/1.mp3' type='audio/mpeg'/>"
		    "<enclosure url='https://a.example/1.png' type='IMAGE/png'/>%s"
		    "<media:content url='https://a.example/2.ogg' duration='7'/>"
		    "<media:content url='https://a.example/2' medium='image'/>"
		    "<media:content url='https://a.example/3' medium='image'/>%s</item>",
		    orders[i][0], orders[i][1], orders[i][2]);
		p = parse_item(item, "", "");
		assert_non_null(p.feed);
		assert_int_equal(p.feed->entries[0].enclosure_count, ARRAY_LEN(want));
		for (size_t k = 0; k < ARRAY_LEN(want); k++) {
			const struct enclosure *e = &p.feed->entries[0].enclosures[k];

			expect_text(want[k].url, "url", e->url, want[k].url);
			expect_number(want[k].url, "seconds", e->seconds,
			    want[k].seconds);
		}
		parsed_free(&p);
	}
}

/* The feed is fetched from example.org/blog; its site says that it is at site.example. */
static void
links_of_items_belong_to_the_site(void **state)
{
	static const struct {
		const char *link;
		const char *want;
	} cases[] = {
		{ "https://a.example/1", "https://a.example/1" },
		{ "/1", "https://site.example/1" },
		{ "1", "https://site.example/x/1" },
		{ "?p=1", "https://site.example/x/?p=1" },
		{ "//a.example/1", "https://a.example/1" },
		{ "www.a.example/1", "http://www.a.example/1" },
		{ "http://a.example/?u=/b", "http://a.example/?u=/b" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		static const char site[] = "<link>https://site.example/x/</link>";
		const bool first = i % 2 == 0;
		const char *link = cases[i / 2].link;
		char before[200];
		char after[200];
		struct parsed p;

		(void)snprintf(before, sizeof(before), "%s<item><title>t</title><link>",
		    first ? site : "");
		(void)snprintf(after, sizeof(after), "</link></item>%s",
		    first ? "" : site);
		p = parse_item(before, link, after);
		assert_non_null(p.feed);
		expect_text(link, first ? "link behind" : "link in front",
		    p.feed->entries[0].link, cases[i / 2].want);
		parsed_free(&p);
	}
}

static void
what_stands_in_front_of_the_root_is_read(void **state)
{
	static const struct {
		const char *prolog;
		const char *title; /* of "1&a;2&b;3" */
	} cases[] = {
		{ "<!DOCTYPE rss [<!ENTITY a \"x\"><!ENTITY b 'y'>]>", "1x2y3" },
		{ "<!DOCTYPE rss [<!ENTITY a \"\"><!ENTITY b 'y'>]>", "12y3" },
		{ "<!DOCTYPE rss [<!-- <!ENTITY a 'no'> --><!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>",
		    "1x2xx3" },
		{ "<!DOCTYPE rss [\n<!ENTITY  a\n'x' >\n<!ENTITY\tb\t\"'\">\n]\n>",
		    "1x2'3" },
		{ "<!DOCTYPE rss PUBLIC \"a > b\" 'c > d' [<!ENTITY a 'x'><!ENTITY b 'y'>]>",
		    "1x2y3" },
		{ "<?xml version='1.0'?><!-- a --><?pi x?>"
		  "<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b 'y'>]>",
		    "1x2y3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(10000);
		struct parsed p;

		buf_addf(&b,
		    "%s<rss version='2.0'><channel><title>1&a;2&b;3</title></channel>"
		    "</rss>",
		    cases[i].prolog);
		p = parse_text(buf_text(&b));
		if (!p.feed)
			fail_msg("%s: %s", cases[i].prolog, p.err.text);
		expect_text(cases[i].prolog, "title", p.feed->title, cases[i].title);
		parsed_free(&p);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_feeds_are_understood),
		cmocka_unit_test(an_entry_without_id_is_known_by_its_words),
		cmocka_unit_test(durations_are_seconds),
		cmocka_unit_test(a_duration_is_that_of_the_media),
		cmocka_unit_test(links_of_items_belong_to_the_site),
		cmocka_unit_test(what_stands_in_front_of_the_root_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
