/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "format/ini.h"
#include "config/duplicate_feeds.h"
#include "config/feed_address.h"
#include "config/planet_apply.h"

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\n got  %s\n want %s", name, got, want);
}

static void
parse_file(struct arena *a, const char *name, struct feed_list *list)
{
	char *path = file_join("tests/fixtures/planets", name);
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err err = ERR_INIT;

	if (!file_read(path, &text, &err) ||
	    !feed_list_read(a, name, buf_text(&text), text.len, list, &err))
		fail_msg("%s: %s", name, err.text);
	buf_clear(&text);
	free(path);
}

struct want {
	const char *url, *name, *key, *face, *group;
	bool paused;
	int line;
};

static const char *
or_none(const char *text)
{
	return text ? text : "(none)";
}

static void
expect_sources(const struct feed_list *list, const struct want *want, size_t count)
{
	for (size_t i = 0; i < list->source_count && i < count; i++) {
		const struct listed_feed *got = &list->sources[i];

		expect("url", got->url, want[i].url);
		expect(want[i].url, or_none(got->name), or_none(want[i].name));
		expect(want[i].url, or_none(got->key), or_none(want[i].key));
		expect(want[i].url, or_none(got->face), or_none(want[i].face));
		expect(want[i].url, or_none(got->group), or_none(want[i].group));
		if (got->paused != want[i].paused || got->line != want[i].line ||
		    got->max_per_feed != -1)
			fail_msg("%s: got paused %d line %d max_per_feed %d", want[i].url,
			    got->paused, got->line, (int)got->max_per_feed);
	}
	if (list->source_count != count)
		fail_msg("got %zu sources, want %zu", list->source_count, count);
}

static void
expect_list(const char *name, const char **got, size_t count, const char *want)
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; i < count; i++)
		buf_addf(&text, "%s%s", i ? "|" : "", got[i]);
	expect(name, buf_text(&text), want);
	buf_clear(&text);
}

static void
venus(void **state)
{
	static const struct want want[] = {
		{ "http://blog.example/feed?a=1;b=2", "Semicolon", NULL, NULL, NULL,
		    false, 23 },
		{ "http://blog.example/feed?tags[]=x", "Bracket", NULL, "bracket.png",
		    NULL, false, 26 },
		{ "http://blog.example/nameless", NULL, NULL, NULL, NULL, false, 29 },
		{ "https://key.example/atom", "By Key", "by-key", NULL, NULL, false, 36 }
	};
	struct arena *a = arena_new();
	struct feed_list list;
	struct settings s;
	struct err err = ERR_INIT;

	(void)state;
	parse_file(a, "venus.ini", &list);
	assert_int_equal(list.kind, FEED_LIST_VENUS);
	expect_sources(&list, want, ARRAY_LEN(want));
	expect_list("reading lists", list.reading_lists, list.reading_list_count,
	    "http://lists.example/opml|http://lists.example/foaf");
	expect_list("ignored", list.ignored, list.ignored_count,
	    "date_format|template_files");
	expect("continued", ini_find(list.planet, "template_files")->value,
	    "fancy/index.html.tmpl fancy/atom.xml.tmpl");
	expect("percent", ini_find(list.planet, "date_format")->value,
	    "%B %d, %Y %I:%M %p");

	settings_default(a, "/state", &s);
	assert_true(
	    settings_set(a, &s, "digest", "max_items", "50", "own.conf", 1, &err));
	planet_apply(a, &list, &s);
	expect("name", s.config.newsletter.name, "Planet Traps");
	expect("link", s.config.newsletter.link, "https://planet.example/");
	assert_int_equal(s.config.fetch.timeout, 15);
	assert_int_equal(s.config.health.stale_after, 90 * 86400);
	assert_int_equal(s.config.digest.max_items, 50); /* set by a file of ours */
	expect("from", s.config.newsletter.from, "");
	expect_list("warnings", s.warnings, s.warning_count,
	    "venus.ini line 6: owner_email of the "
	    "planet is no address; set from in [newsletter]");
	arena_free(a);
}

static void
pluto(void **state)
{
	static const struct want want[] = { { "https://one.example/feed.xml", "One",
						"one", NULL, NULL, false, 3 },
		{ "https://web.example/atom", "Called like a section of ours", "web",
		    "web.png", NULL, false, 11 } };
	struct arena *a = arena_new();
	struct feed_list list;
	struct settings s;

	(void)state;
	parse_file(a, "pluto.ini", &list);
	assert_int_equal(list.kind, FEED_LIST_PLUTO);
	expect_sources(&list, want, ARRAY_LEN(want));
	expect_list("ignored", list.ignored, list.ignored_count, "location");
	settings_default(a, "/state", &s);
	planet_apply(a, &list, &s);
	expect("name", s.config.newsletter.name, "Planet Pluto");
	arena_free(a);
}

static void
latin1(void **state)
{
	static const struct want want[] = { { "http://café.example/", "Café – café", NULL,
	    NULL, NULL, false, 3 } };
	struct arena *a = arena_new();
	struct feed_list list;

	(void)state;
	parse_file(a, "latin1.ini", &list);
	expect_sources(&list, want, ARRAY_LEN(want));
	expect("name", ini_find(list.planet, "name")->value, "Planète");
	arena_free(a);
}

static void
rss2email(void **state)
{
	static const struct want want[] = { { "https://xkcd.example/atom.xml", NULL,
						"xkcd", NULL, NULL, false, 6 },
		{ "https://old.example/rss", NULL, "old-news", NULL, NULL, true, 9 } };
	struct arena *a = arena_new();
	struct feed_list list;

	(void)state;
	parse_file(a, "rss2email.cfg", &list);
	assert_int_equal(list.kind, FEED_LIST_RSS2EMAIL);
	expect_sources(&list, want, ARRAY_LEN(want));
	expect_list("ignored", list.ignored, list.ignored_count, "to");
	arena_free(a);
}

static void
newsboat(void **state)
{
	static const struct want want[] = { { "https://one.example/feed",
						"One, the first", NULL, NULL, "tech",
						false, 2 },
		{ "http://two.example/rss?x=1#frag", NULL, NULL, NULL, NULL, false, 3 },
		{ "https://three.example/atom", "Hidden \"there\"", NULL, NULL, NULL,
		    false, 4 },
		{ "file:///var/feeds/five.xml", NULL, NULL, NULL, "five", false, 8 },
		{ "https://six.example/", NULL, NULL, NULL, "not closed", false, 9 } };
	struct arena *a = arena_new();
	struct feed_list list;

	(void)state;
	parse_file(a, "urls", &list);
	assert_int_equal(list.kind, FEED_LIST_URLS);
	expect_sources(&list, want, ARRAY_LEN(want));
	expect_list("ignored", list.ignored, list.ignored_count,
	    "line 5: \"exec:~/bin/feed.sh\" local|"
	    "line 6: filter:~/bin/f:https://four.example/|"
	    "line 7: \"query:Unread:unread = \\\"yes\\\"\"");
	arena_free(a);
}

/* One line of newsboat's file each; url NULL: the line is ignored. */
static const struct {
	const char *line, *url, *name, *group;
} url_lines[] = { { "http://a/", "http://a/", NULL, NULL },
	{ "\xEF\xBB\xBFhttp://a/", "http://a/", NULL, NULL },
	{ "\t http://a/ \"~A \\\" b\\\\\" \"x y\" z", "http://a/", "A \" b\\", "x y" },
	{ "http://a/ \"~ends with \\", "http://a/", "ends with \\", NULL },
	{ "http://a/ ! \"~\" \"!hidden\" \"\" g", "http://a/", NULL, "g" },
	{ "http://a/ # tag", "http://a/", NULL, NULL },
	{ "http://a/ \"one\"two", "http://a/", NULL, "one" },
	{ "file:///a", "file:///a", NULL, NULL }, { "file://a", NULL, NULL, NULL },
	{ "exec:a", NULL, NULL, NULL }, { "http", NULL, NULL, NULL } };

static void
lines_of_newsboat(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(url_lines); i++) {
		const char *line = url_lines[i].line;
		struct feed_list list = { .kind = FEED_LIST_URLS, .path = "urls" };
		struct err err = ERR_INIT;

		/* The text ends in the middle of a longer one. */
		assert_true(feed_list_fill(a, &list,
		    arena_printf(a, "%s\nhttp://z/\\", line), strlen(line), &err));
		if (list.source_count != (url_lines[i].url != NULL) ||
		    list.ignored_count != (url_lines[i].url == NULL))
			fail_msg("%s: got %zu feeds, %zu ignored", line,
			    list.source_count, list.ignored_count);
		if (list.source_count == 0)
			continue;
		expect(line, list.sources[0].url, url_lines[i].url);
		expect(line, or_none(list.sources[0].name), or_none(url_lines[i].name));
		expect(line, or_none(list.sources[0].group), or_none(url_lines[i].group));
	}
	arena_free(a);
}

static void
of_feeds_with_one_address_the_first_stays(void **state)
{
	static const struct {
		const char *name, *before, *after;
	} CASES[] = { { "none", "", "" }, { "one", "a1", "a1" },
		{ "all different", "c1 a2 b3", "c1 a2 b3" },
		{ "two", "b1 a2 b3 c4", "b1 a2 c4" },
		{ "many", "a1 b2 a3 b4 a5 a6 c7 b8", "a1 b2 c7" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct arena *a = arena_new();
		struct listed_feed feeds[8];
		struct buf got = BUF_INIT(100);
		size_t count = 0;

		/* "a1": the address and the name. */
		for (const char *p = CASES[i].before; *p; p += strspn(p, " ")) {
			feeds[count++] =
			    (struct listed_feed){ .url = arena_strndup(a, p, 1),
				    .name = arena_strndup(a, p + 1, 1) };
			p += 2;
		}
		count = duplicate_feeds_keep_first(feeds, count);
		for (size_t k = 0; k < count; k++)
			buf_addf(&got, "%s%s%s", k ? " " : "", feeds[k].url,
			    feeds[k].name);
		expect(CASES[i].name, buf_text(&got), CASES[i].after);
		buf_clear(&got);
		arena_free(a);
	}
}

static const struct {
	const char *name;
	const char *text;
	enum feed_list_kind want;
} shapes[] = { { "nothing", "", FEED_LIST_UNKNOWN },
	{ "prose", "Dear reader,\nhere is no list: none.\n", FEED_LIST_UNKNOWN },
	{ "OPML", "\xEF\xBB\xBF <?xml version='1.0'?><opml/>", FEED_LIST_OPML },
	{ "ours", "[fetch]\nevery = 1h\n[https://x.example/]\nname = X\n",
	    FEED_LIST_OURS },
	{ "ours, a feed alone", "[feed x]\nurl = https://x.example/\n", FEED_LIST_OURS },
	{ "ours, indented", "[fetch]\n  every = 1h\n  timeout = 5s\n", FEED_LIST_OURS },
	{ "ours, an include alone", "include = x.conf\n", FEED_LIST_OURS },
	{ "Planet with a section of ours", "[Planet]\nname = x\n[smtp]\nhost = y\n",
	    FEED_LIST_VENUS },
	{ "addresses alone", "[https://x.example/]\nname = X\n", FEED_LIST_VENUS },
	{ "Pluto, unindented", "title = X\n[x]\nfeed = https://x.example/\n",
	    FEED_LIST_PLUTO },
	{ "a list of addresses", "https://x.example/\nhttps://y.example/\n",
	    FEED_LIST_URLS },
	{ "a list with a foreign line", "https://x.example/\nhttps://y.example/\nword\n",
	    FEED_LIST_URLS } };

static void
detection(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct feed_list got;

		feed_list_recognize(a, shapes[i].name, shapes[i].text,
		    strlen(shapes[i].text), &got);
		if (got.kind != shapes[i].want)
			fail_msg("%s: got %d, want %d", shapes[i].name, (int)got.kind,
			    (int)shapes[i].want);
	}
	arena_free(a);
}

static void
of_opml_the_bytes_are_kept(void **state)
{
	static const char TEXT[] = "<opml><body/></opml>\n";
	struct arena *a = arena_new();
	struct feed_list list;
	struct err err = ERR_INIT;

	(void)state;
	assert_true(feed_list_read(a, "x.opml", TEXT, sizeof(TEXT) - 1, &list, &err));
	assert_int_equal(list.source_count, 0);
	assert_int_equal(list.xml_len, sizeof(TEXT) - 1);
	expect("bytes", list.xml, TEXT);
	expect("path", list.path, "x.opml");
	arena_free(a);
}

static void
what_is_no_list_is_refused(void **state)
{
	static const char TEXT[] = "Dear reader,\nhere is no list: none.\n";
	struct arena *a = arena_new();
	struct feed_list list;
	struct err err = ERR_INIT;

	(void)state;
	assert_false(feed_list_read(a, "letter", TEXT, sizeof(TEXT) - 1, &list, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	expect("text", err.text, "letter is no list of feeds that is known");
	arena_free(a);
}

static const struct {
	const char *text, *want; /* NULL: it is no address of a feed */
} addresses[] = {
	{ "https://a.example/feed?x=1&y=2", "https://a.example/feed?x=1&y=2" },
	{ " \thttps://a.example/f\n", "https://a.example/f" },
	{ "http://a.example/my feed.xml", "http://a.example/my%20feed.xml" },
	{ "http://a.example/my\n feed.xml", "http://a.example/my%20feed.xml" },
	{ "http://a.example/a\\b", "http://a.example/a%5Cb" },
	{ "feed://f.example/rss", "http://f.example/rss" },
	{ "feed:https://f.example/rss", "https://f.example/rss" },
	{ "FEED:http://f.example/rss", "http://f.example/rss" },
	{ "file:///srv/feed", "file:///srv/feed" },
	{ "file:/srv/feed", "file:///srv/feed" },
	{ "feed:feed://f.example/", NULL },
	{ "ftp://a.example/feed", NULL },
	{ "a.example/feed", NULL },
	{ "http://my host/feed", NULL },
	{ "http:///feed", NULL },
	{ "javascript:alert(1)", NULL },
	{ "", NULL },
};

static void
addresses_of_feeds_have_one_form(void **state)
{
	struct arena *a = arena_new();
	struct feed_list list = { 0 };
	size_t refused = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		const char *got = feed_address_of_list(a, &list, addresses[i].text);

		expect(addresses[i].text, or_none(got), or_none(addresses[i].want));
		refused += !addresses[i].want;
	}
	assert_int_equal(list.refused_count, refused);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(venus),
		cmocka_unit_test(pluto), cmocka_unit_test(latin1),
		cmocka_unit_test(rss2email), cmocka_unit_test(newsboat),
		cmocka_unit_test(lines_of_newsboat),
		cmocka_unit_test(of_feeds_with_one_address_the_first_stays),
		cmocka_unit_test(detection), cmocka_unit_test(of_opml_the_bytes_are_kept),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(addresses_of_feeds_have_one_form) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
