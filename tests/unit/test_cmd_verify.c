/* SPDX-License-Identifier: ISC */
/*
 * verify: what is said of a letter that holds many issues, of one whose reader is erased, of one
 * that is no issue.
 */
#include "unit/planet_fixture.h"

enum { DAY = 86400 };

#define ASKED "--confirmed-by", "asked"

/* The newest letter to somebody that lies in the outbox; its bytes go to *letter too. */
static void
find_letter(struct cmd_test *t, const char *to, char path[600], struct buf *letter)
{
	char out[300];
	char field[100];
	DIR *d = opendir(in_folder(t->folder, "out", out));
	char best[256] = "";

	assert_non_null(d);
	(void)snprintf(field, sizeof(field), "\r\nTo: %s\r\n", to);
	for (struct dirent *e = NULL; (e = readdir(d));) {
		struct buf b = BUF_INIT(SAID_MAX);

		if (!strstr(e->d_name, ".eml"))
			continue;
		(void)snprintf(path, 600, "%s/%.200s", out, e->d_name);
		MUST(file_read(path, &b, err));
		if (strstr(buf_text(&b), field) && strcmp(e->d_name, best) > 0) {
			(void)snprintf(best, sizeof(best), "%s", e->d_name);
			buf_reset(letter);
			buf_adds(letter, buf_text(&b));
		}
		buf_clear(&b);
	}
	(void)closedir(d);
	if (!*best)
		fail_msg("no letter to %s", to);
	(void)snprintf(path, 600, "%s/%.200s", out, best);
}

static void
change_rows(struct cmd_test *t, const char *sql)
{
	struct store_options o = open_options(STORE_WRITE);
	struct store *s = NULL;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t->data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_exec(s, sql, err));
	close_store(s);
}

static const struct cmd_case few_issues[] = {
	{ "readers", { "sub", "add", "ann@example.org", "bo@example.org", ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "one of them weekly",
	    { "sub", "edit", "bo@example.org", "--rhythm", "weekly", "--day", "friday" },
	    EXIT_OK, "", NULL, NULL },
	{ "Tuesday", { "run" }, EXIT_OK, "", NULL, NULL },
};
static const struct cmd_case one_more = { "Friday", { "run" }, EXIT_OK, "", NULL, NULL };

static void
a_letter_may_hold_many_issues(void **state)
{
	struct buf letter = BUF_INIT(SAID_MAX);
	char path[600];
	const struct cmd_case many = { "who reads weekly", { "verify", path }, EXIT_OK,
		NULL,
		"These are the bytes that were sent.\n"
		"issue     2026-11-27 and those before it\n"
		"reader    bo@example.org\naccepted  2026-11-27T08:0",
		NULL };
	const struct cmd_case one = { "who reads each", { "verify", path }, EXIT_OK, NULL,
		"These are the bytes that were sent.\n"
		"issue     2026-11-27\nreader    ann@example.org\naccepted  2026-11-27T08:0",
		NULL };
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, few_issues);
	planet_goes_on(&t);
	t.now += 3 * DAY + 2 * 3600;
	cmd_expect(&t, &one_more);
	find_letter(&t, "bo@example.org", path, &letter);
	cmd_expect(&t, &many);
	find_letter(&t, "ann@example.org", path, &letter);
	cmd_expect(&t, &one);
	buf_clear(&letter);
	cmd_end(&t);
}

static void
where_a_letter_differs(void **state)
{
	struct buf letter = BUF_INIT(SAID_MAX);
	char path[600];
	char want[200];
	struct cmd_case c = { "another To", { "verify", path }, EXIT_FAILED, NULL, want,
		NULL };
	struct cmd_test t;
	char *at = NULL;
	size_t line = 1;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, few_issues);
	find_letter(&t, "ann@example.org", path, &letter);
	at = strstr(letter.data, "\r\nTo: ann");
	for (const char *p = letter.data; p <= at; p++)
		line += *p == '\r';
	memcpy(at, "\r\nTo: eve", 9);
	(void)snprintf(path, sizeof(path), "%s",
	    cmd_file(&t, "eve.eml", buf_text(&letter)));
	(void)snprintf(want, sizeof(want),
	    "This is not what was sent.\n"
	    "It first differs in line %zu, the header field To:\n"
	    "  sent:  To: ann@example.org\n  here:  To: eve@example.org\n"
	    "issue     2026-11-24\nreader    ann@example.org\naccepted  ",
	    line);
	cmd_expect(&t, &c);
	c = (struct cmd_case){ "for programs",
		{ "verify", path, "--json=verdict,line,sent_line,found_line,notice" },
		EXIT_FAILED, want, NULL, NULL };
	(void)snprintf(want, sizeof(want),
	    "{\"schema\":1,\"letters\":[{\"verdict\":\"different\",\"line\":%zu,"
	    "\"sent_line\":\"To: ann@example.org\","
	    "\"found_line\":\"To: eve@example.org\",\"notice\":null}]}\n",
	    line);
	cmd_expect(&t, &c);
	buf_clear(&letter);
	cmd_end(&t);
}

static void
a_reader_who_is_erased_is_not_named(void **state)
{
	struct buf letter = BUF_INIT(SAID_MAX);
	char path[600];
	static const struct cmd_case erase = { "erased",
		{ "sub", "erase", "ann@example.org" }, EXIT_OK, NULL, NULL, NULL };
	const struct cmd_case c = { "erased", { "verify", path }, EXIT_FAILED, NULL,
		"It cannot be compared: the reader was erased: nobody knows any more whom it "
		"was sent to.\nissue     2026-11-24\nreader    (erased)\naccepted  "
		"2026-11-24T06:0",
		NULL };
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, few_issues);
	find_letter(&t, "ann@example.org", path, &letter);
	cmd_expect(&t, &erase);
	cmd_expect(&t, &c);
	buf_clear(&letter);
	cmd_end(&t);
}

/* A letter whose row says by now that it did not go. */
static void
a_letter_that_did_not_go_out(void **state)
{
	static const struct {
		const char *sql, *why, *end; /* how it became so; its state and when */
	} cases[] = {
		{ "UPDATE delivery SET state = 4, reply = '550 no such user'",
		    "the server refused it: 550 no such user",
		    "refused   2026-11-24T06:0" },
		{ "UPDATE delivery SET state = 3", "it was not sent yet: it is deferred",
		    "deferred  2026-11-24T06:0" },
		{ "UPDATE delivery SET state = 6",
		    "it was not sent: the reader had left before it went",
		    "skipped   2026-11-24T06:0" },
	};
	struct buf letter = BUF_INIT(SAID_MAX);
	struct cmd_test t;
	char path[600];
	char want[300];
	const struct cmd_case c = { "unsent", { "verify", path }, EXIT_FAILED, NULL, want,
		NULL };

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, few_issues);
	find_letter(&t, "ann@example.org", path, &letter);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		change_rows(&t, cases[i].sql);
		(void)snprintf(want, sizeof(want),
		    "This letter did not go out: %s.\nissue     2026-11-24\n"
		    "reader    ann@example.org\n%s",
		    cases[i].why, cases[i].end);
		cmd_expect(&t, &c);
	}
	buf_clear(&letter);
	cmd_end(&t);
}

/* ---- what is no issue ---- */

#define NOTICE "This is a letter of this newsletter that is no issue"

static void
a_letter_that_is_no_issue_says_what_it_is(void **state)
{
	struct buf letter = BUF_INIT(SAID_MAX);
	char path[600];
	static const struct cmd_case mail = { "an ask", { "mail-in" }, 0, "", NULL,
		NULL };
	static const struct cmd_case sent = { "the answer", { "run", "--answers" },
		EXIT_OK, NULL, NULL, NULL };
	const struct cmd_case c = { "a question", { "verify", path }, EXIT_FAILED, NULL,
		NOTICE
		": it asks whether they want to read it.\n"
		"The bytes of such letters are not kept: whether any was changed "
		"cannot be told.\nreader    bo@x.example\naccepted  2026-11-24T06:0",
		NULL };
	const struct cmd_case gone = { "tidied away", { "verify", path }, EXIT_FAILED,
		NOTICE ".\nWhat it was for and what became of it are no longer stored.\n"
		       "reader    bo@x.example\n",
		NULL, NULL };
	const struct cmd_case json = { "for programs",
		{ "verify", path, "--json=verdict,issue,state,line,notice" }, EXIT_FAILED,
		"{\"schema\":1,\"letters\":[{\"verdict\":\"notice\",\"issue\":null,"
		"\"state\":\"accepted\",\"line\":0,\"notice\":\"confirmation\"}]}\n",
		NULL, NULL };
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, "[list]\ncommand_address = planet@example.net\n");
	planet_put_input(&t,
	    MESSAGE("planet+subscribe@example.net", "bo@x.example", "hello", "hello"));
	cmd_expect(&t, &mail);
	cmd_expect(&t, &sent);
	find_letter(&t, "bo@x.example", path, &letter);
	cmd_expect(&t, &c);
	cmd_expect(&t, &json);
	change_rows(&t, "DELETE FROM notice");
	cmd_expect(&t, &gone);
	buf_clear(&letter);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_may_hold_many_issues),
		cmocka_unit_test(where_a_letter_differs),
		cmocka_unit_test(a_reader_who_is_erased_is_not_named),
		cmocka_unit_test(a_letter_that_did_not_go_out),
		cmocka_unit_test(a_letter_that_is_no_issue_says_what_it_is),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
