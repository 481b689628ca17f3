/* SPDX-License-Identifier: ISC */
/* What is known of a feed, what is laid over a list that is somebody else's, lists taken away. */
#include "unit/planet_fixture.h"

static const char settings[] = "[newsletter]\n"
			       "name = Planet X & Co\n"
			       "link = https://planet.example/\n"
			       "from = planet@example.net\n"
			       "owner = keeper@example.net\n"
			       "[fetch]\nallow_files = yes\n"
			       "[digest]\nschedule = off\n"
			       "[transport]\nmethod = outbox\noutbox = out\n"
			       "[feeds]\nfeeds_from = list.ini\n"
			       "[feed a]\n"
			       "url = file:a.xml\n"
			       "name = A's blog\n"
			       "group = Sea\n"
			       "language = en\n"
			       "filter = Words\n"
			       "exclude_categories = ads\n"
			       "strip = tracking\n"
			       "max_per_feed = 4\n";

static const char list[] = "[Planet]\n"
			   "name = X\n"
			   "[https://b.example/feed]\n"
			   "name = Bee\n";

static const char document[] =
    "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>"
    "<title>A</title><link>https://a.example/</link><language>en-GB</language>"
    "<ttl>90</ttl><atom:link rel=\"hub\" href=\"https://hub.example/\"/>"
    "<atom:link rel=\"self\" href=\"https://a.example/feed.xml\"/>"
    "<item><title>One</title><link>https://a.example/One</link><guid>One</guid>"
    "<pubDate>23 Nov 2026 10:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;Words of One.&lt;/p&gt;</description></item>"
    "<item><title>Three</title><link>https://a.example/3</link><guid>Three</guid>"
    "<pubDate>23 Nov 2026 12:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;Words of Three.&lt;/p&gt;</description></item>"
    "<item><link>https://a.example/two</link><guid>Two</guid>"
    "<description>&lt;p&gt;Words of Two.&lt;/p&gt;</description></item>"
    "</channel></rss>";

static void
begin(struct cmd_test *t)
{
	cmd_begin(t, settings);
	(void)cmd_file(t, "list.ini", list);
	(void)cmd_file(t, "a.xml", document);
}

/* Text with FOLDER in it, where the folder of the test stands. */
static const char *
placed(struct cmd_test *t, const char *text)
{
	static char room[8][4000];
	static size_t turn;
	char *out = room[turn++ % 8];
	size_t n = 0;

	for (const char *at = text; *at;) {
		if (strncmp(at, "FOLDER", 6) == 0) {
			n += (size_t)snprintf(out + n, sizeof(room[0]) - n, "%s",
			    t->folder);
			at += 6;
		} else {
			assert_true(n + 1 < sizeof(room[0]));
			out[n++] = *at++;
		}
	}
	out[n] = '\0';
	return out;
}

static void
expect_placed(struct cmd_test *t, const struct cmd_case *c)
{
	struct cmd_case here = *c;

	here.out = c->out ? placed(t, c->out) : NULL;
	here.err = c->err ? placed(t, c->err) : NULL;
	for (size_t i = 0; here.words[i]; i++)
		if (strstr(here.words[i], "FOLDER"))
			here.words[i] = placed(t, here.words[i]);
	cmd_expect(t, &here);
}

#define EXPECT_PLACED(t, cases) \
	do { \
		for (size_t case_at = 0; case_at < ARRAY_LEN(cases); case_at++) \
			expect_placed((t), &(cases)[case_at]); \
	} while (0)

static const struct cmd_case known_of_a_feed[] = {
	{ "two feeds, before they were asked", { "feed", "show", "a", "bee" }, EXIT_OK,
	    "feed          a\n"
	    "name          A's blog\n"
	    "address       file://FOLDER/a.xml\n"
	    "listed in     FOLDER/p.conf line 15\n"
	    "group         Sea\n"
	    "language      en\n"
	    "filter        Words\n"
	    "not in        ads\n"
	    "strip         tracking\n"
	    "max per feed  4\n"
	    "state         new\n"
	    "posts         0\n"
	    "mailed        0\n"
	    "held          0\n"
	    "\n"
	    "feed          bee\n"
	    "name          Bee\n"
	    "address       https://b.example/feed\n"
	    "listed in     FOLDER/list.ini line 3\n"
	    "group         Blogs\n"
	    "state         new\n"
	    "posts         0\n"
	    "mailed        0\n"
	    "held          0\n",
	    NULL, NULL },
	{ "asked", { "fetch", "a" }, EXIT_OK, "", NULL, NULL },
	{ "what it said is there", { "feed", "show", "a" }, EXIT_OK, NULL,
	    "max per feed  4\n"
	    "state         ok\n"
	    "since         2026-11-24T06:00:00Z\n"
	    "asked         2026-11-24T06:00:00Z\n"
	    "answered      2026-11-24T06:00:00Z\n"
	    "new post      2026-11-24T06:00:00Z\n"
	    "asks again    ",
	    NULL },
	{ "with the page, the title and the hub", { "feed", "show", "a" }, EXIT_OK, NULL,
	    "hub           https://hub.example/\n"
	    "posts         3\n"
	    "mailed        0\n"
	    "held          0\n",
	    NULL },
	{ "for programs", { "feed", "show", "a", "--json" }, EXIT_OK, NULL,
	    "\"listed_in\":\"FOLDER/p.conf line 15\",\"page\":\"https://a.example/"
	    "\",\"group\":\"Sea\",\"language\":\"en\",\"face\":null,\"filter\":"
	    "\"Words\",\"exclude\":null,\"categories\":null,\"not_in\":\"ads\","
	    "\"languages\":null,\"not_language\":null,\"strip\":\"tracking\","
	    "\"user_agent\":null,\"max_per_feed\":4,\"changes\":[],"
	    "\"state\":\"ok\",\"paused\":\"no\",\"what\":null,",
	    NULL },
	{ "a stranger", { "feed", "show", "a", "x" }, EXIT_FAILED, NULL,
	    "feed          a\n", "no feed is called 'x'" },
};

static void
test_all_that_is_known_of_a_feed(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(known_of_a_feed); i++) {
		struct cmd_case c = known_of_a_feed[i];

		c.has = c.has ? placed(&t, c.has) : NULL;
		expect_placed(&t, &c);
	}
	cmd_end(&t);
}

static void
test_all_that_a_feed_says(void **state)
{
	static const struct cmd_case cases[] = {
		{ "newest first, what has no date behind", { "feed", "test", "a" },
		    EXIT_OK, NULL,
		    "next time sent whole again, changed or not (no ETag, no "
		    "Last-Modified)\n"
		    "feed      rss20, UTF-8\n"
		    "title     A\n"
		    "page      https://a.example/\n"
		    "itself    https://a.example/feed.xml\n"
		    "language  en-GB\n"
		    "hub       https://hub.example/\n"
		    "entries   3, 1 without a date\n"
		    "newest    2026-11-23T12:00:00Z\n"
		    "ttl       5400\n"
		    "posts     2026-11-23T12:00:00Z  Three\n"
		    "          2026-11-23T10:00:00Z  One\n"
		    "          (no date)  https://a.example/two\n"
		    "known     0 of them, 3 unseen\n",
		    NULL },
		{ "for programs", { "feed", "test", "a", "--json" }, EXIT_OK, NULL,
		    "\"entries\":3,\"newest\":\"2026-11-23T12:00:00Z\",\"ttl\":5400,"
		    "\"posts\":[{\"title\":\"Three\",\"link\":\"https://a.example/3\","
		    "\"at\":\"2026-11-23T12:00:00Z\"},"
		    "{\"title\":\"One\",\"link\":\"https://a.example/One\","
		    "\"at\":\"2026-11-23T10:00:00Z\"},"
		    "{\"link\":\"https://a.example/two\"}],"
		    "\"warnings\":[],\"left_out\":[],\"known\":0}\n",
		    NULL },
	};
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

#define REPEATED \
	"&lt;p&gt;Follow me on the sea, where I write about ships and the weather&lt;/p&gt;" \
	"&lt;p&gt;Sixty columns are shown of it, and this is exactly sixty one.&lt;/p&gt;" \
	"&lt;p&gt;Sixty columns are shown of it, and these are sixty of them.&lt;/p&gt;" \
	"&lt;p&gt;&lt;img src=\"https://a.example/b.gif\"&gt;&lt;/p&gt;"
#define REPEATING(day, date, zone) \
	"<item><title>P" day "</title><guid>" day "</guid><pubDate>2026-11-" date \
	"T10:00:00" zone "</pubDate><description>&lt;p&gt;" day "&lt;/p&gt;" REPEATED \
	"</description></item>"

/* Five posts are shown, and what most of them say. */
static const struct cmd_case repeated[] = {
	{ "for people", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "entries   6\n"
	    "newest    2026-11-25T10:00:00Z\n"
	    "posts     2026-11-25T10:00:00Z  P6\n"
	    "          2026-11-23T10:00:00Z  P5\n"
	    "          2026-11-22T10:00:00Z  P4\n"
	    "          2026-11-21T10:00:00Z  P3\n"
	    "          2026-11-20T10:00:00Z  P2\n"
	    "warning   line 1: date \"2026-11-19T10:00:00\" has no zone; read as UTC\n"
	    "warning   line 1: date \"2026-11-25T10:00:00Z\" lies in the future\n",
	    NULL },
	{ "more than sixty columns", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "left out  \"Follow me on the sea, where I write about ships and the weat...\", "
	    "in 6 of 6 posts\n",
	    NULL },
	{ "sixty-one columns", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "left out  \"Sixty columns are shown of it, and this is exactly sixty one...\", in "
	    "6 of 6 posts\n",
	    NULL },
	{ "sixty columns", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "left out  \"Sixty columns are shown of it, and these are sixty of them.\", in 6 "
	    "of 6 posts\n",
	    NULL },
	{ "a picture", { "feed", "test", "a" }, EXIT_OK, NULL,
	    "left out  \"(a picture)\", in 6 of 6 posts\n", NULL },
	{ "for programs", { "feed", "test", "a", "--json" }, EXIT_OK, NULL,
	    "\"warnings\":[\"line 1: date \\\"2026-11-19T10:00:00\\\" has no zone; read as "
	    "UTC\",\"line 1: date \\\"2026-11-25T10:00:00Z\\\" lies in the future\"],"
	    "\"left_out\":[\"",
	    NULL },
	{ "as a whole", { "feed", "test", "a", "--json" }, EXIT_OK, NULL,
	    "\"Follow me on the sea, where I write about ships and the weather\"", NULL },
};

static void
test_what_is_left_out_of_a_feed_is_told(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "a.xml",
	    PLANET_FEED(REPEATING("1", "19", "") REPEATING("2", "20", "Z")
		    REPEATING("3", "21", "Z") REPEATING("4", "22", "Z")
			REPEATING("5", "23", "Z") REPEATING("6", "25", "Z")));
	EXPECT_ALL(&t, repeated);
	cmd_end(&t);
}

#define PATCH_HEAD \
	"It stands in FOLDER/list.ini, which planetpost does not write: kept beside it.\n" \
	"To have it there:\n" \
	"  [https://b.example/feed]   line 3\n"

static const struct cmd_case laid_over_a_list[] = {
	{ "a change, and the patch of it",
	    { "-v", "feed", "edit", "bee", "--group", "Hills", "--exclude", "x" },
	    EXIT_OK, PATCH_HEAD "  group = Hills\n  exclude = x\nChanged bee.\n", NULL,
	    NULL },
	{ "it is shown with its day", { "feed", "show", "bee" }, EXIT_OK,
	    "feed          bee\n"
	    "name          Bee\n"
	    "address       https://b.example/feed\n"
	    "listed in     FOLDER/list.ini line 3\n"
	    "group         Hills\n"
	    "exclude       x\n"
	    "changed       exclude = x, 2026-11-24T06:00:00Z\n"
	    "changed       group = Hills, 2026-11-24T06:00:00Z\n"
	    "state         new\n"
	    "posts         0\n"
	    "mailed        0\n"
	    "held          0\n",
	    NULL, NULL },
	{ "for programs", { "feed", "show", "bee", "--json" }, EXIT_OK, NULL,
	    "\"changes\":[{\"key\":\"exclude\",\"value\":\"x\","
	    "\"at\":\"2026-11-24T06:00:00Z\"},"
	    "{\"key\":\"group\",\"value\":\"Hills\","
	    "\"at\":\"2026-11-24T06:00:00Z\"}],\"state\":\"new\"",
	    NULL },
	{ "paused", { "-v", "feed", "pause", "bee" }, EXIT_OK,
	    PATCH_HEAD "  paused = yes\n"
		       "Paused bee: it is not asked, and its posts wait.\n",
	    NULL, NULL },
	{ "which shows", { "feed", "show", "bee" }, EXIT_OK, NULL,
	    "changed       paused = yes, 2026-11-24T06:00:00Z\n"
	    "state         new\n"
	    "paused        yes\n",
	    NULL },
	{ "resumed", { "-v", "feed", "resume", "bee" }, EXIT_OK,
	    "Resumed bee: the next run asks it.\n", NULL, NULL },
	{ "which takes the word back", { "feed", "show", "bee" }, EXIT_OK, NULL,
	    "changed       group = Hills, 2026-11-24T06:00:00Z\n"
	    "state         new\n"
	    "since         2026-11-24T06:00:00Z\n"
	    "posts         0\n",
	    NULL },
	{ "it does not say where to", { "feed", "move", "bee" }, EXIT_USAGE, "", NULL,
	    "planetpost: bee does not say where it went\n"
	    "  hint: planetpost feed move bee https://...\n" },
	{ "not to what is no address", { "feed", "move", "bee", "mailto:x@y.example" },
	    EXIT_USAGE, "", NULL, "'mailto:x@y.example' is no web address" },
	{ "not to another's address", { "feed", "move", "bee", "file:FOLDER/a.xml" },
	    EXIT_FAILED, "", NULL, "file://FOLDER/a.xml is the address of a already" },
	{ "not to what cannot be read", { "feed", "move", "bee", "file:FOLDER/no.xml" },
	    EXIT_FAILED, "", NULL, "file://FOLDER/no.xml: the file cannot be read" },
	{ "not to a page", { "feed", "move", "bee", "file:FOLDER/page.html" },
	    EXIT_FAILED, "", NULL, " is a web page, not a feed, and names none" },
	{ "to where it went", { "-v", "feed", "move", "bee", "file:FOLDER/b.xml" },
	    EXIT_OK,
	    "Moved bee to file://FOLDER/b.xml; its posts stay known.\n"
	    "It stands in FOLDER/list.ini, which planetpost does not write: kept "
	    "beside it.\n"
	    "To have it there:\n"
	    "  [https://b.example/feed]   line 3\n"
	    "  its new name: [file://FOLDER/b.xml]\n",
	    NULL, NULL },
	{ "which is shown", { "feed", "show", "bee" }, EXIT_OK,
	    "feed          bee\n"
	    "name          Bee\n"
	    "address       file://FOLDER/b.xml\n"
	    "listed as     https://b.example/feed\n"
	    "listed in     FOLDER/list.ini line 3\n"
	    "group         Hills\n"
	    "exclude       x\n"
	    "changed       exclude = x, 2026-11-24T06:00:00Z\n"
	    "changed       group = Hills, 2026-11-24T06:00:00Z\n"
	    "changed       url = file://FOLDER/b.xml, 2026-11-24T06:00:00Z\n"
	    "state         new\n"
	    "since         2026-11-24T06:00:00Z\n"
	    "posts         0\n"
	    "mailed        0\n"
	    "held          0\n",
	    NULL, NULL },
};

static void
test_what_is_laid_over_a_list(void **state)
{
	struct buf kept = BUF_INIT(SAID_MAX);
	struct cmd_test t;
	char path[300];

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "b.xml", document);
	(void)cmd_file(&t, "page.html", "<html><head><title>x</title></head></html>");
	EXPECT_PLACED(&t, laid_over_a_list);
	in_folder(t.folder, "list.ini", path);
	MUST(file_read(path, &kept, err));
	SAME_TEXT("the list is as it was", buf_text(&kept), list);
	buf_clear(&kept);
	cmd_end(&t);
}

/* ---- pauses ---- */

static const char paused_list[] = "[Planet]\nname = X\n"
				  "[https://b.example/feed]\nname = Bee\n"
				  "[https://c.example/feed]\nname = Cee\npaused = yes\n";

#define KEPT_BESIDE \
	"It stands in FOLDER/list.ini, which planetpost does not write: kept beside it.\n"
#define CEE_PATCH \
	KEPT_BESIDE "To have it there:\n  [https://c.example/feed]   line 5\n  paused = "
#define RESUMED_AT "2026-11-24T08:00:00Z"

static const struct cmd_case pauses[] = {
	{ "not found", { "fetch", "a" }, EXIT_PARTIAL, "", NULL, "" },
	{ "nothing to resume", { "-v", "feed", "resume", "a", "bee" }, EXIT_OK,
	    "a is not paused.\nbee is not paused.\n", NULL, NULL },
	{ "ours", { "-v", "feed", "pause", "a" }, EXIT_OK,
	    "Paused a: it is not asked, and its posts wait.\n", NULL, NULL },
	{ "ours again", { "-v", "feed", "pause", "a" }, EXIT_OK, "a is paused already.\n",
	    NULL, NULL },
	{ "what was wrong with it stays", { "feed", "show", "a" }, EXIT_OK, NULL,
	    "failures      1 run\n", NULL },
	{ "what the list pauses", { "-v", "feed", "pause", "cee" }, EXIT_OK,
	    "cee is paused already.\n", NULL, NULL },
	{ "is resumed beside it", { "-v", "feed", "resume", "cee" }, EXIT_OK,
	    CEE_PATCH "no\nResumed cee: the next run asks it.\n", NULL, NULL },
	{ "which is shown", { "feed", "show", "cee" }, EXIT_OK, NULL,
	    "changed       paused = no, 2026-11-24T06:00:00Z\nstate         new\n"
	    "since         2026-11-24T06:00:00Z\n",
	    NULL },
	{ "and paused again", { "-v", "feed", "pause", "cee" }, EXIT_OK,
	    CEE_PATCH "yes\nPaused cee: it is not asked, and its posts wait.\n", NULL,
	    NULL },
	{ "what the list does not pause", { "feed", "pause", "bee" }, EXIT_OK, "", NULL,
	    NULL },
};

/* The list's feed is one of ours by now, and our word about it still there. */
static const struct cmd_case resumes[] = {
	{ "paused by our word", { "feed", "show", "bee" }, EXIT_OK, NULL,
	    "changed       paused = yes, 2026-11-24T06:00:00Z\nstate         new\n"
	    "paused        yes\n",
	    NULL },
	{ "resumed", { "-v", "feed", "resume", "bee", "a" }, EXIT_OK,
	    "Resumed bee: the next run asks it.\nResumed a: the next run asks it.\n",
	    NULL, NULL },
	{ "the word is taken back", { "feed", "show", "bee" }, EXIT_OK, NULL,
	    "group         Blogs\nstate         new\nsince         " RESUMED_AT "\n",
	    NULL },
	{ "it begins anew", { "feed", "show", "a" }, EXIT_OK, NULL,
	    "state         ok\nsince         " RESUMED_AT "\nasked ", NULL },
};

static void
test_pauses_of_our_feeds_and_of_a_lists(void **state)
{
	struct buf conf = BUF_INIT(SAID_MAX);
	struct cmd_test t;
	char path[300];

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "list.ini", paused_list);
	assert_int_equal(unlink(in_folder(t.folder, "a.xml", path)), 0);
	EXPECT_PLACED(&t, pauses);
	MUST(file_read(t.conf, &conf, err));
	assert_non_null(strstr(buf_text(&conf), "max_per_feed = 4\npaused = yes\n"));
	buf_adds(&conf, "[feed bee]\nurl = https://b.example/feed\nname = Bee\n");
	(void)cmd_file(&t, "p.conf", buf_text(&conf));
	t.now += 7200;
	EXPECT_PLACED(&t, resumes);
	buf_reset(&conf);
	MUST(file_read(t.conf, &conf, err));
	assert_non_null(strstr(buf_text(&conf),
	    "max_per_feed = 4\npaused = no\n[feed bee]\nurl = https://b.example/feed\n"));
	buf_clear(&conf);
	cmd_end(&t);
}

static void
test_a_list_without_lines_and_a_feed_that_is_gone(void **state)
{
	static const char opml[] = "<opml version='2.0'><body><outline type='rss' "
				   "text='Bee' xmlUrl='https://b.example/feed'/></body>"
				   "</opml>";
	static const struct cmd_case cases[] = {
		{ "no line of it can be named",
		    { "-v", "feed", "edit", "bee", "--name", "Bea" }, EXIT_OK,
		    KEPT_BESIDE
		    "Changed bee.  Its short name follows: planetpost feed list\n",
		    NULL, NULL },
		{ "nor shown", { "feed", "show", "bea", "bea" }, EXIT_OK,
		    "feed          bea\n"
		    "name          Bea\n"
		    "address       https://b.example/feed\n"
		    "listed in     FOLDER/list.ini\n"
		    "group         Blogs\n"
		    "changed       name = Bea, 2026-11-24T06:00:00Z\n"
		    "state         new\n"
		    "posts         0\n"
		    "mailed        0\n"
		    "held          0\n",
		    NULL, NULL },
		{ "asked once", { "fetch", "a" }, EXIT_OK, "", NULL, NULL },
	};
	static const struct cmd_case gone[] = {
		{ "taken out of the list", { "-v", "feed", "pause", "bea" }, EXIT_FAILED,
		    "", NULL,
		    "planetpost: bea is no feed of this planet any more\n"
		    "  hint: planetpost feed list\n" },
	};
	struct cmd_test t;

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "list.ini", opml);
	EXPECT_PLACED(&t, cases);
	(void)cmd_file(&t, "list.ini", "[Planet]\nname = X\n");
	EXPECT_PLACED(&t, gone);
	cmd_end(&t);
}

/* As Pluto writes it, in the file as the key of the same name. */
static void
test_an_address_that_is_called_feed(void **state)
{
	static const struct cmd_case moved = { "moved",
		{ "-v", "feed", "move", "a", "file:FOLDER/new.xml" }, EXIT_OK,
		"Moved a to file://FOLDER/new.xml, in FOLDER/p.conf; its posts stay "
		"known.\n",
		NULL, NULL };
	static const struct cmd_case removed = { "removed",
		{ "-v", "feed", "remove", "a", "a" }, EXIT_OK,
		"Removed a from FOLDER/p.conf; what was mailed is remembered.\n"
		"a is named twice: once is enough.\n",
		NULL, NULL };
	static const char head[] = "[newsletter]\nname = X\n[fetch]\nallow_files = yes\n";
	struct buf conf = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "new.xml", document);
	buf_addf(&conf, "%s[feed a]\nname = A\nfeed = file:a.xml\n", head);
	(void)cmd_file(&t, "p.conf", buf_text(&conf));
	expect_placed(&t, &moved);
	buf_reset(&conf);
	MUST(file_read(t.conf, &conf, err));
	SAME_TEXT("moved", buf_text(&conf),
	    placed(&t,
		"[newsletter]\nname = X\n[fetch]\nallow_files = yes\n"
		"[feed a]\nname = A\nfeed = file://FOLDER/new.xml\n"));
	expect_placed(&t, &removed);
	buf_reset(&conf);
	MUST(file_read(t.conf, &conf, err));
	SAME_TEXT("removed", buf_text(&conf), head);
	buf_clear(&conf);
	cmd_end(&t);
}

/* What could not be read again is not written, and the database says what the file says. */
static void
test_edits_that_cannot_be(void **state)
{
	static const struct cmd_case refused[] = {
		{ "no language",
		    { "feed", "edit", "a", "--group", "G", "--language", "klingon!!" },
		    EXIT_CONFIG, "", NULL,
		    "planetpost: not written, since it could not be read again: wrong value "
		    "'klingon!!' for 'language' in [feed a], FOLDER/p.conf line 19\n"
		    "  hint: allowed: a language tag such as en or pt-BR\n" },
		{ "no languages", { "feed", "edit", "a", "--languages", "en, x!" },
		    EXIT_USAGE, "", NULL,
		    "--languages takes language tags such as en pt-BR, not 'en, x!'\n" },
		{ "no pattern", { "feed", "edit", "a", "--exclude", "(" }, EXIT_USAGE, "",
		    NULL, "planetpost: --exclude: regular expression '(': " },
		{ "more than an issue holds",
		    { "feed", "edit", "a", "--max-per-feed", "2001" }, EXIT_USAGE, "",
		    NULL, "--max-per-feed takes a number from 1 to 2000, not '2001'\n" },
		{ "two lines", { "feed", "edit", "a", "--name", "x\ry" }, EXIT_USAGE, "",
		    NULL, "--name is more than one line\n" },
		{ "it is as it was", { "feed", "show", "a" }, EXIT_OK, NULL,
		    "group         Sea\nlanguage      en\n", NULL },
		{ "a dry run", { "-n", "feed", "edit", "a", "--group", "G" }, EXIT_OK, "",
		    NULL, NULL },
	};
	static const struct cmd_case most = { "as many as an issue holds",
		{ "-v", "feed", "edit", "a", "--max-per-feed", "2000" }, EXIT_OK,
		"Changed a in FOLDER/p.conf.\n", NULL, NULL };
	struct buf conf = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_PLACED(&t, refused);
	MUST(file_read(t.conf, &conf, err));
	SAME_TEXT("unwritten", buf_text(&conf), settings);
	expect_placed(&t, &most);
	buf_reset(&conf);
	MUST(file_read(t.conf, &conf, err));
	assert_non_null(strstr(buf_text(&conf), "\nmax_per_feed = 2000\n"));
	buf_clear(&conf);
	cmd_end(&t);
}

/* ---- moves ---- */

/* A feed of ours is moved in our own file. */
static void
test_a_feed_moves(void **state)
{
	static const struct cmd_case cases[] = {
		{ "known", { "fetch", "a" }, EXIT_OK, "", NULL, NULL },
		{ "to a feed of other posts",
		    { "feed", "move", "a", "file:FOLDER/other.xml" }, EXIT_FAILED, "",
		    NULL,
		    "planetpost: file://FOLDER/other.xml is a feed, but has no post that a "
		    "had\n"
		    "  hint: planetpost feed move a file://FOLDER/other.xml --force\n" },
		{ "to one that has a known post",
		    { "-v", "feed", "move", "a", "file:FOLDER/new.xml" }, EXIT_OK,
		    "Moved a to file://FOLDER/new.xml, in FOLDER/p.conf; its posts stay "
		    "known.\n",
		    NULL, NULL },
		{ "its posts are known there", { "-v", "fetch", "a" }, EXIT_OK,
		    "Fetched 1 of 1 feed: 0 new entries, 1 unchanged, 0 failed (0 already "
		    "known)\n",
		    NULL, NULL },
		{ "by force",
		    { "-v", "feed", "move", "a", "file:FOLDER/other.xml", "--force" },
		    EXIT_OK,
		    "Moved a to file://FOLDER/other.xml, in FOLDER/p.conf; its posts stay "
		    "known.\n",
		    NULL, NULL },
	};
	struct buf got = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	begin(&t);
	(void)cmd_file(&t, "new.xml", PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00")));
	(void)cmd_file(&t, "other.xml",
	    PLANET_FEED(PLANET_ITEM("Nine", "23", "09:00:00")));
	EXPECT_PLACED(&t, cases);
	MUST(file_read(t.conf, &got, err));
	assert_non_null(strstr(buf_text(&got),
	    placed(&t, "[feed a]\nurl = file://FOLDER/other.xml\nname = A's blog\n")));
	buf_clear(&got);
	cmd_end(&t);
}

static const struct cmd_case taken_away[] = {
	{ "asked, so that its page is known", { "fetch", "a" }, EXIT_OK, "", NULL, NULL },
	{ "OPML", { "export", "opml" }, EXIT_OK,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<opml version=\"2.0\">\n"
	    "<head><title>Planet X &amp; Co</title></head>\n"
	    "<body>\n"
	    "<outline text=\"Blogs\">\n"
	    "<outline type=\"rss\" text=\"Bee\" title=\"Bee\" xmlUrl=\"https://b.example/feed\"/>\n"
	    "</outline>\n"
	    "<outline text=\"Sea\">\n"
	    "<outline type=\"rss\" text=\"A&#39;s blog\" title=\"A&#39;s blog\" "
	    "xmlUrl=\"file://FOLDER/a.xml\" htmlUrl=\"https://a.example/\"/>\n"
	    "<outline type=\"rss\" text=\"Dee &quot;D&quot;\" title=\"Dee &quot;D&quot;\" "
	    "xmlUrl=\"https://d.example/feed\"/>\n"
	    "</outline>\n"
	    "</body>\n"
	    "</opml>\n",
	    NULL, NULL },
	{ "FOAF; a feed whose page is not known names none", { "export", "foaf" },
	    EXIT_OK,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n"
	    "\txmlns:rdfs=\"http://www.w3.org/2000/01/rdf-schema#\"\n"
	    "\txmlns:foaf=\"http://xmlns.com/foaf/0.1/\"\n"
	    "\txmlns:rss=\"http://purl.org/rss/1.0/\">\n"
	    "<foaf:Group>\n"
	    "<foaf:name>Planet X &amp; Co</foaf:name>\n"
	    "<foaf:homepage rdf:resource=\"https://planet.example/\"/>\n"
	    "<foaf:member><foaf:Agent>\n"
	    "<foaf:name>A&#39;s blog</foaf:name>\n"
	    "<foaf:weblog><foaf:Document rdf:about=\"https://a.example/\">"
	    "<rdfs:seeAlso>\n"
	    "<rss:channel rdf:about=\"file://FOLDER/a.xml\"/>\n"
	    "</rdfs:seeAlso></foaf:Document></foaf:weblog>\n"
	    "</foaf:Agent></foaf:member>\n"
	    "<foaf:member><foaf:Agent>\n"
	    "<foaf:name>Bee</foaf:name>\n"
	    "<foaf:weblog><foaf:Document><rdfs:seeAlso>\n"
	    "<rss:channel rdf:about=\"https://b.example/feed\"/>\n"
	    "</rdfs:seeAlso></foaf:Document></foaf:weblog>\n"
	    "</foaf:Agent></foaf:member>\n"
	    "<foaf:member><foaf:Agent>\n"
	    "<foaf:name>Dee &quot;D&quot;</foaf:name>\n"
	    "<foaf:weblog><foaf:Document><rdfs:seeAlso>\n"
	    "<rss:channel rdf:about=\"https://d.example/feed\"/>\n"
	    "</rdfs:seeAlso></foaf:Document></foaf:weblog>\n"
	    "</foaf:Agent></foaf:member>\n"
	    "</foaf:Group>\n"
	    "</rdf:RDF>\n",
	    NULL, NULL },
	{ "newsboat's", { "export", "urls" }, EXIT_OK,
	    "file://FOLDER/a.xml \"~A's blog\" \"Sea\"\n"
	    "https://b.example/feed \"~Bee\" \"Blogs\"\n"
	    "https://d.example/feed \"~Dee \\\"D\\\"\" \"Sea\"\n",
	    NULL, NULL },
};

static void
test_lists_that_are_taken_away(void **state)
{
	struct buf text = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	begin(&t);
	/* A password is nobody else's; a mailbox of this machine can be read by nobody else. */
	buf_addf(&text,
	    "%s[feed d]\nurl = https://ann:secret@d.example/feed\nname = Dee \"D\"\ngroup = Sea\n"
	    "[feed m]\nurl = maildir:/var/mail/x?list=garden.example\nname = Em\n",
	    settings);
	(void)cmd_file(&t, "p.conf", buf_text(&text));
	EXPECT_PLACED(&t, taken_away);
	buf_clear(&text);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_that_is_known_of_a_feed),
		cmocka_unit_test(test_all_that_a_feed_says),
		cmocka_unit_test(test_what_is_left_out_of_a_feed_is_told),
		cmocka_unit_test(test_what_is_laid_over_a_list),
		cmocka_unit_test(test_pauses_of_our_feeds_and_of_a_lists),
		cmocka_unit_test(test_a_list_without_lines_and_a_feed_that_is_gone),
		cmocka_unit_test(test_an_address_that_is_called_feed),
		cmocka_unit_test(test_edits_that_cannot_be),
		cmocka_unit_test(test_a_feed_moves),
		cmocka_unit_test(test_lists_that_are_taken_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
