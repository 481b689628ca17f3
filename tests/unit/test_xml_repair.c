/* SPDX-License-Identifier: ISC */
#include "feed_fixture.h"

#include "feed/xml_repair.h"

/* Fragments in, fragments out: what a person would have meant. */
static const struct {
	const char *name;
	const char *text;
	const char *want;
} repairs[] = {
	/* clang-format off */
	{ "well-formed stays", "<a b=\"c\">d &amp; e<f/></a>", "<a b=\"c\">d &amp; e<f/></a>" },
	{ "bare ampersand", "<a>AT&T &; & &#;</a>", "<a>AT&amp;T &amp;; &amp; &amp;#;</a>" },
	{ "names of HTML stay", "<a>&nbsp;&eacute;</a>", "<a>&nbsp;&eacute;</a>" },
	{ "unknown names become text", "<a>&foo;</a>", "<a>&amp;foo;</a>" },
	{ "forbidden numbers go", "<a>x&#0;&#x1f;&#xD800;&#1114112;y&#65;</a>", "<a>xy&#65;</a>" },
	{ "control characters go", "<a>x\x01\x0by\tz</a>", "<a>xy\tz</a>" },
	{ "U+FFFF goes", "<a>x\xef\xbf\xbfy</a>", "<a>xy</a>" },
	{ "less-than in text", "<a>1 < 2 <3 <- <é@x></a>", "<a>1 &lt; 2 &lt;3 &lt;- &lt;é@x></a>" },
	{ "an address in brackets", "<a>Ann <ann@x.org></a>", "<a>Ann &lt;ann@x.org></a>" },
	{ "CDATA is left alone", "<a><![CDATA[<b> & &nbsp;]]></a>",
	    "<a><![CDATA[<b> & &nbsp;]]></a>" },
	{ "controls in CDATA go", "<a><![CDATA[x\x02y]]></a>", "<a><![CDATA[xy]]></a>" },
	{ "CDATA is closed", "<a><![CDATA[x", "<a><![CDATA[x]]></a>" },
	{ "a section that swallows the next entry", "<r><item><d><![CDATA[x</d></item>"
	    "<item><d><![CDATA[y]]></d></item></r>", "<r><item><d><![CDATA[x]]></d></item>"
	    "<item><d><![CDATA[y]]></d></item></r>" },
	{ "such a section with markup of a longer name", "<r><item><d><![CDATA[<div>x</div></d></item>"
	    "<item><d><![CDATA[y]]></d></item></r>", "<r><item><d><![CDATA[<div>x</div>]]></d></item>"
	    "<item><d><![CDATA[y]]></d></item></r>" },
	{ "a section that speaks of sections", "<a><![CDATA[<![CDATA[ x </b>]]></a>",
	    "<a><![CDATA[<![CDATA[ x </b>]]></a>" },
	{ "an end of section in text", "<a>x]]>y > z</a>", "<a>x]]&gt;y > z</a>" },
	{ "comments go", "<a>x<!-- & -- < -->y</a>", "<a>xy</a>" },
	{ "a comment without end is text", "<a>x<!-- y</a>", "<a>x&lt;!-- y</a>" },
	{ "attributes without quotes", "<a b=c d=e/>", "<a b=\"c\" d=\"e\"/>" },
	{ "attributes without value", "<a b c='d'/>", "<a b=\"\" c='d'/>" },
	{ "attributes twice", "<a b='1' b='2'/>", "<a b='1'/>" },
	{ "ampersand in an attribute", "<a b='x?y&z'/>", "<a b='x?y&amp;z'/>" },
	{ "less-than in an attribute", "<a b='<c>'/>", "<a b='&lt;c>'/>" },
	{ "a quote too many", "<a b='c'' d='e'/>", "<a b='c' d='e'/>" },
	{ "end tags that are missing", "<a><b><c>x</a>", "<a><b><c>x</c></b></a>" },
	{ "end tags too many", "<a></b>x</a>", "<a>x</a>" },
	{ "end tags crossed", "<a><b><i>x</b></i></a>", "<a><b><i>x</i></b></a>" },
	{ "the document is cut", "<a><b>x", "<a><b>x</b></a>" },
	{ "the document is cut in a tag", "<a><b>x</b><c d='", "<a><b>x</b></a>" },
	{ "HTML elements without end", "<r><c><d>x<br>y<img src='z'></d></c></r>",
	    "<r><c><d>x<br/>y<img src='z'/></d></c></r>" },
	{ "an entry that is not closed",
	    "<r><c><item><title>1</title><item><title>2</title></item></c></r>",
	    "<r><c><item><title>1</title></item><item><title>2</title></item></c></r>" },
	{ "a field that is not closed", "<r><c><item><title>1<link>2</link></item></c></r>",
	    "<r><c><item><title>1</title><link>2</link></item></c></r>" },
	{ "the root is closed too early", "<r><item></item></r><item></item></r>",
	    "<r><item></item><item></item></r>" },
	{ "names of all letters", "<_a:B-c.9>x</_a:B-c.9>", "<_a:B-c.9>x</_a:B-c.9>" },
	{ "names that begin with no letter", "<a><9>x<-b></a>", "<a>&lt;9>x&lt;-b></a>" },
	{ "a blank before the closing", "<a ><b\n/>x</a >", "<a><b/>x</a>" },
	{ "blanks around the equals sign", "<a b = 'c' d= e/>", "<a b='c' d=\"e\"/>" },
	{ "a value that ends the tag", "<a b=c/>", "<a b=\"c\"/>" },
	{ "a value that has a quote behind it alone", "<a b=c\" d='e'/>", "<a b=\"c\" d='e'/>" },
	{ "or the other one", "<a b=c'>x</a>", "<a b=\"c\">x</a>" },
	{ "a value with strokes", "<a b=x/y/>z<c d=http://x/></a>", "<a b=\"x/y\"/>z<c d=\"http://x\"/>" },
	{ "a value with a stroke at its end", "<a b=x/ c=d>z</a>", "<a b=\"x/\" c=\"d\">z</a>" },
	{ "a quote that is forgotten", "<a b='c><d e='f'/></a>", "<a b=\"c\"><d e='f'/></a>" },
	{ "controls and non-characters go", "<a>x\x01\xef\xbf\xbey\xef\xbf\xbd</a>",
	    "<a>xy\xef\xbf\xbd</a>" },
	{ "what follows the root is left out", "<a></a> <p>x</p>", "<a></a>" },
};
/* clang-format on */

static void
broken_text_becomes_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(repairs); i++) {
		const struct xml_source source = { .text = repairs[i].text,
			.len = strlen(repairs[i].text),
			.line = 1 };
		struct buf out = BUF_INIT(1 << 16);

		repair_xml(&out, &source, NULL, NULL);
		expect_text(repairs[i].name, "text", buf_text(&out), repairs[i].want);
		buf_clear(&out);
	}
}

/* Damage between two entries: both must be there, with a warning that names line and cause. */
static const struct {
	const char *name;
	const char *damage; /* stands inside the second of three items */
	const char *warning;
} damages[] = {
	/* clang-format off */
	{ "ampersand", "<link>https://example.org/?a=1&b=2</link>", "line 3: unescaped '&'" },
	{ "control", "<title>x\x03y</title>", "line 3: forbidden control character" },
	{ "less-than", "<title>a < b</title>", "line 3: unescaped '<'" },
	{ "unclosed", "<title>a", "line 3: element that is not closed" },
	{ "stray end", "</font>", "line 3: end tag without start tag" },
	{ "attribute", "<enclosure url=/a.mp3 />", "line 3: malformed attribute" },
	{ "number", "<title>&#1;</title>", "line 3: reference to a character that XML forbids" },
	{ "markup", "<description><p>x<br>y</description>", "line 3: element that is not closed" },
};
/* clang-format on */

static void
entries_around_the_damage_are_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct buf b = BUF_INIT(1 << 16);
		struct parsed p;

		buf_addf(&b,
		    "<rss version='2.0'><channel><title>T</title>\n<item><title>1 &amp; 1"
		    "</title></item>\n<item>%s</item>\n<item><title>3 &lt; 3</title></item>\n"
		    "</channel></rss>",
		    damages[i].damage);
		p = parse_text(buf_text(&b));
		assert_non_null(p.feed);
		expect_number(damages[i].name, "entries", (int64_t)p.feed->entry_count,
		    3);
		expect_text(damages[i].name, "first", p.feed->entries[0].title, "1 & 1");
		expect_text(damages[i].name, "third", p.feed->entries[2].title, "3 < 3");
		expect_number(damages[i].name, "damaged", p.feed->damaged, 1);
		if (!has_warning(p.feed, damages[i].warning))
			fail_msg("%s: got \"%s\", want \"%s\"", damages[i].name,
			    p.feed->warning_count ? p.feed->warnings[0] : "",
			    damages[i].warning);
		parsed_free(&p);
		buf_clear(&b);
	}
}

/* It would come again, whole and with an id, as another entry. */
static void
a_torn_last_entry_waits_for_its_address(void **state)
{
	static const struct {
		const char *name;
		const char *last;
		int64_t want;
		bool torn;
	} cases[] = {
		{ "cut in the title", "<item><title>Half a tit", 1, true },
		{ "cut in a tag", "<item><ti", 1, true },
		{ "cut behind the link",
		    "<item><title>two</title><link>https://l.example/2</link><desc", 2,
		    true },
		{ "cut behind the id", "<item><guid>two</guid><title>Tw", 2, true },
		{ "cut behind the entry", "<item><title>two</title></item>", 2, false },
		{ "cut in the entry's end", "<item><title>two</title></it", 1, true },
		{ "not cut", "<item><title>two</title></item></channel></rss>", 2,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(1 << 16);
		struct parsed p;

		buf_addf(&b,
		    "<rss version='2.0'><channel><title>T</title><item><title>one</title></item>%s",
		    cases[i].last);
		p = parse_text(buf_text(&b));
		assert_non_null(p.feed);
		expect_number(cases[i].name, "entries", (int64_t)p.feed->entry_count,
		    cases[i].want);
		if (has_warning(p.feed, "the last entry was cut off") !=
		    (cases[i].want == 1))
			fail_msg("%s: got \"%s\"", cases[i].name, p.feed->warnings[0]);
		expect_number(cases[i].name, "torn", p.feed->torn, cases[i].torn);
		expect_number(cases[i].name, "ends torn", p.feed->ends_torn,
		    cases[i].torn && cases[i].want == 2);
		parsed_free(&p);
		buf_clear(&b);
	}
}

/* A feed of half an entry has none, and is no whole feed. */
static void
the_only_entry_may_be_torn(void **state)
{
	struct parsed p = parse_text(
	    "<rss version='2.0'><channel><title>T</title><item><title>Half a tit");

	(void)state;
	assert_non_null(p.feed);
	assert_int_equal(p.feed->entry_count, 0);
	assert_true(p.feed->torn);
	assert_false(p.feed->ends_torn);
	assert_true(has_warning(p.feed, "the last entry was cut off"));
	parsed_free(&p);
}

static void
what_comes_in_front_is_skipped(void **state)
{
	static const struct {
		const char *front;
		bool damaged;
	} cases[] = {
		{ "\n  <?xml version='1.0'?>", false },
		{ "\xef\xbb\xbf<?xml version='1.0'?>", false },
		{ "<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href='x'?><!-- <rss> -->",
		    false },
		{ "<?xml version='1.1'?><!DOCTYPE rss PUBLIC '-//x' 'http://example.org/rss.dtd'>",
		    false },
		{ "Warning: mysql_connect() in x.php\n<?xml version='1.0'?>", true },
		{ "<br />\n<b>Notice</b>: x<br />\n<?xml version='1.0'?>", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(1 << 16);
		struct parsed p;

		buf_addf(&b,
		    "%s<rss version='2.0'><channel><title>T</title></channel></rss>",
		    cases[i].front);
		p = parse_text(buf_text(&b));
		if (!p.feed)
			fail_msg("%s: no feed", cases[i].front);
		expect_text(cases[i].front, "title", p.feed->title, "T");
		expect_number(cases[i].front, "damaged", p.feed->damaged,
		    cases[i].damaged);
		parsed_free(&p);
		buf_clear(&b);
	}
}

static void
a_feed_cut_off_keeps_what_came(void **state)
{
	static const char whole[] =
	    "<rss version='2.0'><channel><title>T</title>"
	    "<item><title>1</title></item><item><title>2</title><description>&lt;p>x&lt;/p>"
	    "</description></item></channel></rss>";

	(void)state;
	/* From the end of the first item on every prefix has it. */
	for (size_t len = (size_t)(strstr(whole, "</item>") - whole) + 7;
	     len < sizeof(whole) - 1; len++) {
		struct parsed p = parse_bytes(whole, len, NULL, NULL);

		if (!p.feed || p.feed->entry_count < 1)
			fail_msg("%zu bytes: got no entry, want the first", len);
		expect_text("cut", "title", p.feed->entries[0].title, "1");
		parsed_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_text_becomes_well_formed),
		cmocka_unit_test(entries_around_the_damage_are_kept),
		cmocka_unit_test(a_torn_last_entry_waits_for_its_address),
		cmocka_unit_test(the_only_entry_may_be_torn),
		cmocka_unit_test(what_comes_in_front_is_skipped),
		cmocka_unit_test(a_feed_cut_off_keeps_what_came),
	};

	return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}
