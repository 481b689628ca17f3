/* SPDX-License-Identifier: ISC */
/* Letters that are taken in batches, and taken ahead while others go out. */
#include "unit/issue_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/work_pool.h"
#include "flow/answer_book.h"
#include "flow/deliver.h"
#include "flow/delivery_batches.h"
#include "flow/letter_journal.h"
#include "flow/refusals.h"
#include "store/issues.h"
#include "store/open.h"
#include "store/transactions.h"

static void
batches_hand_out_each_letter_once(void **state)
{
	struct flow_test t;
	const struct deliver_options all = { .issue_id = 0 };
	struct batches b = { .size = 0 };
	struct issue issue;
	struct delivery *d[3];
	struct delivery *none = NULL;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 30);
	MUST(batches_next(&b, &t.run, &all, 0, &none, err));
	assert_null(none);
	MUST(batches_next(&b, &t.run, &all, 2, &d[0], err));
	SAME_INT("the first batch is small", b.size, 20);
	MUST(batches_next(&b, &t.run, &all, 1, &d[1], err));
	assert_true(d[0] && d[1] && d[0]->reader_id != d[1]->reader_id);
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d[2], err));
	assert_true(d[2] && d[2]->reader_id != d[1]->reader_id);
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

/* In a file, so that another process may write beside the run. */
static struct store *
move_to_file(struct flow_test *t, struct err *err)
{
	struct store_options o = open_options(STORE_CREATE);
	char path[300];
	struct store *other = NULL;

	close_store(t->run.store);
	in_folder(t->folder, "db", path);
	t->run.store = store_open(path, &o, err);
	if (!t->run.store)
		return NULL;
	o.mode = STORE_WRITE;
	other = store_open(path, &o, err);
	return other;
}

static void
who_left_meanwhile_gets_nothing_that_was_taken(void **state)
{
	static const enum reader_state changes[] = { READER_REMOVED, READER_LEFT,
		READER_HOLD, READER_ERASED };
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct batches b = { .size = 0 };
	struct delivery *d = NULL;
	struct store *other = NULL;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];
	int64_t ids[6];

	(void)state;
	flow_begin(&t);
	MUST((other = move_to_file(&t, err)) != NULL);
	for (int i = 0; i < 6; i++)
		ids[i] = add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 6);
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	SAME_INT("the first", d->reader_id, ids[0]);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++)
		MUST(db_exec(other,
		    arena_printf(t.run.arena,
			"UPDATE reader SET state = %d WHERE id = %lld", (int)changes[i],
			(long long)ids[i + 1]),
		    err));
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	SAME_INT("the last", d->reader_id, ids[5]);
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	assert_null(d);
	MUST(batches_close(&b, &t.run, err));
	count_states(&t, issue.id, by_state);
	SAME_INT("handed out", by_state[DELIVERY_SENDING], 2);
	SAME_INT("left", by_state[DELIVERY_SKIPPED], 2);
	SAME_INT("may come back", by_state[DELIVERY_WITHDRAWN], 2);
	close_store(other);
	flow_end(&t);
}

/* Taken in one batch: of two letters of the first issue one is out, the other two are another's. */
static void
a_pause_puts_back_the_letters_of_its_issue_alone(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct batches b = { .size = 0 };
	struct delivery *d = NULL;
	struct store *other = NULL;
	struct issue first;
	int64_t by_state[DELIVERY_STATES];
	int64_t ids[5];
	int64_t second = 0;

	(void)state;
	flow_begin(&t);
	MUST((other = move_to_file(&t, err)) != NULL);
	for (int i = 0; i < 5; i++)
		ids[i] = add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	first = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 5);
	second = add_issue(t.run.store, "another", ISSUE_SENDING);
	MUST(db_exec(t.run.store,
	    arena_printf(t.run.arena,
		"UPDATE delivery SET issue_id = %lld WHERE reader_id IN (%lld, %lld)",
		(long long)second, (long long)ids[1], (long long)ids[4]),
	    err));
	for (int i = 0; i < 2; i++)
		MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	SAME_INT("the issue that goes on first", d->span.last_id, first.id);
	MUST(db_exec(other,
	    arena_printf(t.run.arena, "UPDATE issue SET state = %d WHERE id = %lld",
		ISSUE_PAUSED, (long long)first.id),
	    err));
	for (int i = 0; i < 2; i++) {
		MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
		assert_non_null(d);
		SAME_INT("goes on", d->span.last_id, second);
	}
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	assert_null(d);
	count_states(&t, first.id, by_state);
	SAME_INT("begun before", by_state[DELIVERY_SENDING], 2);
	SAME_INT("put back at once", by_state[DELIVERY_QUEUED], 1);
	/* Resumed, what was put back is taken again. */
	MUST(db_exec(other,
	    arena_printf(t.run.arena, "UPDATE issue SET state = %d WHERE id = %lld",
		ISSUE_SENDING, (long long)first.id),
	    err));
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	assert_non_null(d);
	SAME_INT("the one that waited", d->reader_id, ids[3]);
	MUST(batches_close(&b, &t.run, err));
	close_store(other);
	flow_end(&t);
}

/* Settles what was handed out as sent. */
static void
answer(struct answer_book *book, struct batches *b, const struct delivery *d)
{
	struct delivery sent = *d;

	sent.state = DELIVERY_SENT;
	sent.settled = 1800000000;
	sent.reply = "250 2.0.0 taken";
	MUST(answer_book_add(book, d, &sent, err));
	batches_settled(b, d);
}

/* Hands out letters until others are taken ahead, of a first batch of 20: three are out then. */
static void
hand_out_until_ahead(struct flow_test *t, struct batches *b, struct delivery **d)
{
	const struct deliver_options all = { .issue_id = 0 };

	for (size_t i = 0; i < 3; i++) {
		MUST(batches_next(b, &t->run, &all, SIZE_MAX, &d[i], err));
		assert_non_null(d[i]);
		MUST(answer_book_hand_out(b->book, d[i], err));
		if (i < 2)
			assert_null(b->ahead);
	}
}

/* Of each there is one; in memory of their own, since a book is large. */
struct ahead_test {
	struct flow_test t;
	struct batches b;
	struct answer_book book;
	struct store *other;
	struct issue issue;
	int64_t ids[50];
};

static struct ahead_test *
begin_ahead_test(void)
{
	struct ahead_test *a = xcalloc(1, sizeof(*a));

	flow_begin(&a->t);
	MUST((a->other = move_to_file(&a->t, err)) != NULL);
	for (size_t i = 0; i < ARRAY_LEN(a->ids); i++)
		a->ids[i] = add_reader(a->t.run.store,
		    arena_printf(a->t.run.arena, "r%zu@x.example", i), READER_ACTIVE);
	a->issue = approved_issue(&a->t);
	SAME_INT("queued", must_queue(&a->t).queued, 50);
	answer_book_init(&a->book, &a->t.run);
	a->b = (struct batches){ .book = &a->book, .pool = work_pool_open(1) };
	return a;
}

static void
end_ahead_test(struct ahead_test *a)
{
	MUST(batches_close(&a->b, &a->t.run, err));
	work_pool_close(a->b.pool);
	answer_book_clear(&a->book);
	close_store(a->other);
	flow_end(&a->t);
	free(a);
}

static void
the_next_letters_are_taken_while_others_go_out(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct ahead_test *a = begin_ahead_test();
	struct delivery *d[3];
	struct delivery *late = NULL;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	hand_out_until_ahead(&a->t, &a->b, d);
	answer(&a->book, &a->b, d[0]);
	batches_finish(&a->b, &a->t.run);
	assert_non_null(a->b.next);
	count_states(&a->t, a->issue.id, by_state);
	SAME_INT("of two batches", by_state[DELIVERY_SENDING], 50);
	SAME_INT("answered later than the taking began", a->book.page->count, 1);
	/* Who leaves now gets none of either batch. */
	MUST(db_exec(a->other,
	    arena_printf(a->t.run.arena,
		"UPDATE reader SET state = %d WHERE id IN (%lld, %lld)", READER_LEFT,
		(long long)a->ids[10], (long long)a->ids[40]),
	    err));
	for (size_t i = 3; i < 48; i++) {
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &late, err));
		assert_non_null(late);
		assert_true(late->reader_id != a->ids[10]);
		assert_true(late->reader_id != a->ids[40]);
	}
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &late, err));
	assert_null(late);
	count_states(&a->t, a->issue.id, by_state);
	SAME_INT("left", by_state[DELIVERY_SKIPPED], 2);
	SAME_INT("the answer is stored", by_state[DELIVERY_SENT], 1);
	end_ahead_test(a);
}

static void
answers_are_written_with_what_is_taken_ahead(void **state)
{
	struct ahead_test *a = begin_ahead_test();
	const struct deliver_options all = { .issue_id = 0 };
	struct delivery *d[2];
	struct delivery *next = NULL;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[i], err));
		MUST(answer_book_hand_out(&a->book, d[i], err));
		answer(&a->book, &a->b, d[i]);
	}
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &next, err));
	assert_non_null(a->b.ahead);
	SAME_INT("a new page", a->book.page->count, 0);
	batches_finish(&a->b, &a->t.run);
	assert_null(a->book.leaving);
	count_states(&a->t, a->issue.id, by_state);
	SAME_INT("sent", by_state[DELIVERY_SENT], 2);
	end_ahead_test(a);
}

static void
others_have_their_turn_before_the_next_taking(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct ahead_test *a = begin_ahead_test();
	struct delivery *d[3];

	(void)state;
	a->b.turn_ms = 3600000;
	hand_out_until_ahead(&a->t, &a->b, d);
	batches_finish(&a->b, &a->t.run);
	for (size_t i = 3; i < 30; i++)
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[0], err));
	assert_null(a->b.next);
	assert_null(a->b.ahead);
	a->b.others_until_ms -= a->b.turn_ms;
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[0], err));
	assert_non_null(a->b.ahead);
	end_ahead_test(a);
}

/* Who has the lock is not waited for as long as there are letters. */
static void
nothing_is_taken_ahead_while_another_writes(void **state)
{
	struct ahead_test *a = begin_ahead_test();
	struct delivery *d[6];
	int64_t by_state[DELIVERY_STATES];
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[i], err));
	MUST(store_begin(a->other, err));
	for (size_t i = 2; i < 20; i++)
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[0], err));
	assert_null(a->b.ahead);
	assert_null(a->b.next);
	store_rollback(a->other);
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d[0], err));
	count_states(&a->t, a->issue.id, by_state);
	SAME_INT("as it was without", by_state[DELIVERY_SENDING], 50);
	end_ahead_test(a);
}

/* The table is away when the other thread wants it. */
static void
what_cannot_be_taken_ahead_is_taken_later(void **state)
{
	struct ahead_test *a = begin_ahead_test();
	const struct deliver_options all = { .issue_id = 0 };
	struct delivery *d = NULL;
	struct err why = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
		MUST(answer_book_hand_out(&a->book, d, err));
		answer(&a->book, &a->b, d);
	}
	MUST(db_exec(a->t.run.store, "ALTER TABLE delivery RENAME TO gone", err));
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
	batches_finish(&a->b, &a->t.run);
	assert_null(a->b.next);
	assert_null(a->book.leaving);
	SAME_INT("the answers are back", a->book.page->count, 2);
	for (size_t i = 3; i < 20; i++)
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
	assert_false(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, &why));
	MUST(db_exec(a->t.run.store, "ALTER TABLE gone RENAME TO delivery", err));
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
	assert_non_null(d);
	SAME_INT("written", a->book.page->count, 0);
	end_ahead_test(a);
}

static void
answers_that_come_back_stand_before_newer_ones(void **state)
{
	static const int64_t readers[] = { 1, 2, 3 };
	struct run run = { .now = 0 };
	struct answer_book *book = xcalloc(1, sizeof(*book));

	(void)state;
	answer_book_init(book, &run);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		const struct delivery d = { .reader_id = readers[i], .reply = "yes" };

		MUST(answer_book_add(book, NULL, &d, err));
		if (i == 1)
			SAME_INT("sent off", answer_book_send_off(book)->count, 2);
	}
	SAME_INT("newer", book->page->count, 1);
	MUST(answer_book_came_back(book, err));
	SAME_INT("all", book->page->count, 3);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		SAME_INT("in order", book->page->answers[i].reader_id, readers[i]);
	assert_string_equal(book->page->answers[2].reply, "yes");
	answer_book_clear(book);
	free(book);
}

/* ---- when others are taken ahead ---- */

/* Of a batch of so many the letter with that number begins the taking of others. */
static const struct {
	size_t size; /* of the batch before, half as large */
	int call;
} begins[] = {
	{ 10, 3 }, /* of 20: a sixteenth is 1 */
	{ 15, 3 }, /* of 30: 1 */
	{ 16, 4 }, /* of 32: 2 */
};

static void
others_are_taken_when_more_than_a_sixteenth_is_out(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		struct ahead_test *a = begin_ahead_test();
		struct delivery *d = NULL;
		int calls = 0;

		a->b.size = begins[i].size;
		a->b.taken_ms = clock_ticks_ms();
		while (!a->b.ahead && calls < 9) {
			MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
			calls++;
		}
		SAME_INT("call", calls, begins[i].call);
		end_ahead_test(a);
	}
}

/* The third call of a batch of 20: 18 are left. */
static const struct {
	const char *name;
	size_t max;      /* what the limit of the send leaves */
	size_t cells;    /* of the journal that would be free beside all that is known */
	bool is_missing; /* one of them */
	int64_t sending; /* in the end; 20: none was taken ahead */
} rooms[] = {
	{ "any number", SIZE_MAX, 0, false, 50 },
	{ "one cell is missing", SIZE_MAX, 0, true, 20 },
	{ "some cells more", SIZE_MAX, 9, false, 50 },
	{ "those that are left", 18, 9, false, 20 },
	{ "one more", 19, 9, false, 21 },
	{ "two more", 20, 9, false, 22 },
};

static void
no_more_are_taken_than_there_is_room_for(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rooms); i++) {
		struct ahead_test *a = begin_ahead_test();
		struct delivery *d = NULL;
		int64_t by_state[DELIVERY_STATES];

		for (int k = 0; k < 2; k++)
			MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
		answer(&a->book, &a->b, d);
		SAME_INT("answers", a->book.page->count, 1);
		a->book.out_count = JOURNAL_CELLS - REFUSALS_WINDOW - 1 - 18 - 1 -
		    rooms[i].cells + rooms[i].is_missing;
		MUST(batches_next(&a->b, &a->t.run, &all, rooms[i].max, &d, err));
		a->book.out_count = 0;
		SAME_INT(rooms[i].name, a->b.ahead != NULL, rooms[i].sending > 20);
		batches_finish(&a->b, &a->t.run);
		count_states(&a->t, a->issue.id, by_state);
		SAME_INT(rooms[i].name,
		    by_state[DELIVERY_SENDING] + by_state[DELIVERY_SENT],
		    rooms[i].sending);
		end_ahead_test(a);
	}
}

/* An eighth of what the taking took, and what is set at least. */
static void
others_have_a_turn_as_long_as_the_disk_is_slow(void **state)
{
	static const struct {
		int64_t turn_ms, took_ms, want_ms;
	} cases[] = { { 500, 8000, 1000 }, { 2000, 8000, 2000 }, { 1, 16000, 2000 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ahead_test *a = begin_ahead_test();
		struct delivery *d[3];
		int64_t before = 0;
		int64_t later = 0;

		a->b.turn_ms = cases[i].turn_ms;
		hand_out_until_ahead(&a->t, &a->b, d);
		before = clock_ticks_ms();
		a->b.taken_ms = before - cases[i].took_ms;
		batches_finish(&a->b, &a->t.run);
		later = clock_ticks_ms() - before;
		if (a->b.others_until_ms < before + cases[i].want_ms ||
		    a->b.others_until_ms >
			before + cases[i].want_ms + later + later / 8 + 1)
			fail_msg("%lld ms: got %lld", (long long)cases[i].want_ms,
			    (long long)(a->b.others_until_ms - before));
		end_ahead_test(a);
	}
}

/* ---- what the journal knows ---- */

/* What it would say of a database with none, one, two and three takings. */
static void
expect_verdicts(const char *name, const struct letter_journal *j,
    const enum journal_verdict want[4])
{
	for (int64_t takings = 0; takings < 4; takings++)
		SAME_INT(name, letter_journal_judge(j, takings), want[takings]);
}

static void
each_taking_stands_in_the_journal(void **state)
{
	static const enum journal_verdict nothing[] = { JOURNAL_CURRENT, JOURNAL_CURRENT,
		JOURNAL_UNKNOWING, JOURNAL_UNKNOWING };
	static const enum journal_verdict one[] = { JOURNAL_NEWER, JOURNAL_CURRENT,
		JOURNAL_UNKNOWING, JOURNAL_UNKNOWING };
	static const enum journal_verdict announced[] = { JOURNAL_NEWER, JOURNAL_CURRENT,
		JOURNAL_CURRENT, JOURNAL_UNKNOWING };
	static const enum journal_verdict two[] = { JOURNAL_NEWER, JOURNAL_NEWER,
		JOURNAL_CURRENT, JOURNAL_UNKNOWING };
	static const unsigned char key[HASH_SIZE] = { 1 };
	const struct deliver_options all = { .issue_id = 0 };
	const struct deliver_options other = { .issue_id = 99 };
	struct ahead_test *a = begin_ahead_test();
	struct delivery *d = NULL;
	char path[300];

	(void)state;
	in_folder(a->t.folder, "journal", path);
	MUST((a->b.journal = letter_journal_open(path, key, "boot one", err)) != NULL);
	letter_journal_restart(a->b.journal, 0);
	MUST(batches_next(&a->b, &a->t.run, &other, SIZE_MAX, &d, err));
	assert_null(d);
	expect_verdicts("nothing to take", a->b.journal, nothing);
	a->b.size = 10;
	a->b.taken_ms = clock_ticks_ms();
	MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
	expect_verdicts("taken", a->b.journal, one);
	for (int i = 0; i < 2; i++)
		MUST(batches_next(&a->b, &a->t.run, &all, SIZE_MAX, &d, err));
	assert_non_null(a->b.ahead);
	expect_verdicts("being taken ahead", a->b.journal, announced);
	batches_finish(&a->b, &a->t.run);
	assert_non_null(a->b.next);
	expect_verdicts("taken ahead", a->b.journal, two);
	letter_journal_close(a->b.journal);
	a->b.journal = NULL;
	end_ahead_test(a);
}

/* ---- who else writes ---- */

/* It is asked once in look_ms. */
static void
others_are_not_looked_at_for_each_letter(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct batches b = { .look_ms = 60000 };
	struct delivery *d = NULL;
	struct store *other = NULL;

	(void)state;
	flow_begin(&t);
	MUST((other = move_to_file(&t, err)) != NULL);
	for (int i = 0; i < 4; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	(void)approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 4);
	b.looked_ms = clock_ticks_ms();
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	MUST(db_exec(other,
	    arena_printf(t.run.arena,
		"UPDATE reader SET state = %d WHERE address <> 'r3@x.example'",
		READER_LEFT),
	    err));
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	SAME_TEXT("not yet looked at", d->address, "r1@x.example");
	b.looked_ms -= b.look_ms;
	MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
	SAME_TEXT("who left is passed", d->address, "r3@x.example");
	if (clock_ticks_ms() - b.looked_ms > 30000)
		fail_msg("when it was looked is not noted");
	MUST(batches_close(&b, &t.run, err));
	close_store(other);
	flow_end(&t);
}

static void
batches_adapt_to_the_speed_of_the_server(void **state)
{
	static const struct {
		const char *name;
		bool has_pool; /* others are taken ahead: each may take half as long */
		size_t size;
		int64_t spent_ms;
		size_t want;
	} cases[] = {
		{ "fast", false, 100, 150, 200 },
		{ "fast, near the most", false, BATCH_MOST - 60, 150, BATCH_MOST },
		{ "fast, at the most", false, BATCH_MOST, 0, BATCH_MOST },
		{ "as it should be", false, 100, 260, 100 },
		{ "not slow yet", false, 100, 850, 100 },
		{ "slow", false, 100, 1010, 50 },
		{ "slow, near the least", false, 15, 1500, 10 },
		{ "slow, above the least", false, 22, 1500, 11 },
		{ "slow, at the least", false, 10, 1500, 10 },
		{ "fast, ahead", true, 100, 50, 200 },
		{ "as it should be, ahead", true, 100, 130, 100 },
		{ "not slow yet, ahead", true, 100, 380, 100 },
		{ "slow, ahead", true, 100, 510, 50 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct deliver_options all = { .issue_id = 0 };
		struct flow_test t;
		struct batches b = { .size = cases[i].size };
		struct delivery *d = NULL;

		flow_begin(&t);
		b.pool = cases[i].has_pool ? work_pool_open(1) : NULL;
		b.taken_ms = clock_ticks_ms() - cases[i].spent_ms;
		MUST(batches_next(&b, &t.run, &all, SIZE_MAX, &d, err));
		assert_null(d);
		SAME_INT(cases[i].name, b.size, cases[i].want);
		MUST(batches_close(&b, &t.run, err));
		work_pool_close(b.pool);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_hand_out_each_letter_once),
		cmocka_unit_test(who_left_meanwhile_gets_nothing_that_was_taken),
		cmocka_unit_test(a_pause_puts_back_the_letters_of_its_issue_alone),
		cmocka_unit_test(the_next_letters_are_taken_while_others_go_out),
		cmocka_unit_test(answers_are_written_with_what_is_taken_ahead),
		cmocka_unit_test(others_have_their_turn_before_the_next_taking),
		cmocka_unit_test(nothing_is_taken_ahead_while_another_writes),
		cmocka_unit_test(what_cannot_be_taken_ahead_is_taken_later),
		cmocka_unit_test(answers_that_come_back_stand_before_newer_ones),
		cmocka_unit_test(others_are_taken_when_more_than_a_sixteenth_is_out),
		cmocka_unit_test(no_more_are_taken_than_there_is_room_for),
		cmocka_unit_test(others_have_a_turn_as_long_as_the_disk_is_slow),
		cmocka_unit_test(each_taking_stands_in_the_journal),
		cmocka_unit_test(others_are_not_looked_at_for_each_letter),
		cmocka_unit_test(batches_adapt_to_the_speed_of_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
