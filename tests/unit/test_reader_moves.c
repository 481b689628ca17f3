/* SPDX-License-Identifier: ISC */
/* What each move does to a reader: state, watermark, instant of the next letter, history. */
#include "unit/flow_fixture.h"

#include "flow/reader_moves.h"
#include "model/names.h"
#include "store/deliveries.h"
#include "store/reader_history.h"

/*
 * NOW is Tuesday 2026-11-24 06:00 UTC; the newsletter comes daily at 07:00, weekly letters on
 * Mondays.  Issue n of nine was approved 10 - n days ago.
 */
enum { DAY = 86400, HOUR = 3600, EVENTS = EVENT_FORGET + 1 };
static const int64_t monday_at_seven = NOW + 6 * DAY + HOUR;

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.list.welcome = false;
	for (int n = 1; n <= 9; n++)
		(void)approve_issue(t->run.store, arena_printf(t->run.arena, "%d", n),
		    NOW - (10 - n) * INT64_C(86400));
}

/* A reader who has had four issues; on hold until tomorrow when on hold. */
static struct reader
stored_reader(struct flow_test *t, enum reader_state state)
{
	struct reader r = make_reader("a@x.example", state);

	r.last_issue = 4;
	r.confirmed = NOW - 20 * DAY;
	r.confirmed_by = "form";
	if (state == READER_HOLD)
		r.due = r.hold_until = NOW + DAY;
	MUST(store_reader_add(t->run.store, &r, err));
	return r;
}

static struct reader
reload(struct flow_test *t, int64_t id)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_get(t->run.store, t->run.arena, id, &r, &found, err));
	assert_true(found);
	return r;
}

static struct reader
must_move(struct flow_test *t, struct reader *r, enum reader_event event)
{
	const struct reader_move m = { event, CAUSE_COMMAND, NULL, NULL };

	MUST(flow_reader_move(&t->run, r, &m, err));
	return reload(t, r->id);
}

static size_t
history_of(struct flow_test *t, int64_t id, struct reader_event_line **lines)
{
	size_t count = 0;

	MUST(store_history(t->run.store, t->run.arena, id, lines, &count, err));
	return count;
}

/* ---- which moves there are ---- */

/* Columns: ask confirm leave remove hold resume bounce erase import edit undo
 * forget. */
static const struct {
	enum reader_state from;
	const char *to; /* first letter of the state after it; . = not a legal move */
} legal[] = {
	{ READER_PENDING, "PALR...EAP.E" },
	{ READER_ACTIVE, ".ALRHABEAA.." },
	{ READER_HOLD, "..LRHABEHH.." },
	{ READER_BOUNCED, "BALR.ABEBB.." },
	{ READER_LEFT, "LALR...E..A." },
	{ READER_REMOVED, "RALR...E..A." },
};

static const char letters_of_states[] = { 'P', 'A', 'H', 'B', 'L', 'R', 'E' };

static void
check_effect(const char *name, const struct reader *was, const struct reader *is,
    enum reader_event event)
{
	const bool returns = event == EVENT_UNDO || was->state == READER_HOLD ||
	    was->state == READER_BOUNCED;
	const bool is_active = is->state == READER_ACTIVE;
	const bool begins = is_active && was->state != READER_ACTIVE && !returns;

	/* Whoever begins gets what comes from now on; all others miss nothing. */
	SAME_INT(name, is->last_issue, begins ? 9 : 4);
	if (is->state == READER_HOLD)
		SAME_INT(name, is->due, is->hold_until);
	else
		SAME_INT(name, is->due, is_active && returns ? NOW : TIME_NONE);
	if (is->state == READER_REMOVED || is->state == READER_LEFT) {
		SAME_INT(name, is->hold_until, was->hold_until);
	} else if (is->state != READER_HOLD) {
		SAME_INT(name, is->hold_until, TIME_NONE);
		SAME_INT(name, is->hold_skip, 0);
	}
}

static void
try_move(enum reader_state from, enum reader_event event, char to)
{
	const struct reader_move m = { event, CAUSE_PAGE, "a page", "detail" };
	struct flow_test t;
	struct reader_event_line *lines = NULL;
	struct reader was;
	struct reader r;
	struct err why = ERR_INIT;
	char name[80];
	bool ok = false;

	begin(&t);
	snprintf(name, sizeof(name), "%s, %s", reader_state_name(from),
	    reader_event_name(event));
	was = r = stored_reader(&t, from);
	ok = flow_reader_move(&t.run, &r, &m, &why);
	SAME_INT(name, ok, to != '.');
	r = reload(&t, was.id);
	if (!ok) {
		SAME_INT(name, why.kind, ERR_INPUT);
		SAME_INT(name, r.state, from);
		SAME_INT(name, history_of(&t, r.id, &lines), 0);
	} else if (to == 'E') {
		SAME_INT(name, r.state, READER_ERASED);
		assert_null(r.address);
		SAME_INT(name, history_of(&t, r.id, &lines), 0);
	} else {
		SAME_INT(name, letters_of_states[r.state], to);
		check_effect(name, &was, &r, event);
		SAME_INT(name, history_of(&t, r.id, &lines), 1);
		SAME_INT(name, lines->at, NOW);
		SAME_INT(name, lines->event, event);
		SAME_INT(name, lines->cause, CAUSE_PAGE);
		SAME_INT(name, lines->state, r.state);
		SAME_TEXT(name, lines->evidence, "a page");
		SAME_TEXT(name, lines->detail, "detail");
	}
	flow_end(&t);
}

static void
each_move_is_legal_or_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(legal); i++) {
		SAME_INT("a column for each event", strlen(legal[i].to), EVENTS);
		for (int event = 0; event < EVENTS; event++)
			try_move(legal[i].from, (enum reader_event)event,
			    legal[i].to[event]);
	}
}

static void
evidence_is_kept_with_the_move_that_brought_it(void **state)
{
	const struct reader_move confirm = { EVENT_CONFIRM, CAUSE_MAIL, "their letter",
		NULL };
	const struct reader_move edit = { EVENT_EDIT, CAUSE_PAGE, "their page", NULL };
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	r = stored_reader(&t, READER_LEFT);
	MUST(flow_reader_move(&t.run, &r, &confirm, err));
	r = reload(&t, r.id);
	SAME_TEXT("confirmed by", r.confirmed_by, "their letter");
	SAME_INT("since", r.confirmed, NOW);
	t.run.now += DAY;
	MUST(flow_reader_move(&t.run, &r, &edit, err));
	MUST(flow_reader_move(&t.run, &r, &confirm, err));
	r = reload(&t, r.id);
	SAME_TEXT("an edit is no consent", r.confirmed_by, "their letter");
	SAME_INT("who confirms again read since then", r.confirmed, NOW);
	flow_end(&t);
}

/* ---- holds ---- */

static void
a_hold_is_caught_up_or_skipped(void **state)
{
	static const struct {
		const char *name;
		bool skip;
		int64_t until, last_issue;
	} cases[] = {
		{ "caught up", false, TIME_NONE, 4 },
		{ "caught up, ended by itself", false, NOW - 3 * DAY, 4 },
		{ "skipped", true, TIME_NONE, 9 },
		{ "skipped to the end of the hold", true, NOW - 3 * DAY, 7 },
		{ "skipped, an issue at the very end", true, NOW - 3 * DAY - 1, 6 },
		{ "skipped, and back before its end", true, NOW + 3 * DAY, 9 },
		{ "a hold that ended before what they had", true, NOW - 8 * DAY, 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct reader r;

		begin(&t);
		r = stored_reader(&t, READER_HOLD);
		r.hold_until = cases[i].until;
		r.hold_skip = cases[i].skip;
		r = must_move(&t, &r, EVENT_RESUME);
		SAME_INT(cases[i].name, r.last_issue, cases[i].last_issue);
		SAME_INT(cases[i].name, r.due, NOW);
		SAME_INT(cases[i].name, r.hold_skip, 0);
		flow_end(&t);
	}
}

static void
whoever_reads_already_is_not_resumed(void **state)
{
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	r = stored_reader(&t, READER_ACTIVE);
	r.hold_skip = true;
	r = must_move(&t, &r, EVENT_RESUME);
	SAME_INT("nothing is skipped", r.last_issue, 4);
	SAME_INT("nor later", r.hold_skip, 0);
	flow_end(&t);
}

/* ---- a removal taken back ---- */

static void
a_removal_taken_back_restores_what_was(void **state)
{
	static const enum reader_state states[] = { READER_PENDING, READER_ACTIVE,
		READER_HOLD, READER_BOUNCED };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		const char *name = reader_state_name(states[i]);
		struct flow_test t;
		struct reader r;

		begin(&t);
		r = make_reader("a@x.example", states[i]);
		if (states[i] == READER_HOLD) {
			r.hold_until = NOW + DAY;
			r.hold_skip = true;
		}
		r.last_issue = 4;
		MUST(store_reader_add(t.run.store, &r, err));
		{
			const struct reader_event_line line = { .at = NOW,
				.event = EVENT_ASK,
				.cause = CAUSE_PAGE,
				.state = states[i] };

			MUST(store_history_add(t.run.store, r.id, &line, err));
		}
		r = must_move(&t, &r, EVENT_REMOVE);
		SAME_INT(name, r.due, TIME_NONE);
		r = must_move(&t, &r, EVENT_REMOVE);
		r = must_move(&t, &r, EVENT_UNDO);
		SAME_INT(name, r.state, states[i]);
		SAME_INT(name, r.last_issue, 4);
		SAME_INT(name, r.hold_skip, states[i] == READER_HOLD);
		SAME_INT(name, r.hold_until,
		    states[i] == READER_HOLD ? NOW + DAY : TIME_NONE);
		flow_end(&t);
	}
}

/* ---- rhythms ---- */

static void
a_new_rhythm_has_a_new_instant(void **state)
{
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	r = stored_reader(&t, READER_ACTIVE);
	r.cadence.rhythm = RHYTHM_WEEKLY;
	r.cadence.day = CADENCE_ANY;
	r = must_move(&t, &r, EVENT_EDIT);
	SAME_INT("the newsletter's day and hour", r.due, monday_at_seven);
	SAME_INT("nothing is lost", r.last_issue, 4);
	r.cadence.day = 3;
	r.cadence.minute = 5 * 60 + 30;
	r.cadence.zone = "Asia/Kolkata"; /* UTC+5:30: Wednesday 00:00 UTC */
	r = must_move(&t, &r, EVENT_EDIT);
	SAME_INT("a day, hour and zone of one's own", r.due, NOW + 18 * HOUR);
	r.variant.format = FORMAT_TEXT;
	r.due = NOW - DAY;
	r = must_move(&t, &r, EVENT_EDIT);
	SAME_INT("other wishes leave an open slot open", r.due, NOW - DAY);
	SAME_INT("and are kept", r.variant.format, FORMAT_TEXT);
	r = must_move(&t, &r, EVENT_HOLD);
	SAME_INT("without an end", r.due, TIME_NONE);
	r = must_move(&t, &r, EVENT_RESUME);
	SAME_INT("back from a hold at the next slot", r.due, NOW + 18 * HOUR);
	r.cadence = (struct cadence){ RHYTHM_EACH, 0, CADENCE_ANY, NULL };
	r = must_move(&t, &r, EVENT_EDIT);
	SAME_INT("each issue: what they have not had, at once", r.due, NOW);
	r.cadence.rhythm = RHYTHM_DAILY;
	r.cadence.zone = "Nowhere/At_All";
	MUST_FAIL(flow_reader_move(&t.run, &r,
		      &(struct reader_move){ EVENT_EDIT, CAUSE_COMMAND, NULL, NULL },
		      err),
	    ERR_CONFIG, "Nowhere/At_All");
	flow_end(&t);
}

/* ---- what waits ---- */

static enum delivery_state
letter_state(struct flow_test *t, int64_t number, int64_t reader_id, int64_t *after)
{
	struct delivery d;
	bool found = false;

	MUST(store_delivery_ending(t->run.store, t->run.arena, number, reader_id, 1, &d,
	    &found, err));
	assert_true(found);
	*after = d.span.after;
	return d.state;
}

static void
what_waits_is_taken_back_from_who_stops(void **state)
{
	static const struct {
		enum reader_event event;
		enum delivery_state letter;
		int64_t last_issue;
	} cases[] = {
		{ EVENT_LEAVE, DELIVERY_WITHDRAWN, 4 },
		{ EVENT_REMOVE, DELIVERY_WITHDRAWN, 4 },
		{ EVENT_HOLD, DELIVERY_WITHDRAWN, 4 },
		{ EVENT_BOUNCE, DELIVERY_WITHDRAWN, 4 },
		{ EVENT_EDIT, DELIVERY_QUEUED, 9 },
		{ EVENT_CONFIRM, DELIVERY_QUEUED, 9 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct reader r;
		int64_t after = 0;

		begin(&t);
		r = stored_reader(&t, READER_ACTIVE);
		SAME_INT("queued", queue_letters(t.run.store, NOW), 1);
		r = reload(&t, r.id);
		SAME_INT("has had all", r.last_issue, 9);
		r = must_move(&t, &r, cases[i].event);
		SAME_INT(reader_event_name(cases[i].event), r.last_issue,
		    cases[i].last_issue);
		SAME_INT(reader_event_name(cases[i].event),
		    letter_state(&t, 9, r.id, &after), cases[i].letter);
		SAME_INT("its span", after, 4);
		flow_end(&t);
	}
}

static void
a_letter_taken_back_goes_after_all(void **state)
{
	struct flow_test t;
	struct reader r;
	int64_t after = 0;

	(void)state;
	begin(&t);
	r = stored_reader(&t, READER_ACTIVE);
	SAME_INT("queued", queue_letters(t.run.store, NOW), 1);
	r = reload(&t, r.id);
	r = must_move(&t, &r, EVENT_REMOVE);
	SAME_INT("nothing for who is gone", queue_letters(t.run.store, NOW), 0);
	r = must_move(&t, &r, EVENT_UNDO);
	SAME_INT("queued again", queue_letters(t.run.store, NOW), 1);
	SAME_INT("the same letter", letter_state(&t, 9, r.id, &after), DELIVERY_QUEUED);
	SAME_INT("the same span", after, 4);
	SAME_INT("once", queue_letters(t.run.store, NOW), 0);
	flow_end(&t);
}

/* ---- new readers ---- */

static void
a_new_reader_begins_now(void **state)
{
	const struct reader_move asked = { EVENT_ASK, CAUSE_PAGE, "the form", NULL };
	struct flow_test t;
	struct reader_event_line *lines = NULL;
	struct reader r;

	(void)state;
	begin(&t);
	r = make_reader("new@x.example", READER_ACTIVE);
	MUST(flow_reader_add(&t.run, &r, &asked, err));
	r = reload(&t, r.id);
	SAME_INT("what is approved from now on", r.last_issue, 9);
	SAME_INT("with everybody", r.due, TIME_NONE);
	SAME_INT("one line", history_of(&t, r.id, &lines), 1);
	SAME_INT("of the event", lines->event, EVENT_ASK);
	SAME_TEXT("with the evidence", lines->evidence, "the form");

	r = make_reader("weekly@x.example", READER_ACTIVE);
	r.cadence.rhythm = RHYTHM_WEEKLY;
	r.cadence.day = CADENCE_ANY;
	MUST(flow_reader_add(&t.run, &r, &asked, err));
	SAME_INT("on Monday", reload(&t, r.id).due, monday_at_seven);

	r = make_reader("pending@x.example", READER_PENDING);
	r.cadence.rhythm = RHYTHM_DAILY;
	MUST(flow_reader_add(&t.run, &r, &asked, err));
	SAME_INT("nothing before they confirm", reload(&t, r.id).due, TIME_NONE);
	MUST_FAIL(flow_reader_add(&t.run, &r, &asked, err), ERR_INPUT, "");
	flow_end(&t);
}

static void
a_store_that_fails_leaves_all_as_it_was(void **state)
{
	static const char *const tables[] = { "reader_event", "delivery", "cadence",
		"variant", "reader" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		const struct reader_move leave = { EVENT_LEAVE, CAUSE_COMMAND, NULL,
			NULL };
		struct flow_test t;
		struct reader_event_line *lines = NULL;
		struct reader r;
		struct reader is;
		struct err why = ERR_INIT;
		char sql[100];

		begin(&t);
		r = stored_reader(&t, READER_ACTIVE);
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], flow_reader_move(&t.run, &r, &leave, &why), 0);
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		is = reload(&t, r.id);
		SAME_INT(tables[i], is.state, READER_ACTIVE);
		SAME_INT(tables[i], history_of(&t, r.id, &lines), 0);
		is = must_move(&t, &is, EVENT_LEAVE);
		SAME_INT(tables[i], is.state, READER_LEFT);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_move_is_legal_or_changes_nothing),
		cmocka_unit_test(evidence_is_kept_with_the_move_that_brought_it),
		cmocka_unit_test(a_hold_is_caught_up_or_skipped),
		cmocka_unit_test(whoever_reads_already_is_not_resumed),
		cmocka_unit_test(a_removal_taken_back_restores_what_was),
		cmocka_unit_test(a_new_rhythm_has_a_new_instant),
		cmocka_unit_test(what_waits_is_taken_back_from_who_stops),
		cmocka_unit_test(a_letter_taken_back_goes_after_all),
		cmocka_unit_test(a_new_reader_begins_now),
		cmocka_unit_test(a_store_that_fails_leaves_all_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
