/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "list/reader_file.h"
#include "list/subscription.h"
#include "model/names.h"

/* ---- states ---- */

static const struct {
	const char *name;
	enum reader_state from;
	enum reader_event event;
	bool legal;
	enum reader_state to;
} moves[] = {
	/* clang-format off */
	{ "an import confirms who was pending", READER_PENDING, EVENT_IMPORT, true, READER_ACTIVE },
	{ "an import changes nothing for the active", READER_ACTIVE, EVENT_IMPORT, true,
	  READER_ACTIVE },
	{ "an import does not end a hold", READER_HOLD, EVENT_IMPORT, true, READER_HOLD },
	{ "an import does not mend a bouncing address", READER_BOUNCED, EVENT_IMPORT, true,
	  READER_BOUNCED },
	{ "who left stays out at an import", READER_LEFT, EVENT_IMPORT, false, READER_LEFT },
	{ "who was removed stays out at an import", READER_REMOVED, EVENT_IMPORT, false,
	  READER_REMOVED },
	{ "who was erased stays out at an import", READER_ERASED, EVENT_IMPORT, false,
	  READER_ERASED },
	{ "who left may confirm again", READER_LEFT, EVENT_CONFIRM, true, READER_ACTIVE },
	{ "an erased reader confirms nothing", READER_ERASED, EVENT_CONFIRM, false,
	  READER_ERASED },
	{ "leaving ends a hold", READER_HOLD, EVENT_LEAVE, true, READER_LEFT },
	{ "leaving twice is leaving", READER_LEFT, EVENT_LEAVE, true, READER_LEFT },
	{ "nobody pending is put on hold", READER_PENDING, EVENT_HOLD, false, READER_PENDING },
	{ "resuming ends a hold", READER_HOLD, EVENT_RESUME, true, READER_ACTIVE },
	{ "who left is not resumed", READER_LEFT, EVENT_RESUME, false, READER_LEFT },
};
/* clang-format on */

static void
test_moves(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		enum reader_state to = moves[i].from;
		const bool legal = subscription_move(moves[i].from, moves[i].event, &to);

		if (legal != moves[i].legal || to != moves[i].to)
			fail_msg("%s: got %s %s, want %s %s", moves[i].name,
			    legal ? "legal" : "illegal", reader_state_name(to),
			    moves[i].legal ? "legal" : "illegal",
			    reader_state_name(moves[i].to));
	}
}

static void
test_new_reader_has_not_asked_for_anything(void **state)
{
	const struct reader r = subscription_new(1795500000, "form");

	(void)state;
	assert_int_equal(r.state, READER_ACTIVE);
	assert_int_equal(r.cadence.rhythm, RHYTHM_EACH);
	assert_int_equal(r.cadence.day, 0);
	assert_int_equal(r.cadence.minute, CADENCE_ANY);
	assert_null(r.cadence.zone);
	assert_int_equal(r.variant.format, FORMAT_HTML);
	assert_int_equal(r.variant.body, BODY_FULL);
	assert_string_equal(r.variant.sources, "*");
	assert_true(r.due == TIME_NONE);
	assert_false(r.hold_skip);
	assert_true(r.last_issue == 0);
	assert_string_equal(r.confirmed_by, "form");
	assert_true(r.created == 1795500000 && r.confirmed == 1795500000);
	assert_true(r.hold_until == TIME_NONE);
	assert_null(r.address);
	assert_int_equal(r.epoch, 0);
}

/* ---- lists as files ---- */

struct roll_case {
	const char *name, *text;
	size_t count;
	const char *error; /* NULL = read */
	struct {
		size_t line;
		const char *address, *confirmed_by;
	} rows[3];
};

/* clang-format off */
static const struct roll_case rolls[] = {
	{ "nothing", "", 0, NULL, { { 0, NULL, NULL } } },
	{ "a heading alone", "email\n", 0, NULL, { { 0, NULL, NULL } } },
	{ "one column without heading", "a@b.example\nc@d.example\n", 2, NULL,
	  { { 1, "a@b.example", NULL }, { 2, "c@d.example", NULL } } },
	{ "columns by name", "Name,Email,confirmed_by\nAnn,a@b.example,form\n", 1, NULL,
	  { { 2, "a@b.example", "form" } } },
	{ "semicolons", "email;confirmed_by\na@b.example;form, 3 May\n", 1, NULL,
	  { { 2, "a@b.example", "form, 3 May" } } },
	{ "tabs and CRLF", "email\tconfirmed_by\r\na@b.example\tform\r\n", 1, NULL,
	  { { 2, "a@b.example", "form" } } },
	{ "quotes, commas and line ends inside",
	  "email,confirmed_by\n\"a@b.example\",\"said \"\"yes\"\",\nby mail\"\nc@d.example,x\n", 2,
	  NULL, { { 2, "a@b.example", "said \"yes\",\nby mail" }, { 4, "c@d.example", "x" } } },
	{ "a BOM and empty lines", "\xEF\xBB\xBF" "email\n\na@b.example\n\n", 1, NULL,
	  { { 3, "a@b.example", NULL } } },
	{ "no last line end", "email\na@b.example", 1, NULL, { { 2, "a@b.example", NULL } } },
	{ "JSON lines", "{\"email\":\"a@b.example\",\"confirmed_by\":\"form\"}\n\n"
	  "{\"address\":\"c@d.example\"}\n", 2, NULL,
	  { { 1, "a@b.example", "form" }, { 3, "c@d.example", NULL } } },
	{ "columns that are none of ours", "name,phone\nAnn,1\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } } },
	{ "two columns of addresses", "email,address\na@b.example,c@d.example\n", 0,
	  "line 1: two columns hold addresses", { { 0, NULL, NULL } } },
	{ "a row too short", "email,confirmed_by\na@b.example,x\nc@d.example\n", 0,
	  "line 3: 1 columns, the first line has 2", { { 0, NULL, NULL } } },
	{ "a quotation without end", "email\n\"a@b.example\n", 0,
	  "line 2: a quotation mark is not closed", { { 0, NULL, NULL } } },
	{ "no text", "\xff\xfe\n", 0, "the list is not UTF-8 text", { { 0, NULL, NULL } } },
	{ "JSON without address", "{\"email\":\"a@b.example\"}\n{\"name\":\"x\"}\n", 0,
	  "line 2: no member 'email' or 'address'", { { 0, NULL, NULL } } },
};
/* clang-format on */

static void
check_rows(const struct roll_case *c, const struct roll_row *rows, size_t count)
{
	if (count != c->count)
		fail_msg("%s: got %zu rows, want %zu", c->name, count, c->count);
	for (size_t i = 0; i < count; i++) {
		const char *evidence =
		    rows[i].confirmed_by ? rows[i].confirmed_by : "(none)";
		const char *wanted =
		    c->rows[i].confirmed_by ? c->rows[i].confirmed_by : "(none)";

		if (rows[i].line != c->rows[i].line ||
		    strcmp(rows[i].address, c->rows[i].address) != 0 ||
		    strcmp(evidence, wanted) != 0)
			fail_msg("%s: row %zu: got line %zu %s %s, want line %zu %s %s",
			    c->name, i, rows[i].line, rows[i].address, evidence,
			    c->rows[i].line, c->rows[i].address, wanted);
	}
}

static void
test_rolls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rolls); i++) {
		const struct roll_case *c = &rolls[i];
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct roll_row *rows = NULL;
		size_t count = 0;
		const bool ok =
		    roll_parse(a, c->text, strlen(c->text), &rows, &count, &err);

		if (ok != (c->error == NULL) ||
		    (c->error && strcmp(err.text, c->error) != 0))
			fail_msg("%s: got '%s', want '%s'", c->name, err.text,
			    c->error ? c->error : "");
		check_rows(c, rows, count);
		arena_free(a);
	}
}

/* Each wish has a column, and some have an older name. */
static void
test_columns(void **state)
{
	static const char *const texts[] = {
		"email,rhythm,day,hour,zone,format,length,sources,state,confirmed_by\n"
		"a@b.example,weekly,Monday,18:30,Europe/Paris,text,title,only a,hold,form\n",
		"Address,FREQUENCY,Day,Hour,Zone,Format,Body,Sources,status,Confirmed_By\n"
		"a@b.example,weekly,Monday,18:30,Europe/Paris,text,title,only a,hold,form\n",
		"{\"email\":\"a@b.example\",\"frequency\":\"weekly\",\"day\":\"Monday\","
		"\"hour\":\"18:30\",\"zone\":\"Europe/Paris\",\"format\":\"text\","
		"\"body\":\"title\",\"sources\":\"only a\",\"state\":\"hold\","
		"\"confirmed_by\":\"form\"}\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct roll_row *rows = NULL;
		size_t count = 0;

		if (!roll_parse(a, texts[i], strlen(texts[i]), &rows, &count, &err))
			fail_msg("%s", err.text);
		assert_int_equal(count, 1);
		assert_string_equal(rows->rhythm, "weekly");
		assert_string_equal(rows->day, "Monday");
		assert_string_equal(rows->hour, "18:30");
		assert_string_equal(rows->zone, "Europe/Paris");
		assert_string_equal(rows->format, "text");
		assert_string_equal(rows->body, "title");
		assert_string_equal(rows->sources, "only a");
		assert_string_equal(rows->state, "hold");
		assert_string_equal(rows->confirmed_by, "form");
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_reader_has_not_asked_for_anything),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_rolls),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
