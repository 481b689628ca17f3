/* SPDX-License-Identifier: ISC */
/* A keeper's days: run, look, send, verify, take the archive along; from the words to the files. */
#include "unit/planet_fixture.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

#define SUBJECT "Two, One"
#define ASKED "--confirmed-by", "asked me"

static const struct cmd_case before_the_first[] = {
	{ "no database", { "status" }, EXIT_FAILED, "", NULL,
	    "there is no database at " },
	{ "two readers", { "sub", "add", "ann@example.org", "bo@example.org", ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "a feed that was not asked yet", { "feed", "list", "--state", "new" }, EXIT_OK,
	    NULL, "a\tnew\t\tA's blog\tfile:", NULL },
	{ "nothing happened yet", { "status" }, EXIT_OK,
	    "Planet X \xc2\xb7 1 feed \xc2\xb7 2 readers\nlast   no issue was sent yet\n"
	    "next   at the next run: 0 posts wait\n",
	    NULL, NULL },
	{ "no issues", { "issue", "list" }, EXIT_OK, "", NULL, NULL },
	{ "no issue to send", { "issue", "send", "last" }, EXIT_FAILED, "", NULL,
	    "there is none yet: planetpost run makes the first" },
	{ "an archive of nothing", { "export", "mbox" }, EXIT_OK, "", NULL, NULL },
};

static const struct cmd_case first_run[] = {
	{ "a dry run builds it and sends nothing", { "-vn", "run" }, EXIT_OK, NULL,
	    "Built   issue 2026-11-24 \"" SUBJECT "\": 2 entries, 1 source, ",
	    "debug digest: issue 2026-11-24: 2 entries" },
	{ "and nothing is there afterwards", { "issue", "list" }, EXIT_OK, "", NULL,
	    NULL },
	{ "both get it", { "-v", "run" }, EXIT_OK, NULL, ": 2 accepted by files in ",
	    "debug digest: issue 2026-11-24: 2 entries" },
	{ "it is in the list", { "issue", "list", "--json=issue,state,entries,subject" },
	    EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"issue\":\"2026-11-24\",\"state\":\"sent\","
	    "\"entries\":2,\"subject\":\"" SUBJECT "\"}]}\n",
	    NULL, NULL },
	/* Its letters were settled now, or a little later. */
	{ "since when", { "issue", "list", "--json=sent" }, EXIT_OK, NULL,
	    "[{\"sent\":\"2026-11-24T06:0", NULL },
	{ "nothing is due, and nobody is told", { "run" }, EXIT_OK, "", NULL, NULL },
	{ "but who asks is", { "-v", "run" }, EXIT_OK,
	    "The feed is not due yet (fetch.every).\nNothing new: no issue.\n", NULL,
	    NULL },
	{ "status", { "status" }, EXIT_OK,
	    "Planet X \xc2\xb7 1 feed \xc2\xb7 2 readers\n"
	    "last   2026-11-24: 2 posts, 2 accepted, 0 to retry, 0 refused\n"
	    "next   at the next run: 0 posts wait\n",
	    NULL, NULL },
	{ "status for programs", { "status", "--json" }, EXIT_OK,
	    "{\n  \"schema\": 1,\n  \"newsletter\": \"Planet X\",\n  \"feeds\": 1,\n"
	    "  \"feeds_paused\": 0,\n  \"feeds_failing\": 0,\n  \"feeds_held\": 0,\n"
	    "  \"readers\": 2,\n"
	    "  \"readers_on_hold\": 0,\n  \"readers_pending\": 0,\n  \"entries\": 2,\n"
	    "  \"entries_waiting\": 0,\n  \"last_run\": \"2026-11-24T06:00:00Z\",\n"
	    "  \"last_issue\": \"2026-11-24\",\n  \"last_accepted\": 2,\n"
	    "  \"last_deferred\": 0,\n  \"last_refused\": 0,\n  \"last_unknown\": 0,\n"
	    "  \"stuck\": 0,\n  \"answers_waiting\": 0,\n  \"mail_done\": 0,\n  \"mail_answered\": 0,\n"
	    "  \"mail_bounced\": 0,\n  \"mail_not_understood\": 0,\n"
	    "  \"needs_you\": 0\n}\n",
	    NULL, NULL },
	{ "its posts", { "issue", "show", "last", "--json" }, EXIT_OK,
	    "{\"schema\":1,\"entries\":["
	    "{\"day\":\"2026-11-23\",\"source\":\"A's blog\",\"title\":\"Two\",\"words\":3,"
	    "\"link\":\"https://a.example/Two\"},"
	    "{\"day\":\"2026-11-23\",\"source\":\"A's blog\",\"title\":\"One\",\"words\":3,"
	    "\"link\":\"https://a.example/One\"}]}\n",
	    NULL, NULL },
	{ "what became of its letters", { "issue", "show", "2026-11-24" }, EXIT_OK, NULL,
	    "subject  " SUBJECT "\nletters  2 accepted\n\n"
	    "2026-11-23\tA's blog\tTwo\t3\n2026-11-23\tA's blog\tOne\t3\n",
	    NULL },
	{ "no such issue", { "issue", "show", "2026-11-25" }, EXIT_FAILED, "", NULL,
	    "planetpost: no issue is called '2026-11-25'\n"
	    "  hint: the newest is 2026-11-24   (all: planetpost issue list)\n" },
	{ "sent is sent", { "issue", "send", "last" }, EXIT_FAILED, "", NULL,
	    "issue 2026-11-24 was sent already" },
	{ "one without the other", { "issue", "show", "last", "--eml" }, EXIT_USAGE, "",
	    NULL, "--as ADDR and --eml go together" },
	{ "nor the other", { "issue", "show", "last", "--as", "ann@example.org" },
	    EXIT_USAGE, "", NULL, "--as ADDR and --eml go together" },
	{ "a stranger's letter",
	    { "issue", "show", "last", "--eml", "--as", "x@example.org" }, EXIT_FAILED,
	    "", NULL, "nobody on the list has the address x@example.org" },
	{ "what is no address", { "issue", "show", "last", "--eml", "--as", "x@" },
	    EXIT_USAGE, "", NULL, "--as x@: " },
	{ "nothing new to look at", { "-v", "preview" }, EXIT_OK,
	    "Nothing new: the next issue would be empty.\n", NULL, NULL },
};

static void
read_letter(struct cmd_test *t, const char *name, struct buf *out)
{
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/out/%s", t->folder, name);
	buf_reset(out);
	MUST(file_read(path, out, err));
}

/* verify NAME of the outbox: what is told. */
static void
verify_it(struct cmd_test *t, const char *name, const char *path, int code,
    const char *out)
{
	const struct cmd_case c = { name, { "verify", path }, code, NULL, out, NULL };

	cmd_expect(t, &c);
}

static void
letters_can_be_made_again(struct cmd_test *t)
{
	static const struct cmd_case again = { "the very bytes",
		{ "issue", "show", "last", "--as", "ann@example.org", "--eml" }, EXIT_OK,
		NULL, NULL, NULL };
	struct buf sent = BUF_INIT(SAID_MAX);
	char path[400];

	read_letter(t, "2026-11-24-1.eml", &sent);
	cmd_expect(t, &again);
	SAME_TEXT("the letter", buf_text(&t->out), buf_text(&sent));
	(void)snprintf(path, sizeof(path), "%s/out/2026-11-24-1.eml", t->folder);
	verify_it(t, "as sent", path, EXIT_OK,
	    "These are the bytes that were sent.\nissue     2026-11-24\n"
	    "reader    ann@example.org\naccepted  2026-11-24T06:0");
	*strstr(sent.data, "Words of Two") = 'S';
	verify_it(t, "changed", cmd_file(t, "other.eml", buf_text(&sent)), EXIT_FAILED,
	    "This is not what was sent.\nIt first differs in line ");
	if (!strstr(buf_text(&t->out),
		"  sent:  Words of Two.\n  here:  Sords of Two.\n"))
		fail_msg("got %s", buf_text(&t->out));
	verify_it(t, "not ours", cmd_file(t, "other.eml", "Subject: hello\n\nhello\n"),
	    EXIT_FAILED, "This is no letter of this newsletter");
	buf_clear(&sent);
}

static void
test_the_first_issue(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before_the_first);
	EXPECT_ALL(&t, first_run);
	letters_can_be_made_again(&t);
	cmd_end(&t);
}

static const struct cmd_case manual[] = {
	{ "built, and a person is asked", { "-v", "run" }, EXIT_HUMAN, NULL,
	    "Held    issue 2026-11-24 waits for you (approval = manual)\n",
	    "debug digest: " },
	{ "status says so", { "status" }, EXIT_OK, NULL,
	    "needs you  issue 2026-11-24 waits for approval: planetpost issue send "
	    "2026-11-24\n",
	    NULL },
	{ "and tells programs", { "status", "--json" }, EXIT_OK, NULL,
	    "\"draft\": \"2026-11-24\"", NULL },
	{ "a test goes to the keeper", { "-v", "issue", "test", "2026-11-24" }, EXIT_OK,
	    "Test of issue 2026-11-24: 1 sent, 0 refused, 0 waiting.\n", NULL, NULL },
	{ "or to those who are named",
	    { "-v", "issue", "test", "2026-11-24", "x@example.org",
		"Bo <bo@example.org>" },
	    EXIT_OK, "Test of issue 2026-11-24: 2 sent, 0 refused, 0 waiting.\n", NULL,
	    NULL },
	{ "not in a dry run", { "-vn", "issue", "test", "2026-11-24" }, EXIT_OK,
	    "Dry run: nothing was sent.\n", NULL, NULL },
	{ "to no address", { "issue", "test", "2026-11-24", "x@" }, EXIT_USAGE, "", NULL,
	    "planetpost: x@: " },
	{ "nobody can be asked", { "issue", "send", "2026-11-24" }, EXIT_USAGE, "", NULL,
	    "Issue 2026-11-24 goes to 2 readers.\n"
	    "planetpost: cannot ask \"Type the number of readers to go on:\": no terminal, "
	    "or --no-input\n  hint: planetpost issue send 2026-11-24 --confirm 2\n" },
	{ "the wrong number", { "issue", "send", "2026-11-24", "--confirm", "3" },
	    EXIT_HUMAN, "", NULL,
	    "'3' is not the number of readers: nothing was sent\n"
	    "  hint: planetpost issue send 2026-11-24 --confirm 2\n" },
	{ "no number of letters", { "issue", "send", "2026-11-24", "--limit", "0" },
	    EXIT_USAGE, "", NULL, "--limit takes a number of readers, not '0'" },
	{ "nor this", { "issue", "send", "2026-11-24", "--limit", "x" }, EXIT_USAGE, "",
	    NULL, "--limit takes a number of readers, not 'x'" },
	{ "both cannot be meant",
	    { "issue", "send", "2026-11-24", "--resend-unknown", "--forget-unknown" },
	    EXIT_USAGE, "", NULL, "contradict each other" },
	{ "no way of restoring", { "issue", "send", "2026-11-24", "--restored", "x" },
	    EXIT_USAGE, "", NULL, "--restored" },
	{ "a dry run", { "-vn", "issue", "send", "2026-11-24", "--confirm", "2" },
	    EXIT_OK, "Dry run: nothing was sent.\n", NULL, NULL },
	{ "nothing has moved", { "issue", "list", "--json=state" }, EXIT_OK, NULL,
	    "[{\"state\":\"draft\"}]", NULL },
	{ "the first of two",
	    { "-v", "issue", "send", "2026-11-24", "--confirm", "2", "--limit", "1" },
	    EXIT_OK, NULL, "Submitted issue 2026-11-24: 1 accepted by ", NULL },
	{ "it is under way", { "status" }, EXIT_OK, NULL,
	    "last   2026-11-24: 2 posts, 1 accepted, 1 to retry, 0 refused\n", NULL },
	{ "the rest, without a question", { "-v", "issue", "send", "2026-11-24" },
	    EXIT_OK, NULL, "Submitted issue 2026-11-24: 1 accepted by ", NULL },
	{ "all have it", { "issue", "show", "2026-11-24" }, EXIT_OK, NULL,
	    "letters  2 accepted\n", NULL },
	{ "nobody was refused",
	    { "-v", "issue", "send", "2026-11-24", "--retry-refused" }, EXIT_OK, NULL,
	    "0 letters of issue 2026-11-24 are tried again.\n", NULL },
};

static void
test_an_issue_that_a_person_approves(void **state)
{
	static const struct cmd_case readers = { "two readers",
		{ "sub", "add", "ann@example.org", "bo@example.org", ASKED }, EXIT_OK, "",
		NULL, NULL };
	struct cmd_test t;
	char text[1000];

	(void)state;
	planet_begin(&t);
	(void)snprintf(text, sizeof(text), "%s[approval]\nmode = manual\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	cmd_expect(&t, &readers);
	EXPECT_ALL(&t, manual);
	cmd_end(&t);
}

static const struct cmd_case alone[] = {
	{ "to nobody", { "run", "--to", "x@" }, EXIT_USAGE, "", NULL, "--to x@: " },
	{ "only fetched", { "-v", "run", "--fetch-only" }, EXIT_OK, NULL,
	    "2 new entries, 0 unchanged, 0 failed (0 already known)\n", NULL },
	{ "nothing is built", { "issue", "list" }, EXIT_OK, "", NULL, NULL },
	{ "two posts wait", { "status" }, EXIT_OK, NULL,
	    "next   at the next run: 2 posts wait\n", NULL },
	{ "built but not sent", { "-v", "run", "--to", "me@example.org", "--no-send" },
	    EXIT_OK, NULL, "Built   issue 2026-11-24", "debug digest" },
	{ "I am the reader", { "sub", "list", "--json=address" }, EXIT_OK, NULL,
	    "[{\"address\":\"me@example.org\"}]", NULL },
	{ "sent", { "-v", "run", "--to", "me@example.org" }, EXIT_OK, NULL,
	    "Submitted issue 2026-11-24: 1 accepted by ", NULL },
	{ "a copy to somebody else: nothing new",
	    { "-v", "run", "--to", "you@example.org" }, EXIT_OK, NULL,
	    "Nothing new: no letter.\n", NULL },
};
static const struct cmd_case copies[] = {
	{ "a copy that is not sent", { "-vn", "run", "--to", "you@example.org" }, EXIT_OK,
	    NULL, "1 new entry, ", NULL },
	{ "a copy", { "-v", "run", "--to", "you@example.org" }, EXIT_OK, NULL,
	    "Submitted notices: 1 accepted by ", NULL },
	{ "moves nothing", { "issue", "list", "--json=issue" }, EXIT_OK, NULL,
	    "[{\"issue\":\"2026-11-24\"}]", NULL },
	{ "nor makes a reader", { "sub", "list", "--json=address" }, EXIT_OK, NULL,
	    "[{\"address\":\"me@example.org\"}]", NULL },
	{ "the next issue of a day has a number", { "-v", "run" }, EXIT_OK, NULL,
	    "Submitted issue 2026-11-24-2: 1 accepted by ", "debug digest" },
};

static void
test_a_digest_of_ones_own(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, alone);
	planet_goes_on(&t);
	t.now = NOW + 2 * HOUR;
	EXPECT_ALL(&t, copies);
	cmd_end(&t);
}

#define LETTER_HEAD "Planet X\nNo. 1 \u00b7 Tuesday, 24 November 2026 \u00b7 "
static const struct cmd_case previews[] = {
	{ "before the first fetch the feeds are asked", { "preview" }, EXIT_OK, NULL,
	    LETTER_HEAD "2 posts from 1 blog\nhttps://planet.example/\n",
	    "Fetched 1 feed: 2 entries, 0 failed\n" },
	{ "quietly", { "-q", "preview" }, EXIT_OK, NULL, LETTER_HEAD, NULL },
	{ "one day", { "-qv", "preview", "--day", "2026-11-22" }, EXIT_OK, "", NULL,
	    NULL },
	{ "the day before", { "-q", "preview", "--day", "2026-11-23" }, EXIT_OK, NULL,
	    "2 posts from 1 blog\n", NULL },
	{ "from the second on", { "-q", "preview", "--since", "2026-11-23T11:00:00Z" },
	    EXIT_OK, NULL, "1 post from 1 blog\n", NULL },
	{ "before the second", { "-q", "preview", "--until", "2026-11-23T11:00:00Z" },
	    EXIT_OK, NULL, "1 post from 1 blog\n", NULL },
	{ "no day", { "preview", "--day", "x" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take 2026-11-24" },
	{ "no time", { "preview", "--since", "x" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take" },
	{ "nor this", { "preview", "--until", "x" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take" },
	{ "nobody's", { "preview", "--as", "x@" }, EXIT_USAGE, "", NULL, "--as x@: " },
	{ "not on the list", { "preview", "--as", "x@example.org" }, EXIT_FAILED, "",
	    NULL, "nobody on the list has the address x@example.org" },
	{ "as mail", { "-q", "preview", "--eml" }, EXIT_OK, NULL,
	    "Subject: " SUBJECT "\r\n", NULL },
	{ "no file", { "preview", "/dev/null/config.ini" }, EXIT_FAILED, "", NULL,
	    "/dev/null/config.ini" },
	{ "two files", { "preview", "a.ini", "b.ini" }, EXIT_USAGE, "", NULL,
	    "one file, or addresses of feeds" },
	{ "feeds that are none", { "preview", "file:/dev/null/1", "file:/dev/null/2" },
	    EXIT_TRY_AGAIN, "", NULL,
	    "Fetched 2 feeds: 0 entries, 2 failed\n  file:///dev/null/1: the file " },
	{ "nothing of it is kept", { "status" }, EXIT_FAILED, "", NULL,
	    "there is no database" },
};

static void
test_looking_at_the_next_issue_changes_nothing(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, previews);
	cmd_end(&t);
}

/* preview -o NAME has that form. */
static const struct {
	const char *name, *option, *begins;
} shapes[] = {
	{ "p.html", NULL, "<!DOCTYPE html>" },
	{ "p", NULL, "<!DOCTYPE html>" },
	{ ".txt", NULL, "Planet X\n" },
	{ "p.txt", NULL, "Planet X\n" },
	{ "p.eml", NULL, "Date: " },
	{ "p.html", "--eml", "Date: " },
	{ "p.html", "--text", "Planet X\n" },
	{ "p.eml", "--text", "Date: " },
};

static void
test_the_name_of_a_file_says_its_form(void **state)
{
	struct buf got = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		char path[400];
		const struct cmd_case c = { shapes[i].name,
			{ "-q", "preview", "-o", path, shapes[i].option }, EXIT_OK, "",
			NULL, NULL };

		(void)snprintf(path, sizeof(path), "%s/%s", t.folder, shapes[i].name);
		cmd_expect(&t, &c);
		buf_reset(&got);
		MUST(file_read(path, &got, err));
		if (strncmp(buf_text(&got), shapes[i].begins, strlen(shapes[i].begins)) !=
		    0)
			fail_msg("%s: got %.60s", shapes[i].name, buf_text(&got));
	}
	buf_clear(&got);
	cmd_end(&t);
}

static const struct cmd_case kept[] = {
	{ "a reader", { "sub", "add", "ann@example.org", ASKED }, EXIT_OK, "", NULL,
	    NULL },
	{ "a run", { "run" }, EXIT_OK, "", NULL, NULL },
	{ "the archive", { "export", "mbox" }, EXIT_OK, NULL,
	    "From planet@example.net Tue Nov 24 06:00:00 2026\n", NULL },
	{ "of its month", { "export", "mbox", "--month", "2026-11" }, EXIT_OK, NULL,
	    "From planet@example.net Tue Nov 24", NULL },
	{ "of another", { "export", "mbox", "--month", "2026-10" }, EXIT_OK, "", NULL,
	    NULL },
	{ "no month", { "export", "mbox", "--month", "2026-1" }, EXIT_USAGE, "", NULL,
	    "--month takes 2026-11, not '2026-1'" },
	{ "nor this", { "export", "mbox", "--month", "2026x11" }, EXIT_USAGE, "", NULL,
	    "--month takes" },
	{ "nor that", { "export", "mbox", "--month", "202-111" }, EXIT_USAGE, "", NULL,
	    "--month takes" },
	{ "nor those", { "export", "mbox", "--month", "2026-1x" }, EXIT_USAGE, "", NULL,
	    "--month takes" },
	{ "two places", { "export", "mbox", "-o", "-", "x.mbox" }, EXIT_USAGE, "", NULL,
	    "--output and 'x.mbox': one of them" },
	{ "two places for a list", { "export", "opml", "-o", "-", "x" }, EXIT_USAGE, "",
	    NULL, "--output and 'x': one of them" },
	{ "standard output by its name", { "export", "mbox", "-" }, EXIT_OK, NULL,
	    "From planet@example.net", NULL },
	{ "where nothing can be written", { "export", "mbox", "/dev/null/x" },
	    EXIT_FAILED, "", NULL, "/dev/null/x: " },
	{ "gc", { "-v", "gc" }, EXIT_OK, NULL, " MB in use.\n", NULL },
	{ "gc on a copy", { "-vn", "gc" }, EXIT_OK, NULL, "Dry run: 0.", NULL },
};

static void
test_the_archive_and_the_broom(void **state)
{
	struct cmd_test t;
	struct buf got = BUF_INIT(SAID_MAX);
	char path[400];
	const struct cmd_case to_file = { "to a file", { "-v", "export", "mbox", path },
		EXIT_OK, NULL, "Wrote 1 issue to ", NULL };
	const struct cmd_case none = { "of another month",
		{ "-v", "export", "mbox", "--month", "2026-10", "-o", path }, EXIT_OK,
		NULL, "Wrote 0 issues to ", NULL };

	(void)state;
	planet_begin(&t);
	(void)snprintf(path, sizeof(path), "%s/x.mbox", t.folder);
	EXPECT_ALL(&t, kept);
	cmd_expect(&t, &to_file);
	MUST(file_read(path, &got, err));
	assert_memory_equal(buf_text(&got), "From planet@example.net ", 24);
	if (strstr(buf_text(&got), "ann@example.org"))
		fail_msg("a reader's address is in the archive");
	cmd_expect(&t, &none);
	buf_reset(&got);
	MUST(file_read(path, &got, err));
	SAME_INT("an empty archive", got.len, 0);
	buf_clear(&got);
	cmd_end(&t);
}

/* Backups that differ by the date in their name: the one just made and the newest before it stay. */
static void
test_backups_of_many_days(void **state)
{
	/* The ninth lies in the future: it is of another clock, and no older one. */
	static const char *const names[] = { "b-2026-11-20.db", "b-2026-11-21.db",
		"b-2026-11-23.db", "b-2026-11-2x.db", "b-2026-11-21.db.gz",
		"c-2026-11-20.db", "b-2026x11-20.db", "a-2026-11-20.db",
		"b-2026-11-30.db" };
	static const bool stays[] = { false, false, true, true, true, true, true, true,
		true };
	struct cmd_test t;
	char pattern[400];
	char text[1000];
	const struct cmd_case backup = { "backup", { "-v", "backup", pattern }, EXIT_OK,
		NULL, "b-2026-11-24.db: it holds addresses and keys, keep it private.\n",
		NULL };
	const struct cmd_case dry = { "dry", { "-vn", "backup", pattern }, EXIT_OK, NULL,
		"b-2026-11-24.db: it holds", NULL };
	const struct cmd_case twice = { "twice", { "backup", pattern }, EXIT_FAILED, "",
		NULL, "b-2026-11-24.db is there already and is not overwritten" };
	static const struct cmd_case list = { "a database", { "feed", "list" }, EXIT_OK,
		NULL, NULL, NULL };

	(void)state;
	planet_begin(&t);
	(void)snprintf(text, sizeof(text), "%s[database]\nbackup_keep = 2\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	cmd_expect(&t, &list);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)cmd_file(&t, names[i], "old");
	(void)snprintf(pattern, sizeof(pattern), "%s/b-%%F.db", t.folder);
	cmd_expect(&t, &dry);
	(void)snprintf(text, sizeof(text), "%s/b-2026-11-24.db", t.folder);
	assert_false(file_exists(text));
	cmd_expect(&t, &backup);
	assert_true(file_exists(text));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(text, sizeof(text), "%s/%s", t.folder, names[i]);
		SAME_INT(names[i], file_exists(text), stays[i]);
	}
	cmd_expect(&t, &twice);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_issue),
		cmocka_unit_test(test_an_issue_that_a_person_approves),
		cmocka_unit_test(test_a_digest_of_ones_own),
		cmocka_unit_test(test_looking_at_the_next_issue_changes_nothing),
		cmocka_unit_test(test_the_name_of_a_file_says_its_form),
		cmocka_unit_test(test_the_archive_and_the_broom),
		cmocka_unit_test(test_backups_of_many_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
