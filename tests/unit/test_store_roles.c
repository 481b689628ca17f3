/* SPDX-License-Identifier: ISC */
/* What the processes that strangers talk to cannot do with the database. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/open.h"
#include "store/reader_history.h"

static struct store *
open_as(const char *path, enum store_mode mode)
{
	const struct store_options o = open_options(mode);
	struct err err = ERR_INIT;
	struct store *s = store_open(path, &o, &err);

	if (!s)
		fail_msg("%s: %s", path, err.text);
	return s;
}

static bool
count_reader(void *arg, const struct reader *r, struct err *err)
{
	(void)r;
	(void)err;
	++*(int *)arg;
	return true;
}

/* A database with two readers, opened in the role. */
static struct store *
begin(const char *path, enum store_mode mode)
{
	struct store *s = open_as(path, STORE_CREATE);
	struct reader ann = make_reader("ann@x.example", READER_ACTIVE);
	struct reader bo = make_reader("bo@x.example", READER_ACTIVE);

	MUST(store_reader_add(s, &ann, err));
	MUST(store_reader_add(s, &bo, err));
	close_store(s);
	return open_as(path, mode);
}

static void
one_reader_can_be_read_and_moved(void **state)
{
	static const enum store_mode modes[] = { STORE_WEB, STORE_MAIL_IN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const struct reader_event_line line = { NOW, EVENT_LEAVE, CAUSE_PAGE,
			READER_LEFT, NULL, NULL };
		const struct notice n = { .kind = NOTICE_GOODBYE, .reader_id = 1 };
		char *folder = new_folder();
		char path[300];
		struct store *s = begin(in_folder(folder, "p.db", path), modes[i]);
		struct arena *a = arena_new();
		struct reader r;
		bool found = false;

		MUST(store_reader_get(s, a, 1, &r, &found, err));
		assert_true(found);
		SAME_TEXT("address", r.address, "ann@x.example");
		r.state = READER_LEFT;
		MUST(store_reader_update(s, &r, err));
		MUST(store_history_add(s, r.id, &line, err));
		MUST(store_notice_add(s, &n, NOW, NULL, err));
		MUST(store_reader_erase(s, 2, err));
		arena_free(a);
		close_store(s);
		remove_folder(folder);
	}
}

static void
the_list_cannot_be_read(void **state)
{
	static const enum store_mode modes[] = { STORE_WEB, STORE_MAIL_IN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		char *folder = new_folder();
		char path[300];
		struct store *s = begin(in_folder(folder, "p.db", path), modes[i]);
		int64_t by_state[READER_ERASED + 1];
		int seen = 0;

		MUST_FAIL(store_readers_each(s, ~0u, count_reader, &seen, err), ERR_BUG,
		    "may not read a list");
		SAME_INT("readers handed out", seen, 0);
		/* Counts name nobody. */
		MUST(store_readers_count(s, by_state, err));
		SAME_INT("active", by_state[READER_ACTIVE], 2);
		close_store(s);
		remove_folder(folder);
	}
}

static void
nothing_else_can_be_changed(void **state)
{
	static const char *const sql[] = {
		"DELETE FROM reader",
		"DELETE FROM notice",
		"DELETE FROM delivery",
		"UPDATE issue SET subject = 'bought'",
		"UPDATE entry SET title = 'bought'",
		"UPDATE source SET url = 'http://evil.example/'",
		"UPDATE secret SET value = x'00'",
		"INSERT INTO delivery SELECT * FROM delivery",
		"CREATE TABLE mine (a)",
		"DROP TABLE reader",
		"ATTACH 'other.db' AS other",
		"PRAGMA journal_mode = DELETE",
		"PRAGMA writable_schema = ON",
		"VACUUM",
	};
	static const enum store_mode modes[] = { STORE_WEB, STORE_MAIL_IN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		char *folder = new_folder();
		char path[300];
		struct store *s = begin(in_folder(folder, "p.db", path), modes[i]);
		struct issue issue = { .name = "2026-11-24",
			.date = NOW,
			.created = NOW };

		for (size_t n = 0; n < ARRAY_LEN(sql); n++) {
			struct err err = ERR_INIT;

			if (db_exec(s, sql[n], &err))
				fail_msg("%s: got done, want refused", sql[n]);
		}
		MUST_FAIL(store_issue_add(s, &issue, err), ERR_BUG, "may not");
		close_store(s);
		remove_folder(folder);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_reader_can_be_read_and_moved),
		cmocka_unit_test(the_list_cannot_be_read),
		cmocka_unit_test(nothing_else_can_be_changed),
	};

	return cmocka_run_group_tests_name("store roles", tests, NULL, NULL);
}
