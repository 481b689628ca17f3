/* SPDX-License-Identifier: ISC */
/* Feeds and settings as a keeper works with them: feed, import, fetch, parse, config, init, demo. */
#include "unit/planet_fixture.h"

enum { HOUR = 3600 };

/* A path of the test's folder, kept until the test ends. */
static const char *
here(struct cmd_test *t, const char *scheme, const char *name)
{
	static char rooms[8][400];
	static size_t at;
	char *room = rooms[at++ % 8];

	(void)snprintf(room, sizeof(rooms[0]), "%s%s/%s", scheme, t->folder, name);
	return room;
}

static void
expect_config(struct cmd_test *t, const char *name, const char *want)
{
	struct buf got = BUF_INIT(SAID_MAX);

	MUST(file_read(t->conf, &got, err));
	SAME_TEXT(name, buf_text(&got), want);
	buf_clear(&got);
}

static const struct cmd_case listed[] = {
	{ "not asked yet", { "feed", "list", "--json=feed,state,group,failures,last" },
	    EXIT_OK,
	    "{\"schema\":1,\"feeds\":[{\"feed\":\"a\",\"state\":\"new\",\"last\":null,"
	    "\"group\":\"Blogs\",\"failures\":0}]}\n",
	    NULL, NULL },
	{ "asked", { "-v", "fetch" }, EXIT_OK,
	    "Fetched 1 of 1 feed: 2 new entries, 0 unchanged, 0 failed (0 already known)\n",
	    NULL, NULL },
	{ "not due", { "-v", "fetch" }, EXIT_OK,
	    "Fetched 0 of 1 feed: 0 new entries, 0 unchanged, 0 failed (0 already known)\n"
	    "None is due yet (fetch.every); name feeds to ask them now.\n",
	    NULL, NULL },
	{ "by its name", { "-v", "fetch", "a" }, EXIT_OK,
	    "Fetched 1 of 1 feed: 0 new entries, 1 unchanged, 0 failed (0 already known)\n",
	    NULL, NULL },
	{ "no such feed", { "fetch", "b" }, EXIT_FAILED, "", NULL,
	    "planetpost: no feed is called 'b'\n  hint: planetpost feed list\n" },
	{ "well", { "feed", "list", "--state", "ok" }, EXIT_OK, NULL,
	    "a\tok\t2026-11-24T06:0", NULL },
	{ "in no other state", { "feed", "list", "--state", "failing" }, EXIT_OK, "",
	    NULL, NULL },
	{ "nor paused", { "feed", "list", "--state", "paused" }, EXIT_OK, "", NULL,
	    NULL },
	{ "nor in a group", { "feed", "list", "--group", "x" }, EXIT_OK, "", NULL, NULL },
	{ "no such state", { "feed", "list", "--state", "x" }, EXIT_USAGE, "", NULL,
	    "planetpost: there is no state 'x'\n  hint: ok slow stale moved web-page "
	    "malformed refused failing gone duplicate flood changed paused new\n" },
	{ "nothing is held", { "feed", "release", "a" }, EXIT_FAILED, "", NULL,
	    "planetpost: nothing of a is held\n  hint: planetpost feed health\n" },
	{ "nothing to drop", { "feed", "drop", "b" }, EXIT_FAILED, "", NULL,
	    "no feed is called 'b'" },
	{ "in good health", { "feed", "health", "--all" }, EXIT_OK, "", NULL, NULL },
	{ "no time", { "feed", "health", "--since", "x" }, EXIT_USAGE, "", NULL,
	    "--since takes a time such as 7d, or a day such as 2026-11-24" },
	{ "not removed", { "feed", "remove", "b" }, EXIT_FAILED, "", NULL,
	    "no feed is called 'b'" },
	{ "no number", { "feed", "add", "--max-per-feed", "x", "y" }, EXIT_USAGE, "",
	    NULL, "--max-per-feed takes a number, not 'x'" },
	{ "one name for two", { "feed", "add", "--name", "x", "y", "z" }, EXIT_USAGE, "",
	    NULL, "--name goes with one feed" },
	{ "nothing to add", { "feed", "add" }, EXIT_USAGE, "", NULL,
	    "add: an argument is missing" },
	{ "tested", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "next time sent whole again, changed or not (no ETag, no Last-Modified)\n"
	    "feed      rss20, UTF-8\ntitle     A\npage      https://a.example/\n"
	    "entries   2\nnewest    2026-11-23T11:00:00Z\n"
	    "posts     2026-11-23T11:00:00Z  Two\n"
	    "          2026-11-23T10:00:00Z  One\nknown     2 of them, 0 unseen\n",
	    NULL },
	{ "tested: none", { "feed", "test", "b" }, EXIT_FAILED, "", NULL,
	    "no feed is called 'b'" },
};
#define LATER "2026-11-26T08:00:00Z"
/* After its file is gone. */
static const struct cmd_case failing[] = {
	{ "a failure is told to who asks for that feed", { "fetch", "a" }, EXIT_PARTIAL,
	    "", NULL,
	    "planetpost: a: the file cannot be read\n  hint: planetpost feed test a\n" },
	{ "it is not due again at once", { "-v", "fetch" }, EXIT_OK, NULL,
	    "Fetched 0 of 1 feed: ", NULL },
	{ "one failure needs nobody", { "status", "--json" }, EXIT_OK, NULL,
	    "\"feeds_failing\": 0", NULL },
	{ "the second", { "fetch", "a" }, EXIT_PARTIAL, "", NULL, "a: the file" },
	{ "two need nobody", { "status", "--json" }, EXIT_OK, NULL,
	    "\"feeds_failing\": 0", NULL },
	{ "the third", { "fetch", "a" }, EXIT_PARTIAL, "", NULL, "a: the file" },
	{ "three on one day need nobody", { "status", "--json" }, EXIT_OK, NULL,
	    "\"feeds_failing\": 0", NULL },
	{ "but stand in the list of all", { "feed", "health", "--all" }, EXIT_OK, NULL,
	    "a\t3 runs\tthe file cannot be read\tplanetpost feed test a\n", NULL },
	{ "in two days they do", { "--now", LATER, "status" }, EXIT_OK, NULL,
	    "needs you  1 feed in trouble for two days or more\n"
	    "           a: the file cannot be read\n"
	    "           hint: planetpost feed health\n",
	    NULL },
	{ "which programs learn too", { "--now", LATER, "status", "--json" }, EXIT_OK,
	    NULL, "\"feeds_failing\": 1", NULL },
	{ "and who asks for it", { "--now", LATER, "feed", "health" }, EXIT_OK, NULL,
	    "a\t2 days\tthe file cannot be read\tplanetpost feed test a\n", NULL },
	{ "and the list", { "feed", "list", "--json=state,failures,note" }, EXIT_OK, NULL,
	    "[{\"state\":\"failing\",\"note\":\"the file cannot be read\","
	    "\"failures\":3}]",
	    NULL },
	{ "tested", { "feed", "test", "a" }, EXIT_FAILED, NULL,
	    "feed      no: the file cannot be read\n", NULL },
};

static void
test_feeds_and_how_they_are(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, listed);
	assert_int_equal(unlink(here(&t, "", "a.xml")), 0);
	EXPECT_ALL(&t, failing);
	cmd_end(&t);
}

/* A feed that never was one needs a person at once; six are more than are named. */
static void
test_feeds_that_never_answered(void **state)
{
	static const struct cmd_case cases[] = {
		{ "fetched", { "fetch" }, EXIT_PARTIAL, "", NULL, NULL },
		{ "told", { "status" }, EXIT_OK, NULL,
		    "Planet X \xc2\xb7 7 feeds \xc2\xb7 0 readers\n", NULL },
		{ "counted", { "status", "--json" }, EXIT_OK, NULL,
		    "  \"feeds\": 7,\n  \"feeds_paused\": 1,\n  \"feeds_failing\": 6,\n"
		    "  \"feeds_held\": 0,\n",
		    NULL },
		{ "named", { "status" }, EXIT_OK, NULL,
		    "needs you  6 feeds never answered with a feed\n"
		    "           f1: the file cannot be read\n"
		    "           f2: the file cannot be read\n"
		    "           f3: the file cannot be read\n"
		    "           f4: the file cannot be read\n"
		    "           f5: the file cannot be read\n"
		    "           and 1 more\n",
		    NULL },
		{ "paused", { "feed", "list", "--state=paused", "--json=feed" }, EXIT_OK,
		    NULL, "[{\"feed\":\"f7\"}]", NULL },
		{ "failing",
		    { "feed", "list", "--state=failing", "--group=G", "--json=feed" },
		    EXIT_OK, NULL, "[{\"feed\":\"f2\"}]", NULL },
	};
	struct buf text = BUF_INIT(4096);
	struct cmd_test t;

	(void)state;
	buf_adds(&text,
	    "[newsletter]\nname = Planet X\nfrom = p@example.net\n[fetch]\n"
	    "allow_files = yes\n");
	for (int i = 1; i <= 7; i++)
		buf_addf(&text, "[feed f%d]\nurl = file:%d.xml\n%s%s", i, i,
		    i == 7 ? "paused = yes\n" : "", i == 2 ? "group = g\n" : "");
	cmd_begin(&t, buf_text(&text));
	cmd_expect(&t,
	    &(struct cmd_case){ "fetched", { "fetch" }, EXIT_PARTIAL, "", NULL,
		"warn fetch: 6 of 6 feeds newly failed\n" });
	for (size_t i = 1; i < ARRAY_LEN(cases); i++)
		cmd_expect(&t, &cases[i]);
	buf_clear(&text);
	cmd_end(&t);
}

/* Each key stands once, where it stood; a new one behind the others. */
static const struct cmd_case edited[] = {
	{ "two keys", { "-v", "feed", "edit", "b", "--exclude", "ads?", "--group", "H" },
	    EXIT_OK, NULL, "Changed b in ", NULL },
	{ "nothing to change", { "feed", "edit", "b" }, EXIT_USAGE, "", NULL,
	    "planetpost: what is to change?\n  hint: planetpost help feed edit\n" },
	{ "no pattern", { "feed", "edit", "b", "--filter", "(" }, EXIT_USAGE, "", NULL,
	    "planetpost: --filter: " },
	{ "two lines", { "feed", "edit", "b", "--name", "x\ny" }, EXIT_USAGE, "", NULL,
	    "--name is more than one line" },
	{ "no language", { "feed", "edit", "b", "--languages", "en !" }, EXIT_USAGE, "",
	    NULL, "--languages takes language tags such as en pt-BR, not 'en !'" },
	{ "none at all", { "feed", "edit", "b", "--max-per-feed", "0" }, EXIT_USAGE, "",
	    NULL, "--max-per-feed takes a number from 1 to " },
	{ "a stranger", { "feed", "edit", "x", "--group", "H" }, EXIT_FAILED, "", NULL,
	    "no feed is called 'x'" },
	{ "paused", { "-v", "feed", "pause", "b" }, EXIT_OK,
	    "Paused b: it is not asked, and its posts wait.\n", NULL, NULL },
	{ "paused twice", { "-v", "feed", "pause", "b" }, EXIT_OK,
	    "b is paused already.\n", NULL, NULL },
	{ "resumed", { "-v", "feed", "resume", "b" }, EXIT_OK,
	    "Resumed b: the next run asks it.\n", NULL, NULL },
	{ "resumed twice", { "-v", "feed", "resume", "b" }, EXIT_OK, "b is not paused.\n",
	    NULL, NULL },
};

static void
test_feeds_are_added_and_removed(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	const char *b = cmd_file(&t, "b.xml",
	    "<rss version=\"2.0\"><channel><title>B</title>"
	    "<item><title>x</title><guid>x</guid></item></channel></rss>");
	const char *url = here(&t, "file://", "b.xml");
	const char *page = here(&t, "file://", "page.html");
	char want[2000];

	(void)b;
	(void)cmd_file(&t, "page.html", "<html><head><title>x</title></head></html>");
	cmd_expect(&t,
	    &(struct cmd_case){ "added",
		{ "-v", "feed", "add", url, "--group", "G", "--max-per-feed", "3" },
		EXIT_OK, NULL, "Added \"B\": 1 entry there now, in ", NULL });
	(void)snprintf(want, sizeof(want),
	    "%s\n[%s]\nname = B\ngroup = G\nmax_per_feed = 3\n", planet_settings, url);
	expect_config(&t, "added", want);
	cmd_expect(&t,
	    &(struct cmd_case){ "twice", { "feed", "add", url }, EXIT_FAILED, "", NULL,
		" is a feed already (b)\n" });
	cmd_expect(&t,
	    &(struct cmd_case){ "a page", { "feed", "add", page }, EXIT_FAILED, "", NULL,
		" is a web page, not a feed, and names none\n" });
	cmd_expect(&t,
	    &(struct cmd_case){ "a page, tested", { "feed", "test", page }, EXIT_FAILED,
		NULL, "feed      no: ", NULL });
	for (size_t i = 0; i < ARRAY_LEN(edited); i++)
		cmd_expect(&t, &edited[i]);
	(void)snprintf(want, sizeof(want),
	    "%s\n[%s]\nname = B\ngroup = H\nmax_per_feed = 3\nexclude = ads?\n"
	    "paused = no\n",
	    planet_settings, url);
	expect_config(&t, "edited", want);
	cmd_expect(&t,
	    &(struct cmd_case){ "a dry run", { "-vn", "feed", "remove", "b" }, EXIT_OK,
		NULL, "Removed b from ", NULL });
	expect_config(&t, "a dry run", want);
	cmd_expect(&t,
	    &(struct cmd_case){ "removed", { "-v", "feed", "remove", "b" }, EXIT_OK, NULL,
		"what was mailed is remembered.\n", NULL });
	(void)snprintf(want, sizeof(want), "%s\n", planet_settings);
	expect_config(&t, "removed", want);
	cmd_expect(&t,
	    &(struct cmd_case){ "by another name",
		{ "-v", "feed", "add", url, "--name", "Bee" }, EXIT_OK, NULL,
		"Added \"Bee\": 1 entry there now", NULL });
	cmd_expect(&t,
	    &(struct cmd_case){ "no files", { "feed", "add", url }, EXIT_FAILED, "", NULL,
		"is a feed already" });
	cmd_end(&t);
}

static void
test_files_are_no_feeds_unless_allowed(void **state)
{
	static const struct cmd_case add = { "a file", { "feed", "add", "file:///b.xml" },
		EXIT_USAGE, "", NULL, "file:///b.xml: feeds in files are not read" };
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, "[newsletter]\nname = Planet X\nfrom = planet@example.net\n");
	cmd_expect(&t, &add);
	cmd_end(&t);
}

/* They are the same feeds: told, since lists get compared. */
static void
expect_spellings_known(struct cmd_test *t)
{
	char text[1000];

	(void)cmd_file(t, "spelled.opml",
	    "<opml version=\"2.0\"><body>"
	    "<outline type=\"rss\" xmlUrl=\"http://www.c.example/feed/\"/>"
	    "<outline type=\"rss\" text=\"Eee\" xmlUrl=\"feed://e.example/rss\"/>"
	    "<outline type=\"rss\" text=\"Eee\" xmlUrl=\"https://e.example/rss\"/>"
	    "</body></opml>");
	cmd_expect(t,
	    &(struct cmd_case){ "spelled otherwise",
		{ "-v", "import", here(t, "", "spelled.opml") }, EXIT_OK, NULL,
		"1 feed added to ",
		"http://www.c.example/feed/ is there already, as "
		"https://c.example/feed" });
	(void)snprintf(text, sizeof(text),
	    "%s\n[https://c.example/feed]\nname = Cee\n\n[https://d.example/feed]\n"
	    "name = Dee\n\n[http://e.example/rss]\nname = Eee\n",
	    planet_settings);
	expect_config(t, "spelled otherwise", text);
}

/* What is no feed of the web is told, counted and not written; a pause is. */
static void
expect_left_out(struct cmd_test *t)
{
	struct buf conf = BUF_INIT(SAID_MAX);

	(void)cmd_file(t, "more.ini",
	    "[Planet]\nname = X\n"
	    "[https://f.example/feed]\nname = Eff\npaused = yes\n"
	    "[ftp://g.example/feed]\nname = Gee\n");
	cmd_expect(t,
	    &(struct cmd_case){ "one that cannot be",
		{ "-v", "import", here(t, "", "more.ini") }, EXIT_OK, NULL,
		", 0 there already, 1 left out.\n  hint: feeds_from = ",
		"warn import: 'ftp://g.example/feed' is no web address: feeds are asked by "
		"https and http, not by ftp, and left out\n" });
	MUST(file_read(t->conf, &conf, err));
	assert_non_null(strstr(buf_text(&conf),
	    "\n[https://f.example/feed]\nname = Eff\npaused = yes\n"));
	assert_null(strstr(buf_text(&conf), "g.example"));
	buf_clear(&conf);
}

/* A feed of somebody else's list is not taken out of it. */
static void
test_lists_of_feeds(void **state)
{
	struct cmd_test t;
	char text[1000];

	(void)state;
	planet_begin(&t);
	const char *list = here(&t, "", "list.opml");

	(void)cmd_file(&t, "list.opml",
	    "<opml version=\"2.0\"><body>"
	    "<outline type=\"rss\" text=\"Cee\" xmlUrl=\"https://c.example/feed\"/>"
	    "<outline type=\"rss\" text=\"Cee again\" xmlUrl=\"https://c.example/feed\"/>"
	    "<outline type=\"rss\" text=\"Dee\" xmlUrl=\"https://d.example/feed\"/>"
	    "</body></opml>");
	cmd_expect(&t,
	    &(struct cmd_case){ "a dry run", { "-vn", "import", list }, EXIT_OK, NULL,
		"Dry run: 2 feeds added to ", NULL });
	expect_config(&t, "a dry run", planet_settings);
	cmd_expect(&t,
	    &(struct cmd_case){ "imported", { "-v", "import", list }, EXIT_OK, NULL,
		"2 feeds added to ", NULL });
	(void)snprintf(text, sizeof(text),
	    "%s\n[https://c.example/feed]\nname = Cee\n\n[https://d.example/feed]\n"
	    "name = Dee\n",
	    planet_settings);
	expect_config(&t, "imported", text);
	cmd_expect(&t,
	    &(struct cmd_case){ "again", { "-v", "import", list }, EXIT_OK, NULL,
		"0 feeds added to ", NULL });
	expect_config(&t, "again", text);
	expect_spellings_known(&t);
	expect_left_out(&t);
	cmd_expect(&t,
	    &(struct cmd_case){ "none", { "import", here(&t, "", "a.xml") }, EXIT_FAILED,
		"", NULL, "no OPML: its root element is rss" });
	(void)cmd_file(&t, "list.opml", "<opml version=\"2.0\"><body></body></opml>");
	cmd_expect(&t,
	    &(struct cmd_case){ "empty", { "import", list }, EXIT_FAILED, "", NULL,
		"/list.opml names no feeds\n  hint: a planet's config.ini, OPML, " });
	(void)cmd_file(&t, "list.opml",
	    "<opml version=\"2.0\"><body>"
	    "<outline type=\"rss\" text=\"Cee\" xmlUrl=\"https://c.example/feed\"/>"
	    "</body></opml>");
	(void)cmd_file(&t, "p.conf",
	    "[newsletter]\nname = Planet X\nfrom = planet@example.net\n"
	    "[feeds]\nfeeds_from = list.opml\n");
	cmd_expect(&t,
	    &(struct cmd_case){ "of a list", { "feed", "remove", "cee" }, EXIT_FAILED, "",
		NULL, "cee comes from a list of feeds_from (" });
	cmd_expect(&t,
	    &(struct cmd_case){ "checked", { "config", "check" }, EXIT_OK, NULL,
		"feeds      1 from ", NULL });
	cmd_end(&t);
}

static void
test_feeds_as_they_are_understood(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	const char *feed = here(&t, "", "a.xml");
	const char *page = cmd_file(&t, "page.html",
	    "<html><head><link rel=alternate type=application/rss+xml href=/feed></head>"
	    "</html>");

	cmd_expect(&t,
	    &(struct cmd_case){ "a feed", { "parse", feed }, EXIT_OK, NULL,
		"\"content_html\": \"<p>Words of One.</p>\"", NULL });
	cmd_expect(&t,
	    &(struct cmd_case){ "no base", { "parse", "--base", "x", feed }, EXIT_USAGE,
		"", NULL, "--base: \"x\" is no web address" });
	cmd_expect(&t,
	    &(struct cmd_case){ "nothing", { "parse", "/dev/null/x" }, EXIT_FAILED, "",
		NULL, "planetpost: /dev/null/x: " });
	cmd_expect(&t,
	    &(struct cmd_case){ "a page",
		{ "parse", "--base", "https://bob.net/x", page }, EXIT_FAILED, "", NULL,
		"is a web page, not a feed; it names 1 feed\n  1  https://bob.net/feed\n"
		"  hint: planetpost feed add https://bob.net/feed\n" });
	cmd_expect(&t,
	    &(struct cmd_case){ "no feed", { "parse", cmd_file(&t, "x.txt", "hello") },
		EXIT_FAILED, "", NULL, "/x.txt: " });
	cmd_end(&t);
}

static const struct cmd_case settings_cases[] = {
	{ "one", { "config", "show", "newsletter.name" }, EXIT_OK, NULL,
	    "newsletter.name\tPlanet X\t/", NULL },
	{ "its line", { "config", "show", "newsletter.name" }, EXIT_OK, NULL,
	    "/p.conf:2\n", NULL },
	{ "built-in", { "config", "show", "fetch.timeout" }, EXIT_OK, NULL,
	    "\tbuilt-in\n", NULL },
	{ "secret", { "config", "show", "smtp.password" }, EXIT_OK, NULL,
	    "smtp.password\t(secret)\t", NULL },
	{ "no login is shown", { "config", "show", "fetch.proxy" }, EXIT_OK, NULL,
	    "fetch.proxy\thttp://proxy.example:8080/\t", NULL },
	{ "none", { "config", "show", "fetch.time" }, EXIT_USAGE, "", NULL,
	    "there is no setting 'fetch.time'\n  hint: did you mean 'fetch.timeout'?" },
	{ "checked", { "config", "check" }, EXIT_OK, NULL,
	    "warning    smtp.password is not used: smtp.user is not set\n"
	    "ok         1 feed, 1 warning\n",
	    NULL },
	{ "help of it", { "help", "config" }, EXIT_OK, NULL,
	    "Settings, as a configuration file has them", NULL },
	{ "help of one", { "help", "sub", "list" }, EXIT_OK, NULL,
	    "planetpost sub list\n  all readers\n", NULL },
	{ "help by an option", { "sub", "list", "-h" }, EXIT_OK, NULL,
	    "planetpost sub list\n  all readers\n", NULL },
	{ "a topic", { "help", "exit-codes" }, EXIT_OK, NULL,
	    "\n7    database: newer than the program, or damaged\n", NULL },
	{ "nearly a topic", { "help", "exit-code" }, EXIT_USAGE, "", NULL,
	    "hint: planetpost help exit-codes" },
	{ "no topic", { "help", "sub", "lost" }, EXIT_USAGE, "", NULL,
	    "there is no help for 'lost'\n  hint: planetpost help sub list\n" },
	{ "nor this", { "help", "lost" }, EXIT_USAGE, "", NULL,
	    "there is no help for 'lost'" },
	{ "all", { "help" }, EXIT_OK, NULL, "\nEvery day\n  run    ", NULL },
	{ "nothing asked", { NULL }, EXIT_USAGE, "", NULL, "\nEvery day\n  run    " },
	{ "which of them", { "sub" }, EXIT_USAGE, "", NULL,
	    "\nCommands\n  sub add ADDRESS" },
	{ "too many", { "status", "x" }, EXIT_USAGE, "", NULL,
	    "status: unexpected argument 'x'" },
	{ "version", { "version" }, EXIT_OK, "planetpost " VERSION "\n", NULL, NULL },
	{ "version", { "--version", "sub" }, EXIT_OK, "planetpost " VERSION "\n", NULL,
	    NULL },
};

static void
test_settings_and_help(void **state)
{
	struct cmd_test t;
	char text[1000];

	(void)state;
	planet_begin(&t);
	(void)snprintf(text, sizeof(text),
	    "%s[fetch]\nproxy = http://u:p@proxy.example:8080/\n"
	    "[smtp]\npassword = p\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	EXPECT_ALL(&t, settings_cases);
	cmd_end(&t);
}

/* What is wrong with settings, and how it ends. */
static const struct {
	const char *more;
	int code;
	const char *out, *err;
} checks[] = {
	{ "[fetch]\ntime-out = 1\n", EXIT_CONFIG, NULL, "did you mean 'timeout'?" },
	{ "[digest]\nfilter = (\n", EXIT_CONFIG, NULL, "digest.filter: " },
	{ "[digest]\nexclude = [\n", EXIT_CONFIG, NULL, "digest.exclude: " },
	{ "[list]\ncommand_address = x@\n", EXIT_CONFIG, NULL, "list.command_address: " },
	{ "[feed b]\nurl = https://b.example/\nfilter = (\n", EXIT_OK,
	    "ok         2 feeds, 1 warning\n", NULL },
	{ "[newsletter]\nfrom =\n", EXIT_OK, "ok         1 feed, 1 warning\n", NULL },
};

static void
test_settings_that_are_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const struct cmd_case c = { checks[i].more, { "config", "check" },
			checks[i].code, NULL, checks[i].out, checks[i].err };
		struct cmd_test t;
		char text[1000];

		planet_begin(&t);
		(void)snprintf(text, sizeof(text), "%s%s", planet_settings,
		    checks[i].more);
		(void)cmd_file(&t, "p.conf", text);
		cmd_expect(&t, &c);
		cmd_end(&t);
	}
}

static void
test_nothing_is_configured(void **state)
{
	static const struct cmd_case cases[] = {
		{ "checked", { "config", "check" }, EXIT_OK, NULL,
		    "warning    no feeds: nothing will be fetched\n"
		    "ok         0 feeds, 1 warning\n",
		    NULL },
		{ "run", { "-v", "run" }, EXIT_OK, NULL,
		    "No feeds are configured.\n  hint: planetpost feed add URL", "" },
	};
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, "[newsletter]\nname = Planet X\nfrom = planet@example.net\n");
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

#define STARTER_HEAD \
	"# planetpost: the settings in force are shown by `planetpost config show`,\n" \
	"# all there are by `planetpost help config`.\n\n[newsletter]\n"
#define STARTER_FEEDS \
	"\n[feeds]\n# a planet's own list, read at every run: site and letter share it\n"
#define STARTER_REST \
	"\n[digest]\nschedule   = daily 07:00\n" \
	"\n[transport]\n# outbox writes files and sends nothing\n"
#define STARTER_END \
	"#user      = planet@example.net\n" \
	"#password_file = /etc/planetpost/smtp-password\n" \
	"\n# feeds: planetpost feed add URL, or sections like this\n" \
	"#[https://blog.example.org/feed.xml]\n#name = Example Blog\n"

static const struct cmd_case starts[] = {
	{ "shown", { "-n", "init" }, EXIT_OK,
	    STARTER_HEAD
	    "name       = Planet\n"
	    "#from      = Planet Example <planet@example.net>\n"
	    "#link      = https://planet.example.net/\n" STARTER_FEEDS
	    "#feeds_from = /srv/planet/config.ini\n" STARTER_REST
	    "method     = outbox\n\n[smtp]\n#host      = smtp.example.net\n" STARTER_END,
	    NULL, NULL },
	{ "answered by options",
	    { "-n", "init", "--name", "P", "--me", "me@example.org", "--planet",
		"https://a.example/l", "--transport", "smtp", "--host", "mx.example" },
	    EXIT_OK,
	    STARTER_HEAD
	    "name       = P\nfrom       = P <me@example.org>\n"
	    "#link      = https://planet.example.net/\n" STARTER_FEEDS
	    "feeds_from = https://a.example/l\n" STARTER_REST
	    "method     = smtp\n\n[smtp]\nhost       = mx.example\n" STARTER_END,
	    NULL, NULL },
	{ "the host of smtp when none is named", { "-n", "init", "--transport", "smtp" },
	    EXIT_OK, NULL, "[smtp]\nhost       = localhost\n", NULL },
	{ "no address", { "init", "--me", "me@" }, EXIT_USAGE, "", NULL,
	    "planetpost: --me me@: " },
	{ "no sender", { "init", "--from", "P <x@" }, EXIT_USAGE, "", NULL,
	    "planetpost: --from: P <x@: " },
	{ "no way", { "init", "--transport", "pigeon" }, EXIT_USAGE, "", NULL,
	    "mail can leave by outbox (files only), smtp or sendmail, not by 'pigeon'" },
	{ "two lines", { "init", "--name", "a\nb" }, EXIT_USAGE, "", NULL,
	    "an answer is more than one line" },
	{ "nor here", { "init", "--host", "a\nb" }, EXIT_USAGE, "", NULL,
	    "an answer is more than one line" },
	{ "nor there", { "init", "--planet", "a\rb" }, EXIT_USAGE, "", NULL,
	    "an answer is more than one line" },
	{ "written", { "-v", "init", "--me", "me@example.org" }, EXIT_OK, NULL,
	    " me@example.org will get the letters.\nNow:\n  planetpost -c ", NULL },
	{ "the first reader", { "sub", "list", "--json=address,confirmed_by" }, EXIT_OK,
	    NULL,
	    "[{\"address\":\"me@example.org\",\"confirmed_by\":\"planetpost init --me\"}]",
	    NULL },
	{ "not twice", { "init" }, EXIT_FAILED, "", NULL,
	    "/p.conf is there already and is not overwritten\n  hint: planetpost config "
	    "show, or planetpost -c OTHER.conf init\n" },
};

static void
test_a_starter_configuration(void **state)
{
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	EXPECT_ALL(&t, starts);
	cmd_end(&t);
}

/* A planet that has a name keeps it, unless another is given; its list is found from anywhere. */
static void
test_a_planet_to_begin_with(void **state)
{
	struct cmd_test t;
	char list[400];
	char opml[400];
	char feeds_from[500];
	const struct cmd_case cases[] = {
		{ "its name", { "-n", "init", "--planet", list }, EXIT_OK, NULL,
		    "name       = Their Planet\n", NULL },
		{ "its list", { "-n", "init", "--planet", list }, EXIT_OK, NULL,
		    feeds_from, NULL },
		{ "our name", { "-n", "init", "--planet", list, "--name", "Mine" },
		    EXIT_OK, NULL, "name       = Mine\n", NULL },
		{ "a list without a name", { "-n", "init", "--planet", opml }, EXIT_OK,
		    NULL, "name       = Planet\n", NULL },
		{ "no file", { "-n", "init", "--planet", "/nowhere/planet.ini" },
		    EXIT_USAGE, "", NULL,
		    "--planet: there is no file /nowhere/planet.ini" },
		{ "a sender",
		    { "-n", "init", "--me", "me@example.org", "--planet", list }, EXIT_OK,
		    NULL, "from       = Their Planet <me@example.org>\n", NULL },
	};

	(void)state;
	cmd_begin(&t, NULL);
	(void)snprintf(list, sizeof(list), "%s",
	    cmd_file(&t, "planet.ini",
		"[Planet]\nname = Their Planet\n[https://b.example/feed]\nname = B\n"));
	(void)snprintf(opml, sizeof(opml), "%s",
	    cmd_file(&t, "list.opml",
		"<opml version='2.0'><body><outline type='rss' text='B' "
		"xmlUrl='https://b.example/feed'/></body></opml>"));
	(void)snprintf(feeds_from, sizeof(feeds_from), "feeds_from = %s\n", list);
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_feeds_and_how_they_are),
		cmocka_unit_test(test_feeds_that_never_answered),
		cmocka_unit_test(test_feeds_are_added_and_removed),
		cmocka_unit_test(test_files_are_no_feeds_unless_allowed),
		cmocka_unit_test(test_lists_of_feeds),
		cmocka_unit_test(test_feeds_as_they_are_understood),
		cmocka_unit_test(test_settings_and_help),
		cmocka_unit_test(test_settings_that_are_wrong),
		cmocka_unit_test(test_nothing_is_configured),
		cmocka_unit_test(test_a_starter_configuration),
		cmocka_unit_test(test_a_planet_to_begin_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
