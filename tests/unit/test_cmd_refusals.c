/* SPDX-License-Identifier: ISC */
/* What commands refuse, and what they tell of files, pages and keys that are given to them. */
#include "unit/planet_fixture.h"

static const char page[] =
    "<html><head><title>P</title>"
    "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"https://x.example/f\">"
    "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"https://x.example/g\">"
    "</head><body>x</body></html>";

/* A path of the test's folder, kept until the test ends. */
static const char *
here(struct cmd_test *t, const char *name)
{
	static char rooms[8][400];
	static size_t at;
	char *room = rooms[at++ % 8];

	(void)snprintf(room, sizeof(rooms[0]), "%s/%s", t->folder, name);
	return room;
}

static void
previews_that_cannot_be(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);

	const char *folder = t.folder;
	const char *file = here(&t, "x.html");
	const struct cmd_case cases[] = {
		{ "days from the end to the beginning",
		    { "preview", "--since", "2026-11-22", "--until", "2026-11-21" },
		    EXIT_USAGE, "", NULL,
		    "--since 2026-11-22 is not before --until 2026-11-21" },
		{ "no day", { "preview", "--day", "2026-13-01" }, EXIT_USAGE, "", NULL,
		    "--day, --since and --until take 2026-11-24" },
		{ "two forms", { "preview", "--text", "--eml" }, EXIT_USAGE, "", NULL,
		    "--text and --eml do not go together" },
		{ "a directory", { "preview", "-o", folder }, EXIT_USAGE, "", NULL,
		    "that is a directory" },
		{ "nothing is written in a dry run",
		    { "-n", "-q", "preview", "-o", file }, EXIT_OK, "", NULL, NULL },
	};

	EXPECT_ALL(&t, cases);
	assert_false(file_exists(file));
	cmd_expect(&t,
	    &(struct cmd_case){ "written", { "-q", "preview", "-o", file }, EXIT_OK, "",
		NULL, NULL });
	assert_true(file_exists(file));
	cmd_end(&t);
}

static void
what_a_file_is_as_a_feed(void **state)
{
	char feed[500];
	char address[500];
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	(void)cmd_file(&t, "page.html", page);
	(void)snprintf(address, sizeof(address), "file:%s", here(&t, "page.html"));
	(void)snprintf(feed, sizeof(feed), "file:%s", here(&t, "a.xml"));

	const char *path = here(&t, "a.xml");
	const struct cmd_case cases[] = {
		{ "a file by its path", { "feed", "test", path }, EXIT_FAILED, "", NULL,
		    "is a file, and no feed of yours\n  hint: what a file says: planetpost "
		    "parse " },
		{ "a page that names feeds", { "feed", "test", address }, EXIT_FAILED,
		    NULL,
		    "feed      no: a web page, not a feed\n"
		    "names     2 feeds\n"
		    "          1  https://x.example/f\n"
		    "          2  https://x.example/g\n"
		    "hint      planetpost feed add https://x.example/f\n",
		    "" },
		{ "the same for programs", { "--json", "feed", "test", address },
		    EXIT_FAILED, NULL,
		    "\"feed\":\"no: a web page, not a feed\","
		    "\"names\":[\"https://x.example/f\",\"https://x.example/g\"]}",
		    "" },
		{ "a feed", { "feed", "test", feed }, EXIT_OK, NULL,
		    "next time sent whole again, changed or not (no ETag, no "
		    "Last-Modified)\n"
		    "feed      rss20, UTF-8\n"
		    "title     A\n"
		    "page      https://a.example/\n"
		    "entries   2\n"
		    "newest    2026-11-23T11:00:00Z\n"
		    "posts     2026-11-23T11:00:00Z  Two\n"
		    "          2026-11-23T10:00:00Z  One\n"
		    "known     0 of them, 2 unseen\n",
		    NULL },
	};

	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

static void
lists_of_feeds_are_written(void **state)
{
	char wrote[500];
	char would[500];
	struct cmd_test t;

	(void)state;
	planet_begin(&t);

	const char *file = here(&t, "a.opml");
	const char *other = here(&t, "b.opml");
	const struct cmd_case cases[] = {
		{ "on standard output, and no word beside it", { "-v", "export", "urls" },
		    EXIT_OK, NULL, "/a.xml", NULL },
		{ "OPML", { "-v", "export", "opml" }, EXIT_OK, NULL,
		    "<head><title>Planet X</title></head>", NULL },
		{ "to a file", { "-v", "export", "opml", "-o", file }, EXIT_OK, wrote,
		    NULL, NULL },
		{ "in a dry run", { "-v", "-n", "export", "opml", "-o", other }, EXIT_OK,
		    would, NULL, NULL },
	};

	(void)snprintf(wrote, sizeof(wrote), "Wrote 1 feed to %s.\n", file);
	(void)snprintf(would, sizeof(would), "Dry run: would write 1 feed to %s.\n",
	    other);
	EXPECT_ALL(&t, cases);
	assert_true(file_exists(file));
	assert_false(file_exists(other));
	cmd_end(&t);
}

static void
issues_and_letters_that_are_none(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);

	const char *file = here(&t, "a.mbox");
	const char *other = here(&t, "b.mbox");
	const char *letter = cmd_file(&t, "x.eml", "Subject: x\n\nwords\n");
	const struct cmd_case cases[] = {
		{ "a run without readers", { "-q", "run" }, EXIT_HUMAN, "", NULL, "" },
		{ "an archive is written to a file", { "export", "mbox", "-o", file },
		    EXIT_OK, "", NULL, NULL },
		{ "what would be written", { "-v", "-n", "export", "mbox", "-o", other },
		    EXIT_OK, NULL, "Dry run: would write ", NULL },
		{ "the archive in a dry run", { "-n", "export", "mbox" }, EXIT_OK, "",
		    NULL, NULL },
		{ "no issue", { "issue", "show", "x" }, EXIT_FAILED, "", NULL,
		    "no issue is called 'x'" },
		{ "no letter of ours", { "verify", letter }, EXIT_FAILED, NULL,
		    "This is no letter of this newsletter", "" },
		{ "which issue", { "issue", "test" }, EXIT_USAGE, "", NULL,
		    "an argument is missing" },
	};

	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

/* Made with: openssl genpkey -algorithm ed25519 */
static const char key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIKaCz+m+c7KCvVD0VrCORqS/mO0gTMEzg+R6f8qhH/cW\n"
    "-----END PRIVATE KEY-----\n";

static void
keys_that_are_there_are_kept(void **state)
{
	struct buf now = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	(void)cmd_file(&t, "k.pem", key);

	const char *kept = here(&t, "k.pem");
	const char *none = here(&t, "none.pem");
	const char *bad = cmd_file(&t, "bad.pem", "no key\n");
	const struct cmd_case cases[] = {
		{ "one that is there", { "dkim", "key", kept }, EXIT_OK,
		    "s2026._domainkey.example.net\tTXT\tv=DKIM1; k=ed25519; "
		    "p=yCPImCfv8YcwF3WTz6ctfku5KWA40AZgCygWppzGl9U=\n",
		    NULL, NULL },
		{ "of another name", { "dkim", "key", "--selector", "mine", kept },
		    EXIT_OK,
		    "mine._domainkey.example.net\tTXT\tv=DKIM1; k=ed25519; "
		    "p=yCPImCfv8YcwF3WTz6ctfku5KWA40AZgCygWppzGl9U=\n",
		    NULL, NULL },
		{ "none in a dry run", { "-n", "dkim", "key", none }, EXIT_OK, NULL,
		    "s2026._domainkey.example.net\tTXT\tv=DKIM1; k=rsa; p=MII", NULL },
		{ "what is no key", { "dkim", "key", bad }, EXIT_CONFIG, "", NULL,
		    "bad.pem" },
	};

	EXPECT_ALL(&t, cases);
	assert_false(file_exists(none));
	MUST(file_read(kept, &now, err));
	SAME_TEXT("the key", buf_text(&now), key);
	buf_clear(&now);
	cmd_end(&t);
}

/* Words that name nothing, or not what is wanted there. */
static void
words_that_cannot_be_meant(void **state)
{
	char missing[500];
	char would[500];
	struct cmd_test t;

	(void)state;
	planet_begin(&t);

	const char *feed = here(&t, "a.xml");
	const char *none = here(&t, "none.conf");
	const char *demo = here(&t, "demo");
	const struct cmd_case cases[] = {
		{ "a variable of a script that is not set", { "feed", "show", "" },
		    EXIT_USAGE, "", NULL,
		    "planetpost: show: an argument is empty\n"
		    "  hint: usage: planetpost feed show FEED...\n" },
		{ "the second of two", { "feed", "show", "a", "" }, EXIT_USAGE, "", NULL,
		    "planetpost: show: an argument is empty\n" },
		{ "a file for a directory", { "-d", feed, "status" }, EXIT_USAGE, "",
		    NULL,
		    "/a.xml: that is a file, and a directory is wanted\n"
		    "  hint: a configuration is named by --config\n" },
		{ "a configuration that is not there", { "-c", none, "status" },
		    EXIT_CONFIG, "", NULL, missing },
		{ "another word for it", { "subscribers", "list" }, EXIT_USAGE, "", NULL,
		    "planetpost: unknown command 'subscribers'\n"
		    "  hint: did you mean 'planetpost sub'?\n" },
		{ "the last of those words", { "settings" }, EXIT_USAGE, "", NULL,
		    "  hint: did you mean 'planetpost config'?\n" },
		{ "a word of another command", { "sub", "subscribers" }, EXIT_USAGE, "",
		    NULL,
		    "planetpost: sub has no command 'subscribers'\n"
		    "  hint: planetpost help sub\n" },
	};

	(void)snprintf(would, sizeof(would), "Dry run: would write %s.\n", demo);
	cmd_expect(&t,
	    &(struct cmd_case){ "a dry run", { "-n", "demo", demo }, EXIT_OK, would, NULL,
		NULL });
	assert_false(file_exists(demo));
	(void)snprintf(missing, sizeof(missing),
	    "\n  hint: planetpost -c %s init writes one\n", none);
	EXPECT_ALL(&t, cases);
	(void)cmd_file(&t, "p.conf", "[newsletter]\nname = X\n");
	cmd_expect(&t,
	    &(struct cmd_case){ "a file that is to be a feed", { "feed", "add", feed },
		EXIT_USAGE, "", NULL, "/a.xml, with allow_files = yes in [fetch]\n" });
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(previews_that_cannot_be),
		cmocka_unit_test(what_a_file_is_as_a_feed),
		cmocka_unit_test(lists_of_feeds_are_written),
		cmocka_unit_test(issues_and_letters_that_are_none),
		cmocka_unit_test(keys_that_are_there_are_kept),
		cmocka_unit_test(words_that_cannot_be_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
