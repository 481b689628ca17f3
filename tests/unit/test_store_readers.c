/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

#include "store/db.h"
#include "store/open.h"
#include "store/readers.h"
#include "store/transactions.h"

static void
everything_of_a_reader_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r = { .address = "Ann@x.example",
		.address_key = "ann@x.example",
		.state = READER_HOLD,
		.cadence = { RHYTHM_WEEKLY, 2, 1110, "Asia/Tokyo" },
		.variant = { 0, LENGTH_SHORT, FORMAT_TEXT, "+3", NULL, 0 },
		.last_issue = 7,
		.due = 8,
		.hold_skip = true,
		.confirmed_by = "form",
		.created = 1,
		.confirmed = 2,
		.hold_until = 3,
		.epoch = 4,
		.soft_bounces = 5 };
	struct reader got;
	bool found = false;

	(void)state;
	MUST(store_reader_add(s, &r, err));
	MUST(store_reader_find(s, a, "bo@x.example", &got, &found, err));
	SAME_INT("another", found, 0);
	MUST(store_reader_get(s, a, 99, &got, &found, err));
	SAME_INT("another id", found, 0);
	MUST(store_reader_find(s, a, "ann@x.example", &got, &found, err));
	assert_true(found);
	SAME_INT("id", got.id, r.id);
	SAME_TEXT("address", got.address, "Ann@x.example");
	SAME_TEXT("key", got.address_key, "ann@x.example");
	SAME_INT("state", got.state, READER_HOLD);
	SAME_INT("rhythm", got.cadence.rhythm, RHYTHM_WEEKLY);
	SAME_INT("day", got.cadence.day, 2);
	SAME_INT("minute", got.cadence.minute, 1110);
	SAME_TEXT("zone", got.cadence.zone, "Asia/Tokyo");
	SAME_INT("variant", got.variant.id, r.variant.id);
	SAME_INT("format", got.variant.format, FORMAT_TEXT);
	SAME_INT("body", got.variant.length, LENGTH_SHORT);
	SAME_TEXT("sources", got.variant.sources, "+3");
	SAME_INT("last issue", got.last_issue, 7);
	SAME_INT("due", got.due, 8);
	SAME_INT("skips", got.hold_skip, 1);
	SAME_TEXT("confirmed by", got.confirmed_by, "form");
	SAME_INT("created", got.created, 1);
	SAME_INT("confirmed", got.confirmed, 2);
	SAME_INT("hold until", got.hold_until, 3);
	SAME_INT("epoch", got.epoch, 4);
	SAME_INT("soft bounces", got.soft_bounces, 5);
	arena_free(a);
	close_store(s);
}

static void
what_changed_of_a_reader_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r = make_reader("ann@x.example", READER_HOLD);
	struct reader got;
	bool found = false;

	(void)state;
	r.variant.sources = "+3";
	r.due = r.hold_until = 8;
	r.hold_skip = true;
	MUST(store_reader_add(s, &r, err));
	got = r;
	got.state = READER_ACTIVE;
	got.hold_until = TIME_NONE;
	got.due = TIME_NONE;
	got.hold_skip = false;
	got.last_issue = 9;
	got.variant.sources = "*";
	got.cadence = (struct cadence){ RHYTHM_DAILY, CADENCE_ANY, CADENCE_ANY, NULL };
	MUST(store_reader_update(s, &got, err));
	MUST(store_reader_get(s, a, r.id, &got, &found, err));
	SAME_INT("new state", got.state, READER_ACTIVE);
	assert_true(got.hold_until == TIME_NONE);
	assert_true(got.due == TIME_NONE);
	SAME_INT("no longer skips", got.hold_skip, 0);
	SAME_INT("new last issue", got.last_issue, 9);
	SAME_TEXT("new sources", got.variant.sources, "*");
	SAME_INT("which is another variant", got.variant.id != r.variant.id, 1);
	SAME_INT("new rhythm", got.cadence.rhythm, RHYTHM_DAILY);
	SAME_INT("the newsletter's hour", got.cadence.minute, CADENCE_ANY);
	SAME_TEXT("no zone of their own", got.cadence.zone, "");
	arena_free(a);
	close_store(s);
}

static void
an_address_is_there_once(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader twice = make_reader("Ann@x", READER_ACTIVE);
	struct reader other;
	bool found = false;

	(void)state;
	twice.address_key = "ann@x";
	add_reader(s, "ann@x", READER_LEFT);
	MUST_FAIL(store_reader_add(s, &twice, err), ERR_INPUT,
	    "Ann@x is on the list already");
	SAME_INT("no id", twice.id, 0);
	MUST(store_reader_get(s, a, add_reader(s, "bo@x", READER_ACTIVE), &other, &found,
	    err));
	other.address_key = "ann@x";
	MUST_FAIL(store_reader_update(s, &other, err), ERR_INPUT, "on the list already");
	other.id = 99;
	other.address_key = "cy@x";
	MUST_FAIL(store_reader_update(s, &other, err), ERR_BUG, "not stored");
	arena_free(a);
	close_store(s);
}

struct walk {
	struct store *store;
	int64_t count;
	int64_t sum;
	int64_t stop_at;
};

static bool
walk_one(void *arg, const struct reader *r, struct err *err)
{
	struct walk *w = arg;
	struct reader changed = *r;

	w->count++;
	w->sum += r->id;
	if (w->count == w->stop_at)
		return err_set(err, ERR_HUMAN, "enough");
	/* Writing, and a transaction, while walking. */
	changed.soft_bounces++;
	return store_begin(w->store, err) &&
	    store_reader_update(w->store, &changed, err) && store_commit(w->store, err);
}

static void
all_readers_of_some_states_are_walked(void **state)
{
	enum { READERS = 2 * DB_CHUNK + 7 };
	struct store *s = memory_store();
	struct walk all = { .store = s };
	struct walk some = { .store = s };
	struct walk few = { .store = s, .stop_at = 3 };
	int64_t by_state[READER_ERASED + 1];
	int64_t bounces = 0;

	(void)state;
	MUST(store_begin(s, err));
	for (int i = 1; i <= READERS; i++) {
		char address[20];

		snprintf(address, sizeof(address), "r%d@x", i);
		add_reader(s, address, i % 500 == 0 ? READER_LEFT : READER_ACTIVE);
	}
	MUST(store_commit(s, err));
	MUST(store_readers_each(s, ~0u, walk_one, &all, err));
	SAME_INT("all", all.count, READERS);
	SAME_INT("each once", all.sum, READERS * (READERS + 1) / 2);
	MUST(store_readers_each(s, 1u << READER_LEFT, walk_one, &some, err));
	SAME_INT("those who left", some.count, 2);
	SAME_INT("they are", some.sum, 500 + 1000);
	MUST_FAIL(store_readers_each(s, ~0u, walk_one, &few, err), ERR_HUMAN, "enough");
	SAME_INT("stopped", few.count, 3);
	MUST(store_readers_count(s, by_state, err));
	SAME_INT("active", by_state[READER_ACTIVE], READERS - 2);
	SAME_INT("left", by_state[READER_LEFT], 2);
	SAME_INT("pending", by_state[READER_PENDING], 0);
	MUST(db_number(s, "SELECT SUM(soft_bounces) FROM reader", &bounces, err));
	SAME_INT("written while walking", bounces, READERS + 2 + 2);
	close_store(s);
}

/* True when the bytes stand somewhere in the file. */
static bool
file_holds(const char *path, const char *words)
{
	FILE *f = fopen(path, "rb");
	size_t len = strlen(words);
	size_t at = 0;
	int c = 0;

	if (!f)
		return false;
	/* The first byte occurs once in the words, so that no restart can be missed. */
	while (at < len && (c = getc(f)) != EOF)
		at = c == words[at] ? at + 1 : c == words[0];
	fclose(f);
	return at == len;
}

static void
of_an_erased_reader_only_a_hash_is_left(void **state)
{
	static const char *const names[] = { "p.db", "p.db-wal" };
	char *folder = new_folder();
	char path[300];
	char file[300];
	struct store_options o = open_options(STORE_CREATE);
	struct arena *a = arena_new();
	struct store *s = NULL;
	struct reader r = make_reader("Zoe@erased.example", READER_ACTIVE);
	struct reader got;
	bool found = false;
	bool erased = false;

	(void)state;
	r.address_key = "zoe@erased.example";
	r.confirmed_by = "Zoe's form";
	MUST((s = store_open(in_folder(folder, "p.db", path), &o, err)) != NULL);
	for (int i = 0; i < 200; i++) {
		char address[40];

		snprintf(address, sizeof(address), "r%d@x.example", i);
		add_reader(s, address, READER_ACTIVE);
	}
	MUST(store_reader_add(s, &r, err));
	MUST(store_reader_is_erased(s, r.address_key, &erased, err));
	SAME_INT("not yet", erased, 0);
	MUST(store_reader_erase(s, r.id, err));
	MUST(store_reader_is_erased(s, r.address_key, &erased, err));
	SAME_INT("erased", erased, 1);
	MUST(store_reader_is_erased(s, "ann@erased.example", &erased, err));
	SAME_INT("another", erased, 0);
	MUST(store_reader_find(s, a, r.address_key, &got, &found, err));
	SAME_INT("found by address", found, 0);
	MUST(store_reader_get(s, a, r.id, &got, &found, err));
	SAME_INT("state", got.state, READER_ERASED);
	SAME_TEXT("address", got.address, "(none)");
	SAME_TEXT("evidence", got.confirmed_by, "(none)");
	SAME_INT("tokens are dead", got.epoch, 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		in_folder(folder, names[i], file);
		if (file_holds(file, "Zoe@erased") || file_holds(file, "zoe@erased"))
			fail_msg("%s still holds the address", names[i]);
	}
	assert_true(file_holds(path, "r77@x.example"));
	/* Once more is no mistake, nobody is. */
	MUST(store_reader_erase(s, r.id, err));
	MUST_FAIL(store_reader_erase(s, 999, err), ERR_INPUT, "no reader 999");
	close_store(s);
	arena_free(a);
	remove_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_of_a_reader_comes_back),
		cmocka_unit_test(what_changed_of_a_reader_comes_back),
		cmocka_unit_test(an_address_is_there_once),
		cmocka_unit_test(all_readers_of_some_states_are_walked),
		cmocka_unit_test(of_an_erased_reader_only_a_hash_is_left),
	};

	return cmocka_run_group_tests_name("store readers", tests, NULL, NULL);
}
