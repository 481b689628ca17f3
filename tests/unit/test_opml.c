/* SPDX-License-Identifier: ISC */
#include "feed_fixture.h"

#include "base/buf.h"
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested_outlines_name_their_group),
		cmocka_unit_test(a_damaged_list_is_read),
		cmocka_unit_test(what_is_no_list_is_refused),
	};

	return cmocka_run_group_tests_name("opml", tests, NULL, NULL);
}
