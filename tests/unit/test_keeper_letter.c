/* SPDX-License-Identifier: ISC */
/* The letter that tells a keeper what became of the feeds, and the note to a blogger. */
#include "unit/planet_rows.h"

#include "cmd/keeper_letter.h"
#include "store/notes.h"

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

/* The letter that lies there alone is known for what it is. */
static void
expect_known(struct cmd_test *t)
{
	static const char want[] =
	    "This is a letter of this newsletter that is no issue: it tells its keeper how "
	    "things stand.\nThe bytes of such letters are not kept: whether any was changed "
	    "cannot be told.\nto        keeper@example.net\naccepted  2026-12-01T00:0";
	char out[300];
	char path[600] = "";
	DIR *d = opendir(in_folder(t->folder, "out", out));
	const struct cmd_case c = { "verified", { "verify", path }, EXIT_FAILED, NULL,
		want, NULL };

	assert_non_null(d);
	for (struct dirent *e = NULL; (e = readdir(d));)
		if (strstr(e->d_name, ".eml"))
			(void)snprintf(path, sizeof(path), "%s/%.200s", out, e->d_name);
	(void)closedir(d);
	cmd_expect(t, &c);
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
	expect_known(&t);
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

/* ---- the day of the letter ---- */

/* At six o'clock of Tuesday, 2026-11-24, UTC. */
static const struct {
	const char *letter, *owner;
	const char *past; /* when the last one was due, as it is noted; NULL: never */
	bool due;
} days[] = {
	{ "daily", "k@example.net", "2026-11-23T23:59:59Z", true },
	{ "daily", "k@example.net", "2026-11-24T00:00:00Z", false },
	{ "weekly Tuesday", "k@example.net", "2026-11-23T23:59:59Z", true },
	{ "weekly Tuesday", "k@example.net", "2026-11-24T00:00:00Z", false },
	{ "weekly Monday", "k@example.net", "2026-11-22T23:59:59Z", true },
	{ "weekly Monday", "k@example.net", "2026-11-23T00:00:00Z", false },
	{ "weekly Sunday", "k@example.net", "2026-11-21T23:59:59Z", true },
	{ "weekly Sunday", "k@example.net", "2026-11-22T00:00:00Z", false },
	{ "weekly Saturday", "k@example.net", "2026-11-20T23:59:59Z", true },
	{ "weekly Saturday", "k@example.net", "2026-11-21T00:00:00Z", false },
	{ "weekly Wednesday", "k@example.net", "2026-11-17T23:59:59Z", true },
	{ "weekly Wednesday", "k@example.net", "2026-11-18T00:00:00Z", false },
	{ "weekly Tuesday", "k@example.net", NULL, true },
	{ "never", "k@example.net", "2026-10-01T00:00:00Z", false },
	{ "never", "k@example.net", NULL, false },
	{ "daily", "", "2026-10-01T00:00:00Z", false },
	/* What is no note of ours is none. */
	{ "weekly Tuesday", "k@example.net", "2026-11-24", true },
	{ "weekly Tuesday", "k@example.net", "yesterday", true },
};

static void
test_the_day_of_the_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		const char *noted = NULL;
		const char *want = NULL;
		struct flow_test t;
		struct app app;

		flow_begin(&t);
		t.settings.config.health.letter = days[i].letter;
		t.settings.config.newsletter.owner = days[i].owner;
		memset(&app, 0, sizeof(app));
		app.run = t.run;
		/* A note of one line is none of ours. */
		if (days[i].past) {
			noted = arena_printf(t.run.arena, "%s%s", days[i].past,
			    strlen(days[i].past) == 20 ? "\n" : "");
			MUST(store_note_set(t.run.store, "keeper_letter", noted, err));
		}
		MUST(keeper_letter_tend(&app, err));
		want = days[i].due ? "2026-11-24T06:00:00Z\n" : noted;
		MUST(store_note_get(t.run.store, t.run.arena, "keeper_letter", &noted,
		    err));
		SAME_TEXT(days[i].letter, noted ? noted : "none", want ? want : "none");
		flow_end(&t);
	}
}

/* A note that cannot be written or read is an error, and no letter is queued. */
static void
test_a_letter_that_cannot_be_noted(void **state)
{
	struct err why = ERR_INIT;
	struct flow_test t;
	struct app app;

	(void)state;
	flow_begin(&t);
	t.settings.config.health.letter = "daily";
	t.settings.config.newsletter.owner = "k@example.net";
	memset(&app, 0, sizeof(app));
	app.run = t.run;
	flow_break_store(&t);
	assert_false(keeper_letter_tend(&app, &why));
	assert_true(err_is_set(&why));
	flow_mend_store(&t);
	flow_end(&t);
}

/* Nor is there one while a part of what it tells cannot be read. */
static void
test_a_letter_that_cannot_be_composed(void **state)
{
	static const char *const tables[] = { "note", "source", "source_override",
		"reader_event" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct err why = ERR_INIT;
		struct err printed = ERR_INIT;
		struct flow_test t;
		struct app app;

		flow_begin(&t);
		t.settings.config.health.letter = "daily";
		t.settings.config.newsletter.owner = "k@example.net";
		memset(&app, 0, sizeof(app));
		app.run = t.run;
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "ALTER TABLE %s RENAME TO gone", tables[i]),
		    err));
		if (keeper_letter_tend(&app, &why) || !strstr(why.text, tables[i]))
			fail_msg("%s: got %s", tables[i], why.text);
		if (keeper_letter_print(&app, &printed) ||
		    !strstr(printed.text, tables[i]))
			fail_msg("%s: got %s", tables[i], printed.text);
		flow_end(&t);
	}
}

/* ---- what stands in it ---- */

#define PAST \
	"INSERT INTO note (name, value) VALUES ('keeper_letter', '2026-11-20T00:00:00Z' || " \
	"char(10));"
/* Noon of the 22nd, and the second of the last letter. */
#define SINCE "1795348800"
#define THEN "1795132800"
#define CHANGE(key, value, reason, at) \
	PAST \
	    "INSERT INTO source_override (url, key, value, reason, at) SELECT url, '" key \
	    "', " value ", " reason ", " at " FROM source;"
#define WAS_FAILING PAST "UPDATE note SET value = value || 'a failing' || char(10);"
#define MOVED(reason, at) \
	PAST "INSERT INTO source_override (url, key, value, reason, at) SELECT " \
	     "'https://old.example/f', 'url', url, " reason ", " at " FROM source;"
#define READERS "\nReaders who joined: 2. Who left: 0.\n"
#define NOTHING "Nothing new of the feeds: there would be no letter.\n"

/* Of one feed, a; DIR is the test's folder. */
static const struct {
	const char *name, *sql, *out;
} contents[] = {
	{ "nothing", PAST, NOTHING },
	{ "moved", MOVED("'301'", SINCE),
	    SUBJECT
	    "Moved for good, and asked there from now on:\n\n- a: file://DIR/a.xml\n" READERS
		FOOT },
	{ "moved by a person", MOVED("NULL", SINCE), NOTHING },
	{ "moved as the last letter was due", MOVED("'301'", THEN), NOTHING },
	{ "a second later", MOVED("'301'", THEN " + 1"),
	    SUBJECT
	    "Moved for good, and asked there from now on:\n\n- a: file://DIR/a.xml\n" READERS
		FOOT },
	{ "gone", CHANGE("paused", "'yes'", "'410 Gone'", SINCE),
	    SUBJECT
	    "Gone, and paused:\n\n- a: 410 Gone (planetpost feed resume a)\n" READERS
		FOOT },
	{ "paused by a person", CHANGE("paused", "'yes'", "NULL", SINCE), NOTHING },
	{ "another word", CHANGE("group", "'Sea'", "'because'", SINCE), NOTHING },
	{ "of a feed that is no more",
	    PAST
	    "INSERT INTO source_override VALUES ('https://x.example/', 'paused', 'yes', "
	    "'410 Gone', " SINCE ")",
	    NOTHING },
	{ "quiet",
	    PAST "UPDATE source SET state = 6, state_since = " SINCE
		 ", last_entry = 1780000000",
	    SUBJECT "Without a new post for long:\n\n- a: 2026-05-28\n" READERS FOOT },
	{ "quiet, and nobody knows since when",
	    PAST "UPDATE source SET state = 6, state_since = " SINCE ", last_entry = 0",
	    SUBJECT "Without a new post for long:\n\n- a:\n" READERS FOOT },
	{ "quiet before the last letter",
	    PAST "UPDATE source SET state = 6, state_since = " THEN, NOTHING },
	{ "quiet a second later",
	    PAST "UPDATE source SET state = 6, state_since = " THEN
		 " + 1, last_entry = 1780000000",
	    SUBJECT "Without a new post for long:\n\n- a: 2026-05-28\n" READERS FOOT },
	{ "mended", WAS_FAILING,
	    SUBJECT "Mended by themselves:\n\n- a: A's blog\n" READERS FOOT },
	{ "mended, without a name of ours",
	    WAS_FAILING "UPDATE source SET name = NULL, title = 'The sea';",
	    SUBJECT "Mended by themselves:\n\n- a: The sea\n" READERS FOOT },
	{ "mended, without any", WAS_FAILING "UPDATE source SET name = NULL;",
	    SUBJECT "Mended by themselves:\n\n- a:\n" READERS FOOT },
	{ "failing again", WAS_FAILING "UPDATE source SET failures = 1;", NOTHING },
	{ "mended and paused", WAS_FAILING "UPDATE source SET paused = 1;", NOTHING },
	{ "quiet and paused",
	    CHANGE("paused", "'yes'", "NULL",
		SINCE) "UPDATE source SET state = 6, paused = 1,"
		       " state_since = " SINCE,
	    NOTHING },
};

static void
test_what_the_program_settled_stands_in_the_letter(void **state)
{
	static const struct cmd_case c = { "the letter", { "feed", "health", "--letter" },
		EXIT_OK, NULL, NULL, NULL };
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		rows_put(&d, "[health]\nletter = weekly Tuesday\n", contents[i].sql);
		cmd_expect(&d.t, &c);
		SAME_TEXT(contents[i].name, rows_told(&d), contents[i].out);
	}
	rows_end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_keeper_is_told_once_a_week),
		cmocka_unit_test(test_names_that_begin_alike),
		cmocka_unit_test(test_no_letter_where_none_is_wanted),
		cmocka_unit_test(test_the_day_of_the_letter),
		cmocka_unit_test(test_a_letter_that_cannot_be_noted),
		cmocka_unit_test(test_a_letter_that_cannot_be_composed),
		cmocka_unit_test(test_what_the_program_settled_stands_in_the_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
