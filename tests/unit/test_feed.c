/* SPDX-License-Identifier: ISC */
#include "feed_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "feed/entry_text.h"
#include "feed/jsonfeed_write.h"
#include "feed/rules.h"

/* What the first entry of a feed must be; NULL = none. */
struct entry_case {
	const char *name;
	const char *text;
	const char *format;
	const char *guid, *link, *title, *author, *published, *updated, *content,
	    *summary;
	enum content_type type;
};

#define ATOM "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry>"
#define ATOM_END "</entry></feed>"
#define RSS \
	"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' " \
	"xmlns:content='http://purl.org/rss/1.0/modules/content/' " \
	"xmlns:media='http://search.yahoo.com/mrss/' " \
	"xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' " \
	"xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>T</title><item>"
#define RSS_END "</item></channel></rss>"

/* clang-format off */
static const struct entry_case entry_cases[] = {
	{ .name = "RSS 2.0", .format = "rss20", .text = RSS
	    "<title>A &amp;amp; B</title><link>https://example.org/1</link>"
	    "<guid isPermaLink='false'>g1</guid><pubDate>Tue, 24 Nov 2026 06:30:11 GMT</pubDate>"
	    "<dc:creator>Ann</dc:creator><description>short</description>"
	    "<content:encoded><![CDATA[<p>long</p>]]></content:encoded>" RSS_END,
	    .guid = "g1", .link = "https://example.org/1", .title = "A & B", .author = "Ann",
	    .published = "2026-11-24T06:30:11Z", .content = "<p>long</p>", .summary = "short",
	    .type = CONTENT_HTML },
	{ .name = "the best of the other texts is the summary", .format = "rss20", .text = RSS
	    "<itunes:subtitle>third</itunes:subtitle><description>second</description>"
	    "<content:encoded>first</content:encoded>" RSS_END,
	    .content = "first", .summary = "second", .type = CONTENT_HTML },
	{ .name = "and in another order", .format = "rss20", .text = RSS
	    "<description>second</description><itunes:subtitle>third</itunes:subtitle>"
	    "<content:encoded>first</content:encoded>" RSS_END,
	    .content = "first", .summary = "second", .type = CONTENT_HTML },
	{ .name = "the same text twice is no summary", .format = "rss20", .text = RSS
	    "<description>first</description><content:encoded>first</content:encoded>" RSS_END,
	    .content = "first", .type = CONTENT_HTML },
	{ .name = "a guid is the link when there is no other", .format = "rss20", .text = RSS
	    "<guid>https://example.org/1</guid>" RSS_END,
	    .guid = "https://example.org/1", .link = "https://example.org/1" },
	{ .name = "a guid that is no permalink is no link", .format = "rss20", .text = RSS
	    "<guid isPermaLink='false'>https://example.org/1</guid>" RSS_END,
	    .guid = "https://example.org/1" },
	{ .name = "RSS 0.91", .format = "rss091",
	    .text = "<rss version='0.91'><channel><item><title>x</title><link>/a</link>"
	    "</item></channel></rss>",
	    .link = "https://example.org/a", .title = "x" },
	{ .name = "RSS 0.90", .format = "rss090",
	    .text = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	    "xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>T</title></channel>"
	    "<item><title>x</title><link>https://example.org/1</link></item></rdf:RDF>",
	    .link = "https://example.org/1", .title = "x" },
	{ .name = "RSS 1.0", .format = "rss10",
	    .text = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	    "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
	    "<channel rdf:about='https://example.org/'><title>T</title><items><rdf:Seq>"
	    "<rdf:li resource='https://example.org/1'/></rdf:Seq></items></channel>"
	    "<item rdf:about='https://example.org/1'><title>x</title>"
	    "<link>https://example.org/1?a</link><dc:date>2026-11-24T07:30+01:00</dc:date>"
	    "<description>d</description></item></rdf:RDF>",
	    .guid = "https://example.org/1", .link = "https://example.org/1?a", .title = "x",
	    .published = "2026-11-24T06:30:00Z", .content = "d", .type = CONTENT_HTML },
	{ .name = "Atom 1.0", .format = "atom10", .text = ATOM
	    "<id>urn:1</id><title>a &lt; b</title><link href='1'/><published>2026-11-24T06:30:11Z"
	    "</published><updated>2026-11-25T00:00:00Z</updated><author><name>Ann</name><email>"
	    "a@example.org</email></author><author><name>Bo</name></author><summary>s</summary>"
	    "<content type='html'>&lt;p>c&lt;/p></content>" ATOM_END,
	    .guid = "urn:1", .link = "https://example.org/blog/1", .title = "a < b",
	    .author = "Ann, Bo", .published = "2026-11-24T06:30:11Z",
	    .updated = "2026-11-25T00:00:00Z", .content = "<p>c</p>", .summary = "s",
	    .type = CONTENT_HTML },
	{ .name = "Atom: text stays text", .format = "atom10", .text = ATOM
	    "<title type='text'>&lt;b>x&lt;/b></title><content type='text'>a &lt;b> c</content>"
	    ATOM_END, .title = "<b>x</b>", .content = "a <b> c", .type = CONTENT_TEXT },
	{ .name = "Atom: XHTML becomes HTML", .format = "atom10", .text = ATOM
	    "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b></div></title>"
	    "<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>1 &lt; 2<x:br/>"
	    "<x:img src='a.png' alt='\"'/></x:div></content>" ATOM_END, .title = "a b",
	    .content = "<div>1 &lt; 2<br><img src=\"a.png\" alt=\"&quot;\"></div>",
	    .type = CONTENT_HTML },
	{ .name = "Atom: base64", .format = "atom10", .text = ATOM
	    "<content type='application/octet-stream'>PHA+aMOkPC9wPg==</content>" ATOM_END,
	    .content = "<p>hä</p>", .type = CONTENT_HTML },
	{ .name = "Atom 0.3", .format = "atom03",
	    .text = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry>"
	    "<title mode='escaped' type='text/html'>&lt;i>x&lt;/i></title>"
	    "<issued>2026-11-24T06:30:11Z</issued><modified>2026-11-25T00:00:00Z</modified>"
	    "<content mode='base64'>Yg==</content></entry></feed>",
	    .title = "x", .published = "2026-11-24T06:30:11Z",
	    .updated = "2026-11-25T00:00:00Z", .content = "b", .type = CONTENT_HTML },
	{ .name = "Atom: the alternate link wins", .format = "atom10", .text = ATOM
	    "<link rel='self' href='https://example.org/s'/><link rel='alternate' "
	    "href='https://example.org/a'/><link rel='edit' href='https://example.org/e'/>"
	    ATOM_END, .link = "https://example.org/a" },
	{ .name = "Atom: author of the source", .format = "atom10", .text = ATOM
	    "<source><author><name>Ann</name></author><id>other</id></source>" ATOM_END,
	    .author = "Ann" },
	{ .name = "xml:base is inherited", .format = "atom10",
	    .text = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/x/'>"
	    "<entry xml:base='y/'><link href='z'/></entry></feed>",
	    .link = "https://a.example/x/y/z" },
	{ .name = "CDF", .format = "cdf", .text = "<CHANNEL HREF='https://example.org/'>"
	    "<TITLE>T</TITLE><ITEM HREF='https://example.org/1' LASTMOD='2026-11-24T06:30Z'>"
	    "<TITLE VALUE='x'/><ABSTRACT>d</ABSTRACT></ITEM></CHANNEL>",
	    .link = "https://example.org/1", .title = "x", .updated = "2026-11-24T06:30:00Z",
	    .content = "d", .type = CONTENT_HTML },
	{ .name = "JSON Feed 1.1", .format = "json11",
	    .text = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":"
	    "[{\"id\":7,\"url\":\"1\",\"title\":\"x\",\"content_html\":\"<p>c</p>\","
	    "\"summary\":\"s\",\"date_published\":\"2026-11-24T06:30:11Z\","
	    "\"authors\":[{\"name\":\"Ann\"},{\"name\":\"Bo\"}]}]}",
	    .guid = "7", .link = "https://example.org/blog/1", .title = "x",
	    .author = "Ann, Bo", .published = "2026-11-24T06:30:11Z", .content = "<p>c</p>",
	    .summary = "s", .type = CONTENT_HTML },
	{ .name = "JSON Feed 1.0", .format = "json1",
	    .text = "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\",\"items\":"
	    "[{\"id\":\"a\",\"content_text\":\"c < d\",\"author\":{\"name\":\"Ann\"}}]}",
	    .guid = "a", .author = "Ann", .content = "c < d", .type = CONTENT_TEXT },
	{ .name = "Atom elements in RSS", .format = "rss20", .text = RSS
	    "<atom:link rel='alternate' href='https://example.org/1'/><atom:updated>2026-11-24"
	    "</atom:updated><atom:author><atom:name>Ann</atom:name></atom:author>" RSS_END,
	    .link = "https://example.org/1", .author = "Ann",
	    .updated = "2026-11-24T00:00:00Z" },
	{ .name = "a prefix that is not declared", .format = "rss20",
	    .text = "<rss version='2.0'><channel><item><dc:creator>Ann</dc:creator></item>"
	    "</channel></rss>", .author = "Ann" },
	{ .name = "a namespace of a feed's own making", .format = "rss20",
	    .text = "<rss version='2.0' xmlns='http://example.org/mine'><channel><item>"
	    "<title>x</title></item></channel></rss>", .title = "x" },
	{ .name = "escaped and unescaped markup mixed", .format = "rss20", .text = RSS
	    "<description>&lt;i>a&lt;/i> <b>b</b></description>" RSS_END,
	    .content = "<i>a</i> <b>b</b>", .type = CONTENT_HTML },
	{ .name = "a description that is plain text", .format = "rss20", .text = RSS
	    "<description>one &lt;3\n\ntwo\nR&amp;D &lt;https://example.org/></description>" RSS_END,
	    .content = "one <3\n\ntwo\nR&D <https://example.org/>", .type = CONTENT_TEXT },
	{ .name = "a description with an address", .format = "rss20", .text = RSS
	    "<itunes:summary>see https://example.org/</itunes:summary>" RSS_END,
	    .content = "see https://example.org/", .type = CONTENT_TEXT },
	{ .name = "lines of HTML", .format = "rss20", .text = RSS
	    "<description>one\n&lt;br>two</description>" RSS_END,
	    .content = "one\n<br>two", .type = CONTENT_HTML },
	{ .name = "lines with references", .format = "rss20", .text = RSS
	    "<description>one\nA &amp;amp; B</description>" RSS_END,
	    .content = "one\nA &amp; B", .type = CONTENT_HTML },
	{ .name = "lines that are said to be HTML", .format = "rss20", .text = RSS
	    "<media:description type='html'>one\ntwo</media:description>" RSS_END,
	    .content = "one\ntwo", .type = CONTENT_HTML },
	{ .name = "tags that are said to be text", .format = "rss20", .text = RSS
	    "<media:description type='plain'>a &lt;b> c</media:description>" RSS_END,
	    .content = "a <b> c", .type = CONTENT_TEXT },
	{ .name = "an author with address", .format = "rss20", .text = RSS
	    "<author>ann@example.org (Ann Lee)</author>" RSS_END, .author = "Ann Lee" },
	{ .name = "an author in angle brackets", .format = "rss20", .text = RSS
	    "<author>Ann Lee &lt;ann@example.org&gt;</author>" RSS_END, .author = "Ann Lee" },
	{ .name = "an author who is an address only", .format = "atom10", .text = ATOM
	    "<author><email>ann@example.org</email></author>" ATOM_END,
	    .author = "ann@example.org" },
	{ .name = "a name beats an address in a better place", .format = "rss20", .text = RSS
	    "<dc:creator>Ann, Bo and Cy</dc:creator><author>x@example.org</author>" RSS_END,
	    .author = "Ann, Bo and Cy" },
	{ .name = "in either order", .format = "rss20", .text = RSS
	    "<author>x@example.org</author><dc:creator>Ann</dc:creator>" RSS_END,
	    .author = "Ann" },
	{ .name = "a contributor does not replace an author", .format = "rss20", .text = RSS
	    "<author>x@example.org</author><dc:contributor>Bo</dc:contributor>" RSS_END,
	    .author = "x@example.org" },
	{ .name = "a credit is of the picture", .format = "rss20", .text = RSS
	    "<title>x</title><media:credit>Press</media:credit>" RSS_END, .title = "x" },
	{ .name = "a credit of the author", .format = "rss20", .text = RSS
	    "<media:credit role='author'>Ann</media:credit>" RSS_END, .author = "Ann" },
	{ .name = "a guid that is no address", .format = "rss20", .text = RSS
	    "<guid>not-a-url</guid>" RSS_END, .guid = "not-a-url" },
	{ .name = "a guid said to be a permalink", .format = "rss20", .text = RSS
	    "<guid isPermaLink='true'>/p</guid>" RSS_END, .guid = "/p",
	    .link = "https://example.org/p" },
	{ .name = "a host without scheme", .format = "rss20", .text = RSS
	    "<link>www.example.net/e</link>" RSS_END, .link = "http://www.example.net/e" },
	{ .name = "an address escaped twice", .format = "rss20", .text = RSS
	    "<link>https://example.org/?a&amp;amp;b</link>" RSS_END,
	    .link = "https://example.org/?a&b" },
	{ .name = "a relative link of a feed that lives elsewhere", .format = "rss20",
	    .text = "<rss version='2.0'><channel><item><link>b</link></item>"
	    "<link>https://home.example/blog/</link></channel></rss>",
	    .link = "https://home.example/blog/b" },
	{ .name = "CDF: BASE", .format = "cdf", .text = "<CHANNEL BASE='https://cdf.example/x/'>"
	    "<ITEM HREF='1'/></CHANNEL>", .link = "https://cdf.example/x/1" },
	{ .name = "an author with a place", .format = "rss20", .text = RSS
	    "<author>Ann (London)</author>" RSS_END, .author = "Ann (London)" },
	{ .name = "HTML names that nobody declared", .format = "rss20", .text = RSS
	    "<title>caf&eacute;&nbsp;&mdash; <![CDATA[&eacute;]]></title>" RSS_END,
	    .title = "café\xc2\xa0— é" },
	{ .name = "numbers of windows-1252", .format = "rss20", .text = RSS
	    "<title>don&#146;t</title>" RSS_END, .title = "don’t" },
	{ .name = "a declared entity", .format = "rss20",
	    .text = "<!DOCTYPE rss [ <!ENTITY me 'Ann &#38; Bo'> <!ENTITY we \"&me;!\"> ]>" RSS
	    "<title>&we;</title>" RSS_END, .title = "Ann & Bo!" },
};
/* clang-format on */

static void
check_entry(const struct entry_case *c)
{
	struct parsed p = parse_text(c->text);
	const struct entry *e = NULL;

	if (!p.feed)
		fail_msg("%s: no feed: %s", c->name, p.err.text);
	expect_text(c->name, "format", p.feed->format, c->format);
	expect_number(c->name, "entries", (int64_t)p.feed->entry_count, 1);
	e = &p.feed->entries[0];
	expect_text(c->name, "guid", e->guid, c->guid);
	expect_text(c->name, "link", e->link, c->link);
	expect_text(c->name, "title", e->title, c->title);
	expect_text(c->name, "author", e->author, c->author);
	expect_time(c->name, "published", e->published, c->published);
	expect_time(c->name, "updated", e->updated, c->updated);
	expect_text(c->name, "content", e->content.text, c->content);
	expect_text(c->name, "summary", e->raw_summary.text, c->summary);
	expect_number(c->name, "type", (int64_t)e->content.type, (int64_t)c->type);
	parsed_free(&p);
}

static void
every_dialect_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(entry_cases); i++)
		check_entry(&entry_cases[i]);
}

static void
what_a_channel_says(void **state)
{
	struct parsed p = parse_text(
	    "<rss version='2.0' "
	    "xmlns:atom='http://www.w3.org/2005/Atom'><channel xml:lang='de'>"
	    "<title>T</title><link>https://example.org/</link><description>&lt;b>D&lt;/b>"
	    "</description><language>en-GB</language><ttl>60</ttl>"
	    "<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day>"
	    "</skipDays><image><url>/i.png</url><title>other</title></image>"
	    "<lastBuildDate>Tue, 24 Nov 2026 06:30:11 GMT</lastBuildDate>"
	    "<atom:link rel='self' href='https://example.org/f'/>"
	    "<atom:link rel='hub' href='https://hub.example/'/>"
	    "<atom:link rel='next' href='?page=2'/>"
	    "<managingEditor>ann@example.org (Ann)</managingEditor></channel></rss>");
	const struct feed *f = p.feed;

	(void)state;
	assert_non_null(f);
	expect_text("channel", "title", f->title, "T");
	expect_text("channel", "link", f->link, "https://example.org/");
	expect_text("channel", "description", f->description, "D");
	expect_text("channel", "language", f->language, "en-GB");
	expect_text("channel", "self", f->self, "https://example.org/f");
	expect_text("channel", "hub", f->hub, "https://hub.example/");
	expect_text("channel", "next", f->next, "https://example.org/blog/feed?page=2");
	expect_text("channel", "image", f->image, "https://example.org/i.png");
	expect_text("channel", "author", f->author, "Ann");
	expect_time("channel", "updated", f->updated, "2026-11-24T06:30:11Z");
	expect_number("channel", "ttl", f->ttl, 3600);
	expect_number("channel", "skip_hours", (int64_t)f->skip_hours, 1 | 1 << 23);
	expect_number("channel", "skip_days", (int64_t)f->skip_days, 1);
	expect_number("channel", "warnings", (int64_t)f->warning_count, 0);
	parsed_free(&p);
}

static void
pictures_files_and_tags_of_an_entry(void **state)
{
	struct parsed p = parse_text(RSS
	    "<enclosure url='a.mp3' type='audio/mpeg' length='12'/>"
	    "<itunes:duration>1:02:03</itunes:duration>"
	    "<media:group><media:content url='v.mp4' type='video/mp4' duration='9'>"
	    "<media:title>V</media:title></media:content><media:thumbnail url='t.jpg'/>"
	    "</media:group><category>One</category><category>One</category>"
	    "<category><![CDATA[R&amp;D]]></category><itunes:keywords>x, y</itunes:keywords>" RSS_END);
	const struct entry *e = NULL;

	(void)state;
	assert_non_null(p.feed);
	e = &p.feed->entries[0];
	assert_int_equal(e->enclosure_count, 2);
	expect_text("enclosure", "url", e->enclosures[0].url,
	    "https://example.org/blog/a.mp3");
	expect_text("enclosure", "type", e->enclosures[0].type, "audio/mpeg");
	expect_number("enclosure", "bytes", e->enclosures[0].bytes, 12);
	expect_number("enclosure", "seconds", e->enclosures[0].seconds, 3723);
	expect_text("medium", "title", e->enclosures[1].title, "V");
	expect_number("medium", "seconds", e->enclosures[1].seconds, 9);
	expect_number("medium", "bytes", e->enclosures[1].bytes, -1);
	expect_text("entry", "image", e->image, "https://example.org/blog/t.jpg");
	assert_int_equal(e->category_count, 4);
	expect_text("category", "1", e->categories[0], "One");
	expect_text("category", "2", e->categories[1], "R&D");
	expect_text("category", "4", e->categories[3], "y");
	parsed_free(&p);
}

static void
titles_keep_what_is_no_markup(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "plain", "plain" },
		{ "  two\n lines ", "two lines" },
		{ "<b>bold</b> &amp; <i>so</i>", "bold & so" },
		{ "List<String> and <T>", "List<String> and <T>" },
		{ "the <template> element", "the <template> element" },
		{ "a < b > c", "a < b > c" },
		{ "I <3 you", "I <3 you" },
		{ "AT&T", "AT&T" },
		{ "&lt;br&gt; explained", "<br> explained" },
		{ "don&#8217;t &hellip;", "don’t …" },
		{ "Why <b> is bad", "Why <b> is bad" },
		{ "Array<A> vs Array<B>", "Array<A> vs Array<B>" },
		{ "Using <div> tags", "Using <div> tags" },
		{ "<iframe>s considered", "<iframe>s considered" },
		{ "<style> scoped", "<style> scoped" },
		{ "the <textarea> and <title> elements",
		    "the <textarea> and <title> elements" },
		{ "what </b> ends", "what </b> ends" },
		{ "cut off</A></LI></UL>", "cut off" },
		{ "<b>one <i>two</b> three</i>", "one two three" },
		{ "<b>a <b> in <i> b</b>", "<b>a in <i> b" },
		{ "H<sub>2</sub>O<br>and <a href='x>y'>z</a>", "H2O and z" },
		{ "<span class=x>cut o", "cut o" },
		{ "<p>Para", "Para" },
		{ "<p> or <li>", "<p> or <li>" },
		{ "a <!-- b > c", "a <!-- b > c" },
		{ "<script src=x>alert(1)", "alert(1)" },
		{ "<style>a</style><script>b</b></SCRIPT >c", "c" },
		{ "<iframe src=x></iframe>d", "d" },
		{ "<script>alert(1)</script>x", "x" },
		{ "<img src=x onerror=alert(1)>y", "y" },
		{ "<!-- hidden -->seen", "seen" },
		{ "&#0;&unknown; &", "\xef\xbf\xbd&unknown; &" },
	};
	struct arena *a = arena_new();
	struct build b = { .a = a, .scratch = a };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_text(cases[i].text, "title", plain_of_html(&b, cases[i].text),
		    cases[i].want);
	arena_free(a);
}

static void
links_that_run_are_dropped(void **state)
{
	static const char *const links[] = { "javascript:alert(1)", "JaVaScRiPt:alert(1)",
		" java&#9;script:alert(1)", "data:text/html,x", "vbscript:x",
		"file:///etc/passwd", "blob:https://example.org/1", "about:blank" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct buf b = BUF_INIT(4096);
		struct parsed p;

		buf_addf(&b,
		    RSS "<title>x</title><link>%s</link><enclosure url='%s'/>"
			"<media:thumbnail url='%s'/>" RSS_END,
		    links[i], links[i], links[i]);
		p = parse_text(buf_text(&b));
		assert_non_null(p.feed);
		expect_text(links[i], "link", p.feed->entries[0].link, NULL);
		expect_text(links[i], "image", p.feed->entries[0].image, NULL);
		expect_number(links[i], "enclosures",
		    (int64_t)p.feed->entries[0].enclosure_count, 0);
		parsed_free(&p);
		buf_clear(&b);
	}
}

static void
what_is_no_feed_is_told_apart(void **state)
{
	static const struct {
		const char *text;
		const char *want;
		bool web_page;
	} cases[] = {
		{ "", "no feed: the document is empty", false },
		{ "hello", "no feed: neither XML nor JSON", false },
		{ "<opml version='2.0'/>", "no feed: its root element is \"opml\"",
		    false },
		{ "{\"a\":1}", "JSON, but no JSON Feed", false },
		{ "<!DOCTYPE html><html><head><title>x</title></head></html>",
		    "a web page, not a feed", true },
		{ "<HTML><body>the rss feed</body></HTML>", "a web page, not a feed",
		    true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_text(cases[i].text);

		assert_null(p.feed);
		assert_int_equal(p.err.kind, ERR_INPUT);
		expect_text(cases[i].text, "error", p.err.text, cases[i].want);
		expect_number(cases[i].text, "web page", p.links.web_page,
		    cases[i].web_page);
		parsed_free(&p);
	}
}

static void
a_web_page_names_its_feeds(void **state)
{
	struct parsed p = parse_text(
	    "<!doctype html><html><head>"
	    "<link rel='alternate' type='application/atom+xml' href='/atom.xml' title='News'>"
	    "<link rel='alternate' type='application/rss+xml' href='rss'></head></html>");

	(void)state;
	assert_null(p.feed);
	assert_int_equal(p.links.count, 2);
	expect_text("page", "1", p.links.item[0].url, "https://example.org/atom.xml");
	expect_text("page", "title", p.links.item[0].title, "News");
	expect_text("page", "2", p.links.item[1].url, "https://example.org/blog/rss");
	expect_text("page", "hint", p.err.hint,
	    "it names 2 feeds; the first is https://example.org/atom.xml");
	parsed_free(&p);
	p = parse_text("<!doctype html><link rel='alternate' type='application/rss+xml' "
		       "href='rss'>");
	expect_text("page", "hint", p.err.hint,
	    "it names 1 feed; the first is https://example.org/blog/rss");
	parsed_free(&p);
	p = parse_text("<!doctype html><title>x</title>");
	expect_text("page", "hint", p.err.hint, "");
	parsed_free(&p);
}

static void
unreadable_dates_are_none_with_a_warning(void **state)
{
	struct parsed p = parse_text(RSS "<pubDate>some day</pubDate>" RSS_END);

	(void)state;
	assert_non_null(p.feed);
	expect_time("date", "published", p.feed->entries[0].published, NULL);
	assert_true(has_warning(p.feed, "date \"some day\" cannot be read"));
	parsed_free(&p);
	p = parse_text(RSS "<pubDate>Tue, 24 Nov 2099 06:30:11 GMT</pubDate>" RSS_END);
	assert_true(has_warning(p.feed, "lies in the future"));
	parsed_free(&p);
}

static void
an_entry_may_be_the_root(void **state)
{
	struct parsed p =
	    parse_text("<entry xmlns='http://www.w3.org/2005/Atom'><title>x</title>"
		       "<id>y</id></entry>");

	(void)state;
	assert_non_null(p.feed);
	assert_int_equal(p.feed->entry_count, 1);
	expect_text("entry", "title", p.feed->entries[0].title, "x");
	parsed_free(&p);
}

static void
fingerprints_tell_texts_apart(void **state)
{
	struct parsed a =
	    parse_text(RSS "<title>x</title><description>1</description>" RSS_END);
	struct parsed b =
	    parse_text(ATOM "<id>z</id><title>x</title><content type='html'>1"
			    "</content>" ATOM_END);
	struct parsed c =
	    parse_text(RSS "<title>x</title><description>2</description>" RSS_END);

	(void)state;
	assert_true(a.feed->entries[0].fingerprint == b.feed->entries[0].fingerprint);
	assert_true(a.feed->entries[0].fingerprint != c.feed->entries[0].fingerprint);
	parsed_free(&a);
	parsed_free(&b);
	parsed_free(&c);
}

/* ---- limits ---- */

static void
entries_beyond_the_ceiling_are_left_out(void **state)
{
	struct buf b = BUF_INIT(1 << 22);
	struct parsed p;

	(void)state;
	buf_adds(&b, "<rss version='2.0'><channel>");
	for (int i = 0; i < LIMIT_FEED_ENTRIES + 5; i++)
		buf_adds(&b, "<item><title>x</title></item>");
	buf_adds(&b, "<title>T</title></channel></rss>");
	p = parse_text(buf_text(&b));
	assert_non_null(p.feed);
	assert_int_equal(p.feed->entry_count, LIMIT_FEED_ENTRIES);
	expect_text("many", "title", p.feed->title, "T");
	assert_true(has_warning(p.feed, "entries beyond the first"));
	parsed_free(&p);
	buf_clear(&b);
}

static void
depth_attributes_and_laughs_are_bounded(void **state)
{
	static const char *const pieces[] = { "<b>", "attributes", "&z;" };
	struct buf b = BUF_INIT(1 << 22);

	(void)state;
	for (size_t kind = 0; kind < ARRAY_LEN(pieces); kind++) {
		struct parsed p;

		buf_adds(&b,
		    "<!DOCTYPE r [ <!ENTITY a '12345678901234567890'>"
		    "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
		    "<!ENTITY z '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'> ]>"
		    "<rss version='2.0'><channel><item><title>first</title></item><item>"
		    "<title>x</title><description>");
		if (kind == 1)
			buf_adds(&b, "<i");
		for (int i = 0; i < 3000; i++) {
			if (kind == 1)
				buf_addf(&b, " a%d=''", i);
			else
				buf_adds(&b, pieces[kind]);
		}
		buf_adds(&b, kind == 1 ? ">" : "");
		buf_adds(&b, "</description></item></channel></rss>");
		p = parse_text(buf_text(&b));
		assert_non_null(p.feed);
		assert_true(p.feed->entry_count >= 1);
		expect_text(pieces[kind], "title", p.feed->entries[0].title, "first");
		parsed_free(&p);
		buf_reset(&b);
	}
	buf_clear(&b);
}

static void
no_entity_reaches_outside(void **state)
{
	struct parsed p =
	    parse_text("<!DOCTYPE rss [ <!ENTITY x SYSTEM 'file:///etc/passwd'>"
		       "<!ENTITY % y SYSTEM 'file:///etc/passwd'> %y; ]>" RSS
		       "<title>[&x;]</title>" RSS_END);

	(void)state;
	assert_non_null(p.feed);
	expect_text("entity", "title", p.feed->entries[0].title, "[&x;]");
	parsed_free(&p);
}

static void
rows_of_one_name_stand_together(void **state)
{
	const struct rule *const tables[] = { rss_rules, atom_rules, extension_rules,
		cdf_rules };

	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct rule *r = tables[t]; r->local; r++) {
			const struct rule *first = tables[t];

			while (first->space != r->space ||
			    strcmp(first->local, r->local) != 0)
				first++;
			for (; first != r; first++)
				if (strcmp(first->local, r->local) != 0)
					fail_msg("%s: its rows do not stand together",
					    r->local);
		}
}

static void
written_as_json_feed(void **state)
{
	struct parsed p = parse_text(RSS
	    "<title>x</title><guid>g</guid>"
	    "<description>&lt;p onclick='x'>a &lt;a href='/l'>l&lt;/a>&lt;/p></description>" RSS_END);
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	assert_non_null(p.feed);
	entry_clean(p.arena, &p.feed->entries[0], NULL);
	feed_write_json(p.feed, &b);
	assert_non_null(
	    strstr(buf_text(&b), "\"version\": \"https://jsonfeed.org/version/1.1\""));
	assert_non_null(strstr(buf_text(&b), "\"format\": \"rss20\""));
	assert_non_null(strstr(buf_text(&b),
	    "\"content_html\": \"<p>a <a href=\\\"https://example.org/l\\\">l</a></p>\""));
	buf_clear(&b);
	parsed_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialect_is_understood),
		cmocka_unit_test(what_a_channel_says),
		cmocka_unit_test(pictures_files_and_tags_of_an_entry),
		cmocka_unit_test(titles_keep_what_is_no_markup),
		cmocka_unit_test(links_that_run_are_dropped),
		cmocka_unit_test(what_is_no_feed_is_told_apart),
		cmocka_unit_test(a_web_page_names_its_feeds),
		cmocka_unit_test(unreadable_dates_are_none_with_a_warning),
		cmocka_unit_test(an_entry_may_be_the_root),
		cmocka_unit_test(fingerprints_tell_texts_apart),
		cmocka_unit_test(entries_beyond_the_ceiling_are_left_out),
		cmocka_unit_test(depth_attributes_and_laughs_are_bounded),
		cmocka_unit_test(no_entity_reaches_outside),
		cmocka_unit_test(rows_of_one_name_stand_together),
		cmocka_unit_test(written_as_json_feed),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
