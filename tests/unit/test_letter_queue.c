/* SPDX-License-Identifier: ISC */
/* Who gets a letter now: a sudden crowd, holds that end, letters overtaken, open slots. */
#include "unit/issue_fixture.h"

#include "flow/reader_moves.h"
#include "store/notes.h"
#include "store/reader_history.h"
#include "store/transactions.h"

/* NOW is Tuesday 2026-11-24 06:00 UTC; the newsletter comes daily at 07:00. */
enum { DAY = 86400, HOUR = 3600 };

static struct reader
reload(struct flow_test *t, int64_t id)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_get(t->run.store, t->run.arena, id, &r, &found, err));
	assert_true(found);
	return r;
}

/* The span of a reader's letter as "after-last state", or "none". */
static const char *
letter_of(struct flow_test *t, int64_t number, int64_t reader_id)
{
	static const char *const words[DELIVERY_STATES] = { "queued", "sending", "sent",
		"deferred", "refused", "unknown", "skipped", "withdrawn" };
	struct delivery d;
	bool found = false;

	MUST(store_delivery_ending(t->run.store, t->run.arena, number, reader_id, 1, &d,
	    &found, err));
	return found ? arena_printf(t->run.arena, "%lld-%lld %s", (long long)d.span.after,
			   (long long)d.span.last, words[d.state])
		     : "none";
}

static int64_t
join(struct flow_test *t, const char *address, enum rhythm rhythm, const char *sources)
{
	const struct reader_move asked = { EVENT_IMPORT, CAUSE_LIST, "form", NULL };
	struct reader r = make_reader(address, READER_ACTIVE);

	r.cadence.rhythm = rhythm;
	if (rhythm == RHYTHM_WEEKLY)
		r.cadence.day = 1;
	r.variant.sources = sources;
	MUST(flow_reader_add(&t->run, &r, &asked, err));
	return r.id;
}

/* An issue of the day, with a post of each source. */
static struct span
approve(struct flow_test *t, const char *name, const int64_t *sources, size_t count)
{
	struct issue i = { .name = name,
		.state = ISSUE_DRAFT,
		.date = t->run.now,
		.created = t->run.now,
		.approved = TIME_NONE,
		.sent = TIME_NONE };
	int64_t entries[4];

	MUST(store_issue_add(t->run.store, &i, err));
	for (size_t n = 0; n < count; n++)
		entries[n] = add_full_post(t, sources[n],
		    arena_printf(t->run.arena, "%s-%zu", name, n), t->run.now - HOUR);
	MUST(store_issue_fill(t->run.store, i.id, entries, count, err));
	MUST(store_issue_number(t->run.store, &i, err));
	i.state = ISSUE_APPROVED;
	i.approved = t->run.now;
	MUST(store_issue_update(t->run.store, &i, err));
	return (struct span){ i.number - 1, i.number, i.id };
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
		struct flow_test t;
		struct queue_report q;
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
		(void)add_reader(t.run.store, "hold@x.example", READER_HOLD);
		(void)approve_issue(t.run.store, "1", NOW);
		if (growth_cases[i].last)
			MUST(store_note_set(t.run.store, "audience", growth_cases[i].last,
			    err));
		ok = flow_letters_queue(&t.run, false, &q, &why);
		SAME_INT(growth_cases[i].name, ok, growth_cases[i].accepted);
		if (!ok) {
			SAME_INT(growth_cases[i].name, why.kind, ERR_HUMAN);
			assert_non_null(strstr(why.text, "the audience grew from"));
			/* The last issue is the one before, which was sent. */
			SAME_TEXT("which to send", why.hint, "next");
			SAME_INT("nothing is queued", q.queued, 0);
			MUST(flow_letters_queue(&t.run, true, &q, err));
		}
		SAME_INT(growth_cases[i].name, q.queued, growth_cases[i].audience);
		MUST(store_note_get(t.run.store, t.run.arena, "audience", &note, err));
		SAME_INT("written down", strtoll(note, NULL, 10),
		    growth_cases[i].audience);
		SAME_INT("and asked once", must_queue(&t).queued, 0);
		flow_end(&t);
	}
}

static void
weekly_readers_who_are_due_are_no_crowd(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	MUST(store_begin(t.run.store, err));
	for (int n = 0; n < 100; n++)
		(void)join(&t, arena_printf(t.run.arena, "w%d@x.example", n),
		    RHYTHM_WEEKLY, "*");
	MUST(store_commit(t.run.store, err));
	(void)join(&t, "each@x.example", RHYTHM_EACH, "*");
	(void)approve_issue(t.run.store, "1", t.run.now);
	SAME_INT("on Tuesday one", must_queue(&t).queued, 1);
	t.run.now = NOW + 6 * DAY + HOUR;
	(void)approve_issue(t.run.store, "2", t.run.now);
	SAME_INT("on Monday all", must_queue(&t).queued, 101);
	flow_end(&t);
}

/* ---- nothing to do ---- */

static void
without_an_issue_nobody_is_due(void **state)
{
	struct flow_test t;
	struct queue_report q;

	(void)state;
	flow_begin(&t);
	(void)join(&t, "a@x.example", RHYTHM_EACH, "*");
	q = must_queue(&t);
	SAME_INT("no issue", q.queued + q.nothing + q.withdrawn + q.resumed, 0);
	(void)add_issue(t.run.store, "draft", ISSUE_DRAFT);
	SAME_INT("a draft", must_queue(&t).queued, 0);
	(void)approve_issue(t.run.store, "1", NOW);
	SAME_INT("an issue", must_queue(&t).queued, 1);
	/* When all have theirs, nothing is even written. */
	flow_break_store(&t);
	SAME_INT("again", must_queue(&t).queued, 0);
	flow_mend_store(&t);
	flow_end(&t);
}

/* ---- rhythms ---- */

static void
a_slot_without_an_issue_stays_open(void **state)
{
	struct flow_test t;
	struct span first;
	struct span second;
	int64_t id = 0;

	(void)state;
	flow_begin(&t);
	id = join(&t, "a@x.example", RHYTHM_WEEKLY, "*");
	SAME_INT("due on Monday", reload(&t, id).due, NOW + 6 * DAY + HOUR);
	first = approve_issue(t.run.store, "1", NOW);
	SAME_INT("before it", must_queue(&t).queued, 0);
	t.run.now = NOW + 6 * DAY + HOUR - 1;
	SAME_INT("a second before it", must_queue(&t).queued, 0);
	t.run.now++;
	SAME_INT("on Monday", must_queue(&t).queued, 1);
	SAME_TEXT("all of the week", letter_of(&t, first.last, id), "0-1 queued");
	SAME_INT("the next Monday", reload(&t, id).due, NOW + 13 * DAY + HOUR);

	t.run.now = NOW + 13 * DAY + HOUR;
	SAME_INT("no newer issue", must_queue(&t).queued, 0);
	SAME_INT("open: with the next issue", reload(&t, id).due, TIME_NONE);
	t.run.now += 3 * DAY;
	second = approve_issue(t.run.store, "2", t.run.now);
	SAME_INT("on Thursday", must_queue(&t).queued, 1);
	SAME_TEXT("withdrawn, and in the new one", letter_of(&t, first.last, id),
	    "0-1 withdrawn");
	SAME_TEXT("the new one", letter_of(&t, second.last, id), "0-2 queued");
	SAME_INT("then the Monday behind it", reload(&t, id).due, NOW + 20 * DAY + HOUR);
	flow_end(&t);
}

static void
nothing_for_them_moves_the_watermark(void **state)
{
	struct flow_test t;
	struct queue_report q;
	struct span first;
	struct span second;
	int64_t sources[2];
	int64_t only_a = 0;
	int64_t but_a = 0;
	int64_t all = 0;

	(void)state;
	flow_begin(&t);
	sources[0] = add_source(t.run.store, "a");
	sources[1] = add_source(t.run.store, "b");
	only_a = join(&t, "only@x.example", RHYTHM_EACH, "+1");
	but_a = join(&t, "but@x.example", RHYTHM_EACH, "-1");
	all = join(&t, "all@x.example", RHYTHM_EACH, "*");
	first = approve(&t, "1", sources, 1);
	q = must_queue(&t);
	SAME_INT("letters", q.queued, 2);
	SAME_INT("nothing for one", q.nothing, 1);
	SAME_TEXT("only a", letter_of(&t, first.last, only_a), "0-1 queued");
	SAME_TEXT("all but a", letter_of(&t, first.last, but_a), "none");
	SAME_INT("who has had it all the same", reload(&t, but_a).last_issue, 1);
	SAME_TEXT("all", letter_of(&t, first.last, all), "0-1 queued");
	MUST(db_exec(t.run.store, "UPDATE delivery SET state = 2", err));
	second = approve(&t, "2", sources + 1, 1);
	q = must_queue(&t);
	SAME_INT("letters", q.queued * 10 + q.nothing, 21);
	SAME_TEXT("only a", letter_of(&t, second.last, only_a), "none");
	SAME_TEXT("all but a", letter_of(&t, second.last, but_a), "1-2 queued");
	flow_end(&t);
}

/* ---- holds that end ---- */

static void
a_hold_ends_by_itself(void **state)
{
	const struct reader_move hold = { EVENT_HOLD, CAUSE_COMMAND, NULL, NULL };
	struct flow_test t;
	struct queue_report q;
	struct span last;
	struct reader catches_up;
	struct reader skips;
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	(void)state;
	flow_begin(&t);
	catches_up = reload(&t, join(&t, "catch@x.example", RHYTHM_EACH, "*"));
	skips = reload(&t, join(&t, "skip@x.example", RHYTHM_EACH, "*"));
	catches_up.hold_until = skips.hold_until = NOW + 2 * DAY;
	skips.hold_skip = true;
	MUST(flow_reader_move(&t.run, &catches_up, &hold, err));
	MUST(flow_reader_move(&t.run, &skips, &hold, err));
	(void)approve_issue(t.run.store, "1", NOW);
	q = must_queue(&t);
	SAME_INT("nobody while on hold", q.queued + q.nothing + q.resumed, 0);
	t.run.now = NOW + 3 * DAY;
	last = approve_issue(t.run.store, "2", NOW + 3 * DAY);
	q = must_queue(&t);
	SAME_INT("both are back", q.resumed, 2);
	SAME_INT("both get a letter", q.queued, 2);
	SAME_TEXT("of all that was missed", letter_of(&t, last.last, catches_up.id),
	    "0-2 queued");
	SAME_TEXT("of what came after the hold", letter_of(&t, last.last, skips.id),
	    "1-2 queued");
	skips = reload(&t, skips.id);
	SAME_INT("active", skips.state, READER_ACTIVE);
	SAME_INT("with all others again", skips.due, TIME_NONE);
	MUST(store_history(t.run.store, t.run.arena, skips.id, &lines, &count, err));
	SAME_INT("import, hold, resume", count, 3);
	SAME_INT("resumed", lines[2].event, EVENT_RESUME);
	SAME_INT("by time", lines[2].cause, CAUSE_RUN);
	SAME_TEXT("why", lines[2].detail, "the hold ended");
	flow_end(&t);
}

/* In portions of five hundred: the last may be whole, or have one. */
static void
however_many_holds_end_all_are_back(void **state)
{
	static const int counts[] = { 499, 500, 501 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct flow_test t;

		flow_begin(&t);
		MUST(store_begin(t.run.store, err));
		for (int n = 0; n <= counts[i]; n++)
			(void)add_reader(t.run.store,
			    arena_printf(t.run.arena, "r%d@x.example", n), READER_HOLD);
		/* All but the first. */
		MUST(db_exec(t.run.store,
		    "UPDATE reader SET hold_until = 1795500000, due = 1795500000"
		    " WHERE id > 1",
		    err));
		MUST(store_commit(t.run.store, err));
		SAME_INT("back", must_queue(&t).resumed, counts[i]);
		SAME_INT("once", must_queue(&t).resumed, 0);
		flow_end(&t);
	}
}

/* ---- letters overtaken ---- */

static void
what_waits_goes_into_the_next_letter(void **state)
{
	static const struct {
		enum delivery_state was;
		const char *old, *next;
		int64_t withdrawn;
	} cases[] = {
		{ DELIVERY_QUEUED, "0-1 withdrawn", "0-2 queued", 1 },
		{ DELIVERY_DEFERRED, "0-1 withdrawn", "0-2 queued", 1 },
		{ DELIVERY_SENT, "0-1 sent", "1-2 queued", 0 },
		{ DELIVERY_REFUSED, "0-1 refused", "1-2 queued", 0 },
		{ DELIVERY_UNKNOWN, "0-1 unknown", "1-2 queued", 0 },
		{ DELIVERY_SENDING, "0-1 sending", "1-2 queued", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct span first;
		struct span second;
		int64_t id = 0;
		char sql[100];

		flow_begin(&t);
		id = join(&t, "a@x.example", RHYTHM_EACH, "*");
		first = approve_issue(t.run.store, "1", NOW);
		SAME_INT(cases[i].old, must_queue(&t).queued, 1);
		snprintf(sql, sizeof(sql), "UPDATE delivery SET state = %d",
		    (int)cases[i].was);
		MUST(db_exec(t.run.store, sql, err));
		second = approve_issue(t.run.store, "2", NOW + 1);
		SAME_INT(cases[i].old, must_queue(&t).withdrawn, cases[i].withdrawn);
		SAME_TEXT("the old one", letter_of(&t, first.last, id), cases[i].old);
		SAME_TEXT("the next", letter_of(&t, second.last, id), cases[i].next);
		flow_end(&t);
	}
}

static void
a_store_that_fails_queues_nothing_twice(void **state)
{
	static const char *const tables[] = { "note", "reader", "issue", "delivery",
		"cadence" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		struct queue_report q;
		struct err why = ERR_INIT;
		char sql[100];

		flow_begin(&t);
		(void)join(&t, "a@x.example", RHYTHM_EACH, "*");
		(void)approve_issue(t.run.store, "1", NOW);
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], flow_letters_queue(&t.run, false, &q, &why), 0);
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], must_queue(&t).queued, 1);
		SAME_INT(tables[i], must_queue(&t).queued, 0);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sudden_crowd_is_asked_about),
		cmocka_unit_test(weekly_readers_who_are_due_are_no_crowd),
		cmocka_unit_test(without_an_issue_nobody_is_due),
		cmocka_unit_test(a_slot_without_an_issue_stays_open),
		cmocka_unit_test(nothing_for_them_moves_the_watermark),
		cmocka_unit_test(a_hold_ends_by_itself),
		cmocka_unit_test(however_many_holds_end_all_are_back),
		cmocka_unit_test(what_waits_goes_into_the_next_letter),
		cmocka_unit_test(a_store_that_fails_queues_nothing_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
