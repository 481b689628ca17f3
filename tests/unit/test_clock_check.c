/* SPDX-License-Identifier: ISC */
/* Clocks that were wrong for a run, and what is dropped when they are right. */
#include "unit/flow_fixture.h"

#include "flow/clock_check.h"
#include "flow/tidy.h"
#include "list/preferences.h"
#include "store/notes.h"
#include "store/pictures.h"
#include "store/renderings.h"
#include "store/variants.h"

enum { DAY = 86400 };

static void
note(struct flow_test *t, const char *name, int64_t instant)
{
	char text[CLOCK_TEXT];

	MUST(store_note_set(t->run.store, name, clock_rfc3339(instant, text), err));
}

static void
noted(struct flow_test *t, const char *title, const char *name, const char *want)
{
	const char *text = NULL;

	MUST(store_note_get(t->run.store, t->run.arena, name, &text, err));
	SAME_TEXT(title, text, want);
}

static int64_t
source_number(struct flow_test *t, const char *column)
{
	int64_t n = 0;

	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena, "SELECT COALESCE(%s, -1) FROM source", column), &n,
	    err));
	return n;
}

/* What an earlier run left, and whether it is believed now. */
static const struct {
	const char *name;
	int64_t now;
	const char *column; /* of source */
	int64_t then;
	int64_t every; /* fetch.every */
	bool believed;
} polls[] = {
	{ "a week ahead and what is added", NOW, "next_poll", NOW + 9 * DAY, 3600, true },
	{ "a second more", NOW, "next_poll", NOW + 9 * DAY + 1, 3600, false },
	{ "as long as is configured", NOW, "next_poll", NOW + 12 * DAY, 10 * DAY, true },
	{ "a second more than that", NOW, "next_poll", NOW + 12 * DAY + 1, 10 * DAY,
	    false },
	{ "asked a day from now", NOW, "last_poll", NOW + DAY, 3600, true },
	{ "asked a second later", NOW, "last_poll", NOW + DAY + 1, 3600, false },
	{ "this clock is the wrong one", 1735689599, "last_poll", NOW, 3600, true },
	{ "and this may be right", 1735689600, "last_poll", NOW, 3600, false },
};

static void
waits_that_cannot_be_are_not_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(polls); i++) {
		struct flow_test t;
		int64_t got = 0;

		flow_begin(&t);
		t.settings.config.fetch.every = polls[i].every;
		(void)add_source(t.run.store, "a");
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "UPDATE source SET %s = %lld",
			polls[i].column, (long long)polls[i].then),
		    err));
		t.run.now = polls[i].now;
		MUST(flow_clock_check(&t.run, err));
		got = source_number(&t, polls[i].column);
		if ((got == polls[i].then) != polls[i].believed)
			fail_msg("%s: got %lld", polls[i].name, (long long)got);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	int64_t now, slot;
	const char *want;
} slots[] = {
	{ "a slot that was answered", NOW, NOW - DAY, "2026-11-23T06:00:00Z" },
	{ "two days ahead", NOW, NOW + 2 * DAY, "2026-11-26T06:00:00Z" },
	{ "a second more is open again", NOW, NOW + 2 * DAY + 1, "1970-01-01T00:00:00Z" },
	{ "this clock is the wrong one", 1735689599, NOW, "2026-11-24T06:00:00Z" },
};

static void
a_slot_that_cannot_have_been_is_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
		struct flow_test t;

		flow_begin(&t);
		note(&t, "schedule.slot", slots[i].slot);
		t.run.now = slots[i].now;
		MUST(flow_clock_check(&t.run, err));
		noted(&t, slots[i].name, "schedule.slot", slots[i].want);
		flow_end(&t);
	}
}

/* A gap of a month may be a wrong clock: nothing is dropped for a week. */
static const struct {
	const char *name;
	int64_t last_run, jump; /* before NOW; 0: never */
	bool may, notes;        /* notes: a new jump */
} gaps[] = {
	{ "the first run", 0, 0, true, false },
	{ "yesterday", DAY, 0, true, false },
	{ "thirty days ago", 30 * DAY, 0, true, false },
	{ "a second more", 30 * DAY + 1, 0, false, true },
	{ "a jump just now", 60, 60, false, false },
	{ "a jump a week ago", 60, 7 * DAY, false, false },
	{ "a second more", 60, 7 * DAY + 1, true, false },
	{ "a jump to come", 60, -60, true, false },
	{ "a jump long ago and one now", 31 * DAY, 90 * DAY, false, true },
};

static void
after_a_jump_nothing_is_dropped_for_a_week(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(gaps); i++) {
		struct flow_test t;
		char text[CLOCK_TEXT];
		bool may = !gaps[i].may;

		flow_begin(&t);
		if (gaps[i].last_run != 0)
			note(&t, "last_run", NOW - gaps[i].last_run);
		if (gaps[i].jump != 0)
			note(&t, "clock.jump", NOW - gaps[i].jump);
		MUST(flow_clock_may_tidy(&t.run, &may, err));
		SAME_INT(gaps[i].name, may, gaps[i].may);
		if (gaps[i].notes)
			noted(&t, gaps[i].name, "clock.jump", "2026-11-24T06:00:00Z");
		else if (gaps[i].jump != 0)
			noted(&t, gaps[i].name, "clock.jump",
			    clock_rfc3339(NOW - gaps[i].jump, text));
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	int64_t tidied; /* before NOW; 0: never */
	bool jumped, tidies;
} tidyings[] = {
	{ "never", 0, false, true },
	{ "a day ago", DAY, false, true },
	{ "a second less", DAY - 1, false, false },
	{ "just now", 1, false, false },
	{ "in the future", -1, false, true },
	{ "after a jump", 2 * DAY, true, false },
};

static void
what_is_old_is_dropped_once_a_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tidyings); i++) {
		struct flow_test t;
		char text[CLOCK_TEXT];

		flow_begin(&t);
		if (tidyings[i].tidied != 0)
			note(&t, "tidied", NOW - tidyings[i].tidied);
		if (tidyings[i].jumped)
			note(&t, "last_run", NOW - 40 * DAY);
		MUST(flow_tidy_daily(&t.run, err));
		noted(&t, tidyings[i].name, "tidied",
		    tidyings[i].tidies ? "2026-11-24T06:00:00Z"
				       : clock_rfc3339(NOW - tidyings[i].tidied, text));
		flow_end(&t);
	}
}

/* Letters are kept as it is set; pictures that they carry at least 35 days. */
static const struct {
	const char *name;
	int64_t keep, age; /* seconds */
	bool letter, picture;
} ages[] = {
	{ "as long as it is set", 40 * DAY, 40 * DAY, true, true },
	{ "a second longer", 40 * DAY, 40 * DAY + 1, false, false },
	{ "a short time", 10 * DAY, 10 * DAY, true, true },
	{ "a second longer", 10 * DAY, 10 * DAY + 1, false, true },
	{ "the pictures of a month", 10 * DAY, 35 * DAY, false, true },
	{ "a second more", 10 * DAY, 35 * DAY + 1, false, false },
	{ "just a month", 35 * DAY, 35 * DAY, true, true },
	{ "and a second", 35 * DAY, 35 * DAY + 1, false, false },
};

static int64_t
count_of(struct flow_test *t, const char *table)
{
	int64_t n = -1;

	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena, "SELECT COUNT(*) FROM %s", table), &n, err));
	return n;
}

static void
letters_and_their_pictures_have_their_time(void **state)
{
	static const struct picture is = { PICTURE_GIF, 30, 20, 5 };
	static const struct rendering r = { .subject = "s",
		.text = "text",
		.text_len = 4 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ages); i++) {
		struct flow_test t;
		struct variant v = variant_of_archive();
		struct rendering_key key = { .part = 1 };

		flow_begin(&t);
		t.settings.config.database.keep_letters = ages[i].keep;
		v.sources = "+1";
		MUST(store_variant_intern(t.run.store, &v, err));
		key.span = approve_issue(t.run.store, "1", NOW - ages[i].age);
		key.variant_id = v.id;
		MUST(store_rendering_put(t.run.store, &key, &r, NULL, NULL,
		    NOW - ages[i].age, err));
		MUST(store_picture_put(t.run.store, "https://x.example/1.gif", &is,
		    "hello", NOW - ages[i].age, err));
		MUST(flow_tidy(&t.run, err));
		SAME_INT(ages[i].name, count_of(&t, "rendering"), ages[i].letter);
		SAME_INT(ages[i].name, count_of(&t, "picture"), ages[i].picture);
		flow_end(&t);
	}
}

static const struct {
	const char *table;
	bool (*verb)(struct run *run, struct err *err);
} broken[] = {
	{ "note", flow_clock_check },
	{ "source", flow_clock_check },
	{ "delivery", flow_clock_check },
	{ "note", flow_tidy_daily },
	{ "entry", flow_tidy },
	{ "variant", flow_tidy },
	{ "rendering", flow_tidy },
	{ "delivery", flow_tidy },
	{ "note", flow_tidy },
};

static void
a_store_that_fails_is_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		struct err e = ERR_INIT;
		struct flow_test t;

		flow_begin(&t);
		MUST(db_exec(t.run.store, "PRAGMA foreign_keys = OFF", err));
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "DROP TABLE %s", broken[i].table), err));
		if (broken[i].verb(&t.run, &e) || !strstr(e.text, broken[i].table))
			fail_msg("case %zu: got \"%s\", want an error of table %s", i,
			    e.text, broken[i].table);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_that_cannot_be_are_not_believed),
		cmocka_unit_test(a_slot_that_cannot_have_been_is_open),
		cmocka_unit_test(after_a_jump_nothing_is_dropped_for_a_week),
		cmocka_unit_test(what_is_old_is_dropped_once_a_day),
		cmocka_unit_test(letters_and_their_pictures_have_their_time),
		cmocka_unit_test(a_store_that_fails_is_an_error),
	};

	return cmocka_run_group_tests_name("clock check", tests, NULL, NULL);
}
