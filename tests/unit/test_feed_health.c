/* SPDX-License-Identifier: ISC */
/* Feeds in trouble and issues in each state, put there as rows: what is told, and what is done. */
#include "unit/planet_rows.h"

struct row {
	const char *name, *sql;
	const char *words[6];
	int code;
	const char *out, *err; /* as in struct cmd_case: all of it; words of it */
};

static void
expect_rows(const struct row *rows, size_t count)
{
	struct planet_rows d;

	rows_begin(&d);
	for (size_t i = 0; i < count; i++) {
		struct cmd_case c = { .name = rows[i].name,
			.code = rows[i].code,
			.out = rows[i].out,
			.err = rows[i].err };

		for (size_t k = 0; k < ARRAY_LEN(rows[i].words) && rows[i].words[k]; k++)
			c.words[k] = rows[i].words[k];
		rows_put(&d, "", rows[i].sql);
		cmd_expect(&d.t, &c);
	}
	rows_end(&d);
}

/* ---- health ---- */

#define HEALTH "feed", "health"
#define SINCE(hours) "1795500000 - " #hours " * 3600"
#define FAILING(runs, hours) \
	"UPDATE source SET last_poll = 1795500000, state = 1, failures = " #runs \
	", last_ok = " SINCE(hours) ", state_since = last_ok, state_note = 'no answer';"
#define STALE \
	"UPDATE source SET last_poll = 1795500000, state = 6, state_since = 1, " \
	"state_runs = 9, state_note = 'no post';"
#define HELD(count, hours) \
	"UPDATE source SET last_poll = 1795500000, held = " #count \
	", held_since = " SINCE(hours) ";"
#define LINE(since) "a\t" since "\tno answer\tplanetpost feed test a\n"
#define HELD_LINE(since, words) \
	"a\t" since "\t" words " held: release or drop\tplanetpost feed release a\n"

static const struct row healths[] = {
	{ "all is well", "", { HEALTH }, EXIT_OK, "", NULL },
	{ "two days", FAILING(3, 48), { HEALTH }, EXIT_OK, LINE("2 days"), NULL },
	{ "an hour less needs nobody", FAILING(3, 47), { HEALTH }, EXIT_OK, "", NULL },
	{ "but is among all", FAILING(3, 47), { HEALTH, "--all" }, EXIT_OK,
	    LINE("3 runs"), NULL },
	{ "one run", FAILING(1, 1), { HEALTH, "--all" }, EXIT_OK, LINE("1 run"), NULL },
	{ "never asked", "UPDATE source SET state = 1, failures = 3, last_ok = 1;",
	    { HEALTH, "--all" }, EXIT_OK, "", NULL },
	{ "paused", FAILING(3, 48) "UPDATE source SET paused = 1;", { HEALTH, "--all" },
	    EXIT_OK, "", NULL },
	{ "held", HELD(1, 1), { HEALTH }, EXIT_OK,
	    HELD_LINE("1 hour", "1 unseen post is"), NULL },
	{ "held for a day", HELD(2, 24), { HEALTH }, EXIT_OK,
	    HELD_LINE("1 day", "2 unseen posts are"), NULL },
	{ "held for less", HELD(2, 23), { HEALTH }, EXIT_OK,
	    HELD_LINE("23 hours", "2 unseen posts are"), NULL },
	{ "what began since", FAILING(3, 72), { HEALTH, "--since", "3d" }, EXIT_OK,
	    LINE("3 days"), NULL },
	{ "what began before", FAILING(3, 73), { HEALTH, "--since", "3d" }, EXIT_OK, "",
	    NULL },
	{ "since a day", FAILING(3, 78), { HEALTH, "--since", "2026-11-21" }, EXIT_OK,
	    LINE("3 days"), NULL },
	{ "before a day", FAILING(3, 79), { HEALTH, "--since", "2026-11-21" }, EXIT_OK,
	    "", NULL },
	{ "since when nobody knows", "", { HEALTH, "--since", "ever" }, EXIT_USAGE, "",
	    "--since takes a time such as 7d" },
	{ "a feed without its letter", "", { HEALTH, "a" }, EXIT_USAGE, "",
	    "a feed goes with --letter; one alone: planetpost feed show a" },
	{ "a letter for programs", "", { HEALTH, "--letter", "--json" }, EXIT_USAGE, "",
	    "a letter has no form in JSON" },
	{ "nothing is held to be released", "", { "-v", "feed", "release", "a" },
	    EXIT_FAILED, "", "nothing of a is held\n  hint: planetpost feed health" },
	{ "one is released", HELD(1, 1), { "-v", "feed", "release", "a", "a" }, EXIT_OK,
	    "Released 1 post of a: news of the next issue; the next run asks for their "
	    "texts\n"
	    "a is named twice: once is enough.\n",
	    NULL },
	{ "three, of which one is stored", HELD(1, 1) "UPDATE source SET held_more = 2;",
	    { "-v", "feed", "release", "a" }, EXIT_OK,
	    "Released 3 posts of a: news of the next issue; the next run asks for their "
	    "texts\n",
	    NULL },
	{ "one is dropped", HELD(1, 1), { "-v", "feed", "drop", "a", "a" }, EXIT_OK,
	    "Dropped 1 post of a: they will not be mailed\n"
	    "a is named twice: once is enough.\n",
	    NULL },
	{ "three are dropped", HELD(1, 1) "UPDATE source SET held_more = 2;",
	    { "-v", "feed", "drop", "a" }, EXIT_OK,
	    "Dropped 3 posts of a: they will not be mailed\n", NULL },
	{ "nothing is held to be dropped", "", { "-v", "feed", "drop", "a" }, EXIT_FAILED,
	    "", "nothing of a is held" },
	{ "nobody's", "", { "feed", "drop", "x" }, EXIT_FAILED, "",
	    "no feed is called 'x'" },
	{ "a feed that seems another is released without posts",
	    "UPDATE source SET state = 11;", { "-v", "feed", "release", "a" }, EXIT_OK,
	    "Released 0 posts of a: news of the next issue; the next run asks for their "
	    "texts\n",
	    NULL },
};

static void
feeds_in_trouble_are_told(void **state)
{
	(void)state;
	expect_rows(healths, ARRAY_LEN(healths));
}

static void
feeds_in_trouble_are_told_to_programs(void **state)
{
	static const struct {
		const char *name, *sql, *out; /* DIR: the test's folder */
	} rows[] = {
		{ "failing", FAILING(3, 48),
		    "\"for\":\"2 days\",\"state\":\"failing\",\"since\":"
		    "\"2026-11-22T06:00:00Z\",\"needs\":\"yes\",\"held\":0,\"failures\":3," },
		{ "young", FAILING(3, 47),
		    "\"for\":\"3 runs\",\"state\":\"failing\",\"since\":"
		    "\"2026-11-22T07:00:00Z\",\"needs\":\"no\",\"held\":0,\"failures\":3," },
		{ "held", HELD(2, 24) "UPDATE source SET held_more = 3;",
		    "\"for\":\"1 day\",\"state\":\"flood\",\"since\":"
		    "\"2026-11-23T06:00:00Z\",\"needs\":\"yes\",\"held\":5,\"failures\":0," },
	};
	static const struct cmd_case c = { "for programs",
		{ HEALTH, "--all",
		    "--json=name,for,state,since,needs,held,failures,title,url" },
		EXIT_OK, NULL, NULL, NULL };
	struct planet_rows d;
	char want[600];

	(void)state;
	rows_begin(&d);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows_put(&d, "", rows[i].sql);
		cmd_expect(&d.t, &c);
		(void)snprintf(want, sizeof(want),
		    "{\"schema\":1,\"feeds\":[{\"name\":\"a\",%s\"title\":\"A's blog\","
		    "\"url\":\"file://DIR/a.xml\"}]}\n",
		    rows[i].out);
		SAME_TEXT(rows[i].name, rows_told(&d), want);
	}
	rows_end(&d);
}

/* ---- issues ---- */

#define ISSUE(state) \
	"INSERT INTO issue (id, number, name, state, date, created, entry_count," \
	" source_count, bytes) VALUES (1, 1, '2026-11-23', " #state \
	", 1795400000, 1795400000, 1, 1, 0);"
#define LETTER(reader, state) \
	"INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id, epoch," \
	" attempts, queued) VALUES (1, " #reader ", 1, " #state ", 0, 1, 0, 0, 0);"
#define COUNTED "INSERT INTO issue_count VALUES (1, 2, 7), (1, 4, 3);"
#define NAME "2026-11-23"
#define STEER(verb) "-v", "issue", verb, NAME

static const struct row issues[] = {
	{ "a draft is not paused", ISSUE(0), { STEER("pause") }, EXIT_FAILED, "",
	    "issue 2026-11-23 is draft: only one whose letters go out can be paused" },
	{ "an approved one is", ISSUE(1), { STEER("pause") }, EXIT_OK,
	    "Issue 2026-11-23 is paused: 0 sent, 0 wait for planetpost issue resume.\n",
	    NULL },
	{ "one that is sent", ISSUE(2) COUNTED LETTER(1, 0) LETTER(2, 3),
	    { STEER("pause") }, EXIT_OK,
	    "Issue 2026-11-23 is paused: 7 sent, 2 wait for planetpost issue resume.\n",
	    NULL },
	{ "one on its way waits too", ISSUE(2) LETTER(1, 1), { STEER("pause") }, EXIT_OK,
	    "Issue 2026-11-23 is paused: 0 sent, 1 wait for planetpost issue resume.\n",
	    NULL },
	{ "tried", ISSUE(2), { "-vn", "issue", "pause", NAME }, EXIT_OK,
	    "Dry run: Issue 2026-11-23 is paused: 0 sent, 0 wait for planetpost issue "
	    "resume.\n",
	    NULL },
	{ "a paused one is paused", ISSUE(3), { STEER("pause") }, EXIT_FAILED, "",
	    "issue 2026-11-23 is paused: only" },
	{ "one that was sent", ISSUE(4), { STEER("pause") }, EXIT_FAILED, "",
	    "issue 2026-11-23 is sent: only" },
	{ "what is not paused is not resumed", ISSUE(2), { STEER("resume") }, EXIT_FAILED,
	    "", "issue 2026-11-23 is sending: " },
	{ "no issue", "", { STEER("pause") }, EXIT_FAILED, "",
	    "no issue is called '2026-11-23'" },
	{ "one that was sent is not cancelled", ISSUE(4), { STEER("cancel") },
	    EXIT_FAILED, "", "issue 2026-11-23 is sent: " },
	{ "nor sent again", ISSUE(4), { "issue", "send", NAME }, EXIT_FAILED, "",
	    "issue 2026-11-23 was sent already" },
	{ "nor one that was skipped", ISSUE(5), { "issue", "send", NAME }, EXIT_FAILED,
	    "", "issue 2026-11-23 is skipped" },
	{ "nor one that was cancelled", ISSUE(6), { "issue", "send", NAME }, EXIT_FAILED,
	    "", "issue 2026-11-23 is cancelled" },
	{ "a test to nobody", ISSUE(0) "UPDATE reader SET state = 4;",
	    { "issue", "test", NAME, "x@" }, EXIT_USAGE, "", "x@" },
	{ "two tests to nobody are told at once", ISSUE(0),
	    { "issue", "test", NAME, "x@", "y@" }, EXIT_USAGE, "", "y@" },
	{ "a letter that was never made", ISSUE(4),
	    { "issue", "show", NAME, "--eml", "--as=ann@example.org" }, EXIT_FAILED, "",
	    "no letter to ann@example.org holds issue 2026-11-23" },
	{ "of an issue that was sent long ago",
	    ISSUE(4) "UPDATE issue SET sent = 1000000000;",
	    { "issue", "show", NAME, "--eml", "--as=ann@example.org" }, EXIT_FAILED, "",
	    "what became of the letters of issue 2026-11-23 is no longer stored" },
};

static void
issues_are_steered_by_their_state(void **state)
{
	(void)state;
	expect_rows(issues, ARRAY_LEN(issues));
}

static void
programs_learn_all_of_a_feeds_health(void **state)
{
	static const struct cmd_case c = { "all columns",
		{ HEALTH,
		    "--json=name,for,what,mend,state,since,needs,held,failures,title" },
		EXIT_OK,
		"{\"schema\":1,\"feeds\":[{\"name\":\"a\",\"for\":\"2 days\","
		"\"what\":\"no answer\",\"mend\":\"planetpost feed test a\","
		"\"state\":\"failing\",\"since\":\"2026-11-22T06:00:00Z\",\"needs\":\"yes\","
		"\"held\":0,\"failures\":3,\"title\":\"A's blog\"}]}\n",
		NULL, NULL };
	static const struct cmd_case young = { "a young one",
		{ HEALTH, "--all", "--json=needs,held,state" }, EXIT_OK,
		"{\"schema\":1,\"feeds\":[{\"state\":\"stale\",\"needs\":\"no\",\"held\":0}]}"
		"\n",
		NULL, NULL };
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	rows_put(&d, "", FAILING(3, 48));
	cmd_expect(&d.t, &c);
	rows_put(&d, "", STALE);
	cmd_expect(&d.t, &young);
	rows_end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_in_trouble_are_told),
		cmocka_unit_test(feeds_in_trouble_are_told_to_programs),
		cmocka_unit_test(programs_learn_all_of_a_feeds_health),
		cmocka_unit_test(issues_are_steered_by_their_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
