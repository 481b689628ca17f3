/* SPDX-License-Identifier: ISC */
/*
 * A send, a batch of letters and a round over feeds, each on a database of which one row cannot
 * be read or written: the first, then the second, until there are no more.  None says then that
 * it is done, and none leaves anything out.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"
#include "unit/issue_fixture.h"

#include "base/attr.h"
#include "flow/deliver.h"
#include "flow/delivery_batches.h"
#include "flow/gather.h"
#include "flow/notice_letters.h"
#include "flow/source_lists.h"

enum { ANN = 1, BO = 2 };

static void
run_sql(struct flow_test *t, const char *sql)
{
	MUST(db_exec(t->run.store, sql, err));
}

/* ---- letters that go ----------------------------------------------------------------- */

/* One of two readers has no address: their letter is refused.  A notice waits too. */
static void
begin_sending(struct flow_test *t)
{
	const struct notice_order o = { .kind = NOTICE_KEEPER,
		.address = "keeper@x.example",
		.asked = TIME_NONE,
		.number = 7 };
	char journal[300];

	flow_begin(t);
	t->run.journal_path =
	    arena_strdup(t->run.arena, in_folder(t->folder, "journal", journal));
	t->run.boot = "boot one";
	assert_int_equal(add_reader(t->run.store, "ann@x.example", READER_ACTIVE), ANN);
	assert_int_equal(add_reader(t->run.store, "no address", READER_ACTIVE), BO);
	(void)approved_issue(t);
	SAME_INT("queued", must_queue(t).queued, 2);
	MUST(flow_notice_queue(&t->run, &o, err));
}

/* As if none had gone. */
static void
put_back(struct flow_test *t)
{
	(void)unlink(t->run.journal_path);
	run_sql(t,
	    "UPDATE delivery SET state = 0, attempts = 0, next_try = NULL,"
	    " settled = NULL, status = NULL, reply = NULL");
	run_sql(t, "UPDATE notice SET state = 0, attempts = 0, next_try = NULL");
	run_sql(t, "UPDATE issue SET state = 2, sent = NULL");
	run_sql(t, "DELETE FROM bounce");
	remove_files(t->settings.config.transport.outbox);
	run_sql(t, "DELETE FROM bounce_standing");
}

static int64_t
number(struct flow_test *t, const char *query)
{
	int64_t n = 0;

	MUST(db_number(t->run.store, query, &n, err));
	return n;
}

/* What a send that is done has done: a notice, a letter, a refusal that is judged. */
static void
expect_all_gone(struct flow_test *t, const struct deliver_report *r, long step)
{
	const char *name = arena_printf(t->run.arena, "without step %ld", step);

	SAME_INT(name, r->sent, 2);
	SAME_INT(name, r->refused, 1);
	SAME_INT(name, r->waiting, 0);
	SAME_INT(name, r->issue_count, 2);
	SAME_INT(name, r->issues[0].issue_id, 0);
	SAME_TEXT(name, r->issues[1].name, "2026-11-24");
	SAME_INT(name, number(t, "SELECT COUNT(*) FROM delivery WHERE state = 2"), 1);
	SAME_INT(name, number(t, "SELECT COUNT(*) FROM delivery WHERE state = 4"), 1);
	SAME_INT(name, number(t, "SELECT COUNT(*) FROM notice WHERE state = 0"), 0);
	SAME_INT(name, number(t, "SELECT state FROM issue"), ISSUE_SENT);
	SAME_INT(name, number(t, "SELECT COUNT(*) FROM bounce WHERE reader_id = 2"), 1);
}

static void
a_send_that_fails_says_so(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	bool all_taken = false;

	(void)state;
	begin_sending(&t);
	for (long step = 0; !all_taken; step++) {
		struct deliver_report r;
		struct err why = ERR_INIT;
		bool ok = false;

		put_back(&t);
		steps = 0;
		fails = step;
		ok = flow_deliver(&t.run, &all, &r, &why);
		fails = -1;
		all_taken = steps <= step;
		if (ok == err_is_set(&why) || db_in_transaction(t.run.store))
			fail_msg("without step %ld: %d, %s", step, ok, why.text);
		if (ok)
			expect_all_gone(&t, &r, step);
		else if (all_taken)
			fail_msg("fails without a reason: %s", why.text);
	}
	flow_end(&t);
}

/* ---- letters that are taken ----------------------------------------------------------- */

/* In a file, so that somebody else may write beside the run. */
static struct store *
move_to_file(struct flow_test *t)
{
	struct store_options o = open_options(STORE_CREATE);
	char path[300];
	struct store *other = NULL;

	close_store(t->run.store);
	in_folder(t->folder, "db", path);
	MUST((t->run.store = store_open(path, &o, err)) != NULL);
	o.mode = STORE_WRITE;
	MUST((other = store_open(path, &o, err)) != NULL);
	return other;
}

static const struct {
	const char *name, *sql; /* what somebody else writes when one of three is out */
	bool goes;              /* the next one */

} meanwhile[] = {
	{ "the issue is paused", "UPDATE issue SET state = 3", false },
	{ "the next one left", "UPDATE reader SET state = 4 WHERE id = 2", true },
	{ "nothing of theirs", "DELETE FROM note WHERE name = 'none'", true },
};

/* True when it took no more steps than that. */
static bool
look_again_without(size_t i, long step)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct batches b = { .size = 0 };
	struct err why = ERR_INIT;
	struct delivery *d = NULL;
	struct flow_test t;
	struct store *other = NULL;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];
	bool ok = false;

	flow_begin(&t);
	other = move_to_file(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "c@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 3);
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	MUST(db_exec(other, meanwhile[i].sql, err));
	steps = 0;
	fails = step;
	ok = batches_next(&b, &t.run, &all, SIZE_MAX, &d, &why);
	fails = -1;
	if (ok != (steps <= step) || ok == err_is_set(&why))
		fail_msg("%s: %d without step %ld: %s", meanwhile[i].name, ok, step,
		    why.text);
	if (ok)
		SAME_INT(meanwhile[i].name, d != NULL, meanwhile[i].goes);
	count_states(&t, issue.id, by_state);
	if (ok && !meanwhile[i].goes)
		SAME_INT("put back", by_state[DELIVERY_QUEUED], 2);
	MUST(batches_close(&b, &t.run, err));
	count_states(&t, issue.id, by_state);
	SAME_INT("handed out", by_state[DELIVERY_SENDING], ok && d ? 2 : 1);
	close_store(other);
	flow_end(&t);
	return ok;
}

static void
who_may_not_get_it_any_more_is_seen_or_the_send_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(meanwhile); i++) {
		bool done = false;

		for (long step = 0; !done; step++)
			done = look_again_without(i, step);
	}
}

/* ---- feeds that are asked ------------------------------------------------------------- */

static void
write_feed(struct flow_test *t, const char *name, long number)
{
	(void)flow_write(t, name,
	    arena_printf(t->run.arena,
		"<rss version='2.0'><channel><title>%s</title>"
		"<link>https://%s.example/</link><item><title>Post %ld</title>"
		"<link>https://%s.example/%ld</link><description>Words of %ld.</description>"
		"</item></channel></rss>",
		name, name, number, name, number, number));
}

/* A feed with a post, and one that is not there; true when it took no more steps than that. */
static bool
gather_without(long step)
{
	const struct gather_options all = { NULL, 0, false };
	struct listed_feed specs[2];
	struct err why = ERR_INIT;
	struct gather_report r;
	struct flow_test t;
	bool done = false;

	flow_begin(&t);
	t.settings.config.fetch.allow_files = true;
	t.settings.config.fetch.host_pause_ms = 0;
	t.settings.sources = specs;
	t.settings.source_count = ARRAY_LEN(specs);
	for (size_t i = 0; i < ARRAY_LEN(specs); i++)
		specs[i] = (struct listed_feed){ .key = i == 0 ? "a" : "missing",
			.url = arena_printf(t.run.arena, "file://%s/%s", t.folder,
			    i == 0 ? "a" : "missing"),
			.max_per_feed = -1 };
	write_feed(&t, "a", 1);
	MUST(flow_sources_sync(&t.run, err));
	steps = 0;
	fails = step;
	done = flow_gather(&t.run, &all, &r, &why);
	fails = -1;
	if (done != (steps <= step) || done == err_is_set(&why) ||
	    db_in_transaction(t.run.store))
		fail_msg("round: %d without step %ld of %ld: %s", done, step, steps,
		    why.text);
	if (done) {
		SAME_INT("new", r.entries_new, 1);
		SAME_INT("failed", r.failed, 1);
	}
	flow_end(&t);
	return done;
}

static void
a_round_that_fails_says_so(void **state)
{
	bool done = false;

	(void)state;
	for (long step = 0; !done; step++)
		done = gather_without(step);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_send_that_fails_says_so),
		cmocka_unit_test(who_may_not_get_it_any_more_is_seen_or_the_send_ends),
		cmocka_unit_test(a_round_that_fails_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
