/* SPDX-License-Identifier: ISC */
/* Letters that are out, their answers, and a database that cannot be written for a while. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"

#include "unit/cmd_fixture.h"
#include "unit/issue_fixture.h"

#include <sys/mman.h>

#include "base/clock.h"
#include "base/mem.h"
#include "flow/answer_book.h"

struct book_test {
	struct flow_test t;
	struct answer_book book;
	unsigned char key[HASH_SIZE];
};

/* Of each there is one; in memory of its own, since a book is large. */
static struct book_test *
begin(bool has_journal)
{
	struct book_test *b = xcalloc(1, sizeof(*b));
	struct run *run = &b->t.run;
	char path[300];

	flow_begin(&b->t);
	run->boot = "boot one";
	answer_book_init(&b->book, run);
	if (!has_journal)
		return b;
	run->journal_path =
	    arena_strdup(run->arena, in_folder(b->t.folder, "journal", path));
	MUST((b->book.journal = letter_journal_open(run->journal_path, b->key, run->boot,
		  err)) != NULL);
	letter_journal_restart(b->book.journal, 0);
	letter_journal_announce(b->book.journal, 1);
	letter_journal_taken(b->book.journal, 1);
	return b;
}

static void
end(struct book_test *b)
{
	answer_book_clear(&b->book);
	flow_end(&b->t);
	free(b);
}

static struct delivery
letter_to(int64_t reader)
{
	return (struct delivery){ .reader_id = reader,
		.span = { 0, 1, 1 },
		.part = 1,
		.state = DELIVERY_SENDING,
		.next_try = TIME_NONE,
		.settled = TIME_NONE,
		.queued = NOW };
}

static struct delivery
sent_to(int64_t reader, const char *reply)
{
	struct delivery d = letter_to(reader);

	d.state = DELIVERY_SENT;
	d.settled = NOW;
	d.reply = reply;
	d.status = "2.0.0";
	return d;
}

/* The readers whose letters the journal has, by their cells: "7 sent, 6 out". */
static const char *
in_journal(struct book_test *b)
{
	struct arena *a = b->t.run.arena;
	struct delivery_left *left = NULL;
	const size_t count = letter_journal_left(b->book.journal, a, &left);
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s%lld %s", text, i > 0 ? ", " : "",
		    (long long)left[i].d.reader_id, left[i].answered ? "sent" : "out");
	return text;
}

/* ---- what is out --------------------------------------------------------------------- */

static void
what_is_out_stands_in_the_journal(void **state)
{
	struct book_test *b = begin(true);
	const struct delivery out[] = { letter_to(1), letter_to(2), letter_to(3),
		letter_to(4) };
	const struct delivery first = sent_to(1, "250 taken");

	(void)state;
	for (size_t i = 0; i < 3; i++)
		MUST(answer_book_hand_out(&b->book, &out[i], err));
	SAME_INT("out", b->book.out_count, 3);
	SAME_TEXT("handed out", in_journal(b), "1 out, 2 out, 3 out");
	answer_book_take_back(&b->book, &out[1]);
	SAME_INT("out", b->book.out_count, 2);
	assert_ptr_equal(b->book.out[0].d, &out[0]);
	assert_ptr_equal(b->book.out[1].d, &out[2]);
	SAME_TEXT("one taken back", in_journal(b), "1 out, 3 out");
	answer_book_take_back(&b->book, &out[3]);
	SAME_INT("that one was not out", b->book.out_count, 2);
	MUST(answer_book_add(&b->book, &out[0], &first, err));
	SAME_INT("out", b->book.out_count, 1);
	assert_ptr_equal(b->book.out[0].d, &out[2]);
	SAME_TEXT("one answered", in_journal(b), "1 sent, 3 out");
	answer_book_take_back(&b->book, &out[2]);
	SAME_INT("out", b->book.out_count, 0);
	SAME_TEXT("both", in_journal(b), "1 sent");
	end(b);
}

/* The words are the book's own; who reads there is known by the reader. */
static void
an_answer_is_copied(void **state)
{
	struct book_test *b = begin(false);
	struct delivery d = sent_to(7, NULL);
	char reply[] = "250 taken";
	char status[] = "2.0.0";
	const struct delivery *mine = &b->book.page->answers[0];

	(void)state;
	d.reply = reply;
	d.status = status;
	d.address = "ann@x.example";
	d.attempts = 3;
	MUST(answer_book_add(&b->book, NULL, &d, err));
	memset(reply, 'x', sizeof(reply) - 1);
	memset(status, 'x', sizeof(status) - 1);
	SAME_INT("count", b->book.page->count, 1);
	SAME_INT("cell", b->book.page->cells[0], -1);
	SAME_INT("reader", mine->reader_id, 7);
	SAME_INT("attempts", mine->attempts, 3);
	SAME_TEXT("reply", mine->reply, "250 taken");
	SAME_TEXT("status", mine->status, "2.0.0");
	assert_null(mine->address);
	end(b);
}

static void
there_are_no_more_places_than_cells(void **state)
{
	struct book_test *b = begin(false);
	struct delivery *all = xcalloc(JOURNAL_CELLS + 1, sizeof(*all));
	const struct delivery *last = &all[JOURNAL_CELLS];

	(void)state;
	for (size_t i = 0; i < JOURNAL_CELLS; i++)
		MUST(answer_book_hand_out(&b->book, &all[i], err));
	MUST_FAIL(answer_book_hand_out(&b->book, last, err), ERR_BUG,
	    "too many letters are out");
	SAME_INT("out", b->book.out_count, JOURNAL_CELLS);
	for (size_t i = 0; i < JOURNAL_CELLS; i++)
		MUST(answer_book_add(&b->book, &all[i], &all[i], err));
	SAME_INT("out", b->book.out_count, 0);
	MUST_FAIL(answer_book_add(&b->book, NULL, last, err), ERR_BUG,
	    "too many answers wait for the database");
	SAME_INT("answers", b->book.page->count, JOURNAL_CELLS);
	/* One that came meanwhile has no room behind those that come back. */
	SAME_INT("sent off", answer_book_send_off(&b->book)->count, JOURNAL_CELLS);
	MUST(answer_book_add(&b->book, NULL, last, err));
	MUST_FAIL(answer_book_came_back(&b->book, err), ERR_BUG,
	    "too many answers wait for the database");
	free(all);
	end(b);
}

/* Answers that the database has not yet keep their cells. */
static void
a_letter_without_a_cell_is_not_handed_out(void **state)
{
	struct book_test *b = begin(true);
	struct delivery *all = xcalloc(JOURNAL_CELLS + 1, sizeof(*all));

	(void)state;
	for (size_t i = 0; i < JOURNAL_CELLS; i++) {
		MUST(answer_book_hand_out(&b->book, &all[i], err));
		MUST(answer_book_add(&b->book, &all[i], &all[i], err));
	}
	MUST_FAIL(answer_book_hand_out(&b->book, &all[JOURNAL_CELLS], err), ERR_BUG,
	    "the journal has no free cell");
	SAME_INT("out", b->book.out_count, 0);
	answer_book_written(&b->book);
	SAME_INT("answers", b->book.page->count, 0);
	MUST(answer_book_hand_out(&b->book, &all[JOURNAL_CELLS], err));
	SAME_INT("out", b->book.out_count, 1);
	free(all);
	end(b);
}

/* ---- a database that cannot be written ----------------------------------------------- */

static bool sync_fails;

/* In front of the library's: the disk of the journal breaks. */
int
msync(void *at, size_t size, int how)
{
	(void)at;
	(void)size;
	(void)how;
	return sync_fails ? -1 : 0;
}

static void
answer_two(struct book_test *b)
{
	static const struct delivery out[] = { { .reader_id = 1 }, { .reader_id = 2 } };

	for (size_t i = 0; i < ARRAY_LEN(out); i++) {
		const struct delivery sent = sent_to(out[i].reader_id, "250 taken");

		MUST(answer_book_hand_out(&b->book, &out[i], err));
		MUST(answer_book_add(&b->book, &out[i], &sent, err));
	}
}

static const struct {
	const char *name;
	bool has_journal, sync_fails;
	const char *rescue; /* "": the folder of the test; NULL: none */
	const char *text;   /* %: the folder */
	bool has_copy;
} lost[] = {
	{ "no journal", false, false, "", "2 answers are lost: ", false },
	{ "in the journal", true, false, "",
	    "the answers to 2 letters are not in the database yet; %/journal keeps them for "
	    "the next run: ",
	    false },
	{ "in a copy", true, true, "",
	    "the answers to 2 letters are not in the database yet; %/planetpost-", true },
	{ "no place for a copy", true, true, NULL,
	    "the answers to 2 letters can be written nowhere: they will be unknown: ",
	    false },
	{ "a place that is none", true, true, "/nowhere/at/all",
	    "the answers to 2 letters can be written nowhere: they will be unknown: ",
	    false },
};

static void
answers_that_cannot_be_written_are_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
		struct book_test *b = begin(lost[i].has_journal);
		const char *at = strchr(lost[i].text, '%');
		struct err err = ERR_INIT;
		const char *want = lost[i].text;

		if (lost[i].rescue)
			b->t.run.rescue_dir =
			    *lost[i].rescue ? lost[i].rescue : b->t.folder;
		if (at)
			want = arena_printf(b->t.run.arena, "%.*s%s%s",
			    (int)(at - lost[i].text), lost[i].text, b->t.folder, at + 1);
		answer_two(b);
		flow_break_store(&b->t);
		sync_fails = lost[i].sync_fails;
		assert_false(answer_book_write(&b->book, &err));
		sync_fails = false;
		if (strncmp(err.text, want, strlen(want)) != 0)
			fail_msg("%s: got %s, want %s", lost[i].name, err.text, want);
		SAME_INT(lost[i].name, b->book.page->count, 2);
		if (lost[i].has_journal)
			SAME_TEXT(lost[i].name, in_journal(b), "1 sent, 2 sent");
		SAME_INT(lost[i].name, strstr(err.text, ".sending keeps them") != NULL,
		    lost[i].has_copy);
		flow_mend_store(&b->t);
		end(b);
	}
}

static void
nothing_to_write_needs_no_database(void **state)
{
	struct book_test *b = begin(false);

	(void)state;
	flow_break_store(&b->t);
	MUST(answer_book_write(&b->book, err));
	flow_mend_store(&b->t);
	end(b);
}

/* A pause lasts a second: the second question of three ends it, and is no end of the run. */
static bool
interrupted_once_in_three(void)
{
	return flow_test_now->questions_left++ % 3 == 1;
}

static const struct {
	const char *name;
	enum err_kind kind;
	int64_t patience_ms;
	bool waits;
	int64_t wait_ms; /* 0: it is not noted when it began */
	const char *says;
} waits[] = {
	{ "a lock", ERR_TEMPORARY, 7000, true, 7000,
	    "warn send: it cannot be: no further letter goes; what was answered is kept and "
	    "tried again for 7 seconds\n" },
	{ "a full disk", ERR_SYSTEM, 10000, true, 2000,
	    "warn send: it cannot be: no further letter goes; what was answered is kept and "
	    "tried again for 2 seconds\n" },
	{ "not for long", ERR_SYSTEM, 400, false, 80,
	    "warn send: it cannot be: no further letter goes; what was answered is kept and "
	    "tried again for 0 seconds\n" },
	{ "no patience", ERR_TEMPORARY, 0, false, 0, "" },
	{ "what does not pass", ERR_STORE, 7000, false, 0, "" },
	{ "nor this", ERR_BUG, 7000, false, 0, "" },
};

static void
what_may_pass_is_waited_for(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct book_test *b = begin(false);
		const struct err why = { .kind = waits[i].kind, .text = "it cannot be" };
		const int64_t began = clock_ticks_ms();
		struct capture c;
		bool again = false;

		b->t.run.patience_ms = waits[i].patience_ms;
		b->t.run.interrupted = interrupted_once_in_three;
		capture_begin(&c, b->t.folder, NULL);
		again = answer_book_wait(&b->book, &why);
		capture_end(&c, &out, &said);
		SAME_INT(waits[i].name, again, waits[i].waits);
		SAME_TEXT(waits[i].name, buf_text(&said), waits[i].says);
		if (waits[i].wait_ms == 0)
			SAME_INT(waits[i].name, b->book.wait_until, 0);
		else if (b->book.wait_until < began + waits[i].wait_ms ||
		    b->book.wait_until > clock_ticks_ms() + waits[i].wait_ms - 90)
			fail_msg("%s: waits %lld ms", waits[i].name,
			    (long long)(b->book.wait_until - began));
		end(b);
	}
	buf_clear(&out);
	buf_clear(&said);
}

static void
a_wait_is_told_once_and_so_is_its_end(void **state)
{
	const struct err why = { .kind = ERR_TEMPORARY, .text = "locked" };
	struct book_test *b = begin(false);
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct capture c;
	int64_t until = 0;

	(void)state;
	b->t.run.patience_ms = 3000;
	b->t.run.interrupted = interrupted_once_in_three;
	capture_begin(&c, b->t.folder, NULL);
	answer_book_waited(&b->book);
	assert_true(answer_book_wait(&b->book, &why));
	until = b->book.wait_until;
	assert_true(answer_book_wait(&b->book, &why));
	assert_int_equal(b->book.wait_until, until);
	answer_book_waited(&b->book);
	assert_int_equal(b->book.wait_until, 0);
	answer_book_waited(&b->book);
	capture_end(&c, &out, &said);
	SAME_TEXT("said", buf_text(&said),
	    "warn send: locked: no further letter goes; what was answered is kept and tried "
	    "again for 3 seconds\n"
	    "warn send: the database can be written again: letters go on\n");
	buf_clear(&out);
	buf_clear(&said);
	end(b);
}

static void
who_is_told_to_stop_does_not_wait(void **state)
{
	const struct err why = { .kind = ERR_TEMPORARY, .text = "locked" };
	struct book_test *b = begin(false);
	const int64_t began = clock_ticks_ms();

	(void)state;
	b->t.run.patience_ms = 60000;
	b->t.interrupt = true;
	assert_false(answer_book_wait(&b->book, &why));
	b->t.interrupt = false;
	assert_false(answer_book_wait(&b->book, &why));
	assert_true(clock_ticks_ms() - began < 900);
	end(b);
}

/* The first try fails, the second does not. */
static void
answers_are_written_when_the_database_can_be_used_again(void **state)
{
	struct book_test *b = begin(true);
	struct run *run = &b->t.run;
	struct delivery *d = NULL;
	int64_t by_state[DELIVERY_STATES];
	int64_t issue = 0;
	size_t count = 0;

	(void)state;
	run->patience_ms = 60000;
	run->interrupted = interrupted_once_in_three;
	(void)add_reader(run->store, "ann@x.example", READER_ACTIVE);
	(void)add_reader(run->store, "bo@x.example", READER_ACTIVE);
	issue = approved_issue(&b->t).id;
	SAME_INT("queued", must_queue(&b->t).queued, 2);
	MUST(store_deliveries_take(run->store, NULL, 0, run->arena, issue, NOW, 9, &d,
	    &count, err));
	SAME_INT("taken", count, 2);
	for (size_t i = 0; i < count; i++) {
		struct delivery sent = d[i];

		sent.state = DELIVERY_SENT;
		sent.settled = NOW;
		MUST(answer_book_hand_out(&b->book, &d[i], err));
		MUST(answer_book_add(&b->book, &d[i], &sent, err));
	}
	steps = fails = 0;
	MUST(answer_book_write(&b->book, err));
	fails = -1;
	assert_true(steps > 1);
	SAME_INT("nothing is left", b->book.page->count, 0);
	SAME_INT("it is waited for no more", b->book.wait_until, 0);
	count_states(&b->t, issue, by_state);
	SAME_INT("sent", by_state[DELIVERY_SENT], 2);
	end(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_out_stands_in_the_journal),
		cmocka_unit_test(an_answer_is_copied),
		cmocka_unit_test(there_are_no_more_places_than_cells),
		cmocka_unit_test(a_letter_without_a_cell_is_not_handed_out),
		cmocka_unit_test(answers_that_cannot_be_written_are_kept),
		cmocka_unit_test(nothing_to_write_needs_no_database),
		cmocka_unit_test(what_may_pass_is_waited_for),
		cmocka_unit_test(a_wait_is_told_once_and_so_is_its_end),
		cmocka_unit_test(who_is_told_to_stop_does_not_wait),
		cmocka_unit_test(answers_are_written_when_the_database_can_be_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
