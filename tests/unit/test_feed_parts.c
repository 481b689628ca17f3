/* SPDX-License-Identifier: ISC */
/* Single elements of feeds, one or a few at a time, and all that an entry is after them. */
#include "feed_fixture.h"

#include "base/buf.h"
#include "feed/title_tags.h"
#include "feed/xml_entities.h"
#include "feed/xml_namespaces.h"
#include "feed/xml_prolog.h"

#define HERE "https://example.org/blog/"
#define NAMESPACES \
	"xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/' " \
	"xmlns:media='http://search.yahoo.com/mrss/' " \
	"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' " \
	"xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' " \
	"xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' " \
	"xmlns:x='http://www.w3.org/1999/xlink'"

static void
add_part(struct buf *b, const char *name, const char *value)
{
	if (value)
		buf_addf(b, "%s=%s;", name, value);
}

/* All that the first entry has, as text: "title=x;link=y;". */
static char *
entry_text(struct arena *a, const struct entry *e)
{
	struct buf b = BUF_INIT(1 << 16);
	char *text;

	add_part(&b, "id", e->guid);
	add_part(&b, "link", e->link);
	add_part(&b, "external", e->external);
	add_part(&b, "title", e->title);
	add_part(&b, "language", e->language);
	add_part(&b, "image", e->image);
	add_part(&b, "author", e->author);
	add_part(&b, "mail", e->author_address);
	add_part(&b, e->content.type == CONTENT_TEXT ? "text" : "html", e->content.text);
	add_part(&b, "base", e->content.text ? e->content.base : NULL);
	add_part(&b, "in", e->content.text ? e->content.language : NULL);
	add_part(&b, "summary", e->raw_summary.text);
	for (size_t i = 0; i < e->category_count; i++)
		add_part(&b, "tag", e->categories[i]);
	for (size_t i = 0; i < e->enclosure_count; i++) {
		const struct enclosure *x = &e->enclosures[i];

		buf_addf(&b, "file=%s,%s,%s,%lld,%lld;", x->url, x->type ? x->type : "",
		    x->title ? x->title : "", (long long)x->bytes, (long long)x->seconds);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

struct part_case {
	const char *xml, *want;
};

static void
check(const char *before, const char *behind, const struct part_case *cases, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct buf b = BUF_INIT(1 << 16);
		struct parsed p;
		const char *got = NULL;

		buf_addf(&b, "%s%s%s", before, cases[i].xml, behind);
		p = parse_text(buf_text(&b));
		got = p.feed && p.feed->entry_count == 1
		    ? entry_text(p.arena, &p.feed->entries[0])
		    : "no entry";
		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].xml, got,
			    cases[i].want);
			failed++;
		}
		parsed_free(&p);
		buf_clear(&b);
	}
	assert_int_equal(failed, 0);
}

#define BODY ";base=" HERE "feed;"

/* clang-format off */
static const struct part_case rss[] = {
	{ "<title></title><link></link><guid/>", "" },
	{ "<title> a </title><title>b</title>", "title=a;" },
	/* Links: an address, one in an attribute, and what Atom would call so. */
	{ "<link>//x.example/a</link>", "link=https://x.example/a;" },
	{ "<link href='/a'/>", "link=https://example.org/a;" },
	{ "<link rel='self' href='/a'/>", "" },
	{ "<link rdf:resource='/a'/>", "link=https://example.org/a;" },
	{ "<link>?a:b</link>", "link=" HERE "feed?a:b;" },
	{ "<link>ftp:a</link><guid isPermaLink='false'>i</guid>", "id=i;link=ftp://a/;" },
	{ "<guid>https://x.example/a b</guid>", "id=https://x.example/a b;" },
	{ "<guid isPermaLink='FALSE'>https://x.example/a</guid>", "id=https://x.example/a;" },
	{ "<guid>a</guid><guid>b</guid>", "id=b;" },
	{ "<guid isPermaLink='true'>a b</guid>", "id=a b;" },
	{ "<guid isPermaLink='true'>mailto:a@x.example</guid>", "id=mailto:a@x.example;" },
	{ "<guid isPermaLink='true'>a</guid><guid isPermaLink='true'>b</guid>",
		"id=b;link=" HERE "a;" },
	/* Files. */
	{ "<enclosure url='a' length='12'/>", "file=" HERE "a,,,12,-1;" },
	{ "<enclosure href='a' length=' 0 '/>", "file=" HERE "a,,,0,-1;" },
	{ "<enclosure rdf:resource='a' length='-1'/>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a' length='1k'/>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a' type='image/png' length=''/>",
		"image=" HERE "a;file=" HERE "a,image/png,,-1,-1;" },
	{ "<enclosure length='1'/>", "" },
	/* Pictures. */
	{ "<image><url>a</url><title>b</title></image>", "image=" HERE "a;" },
	{ "<image rdf:resource='a'/>", "image=" HERE "a;" },
	{ "<image href='a'/>", "image=" HERE "a;" },
	{ "<image>a</image>", "image=" HERE "a;" },
	{ "<image><title>b</title></image>", "" },
	{ "<itunes:image href='a'/>", "image=" HERE "a;" },
	{ "<itunes:link rel='image' href='a'/>", "image=" HERE "a;" },
	{ "<itunes:link rel='other' href='a'/><itunes:link href='b'/>", "" },
	{ "<media:thumbnail>a</media:thumbnail>", "image=" HERE "a;" },
	{ "<media:thumbnail rdf:resource='a'/>", "image=" HERE "a;" },
	{ "<media:thumbnail src='b' url='a'/>", "image=" HERE "a;" },
	/* Media: a picture is told by what it shows, all else by its title. */
	{ "<media:content url='a' medium='IMAGE'><media:title>t</media:title>"
		"<media:description>d</media:description></media:content>",
		"title=t;image=" HERE "a;html=d" BODY "file=" HERE "a,,d,-1,-1;" },
	{ "<media:content url='a' type='video/mp4' duration='1:02' filesize='9'>"
		"<media:title>t</media:title></media:content>",
		"title=t;file=" HERE "a,video/mp4,t,9,62;" },
	{ "<media:content url='a' type='image/png'><media:title>t</media:title></media:content>",
		"title=t;image=" HERE "a;file=" HERE "a,image/png,t,-1,-1;" },
	/* How long it lasts. */
	{ "<enclosure url='a'/><itunes:duration>1:02:03</itunes:duration>", "file=" HERE "a,,,-1,3723;" },
	{ "<enclosure url='a'/><itunes:duration>62:03</itunes:duration>", "file=" HERE "a,,,-1,3723;" },
	{ "<enclosure url='a'/><itunes:duration>3723.9</itunes:duration>", "file=" HERE "a,,,-1,3723;" },
	{ "<enclosure url='a'/><itunes:duration>0</itunes:duration>", "file=" HERE "a,,,-1,0;" },
	{ "<enclosure url='a'/><itunes:duration>:02</itunes:duration>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a'/><itunes:duration>1:</itunes:duration>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a'/><itunes:duration>.5</itunes:duration>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a'/><itunes:duration>1h</itunes:duration>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a'/><itunes:duration></itunes:duration>", "file=" HERE "a,,,-1,-1;" },
	{ "<enclosure url='a'/><enclosure url='b'/><itunes:duration>9</itunes:duration>"
		"<itunes:duration>8</itunes:duration>", "file=" HERE "a,,,-1,9;file=" HERE "b,,,-1,9;" },
	/* Words to find it by. */
	{ "<category>a</category><category term='b'/><category term='c'>d</category>",
		"tag=a;tag=b;tag=d;" },
	{ "<itunes:keywords>a, b,,c</itunes:keywords>", "tag=a;tag=b;tag=c;" },
	{ "<itunes:category text='a'><itunes:category text='b'/></itunes:category>", "tag=a;tag=b;" },
	{ "<media:credit role='AUTHOR'>Ann</media:credit>", "author=Ann;" },
	{ "<author>Ann &amp;amp; Bo</author>", "author=Ann & Bo;" },
	{ "<author>&lt;b&gt;Ann&lt;/b&gt;</author>", "author=Ann;" },
	{ "<author>Ann &lt;ann@x.example&gt;</author>", "author=Ann;mail=ann@x.example;" },
	/* Descriptions are HTML, or text when only lines or addresses speak. */
	{ "<description>a</description>", "html=a" BODY },
	{ "<description>a\nb</description>", "text=a\nb" BODY },
	{ "<description>http://a</description>", "text=http://a" BODY },
	{ "<description>ab://a</description>", "html=ab://a" BODY },
	{ "<description>abc://a</description>", "html=abc://a" BODY },
	{ "<description>http://</description>", "html=http://" BODY },
	{ "<description>http:/a\nb</description>", "text=http:/a\nb" BODY },
	{ "<description>http:/ab</description>", "html=http:/ab" BODY },
	{ "<description>http:a/b</description>", "html=http:a/b" BODY },
	{ "<description>http//a:b</description>", "html=http//a:b" BODY },
	{ "<description>a\n&amp;#38;</description>", "html=a\n&#38;" BODY },
	{ "<description>a\n&amp;lt;</description>", "html=a\n&lt;" BODY },
	{ "<description>a\n&amp;sup2;</description>", "html=a\n&sup2;" BODY },
	{ "<description>a\n&amp;lt</description>", "text=a\n&lt" BODY },
	{ "<description>a\n&amp;2;</description>", "text=a\n&2;" BODY },
	{ "<description>a\n&amp;</description>", "text=a\n&" BODY },
	{ "<description>a\n&lt;b></description>", "html=a\n<b>" BODY },
	{ "<description>a\n&lt;/b></description>", "html=a\n</b>" BODY },
	{ "<description>a\n&lt;b/></description>", "html=a\n<b/>" BODY },
	{ "<description>a\n&lt;b c></description>", "html=a\n<b c>" BODY },
	{ "<description>a\n&lt;h1></description>", "html=a\n<h1>" BODY },
	{ "<description>a\n&lt;!x></description>", "html=a\n<!x>" BODY },
	{ "<description>a\n&lt;?x></description>", "html=a\n<?x>" BODY },
	{ "<description>a\n&lt;1></description>", "text=a\n<1>" BODY },
	{ "<description>a\n&lt;b c</description>", "text=a\n<b c" BODY },
	{ "<description>a> \n&lt;b c</description>", "text=a> \n<b c" BODY },
	{ "<description>a\n>&lt;b c</description>", "text=a\n><b c" BODY },
	{ "<description>&lt;b c\na</description>", "text=<b c\na" BODY },
	{ "<description>&lt;b>\na</description>", "html=<b>\na" BODY },
	{ "<description>a\n&lt;b\nc></description>", "html=a\n<b\nc>" BODY },
	{ "<description>a\n&lt;b c> d ></description>", "html=a\n<b c> d >" BODY },
	{ "<description>a\n&lt;b@c></description>", "text=a\n<b@c>" BODY },
	{ "<description>a\n&lt;</description>", "text=a\n<" BODY },
	{ "<description type='HTML'>a\nb</description>", "html=a\nb" BODY },
	{ "<description type='Plain'>a</description>", "text=a" BODY },
	{ "<description type='other'>a</description>", "html=a" BODY },
	{ "<description xml:lang='de' xml:base='https://b.example/'>a</description>",
		"html=a;base=https://b.example/;in=de;" },
	{ "<description><b x:href='u' x:type='t' xml:lang='de' c='&quot;&lt;'>a &amp;lt; b</b><br/><i/>"
		"</description>", "html=<b href=\"u\" xml:lang=\"de\" c=\"&quot;&lt;\">a &lt; b</b><br><i></i>"
		BODY },
};

static const struct part_case atom[] = {
	{ "<title type='html'>a &lt;b&gt;b&lt;/b&gt;</title>", "title=a b;" },
	{ "<title type='TEXT/HTML; charset=x'>&lt;b&gt;b&lt;/b&gt;</title>", "title=b;" },
	{ "<title type='text'>&lt;b&gt;</title>", "title=<b>;" },
	{ "<title type=''>&lt;b&gt;</title>", "title=<b>;" },
	{ "<title mode='escaped'>&lt;b&gt;b&lt;/b&gt;</title>", "title=b;" },
	{ "<title type='xhtml'>&lt;b&gt;b&lt;/b&gt;</title>", "title=b;" },
	{ "<title type='other'>&lt;b&gt;</title>", "title=<b>;" },
	{ "<content type='application/xhtml+xml'>&lt;b&gt;</content>", "html=<b>" BODY },
	{ "<content type='text/plain'>&lt;b&gt;</content>", "text=<b>" BODY },
	{ "<content type='image/svg+xml'>&lt;b&gt;</content>", "text=<b>" BODY },
	{ "<content type='application/xml'>&lt;b&gt;</content>", "text=<b>" BODY },
	{ "<content mode='BASE64'>PGI+</content>", "html=<b>" BODY },
	{ "<content mode='base64' type='text/plain'>PGI+</content>", "text=<b>" BODY },
	{ "<content mode='base64' type='text'>PGI+</content>", "text=<b>" BODY },
	{ "<content mode='base64' type='html'>PGI+</content>", "html=<b>" BODY },
	{ "<content type='image/png'>PGI=</content>", "" },
	{ "<content type='audio/mpeg'>PGI=</content>", "" },
	{ "<content type='video/mp4'>PGI=</content>", "" },
	{ "<content type='a/b'>no base64!</content>", "html=no base64!" BODY },
	{ "<content type='a/b'>no base64 =</content>", "" },
	{ "<content type='a/b'>PGI+ no base64!</content>", "html=PGI+ no base64!" BODY },
	{ "<content type='html'><b>a &lt;i></b></content>", "html=<b>a <i></b>" BODY },
	{ "<content type='xhtml'><b>a &lt;i></b></content>", "html=<b>a &lt;i&gt;</b>" BODY },
	{ "<content type='xhtml'><div xml:base='c/' xml:lang='de'>a</div></content>",
		"html=<div xml:base=\"c/\" xml:lang=\"de\">a</div>;base=" HERE "c/;in=de;" },
	{ "<content type='xhtml'><div xml:lang='de'>a</div><div>b</div></content>",
		"html=<div xml:lang=\"de\">a</div><div>b</div>" BODY },
	/* Elements without content that HTML knows as such, and two that it does not (13.1.2). */
	{ "<content type='xhtml'><area/><base/><br/><col/><embed/><hr/><img/></content>",
		"html=<area><base><br><col><embed><hr><img>" BODY },
	{ "<content type='xhtml'><input/><link/><meta/><param/><source/><track/><wbr/></content>",
		"html=<input><link><meta><param><source><track><wbr>" BODY },
	{ "<content type='xhtml'><p/><area>a</area></content>", "html=<p></p><area>a</area>" BODY },
	{ "<content src='a'/>", "link=" HERE "a;" },
	{ "<content src='a' type='text/html'/>", "link=" HERE "a;" },
	{ "<content src='a' type='image/png'/>", "" },
	/* Links by their relations, of which names count as they are written. */
	{ "<link href='a'/><link rel='alternate' href='b'/>", "link=" HERE "a;" },
	{ "<link rel='ALTERNATE' href='a'/><link rel='alternate' href='b'/>", "link=" HERE "b;" },
	{ "<link type='a/pdf' href='a'/><link type='text/html' href='b'/>", "link=" HERE "b;" },
	{ "<link type='a/pdf' href='a'/><link type='text/x' href='b'/>", "link=" HERE "b;" },
	{ "<link type='a/pdf' href='a'/><link type='a/xhtml' href='b'/>", "link=" HERE "b;" },
	{ "<link type='a/pdf' href='a'/><link rel='ALTERNATE' href='b'/>", "link=" HERE "b;" },
	{ "<link rel='' href='a'/>", "link=" HERE "a;" },
	{ "<link rel='http://www.iana.org/assignments/relation/alternate' href='a'/>",
		"link=" HERE "a;" },
	{ "<link>a</link>", "link=" HERE "a;" },
	{ "<link rel='related' href='a'/><link rel='via' href='b'/>", "external=" HERE "a;" },
	{ "<link rel='VIA' href='b'/><link rel='vial' href='c'/>", "external=" HERE "b;" },
	{ "<link rel='icon' href='a'/>", "image=" HERE "a;" },
	{ "<link rel='enclosure' href='a' type='image/png' title=' t ' length='3'/>",
		"image=" HERE "a;file=" HERE "a,image/png,t,3,-1;" },
	{ "<category term='a' label='b'/><category label='c'/><category term='' label='d'/>"
		"<category>e</category>", "tag=a;tag=c;tag=d;tag=e;" },
	/* Persons, whose parts may stand bare. */
	{ "<author><name>Ann</name><email>ann@x.example</email></author>",
		"author=Ann;mail=ann@x.example;" },
	{ "<author><name>Ann</name><uri>a</uri></author>", "author=Ann;" },
	{ "<author><homepage>a</homepage></author>", "author=" HERE "a;" },
	{ "<author>Ann</author>", "author=Ann;" },
	{ "<author><b>Ann</b></author>", "author=Ann;" },
	{ "<source><author><name>Ann</name></author><title>t</title></source>", "author=Ann;" },
	{ "<source><author><name>Ann</name></author></source><author><name>Bo</name></author>",
		"author=Bo;" },
};

static const struct part_case json[] = {
	{ "{}", "" },
	{ "{\"id\":7,\"title\":\" a \",\"external_url\":\"x\",\"language\":\"de\"}",
		"id=7;external=" HERE "x;title=a;language=de;" },
	{ "{\"image\":\"a\",\"banner_image\":\"b\"}", "image=" HERE "a;" },
	{ "{\"banner_image\":\"b\"}", "image=" HERE "b;" },
	{ "{\"content_text\":\"b\",\"content_html\":\"a\",\"summary\":\"c\"}", "html=a" BODY "summary=b;" },
	{ "{\"content_text\":\"b\",\"summary\":\"c\",\"language\":\"de\"}",
		"language=de;text=b;base=" HERE "feed;in=de;summary=c;" },
	{ "{\"content_html\":\"\"}", "" },
	/* The list of authors counts before the one of version 1.0. */
	{ "{\"authors\":[{\"name\":\"Ann\"},\"Bo\"],\"author\":{\"name\":\"Cy\"}}", "author=Ann, Bo;" },
	{ "{\"authors\":[],\"author\":{\"name\":\"Cy\"}}", "author=Cy;" },
	{ "{\"authors\":{\"name\":\"Ann\"}}", "" },
	{ "{\"author\":{\"name\":\"Ann\",\"url\":\"MAILTO:ann@x.example\"}}",
		"author=Ann;mail=ann@x.example;" },
	{ "{\"author\":{\"url\":\"a\"}}", "author=" HERE "a;" },
	{ "{\"tags\":[\"a\",\" b \",1,\"\"]}", "tag=a;tag=b;" },
	{ "{\"tags\":\"a\"}", "" },
	{ "{\"attachments\":[{\"url\":\"a\",\"mime_type\":\"b\",\"title\":\"c\",\"size_in_bytes\":0,"
		"\"duration_in_seconds\":0}]}", "file=" HERE "a,b,c,0,0;" },
	{ "{\"attachments\":[{\"url\":\"a\",\"size_in_bytes\":-1,\"duration_in_seconds\":-1}]}",
		"file=" HERE "a,,,-1,-1;" },
	{ "{\"attachments\":[{\"url\":\"a\",\"duration_in_seconds\":999999999.9}]}",
		"file=" HERE "a,,,-1,999999999;" },
	{ "{\"attachments\":[{\"url\":\"a\",\"duration_in_seconds\":1000000000}]}",
		"file=" HERE "a,,,-1,-1;" },
	{ "{\"attachments\":[{\"title\":\"c\"},{\"url\":\"a\"}]}", "file=" HERE "a,,,-1,-1;" },
	{ "1,{\"title\":\"a\"}", "title=a;" },
};
/* clang-format on */

static void
elements_of_rss_fill_an_entry(void **state)
{
	(void)state;
	check("<rss version='2.0' " NAMESPACES "><channel><item>",
	    "</item></channel></rss>", rss, ARRAY_LEN(rss));
}

static void
elements_of_atom_fill_an_entry(void **state)
{
	(void)state;
	check("<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "</entry></feed>",
	    atom, ARRAY_LEN(atom));
}

/* Where base64 is wanted and none is found, up to 999 bytes are text. */
static void
what_is_no_base64_is_text_when_it_is_short(void **state)
{
	(void)state;
	for (size_t len = 999; len <= 1000; len++) {
		struct buf xml = BUF_INIT(1 << 12);
		struct buf want = BUF_INIT(1 << 12);
		struct part_case c;

		buf_adds(&xml, "<content type='a/b'>");
		buf_adds(&want, len == 999 ? "html=" : "");
		for (size_t i = 0; i < len; i++) {
			buf_addc(&xml, '!');
			if (len == 999)
				buf_addc(&want, '!');
		}
		buf_adds(&xml, "</content>");
		buf_adds(&want, len == 999 ? BODY : "");
		c = (struct part_case){ buf_text(&xml), buf_text(&want) };
		check("<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
		    "</entry></feed>", &c, 1);
		buf_clear(&xml);
		buf_clear(&want);
	}
}

static void
members_of_json_fill_an_entry(void **state)
{
	(void)state;
	check("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[", "]}", json,
	    ARRAY_LEN(json));
}

/* By its version, else by a list of items with a name or an address. */
static void
json_is_a_feed_when_it_says_so(void **state)
{
	static const struct {
		const char *text, *format;
	} cases[] = {
		{ "{\"version\":\"https://JSONFeed.org/version/1.1\"}", "json11" },
		{ "{\"version\":\"https://jsonfeed.org/version/1\"}", "json1" },
		{ "{\"version\":\"1.1\"}", NULL },
		{ "{\"items\":[],\"title\":\"a\"}", "json1" },
		{ "{\"items\":[],\"feed_url\":\"a\"}", "json1" },
		{ "{\"items\":[],\"home_page_url\":\"a\"}", "json1" },
		{ "{\"items\":[]}", NULL },
		{ "{\"items\":{},\"title\":\"a\"}", NULL },
		{ "{\"title\":\"a\"}", NULL },
		{ "[]", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parsed p = parse_text(cases[i].text);

		expect_text(cases[i].text, "format", p.feed ? p.feed->format : NULL,
		    cases[i].format);
		if (!p.feed)
			expect_text(cases[i].text, "error", p.err.text,
			    "JSON, but no JSON Feed");
		parsed_free(&p);
	}
}

static void
a_json_channel_says_where_it_lives(void **state)
{
	static const char text[] =
	    "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\","
	    "\"description\":\"D\",\"language\":\"de\",\"next_url\":\"n\","
	    "\"favicon\":\"f\",\"icon\":\"i\",\"author\":{\"name\":\"Ann\"},"
	    "\"hubs\":[{\"url\":\"https://h.example/\"},{\"url\":\"https://g.example/\"}],"
	    "\"home_page_url\":\"https://p.example/\",\"feed_url\":\"https://q.example/f\","
	    "\"items\":[{\"url\":\"a\"}]}";
	struct parsed p = parse_bytes(text, sizeof(text) - 1, NULL, NULL);

	(void)state;
	assert_non_null(p.feed);
	expect_text("feed", "title", p.feed->title, "T");
	expect_text("feed", "description", p.feed->description, "D");
	expect_text("feed", "language", p.feed->language, "de");
	expect_text("feed", "next", p.feed->next, "https://q.example/n");
	expect_text("feed", "image", p.feed->image, "https://q.example/i");
	expect_text("feed", "author", p.feed->author, "Ann");
	expect_text("feed", "hub", p.feed->hub, "https://h.example/");
	expect_text("feed", "link", p.feed->link, "https://p.example/");
	expect_text("feed", "self", p.feed->self, "https://q.example/f");
	expect_text("feed", "item", p.feed->entries[0].link, "https://q.example/a");
	parsed_free(&p);
}

/* Of 400,000 lists and objects the reader is not asked. */
static void
a_document_of_brackets_is_refused(void **state)
{
	static char text[400002];

	(void)state;
	memset(text, '[', 400001);
	for (size_t len = 400000; len <= 400001; len++) {
		struct parsed p = parse_bytes(text, len, NULL, NULL);

		assert_null(p.feed);
		assert_int_equal(p.err.kind == ERR_LIMIT, len == 400001);
		if (len == 400001)
			expect_text("brackets", "error", p.err.text,
			    "JSON with more than 400000 lists and objects");
		parsed_free(&p);
	}
}

static void
a_channel_says_when_it_is_new(void **state)
{
	static const struct {
		const char *xml;
		int64_t ttl, hours, days;
	} cases[] = {
		{ "<ttl>1</ttl>", 60, 0, 0 },
		{ "<ttl>0</ttl>", -1, 0, 0 },
		{ "<ttl>527039</ttl>", 527039 * 60, 0, 0 },
		{ "<ttl>527040</ttl>", -1, 0, 0 },
		{ "<ttl>x</ttl>", -1, 0, 0 },
		{ "<sy:updatePeriod>Hourly</sy:updatePeriod>", 3600, 0, 0 },
		{ "<sy:updatePeriod>daily</sy:updatePeriod>", 86400, 0, 0 },
		{ "<sy:updatePeriod>weekly</sy:updatePeriod>", 604800, 0, 0 },
		{ "<sy:updatePeriod>monthly</sy:updatePeriod>", 2592000, 0, 0 },
		{ "<sy:updatePeriod>yearly</sy:updatePeriod>", 31536000, 0, 0 },
		{ "<sy:updatePeriod>often</sy:updatePeriod>", -1, 0, 0 },
		{ "<sy:updateFrequency>2</sy:updateFrequency>", 43200, 0, 0 },
		{ "<sy:updateFrequency>1</sy:updateFrequency>", 86400, 0, 0 },
		{ "<sy:updateFrequency>0</sy:updateFrequency>", -1, 0, 0 },
		{ "<skipHours><hour>0</hour><hour>1</hour></skipHours>", -1, 3, 0 },
		{ "<skipHours><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>",
		    -1, 1, 0 },
		{ "<skipHours>\n<hour>23</hour></skipHours>", -1, 1 << 23, 0 },
		{ "<skipDays><day>Sunday</day><day>sat</day><day>day</day></skipDays>",
		    -1, 0, 1 | 1 << 6 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(1 << 12);
		struct parsed p;

		buf_addf(&b,
		    "<rss version='2.0' " NAMESPACES "><channel>%s</channel></rss>",
		    cases[i].xml);
		p = parse_text(buf_text(&b));
		assert_non_null(p.feed);
		expect_number(cases[i].xml, "ttl", p.feed->ttl, cases[i].ttl);
		expect_number(cases[i].xml, "hours", p.feed->skip_hours, cases[i].hours);
		expect_number(cases[i].xml, "days", p.feed->skip_days, cases[i].days);
		parsed_free(&p);
		buf_clear(&b);
	}
}

static void
namespaces_are_known_however_they_are_spelled(void **state)
{
	static const struct {
		const char *uri, *prefix;
		enum space want;
	} cases[] = {
		{ NULL, NULL, SPACE_NONE },
		{ NULL, "DC", SPACE_DC },
		{ NULL, "sy", SPACE_SY },
		{ NULL, "x", SPACE_OTHER },
		{ "", "dc", SPACE_DC },
		{ " / ", NULL, SPACE_NONE },
		{ "http://www.w3.org/2005/Atom", "dc", SPACE_ATOM },
		{ " HTTPS://WWW.W3.ORG/2005/ATOM/# ", NULL, SPACE_ATOM },
		{ "w3.org/2005/atom", NULL, SPACE_ATOM },
		{ "http://w3.org/2005/atom2", NULL, SPACE_OTHER },
		{ "http://w3.org/2005/ato", NULL, SPACE_OTHER },
		{ "http://purl.org/atom/ns#draft-ietf-atompub-format-03", NULL,
		    SPACE_ATOM },
		{ "http://backend.userland.com/rss9", NULL, SPACE_RSS },
		{ "http://purl.org/dc/terms/", NULL, SPACE_TERMS },
		{ "http://xml.coverpages.org/cdf981028.html", NULL, SPACE_CDF },
		{ "http://x.example/", "dc", SPACE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (space_of(cases[i].uri, cases[i].prefix) != cases[i].want)
			fail_msg("%s, %s", cases[i].uri ? cases[i].uri : "(none)",
			    cases[i].prefix ? cases[i].prefix : "(none)");
}

static const struct {
	const char *text, *name;
	size_t root;
	unsigned line;
	const char *flags; /* b: blank before, j: junk before, h: HTML */
	const char *entities;
} prolog_cases[] = {
	{ "", "", 0, 1, "", "" },
	{ " \n", "", 2, 2, "", "" },
	{ "<!-- a --> ", "", 11, 1, "", "" },
	{ "<?xml?>", "", 7, 1, "", "" },
	{ "<rss>", "rss", 0, 1, "", "" },
	{ "\n\n<RSS a='b'>", "rss", 2, 3, "", "" },
	{ "<rdf:RDF/>", "rdf:rdf", 0, 1, "", "" },
	{ " <?xml?><a>", "a", 8, 1, "b", "" },
	{ "<?xml?> <?b?><a>", "a", 13, 1, "", "" },
	{ "<?xml <a>", "", 9, 1, "", "" },
	{ "x<a>", "a", 1, 1, "j", "" },
	{ "<1><a>", "a", 3, 1, "j", "" },
	{ "<", "", 1, 1, "j", "" },
	{ "<_a>", "_a", 0, 1, "", "" },
	{ "<\u00E9>", "\u00E9", 0, 1, "", "" },
	{ "<!-- <b> -->\n<a>", "a", 13, 2, "", "" },
	{ "<!-- <b>", "", 8, 1, "", "" },
	{ "<!--", "", 4, 1, "", "" },
	{ "<?", "", 2, 1, "", "" },
	{ "<!DOCTYPE", "", 9, 1, "", "" },
	{ "<!DOCTYPE html><a>", "a", 15, 1, "h", "" },
	{ "<!doctype  HTML ><a>", "a", 17, 1, "h", "" },
	{ "<HTML>", "html", 0, 1, "h", "" },
	{ "<!DOCTYPE a PUBLIC 'b>c' \"d>\"><a>", "a", 30, 1, "", "" },
	{ "<!DOCTYPE a [<!-- ]> <b> --><!ELEMENT b>]><a>", "a", 42, 1, "", "" },
	{ "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d \"&b;'e\">]><a>", "a", 49, 1, "",
	    "b=c;d=c'e;" },
	{ "<!DOCTYPE a [<!entity b 'c'>]><a>", "a", 30, 1, "", "b=c;" },
	{ "<!DOCTYPE a [<!ENTITY b SYSTEM 'c'><!ENTITY % d 'e'><!ENTITY 'f'>]><a>", "a",
	    67, 1, "", "" },
	{ "<!DOCTYPE a [<!ENTITY b 'c'", "", 27, 1, "", "b=c;" },
	{ "<!DOCTYPE a [<!ENTITY b 'c", "", 26, 1, "", "" },
	{ "<!DOCTYPE a [<!ENTITY b", "", 23, 1, "", "" },
	{ "<!DOCTYPE a [<!ENTITY b '", "", 25, 1, "", "" },
};

static void
what_stands_before_the_root_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prolog_cases); i++) {
		struct arena *a = arena_new();
		struct prolog p;
		const char *entities = "";

		prolog_read(a,
		    guarded(prolog_cases[i].text, strlen(prolog_cases[i].text)),
		    strlen(prolog_cases[i].text), &p);
		for (size_t k = 0; k < p.entity_count; k++)
			entities = arena_printf(a, "%s%s=%s;", entities,
			    p.entities[k].name, p.entities[k].value);
		expect_text(prolog_cases[i].text, "name", p.name, prolog_cases[i].name);
		expect_number(prolog_cases[i].text, "root", (int64_t)p.root,
		    (int64_t)prolog_cases[i].root);
		expect_number(prolog_cases[i].text, "line", p.line, prolog_cases[i].line);
		expect_text(prolog_cases[i].text, "flags",
		    arena_printf(a, "%s%s%s", p.blank_before ? "b" : "",
			p.junk_before ? "j" : "", p.html ? "h" : ""),
		    prolog_cases[i].flags);
		expect_text(prolog_cases[i].text, "entities", entities,
		    prolog_cases[i].entities);
		arena_free(a);
	}
}

/* 256 entities of 1023 bytes; a root's name of 64. */
static void
declarations_have_limits(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 16);
	struct prolog p;

	(void)state;
	buf_adds(&b, "<!DOCTYPE a [<!ENTITY long '");
	for (int i = 0; i < 1024; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "'><!ENTITY fits '");
	for (int i = 0; i < 1023; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "'>");
	for (int i = 0; i < 256; i++)
		buf_addf(&b, "<!ENTITY e%d 'x'>", i);
	buf_adds(&b, "]><");
	for (int i = 0; i < 65; i++)
		buf_addc(&b, 'r');
	buf_adds(&b, ">");
	prolog_read(a, buf_text(&b), b.len, &p);
	assert_int_equal(p.entity_count, 256);
	expect_text("the first", "name", p.entities[0].name, "fits");
	expect_text("the last", "name", p.entities[255].name, "e254");
	assert_int_equal(strlen(p.name), 64);
	buf_clear(&b);
	arena_free(a);
}

static void
references_are_numbers_or_names(void **state)
{
	static const struct {
		const char *text;
		uint32_t code;
		bool is_number;
	} numbers[] = {
		{ "#38", 38, true },
		{ "#x26", 38, true },
		{ "#X2f", 47, true },
		{ "#0", 0, true },
		{ "#x10FFFF", 0x10FFFF, true },
		{ "#", 0, false },
		{ "#x", 0, false },
		{ "38", 0, false },
		{ "#3a", 0, false },
		{ "#xg", 0, false },
		{ "", 0, false },
	};
	uint32_t code = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		const char *text = numbers[i].text;

		if (entity_number(guarded(text, strlen(text)), strlen(text), &code) !=
			numbers[i].is_number ||
		    (numbers[i].is_number && code != numbers[i].code))
			fail_msg("%s: got %u", text, (unsigned)code);
	}
	assert_true(entity_number("#99999999999999", 15, &code) && code >= 0x110000);
	assert_int_equal(entity_code("amp", 3), '&');
	assert_int_equal(entity_code("thetasym", 8), 0x3D1);
	assert_int_equal(entity_code("thetasyms", 9), 0);
	assert_int_equal(entity_code("nothing", 7), 0);
	assert_int_equal(entity_code("", 0), 0);
	assert_int_equal(entity_code("am\0", 3), 0);
}

#define NAME_62 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij"

static void
references_in_texts_are_resolved(void **state)
{
	static const struct xml_entity own[] = { { "own", "mine" }, { NAME_62, "long" },
		{ NAME_62 "k", "longer" } };
	const struct xml_source source = { .entities = own,
		.entity_count = ARRAY_LEN(own) };
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "a &lt; b", "a < b" },
		{ "&own;&#38;&x;&", "mine&&x;&" },
		{ "&ow;&owns;", "&ow;&owns;" },
		{ "&" NAME_62 ";", "long" },
		{ "&" NAME_62 "k;", "&" NAME_62 "k;" },
		{ "a;", "a;" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(1000);
		const size_t len = strlen(cases[i].text);

		entity_expand_text(&source, &out, guarded(cases[i].text, len), len);
		expect_text(cases[i].text, "text", buf_text(&out), cases[i].want);
		buf_clear(&out);
	}
}

/* A title that is cut anywhere is read to its end and no further. */
static void
titles_may_be_cut_anywhere(void **state)
{
	static const char text[] =
	    "a <b c='d'>e</b> </i <script>f</script> <!-- g --> <h1 i=\"j\"><br>";
	struct arena *a = arena_new();

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct buf out = BUF_INIT(1000);

		/* The first tag that is one: its attribute tells. */
		assert_int_equal(title_mark_tags(a, guarded(text, len), len, &out),
		    len >= strlen("a <b c='d'>"));
		if (len < strlen("a <b c='d'>"))
			expect_text("a cut title", "text", buf_text(&out),
			    arena_printf(a, "%.*s%s%.*s", len < 3 ? (int)len : 2, text,
				len < 3 ? "" : "&lt;", len < 3 ? 0 : (int)len - 3,
				text + 3));
		buf_clear(&out);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_of_rss_fill_an_entry),
		cmocka_unit_test(elements_of_atom_fill_an_entry),
		cmocka_unit_test(what_is_no_base64_is_text_when_it_is_short),
		cmocka_unit_test(members_of_json_fill_an_entry),
		cmocka_unit_test(json_is_a_feed_when_it_says_so),
		cmocka_unit_test(a_json_channel_says_where_it_lives),
		cmocka_unit_test(a_document_of_brackets_is_refused),
		cmocka_unit_test(a_channel_says_when_it_is_new),
		cmocka_unit_test(namespaces_are_known_however_they_are_spelled),
		cmocka_unit_test(what_stands_before_the_root_is_told),
		cmocka_unit_test(declarations_have_limits),
		cmocka_unit_test(references_are_numbers_or_names),
		cmocka_unit_test(references_in_texts_are_resolved),
		cmocka_unit_test(titles_may_be_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
