/* SPDX-License-Identifier: ISC */
/* The letter that tells a keeper what became of the feeds, and the note to a blogger. */
#include "unit/planet_fixture.h"

/* `--now DAY`, and then the words. */
#define ON(day) "--now", "2026-" day "T06:00:00Z"

static const char settings[] = "[newsletter]\n"
			       "name = Planet X\n"
			       "link = https://planet.example/\n"
			       "from = planet@example.net\n"
			       "owner = keeper@example.net\n"
			       "timezone = UTC\n"
			       "[fetch]\nallow_files = yes\n"
			       "[digest]\nschedule = off\n"
			       "[transport]\nmethod = outbox\noutbox = out\n"
			       "[database]\nbackup_dir =\n"
			       "[health]\nletter = weekly Tuesday\n"
			       "[feed a]\nurl = file:a.xml\nname = A's blog\n"
			       "[feed b]\nurl = file:b.xml\nname = Bee\n"
			       "[feed bb]\nurl = file:bb.xml\n";

#define FOOT \
	"\nAll of them: planetpost feed health\nWhen this letter comes: health.letter\n"
#define SUBJECT "Subject: News of your feeds: Planet X\n\n"

static const char b_document[] =
    PLANET_FEED("<item><title>B</title><guid>urn:b</guid></item>");

static void
begin(struct cmd_test *t)
{
	cmd_begin(t, settings);
	(void)cmd_file(t, "a.xml", PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00")));
	(void)cmd_file(t, "b.xml", b_document);
	(void)cmd_file(t, "bb.xml",
	    PLANET_FEED("<item><title>BB</title><guid>urn:bb</guid></item>"));
}

static void
remove_feed(struct cmd_test *t, const char *file)
{
	char path[300];

	in_folder(t->folder, file, path);
	assert_int_equal(unlink(path), 0);
}

static size_t
letters(struct cmd_test *t)
{
	char path[300];
	DIR *d = NULL;
	size_t n = 0;

	in_folder(t->folder, "out", path);
	d = opendir(path);
	for (struct dirent *e = NULL; d && (e = readdir(d));)
		n += strstr(e->d_name, ".eml") != NULL;
	if (d)
		(void)closedir(d);
	return n;
}

/* A run of a planet without readers: exit code 4, its posts are kept. */
static void
run_on(struct cmd_test *t, const char *day)
{
	const char *const words[] = { "--now", day, "run", NULL };
	const int code = cmd_call(t, words);

	if (code != EXIT_HUMAN)
		fail_msg("%s: got exit code %d\n%s", day, code, buf_text(&t->err));
}

static const struct cmd_case failing[] = {
	{ "one", { ON("11-25"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
	{ "a day of failures is no letter", { ON("11-25"), "feed", "health", "--letter" },
	    EXIT_OK, NULL, "Nothing new of the feeds", NULL },
	{ "two", { ON("11-26"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
	{ "three", { ON("11-27"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
	{ "four", { ON("11-28"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
	{ "the letter so far", { ON("11-28"), "feed", "health", "--letter" }, EXIT_OK,
	    SUBJECT "These feeds need you:\n\n"
		    "- b: the file cannot be read (planetpost feed test b)\n" FOOT,
	    NULL, NULL },
	{ "for the blogger", { ON("11-28"), "feed", "health", "--letter", "b" }, EXIT_OK,
	    NULL,
	    /* Where the line is broken depends on how long the path is. */
	    "readers. Since 2026-11-24 we cannot read its feed any more:\n\n- address:",
	    NULL },
	{ "where nothing is wrong", { ON("11-28"), "feed", "health", "--letter", "bb" },
	    EXIT_FAILED, "", NULL, "planetpost: nothing is wrong with bb\n" },
	{ "a stranger", { ON("11-28"), "feed", "health", "--letter", "x" }, EXIT_FAILED,
	    "", NULL, "no feed is called 'x'" },
};

/* 2026-11-24 is a Tuesday. */
static void
test_a_keeper_is_told_once_a_week(void **state)
{
	static const struct cmd_case nothing = { "nothing to tell",
		{ ON("11-24"), "feed", "health", "--letter" }, EXIT_OK, NULL,
		"Nothing new of the feeds: there would be no letter.\n", NULL };
	static const struct cmd_case still = { "what was told is not told again",
		{ ON("12-02"), "feed", "health", "--letter" }, EXIT_OK, NULL,
		"Nothing new of the feeds", NULL };
	static const struct cmd_case mended[] = {
		{ "it answers again", { ON("12-03"), "fetch", "b" }, EXIT_OK, "", NULL,
		    NULL },
		{ "which is news", { ON("12-03"), "feed", "health", "--letter" }, EXIT_OK,
		    SUBJECT "Mended by themselves:\n\n- b: Bee\n" FOOT, NULL, NULL },
	};
	struct cmd_test t;

	(void)state;
	begin(&t);
	run_on(&t, "2026-11-24T06:00:00Z");
	assert_int_equal(letters(&t), 0);
	cmd_expect(&t, &nothing);
	remove_feed(&t, "b.xml");
	EXPECT_ALL(&t, failing);
	run_on(&t, "2026-11-30T23:59:59Z");
	assert_int_equal(letters(&t), 0);
	run_on(&t, "2026-12-01T00:00:00Z");
	assert_int_equal(letters(&t), 1);
	run_on(&t, "2026-12-01T09:00:00Z");
	assert_int_equal(letters(&t), 1);
	cmd_expect(&t, &still);
	(void)cmd_file(&t, "b.xml", b_document);
	EXPECT_ALL(&t, mended);
	run_on(&t, "2026-12-08T06:00:00Z");
	assert_int_equal(letters(&t), 2);
	run_on(&t, "2026-12-15T06:00:00Z");
	assert_int_equal(letters(&t), 2);
	cmd_end(&t);
}

/* A key that begins another one is not taken for it. */
static void
test_names_that_begin_alike(void **state)
{
	static const struct cmd_case cases[] = {
		{ "one", { ON("11-25"), "fetch", "bb" }, EXIT_PARTIAL, "", NULL, "" },
		{ "two", { ON("11-27"), "fetch", "bb" }, EXIT_PARTIAL, "", NULL, "" },
		{ "three", { ON("11-28"), "fetch", "bb" }, EXIT_PARTIAL, "", NULL, "" },
	};
	static const struct cmd_case later[] = {
		{ "one", { ON("12-02"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
		{ "two", { ON("12-04"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
		{ "three", { ON("12-05"), "fetch", "b" }, EXIT_PARTIAL, "", NULL, "" },
		{ "b is new in it, bb is not",
		    { ON("12-05"), "feed", "health", "--letter" }, EXIT_OK, NULL,
		    "These feeds need you:\n\n"
		    "- b: the file cannot be read (planetpost feed test b)\n\n"
		    "1 more that were told before still do.\n",
		    NULL },
	};
	struct cmd_test t;

	(void)state;
	begin(&t);
	run_on(&t, "2026-11-24T06:00:00Z");
	remove_feed(&t, "bb.xml");
	EXPECT_ALL(&t, cases);
	run_on(&t, "2026-12-01T06:00:00Z");
	assert_int_equal(letters(&t), 1);
	remove_feed(&t, "b.xml");
	EXPECT_ALL(&t, later);
	cmd_end(&t);
}

static void
test_no_letter_where_none_is_wanted(void **state)
{
	static const struct {
		const char *was, *is;
	} cases[] = {
		{ "letter = weekly Tuesday", "letter = never" },
		{ "owner = keeper@example.net", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = BUF_INIT(4096);
		const char *at = strstr(settings, cases[i].was);
		struct cmd_test t;

		assert_non_null(at);
		begin(&t);
		buf_add(&text, settings, (size_t)(at - settings));
		buf_adds(&text, cases[i].is);
		buf_adds(&text, at + strlen(cases[i].was));
		(void)cmd_file(&t, "p.conf", buf_text(&text));
		buf_clear(&text);
		run_on(&t, "2026-11-24T06:00:00Z");
		remove_feed(&t, "b.xml");
		run_on(&t, "2026-11-26T06:00:00Z");
		run_on(&t, "2026-11-28T06:00:00Z");
		run_on(&t, "2026-11-30T06:00:00Z");
		run_on(&t, "2026-12-01T06:00:00Z");
		assert_int_equal(letters(&t), 0);
		cmd_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_keeper_is_told_once_a_week),
		cmocka_unit_test(test_names_that_begin_alike),
		cmocka_unit_test(test_no_letter_where_none_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
