/* SPDX-License-Identifier: ISC */
/* Groups: several transactions that one commit records. */
#include "unit/store_fixture.h"

#include <sys/stat.h>

#include "store/db.h"
#include "store/notes.h"
#include "store/transactions.h"

static struct store *
must_open(const char *path, enum store_mode mode)
{
	const struct store_options o = open_options(mode);
	struct store *s = NULL;

	MUST((s = store_open(path, &o, err)) != NULL);
	return s;
}

static const char *
note(struct store *s, struct arena *a, const char *name)
{
	const char *value = NULL;

	MUST(store_note_get(s, a, name, &value, err));
	return value;
}

static void
set_in_step(struct store *s, const char *name)
{
	MUST(store_begin(s, err));
	MUST(store_note_set(s, name, "1", err));
	MUST(store_commit(s, err));
}

/* Others see all of it or nothing, and after the commit only what its steps have committed. */
static void
one_commit_records_what_its_steps_keep(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	struct store *other = must_open(path, STORE_READ);
	struct arena *a = arena_new();

	(void)state;
	MUST(store_group_begin(s, err));
	set_in_step(s, "first");
	MUST(store_begin(s, err));
	MUST(store_note_set(s, "second", "1", err));
	store_rollback(s);
	set_in_step(s, "third");
	/* One statement by itself is a step. */
	MUST(store_note_set(s, "fourth", "1", err));
	SAME_TEXT("not yet", note(other, a, "first"), "(none)");
	assert_false(store_group_is_lost(s));
	MUST(store_group_commit(s, err));
	SAME_TEXT("first", note(other, a, "first"), "1");
	SAME_TEXT("second", note(other, a, "second"), "(none)");
	SAME_TEXT("third", note(other, a, "third"), "1");
	SAME_TEXT("fourth", note(other, a, "fourth"), "1");
	/* And transactions are again what they were. */
	set_in_step(s, "alone");
	SAME_TEXT("alone", note(other, a, "alone"), "1");
	arena_free(a);
	close_store(other);
	close_store(s);
	remove_folder(folder);
}

static void
steps_are_transactions(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();

	(void)state;
	MUST_FAIL(store_group_commit(s, err), ERR_SYSTEM, "gave the group up");
	MUST(store_group_begin(s, err));
	MUST_FAIL(store_group_begin(s, err), ERR_BUG, "open already");
	MUST_FAIL(store_commit(s, err), ERR_BUG, "no transaction");
	MUST(store_begin(s, err));
	MUST_FAIL(store_begin(s, err), ERR_BUG, "open already");
	store_rollback(s);
	/* A scope opens one; a scope in it joins, and the failure of the outer undoes both. */
	MUST(store_scope_begin(s, err));
	MUST(store_note_set(s, "x", "1", err));
	MUST(store_scope_begin(s, err));
	MUST(store_note_set(s, "w", "1", err));
	MUST(store_scope_end(s, true, err));
	assert_false(store_scope_end(s, false, NULL));
	SAME_TEXT("undone", note(s, a, "x"), "(none)");
	SAME_TEXT("undone with it", note(s, a, "w"), "(none)");
	/* In a transaction that is open a scope ends nothing. */
	MUST(store_begin(s, err));
	MUST(store_scope_begin(s, err));
	assert_false(store_scope_end(s, false, NULL));
	MUST(store_note_set(s, "w", "1", err));
	MUST(store_commit(s, err));
	SAME_TEXT("joined", note(s, a, "w"), "1");
	/* What a step leaves open is not kept. */
	set_in_step(s, "y");
	MUST(store_begin(s, err));
	MUST(store_note_set(s, "z", "1", err));
	MUST(store_group_commit(s, err));
	SAME_TEXT("kept", note(s, a, "y"), "1");
	SAME_TEXT("left open", note(s, a, "z"), "(none)");
	arena_free(a);
	close_store(s);
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* 17 MB are more than a log may hold; at the last commit they stand in the file. */
static void
a_long_log_is_moved_when_it_may_not_grow_any_more(void **state)
{
	enum { MB = 1024 * 1024 };
	char *folder = new_folder();
	char path[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);

	(void)state;
	store_let_log_grow(s, true);
	MUST(db_exec(s, "CREATE TABLE large (x BLOB)", err));
	MUST(db_exec(s, "INSERT INTO large VALUES (zeroblob(17 * 1024 * 1024))", err));
	assert_true(size_of(path) < MB);
	store_let_log_grow(s, false);
	assert_true(size_of(path) > 17 * MB);
	MUST(db_exec(s, "DELETE FROM large", err));
	MUST(db_exec(s, "INSERT INTO large VALUES (zeroblob(34 * 1024 * 1024))", err));
	assert_true(size_of(path) > 34 * MB);
	close_store(s);
	remove_folder(folder);
}

static void
a_step_that_fails_undoes_a_whole_group(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();

	(void)state;
	MUST(store_whole_group_begin(s, err));
	set_in_step(s, "x");
	set_in_step(s, "y");
	MUST(store_group_commit(s, err));
	SAME_TEXT("kept", note(s, a, "x"), "1");
	SAME_TEXT("kept too", note(s, a, "y"), "1");
	MUST(store_whole_group_begin(s, err));
	set_in_step(s, "z");
	MUST(store_begin(s, err));
	MUST_FAIL(store_begin(s, err), ERR_BUG, "open already");
	store_rollback(s);
	assert_true(store_group_is_lost(s));
	MUST_FAIL(store_group_commit(s, err), ERR_SYSTEM, "gave the group up");
	SAME_TEXT("undone", note(s, a, "z"), "(none)");
	/* And transactions are again what they were. */
	set_in_step(s, "alone");
	SAME_TEXT("alone", note(s, a, "alone"), "1");
	arena_free(a);
	close_store(s);
}

static void
it_does_not_wait_for_the_lock(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	struct store_options o = open_options(STORE_WRITE);
	struct store *other = NULL;
	int64_t began = 0;

	(void)state;
	o.busy_ms = 2000;
	MUST((other = store_open(path, &o, err)) != NULL);
	MUST(store_begin(s, err));
	began = clock_ticks_ms();
	MUST_FAIL(store_group_begin(other, err), ERR_TEMPORARY, "locked");
	assert_true(clock_ticks_ms() - began < 1000);
	/* A transaction of its own does, as before. */
	began = clock_ticks_ms();
	MUST_FAIL(store_begin(other, err), ERR_TEMPORARY, "locked");
	assert_true(clock_ticks_ms() - began >= 1900);
	store_rollback(s);
	MUST(store_group_begin(other, err));
	MUST(store_group_commit(other, err));
	close_store(other);
	close_store(s);
	remove_folder(folder);
}

/* As a full disk does it: all is rolled back in the middle. */
static void
a_group_that_is_lost_says_so(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();

	(void)state;
	MUST(store_group_begin(s, err));
	set_in_step(s, "x");
	MUST(store_begin(s, err));
	MUST(db_exec(s, "ROLLBACK", err));
	store_rollback(s);
	assert_true(store_group_is_lost(s));
	MUST_FAIL(store_group_commit(s, err), ERR_SYSTEM, "gave the group up");
	SAME_TEXT("nothing of it", note(s, a, "x"), "(none)");
	set_in_step(s, "y");
	SAME_TEXT("the next is alone", note(s, a, "y"), "1");
	arena_free(a);
	close_store(s);
}

/* The log of a database holds what was erased until it begins anew. */
static void
who_is_erased_in_a_group_is_not_in_the_log(void **state)
{
	char *folder = new_folder();
	char path[300];
	char log[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	struct reader r = make_reader("gone@reader.example", READER_ACTIVE);
	struct stat st;

	(void)state;
	MUST(store_reader_add(s, &r, err));
	MUST(store_group_begin(s, err));
	MUST(store_reader_erase(s, r.id, err));
	MUST(store_group_commit(s, err));
	SAME_INT("there", stat(in_folder(folder, "p.db-wal", log), &st), 0);
	SAME_INT("its size", st.st_size, 0);
	close_store(s);
	remove_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_commit_records_what_its_steps_keep),
		cmocka_unit_test(steps_are_transactions),
		cmocka_unit_test(a_step_that_fails_undoes_a_whole_group),
		cmocka_unit_test(a_long_log_is_moved_when_it_may_not_grow_any_more),
		cmocka_unit_test(it_does_not_wait_for_the_lock),
		cmocka_unit_test(a_group_that_is_lost_says_so),
		cmocka_unit_test(who_is_erased_in_a_group_is_not_in_the_log),
	};

	return cmocka_run_group_tests_name("store groups", tests, NULL, NULL);
}
