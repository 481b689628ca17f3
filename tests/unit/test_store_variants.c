/* SPDX-License-Identifier: ISC */
/* What readers wish, each combination once, and what happened to them. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/reader_history.h"
#include "store/transactions.h"

static void
a_variant_is_stored_once(void **state)
{
	static const struct {
		enum length_wish length;
		enum letter_format format;
		const char *sources;
		int64_t id;
		const char *language;
		enum picture_wish pictures;
	} cases[] = {
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 1, NULL, 0 },
		{ LENGTH_TITLES, FORMAT_HTML, "*", 2, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_TEXT, "*", 3, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "+1 5", 4, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "-1 5", 5, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 1, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_TEXT, "*", 3, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "+1 5", 4, NULL, 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 6, "fr", 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 7, "de", 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 6, "fr", 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 1, "", 0 },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 8, NULL, PICTURES_NONE },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 9, NULL, PICTURES_REMOTE },
		{ LENGTH_DEFAULT, FORMAT_HTML, "*", 8, NULL, PICTURES_NONE },
		{ LENGTH_WHOLE, FORMAT_HTML, "*", 10, NULL, 0 },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct variant v = { 99, cases[i].length, cases[i].format,
			cases[i].sources, cases[i].language, cases[i].pictures };

		MUST(store_variant_intern(s, &v, err));
		SAME_INT(cases[i].sources, v.id, cases[i].id);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *language = cases[i].language;

		MUST(store_variant_get(s, a, cases[i].id, &got, err));
		SAME_INT("id", got.id, cases[i].id);
		SAME_INT("length", got.length, cases[i].length);
		SAME_INT("format", got.format, cases[i].format);
		SAME_TEXT("sources", got.sources, cases[i].sources);
		SAME_TEXT("language", got.language, language ? language : "");
		SAME_INT("pictures", got.pictures, cases[i].pictures);
	}
	MUST_FAIL(store_variant_get(s, a, 11, &got, err), ERR_BUG, "variant 11");
	arena_free(a);
	close_store(s);
}

/* Any number of variants; two hundred are no limit either. */
static void
there_are_as_many_variants_as_readers_wish(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t last = 0;

	(void)state;
	for (int i = 1; i <= 200; i++) {
		struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, NULL, NULL, 0 };

		v.sources = arena_printf(a, "+%d", i);
		MUST(store_variant_intern(s, &v, err));
		last = v.id;
	}
	SAME_INT("the last", last, 200);
	arena_free(a);
	close_store(s);
}

static void
a_cadence_is_stored_once(void **state)
{
	static const struct {
		struct cadence cadence;
		int64_t id;
		const char *zone;
	} cases[] = {
		{ { RHYTHM_EACH, 0, CADENCE_ANY, NULL }, 1, "" },
		{ { RHYTHM_WEEKLY, 0, CADENCE_ANY, NULL }, 2, "" },
		{ { RHYTHM_WEEKLY, CADENCE_ANY, CADENCE_ANY, NULL }, 3, "" },
		{ { RHYTHM_WEEKLY, 0, 0, NULL }, 4, "" },
		{ { RHYTHM_WEEKLY, 0, 0, "Asia/Tokyo" }, 5, "Asia/Tokyo" },
		{ { RHYTHM_EACH, 0, CADENCE_ANY, "" }, 1, "" },
		{ { RHYTHM_WEEKLY, 0, 0, "Asia/Tokyo" }, 5, "Asia/Tokyo" },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct stored_cadence *list = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t id = 0;

		MUST(store_cadence_intern(s, &cases[i].cadence, &id, err));
		SAME_INT("id", id, cases[i].id);
	}
	MUST(store_cadences(s, a, &list, &count, err));
	SAME_INT("all", count, 5);
	for (size_t i = 0; i < count; i++) {
		SAME_INT("id", list[i].id, cases[i].id);
		SAME_INT("rhythm", list[i].cadence.rhythm, cases[i].cadence.rhythm);
		SAME_INT("day", list[i].cadence.day, cases[i].cadence.day);
		SAME_INT("minute", list[i].cadence.minute, cases[i].cadence.minute);
		SAME_TEXT("zone", list[i].cadence.zone, cases[i].zone);
	}
	arena_free(a);
	close_store(s);
}

/* ---- history ---- */

static void
every_move_of_a_reader_has_a_line(void **state)
{
	static const struct reader_event_line lines[] = {
		{ NOW, EVENT_ASK, CAUSE_PAGE, READER_PENDING, "form", NULL },
		{ NOW + 1, EVENT_CONFIRM, CAUSE_MAIL, READER_ACTIVE, NULL, NULL },
		/* The clock went back: the order is that of the moves. */
		{ NOW - 1, EVENT_EDIT, CAUSE_COMMAND, READER_ACTIVE, NULL,
		    "weekly Monday 18:30" },
		{ NOW + 9, EVENT_RESUME, CAUSE_RUN, READER_ACTIVE, NULL, "" },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
	const int64_t other = add_reader(s, "b@x", READER_ACTIVE);
	struct reader_event_line *got = NULL;
	size_t count = 9;

	(void)state;
	MUST(store_history(s, a, reader, &got, &count, err));
	SAME_INT("none yet", count, 0);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		MUST(store_history_add(s, reader, &lines[i], err));
		MUST(store_history_add(s, other, &lines[0], err));
	}
	MUST(store_history(s, a, reader, &got, &count, err));
	SAME_INT("lines", count, ARRAY_LEN(lines));
	for (size_t i = 0; i < count; i++) {
		SAME_INT("at", got[i].at, lines[i].at);
		SAME_INT("event", got[i].event, lines[i].event);
		SAME_INT("cause", got[i].cause, lines[i].cause);
		SAME_INT("state", got[i].state, lines[i].state);
		SAME_TEXT("evidence", got[i].evidence,
		    lines[i].evidence ? lines[i].evidence : "(none)");
		SAME_TEXT("detail", got[i].detail,
		    lines[i].detail ? lines[i].detail : "(none)");
	}
	MUST_FAIL(store_history_add(s, 99, &lines[0], err), ERR_BUG, "FOREIGN KEY");
	MUST(store_reader_erase(s, reader, err));
	MUST(store_history(s, a, reader, &got, &count, err));
	SAME_INT("of the erased nothing", count, 0);
	MUST(store_history(s, a, other, &got, &count, err));
	SAME_INT("the other's stay", count, ARRAY_LEN(lines));
	arena_free(a);
	close_store(s);
}

static void
a_line_goes_with_its_move_or_not_at_all(void **state)
{
	static const struct reader_event_line line = { NOW, EVENT_LEAVE, CAUSE_MAIL,
		READER_LEFT, NULL, NULL };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
	struct reader_event_line *got = NULL;
	size_t count = 0;

	(void)state;
	MUST(store_begin(s, err));
	MUST(store_history_add(s, reader, &line, err));
	store_rollback(s);
	MUST(store_history(s, a, reader, &got, &count, err));
	SAME_INT("lines", count, 0);
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_variant_is_stored_once),
		cmocka_unit_test(there_are_as_many_variants_as_readers_wish),
		cmocka_unit_test(a_cadence_is_stored_once),
		cmocka_unit_test(every_move_of_a_reader_has_a_line),
		cmocka_unit_test(a_line_goes_with_its_move_or_not_at_all),
	};

	return cmocka_run_group_tests_name("store variants", tests, NULL, NULL);
}
