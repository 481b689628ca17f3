/* SPDX-License-Identifier: ISC */
/* An issue is approved, paused, goes on, is cancelled: from which states, and what is said. */
#include "unit/planet_fixture.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

#define NAME "2026-11-24"
#define ASKED "--confirmed-by", "asked me"

static const struct cmd_case draft[] = {
	{ "three readers",
	    { "sub", "add", "ann@example.org", "bo@example.org", "cy@example.org",
		ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	{ "in the list", { "issue", "list", "--json=issue,state,entries,sources" },
	    EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"issue\":\"" NAME
	    "\",\"state\":\"draft\",\"entries\":2,\"sources\":1}]}\n",
	    NULL, NULL },
	{ "shown", { "issue", "show", "next" }, EXIT_OK, NULL,
	    "Issue " NAME ", draft: 2 entries from 1 source, ", NULL },
	{ "it has no letters",
	    { "issue", "show", NAME, "--as", "ann@example.org", "--eml" }, EXIT_FAILED,
	    "", NULL, "no letter to ann@example.org holds issue " NAME "\n" },
	{ "what waits is not paused", { "issue", "pause", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME " is draft: only one whose letters go out can be paused\n" },
	{ "nor resumed", { "issue", "resume", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME " is draft: only one that is paused can be resumed\n" },
	{ "no such issue", { "issue", "cancel", "2026-11-23" }, EXIT_FAILED, "", NULL,
	    "no issue is called '2026-11-23'" },
	{ "who is named twice gets one test",
	    { "-v", "issue", "test", NAME, "x@example.org", "X@Example.org",
		"y@example.org" },
	    EXIT_OK, "Test of issue " NAME ": 2 sent, 0 refused, 0 waiting.\n", NULL,
	    NULL },
	{ "every wrong address is named", { "issue", "test", NAME, "x@", "y@" },
	    EXIT_USAGE, "", NULL, "y@: " },
};

static const struct cmd_case under_way[] = {
	{ "the first", { "-v", "issue", "send", NAME, "--confirm", "3", "--limit", "1" },
	    EXIT_OK, NULL, "Submitted issue " NAME ": 1 accepted by ", NULL },
	{ "it is being sent", { "issue", "list", "--json=issue,state" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"issue\":\"" NAME
	    "\",\"state\":\"sending\"}]}\n",
	    NULL, NULL },
	{ "what goes on is not resumed", { "issue", "resume", NAME }, EXIT_FAILED, "",
	    NULL, "issue " NAME " is sending: only one that is paused can be resumed\n" },
	{ "paused in a dry run", { "-vn", "issue", "pause", NAME }, EXIT_OK,
	    "Dry run: Issue " NAME
	    " is paused: 1 sent, 2 wait for planetpost issue resume.\n",
	    NULL, NULL },
	{ "nothing moved", { "issue", "list", "--json=state" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"state\":\"sending\"}]}\n", NULL, NULL },
	{ "paused", { "-v", "issue", "pause", "last" }, EXIT_OK,
	    "Issue " NAME " is paused: 1 sent, 2 wait for planetpost issue resume.\n",
	    NULL, NULL },
	{ "once", { "issue", "pause", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME " is paused: only one whose letters go out can be paused\n" },
	{ "a run sends nothing of it", { "-v", "run" }, EXIT_OK, NULL, NULL, "" },
	{ "two still wait", { "issue", "show", NAME }, EXIT_OK, NULL,
	    "letters  2 queued\nletters  1 accepted\n\n", NULL },
	{ "resumed", { "-v", "issue", "resume", NAME }, EXIT_OK,
	    "Issue " NAME " goes on with the next run: 1 sent, 2 wait for it.\n", NULL,
	    NULL },
	{ "paused again", { "issue", "pause", NAME }, EXIT_OK, "", NULL, NULL },
	{ "looked at, not sent", { "-vn", "issue", "send", NAME }, EXIT_OK,
	    "Dry run: nothing was sent.\n", NULL, NULL },
	{ "still paused", { "issue", "list", "--json=state" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"state\":\"paused\"}]}\n", NULL, NULL },
	{ "to send is to resume", { "-v", "issue", "send", NAME, "--limit", "1" },
	    EXIT_OK, NULL, "Submitted issue " NAME ": 1 accepted by ", NULL },
};

static const struct cmd_case cancelled[] = {
	{ "cancelled in a dry run", { "-vn", "issue", "cancel", NAME }, EXIT_OK,
	    "Dry run: Issue " NAME " is cancelled: 2 sent, 1 taken back.\n", NULL, NULL },
	{ "cancelled", { "-v", "issue", "cancel", NAME }, EXIT_OK,
	    "Issue " NAME " is cancelled: 2 sent, 1 taken back.\n", NULL, NULL },
	{ "once", { "issue", "cancel", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME " is cancelled: nothing of it can be called back\n" },
	{ "it is not sent", { "issue", "send", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME " is cancelled\n" },
	{ "nor paused", { "issue", "pause", NAME }, EXIT_FAILED, "", NULL,
	    "issue " NAME
	    " is cancelled: only one whose letters go out can be paused\n" },
	{ "its posts are spent", { "-v", "run" }, EXIT_OK, NULL,
	    "Nothing new: no issue.\n", NULL },
};

static void
begin(struct cmd_test *t)
{
	char text[1000];

	planet_begin(t);
	(void)snprintf(text, sizeof(text), "%s[approval]\nmode = manual\n",
	    planet_settings);
	(void)cmd_file(t, "p.conf", text);
}

static void
an_issue_is_paused_resumed_and_cancelled(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, draft);
	EXPECT_ALL(&t, under_way);
	EXPECT_ALL(&t, cancelled);
	cmd_end(&t);
}

static const struct cmd_case taken_back[] = {
	{ "a draft", { "-v", "issue", "cancel", "next" }, EXIT_OK,
	    "Issue " NAME " is cancelled: 0 sent, 0 taken back.\n", NULL, NULL },
	{ "frees its posts", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	{ "for another", { "issue", "list", "--json=issue,state,entries" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"issue\":\"" NAME
	    "-2\",\"state\":\"draft\",\"entries\":2},"
	    "{\"issue\":\"" NAME "\",\"state\":\"cancelled\",\"entries\":2}]}\n",
	    NULL, NULL },
};

static void
a_draft_that_is_cancelled_frees_its_posts(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	cmd_expect(&t, &draft[0]);
	cmd_expect(&t, &draft[1]);
	EXPECT_ALL(&t, taken_back);
	cmd_end(&t);
}

static const struct cmd_case to_nobody[] = {
	{ "the readers go",
	    { "sub", "remove", "ann@example.org", "bo@example.org", "cy@example.org" },
	    EXIT_OK, "", NULL, NULL },
	{ "nobody is left", { "issue", "send", NAME, "--confirm", "0" }, EXIT_HUMAN, "",
	    NULL, "nobody would get this issue: there is no reader\n" },
	{ "nothing was spent", { "issue", "list", "--json=state" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"state\":\"draft\"}]}\n", NULL, NULL },
};

static void
nothing_is_sent_to_nobody(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	cmd_expect(&t, &draft[0]);
	cmd_expect(&t, &draft[1]);
	EXPECT_ALL(&t, to_nobody);
	cmd_end(&t);
}

/* NOW is a Tuesday: who reads on Fridays is no reader of today's. */
static const struct cmd_case due_later[] = {
	{ "a reader of Fridays",
	    { "sub", "add", "ann@example.org", "--rhythm", "weekly", "--day", "friday",
		ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	{ "one is too many", { "issue", "send", NAME, "--confirm", "1" }, EXIT_HUMAN, "",
	    NULL, "'1' is not the number of readers: nothing was sent\n" },
	{ "nobody is due", { "-v", "issue", "send", NAME, "--confirm", "0" }, EXIT_OK,
	    "Issue " NAME ": nobody to send it to\n"
	    "  hint: planetpost sub add ADDRESS --confirmed-by TEXT\n",
	    NULL, NULL },
	{ "nothing of it waits", { "issue", "list", "--json=state" }, EXIT_OK,
	    "{\"schema\":1,\"issues\":[{\"state\":\"sent\"}]}\n", NULL, NULL },
};

static void
an_issue_may_wait_for_its_readers_day(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, due_later);
	t.now += 3 * DAY + 2 * HOUR;
	cmd_expect(&t,
	    &(struct cmd_case){ "Friday", { "-v", "run" }, EXIT_OK, NULL,
		"Submitted issue " NAME ": 1 accepted by ", "" });
	cmd_end(&t);
}

static const struct cmd_case all_of_it[] = {
	{ "all", { "issue", "send", NAME, "--confirm", "3" }, EXIT_OK, "", NULL, NULL },
	{ "what is sent is not called back", { "issue", "cancel", NAME }, EXIT_FAILED, "",
	    NULL, "issue " NAME " is sent: nothing of it can be called back\n" },
	{ "a later reader", { "sub", "add", "dee@example.org", ASKED }, EXIT_OK, "", NULL,
	    NULL },
	{ "has no letter of it",
	    { "issue", "show", NAME, "--as", "dee@example.org", "--eml" }, EXIT_FAILED,
	    "", NULL, "no letter to dee@example.org holds issue " NAME "\n" },
};
static const struct cmd_case soon = { "within keep_letters",
	{ "issue", "show", NAME, "--as", "dee@example.org", "--eml" }, EXIT_FAILED, "",
	NULL, "no letter to dee@example.org holds issue " NAME "\n" };
static const struct cmd_case late = { "after it",
	{ "issue", "show", NAME, "--as", "dee@example.org", "--eml" }, EXIT_FAILED, "",
	NULL,
	"what became of the letters of issue " NAME
	" is no longer stored (database.keep_letters)\n" };

static void
letters_are_known_for_a_while(void **state)
{
	struct cmd_test t;
	char text[1000];

	(void)state;
	begin(&t);
	cmd_expect(&t, &draft[0]);
	cmd_expect(&t, &draft[1]);
	EXPECT_ALL(&t, all_of_it);
	(void)snprintf(text, sizeof(text), "%s[database]\nkeep_letters = 40d\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	t.now = NOW + 40 * DAY - HOUR;
	cmd_expect(&t, &soon);
	t.now = NOW + 40 * DAY + HOUR;
	cmd_expect(&t, &late);
	cmd_end(&t);
}

/* The only letter that lies in the outbox. */
static void
find_letter(struct cmd_test *t, char path[600])
{
	char out[400];
	DIR *d = opendir(in_folder(t->folder, "out", out));
	struct dirent *e = NULL;
	int count = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (!strstr(e->d_name, ".eml"))
			continue;
		(void)snprintf(path, 600, "%s/%.100s", out, e->d_name);
		count++;
	}
	(void)closedir(d);
	assert_int_equal(count, 1);
}

static void
a_test_letter_is_no_reader_s(void **state)
{
	static const struct cmd_case tests[] = {
		{ "tried", { "-vn", "issue", "test", NAME, "x@example.org" }, EXIT_OK,
		    "Dry run: nothing was sent.\n", NULL, NULL },
		{ "sent", { "issue", "test", NAME, "x@example.org" }, EXIT_OK, "", NULL,
		    NULL },
	};
	struct cmd_test t;
	char path[600];
	const struct cmd_case verify = { "what it is", { "verify", path }, EXIT_FAILED,
		"This is a test letter or a preview: no reader was sent it.\n", NULL,
		NULL };

	(void)state;
	begin(&t);
	cmd_expect(&t, &draft[0]);
	cmd_expect(&t, &draft[1]);
	EXPECT_ALL(&t, tests);
	find_letter(&t, path);
	cmd_expect(&t, &verify);
	cmd_end(&t);
}

/* ---- letters that are refused, or wait ---- */

/* In the place of sendmail: who begins with "no" is refused, "later" is asked to come again. */
static void
begin_with_program(struct cmd_test *t)
{
	char text[1500];

	planet_begin(t);
	(void)cmd_file(t, "mail.sh",
	    "cat >/dev/null\nfor to; do :; done\ncase $to in\n"
	    "no*) exit 65 ;;\nlater*) exit 75 ;;\nesac\n");
	(void)snprintf(text, sizeof(text),
	    "%s[approval]\nmode = manual\n[transport]\nmethod = sendmail\n"
	    "sendmail = sh %s/mail.sh\n",
	    planet_settings, t->folder);
	(void)cmd_file(t, "p.conf", text);
}

#define TEST_TO "-v", "issue", "test", NAME
#define TESTED(sent, refused, waiting) \
	"Test of issue " NAME ": " sent " sent, " refused " refused, " waiting \
	" waiting.\n"

static const struct cmd_case tested[] = {
	{ "readers", { "sub", "add", "ann@example.org", "no@example.org", ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	{ "it goes", { TEST_TO, "yes@example.org" }, EXIT_OK, TESTED("1", "0", "0"), NULL,
	    "" },
	{ "it is refused", { TEST_TO, "no@example.org" }, EXIT_FAILED,
	    TESTED("0", "1", "0"), NULL, "" },
	{ "one of two is", { TEST_TO, "no@example.org", "yes@example.org" }, EXIT_FAILED,
	    TESTED("1", "1", "0"), NULL, "" },
	{ "it waits", { TEST_TO, "later@example.org" }, EXIT_PARTIAL,
	    TESTED("0", "0", "1"), NULL, "" },
	{ "refused is worse", { TEST_TO, "later2@example.org", "no2@example.org" },
	    EXIT_FAILED, NULL, " 1 refused, ", "" },
};

static const struct cmd_case refused[] = {
	{ "sent", { "-v", "issue", "send", NAME, "--confirm", "2" }, EXIT_OK, NULL,
	    "Submitted issue " NAME ": 1 accepted by ", "1 letter refused" },
	{ "who was refused", { "issue", "show", NAME }, EXIT_OK, NULL,
	    "letters  1 accepted\nletters  1 refused\n\n", NULL },
	{ "and why", { "issue", "show", NAME }, EXIT_OK, NULL,
	    "\nno@example.org\trefused\t", NULL },
	{ "not in a dry run", { "-vn", "issue", "send", NAME, "--retry-refused" },
	    EXIT_OK,
	    "1 letter of issue " NAME " is tried again.\nDry run: nothing was sent.\n",
	    NULL, "" },
	{ "it is as it was", { "issue", "show", NAME }, EXIT_OK, NULL,
	    "letters  1 refused\n", NULL },
};
static const struct cmd_case mended[] = {
	{ "it goes now", { "-v", "issue", "send", NAME, "--retry-refused" }, EXIT_OK,
	    NULL,
	    "1 letter of issue " NAME " is tried again.\nSubmitted issue " NAME
	    ": 1 accepted by ",
	    "" },
	{ "nobody is left", { "-v", "issue", "send", NAME, "--retry-refused" }, EXIT_OK,
	    "0 letters of issue " NAME " are tried again.\n", NULL, "" },
};

static void
refused_letters_are_tried_again_when_asked(void **state)
{
	struct cmd_test t;

	(void)state;
	begin_with_program(&t);
	EXPECT_ALL(&t, tested);
	EXPECT_ALL(&t, refused);
	(void)cmd_file(&t, "mail.sh", "cat >/dev/null\n");
	EXPECT_ALL(&t, mended);
	cmd_end(&t);
}

static const struct cmd_case waiting[] = {
	{ "readers", { "sub", "add", "ann@example.org", "later@example.org", ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	{ "some wait, as it was asked for",
	    { "-v", "issue", "send", NAME, "--confirm", "2", "--limit", "1" }, EXIT_OK,
	    NULL, "Submitted issue " NAME ": 1 accepted by ", "" },
	{ "one waits", { "-v", "issue", "send", NAME }, EXIT_PARTIAL, NULL,
	    "Submitted issue " NAME ": 0 accepted by ", "" },
	{ "which is told", { "issue", "show", NAME }, EXIT_OK, NULL,
	    "\nlater@example.org\tdeferred\t", NULL },
};

static void
letters_that_wait_make_the_exit_code_3(void **state)
{
	struct cmd_test t;

	(void)state;
	begin_with_program(&t);
	EXPECT_ALL(&t, waiting);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_issue_is_paused_resumed_and_cancelled),
		cmocka_unit_test(a_draft_that_is_cancelled_frees_its_posts),
		cmocka_unit_test(a_test_letter_is_no_reader_s),
		cmocka_unit_test(nothing_is_sent_to_nobody),
		cmocka_unit_test(an_issue_may_wait_for_its_readers_day),
		cmocka_unit_test(letters_are_known_for_a_while),
		cmocka_unit_test(refused_letters_are_tried_again_when_asked),
		cmocka_unit_test(letters_that_wait_make_the_exit_code_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
