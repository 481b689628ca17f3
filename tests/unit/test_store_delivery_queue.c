/* SPDX-License-Identifier: ISC */
/* Who gets which letter, each expectation written by hand. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/transactions.h"

static struct reader
get_reader(struct store *s, struct arena *a, int64_t id)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_get(s, a, id, &r, &found, err));
	assert_true(found);
	return r;
}

/* "0-1 withdrawn, 0-2 sent": behind which number and up to which, oldest first. */
static const char *
letters_of(struct store *s, struct arena *a, int64_t reader)
{
	static const char *const states[] = { "queued", "sending", "sent", "deferred",
		"refused", "unknown", "skipped", "withdrawn" };
	struct err failure = ERR_INIT;
	struct db_query *q = db_query(s,
	    "SELECT d.after, i.number, d.state FROM delivery d JOIN issue i ON i.id ="
	    " d.issue_id WHERE d.reader_id = :reader ORDER BY i.number",
	    &failure);
	const char *text = "";

	db_bind_int(q, ":reader", reader);
	while (db_next(q)) {
		const int64_t after = db_int(q);
		const int64_t last = db_int(q);

		text = arena_printf(a, "%s%s%lld-%lld %s", text, *text ? ", " : "",
		    (long long)after, (long long)last, states[db_int(q)]);
	}
	if (!db_done(q, &failure))
		fail_msg("%s", failure.text);
	return text;
}

/* ---- who is due ---- */

enum { NONE = -1000, LATER = 500 };

/* Two issues are approved.  `due` counts from now; NONE is no instant at all. */
static const struct due_case {
	const char *name;
	enum reader_state state;
	enum rhythm rhythm;
	int64_t last_issue;
	int64_t due;
	int everybody; /* letters when everybody is looked at */
	int alone;     /* letters when only those are whose instant has come */
	int64_t last_after[2];
	int64_t due_after[2];
} due_cases[] = {
	{ "each, behind", READER_ACTIVE, RHYTHM_EACH, 1, NONE, 1, 0, { 2, 1 },
	    { NONE, NONE } },
	{ "each, has all", READER_ACTIVE, RHYTHM_EACH, 2, NONE, 0, 0, { 2, 2 },
	    { NONE, NONE } },
	{ "each, came back", READER_ACTIVE, RHYTHM_EACH, 0, 0, 1, 1, { 2, 2 },
	    { NONE, NONE } },
	{ "each, came back and has all", READER_ACTIVE, RHYTHM_EACH, 2, -1, 0, 0,
	    { 2, 2 }, { NONE, NONE } },
	{ "weekly, before the slot", READER_ACTIVE, RHYTHM_WEEKLY, 0, 1, 0, 0, { 0, 0 },
	    { 1, 1 } },
	{ "weekly, at the slot", READER_ACTIVE, RHYTHM_WEEKLY, 0, 0, 1, 1, { 2, 2 },
	    { SLOT, SLOT } },
	{ "weekly, after the slot", READER_ACTIVE, RHYTHM_WEEKLY, 1, -LATER, 1, 1,
	    { 2, 2 }, { SLOT, SLOT } },
	{ "weekly, a slot without an issue", READER_ACTIVE, RHYTHM_WEEKLY, 2, -1, 0, 0,
	    { 2, 2 }, { NONE, NONE } },
	{ "weekly, the issue after that", READER_ACTIVE, RHYTHM_WEEKLY, 1, NONE, 1, 0,
	    { 2, 1 }, { SLOT, NONE } },
	{ "pending", READER_PENDING, RHYTHM_EACH, 0, NONE, 0, 0, { 0, 0 },
	    { NONE, NONE } },
	{ "bounced", READER_BOUNCED, RHYTHM_EACH, 0, NONE, 0, 0, { 0, 0 },
	    { NONE, NONE } },
	{ "left", READER_LEFT, RHYTHM_EACH, 0, NONE, 0, 0, { 0, 0 }, { NONE, NONE } },
	{ "removed", READER_REMOVED, RHYTHM_EACH, 0, NONE, 0, 0, { 0, 0 },
	    { NONE, NONE } },
	{ "on hold", READER_HOLD, RHYTHM_EACH, 0, NONE, 0, 0, { 0, 0 }, { NONE, NONE } },
	{ "on hold till then, not resumed", READER_HOLD, RHYTHM_EACH, 0, -1, 0, 0,
	    { 0, 0 }, { -1, -1 } },
};

static int64_t
from_now(int64_t offset)
{
	return offset == NONE ? TIME_NONE : NOW + offset;
}

static void
check_due(const struct due_case *c, bool everybody)
{
	const struct queue_plan plan = { .now = NOW, .everybody = everybody };
	const int want = everybody ? c->everybody : c->alone;
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r = make_reader("a@x", c->state);
	struct queue_result result;
	int64_t audience = -1;

	approve_issue(s, "i", NOW - 100);
	approve_issue(s, "j", NOW - 50);
	r.cadence.rhythm = c->rhythm;
	r.last_issue = c->last_issue;
	r.due = from_now(c->due);
	MUST(store_reader_add(s, &r, err));
	MUST(store_audience_count(s, NOW, 2, &audience, err));
	SAME_INT(c->name, audience, c->everybody);
	result = queue_as(s, plan);
	SAME_INT(c->name, result.queued, want);
	SAME_INT(c->name, result.nothing, 0);
	SAME_TEXT(c->name, letters_of(s, a, r.id),
	    want ? arena_printf(a, "%lld-2 queued", (long long)c->last_issue) : "");
	r = get_reader(s, a, r.id);
	SAME_INT(c->name, r.last_issue, c->last_after[!everybody]);
	SAME_INT(c->name, r.due, from_now(c->due_after[!everybody]));
	SAME_INT("again", queue_as(s, plan).queued, 0);
	SAME_INT("a day later",
	    queue_as(s, (struct queue_plan){ .now = NOW + SLOT }).queued,
	    c->due == 1 ? 1 : 0);
	arena_free(a);
	close_store(s);
}

static void
only_those_who_are_due_get_a_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(due_cases); i++) {
		check_due(&due_cases[i], true);
		check_due(&due_cases[i], false);
	}
}

/* ---- spans ---- */

/*
 * What happens to one reader, a letter for each thing: A an issue is approved, C the newest
 * one is cancelled, Q letters are queued, E so, but there is nothing for them, T what waits is
 * taken, s d f u it is sent, deferred, refused for good, the answer was lost, x it was not begun,
 * K the program is killed and recovers, H they go on hold, R they come back, + a day goes by.
 */
static const struct {
	const char *name;
	enum rhythm rhythm; /* those of their own have their first slot in a day */
	const char *events;
	const char *want;
	int64_t last_issue;
} lives[] = {
	{ "each issue by itself", RHYTHM_EACH, "AQTsAQTs", "0-1 sent, 1-2 sent", 2 },
	{ "issues that came together", RHYTHM_EACH, "AAAQTs", "0-3 sent", 3 },
	{ "nobody twice", RHYTHM_EACH, "AQTsQTsQTs", "0-1 sent", 1 },
	{ "still waiting when the next comes", RHYTHM_EACH, "AQAQTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
	{ "still deferred when the next comes", RHYTHM_EACH, "AQTdAQTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
	{ "deferred again and again", RHYTHM_EACH, "AQTdAQTdAQTs",
	    "0-1 withdrawn, 0-2 withdrawn, 0-3 sent", 3 },
	{ "deferred, sent at last", RHYTHM_EACH, "AQTd+TsAQTs", "0-1 sent, 1-2 sent", 2 },
	{ "refused is had", RHYTHM_EACH, "AQTfAQTs", "0-1 refused, 1-2 sent", 2 },
	{ "unknown may have been had", RHYTHM_EACH, "AQTuAQTs", "0-1 unknown, 1-2 sent",
	    2 },
	{ "killed while sending", RHYTHM_EACH, "AQTKAQTs", "0-1 unknown, 1-2 sent", 2 },
	{ "stopped before it began", RHYTHM_EACH, "AQTxTs", "0-1 sent", 1 },
	{ "stopped, then the next comes", RHYTHM_EACH, "AQTxAQTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
	{ "nothing for them", RHYTHM_EACH, "AEAQTs", "1-2 sent", 2 },
	{ "nothing for them but what waited", RHYTHM_EACH, "AQTdAQTsAE",
	    "0-1 withdrawn, 0-2 sent", 3 },
	{ "on hold, caught up", RHYTHM_EACH, "AQTsHAQARQTs", "0-1 sent, 1-3 sent", 3 },
	{ "on hold with a letter that waited", RHYTHM_EACH, "AQHAQRQTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
	{ "back before a newer issue: it goes after all", RHYTHM_EACH, "AQHQRQTs",
	    "0-1 sent", 1 },
	{ "the same, deferred before", RHYTHM_EACH, "AQTdHRQTs", "0-1 sent", 1 },
	{ "a sent letter does not go again", RHYTHM_EACH, "AQTsHRQTs", "0-1 sent", 1 },
	{ "on hold while it is being sent", RHYTHM_EACH, "AQTHd+TRQTs", "0-1 sent", 1 },
	{ "the same, back after the next issue", RHYTHM_EACH, "AQTHd+TARQTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
	{ "cancelled before anybody was looked at", RHYTHM_EACH, "AACQTs", "0-1 sent",
	    1 },
	{ "cancelled while it waits", RHYTHM_EACH, "AQTsAQCQTsAQTs",
	    "0-1 sent, 1-2 withdrawn, 1-3 sent", 3 },
	{ "cancelled while deferred, an older one in its span", RHYTHM_EACH, "AAQTdCQTs",
	    "0-1 sent, 0-2 withdrawn", 1 },
	{ "cancelled when it was sent", RHYTHM_EACH, "AQTsCAQTs", "0-1 sent, 1-2 sent",
	    2 },
	{ "daily: all of a day in one", RHYTHM_DAILY, "AAQTsAQ+QTs", "0-3 sent", 3 },
	{ "daily: one slot, one letter", RHYTHM_DAILY, "A+QTsAQTs+QTs",
	    "0-1 sent, 1-2 sent", 2 },
	{ "daily: a slot stays open until an issue comes", RHYTHM_DAILY, "A+QTs+Q+QAQTs",
	    "0-1 sent, 1-2 sent", 2 },
	{ "daily: after the open slot comes a closed one", RHYTHM_DAILY,
	    "A+QTs+QAQTsAQ+QTs", "0-1 sent, 1-2 sent, 2-3 sent", 3 },
	{ "daily: still deferred at the next slot", RHYTHM_DAILY, "A+QTdAQ+QTs",
	    "0-1 withdrawn, 0-2 sent", 2 },
};

struct life {
	struct store *store;
	struct arena *arena;
	int64_t reader;
	int64_t now;
	int issues;
	struct delivery *taken;
	size_t count;
};

static void
settle_all(struct life *l, enum delivery_state state)
{
	for (size_t i = 0; i < l->count; i++) {
		l->taken[i].state = state;
		l->taken[i].next_try =
		    state == DELIVERY_DEFERRED ? l->now + 60 : TIME_NONE;
		l->taken[i].settled = l->now;
	}
	MUST(store_deliveries_settle(l->store, l->taken, l->count, err));
	l->count = 0;
}

static void
queue_nothing(struct life *l)
{
	const struct reader r = get_reader(l->store, l->arena, l->reader);
	const struct empty_span empty = { r.last_issue, r.variant.id };
	const struct queue_result result = queue_as(l->store,
	    (struct queue_plan){ .now = l->now,
		.everybody = true,
		.empty = &empty,
		.empty_count = 1 });

	SAME_INT("letters", result.queued, 0);
	SAME_INT("nothing", result.nothing, 1);
}

static void
hold_or_resume(struct life *l, enum reader_state state)
{
	struct reader r = get_reader(l->store, l->arena, l->reader);

	r.state = state;
	r.due = state == READER_ACTIVE ? l->now : TIME_NONE;
	MUST(store_begin(l->store, err));
	if (state == READER_HOLD)
		MUST(store_deliveries_withdraw(l->store, l->reader, &r.last_issue, err));
	MUST(store_reader_update(l->store, &r, err));
	MUST(store_commit(l->store, err));
}

static void
cancel_newest(struct life *l)
{
	struct issue *list = NULL;
	size_t count = 0;

	MUST(store_issues(l->store, l->arena, 1, &list, &count, err));
	list[0].state = ISSUE_CANCELLED;
	MUST(store_issue_update(l->store, &list[0], err));
}

static void
live(struct life *l, char event)
{
	char name[20];
	int64_t count = 0;

	switch (event) {
	case 'A':
		snprintf(name, sizeof(name), "%d", ++l->issues);
		approve_issue(l->store, name, l->now);
		break;
	case 'C':
		cancel_newest(l);
		break;
	case 'Q':
		queue_letters(l->store, l->now);
		break;
	case 'E':
		queue_nothing(l);
		break;
	case 'T':
		MUST(store_deliveries_take(l->store, NULL, 0, l->arena, 0, l->now, 9,
		    &l->taken, &l->count, err));
		break;
	case 's':
		settle_all(l, DELIVERY_SENT);
		break;
	case 'd':
		settle_all(l, DELIVERY_DEFERRED);
		break;
	case 'f':
		settle_all(l, DELIVERY_REFUSED);
		break;
	case 'u':
		settle_all(l, DELIVERY_UNKNOWN);
		break;
	case 'x':
		MUST(store_deliveries_untake(l->store, l->taken, l->count, err));
		break;
	case 'K':
		MUST(store_deliveries_recover(l->store, NULL, &count, err));
		break;
	case 'H':
		hold_or_resume(l, READER_HOLD);
		break;
	case 'R':
		hold_or_resume(l, READER_ACTIVE);
		break;
	case '+':
		l->now += SLOT;
		break;
	default:
		fail_msg("no event '%c'", event);
	}
}

static void
nobody_misses_an_issue_and_nobody_gets_one_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
		struct life l = { .store = memory_store(),
			.arena = arena_new(),
			.now = NOW };
		struct reader r = make_reader("a@x", READER_ACTIVE);

		r.cadence.rhythm = lives[i].rhythm;
		r.due = r.cadence.rhythm == RHYTHM_EACH ? TIME_NONE : NOW + SLOT;
		MUST(store_reader_add(l.store, &r, err));
		l.reader = r.id;
		for (const char *p = lives[i].events; *p; p++)
			live(&l, *p);
		SAME_TEXT(lives[i].name, letters_of(l.store, l.arena, r.id),
		    lives[i].want);
		r = get_reader(l.store, l.arena, r.id);
		SAME_INT(lives[i].name, r.last_issue, lives[i].last_issue);
		arena_free(l.arena);
		close_store(l.store);
	}
}

/* ---- spans that hold nothing for a reader ---- */

static int64_t
add_choosy(struct store *s, const char *address, const char *sources, int64_t last,
    int64_t due)
{
	struct reader r = make_reader(address, READER_ACTIVE);

	r.variant.sources = sources;
	r.last_issue = last;
	r.due = due;
	if (due != TIME_NONE)
		r.cadence.rhythm = RHYTHM_WEEKLY;
	MUST(store_reader_add(s, &r, err));
	return r.variant.id;
}

/* "0:+1 1:-2": behind which number, of which sources. */
static const char *
spans_of(struct store *s, struct arena *a, bool everybody)
{
	const struct queue_plan plan = { .now = NOW,
		.newest = { 1, 2, 2 },
		.everybody = everybody };
	struct empty_span *list = NULL;
	const char *text = "";
	size_t count = 0;

	MUST(store_queue_spans(s, &plan, a, &list, &count, err));
	for (size_t i = 0; i < count; i++) {
		struct variant v;

		MUST(store_variant_get(s, a, list[i].variant_id, &v, err));
		text = arena_printf(a, "%s%s%lld:%s", text, *text ? ", " : "",
		    (long long)list[i].after, v.sources);
	}
	return text;
}

static void
spans_are_looked_at_once_for_each_choice_of_sources(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct queue_plan plan = { .now = NOW, .everybody = true };
	struct queue_result result;
	struct empty_span empty = { 0, 0 };

	(void)state;
	approve_issue(s, "i", NOW);
	approve_issue(s, "j", NOW);
	add_choosy(s, "all@x", "*", 0, TIME_NONE);
	SAME_TEXT("all sources", spans_of(s, a, true), "");
	empty.variant_id = add_choosy(s, "b@x", "+1", 0, TIME_NONE);
	add_choosy(s, "c@x", "+1", 0, TIME_NONE);
	add_choosy(s, "d@x", "-2", 1, TIME_NONE);
	add_choosy(s, "later@x", "+1 2", 0, NOW + 1);
	add_choosy(s, "now@x", "+1", 1, NOW);
	add_choosy(s, "has-all@x", "+3", 2, NOW);
	SAME_TEXT("everybody", spans_of(s, a, true), "0:+1, 1:-2, 1:+1");
	SAME_TEXT("those whose slot it is", spans_of(s, a, false), "1:+1");
	plan.empty = &empty;
	plan.empty_count = 1;
	result = queue_as(s, plan);
	SAME_INT("letters", result.queued, 3);
	SAME_INT("nothing for", result.nothing, 2);
	SAME_TEXT("b", letters_of(s, a, 2), "");
	SAME_INT("b has all", get_reader(s, a, 2).last_issue, 2);
	SAME_TEXT("d", letters_of(s, a, 4), "1-2 queued");
	SAME_TEXT("later", letters_of(s, a, 5), "");
	SAME_TEXT("now", letters_of(s, a, 6), "1-2 queued");
	SAME_TEXT("nobody is behind", spans_of(s, a, true), "");
	arena_free(a);
	close_store(s);
}

/* ---- many ---- */

/* Readers first to last, alike but for their addresses. */
static void
add_crowd(struct store *s, int first, int last, enum rhythm rhythm, int64_t due)
{
	struct err failure = ERR_INIT;
	struct reader r = make_reader("first@x", READER_ACTIVE);
	struct db_query *q = NULL;

	r.cadence.rhythm = rhythm;
	r.due = due;
	r.address_key = r.address = rhythm == RHYTHM_EACH ? "each@x" : "own@x";
	MUST(store_reader_add(s, &r, err));
	assert_int_equal(r.id, first);
	q = db_query(s,
	    "WITH RECURSIVE n (i) AS (SELECT :first + 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < :last) INSERT INTO reader (id, state, cadence_id, variant_id,"
	    " last_issue, epoch, soft_bounces, hold_skip, due, address, address_key)"
	    " SELECT i, state, cadence_id, variant_id, 0, 0, 0, 0, due, i || '@x', i || '@x'"
	    " FROM n JOIN reader ON id = :first",
	    &failure);
	db_bind_int(q, ":first", first);
	db_bind_int(q, ":last", last);
	if (!db_run(q, &failure))
		fail_msg("%s", failure.text);
}

static void
number_is(struct store *s, const char *name, const char *sql, int64_t want)
{
	int64_t n = -1;

	MUST(db_number(s, sql, &n, err));
	SAME_INT(name, n, want);
}

#define ALL_LETTERS "SELECT COUNT(*) FROM delivery"
#define MOVED "SELECT COUNT(*) FROM reader WHERE last_issue = 1"

/* Queues until reader `stop` comes; what was finished before stays. */
static void
queue_until(struct store *s, const char *stop)
{
	const struct next_slot slots[] = { { 1, TIME_NONE }, { 2, NOW + SLOT } };
	const struct queue_plan plan = { .now = NOW,
		.newest = { 0, 1, 1 },
		.everybody = true,
		.slots = slots,
		.slot_count = 2 };
	struct queue_result result;

	MUST(db_exec(s, stop, err));
	MUST_FAIL(store_deliveries_queue(s, &plan, &result, err), ERR_BUG, "stop here");
	number_is(s, "commits wait for the disk again (FULL)", "PRAGMA synchronous", 2);
	MUST(db_exec(s, "DROP TRIGGER stop", err));
}

#define STOP_AT(id) \
	"CREATE TEMP TRIGGER stop BEFORE INSERT ON main.delivery" \
	" WHEN NEW.reader_id = " id " BEGIN SELECT RAISE(ABORT, 'stop here'); END"

/* Transactions hold 2,000 readers. */
static void
what_an_end_in_the_middle_leaves_is_still_due(void **state)
{
	struct store *s = memory_store();

	(void)state;
	approve_issue(s, "i", NOW);
	add_crowd(s, 1, 30000, RHYTHM_EACH, TIME_NONE);
	add_crowd(s, 30001, 60000, RHYTHM_DAILY, NOW);
	queue_until(s, STOP_AT("25000"));
	number_is(s, "the first transactions", ALL_LETTERS, 24000);
	number_is(s, "moved with them", MOVED, 24000);
	queue_until(s, STOP_AT("55000"));
	number_is(s, "half of those with a rhythm", ALL_LETTERS, 54000);
	number_is(s, "moved with it", MOVED, 54000);
	SAME_INT("the rest", queue_letters(s, NOW), 6000);
	number_is(s, "everybody has one", ALL_LETTERS, 60000);
	number_is(s, "and moved", MOVED, 60000);
	number_is(s, "for the whole span", ALL_LETTERS " WHERE after = 0", 60000);
	number_is(s, "all slots moved on",
	    "SELECT COUNT(*) FROM reader WHERE due = 1795586400", 30000);
	close_store(s);
}

/* They are withdrawn by two thousand. */
static void
all_that_waits_is_withdrawn(void **state)
{
	enum { READERS = 11000 };
	struct store *s = memory_store();
	int64_t count = 0;

	(void)state;
	approve_issue(s, "i", NOW);
	add_crowd(s, 1, READERS, RHYTHM_EACH, TIME_NONE);
	SAME_INT("queued", queue_letters(s, NOW), READERS);
	MUST(db_exec(s,
	    "UPDATE delivery SET state = 3, next_try = 1 WHERE reader_id % 2 = 1", err));
	MUST(db_exec(s, "UPDATE delivery SET state = 2 WHERE reader_id = 77", err));
	MUST(store_deliveries_withdraw_overtaken(s, NOW, 1, &count, err));
	SAME_INT("no newer issue", count, 0);
	approve_issue(s, "j", NOW);
	MUST(store_deliveries_withdraw_overtaken(s, NOW, 2, &count, err));
	SAME_INT("a newer issue", count, READERS - 1);
	number_is(s, "the one that was sent stays",
	    "SELECT last_issue FROM reader WHERE id = 77", 1);
	number_is(s, "the others are back",
	    "SELECT COUNT(*) FROM reader WHERE last_issue = 0", READERS - 1);
	close_store(s);
}

static void
active_readers_are_counted_by_rhythm(void **state)
{
	struct store *s = memory_store();
	int64_t by_rhythm[RHYTHM_MONTHLY + 1];
	static const enum rhythm rhythms[] = { RHYTHM_EACH, RHYTHM_MONTHLY, RHYTHM_EACH,
		RHYTHM_WEEKLY };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rhythms); i++) {
		char address[20];
		struct reader r = make_reader(address, READER_ACTIVE);

		snprintf(address, sizeof(address), "%zu@x", i);
		r.cadence.rhythm = rhythms[i];
		/* Another cadence, the same rhythm. */
		r.cadence.minute = (int)i;
		MUST(store_reader_add(s, &r, err));
	}
	add_reader(s, "left@x", READER_LEFT);
	MUST(store_audience_by_rhythm(s, by_rhythm, err));
	SAME_INT("each", by_rhythm[RHYTHM_EACH], 2);
	SAME_INT("daily", by_rhythm[RHYTHM_DAILY], 0);
	SAME_INT("weekdays", by_rhythm[RHYTHM_WEEKDAYS], 0);
	SAME_INT("weekly", by_rhythm[RHYTHM_WEEKLY], 1);
	SAME_INT("monthly", by_rhythm[RHYTHM_MONTHLY], 1);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_those_who_are_due_get_a_letter),
		cmocka_unit_test(nobody_misses_an_issue_and_nobody_gets_one_twice),
		cmocka_unit_test(spans_are_looked_at_once_for_each_choice_of_sources),
		cmocka_unit_test(what_an_end_in_the_middle_leaves_is_still_due),
		cmocka_unit_test(all_that_waits_is_withdrawn),
		cmocka_unit_test(active_readers_are_counted_by_rhythm),
	};

	return cmocka_run_group_tests_name("store delivery queue", tests, NULL, NULL);
}
