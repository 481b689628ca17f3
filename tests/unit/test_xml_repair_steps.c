/* SPDX-License-Identifier: ISC */
/* The repair of XML, step by step: what is written, and what is told of which line. */
#include "feed_fixture.h"

#include "base/buf.h"
#include "feed/xml_repair.h"
#include "feed/xml_repair_text.h"

struct repair_case {
	const char *text, *want;
	const char *notes; /* "7 unescaped '&'; " each */
	bool is_torn;
};

static void
note(void *arg, unsigned line, const char *what)
{
	buf_addf(arg, "%u %s; ", line, what);
}

static void
check(const struct repair_case *cases, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const struct repair_case *c = &cases[i];
		const size_t len = strlen(c->text);
		const struct xml_source source = { .text = guarded(c->text, len),
			.len = len,
			.line = 7 };
		const char *notes = c->notes ? c->notes : "";
		struct buf out = BUF_INIT(1 << 16);
		struct buf told = BUF_INIT(1 << 12);
		const bool is_torn = repair_xml(&out, &source, note, &told);

		if (strcmp(buf_text(&out), c->want) != 0 ||
		    strcmp(buf_text(&told), notes) != 0 || is_torn != c->is_torn) {
			print_error("%s: got %s (%s%d), want %s (%s%d)\n", c->text,
			    buf_text(&out), buf_text(&told), is_torn, c->want, notes,
			    c->is_torn);
			failed++;
		}
		buf_clear(&out);
		buf_clear(&told);
	}
	assert_int_equal(failed, 0);
}

#define NESTING "7 element that is not closed; "
#define CUT "7 the document ends early; "
#define LESS "7 unescaped '<'; "
#define AMPERSAND "7 unescaped '&'; "
#define ATTRIBUTE "7 malformed attribute; "
#define END "7 end tag without start tag; "
#define SECTION "7 CDATA section that is not closed; "
#define CONTROL "7 forbidden control character; "
#define REFERENCE "7 reference to a character that XML forbids; "

/* clang-format off */
static const struct repair_case tags[] = {
	{ "", "", NULL, false },
	{ "<a/>", "<a/>", NULL, false },
	{ "<a></a>", "<a></a>", NULL, false },
	{ "<a><b c='d' e=\"f\"/>g</a>", "<a><b c='d' e=\"f\"/>g</a>", NULL, false },
	{ "<a\tb='c'\r\nd='e'></a\n>", "<a b='c' d='e'></a>", NULL, false },
	/* A tag begins with a letter, "_" or what is beyond ASCII, and ends its name with a blank,
	   a stroke or a bracket. */
	{ "<a><_/><é/><-/></a>", "<a><_/><é/>&lt;-/></a>", LESS, false },
	{ "<a><b.c_d-e:f9/></a>", "<a><b.c_d-e:f9/></a>", NULL, false },
	{ "<a><b@/></a>", "<a>&lt;b@/></a>", LESS, false },
	{ "<a><b<c/></a>", "<a><b><c/></b></a>", ATTRIBUTE NESTING, false },
	{ "<a>\n<b\n<c/></a>", "<a>\n<b><c/></b></a>",
		"9 malformed attribute; 9 element that is not closed; ", false },
	{ "<a>< b></a>", "<a>&lt; b></a>", LESS, false },
	{ "<a>\n\n<", "<a>\n\n&lt;</a>", "9 unescaped '<'; 9 the document ends early; ", false },
	/* A tag that the end of the document cuts is left out. */
	{ "<a><b", "<a></a>", CUT, false },
	{ "<a><b ", "<a></a>", CUT, false },
	{ "<a><b c", "<a></a>", ATTRIBUTE CUT, false },
	{ "<a><b c=", "<a></a>", CUT, false },
	{ "<a><b c='d", "<a></a>", ATTRIBUTE CUT, false },
	{ "<a><b c=d/", "<a></a>", ATTRIBUTE CUT, false },
	{ "<a><b c='d'", "<a></a>", CUT, false },
	{ "<a><b/", "<a></a>", ATTRIBUTE CUT, false },
	{ "<a><b>", "<a><b></b></a>", CUT, false },
	{ "<a><b/>", "<a><b/></a>", CUT, false },
	/* HTML elements that nobody closes, inside a field. */
	{ "<a><b><c>x<br>y<HR><wbr></c></b></a>", "<a><b><c>x<br/>y<HR/><wbr/></c></b></a>", NULL,
		false },
	{ "<a><b><br>x</br></b></a>", "<a><b><br>x</br></b></a>", NULL, false },
	{ "<a><b><c><br>x</br></c></b></a>", "<a><b><c><br/>x</c></b></a>", NULL, false },
	{ "<a><b><c><brx>y</brx></c></b></a>", "<a><b><c><brx>y</brx></c></b></a>", NULL, false },
	{ "<a><b><c><b>y</b></c></b></a>", "<a><b><c><b>y</b></c></b></a>", NULL, false },
	/* A field ends the field before it, three elements deep or more. */
	{ "<r><c><item><title>1<link>2</link></item></c></r>",
		"<r><c><item><title>1</title><link>2</link></item></c></r>", NESTING, false },
	{ "<r><item><title>1<link>2</link></title></item></r>",
		"<r><item><title>1</title><link>2</link></item></r>", NESTING END, false },
	{ "<r><title>1<link>2</link></title></r>", "<r><title>1<link>2</link></title></r>", NULL,
		false },
	{ "<r><item><title>1<b>2</b></title></item></r>",
		"<r><item><title>1<b>2</b></title></item></r>", NULL, false },
	{ "<r><item><b>1<link>2</link></b></item></r>",
		"<r><item><b>1<link>2</link></b></item></r>", NULL, false },
	/* An entry ends the entry before it with all that is open in it. */
	{ "<r><item><b>1<item>2</item></r>", "<r><item><b>1</b></item><item>2</item></r>", NESTING,
		false },
	{ "<entry>1<entry>2</entry>", "<entry>1</entry><entry>2</entry>", NESTING, false },
	{ "<r><item>1</item>\n<item>2</item></r>", "<r><item>1</item>\n<item>2</item></r>", NULL,
		false },
	/* End tags. */
	{ "<a><b>x</b\n<c/></a>", "<a><b>x</b><c/></a>", NULL, false },
	{ "<a><b>x</b", "<a><b>x</b></a>", CUT, false },
	{ "<a><b>x</b junk>y</a>", "<a><b>x</b>y</a>", NULL, false },
	{ "<a><b>x</a>", "<a><b>x</b></a>", NESTING, false },
	{ "<a><b><b>x</b></b></a>", "<a><b><b>x</b></b></a>", NULL, false },
	{ "<a><b>x</B></a>", "<a><b>x</b></a>", END NESTING, false },
	{ "<a>x</>y</a>", "<a>xy</a>", END, false },
	{ "<a>\n</c></b></a>", "<a>\n</a>", "8 end tag without start tag; ", false },
	{ "</a>", "", END, false },
	/* What is behind the root is left out, unless an entry is to come. */
	{ "<a></a><b></b>", "<a></a>", NULL, false },
	{ "<a></a>\n<item>x</item></a>", "<a>\n<item>x</item></a>", END, false },
	{ "<a></a><item a='b'>x</item></a>", "<a><item a='b'>x</item></a>", END, false },
	{ "<a></a></a><entry>x</entry></a>y</a>", "<a><entry>x</entry></a>", END, false },
	{ "<a></a><entry b='c'></entry></a><x>", "<a><entry b='c'></entry></a>", END, false },
	{ "<a><item>x</item></a><b></b>", "<a><item>x</item></a>", NULL, false },
	{ "<a></a><items>x</items></a>", "<a></a>", NULL, false },
	{ "<a></a><item>1</item></a><item>2</item></a>", "<a><item>1</item><item>2</item></a>", END,
		false },
	/* The end comes in an entry, or not. */
	{ "<r><item><title>x", "<r><item><title>x</title></item></r>", CUT, true },
	{ "<r><entry>", "<r><entry></entry></r>", CUT, true },
	{ "<item>", "<item></item>", CUT, true },
	{ "<r><items>x", "<r><items>x</items></r>", CUT, false },
	{ "<r><item></item>\n", "<r><item></item>\n</r>", "8 the document ends early; ", false },
};

static const struct repair_case attributes[] = {
	{ "<a b = 'c'\n= d/>", "<a b='c' d=\"\"/>", "8 malformed attribute; ", false },
	{ "<a b></a>", "<a b=\"\"></a>", ATTRIBUTE, false },
	{ "<a b/></a>", "<a b=\"\"/>", ATTRIBUTE END, false },
	{ "<a b=></a>", "<a b=\"\"></a>", ATTRIBUTE, false },
	{ "<a b=\n 'c'></a>", "<a b='c'></a>", NULL, false },
	{ "<a b=c></a>", "<a b=\"c\"></a>", ATTRIBUTE, false },
	{ "<a b=c/d></a>", "<a b=\"c/d\"></a>", ATTRIBUTE, false },
	{ "<a b=c/></a>", "<a b=\"c\"/>", ATTRIBUTE END, false },
	{ "<a b=c&d\te=f></a>", "<a b=\"c&amp;d\" e=\"f\"></a>", ATTRIBUTE AMPERSAND, false },
	{ "<a b=c<d/></a>", "<a b=\"c\"><d/></a>", ATTRIBUTE, false },
	{ "<a b='c\"d'></a>", "<a b='c\"d'></a>", NULL, false },
	{ "<a b=\"c'd\"></a>", "<a b=\"c'd\"></a>", NULL, false },
	{ "<a b='c'd='e'></a>", "<a b='c' d='e'></a>", NULL, false },
	{ "<a b='1' c='2' b='3' c='4'></a>", "<a b='1' c='2'></a>", ATTRIBUTE, false },
	{ "<a b='1' bc='2' B='3'></a>", "<a b='1' bc='2' B='3'></a>", NULL, false },
	{ "<a b='1'\n\nb='2'></a>", "<a b='1'></a>", "9 malformed attribute; ", false },
	{ "<a 1=2 - *></a>", "<a></a>", ATTRIBUTE, false },
	{ "<a b='c>d'></a>", "<a b='c>d'></a>", NULL, false },
	{ "<a b='1 &lt; 2 &amp; &x;'></a>", "<a b='1 &lt; 2 &amp; &amp;x;'></a>", AMPERSAND, false },
	/* A quote whose closing one has a tag before it closes there only in front of a blank, a
	   stroke or the end of the tag. */
	{ "<a b='<c>'></a>", "<a b='&lt;c>'></a>", NULL, false },
	{ "<a b='<c>'\nd='e'></a>", "<a b='&lt;c>' d='e'></a>", NULL, false },
	{ "<a b='<c>'/>", "<a b='&lt;c>'/>", NULL, false },
	{ "<a b='c><d e='f'/></a>", "<a b=\"c\"><d e='f'/></a>", ATTRIBUTE, false },
	{ "<a b='c><d>x</d></a>", "<a b=\"c\"><d>x</d></a>", ATTRIBUTE, false },
	{ "<a><b c='<d'", "<a><b c=\"\">&lt;d'</b></a>", ATTRIBUTE LESS CUT, false },
	{ "<a b='c'x></a>", "<a b='c' x=\"\"></a>", ATTRIBUTE, false },
};

static const struct repair_case texts[] = {
	{ "<a>\n&\n&</a>", "<a>\n&amp;\n&amp;</a>", "8 unescaped '&'; ", false },
	{ "<a>&amp;&#38;&#x26;&#x1F600;</a>", "<a>&amp;&#38;&#x26;&#x1F600;</a>", NULL, false },
	{ "<a>&#X26;&#;&#x;&#xg;&#1a;</a>", "<a>&amp;#X26;&amp;#;&amp;#x;&amp;#xg;&amp;#1a;</a>",
		AMPERSAND, false },
	{ "<a>&#9;&#10;&#13;&#32;</a>", "<a>&#9;&#10;&#13;&#32;</a>", NULL, false },
	{ "<a>&#8;&#11;&#12;&#14;&#31;</a>", "<a></a>", REFERENCE, false },
	{ "<a>&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;</a>",
		"<a>&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;</a>", NULL, false },
	{ "<a>&#xD800;&#xDFFF;&#xFFFE;&#xFFFF;&#x110000;&#99999999999;</a>", "<a></a>", REFERENCE,
		false },
	/* A reference ends in the 32 bytes from its "&" on. */
	{ "<a>&#0000000000000000000000000000038;&#0000000000000000000000000000</a>",
		"<a>&amp;#0000000000000000000000000000038;&amp;#0000000000000000000000000000</a>",
		AMPERSAND, false },
	{ "<a>&#00000000000000000000000000038;</a>", "<a>&#00000000000000000000000000038;</a>", NULL,
		false },
	{ "<a>&#000000000000000000000000000038;</a>", "<a>&amp;#000000000000000000000000000038;</a>",
		AMPERSAND, false },
	{ "<a>x\x01\x08\x0B\x0C\x0E\x1Fy\t\r\n\x7F</a>", "<a>xy\t\r\n\x7F</a>", CONTROL, false },
	{ "<a>\uFFFDx\uFFFEy\uFFFFz\uFF01</a>", "<a>\uFFFDxyz\uFF01</a>", CONTROL, false },
	{ "<a>\uFFFE</a>", "<a></a>", CONTROL, false },
	{ "<a>]]>]]x>]>>]]</a>", "<a>]]&gt;]]x>]>>]]</a>", NULL, false },
	{ "]]>", "]]&gt;", NULL, false },
	{ ">]>", ">]>", NULL, false },
	/* Sections. */
	{ "<a><![CDATA[]]>x<![CDATA[<&\x01>]]></a>", "<a><![CDATA[]]>x<![CDATA[<&>]]></a>", CONTROL,
		false },
	{ "<a><![CDATA[x\uFFFEy\x01\uFFFFz]]></a>", "<a><![CDATA[xyz]]></a>", CONTROL, false },
	{ "<a>\n<![CDATA[x</a>", "<a>\n<![CDATA[x</a>]]></a>",
		"8 CDATA section that is not closed; 8 the document ends early; ", false },
	{ "<a><![CDATA[x]]", "<a><![CDATA[x]]]]></a>", SECTION CUT, false },
	{ "<r><item><d><![CDATA[x</d ></item><item><d><![CDATA[y]]></d></item></r>",
		"<r><item><d><![CDATA[x]]></d></item><item><d><![CDATA[y]]></d></item></r>", SECTION,
		false },
	{ "<r><entry><d><![CDATA[x<p></dd></d></entry><entry><d><![CDATA[y]]></d></entry></r>",
		"<r><entry><d><![CDATA[x<p></dd>]]></d></entry><entry><d><![CDATA[y]]></d></entry></r>",
		SECTION, false },
	{ "<r><item><d><![CDATA[</item><![CDATA[y]]></d></item></r>",
		"<r><item><d><![CDATA[</item><![CDATA[y]]></d></item></r>", NULL, false },
	/* Comments, instructions and declarations are left out when they end. */
	{ "<a>x<!---->y<?b c?>z<!d e></a>", "<a>xyz</a>", NULL, false },
	{ "<a>x<!-- y<!-- z</a>", "<a>x&lt;!-- y&lt;!-- z</a>", LESS, false },
	{ "<a>x<? y<? z</a>", "<a>x&lt;? y&lt;? z</a>", LESS, false },
	{ "<a>x<!d", "<a>x&lt;!d</a>", LESS CUT, false },
	{ "<a><!-- x<!d>y<? z?>w</a>", "<a>&lt;!-- xyw</a>", LESS, false },
	{ "<a><? x<!d>y<!-- z-->w</a>", "<a>&lt;? xyw</a>", LESS, false },
	{ "<a><!-- x --><? y ?><!-- z<? z</a>", "<a>&lt;!-- z&lt;? z</a>", LESS, false },
};
/* clang-format on */

static void
tags_are_put_in_order(void **state)
{
	(void)state;
	check(tags, ARRAY_LEN(tags));
}

static void
attributes_are_quoted_and_unique(void **state)
{
	(void)state;
	check(attributes, ARRAY_LEN(attributes));
}

/* A value with a "<" in it has 2047 bytes at most; beyond that its quote was forgotten. */
static void
a_quote_does_not_swallow_the_document(void **state)
{
	(void)state;
	for (size_t len = 2047; len <= 2048; len++) {
		struct buf text = BUF_INIT(1 << 13);
		struct buf want = BUF_INIT(1 << 13);
		struct repair_case c = { .notes = len == 2047 ? "" : ATTRIBUTE LESS CUT };

		buf_adds(&text, "<a b='<");
		buf_adds(&want, len == 2047 ? "<a b='&lt;" : "<a b=\"\">&lt;");
		while (text.len < strlen("<a b='") + len) {
			buf_addc(&text, '-');
			buf_addc(&want, '-');
		}
		buf_adds(&text, "'/>");
		buf_adds(&want, len == 2047 ? "'/>" : "'/></a>");
		c.text = buf_text(&text);
		c.want = buf_text(&want);
		check(&c, 1);
		buf_clear(&text);
		buf_clear(&want);
	}
}

static void
text_is_kept_as_text(void **state)
{
	(void)state;
	check(texts, ARRAY_LEN(texts));
}

/* Elements beyond the ceiling are left out with their end tags; what is in them stays. */
static void
elements_are_open_to_a_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra <= 2; extra++) {
		struct buf in = BUF_INIT(1 << 14);
		struct buf want = BUF_INIT(1 << 14);
		struct buf out = BUF_INIT(1 << 14);
		struct buf told = BUF_INIT(1 << 12);
		struct xml_source source = { .line = 7 };

		for (size_t i = 0; i < REPAIR_OPEN + extra; i++)
			buf_addf(&in, "<a%zu>", i);
		buf_adds(&in, "<b/>x");
		for (size_t i = REPAIR_OPEN + extra; i-- > 0;)
			buf_addf(&in, "</a%zu>", i);
		for (size_t i = 0; i < REPAIR_OPEN; i++)
			buf_addf(&want, "<a%zu>", i);
		buf_adds(&want, "x");
		for (size_t i = REPAIR_OPEN; i-- > 0;)
			buf_addf(&want, "</a%zu>", i);
		source.text = buf_text(&in);
		source.len = in.len;
		assert_false(repair_xml(&out, &source, note, &told));
		assert_string_equal(buf_text(&out), buf_text(&want));
		assert_string_equal(buf_text(&told), "");
		buf_clear(&in);
		buf_clear(&want);
		buf_clear(&out);
		buf_clear(&told);
	}
}

/* A section that swallows the next one over the end of an entry is no error for a parser. */
static void
a_swallowed_section_needs_repair(void **state)
{
	static const struct {
		const char *text;
		bool is_needed;
	} cases[] = {
		{ "", false },
		{ "<a><![CDATA[x]]></a>", false },
		{ "<![CDATA[x</item><![CDATA[y]]>", true },
		{ "<![CDATA[x</entry><![CDATA[y]]>", true },
		{ "<![CDATA[x</a><![CDATA[y]]>", false },
		{ "<![CDATA[x<![CDATA[y</item>]]>", false },
		{ "<![CDATA[x]]></item><![CDATA[y]]>", false },
		{ "<![CDATA[x]]><![CDATA[y</item><![CDATA[z]]>", true },
		{ "<![CDATA[x</item><![CDATA[y", false },
		{ "<![CDATA[x", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].text);
		const struct xml_source source = { .text = guarded(cases[i].text, len),
			.len = len };

		expect_number(cases[i].text, "needed", repair_is_needed(&source),
		    cases[i].is_needed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_put_in_order),
		cmocka_unit_test(attributes_are_quoted_and_unique),
		cmocka_unit_test(a_quote_does_not_swallow_the_document),
		cmocka_unit_test(text_is_kept_as_text),
		cmocka_unit_test(elements_are_open_to_a_limit),
		cmocka_unit_test(a_swallowed_section_needs_repair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
