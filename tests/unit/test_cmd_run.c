/* SPDX-License-Identifier: ISC */
/*
 * run: what it says where no feed is asked and nobody would read, who is shown a draft, and what
 * became of mail that it read.
 */
#include "unit/planet_rows.h"

#define HEAD \
	"[newsletter]\nname = Planet X\nfrom = planet@example.net\n" \
	"[fetch]\nallow_files = yes\n[digest]\nschedule = off\n" \
	"[transport]\nmethod = outbox\noutbox = out\n"
#define PAUSED(key) "[feed " key "]\nurl = file:" key ".xml\npaused = yes\n"

static const struct {
	const char *name, *settings, *out;
} unasked[] = {
	{ "none", HEAD,
	    "No feeds are configured.\n  hint: planetpost feed add URL, or feeds_from = your "
	    "planet's config.ini\nNothing new: no issue.\n" },
	{ "one", HEAD PAUSED("a"),
	    "\nNo feed is asked: the only one is paused.\nNothing new: no issue.\n" },
	{ "two", HEAD PAUSED("a") PAUSED("b"),
	    "\nNo feed is asked: all are paused.\nNothing new: no issue.\n" },
};

static void
where_no_feed_is_asked_it_is_said_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unasked); i++) {
		const struct cmd_case run = { unasked[i].name, { "-v", "run" }, EXIT_OK,
			NULL, unasked[i].out, "" };
		const struct cmd_case quiet = { unasked[i].name, { "run" }, EXIT_OK, "",
			NULL, NULL };
		/* Nothing failed. */
		const struct cmd_case strict = { unasked[i].name, { "run", "--strict" },
			EXIT_OK, "", NULL, NULL };
		struct cmd_test t;

		cmd_begin(&t, unasked[i].settings);
		cmd_expect(&t, &run);
		cmd_expect(&t, &quiet);
		cmd_expect(&t, &strict);
		cmd_end(&t);
	}
}

/* ---- nobody ---- */

#define KEPT "\n  its posts are kept until somebody reads\n  hint: planetpost sub "
#define NOBODY "planetpost: nobody would get this issue: "

static const struct {
	const char *name, *sql; /* of ann and bo: 0 pending, 2 hold, 4 left */
	const char *err;
} nobody[] = {
	{ "both on hold", "UPDATE reader SET state = 2",
	    NOBODY "2 readers, all on hold" KEPT
		   "list --state hold     planetpost sub hold ADDRESS --resume\n" },
	{ "one on hold, one asked", "UPDATE reader SET state = 2 * (id - 1)",
	    NOBODY "1 reader, all on hold; 1 has not confirmed" KEPT
		   "list --state hold     planetpost sub hold ADDRESS --resume\n" },
	{ "both asked", "UPDATE reader SET state = 0",
	    NOBODY "2 have not confirmed" KEPT
		   "add ADDRESS --confirmed-by TEXT     planetpost run --to ADDRESS\n" },
	{ "one asked", "UPDATE reader SET state = 4 * (id - 1)",
	    NOBODY "1 has not confirmed" KEPT
		   "add ADDRESS --confirmed-by TEXT     planetpost run --to ADDRESS\n" },
	{ "both left", "UPDATE reader SET state = 4",
	    NOBODY "there is no reader" KEPT
		   "add ADDRESS --confirmed-by TEXT     planetpost run --to ADDRESS\n" },
};

static void
who_would_not_read_is_counted(void **state)
{
	static const struct cmd_case run = { "run", { "run" }, EXIT_HUMAN, "", NULL, "" };
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	for (size_t i = 0; i < ARRAY_LEN(nobody); i++) {
		rows_put(&d, "[database]\nbackup_dir =\n", nobody[i].sql);
		cmd_expect(&d.t, &run);
		SAME_TEXT(nobody[i].name, buf_text(&d.t.err), nobody[i].err);
	}
	rows_end(&d);
}

/* NOW is a Tuesday: who reads on Fridays is nobody today, and who reads each issue is somebody. */
static void
an_issue_that_nobody_gets_today_says_so(void **state)
{
	static const struct cmd_case readers[] = {
		{ "of Fridays",
		    { "sub", "add", "ann@example.org", "--rhythm", "weekly", "--day",
			"friday", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "of each", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const struct cmd_case built = { readers[i].name, { "-v", "run" }, EXIT_OK,
			NULL, "Built   issue 2026-11-24 \"Two, One\": ", "" };
		struct cmd_test t;

		planet_begin_with(&t, "");
		cmd_expect(&t, &readers[i]);
		cmd_expect(&t, &built);
		SAME_INT(readers[i].name,
		    strstr(buf_text(&t.out),
			"Issue 2026-11-24: nobody to send it to\n") != NULL,
		    i == 0);
		cmd_expect(&t,
		    &(struct cmd_case){ "again", { "-v", "run" }, EXIT_OK, NULL, NULL,
			"" });
		SAME_INT(readers[i].name,
		    strstr(buf_text(&t.out), "nobody to send it to") != NULL, false);
		cmd_end(&t);
	}
}

/* Of letters to fifty-one new readers, who may be a wrong import, a person is asked. */
static void
a_sudden_crowd_waits_for_a_person(void **state)
{
	static const struct cmd_case begun[] = {
		{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "an issue", { "run" }, EXIT_OK, "", NULL, NULL },
	};
	static const struct cmd_case crowd[] = {
		{ "fifty-one more", { "sub", "import", "-", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "the next", { "run" }, EXIT_HUMAN, "", NULL,
		    "the audience grew from 1 to 52 since the last issue (more than 25 %)" },
	};
	struct buf list = BUF_INIT(4000);
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, "");
	EXPECT_ALL(&t, begun);
	buf_adds(&list, "email\n");
	for (int i = 0; i < 51; i++)
		buf_addf(&list, "r%d@x.example\n", i);
	planet_put_input(&t, buf_text(&list));
	buf_clear(&list);
	planet_goes_on(&t);
	t.now += 7200;
	EXPECT_ALL(&t, crowd);
	cmd_end(&t);
}

/* ---- editors ---- */

static size_t
letters_of(struct cmd_test *t, const char *words)
{
	char path[300];
	DIR *d = opendir(in_folder(t->folder, "out", path));
	size_t n = 0;

	for (struct dirent *e = NULL; d && (e = readdir(d));) {
		struct buf b = BUF_INIT(SAID_MAX);
		char file[600];

		if (!strstr(e->d_name, ".eml"))
			continue;
		(void)snprintf(file, sizeof(file), "%s/%.200s", path, e->d_name);
		MUST(file_read(file, &b, err));
		n += strstr(buf_text(&b), words) != NULL;
		buf_clear(&b);
	}
	if (d)
		(void)closedir(d);
	return n;
}

static void
editors_see_a_draft_once(void **state)
{
	static const struct cmd_case begun[] = {
		{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "a draft", { "run" }, EXIT_HUMAN, "", NULL, NULL },
	};
	static const struct cmd_case grows = { "it grows", { "-v", "run" }, EXIT_HUMAN,
		NULL, "Built   issue 2026-11-24: 3 entries, 1 source, ", "" };
	static const struct cmd_case sent = { "approved",
		{ "issue", "send", "next", "--confirm", "1" }, EXIT_OK, "", NULL, NULL };
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t,
	    "[approval]\nmode = manual\neditors = ed@example.org, di@example.org\n");
	EXPECT_ALL(&t, begun);
	SAME_INT("to both", letters_of(&t, "[TEST]"), 2);
	SAME_INT("to one", letters_of(&t, "To: ed@example.org\r\n"), 1);
	SAME_INT("to the other", letters_of(&t, "To: di@example.org\r\n"), 1);
	planet_goes_on(&t);
	t.now += 7200;
	cmd_expect(&t, &grows);
	SAME_INT("once", letters_of(&t, "[TEST]"), 2);
	cmd_expect(&t, &sent);
	SAME_INT("once", letters_of(&t, "[TEST]"), 2);
	SAME_INT("readers", letters_of(&t, "To: ann@example.org\r\n"), 1);
	cmd_end(&t);
}

/* Without a person who approves there is nothing to be shown. */
static void
editors_see_no_issue_that_goes_by_itself(void **state)
{
	static const struct cmd_case cases[] = {
		{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "sent", { "run" }, EXIT_OK, "", NULL, NULL },
	};
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, "[approval]\neditors = ed@example.org\n");
	EXPECT_ALL(&t, cases);
	SAME_INT("test letters", letters_of(&t, "[TEST]"), 0);
	SAME_INT("letters", letters_of(&t, "Date: "), 1);
	cmd_end(&t);
}

/* Where neither editors nor an owner are named, a test letter must say to whom. */
static void
a_test_letter_goes_to_somebody(void **state)
{
	static const struct cmd_case cases[] = {
		{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "a draft", { "run" }, EXIT_HUMAN, "", NULL, NULL },
		{ "nobody", { "issue", "test", "next" }, EXIT_USAGE, "", NULL,
		    "planetpost: to whom? approval.editors and newsletter.owner, who get "
		    "test letters otherwise, are not set\n"
		    "  hint: planetpost issue test next you@example.org\n" },
		{ "two, one of them twice",
		    { "issue", "test", "next", "ed@example.org", "di@example.org",
			"ED@example.org" },
		    EXIT_OK, NULL, NULL, NULL },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	(void)cmd_file(&t, "p.conf",
	    HEAD "[approval]\nmode = manual\n[feed a]\nurl = file:a.xml\n");
	EXPECT_ALL(&t, cases);
	SAME_INT("letters", letters_of(&t, "[TEST]"), 2);
	SAME_INT("to one", letters_of(&t, "To: ed@example.org\r\n"), 1);
	SAME_INT("to the other", letters_of(&t, "To: di@example.org\r\n"), 1);
	cmd_end(&t);
}

/* ---- mail ---- */

static void
put_mail(struct cmd_test *t, const char *name, const char *text)
{
	char path[400];

	for (const char *const *dir =
		 (const char *const[]){ "box", "box/new", "box/cur", "box/tmp", NULL };
	     *dir; dir++) {
		(void)snprintf(path, sizeof(path), "%s/%s", t->folder, *dir);
		(void)mkdir(path, 0700);
	}
	(void)snprintf(path, sizeof(path), "%s/box/new/%s", t->folder, name);
	MUST(file_write(path, text, strlen(text), 0600, err));
}

static void
a_run_reads_mail_first(void **state)
{
	static const struct cmd_case none = { "no mailbox yet", { "run" }, EXIT_OK, "",
		NULL, "warn mail: " };
	static const struct cmd_case once = { "told once a day", { "run" }, EXIT_OK, "",
		NULL, NULL };
	static const struct cmd_case known = { "but whoever asks is told",
		{ "-v", "run" }, EXIT_OK, NULL, NULL, "info mail: " };
	static const struct cmd_case fetched = { "nothing is read by a fetch",
		{ "-v", "run", "--fetch-only" }, EXIT_OK, NULL, NULL, NULL };
	static const struct cmd_case read = { "read", { "-v", "run" }, EXIT_OK, NULL,
		NULL,
		"info mail: 2 messages read: 0 moved a reader, 0 came back, 1 answered, 1 "
		"not understood\n" };
	static const struct cmd_case again = { "all was read", { "-v", "run" }, EXIT_OK,
		NULL, NULL, NULL };
	char more[600];
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	(void)snprintf(more, sizeof(more),
	    HEAD
	    "[list]\ncommand_address = planet@example.net\n[database]\nbackup_dir =\n"
	    "[bounce]\nsource = maildir:%s/box\n",
	    t.folder);
	(void)cmd_file(&t, "p.conf", more);
	cmd_expect(&t, &none);
	cmd_expect(&t, &once);
	cmd_expect(&t, &known);
	put_mail(&t, "1.a",
	    MESSAGE("planet+subscribe@example.net", "bo@x.example", "hello", "hello"));
	put_mail(&t, "2.b",
	    MESSAGE("planet@example.net", "cy@x.example", "how are you", "well?"));
	cmd_expect(&t, &fetched);
	cmd_expect(&t, &read);
	SAME_INT("the answer", letters_of(&t, "To: bo@x.example\r\n"), 1);
	cmd_expect(&t, &again);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_no_feed_is_asked_it_is_said_why),
		cmocka_unit_test(who_would_not_read_is_counted),
		cmocka_unit_test(an_issue_that_nobody_gets_today_says_so),
		cmocka_unit_test(a_sudden_crowd_waits_for_a_person),
		cmocka_unit_test(editors_see_a_draft_once),
		cmocka_unit_test(editors_see_no_issue_that_goes_by_itself),
		cmocka_unit_test(a_test_letter_goes_to_somebody),
		cmocka_unit_test(a_run_reads_mail_first),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
