/* SPDX-License-Identifier: ISC */
/* Lists of feeds, feeds that are given twice, and what is said of settings that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/duplicate_feeds.h"
#include "config/feed_lists.h"
#include "config/feed_section.h"
#include "config/options.h"
#include "config/planet_apply.h"
#include "config/settings.h"

static void
expect_text(const char *name, const char *got, const char *want)
{
	if (strcmp(got ? got : "(none)", want ? want : "(none)") != 0)
		fail_msg("%s: got\n%s\nwant\n%s", name, got ? got : "(none)",
		    want ? want : "(none)");
}

/* ---- lists ---- */

/* clang-format off */
static const struct {
	const char *name, *text;
	enum feed_list_kind kind;
	const char *feeds; /* "key=address", with "!" in front when it is paused */
	const char *reading_lists, *refused, *ignored;
	const char *planet; /* the name of its section, or NULL */
} lists[] = {
	{ "a planet", "[Planet]\nname = P\ncache_directory = /c\n[https://a.example/f]\nname = A\nface = x\nhue = 1\n"
		"[https://b.example/f]\nname = B\n", FEED_LIST_VENUS,
		"-=https://a.example/f -=https://b.example/f ", "", "", "cache_directory hue ", "Planet" },
	{ "other lists", "[Planet]\nname = P\n[https://a.example/o]\ncontent_type = OPML\n"
		"[https://a.example/foaf]\ncontent_type = foaf\n[https://a.example/csv]\ncontent_type = csv\n"
		"[https://a.example/f]\ncontent_type =\n", FEED_LIST_VENUS, "-=https://a.example/f ",
		"https://a.example/o https://a.example/foaf ", "",
		"https://a.example/csv (content_type csv) ", "Planet" },
	{ "each once, where it stood first", "[Planet]\nzz = 1\nbb = 1\n"
		"[https://a.example/f]\naa = 1\nzz = 2\nbb = 2\n"
		"[https://b.example/f]\nzz = 3\naa = 2\ncc = 1\n", FEED_LIST_VENUS,
		"-=https://a.example/f -=https://b.example/f ", "", "", "zz bb aa cc ", "Planet" },
	{ "pluto", "title = P\n[a]\nfeed = https://a.example/f\nlink = https://a.example\n[b]\n"
		"feed = b.example\n", FEED_LIST_PLUTO, "a=https://a.example/f ", "", "b.example ", "", "" },
	{ "rss2email", "[DEFAULT]\nfrom = a@example.org\n[feed.a]\nurl = https://a.example/f\nactive = False\n"
		"[feed.b]\nurl = https://b.example/f\nactive = True\n"
		"[feed.c]\nurl = https://c.example/f\nactive = maybe\n",
		FEED_LIST_RSS2EMAIL, "!a=https://a.example/f b=https://b.example/f c=https://c.example/f ", "", "",
		"", NULL },
	{ "newsboat", "https://a.example/f \"~A\"\n", FEED_LIST_URLS, "-=https://a.example/f ", "", "", "", NULL },
	{ "newsboat behind a mark", "\xEF\xBB\xBFhttps://a.example/f\n", FEED_LIST_URLS, "-=https://a.example/f ",
		"", "", "", NULL },
	{ "newsboat with programs", "exec:x\n\t# no\n\nhttps://a.example/f\nfilter:a:https://b.example/f\nhello\n",
		FEED_LIST_URLS, "-=https://a.example/f ", "", "",
		"line 1: exec:x line 5: filter:a:https://b.example/f line 6: hello ", NULL },
	{ "newsboat with what is no address", "https://a.example/f\nhttp://\nhttps://b.example/f\n", FEED_LIST_URLS,
		"-=https://a.example/f -=https://b.example/f ", "", "http:// ", "", NULL },
	{ "a line of 41 bytes", "https://a.example/f\nexec:67890123456789012345678901234567890123456\n", FEED_LIST_URLS,
		"-=https://a.example/f ", "", "", "line 2: exec:67890123456789012345678901234567890 ", NULL },
	{ "ours", "[feed a]\nurl = https://a.example/f\n", FEED_LIST_OURS, "a=https://a.example/f ", "", "", "", NULL },
	{ "ours by a setting", "[smtp]\nhost = x\n", FEED_LIST_OURS, "", "", "", "", NULL },
	{ "ours by an include", "include = x\n", FEED_LIST_OURS, "", "", "", "", NULL },
	{ "OPML", "<opml/>", FEED_LIST_OPML, "", "", "", "", NULL },
	{ "OPML behind a mark", "\xEF\xBB\xBF \n<opml/>", FEED_LIST_OPML, "", "", "", "", NULL },
};
/* No list may have mail of this machine read: a section that would ends it. */
static const char A_MAILBOX[] =
	"[https://a.example/f]\nname = A\n[mbox:/m?list=a]\nurl = https://b.example/f\n";
static const char *const unknown[] = { "", "<", "no list at all", "[templates]\nx = y\n", "\xEF\xBB\xBF", "\xEF\xBB" };
/* clang-format on */

static void
add_all(struct buf *out, const char *const *list, size_t count)
{
	buf_reset(out);
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s ", list[i]);
}

static void
each_kind_of_list_is_read(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(10000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const char *name = lists[i].name;
		struct err err = ERR_INIT;
		struct feed_list got;

		if (!feed_list_read(a, "list", lists[i].text, strlen(lists[i].text), &got,
			&err))
			fail_msg("%s: %s", name, err.text);
		if (got.kind != lists[i].kind)
			fail_msg("%s: got kind %d, want %d", name, got.kind,
			    lists[i].kind);
		buf_reset(&b);
		for (size_t k = 0; k < got.source_count; k++)
			buf_addf(&b, "%s%s=%s ", got.sources[k].paused ? "!" : "",
			    got.sources[k].key ? got.sources[k].key : "-",
			    got.sources[k].url);
		expect_text(name, buf_text(&b), lists[i].feeds);
		add_all(&b, got.reading_lists, got.reading_list_count);
		expect_text(name, buf_text(&b), lists[i].reading_lists);
		add_all(&b, got.refused, got.refused_count);
		expect_text(name, buf_text(&b), lists[i].refused);
		add_all(&b, got.ignored, got.ignored_count);
		expect_text(name, buf_text(&b), lists[i].ignored);
		expect_text(name, got.planet ? got.planet->name : NULL, lists[i].planet);
		if (got.kind == FEED_LIST_OPML)
			expect_text(name, got.xml, lists[i].text);
	}
	buf_clear(&b);
	arena_free(a);
}

static void
what_is_no_list_is_refused(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
		struct err err = ERR_INIT;
		struct feed_list got;

		if (strcmp(unknown[i], "<") == 0) {
			assert_true(feed_list_read(a, "list", "<", 1, &got, &err));
			assert_int_equal(got.kind, FEED_LIST_OPML);
			continue;
		}
		if (feed_list_read(a, "list", unknown[i], strlen(unknown[i]), &got, &err))
			fail_msg("\"%s\": got kind %d", unknown[i], got.kind);
		expect_text(unknown[i], err.text,
		    "list is no list of feeds that is known");
		expect_text(unknown[i], err.hint,
		    "read are planet config.ini and planet.ini, OPML, rss2email.cfg and "
		    "newsboat's urls");
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	arena_free(a);
}

static void
a_section_that_would_read_mail_ends_a_list(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed_list got;

	(void)state;
	assert_false(feed_list_read(a, "list", A_MAILBOX, strlen(A_MAILBOX), &got, &err));
	expect_text("text", err.text,
	    "wrong address 'mbox:/m?list=a' of a feed, list line 3");
	expect_text("hint", err.hint, "https://..., or file:NAME for a file beside list");
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(got.source_count, 1);
	arena_free(a);
}

/* ---- one key of a feed ---- */

/* clang-format off */
static const struct { const char *key, *value; bool is_taken; const char *said; } laid[] = {
	{ "name", "B", true, "https://a|B|G|-|3|0" }, { "name", "", true, "https://a|-|G|-|3|0" },
	{ "group", "x", true, "https://a|A|x|-|3|0" }, { "user_agent", "u", true, "https://a|A|G|u|3|0" },
	{ "url", "https://b", true, "https://b|A|G|-|3|0" }, { "url", "", false, "https://a|A|G|-|3|0" },
	{ "paused", "yes", true, "https://a|A|G|-|3|1" }, { "paused", "", false, "https://a|A|G|-|3|0" },
	{ "max_per_feed", "5", true, "https://a|A|G|-|5|0" }, { "max_per_feed", "0", false, "https://a|A|G|-|3|0" },
	{ "max_per_feed", "", false, "https://a|A|G|-|3|0" },
	/* Powers over this machine, and what is no key. */
	{ "proxy", "none", false, "https://a|A|G|-|3|0" }, { "filter_command", "x", false, "https://a|A|G|-|3|0" },
	{ "hometown", "Ulm", false, "https://a|A|G|-|3|0" }, { "", "x", false, "https://a|A|G|-|3|0" },
};
/* clang-format on */

static void
one_key_is_laid_over_a_feed(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(laid); i++) {
		struct listed_feed feed = { .url = "https://a",
			.name = "A",
			.group = "G",
			.max_per_feed = 3 };

		if (feed_section_set(a, &feed, laid[i].key, laid[i].value) !=
		    laid[i].is_taken)
			fail_msg("%s = %s", laid[i].key, laid[i].value);
		expect_text(laid[i].key,
		    arena_printf(a, "%s|%s|%s|%s|%d|%d", feed.url,
			feed.name ? feed.name : "-", feed.group,
			feed.user_agent ? feed.user_agent : "-", (int)feed.max_per_feed,
			feed.paused),
		    laid[i].said);
		assert_null(feed.proxy);
		assert_null(feed.filter_command);
	}
	arena_free(a);
}

/* What a list says wrongly of a feed is left out; the feed stays. */
static void
a_wrong_value_of_a_list_is_left_out(void **state)
{
	static const char text[] =
	    "[Planet]\nname = P\n[https://a.example/f]\nname = A\nmax_per_feed = many\n"
	    "every = soon\ntimeout = 5s\nheaders = no colon\npaused = perhaps\n"
	    "[https://b.example/f]\nmax_per_feed = 4\nheaders = X-A: b\npaused = yes\n";
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed_list got;

	(void)state;
	if (!feed_list_read(a, "list", text, sizeof(text) - 1, &got, &err))
		fail_msg("%s", err.text);
	assert_int_equal(got.source_count, 2);
	assert_int_equal(got.sources[0].max_per_feed, -1);
	assert_int_equal(got.sources[0].every, 0);
	assert_int_equal(got.sources[0].timeout, 5);
	assert_null(got.sources[0].headers);
	assert_false(got.sources[0].paused);
	assert_int_equal(got.sources[1].max_per_feed, 4);
	expect_text("headers", got.sources[1].headers, "X-A: b");
	assert_true(got.sources[1].paused);
	arena_free(a);
}

/* ---- what a planet says of its keeper ---- */

/* clang-format off */
static const struct { const char *owner, *from; bool is_told; } owners[] = {
	{ "owner_name = Ann\nowner_email = a@x.example\n", "\"Ann\" <a@x.example>", false },
	{ "owner_email = a@x.example\n", "a@x.example", false },
	{ "owner_name =\nowner_email = a@x.example\n", "a@x.example", false },
	{ "owner_name = A\"n\\n\nowner_email = a@x.example\n", "\"Ann\" <a@x.example>", false },
	{ "owner_name = Ann\n", "", false }, { "owner_name = Ann\nowner_email =\n", "", false },
	{ "owner_email = @x.example\n", "", true }, { "owner_email = a@\n", "", true },
	{ "owner_email = a@b@x.example\n", "", true }, { "owner_email = a at x.example\n", "", true },
	{ "owner_email = a b@x.example\n", "", true }, { "owner_email = a\n", "", true },
};
/* clang-format on */

static void
a_planets_keeper_is_who_the_letters_are_from(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		struct arena *a = arena_new();
		const char *text = arena_printf(a,
		    "[Planet]\nlink = https://p.example/\n%s"
		    "[https://a.example/f]\n",
		    owners[i].owner);
		struct err err = ERR_INIT;
		struct feed_list list;
		struct settings s;

		settings_default(a, "/state", &s);
		assert_true(feed_list_read(a, "list", text, strlen(text), &list, &err));
		planet_apply(a, &list, &s);
		expect_text(owners[i].owner, s.config.newsletter.from, owners[i].from);
		expect_text("link", s.config.newsletter.link, "https://p.example/");
		assert_int_equal(s.warning_count, owners[i].is_told);
		if (owners[i].is_told)
			assert_memory_equal(s.warnings[0], "list line ", 10);
		arena_free(a);
	}
}

/* ---- the same twice ---- */

static const struct listed_feed given[] = {
	{ .url = "https://b", .key = "k", .file = "f", .line = 1 },
	{ .url = "https://a", .key = "j", .file = "f", .line = 2 },
	{ .url = "https://b", .key = NULL, .file = "f", .line = 3 },
	{ .url = "https://c", .key = "j", .file = "g", .line = 4 },
	{ .url = "https://b", .key = "l", .file = "g", .line = 5 },
	{ .url = "https://d", .key = "j", .file = "g", .line = 6 },
	{ .url = "https://e", .key = NULL, .file = "g", .line = 7 },
};

/* "1k 2j ": line and key of each. */
static void
write_feeds(struct buf *out, const struct listed_feed *feeds, size_t count)
{
	buf_reset(out);
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%d%s ", feeds[i].line, feeds[i].key ? feeds[i].key : "");
}

static void
of_one_address_one_stays(void **state)
{
	struct arena *a = arena_new();
	struct listed_feed feeds[ARRAY_LEN(given)];
	struct buf b = BUF_INIT(1000);
	struct settings s;

	(void)state;
	memcpy(feeds, given, sizeof(feeds));
	write_feeds(&b, feeds, duplicate_feeds_keep_first(feeds, ARRAY_LEN(feeds)));
	expect_text("the first", buf_text(&b), "1k 2j 4j 6j 7 ");
	assert_int_equal(duplicate_feeds_keep_first(feeds, 0), 0);
	assert_int_equal(duplicate_feeds_keep_first(feeds, 1), 1);

	memcpy(feeds, given, sizeof(feeds));
	settings_default(a, "/state", &s);
	s.sources = feeds;
	s.source_count = ARRAY_LEN(feeds);
	duplicate_feeds_drop(a, &s);
	write_feeds(&b, s.sources, s.source_count);
	expect_text("the last, and the first key", buf_text(&b), "2j 4 5l 6 7 ");
	add_all(&b, s.warnings, s.warning_count);
	expect_text("warnings", buf_text(&b),
	    "f line 3: this feed stands in f line 1 too; this one counts "
	    "g line 5: this feed stands in f line 3 too; this one counts "
	    "g line 4: f line 2 is called 'j' too; this feed's name is made from its address "
	    "g line 6: f line 2 is called 'j' too; this feed's name is made from its address ");
	buf_clear(&b);
	arena_free(a);
}

/* ---- names ---- */

static void
sections_and_their_keys_have_names(void **state)
{
	struct arena *a = arena_new();
	const char **names = arena_array(a, option_count, sizeof(*names));
	struct buf b = BUF_INIT(1000);

	(void)state;
	add_all(&b, names, option_sections(names));
	expect_text("sections", buf_text(&b),
	    "newsletter feeds fetch health digest approval transport smtp list limits web "
	    "style bounce log database ");
	add_all(&b, names, option_names("newsletter", names));
	expect_text("the first section", buf_text(&b),
	    "name link description language timezone from reply_to owner postal_address "
	    "list_id ");
	add_all(&b, names, option_names("database", names));
	expect_text("the last", buf_text(&b),
	    "path backup_dir backup_keep keep_letters auto_migrate ");
	assert_int_equal(option_names("smtps", names), 0);
	assert_int_equal(option_names(NULL, names), option_count);
	expect_text("of all the first", names[0], "name");
	expect_text("of all the last", names[option_count - 1], "auto_migrate");
	buf_clear(&b);
	arena_free(a);
}

/* ---- paths ---- */

/* clang-format off */
static const struct { const char *file, *path, *whole; bool homeless; } paths[] = {
	{ NULL, "$STATE", "/state", false }, { NULL, "$STATE/x", "/state/x", false },
	{ NULL, "$STATEx", "$STATEx", false }, { "/etc/p/a.conf", "$STATE/x", "/state/x", false },
	{ NULL, "~", "/home/a", false }, { "/etc/p/a.conf", "~/x", "/home/a/x", false },
	{ NULL, "~user/x", "~user/x", false }, { NULL, "~/x", "~/x", true },
	{ "/etc/p/a.conf", "x", "/etc/p/x", false }, { "/etc/p/a.conf", "./x", "/etc/p/x", false },
	{ "/etc/p/a.conf", "../x", "/etc/p/../x", false }, { "/etc/p/a.conf", ".x", "/etc/p/.x", false },
	{ "/etc/p/a.conf", "/x", "/x", false }, { "/etc/p/a.conf", "", "", false },
	{ "a.conf", "x", "x", false }, { "./a.conf", "x", "./x", false }, { "/a.conf", "x", "/x", false },
	{ NULL, "./x", "./x", false },
};
/* clang-format on */

static void
paths_of_settings_are_made_whole(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	settings_default(a, "/state", &s);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		s.home = paths[i].homeless ? NULL : "/home/a";
		expect_text(paths[i].path,
		    settings_path(a, &s, paths[i].file, paths[i].path), paths[i].whole);
	}
	arena_free(a);
}

/* ---- settings that are none ---- */

/* clang-format off */
static const struct {
	const char *section, *name, *value, *file;
	const char *said, *hint;
	enum err_next next;
} wrong[] = {
	{ "feed", "url", "x", "f", "unknown section [feed], f line 7",
		"a feed has a name: [feed NAME] with url = https://...", NEXT_NONE },
	{ "smpt", "host", "x", "f", "unknown section [smpt], f line 7", "did you mean [smtp]?", NEXT_LIST_SETTINGS },
	{ "xyzzyplugh", "host", "x", "f", "unknown section [xyzzyplugh], f line 7",
		"a feed is [https://...] or [feed xyzzyplugh] with url = https://...", NEXT_NONE },
	{ "smtp", "prot", "25", "f", "unknown key 'prot' in [smtp], f line 7",
		"did you mean 'port'?", NEXT_LIST_SETTINGS },
	{ "smtp", "xyzzyplugh", "x", "f", "unknown key 'xyzzyplugh' in [smtp], f line 7", "", NEXT_LIST_SETTINGS },
	{ "smtp", "port", "-1", "f", "wrong value '-1' for 'port' in [smtp], f line 7",
		"allowed: a number, from 0 to 65535", NEXT_NONE },
	{ "smtp", "port", "65536", NULL, "wrong value '65536' for 'port' in [smtp], command line line 7",
		"allowed: a number, from 0 to 65535", NEXT_NONE },
};
/* clang-format on */

static void
a_setting_that_is_none_says_what_may_be_meant(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	settings_default(a, "/state", &s);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = ERR_INIT;

		assert_false(settings_set(a, &s, wrong[i].section, wrong[i].name,
		    wrong[i].value, wrong[i].file, 7, &err));
		expect_text(wrong[i].section, err.text, wrong[i].said);
		expect_text(wrong[i].section, err.hint, wrong[i].hint);
		assert_int_equal(err.next, wrong[i].next);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	assert_int_equal(s.warning_count, 0);
	arena_free(a);
}

static void
the_last_that_is_said_in_a_file_counts(void **state)
{
	struct arena *a = arena_new();
	const struct option *port = option_find("smtp", "port");
	struct buf b = BUF_INIT(1000);
	struct err err = ERR_INIT;
	struct settings s;

	(void)state;
	settings_default(a, "/state", &s);
	assert_non_null(port);
	assert_false(settings_is_set(&s, port));
	assert_true(settings_set(a, &s, "smtp", "port", "0", "f", 3, &err));
	assert_true(settings_is_set(&s, port));
	assert_true(settings_set(a, &s, "smtp", "port", "65535", "f", 5, &err));
	/* Another file, and the command line, may say it again. */
	assert_true(settings_set(a, &s, "smtp", "port", "26", "g", 1, &err));
	assert_true(settings_set(a, &s, "smtp", "port", "27", NULL, 0, &err));
	add_all(&b, s.warnings, s.warning_count);
	expect_text("warnings", buf_text(&b),
	    "f line 5: 'port' in [smtp] was set in line 3; this one counts ");
	assert_int_equal(s.config.smtp.port, 27);
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_list_is_read),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(a_section_that_would_read_mail_ends_a_list),
		cmocka_unit_test(one_key_is_laid_over_a_feed),
		cmocka_unit_test(a_wrong_value_of_a_list_is_left_out),
		cmocka_unit_test(a_planets_keeper_is_who_the_letters_are_from),
		cmocka_unit_test(of_one_address_one_stays),
		cmocka_unit_test(sections_and_their_keys_have_names),
		cmocka_unit_test(paths_of_settings_are_made_whole),
		cmocka_unit_test(a_setting_that_is_none_says_what_may_be_meant),
		cmocka_unit_test(the_last_that_is_said_in_a_file_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
