/* SPDX-License-Identifier: ISC */
/* Posts that are in the document of their source no more: taken back, or only fallen out. */
#include "unit/flow_fixture.h"

#include "flow/taken_back.h"

enum { POSTS = 6, HOUR = 3600 };

/*
 * Six posts of one document, the newest first: post 1 of hour 6, post 2 of hour 5 ... post 6 of
 * hour 1; stored in that order, all seen at once.  sql changes that.
 */
static const struct {
	const char *name, *sql;
	const char *
	    shown; /* the document now, by these numbers; "x": a post that is not stored */
	const char *want; /* of each post: o open, t taken back */
} cases[] = {
	{ "all are there", "", "123456", "oooooo" },
	{ "the oldest have fallen out", "", "1234", "oooooo" },
	{ "one between others is gone", "", "12456", "ootooo" },
	{ "the newest is gone", "", "23456", "tooooo" },
	{ "some are gone, some have fallen out", "", "135", "ototoo" },
	{ "the last alone tells of all before it", "", "6", "ttttto" },
	{ "oldest first", "", "65421", "ootooo" },
	{ "oldest first, the oldest gone, which may have fallen out", "", "54321",
	    "oooooo" },
	{ "in no order", "", "61523", "oooooo" },
	{ "one is pinned", "", "613", "otoooo" },
	{ "two are pinned", "", "6513", "otoooo" },
	{ "three are no pins", "", "65413", "oooooo" },
	{ "one of two is there again", "UPDATE entry SET state = 3 WHERE id IN (2, 4);",
	    "12356", "oootoo" },
	{ "taken back and not there, behind the end",
	    "UPDATE entry SET state = 3 WHERE id IN (2, 6);", "134", "otooot" },
	{ "there again in a document in no order",
	    "UPDATE entry SET state = 3 WHERE id = 2;", "61523", "oooooo" },
	{ "one that was mailed", "UPDATE entry SET state = 1 WHERE id = 2;", "13456",
	    "oooooo" },
	{ "one that a person holds", "UPDATE entry SET state = 4 WHERE id = 2;", "13456",
	    "oooooo" },
	/* Those of one instant stand in any order. */
	{ "as old as the end", "UPDATE entry SET published = 1795500000;", "12456",
	    "oooooo" },
	{ "a second younger", "UPDATE entry SET published = 1795500000 + (id = 3);",
	    "12456", "ootooo" },
	{ "a second older, put in further up",
	    "UPDATE entry SET published = 1795500000 - (id = 3);", "12456", "oooooo" },
	{ "the end has no date", "UPDATE entry SET published = NULL WHERE id = 6;",
	    "12456", "ootooo" },
	{ "it has none itself", "UPDATE entry SET published = NULL WHERE id = 3;",
	    "12456", "ootooo" },
	{ "the end was seen later",
	    "UPDATE entry SET first_seen = first_seen + (id = 6);", "12456", "oooooo" },
	{ "the end was seen before",
	    "UPDATE entry SET first_seen = first_seen - (id = 6);", "12456", "ootooo" },
	{ "it was seen later than an end that was stored behind it",
	    "UPDATE entry SET first_seen = first_seen + (id = 3);", "12456", "ootooo" },
	{ "the end is not stored", "UPDATE entry SET state = 3 WHERE id = 5;", "1245x",
	    "oooooo" },
};

static int64_t
hour_of(char number)
{
	return NOW - (int64_t)(number - '0') * HOUR;
}

static void
begin(struct flow_test *t, const char *sql)
{
	int64_t source = 0;

	flow_begin(t);
	source = add_source(t->run.store, "a");
	for (int i = 1; i <= POSTS; i++) {
		char title[2] = { (char)('0' + i), '\0' };

		SAME_INT("its id", add_full_post(t, source, title, hour_of(title[0])), i);
	}
	MUST(db_exec(t->run.store, sql, err));
}

/* The instant that the document gives is the stored one. */
static int64_t
stored_instant(struct flow_test *t, char number)
{
	struct err none = ERR_INIT;
	struct db_query *q = db_query(t->run.store,
	    "SELECT COALESCE(published, 0) FROM entry WHERE id = :id", &none);
	int64_t at = 0;

	db_bind_int(q, ":id", number - '0');
	MUST(db_only_int(q, &at, err));
	return at == 0 ? TIME_NONE : at;
}

static struct feed
document(struct flow_test *t, const char *shown)
{
	const size_t count = strlen(shown);
	struct entry *list = arena_array(t->run.arena, count + 1, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const bool stored = shown[i] != 'x';

		list[i] = (struct entry){ .id = stored ? shown[i] - '0' : 0,
			.published = stored ? stored_instant(t, shown[i]) : 1,
			.updated = TIME_NONE,
			.first_seen = 1 };
	}
	return (struct feed){ .entries = list, .entry_count = count };
}

/* "oot": the first two may be mailed, the third is taken back. */
static const char *
states(struct flow_test *t)
{
	static char text[POSTS + 1];
	struct err none = ERR_INIT;
	struct db_query *q =
	    db_query(t->run.store, "SELECT state FROM entry ORDER BY id", &none);

	for (int i = 0; i < POSTS; i++) {
		assert_true(db_next(q));
		text[i] = db_int(q) == 3 ? 't' : 'o';
	}
	assert_true(db_done(q, &none));
	return text;
}

static void
what_is_missing_above_the_end_is_taken_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct feed feed;

		begin(&t, cases[i].sql);
		feed = document(&t, cases[i].shown);
		MUST(flow_take_back(&t.run, t.run.arena, 1, &feed, err));
		SAME_TEXT(cases[i].name, states(&t), cases[i].want);
		flow_end(&t);
	}
}

static void
what_tells_nothing_takes_nothing(void **state)
{
	struct flow_test t;
	struct feed feed;

	(void)state;
	begin(&t, "UPDATE entry SET state = 3 WHERE id = 1;");
	feed = document(&t, "12456");
	feed.damaged = true;
	MUST(flow_take_back(&t.run, t.run.arena, 1, &feed, err));
	SAME_TEXT("damaged", states(&t), "tooooo");
	feed = document(&t, "");
	MUST(flow_take_back(&t.run, t.run.arena, 1, &feed, err));
	SAME_TEXT("empty", states(&t), "tooooo");
	feed = document(&t, "12456");
	MUST(flow_take_back(&t.run, t.run.arena, 2, &feed, err));
	SAME_TEXT("another's", states(&t), "tooooo");
	flow_end(&t);
}

static void
a_store_that_fails_is_told(void **state)
{
	struct flow_test t;
	struct feed feed;

	(void)state;
	begin(&t, "UPDATE entry SET state = 3 WHERE id = 1;");
	flow_break_store(&t);
	feed = document(&t, "23456");
	MUST(flow_take_back(&t.run, t.run.arena, 1, &feed, err));
	feed = document(&t, "123456");
	MUST_FAIL(flow_take_back(&t.run, t.run.arena, 1, &feed, err), ERR_SYSTEM, "");
	feed = document(&t, "2456");
	MUST_FAIL(flow_take_back(&t.run, t.run.arena, 1, &feed, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	SAME_TEXT("as it was", states(&t), "tooooo");
	MUST(db_exec(t.run.store, "DROP TABLE issue_entry", err));
	MUST_FAIL(flow_take_back(&t.run, t.run.arena, 1, &feed, err), ERR_BUG, "");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_above_the_end_is_taken_back),
		cmocka_unit_test(what_tells_nothing_takes_nothing),
		cmocka_unit_test(a_store_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
