/* SPDX-License-Identifier: ISC */
/* Readers who come by a list or one by one. */
#include "unit/flow_fixture.h"

#include "flow/intake.h"
#include "list/subscription.h"

struct told {
	char text[400]; /* "3 a@x reason\n" a row refused */
};

static void
note_refused(void *arg, size_t line, const char *address, const char *reason)
{
	struct told *t = arg;
	const size_t len = strlen(t->text);

	snprintf(t->text + len, sizeof(t->text) - len, "%zu %s: %s\n", line, address,
	    reason);
}

static bool
take_text(struct flow_test *t, const char *text, const struct intake_options *o,
    struct intake_report *report, struct err *err)
{
	char *copy = strdup(text);
	FILE *f = fmemopen(copy, strlen(copy), "r");
	const bool ok = flow_intake_list(&t->run, f, o, report, err);

	assert_int_equal(fclose(f), 0);
	free(copy);
	return ok;
}

static struct intake_report
take_list(struct flow_test *t, const char *text, const char *evidence, struct told *told)
{
	const struct intake_options o = { evidence, told ? note_refused : NULL, told };
	struct intake_report report;

	if (told)
		told->text[0] = '\0';
	MUST(take_text(t, text, &o, &report, err));
	return report;
}

static struct reader
must_find(struct flow_test *t, const char *address)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, &found, err));
	if (!found)
		fail_msg("%s is not on the list", address);
	return r;
}

static bool
is_there(struct flow_test *t, const char *address)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, &found, err));
	return found;
}

/* ---- one row ---- */

static const struct row_case {
	const char *name;
	const char *row; /* under the header below */
	const char *refused;
	enum reader_state state; /* when taken */
} row_cases[] = {
	{ "all columns", "a@x.example,active,form,daily,text,title", "", READER_ACTIVE },
	{ "nothing but an address", "a@x.example,,,,,",
	    "2 a@x.example: no evidence of consent (column confirmed_by, or "
	    "--confirmed-by)\n",
	    READER_ACTIVE },
	{ "no address", ",active,form,,,", "2 : no address\n", READER_ACTIVE },
	{ "an unknown state", "a@x.example,asleep,form,,,",
	    "2 a@x.example: unknown state\n", READER_ACTIVE },
	{ "a pending reader has not confirmed", "a@x.example,pending,form,,,",
	    "2 a@x.example: this state does not come by a list\n", READER_ACTIVE },
	{ "an erased reader has no address", "a@x.example,erased,form,,,",
	    "2 a@x.example: this state does not come by a list\n", READER_ACTIVE },
	{ "an unknown frequency", "a@x.example,,form,hourly,,",
	    "2 a@x.example: rhythm is each, daily, weekdays, weekly or monthly, not "
	    "'hourly'\n",
	    READER_ACTIVE },
	{ "a weekly reader", "a@x.example,,form,weekly,,", "", READER_ACTIVE },
	{ "an unknown format", "a@x.example,,form,,pdf,",
	    "2 a@x.example: format is html, text, digest or plain, not 'pdf'\n",
	    READER_ACTIVE },
	{ "an unknown body", "a@x.example,,form,,,half",
	    "2 a@x.example: length is default, whole, short or titles, not 'half'\n",
	    READER_ACTIVE },
	{ "who left stays out", "a@x.example,left,form,,,", "", READER_LEFT },
	{ "who was removed stays out", "a@x.example,removed,form,,,", "",
	    READER_REMOVED },
	{ "on hold", "a@x.example,hold,form,,,", "", READER_HOLD },
	{ "leaving needs no evidence", "a@x.example,unsubscribed,,,,", "", READER_LEFT },
	{ "nor sense in wishes", "a@x.example,blocklisted,,hourly,pdf,", "",
	    READER_REMOVED },
	{ "a name with it", "Ann <a@x.example>,,form,,,", "", READER_ACTIVE },
	{ "a link", "mailto:a@x.example,,form,,,", "", READER_ACTIVE },
};

static void
a_row_is_taken_or_refused_with_the_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row_cases); i++) {
		const struct row_case *c = &row_cases[i];
		struct flow_test t;
		struct told told;
		struct intake_report report;
		char text[300];

		flow_begin(&t);
		snprintf(text, sizeof(text),
		    "email,state,confirmed_by,frequency,format,body\n%s\n", c->row);
		report = take_list(&t, text, NULL, &told);
		SAME_TEXT(c->name, told.text, c->refused);
		SAME_INT(c->name, report.rows, 1);
		SAME_INT(c->name, report.added, *c->refused == '\0');
		SAME_INT(c->name, report.invalid, *c->refused != '\0');
		SAME_INT(c->name, is_there(&t, "a@x.example"), *c->refused == '\0');
		if (*c->refused == '\0')
			SAME_INT(c->name, must_find(&t, "a@x.example").state, c->state);
		flow_end(&t);
	}
}

static void
a_row_sets_what_it_says_and_no_more(void **state)
{
	struct flow_test t;
	struct reader r;

	(void)state;
	flow_begin(&t);
	(void)take_list(&t,
	    "email,confirmed_by,format,body\n"
	    "A@X.example,form 2020,text,title\nb@x.example,,,\n",
	    "old list", NULL);
	r = must_find(&t, "a@x.example");
	SAME_TEXT("address", r.address, "A@x.example");
	SAME_TEXT("its own evidence", r.confirmed_by, "form 2020");
	SAME_INT("format", r.variant.format, FORMAT_TEXT);
	SAME_INT("body", r.variant.length, LENGTH_TITLES);
	SAME_INT("confirmed", r.confirmed, NOW);
	r = must_find(&t, "b@x.example");
	SAME_TEXT("evidence of the whole list", r.confirmed_by, "old list");
	SAME_INT("format by default", r.variant.format, FORMAT_HTML);
	SAME_INT("body by default", r.variant.length, LENGTH_DEFAULT);
	flow_end(&t);
}

/* ---- who is there already ---- */

static const struct known_case {
	const char *name;
	enum reader_state was;
	const char *asked;
	size_t added, confirmed, unchanged, stays_out;
	enum reader_state is;
	const char *refused;
} known_cases[] = {
	{ "active stays active", READER_ACTIVE, "active", 0, 0, 1, 0, READER_ACTIVE,
	    "2 a@x.example: is on the list already\n" },
	{ "pending is confirmed by evidence", READER_PENDING, "active", 0, 1, 0, 0,
	    READER_ACTIVE, "" },
	{ "who left does not come back", READER_LEFT, "active", 0, 0, 0, 1, READER_LEFT,
	    "2 a@x.example: is on the list as 'left'\n" },
	{ "nor who was removed", READER_REMOVED, "active", 0, 0, 0, 1, READER_REMOVED,
	    "2 a@x.example: is on the list as 'removed'\n" },
	{ "who left by the list is gone", READER_ACTIVE, "left", 0, 0, 0, 0, READER_LEFT,
	    "" },
	{ "and who was removed by it", READER_HOLD, "removed", 0, 0, 0, 0, READER_REMOVED,
	    "" },
	{ "who is gone is not gone again", READER_LEFT, "removed", 0, 0, 0, 1,
	    READER_LEFT, "2 a@x.example: is on the list as 'left'\n" },
	{ "bounced stays bounced", READER_BOUNCED, "active", 0, 0, 1, 0, READER_BOUNCED,
	    "2 a@x.example: is on the list already\n" },
};

static void
who_is_there_already(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known_cases); i++) {
		const struct known_case *c = &known_cases[i];
		struct flow_test t;
		struct told told;
		struct intake_report report;
		char text[200];

		flow_begin(&t);
		(void)add_reader(t.run.store, "a@x.example", c->was);
		snprintf(text, sizeof(text), "email,state\na@x.example,%s\n", c->asked);
		report = take_list(&t, text, "form", &told);
		SAME_TEXT(c->name, told.text, c->refused);
		SAME_INT(c->name, report.added, c->added);
		SAME_INT(c->name, report.confirmed, c->confirmed);
		SAME_INT(c->name, report.unchanged, c->unchanged);
		SAME_INT(c->name, report.stays_out, c->stays_out);
		SAME_INT(c->name, report.left, c->is != c->was && c->is != READER_ACTIVE);
		SAME_INT(c->name, must_find(&t, "a@x.example").state, c->is);
		if (c->confirmed > 0)
			SAME_TEXT(c->name, must_find(&t, "a@x.example").confirmed_by,
			    "form");
		flow_end(&t);
	}
}

static void
who_was_erased_stays_out(void **state)
{
	struct flow_test t;
	struct told told;
	struct intake_report report;
	struct reader r = { .address = "a@x.example", .state = READER_ACTIVE };

	(void)state;
	flow_begin(&t);
	MUST(store_reader_erase(t.run.store,
	    add_reader(t.run.store, "a@x.example", READER_ACTIVE), err));
	report = take_list(&t, "a@x.example\n", "form", &told);
	SAME_INT("stays out", report.stays_out, 1);
	SAME_INT("added", report.added, 0);
	SAME_TEXT("told", told.text, "1 a@x.example: was erased and stays out\n");
	MUST_FAIL(flow_intake_reader(&t.run, &r, err), ERR_INPUT,
	    "a@x.example asked to be erased and stays out");
	flow_end(&t);
}

static void
wishes_of_one_row_are_not_those_of_the_next(void **state)
{
	static const char list[] = "{\"email\": \"a@x.example\"}\n"
				   "{\"email\": \"b@x.example\", \"rhythm\": \"weekly\","
				   " \"length\": \"title\"}\n"
				   "{\"email\": \"c@x.example\", \"length\": \"full\"}\n"
				   "{\"email\": \"d@x.example\", \"format\": \"text\"}\n"
				   "{\"email\": \"e@x.example\"}\n";
	static const struct {
		const char *address;
		enum rhythm rhythm;
		enum length_wish length;
		enum letter_format format;
	} want[] = {
		{ "a@x.example", RHYTHM_EACH, LENGTH_DEFAULT, FORMAT_HTML },
		{ "b@x.example", RHYTHM_WEEKLY, LENGTH_TITLES, FORMAT_HTML },
		{ "c@x.example", RHYTHM_EACH, LENGTH_WHOLE, FORMAT_HTML },
		{ "d@x.example", RHYTHM_EACH, LENGTH_DEFAULT, FORMAT_TEXT },
		{ "e@x.example", RHYTHM_EACH, LENGTH_DEFAULT, FORMAT_HTML },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	assert_int_equal(take_list(&t, list, "form", NULL).added, 5);
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		const struct reader r = must_find(&t, want[i].address);

		if (r.cadence.rhythm != want[i].rhythm ||
		    r.variant.length != want[i].length ||
		    r.variant.format != want[i].format)
			fail_msg("%s has other wishes", want[i].address);
		assert_string_equal(r.confirmed_by, "form");
	}
	flow_end(&t);
}

static void
one_address_counts_once_in_a_list(void **state)
{
	struct flow_test t;
	struct told told;
	struct intake_report report;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "old@x.example", READER_ACTIVE);
	report = take_list(&t,
	    "a@x.example\nb@x.example\nA@X.EXAMPLE\nold@x.example\nnot an address\n",
	    "form", &told);
	SAME_INT("rows", report.rows, 5);
	SAME_INT("added", report.added, 2);
	SAME_INT("duplicate", report.duplicate, 1);
	SAME_INT("unchanged", report.unchanged, 1);
	SAME_INT("invalid", report.invalid, 1);
	assert_non_null(strstr(told.text, "3 A@X.EXAMPLE: stands twice in the list\n"));
	assert_non_null(strstr(told.text, "4 old@x.example: is on the list already\n"));
	assert_non_null(strstr(told.text, "5 not an address: "));
	flow_end(&t);
}

static void
a_list_over_the_limit_is_refused_whole(void **state)
{
	const struct intake_options o = { "form", NULL, NULL };
	static const char LIST[] = "a@x.example\nb@x.example\n";
	struct flow_test t;
	struct intake_report report;
	struct reader r = subscription_new(NOW, "form");

	(void)state;
	r.address = "c@x.example";
	flow_begin(&t);
	(void)add_reader(t.run.store, "left@x.example", READER_LEFT);
	(void)add_reader(t.run.store, "hold@x.example", READER_HOLD);
	t.settings.config.list.max_subscribers = 2;
	MUST_FAIL(take_text(&t, LIST, &o, &report, err), ERR_LIMIT,
	    "there would be 3 readers, and 2 are the most");
	assert_false(is_there(&t, "a@x.example"));
	report = take_list(&t, "a@x.example\nhold@x.example\n", "form", NULL);
	SAME_INT("added up to the limit", report.added, 1);
	MUST_FAIL(flow_intake_reader(&t.run, &r, err), ERR_LIMIT,
	    "there would be 3 readers, and 2 are the most");
	assert_false(is_there(&t, "c@x.example"));
	t.settings.config.list.max_subscribers = 1;
	report = take_list(&t, "a@x.example\n", "form", NULL);
	SAME_INT("who is there stays", report.unchanged, 1);
	t.settings.config.list.max_subscribers = 0;
	MUST(flow_intake_reader(&t.run, &r, err));
	flow_end(&t);
}

/* Whichever comes first in the list. */
static void
leaving_wins_within_a_list(void **state)
{
	struct flow_test t;
	struct intake_report report;

	(void)state;
	flow_begin(&t);
	report = take_list(&t,
	    "email,state\na@x.example,active\nA@x.example,unsubscribed\n"
	    "b@x.example,left\nb@x.example,active\n",
	    "form", NULL);
	SAME_INT("left", report.left, 1);
	SAME_INT("twice", report.duplicate, 1);
	SAME_INT("first active", must_find(&t, "a@x.example").state, READER_LEFT);
	SAME_INT("first left", must_find(&t, "b@x.example").state, READER_LEFT);
	flow_end(&t);
}

static void
the_day_of_consent_comes_with_a_list(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	(void)take_list(&t,
	    "email,confirmed\na@x.example,2024-01-02 03:04:05\nb@x.example,2999-01-01\n"
	    "c@x.example,1\n",
	    "form", NULL);
	SAME_INT("then", must_find(&t, "a@x.example").confirmed, 1704164645);
	SAME_INT("no future", must_find(&t, "b@x.example").confirmed, NOW);
	SAME_INT("no day", must_find(&t, "c@x.example").confirmed, NOW);
	flow_end(&t);
}

/* ---- all or nothing ---- */

static void
a_dry_run_changes_nothing(void **state)
{
	struct flow_test t;
	struct intake_report report;

	(void)state;
	flow_begin(&t);
	t.run.dry_run = true;
	report = take_list(&t, "a@x.example\n", "form", NULL);
	SAME_INT("counted", report.added, 1);
	SAME_INT("not there", is_there(&t, "a@x.example"), 0);
	flow_end(&t);
}

static void
a_list_that_cannot_be_read_or_stored_changes_nothing(void **state)
{
	const struct intake_options o = { .confirmed_by = "form" };
	static const char text[] = "a@x.example\nb@x.example\n";
	struct flow_test t;
	struct intake_report report;

	(void)state;
	flow_begin(&t);
	MUST_FAIL(take_text(&t, "{\"email\": 1", &o, &report, err), ERR_INPUT, "line 1");
	/* The second reader cannot be stored. */
	MUST(db_exec(t.run.store, "CREATE UNIQUE INDEX one ON reader (confirmed_by)",
	    err));
	MUST_FAIL(take_text(&t, text, &o, &report, err), ERR_BUG, "UNIQUE");
	SAME_INT("the first is not there", is_there(&t, "a@x.example"), 0);
	MUST(db_exec(t.run.store, "DROP INDEX one", err));
	/* The transaction is over: the next one begins. */
	SAME_INT("again", take_list(&t, text, "form", NULL).added, 2);
	flow_end(&t);
}

/* ---- one reader ---- */

/* Readers of whom that holds. */
static int64_t
readers_with(struct flow_test *t, const char *where)
{
	int64_t n = 0;

	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena, "SELECT COUNT(*) FROM reader WHERE %s", where), &n,
	    err));
	return n;
}

static void
one_reader_is_added_confirmed_or_refused(void **state)
{
	struct flow_test t;
	struct reader r = subscription_new(NOW, "form");
	struct reader again;

	(void)state;
	flow_begin(&t);
	r.address = "A@x.example";
	again = r;
	MUST(flow_intake_reader(&t.run, &r, err));
	SAME_TEXT("key", r.address_key, "a@x.example");
	SAME_INT("there", must_find(&t, "a@x.example").id, r.id);
	MUST_FAIL(flow_intake_reader(&t.run, &again, err), ERR_INPUT,
	    "A@x.example is on the list already (active)");

	(void)add_reader(t.run.store, "p@x.example", READER_PENDING);
	again = r;
	again.address = "p@x.example";
	again.confirmed_by = "letter";
	MUST(flow_intake_reader(&t.run, &again, err));
	SAME_INT("confirmed", must_find(&t, "p@x.example").state, READER_ACTIVE);
	SAME_INT("since", must_find(&t, "p@x.example").confirmed, NOW);
	SAME_TEXT("by", must_find(&t, "p@x.example").confirmed_by, "letter");
	SAME_INT("handed back", again.state, READER_ACTIVE);
	SAME_INT("its id", again.id, must_find(&t, "p@x.example").id);

	(void)add_reader(t.run.store, "l@x.example", READER_LEFT);
	again.address = "l@x.example";
	again.confirmed_by = "letter";
	MUST_FAIL(flow_intake_reader(&t.run, &again, err), ERR_INPUT,
	    "l@x.example is on the list as 'left' and stays out");
	flow_end(&t);
}

static void
one_reader_too_many_is_refused(void **state)
{
	struct flow_test t;
	struct reader r = subscription_new(NOW, "form");
	struct reader another = subscription_new(NOW, "form");

	(void)state;
	flow_begin(&t);
	t.settings.config.list.max_subscribers = 3;
	(void)add_reader(t.run.store, "p@x.example", READER_PENDING);
	(void)add_reader(t.run.store, "h@x.example", READER_HOLD);
	(void)add_reader(t.run.store, "l@x.example", READER_LEFT);
	r.address = "a@x.example";
	MUST(flow_intake_reader(&t.run, &r, err));
	another.address = "b@x.example";
	MUST_FAIL(flow_intake_reader(&t.run, &another, err), ERR_LIMIT,
	    "there would be 4 readers, and 3 are the most");
	SAME_INT("none is added", readers_with(&t, "address = 'b@x.example'"), 0);
	/* Who stands there is confirmed all the same. */
	another.address = "p@x.example";
	MUST(flow_intake_reader(&t.run, &another, err));
	another.address = "c@x.example";
	another.confirmed_by = " ";
	MUST_FAIL(flow_intake_reader(&t.run, &another, err), ERR_INPUT,
	    "no evidence of consent");
	flow_end(&t);
}

/* Whom "run --to" names may be the only one who reads, and is added to an empty list. */
static const struct {
	const char *name;
	enum reader_state named; /* READER_ERASED: not there */
	enum reader_state other; /* the same */
	bool is_only;
	int64_t readers; /* in the end */
} only_cases[] = {
	{ "nobody at all", READER_ERASED, READER_ERASED, true, 1 },
	{ "they alone", READER_ACTIVE, READER_ERASED, true, 1 },
	{ "another reads", READER_ERASED, READER_ACTIVE, false, 1 },
	{ "another is on hold", READER_ERASED, READER_HOLD, false, 1 },
	{ "both read", READER_ACTIVE, READER_ACTIVE, false, 2 },
	{ "they, and one on hold", READER_ACTIVE, READER_HOLD, false, 2 },
	{ "they, and one who waits", READER_ACTIVE, READER_PENDING, true, 2 },
	{ "one who left", READER_ERASED, READER_LEFT, true, 2 },
};

static void
whom_a_run_is_for_is_the_only_one_or_nobody_is_added(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(only_cases); i++) {
		const char *name = only_cases[i].name;
		struct flow_test t;
		bool is_only = !only_cases[i].is_only;

		flow_begin(&t);
		if (only_cases[i].named != READER_ERASED)
			(void)add_reader(t.run.store, "ann@x.example",
			    only_cases[i].named);
		if (only_cases[i].other != READER_ERASED)
			(void)add_reader(t.run.store, "bo@x.example",
			    only_cases[i].other);
		MUST(flow_intake_only(&t.run, "Ann@x.example", &is_only, err));
		SAME_INT(name, is_only, only_cases[i].is_only);
		SAME_INT(name, readers_with(&t, "1"), only_cases[i].readers);
		if (is_only)
			SAME_INT(name, must_find(&t, "ann@x.example").state,
			    READER_ACTIVE);
		flow_end(&t);
	}
}

static void
a_run_is_not_for_who_gets_no_letters(void **state)
{
	struct flow_test t;
	bool is_only = false;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_HOLD);
	MUST_FAIL(flow_intake_only(&t.run, "ann@x.example", &is_only, err), ERR_HUMAN,
	    "ann@x.example is on the list as 'hold'");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_taken_or_refused_with_the_reason),
		cmocka_unit_test(a_row_sets_what_it_says_and_no_more),
		cmocka_unit_test(who_is_there_already),
		cmocka_unit_test(who_was_erased_stays_out),
		cmocka_unit_test(wishes_of_one_row_are_not_those_of_the_next),
		cmocka_unit_test(one_address_counts_once_in_a_list),
		cmocka_unit_test(leaving_wins_within_a_list),
		cmocka_unit_test(the_day_of_consent_comes_with_a_list),
		cmocka_unit_test(a_list_over_the_limit_is_refused_whole),
		cmocka_unit_test(a_dry_run_changes_nothing),
		cmocka_unit_test(a_list_that_cannot_be_read_or_stored_changes_nothing),
		cmocka_unit_test(one_reader_is_added_confirmed_or_refused),
		cmocka_unit_test(one_reader_too_many_is_refused),
		cmocka_unit_test(whom_a_run_is_for_is_the_only_one_or_nobody_is_added),
		cmocka_unit_test(a_run_is_not_for_who_gets_no_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
