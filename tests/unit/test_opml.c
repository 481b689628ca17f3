/* SPDX-License-Identifier: ISC */
#include "feed_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "feed/opml.h"

static void
nested_outlines_name_their_group(void **state)
{
	static const char text[] =
	    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
	    "<opml version=\"1.0\"><head><title>List</title></head><body>\n"
	    "<outline type=\"rss\" text=\"t\" title=\"One &amp; only\" xmlUrl=\"https://a.example/f\""
	    " htmlUrl=\"https://a.example/\"/>\n"
	    "<outline text=\"Friends\"><outline title=\"Caf\xe9s\">\n"
	    "<outline text=\"Two\" xmlurl=\"https://b.example/f?x=1&amp;y=2\"/></outline>\n"
	    "<outline text=\"Three\" type=\"rss\" url=\"https://c.example/f\"/>\n"
	    "<outline text=\"a note\"/></outline></body></opml>";
	static const struct opml_feed want[] = {
		{ "https://a.example/f", "One & only", "https://a.example/", NULL },
		{ "https://b.example/f?x=1&y=2", "Two", NULL, "Cafés" },
		{ "https://c.example/f", "Three", NULL, "Friends" },
	};
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct opml_feed *feeds = NULL;
	size_t count = 0;

	(void)state;
	assert_true(opml_parse(a, text, sizeof(text) - 1, &feeds, &count, &err));
	assert_int_equal(count, ARRAY_LEN(want));
	for (size_t i = 0; i < count; i++) {
		expect_text("opml", "url", feeds[i].url, want[i].url);
		expect_text("opml", "name", feeds[i].name, want[i].name);
		expect_text("opml", "link", feeds[i].link, want[i].link);
		expect_text("opml", "group", feeds[i].group, want[i].group);
	}
	arena_free(a);
}

#define FOAF \
	"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'" \
	" xmlns:rdfs='http://www.w3.org/2000/01/rdf-schema#'" \
	" xmlns:foaf='http://xmlns.com/foaf/0.1/' xmlns:rss='http://purl.org/rss/1.0/'>"

static void
a_foaf_list_names_agents(void **state)
{
	static const char text[] = FOAF
	    "<foaf:Group><foaf:name>Planet</foaf:name>"
	    "<foaf:member><foaf:Agent><foaf:name>Ann &amp; Bo</foaf:name>"
	    "<foaf:weblog><foaf:Document rdf:about='https://ann.example/'><rdfs:seeAlso>"
	    "<rss:channel rdf:about='https://ann.example/feed?a=1&amp;b=2'/>"
	    "</rdfs:seeAlso></foaf:Document></foaf:weblog></foaf:Agent></foaf:member>"
	    "<foaf:member><foaf:Person><foaf:name>Cy</foaf:name>"
	    "<foaf:weblog rdf:resource='https://cy.example/'/>"
	    "<rdfs:seeAlso><rss:channel rdf:about='https://cy.example/atom'/></rdfs:seeAlso>"
	    "</foaf:Person></foaf:member>"
	    "<foaf:member><foaf:Agent><foaf:name>Without a feed</foaf:name></foaf:Agent>"
	    "</foaf:member></foaf:Group></rdf:RDF>";
	static const char *const others[] = {
		/* A feed of RSS 1.0, and a list of which the end did not come. */
		FOAF "<rss:channel rdf:about='https://a.example/'/></rdf:RDF>",
		FOAF "<foaf:Group><foaf:member><foaf:Agent><rdfs:seeAlso>"
		     "<rss:channel rdf:about='https://a.example/'/></rdfs:seeAlso>"
		     "</foaf:Agent></foaf:member><foaf:mem",
	};
	static const struct opml_feed want[] = {
		{ "https://ann.example/feed?a=1&b=2", "Ann & Bo", "https://ann.example/",
		    NULL },
		{ "https://cy.example/atom", "Cy", "https://cy.example/", NULL },
	};
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct opml_feed *feeds = NULL;
	size_t count = 0;

	(void)state;
	if (!opml_parse(a, text, sizeof(text) - 1, &feeds, &count, &err))
		fail_msg("%s", err.text);
	assert_int_equal(count, ARRAY_LEN(want));
	for (size_t i = 0; i < count; i++) {
		expect_text("foaf", "url", feeds[i].url, want[i].url);
		expect_text("foaf", "name", feeds[i].name, want[i].name);
		expect_text("foaf", "link", feeds[i].link, want[i].link);
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		err_clear(&err);
		if (opml_parse(a, others[i], strlen(others[i]), &feeds, &count, &err))
			fail_msg("no list: %s", others[i]);
		assert_int_equal(err.kind, ERR_INPUT);
	}
	arena_free(a);
}

static void
a_damaged_list_is_read(void **state)
{
	static const char text[] =
	    "<opml><body><outline text='A & B' xmlUrl='https://a.example/?x&y'>"
	    "<outline text='C' xmlUrl='https://c.example/'/></body>";
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct opml_feed *feeds = NULL;
	size_t count = 0;

	(void)state;
	assert_true(opml_parse(a, text, sizeof(text) - 1, &feeds, &count, &err));
	assert_int_equal(count, 2);
	expect_text("damaged", "name", feeds[0].name, "A & B");
	expect_text("damaged", "url", feeds[0].url, "https://a.example/?x&y");
	expect_text("damaged", "url", feeds[1].url, "https://c.example/");
	arena_free(a);
}

static void
what_is_no_list_is_refused(void **state)
{
	static const char *const texts[] = { "", "x", "<rss/>", "<html><body/></html>",
		"{}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct opml_feed *feeds = NULL;
		size_t count = 1;

		if (opml_parse(a, texts[i], strlen(texts[i]), &feeds, &count, &err))
			fail_msg("%s: got a list, want none", texts[i]);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(count, 0);
		arena_free(a);
	}
}

/* Half a list is none: who stands in the other half would be dropped. */
static void
a_list_that_is_cut_off_is_refused(void **state)
{
#define ONE "<opml version='2.0'><body><outline xmlUrl='https://a.example/f'/>"
	static const char *const texts[] = { "<opml", "<opml>", "<opml version='2.0'><bo",
		"<opml version='2.0'><body>", ONE, ONE "<outline xmlUrl='https://b.exa",
		ONE "<outline text='G'><outline xmlUrl='https://b.example/'/></outline>",
		ONE "</bod" };
#undef ONE

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct opml_feed *feeds = NULL;
		size_t count = 1;

		if (opml_parse(a, texts[i], strlen(texts[i]), &feeds, &count, &err))
			fail_msg("%s: got a list, want none", texts[i]);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(count, 0);
		assert_null(feeds);
		if (i > 1 &&
		    (!strstr(err.text, "OPML that is cut off, line 1: ") ||
			err.text[strlen(err.text) - 1] == ' '))
			fail_msg("%s: got \"%s\", want the cause", texts[i], err.text);
		arena_free(a);
	}
}

static void
an_empty_list_is_a_list(void **state)
{
	static const char *const texts[] = { "<opml/>",
		"<opml version='2.0'><body/></opml>", "<opml><body></body>",
		"<OPML><BODY></BODY></OPML>" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct opml_feed *feeds = NULL;
		size_t count = 1;

		if (!opml_parse(a, texts[i], strlen(texts[i]), &feeds, &count, &err))
			fail_msg("%s: got \"%s\", want a list", texts[i], err.text);
		assert_int_equal(count, 0);
		arena_free(a);
	}
}

/* count feeds as programs write them, half of them in one group. */
static void
long_list(struct buf *text, int count)
{
	buf_reset(text);
	buf_adds(text, "<opml><body><outline text='G'>");
	for (int i = 0; i < count; i++)
		buf_addf(text,
		    "%s<outline text='' title='' type='rss' xmlUrl='http://a/%d'/>",
		    i == count / 2 ? "</outline>" : "", i);
	buf_adds(text, "</body></opml>");
}

static void
a_list_is_read_whole_or_refused(void **state)
{
	struct buf text = BUF_INIT(LIMIT_FEED_BYTES);
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct opml_feed *feeds = NULL;
	size_t count = 1;
	bool ok = false;

	(void)state;
	long_list(&text, LIMIT_SOURCES);
	ok = opml_parse(a, buf_text(&text), text.len, &feeds, &count, &err);
	expect_text("whole", "error", err.text, "");
	expect_number("whole", "count", (int64_t)count, LIMIT_SOURCES);
	expect_text("last", "url", feeds[count - 1].url, "http://a/99999");
	expect_text("last", "group", feeds[count - 1].group, NULL);
	expect_text("one of the group", "group", feeds[count / 2 - 1].group, "G");
	assert_true(ok);
	long_list(&text, LIMIT_SOURCES + 1);
	ok = opml_parse(a, buf_text(&text), text.len, &feeds, &count, &err);
	expect_text("too long", "reason", err.text, "more than 100000 feeds in one list");
	expect_number("too long", "kind", err.kind, ERR_LIMIT);
	expect_number("too long", "count", (int64_t)count, 0);
	assert_false(ok);
	buf_clear(&text);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested_outlines_name_their_group),
		cmocka_unit_test(a_foaf_list_names_agents),
		cmocka_unit_test(a_damaged_list_is_read),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(a_list_that_is_cut_off_is_refused),
		cmocka_unit_test(an_empty_list_is_a_list),
		cmocka_unit_test(a_list_is_read_whole_or_refused),
	};

	return cmocka_run_group_tests_name("opml", tests, NULL, NULL);
}
