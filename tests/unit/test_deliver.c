/* SPDX-License-Identifier: ISC */
/* Letters of an issue: who gets one, what an answer means, what goes wrong. */
#include "unit/flow_fixture.h"

#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/delivery_batches.h"
#include "flow/delivery_outcome.h"
#include "store/deliveries.h"
#include "store/notes.h"
#include "store/transactions.h"

/* ---- what an answer means ---- */

static const struct {
	const char *name;
	struct outcome o;
	int64_t attempts_before;
	enum delivery_state state;
	int64_t attempts, pause; /* -1: not tried again */
} outcome_cases[] = {
	{ "accepted", { OUTCOME_SENT, 250, NULL, NULL }, 0, DELIVERY_SENT, 1, -1 },
	{ "refused", { OUTCOME_REFUSED, 550, "5.1.1", NULL }, 0, DELIVERY_REFUSED, 1,
	    -1 },
	{ "unknown", { OUTCOME_UNKNOWN, 0, NULL, NULL }, 2, DELIVERY_UNKNOWN, 3, -1 },
	{ "deferred", { OUTCOME_DEFERRED, 451, NULL, NULL }, 0, DELIVERY_DEFERRED, 1,
	    600 },
	{ "deferred by a status alone", { OUTCOME_DEFERRED, 0, "4.2.2", NULL }, 0,
	    DELIVERY_DEFERRED, 1, 600 },
	{ "deferred again", { OUTCOME_DEFERRED, 451, NULL, NULL }, 1, DELIVERY_DEFERRED,
	    2, 7200 },
	{ "deferred too often", { OUTCOME_DEFERRED, 451, NULL, NULL }, 2,
	    DELIVERY_REFUSED, 3, -1 },
	{ "nobody answered: no attempt", { OUTCOME_DEFERRED, 0, NULL, NULL }, 0,
	    DELIVERY_DEFERRED, 0, 600 },
	{ "however often", { OUTCOME_DEFERRED, 0, NULL, NULL }, 2, DELIVERY_DEFERRED, 2,
	    600 },
};

static void
what_an_answer_means(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(outcome_cases); i++) {
		struct delivery d = { .attempts = outcome_cases[i].attempts_before,
			.next_try = 5 };

		delivery_settle(&d, &outcome_cases[i].o, " 10m \t2h", NOW);
		SAME_INT(outcome_cases[i].name, d.state, outcome_cases[i].state);
		SAME_INT(outcome_cases[i].name, d.attempts, outcome_cases[i].attempts);
		SAME_INT(outcome_cases[i].name, d.settled, NOW);
		SAME_INT(outcome_cases[i].name,
		    d.next_try == TIME_NONE ? -1 : d.next_try - NOW,
		    outcome_cases[i].pause);
	}
}

static void
pauses_that_are_none(void **state)
{
	static const char *const pauses[] = { "", "  ", "soon",
		"10m10m10m10m10m10m10m10m10m10m10m10m" };
	const struct outcome o = { OUTCOME_DEFERRED, 451, NULL, NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
		struct delivery d = { .attempts = 0 };

		delivery_settle(&d, &o, pauses[i], NOW);
		SAME_INT(pauses[i], d.state, DELIVERY_REFUSED);
		SAME_INT(pauses[i], d.next_try == TIME_NONE, 1);
	}
}

/* ---- an issue with its readers ---- */

static struct issue
approved_issue(struct flow_test *t)
{
	struct compile_report r;

	(void)add_full_post(t, add_source(t->run.store, "a"), "one", NOW - 86400);
	MUST(flow_issue_build(&t->run, true, &r, err));
	SAME_INT("built", r.built, 1);
	return r.issue;
}

/* A program in place of sendmail that answers by the beginning of the address. */
static void
use_program(struct flow_test *t)
{
	const char *path = flow_write(t, "program",
	    "cat >/dev/null\n"
	    "case $2 in\n"
	    "no*) echo no such user; exit 67;;\n"
	    "later*) echo busy; exit 75;;\n"
	    "broken*) echo wrong options; exit 64;;\n"
	    "esac\n");

	t->settings.config.transport.method = TRANSPORT_SENDMAIL;
	t->settings.config.transport.sendmail = arena_printf(t->run.arena, "sh %s", path);
}

static struct deliver_report
must_deliver(struct flow_test *t, struct issue *issue, const struct deliver_options *o)
{
	const struct deliver_options all = { .only_to = NULL };
	struct deliver_report r;

	MUST(flow_deliver(&t->run, issue, o ? o : &all, &r, err));
	return r;
}

static void
count_states(struct flow_test *t, int64_t issue_id,
    int64_t by_state[DELIVERY_SKIPPED + 1])
{
	MUST(store_deliveries_count(t->run.store, issue_id, by_state, err));
}

static void
every_reader_gets_one_letter(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct issue stored;
	struct deliver_report r;
	int64_t by_state[DELIVERY_SKIPPED + 1];
	char path[300];

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "left@x.example", READER_LEFT);
	issue = approved_issue(&t);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("audience", r.audience, 2);
	SAME_INT("sent", r.sent, 2);
	SAME_INT("waiting", r.waiting, 0);
	SAME_INT("deferred", r.deferred + r.refused + r.unknown + r.recovered, 0);
	assert_true(r.finished && r.ms >= 0 && r.ms < 60000);
	count_states(&t, issue.id, by_state);
	SAME_INT("sent in the store", by_state[DELIVERY_SENT], 2);
	MUST(store_issue_find(t.run.store, t.run.arena, issue.name, &stored, err));
	SAME_INT("state", stored.state, ISSUE_SENT);
	assert_true(stored.sent >= NOW && stored.sent < NOW + 60);
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-1.eml", path)));
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-2.eml", path)));

	/* Nobody gets it twice, and who joins later gets the next one. */
	(void)add_reader(t.run.store, "new@x.example", READER_ACTIVE);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("again", r.sent + r.audience, 0);
	SAME_INT("finished", r.finished, 1);
	flow_end(&t);
}

static void
answers_are_written_down(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_SKIPPED + 1];

	(void)state;
	flow_begin(&t);
	use_program(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "no@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "later@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("sent", r.sent, 1);
	SAME_INT("refused", r.refused, 1);
	SAME_INT("deferred", r.deferred, 1);
	SAME_INT("waiting", r.waiting, 1);
	SAME_INT("finished", r.finished, 0);
	SAME_INT("state", issue.state, ISSUE_SENDING);
	count_states(&t, issue.id, by_state);
	SAME_INT("one of each", by_state[DELIVERY_SENT], 1);
	SAME_INT("one of each", by_state[DELIVERY_REFUSED], 1);
	SAME_INT("one of each", by_state[DELIVERY_DEFERRED], 1);

	/* Its time has not come. */
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("not yet", r.sent + r.deferred + r.refused, 0);
	t.run.now += 11 * 60;
	t.settings.config.transport.method = TRANSPORT_OUTBOX;
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("then", r.sent, 1);
	SAME_INT("state", issue.state, ISSUE_SENT);
	flow_end(&t);
}

static void
a_limit_leaves_the_rest_for_the_next_run(void **state)
{
	const struct deliver_options two = { .limit = 2 };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 5; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, &issue, &two);
	SAME_INT("sent", r.sent, 2);
	SAME_INT("waiting", r.waiting, 3);
	SAME_INT("state", issue.state, ISSUE_SENDING);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("the rest", r.sent, 3);
	flow_end(&t);
}

static void
an_interrupted_send_goes_on_where_it_stopped(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_SKIPPED + 1];

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	t.interrupt = true;
	t.questions_left = 3;
	r = must_deliver(&t, &issue, NULL);
	assert_true(r.sent > 0 && r.sent < 30);
	SAME_INT("waiting", r.waiting, 30 - r.sent);
	count_states(&t, issue.id, by_state);
	SAME_INT("what was not handed out is queued", by_state[DELIVERY_QUEUED],
	    30 - r.sent);
	SAME_INT("none is left in the air", by_state[DELIVERY_SENDING], 0);
	t.interrupt = false;
	SAME_INT("all", r.sent + must_deliver(&t, &issue, NULL).sent, 30);
	flow_end(&t);
}

static void
what_a_crash_left_is_unknown_and_not_sent_again(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	struct delivery *taken = NULL;
	size_t count = 0;
	int64_t queued = 0;
	int64_t by_state[DELIVERY_SKIPPED + 1];

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	MUST(flow_render_missing(&t.run, &issue, err));
	MUST(store_deliveries_queue(t.run.store, issue.id, NOW, false, false, &queued,
	    err));
	issue.state = ISSUE_SENDING;
	MUST(store_issue_update(t.run.store, &issue, err));
	MUST(store_deliveries_take(t.run.store, t.run.arena, issue.id, NOW, 1, &taken,
	    &count, err));
	SAME_INT("taken", count, 1);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("recovered", r.recovered, 1);
	SAME_INT("sent", r.sent, 1);
	count_states(&t, issue.id, by_state);
	SAME_INT("unknown", by_state[DELIVERY_UNKNOWN], 1);
	flow_end(&t);
}

/* ---- one address ---- */

static void
a_letter_to_one_address(void **state)
{
	const struct deliver_options one = { .only_to = "Me@x.example" };
	const struct deliver_options left = { .only_to = "left@x.example" };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	struct reader me;
	bool found = false;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "other@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "left@x.example", READER_LEFT);
	issue = approved_issue(&t);
	r = must_deliver(&t, &issue, &one);
	SAME_INT("audience", r.audience, 1);
	SAME_INT("sent", r.sent, 1);
	MUST(store_reader_find(t.run.store, t.run.arena, "me@x.example", &me, &found,
	    err));
	assert_true(found);
	SAME_TEXT("evidence", me.confirmed_by, "run --to");
	r = must_deliver(&t, &issue, &one);
	SAME_INT("not twice", r.sent, 0);
	MUST_FAIL(flow_deliver(&t.run, &issue, &left, &r, err), ERR_HUMAN,
	    "left@x.example is on the list as 'left'");
	flow_end(&t);
}

/* ---- a sudden crowd ---- */

static const struct {
	const char *name, *last;
	int audience;
	int64_t max_growth;
	bool accepted;
} growth_cases[] = {
	{ "the first issue", NULL, 60, 20, true },
	{ "fifty more are never too many", "1", 51, 20, true },
	{ "fifty-one more are", "1", 52, 20, false },
	{ "unless they are within the setting", "300", 360, 20, true },
	{ "and one more is not", "300", 361, 20, false },
	{ "fewer than before", "300", 10, 20, true },
};

static void
a_sudden_crowd_is_asked_about(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(growth_cases); i++) {
		const struct deliver_options first = { .limit = 1 };
		const struct deliver_options accept = { .limit = 1,
			.accept_growth = true };
		struct flow_test t;
		struct issue issue;
		struct deliver_report r;
		struct err why = ERR_INIT;
		const char *note = NULL;
		bool ok = false;

		flow_begin(&t);
		t.settings.config.approval.max_growth = growth_cases[i].max_growth;
		MUST(store_begin(t.run.store, err));
		for (int n = 0; n < growth_cases[i].audience; n++)
			(void)add_reader(t.run.store,
			    arena_printf(t.run.arena, "r%d@x.example", n), READER_ACTIVE);
		MUST(store_commit(t.run.store, err));
		issue = approved_issue(&t);
		if (growth_cases[i].last)
			MUST(store_note_set(t.run.store, "audience", growth_cases[i].last,
			    err));
		ok = flow_deliver(&t.run, &issue, &first, &r, &why);
		SAME_INT(growth_cases[i].name, ok, growth_cases[i].accepted);
		if (!ok) {
			SAME_INT(growth_cases[i].name, why.kind, ERR_HUMAN);
			assert_non_null(strstr(why.text, "the audience grew from"));
			SAME_INT("nothing is queued", r.audience, 0);
			SAME_INT("still approved", issue.state, ISSUE_APPROVED);
			SAME_INT("accepted", must_deliver(&t, &issue, &accept).sent, 1);
		}
		MUST(store_note_get(t.run.store, t.run.arena, "audience", &note, err));
		SAME_INT("written down", strtoll(note, NULL, 10),
		    growth_cases[i].audience);
		flow_end(&t);
	}
}

/* ---- what goes wrong ---- */

static void
a_letter_that_cannot_be_written_concerns_one_reader(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "not an address", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, &issue, NULL);
	SAME_INT("sent", r.sent, 1);
	SAME_INT("refused", r.refused, 1);
	assert_true(r.finished);
	flow_end(&t);
}

static void
a_transport_that_cannot_work_leaves_the_letters(void **state)
{
	const struct deliver_options all = { .only_to = NULL };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_SKIPPED + 1];

	(void)state;
	flow_begin(&t);
	use_program(&t);
	for (int i = 0; i < 3; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "broken%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	MUST_FAIL(flow_deliver(&t.run, &issue, &all, &r, err), ERR_PERMANENT,
	    "wrong options");
	SAME_INT("waiting", r.waiting, 3);
	count_states(&t, issue.id, by_state);
	SAME_INT("nothing is in the air", by_state[DELIVERY_SENDING], 0);
	SAME_INT("nothing is lost",
	    by_state[DELIVERY_QUEUED] + by_state[DELIVERY_DEFERRED], 3);
	flow_end(&t);
}

static void
what_is_wrong_is_told_before_anything_is_queued(void **state)
{
	const struct deliver_options all = { .only_to = NULL };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	t.settings.config.newsletter.from = "nobody";
	MUST_FAIL(flow_deliver(&t.run, &issue, &all, &r, err), ERR_INPUT,
	    "newsletter.from");
	SAME_INT("audience", r.audience, 0);
	SAME_INT("state", issue.state, ISSUE_APPROVED);
	t.settings.config.newsletter.from = "planet@example.net";
	t.settings.config.smtp.password_file = "/nowhere/at/all";
	MUST_FAIL(flow_deliver(&t.run, &issue, &all, &r, err), ERR_CONFIG,
	    "smtp.password_file");
	SAME_INT("waiting", r.waiting, 1);
	t.settings.config.smtp.password_file = "";
	SAME_INT("then it goes", must_deliver(&t, &issue, NULL).sent, 1);
	flow_end(&t);
}

static void
a_store_that_fails_ends_the_send(void **state)
{
	static const char *const tables[] = { "secret", "delivery", "reader", "issue",
		"note", "rendering" };
	const struct deliver_options all = { .only_to = NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		struct issue issue;
		struct deliver_report r;
		char sql[100];

		flow_begin(&t);
		(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
		issue = approved_issue(&t);
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		MUST_FAIL(flow_deliver(&t.run, &issue, &all, &r, err), ERR_BUG, "");
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		MUST(store_issue_find(t.run.store, t.run.arena, "2026-11-24", &issue,
		    err));
		SAME_INT(tables[i], must_deliver(&t, &issue, NULL).sent, 1);
		flow_end(&t);
	}
}

/* ---- batches ---- */

static void
batches_hand_out_each_letter_once(void **state)
{
	struct flow_test t;
	struct batches b = { .size = 0 };
	struct issue issue;
	struct delivery *d[3];
	struct delivery *none = NULL;
	int64_t queued = 0;
	int64_t by_state[DELIVERY_SKIPPED + 1];

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	MUST(store_deliveries_queue(t.run.store, issue.id, NOW, false, false, &queued,
	    err));
	MUST(batches_next(&b, &t.run, issue.id, 0, &none, err));
	assert_null(none);
	MUST(batches_next(&b, &t.run, issue.id, 2, &d[0], err));
	SAME_INT("the first batch is small", b.size, 20);
	MUST(batches_next(&b, &t.run, issue.id, 1, &d[1], err));
	assert_true(d[0] && d[1] && d[0]->id != d[1]->id);
	MUST(batches_next(&b, &t.run, issue.id, SIZE_MAX, &d[2], err));
	assert_true(d[2] && d[2]->id != d[1]->id);
	SAME_INT("a fast server gets more at once", b.size, 40);
	/* Letters of an old batch may be settled after those of a new one. */
	batches_settled(&b, d[2]);
	batches_settled(&b, d[0]);
	batches_settled(&b, d[1]);
	batches_settled(&b, d[1]); /* its batch is gone: nothing happens */
	MUST(batches_close(&b, &t.run, err));
	count_states(&t, issue.id, by_state);
	SAME_INT("handed out", by_state[DELIVERY_SENDING], 3);
	SAME_INT("given back", by_state[DELIVERY_QUEUED], 27);
	flow_end(&t);
}

static void
batches_adapt_to_the_speed_of_the_server(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		int64_t spent_ms;
		size_t want;
	} cases[] = {
		{ "fast", 100, 200, 200 },
		{ "fast, near the most", 300, 200, BATCH_MOST },
		{ "fast, at the most", BATCH_MOST, 0, BATCH_MOST },
		{ "as it should be", 100, 500, 100 },
		{ "slow", 100, 1500, 50 },
		{ "slow, near the least", 15, 1500, 10 },
		{ "slow, at the least", 10, 1500, 10 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct batches b = { .size = cases[i].size,
			.taken_ms = clock_ticks_ms() - cases[i].spent_ms };
		struct delivery *d = NULL;

		flow_begin(&t);
		MUST(batches_next(&b, &t.run, 1, SIZE_MAX, &d, err));
		assert_null(d);
		SAME_INT(cases[i].name, b.size, cases[i].want);
		MUST(batches_close(&b, &t.run, err));
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_answer_means),
		cmocka_unit_test(pauses_that_are_none),
		cmocka_unit_test(every_reader_gets_one_letter),
		cmocka_unit_test(answers_are_written_down),
		cmocka_unit_test(a_limit_leaves_the_rest_for_the_next_run),
		cmocka_unit_test(an_interrupted_send_goes_on_where_it_stopped),
		cmocka_unit_test(what_a_crash_left_is_unknown_and_not_sent_again),
		cmocka_unit_test(a_letter_to_one_address),
		cmocka_unit_test(a_sudden_crowd_is_asked_about),
		cmocka_unit_test(a_letter_that_cannot_be_written_concerns_one_reader),
		cmocka_unit_test(a_transport_that_cannot_work_leaves_the_letters),
		cmocka_unit_test(what_is_wrong_is_told_before_anything_is_queued),
		cmocka_unit_test(a_store_that_fails_ends_the_send),
		cmocka_unit_test(batches_hand_out_each_letter_once),
		cmocka_unit_test(batches_adapt_to_the_speed_of_the_server),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
